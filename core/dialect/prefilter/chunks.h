/* SPDX-License-Identifier: Apache-2.0 */
/* Splits two texts into chunks (a line with what belongs to it) and pairs those that are equal. */
#ifndef SMD_DIALECT_PREFILTER_CHUNKS_H
#define SMD_DIALECT_PREFILTER_CHUNKS_H

#include "core/dialect/line/line_node.h"

#define SMD_NO_CHUNK UINT32_MAX

struct smd_chunk {
	void *inner;       /* the user's: the filter of a section that is split; else NULL */
	uint64_t identity; /* the user's: of its node, if it is skipped or split */
	uint32_t first;    /* index of its first line; it ends where the next chunk begins */
	uint32_t other;    /* index of its equal in the other text; SMD_NO_CHUNK: unmatched */
	uint32_t defines;  /* the user's: hash of the name that its line defines; 0: none */
	uint8_t opaque;    /* the reader may take it otherwise: neither skipped nor split */
	uint8_t skipped;   /* the user's, in the first text only: it and its equal are skipped */
	uint8_t leaf;      /* the user's: its head matches a rule that is no section */
};

/* The chunks of some lines of a text. {0} but for the first two; the splitter owns the list. */
struct smd_chunks {
	const struct smd_text *text;
	int plain; /* its lines have no control characters */
	struct smd_chunk *list;
	size_t count;
	uint32_t end;     /* index of the line behind the last chunk */
	int unsplittable; /* the lines cannot be split safely, and the list is of no use */
};

static inline uint32_t smd_chunk_end(const struct smd_chunks *chunks, size_t index)
{
	return index + 1 < chunks->count ? chunks->list[index + 1].first : chunks->end;
}

/* The first line of a chunk. */
static inline struct smd_span smd_chunk_first_line(const struct smd_chunks *chunks, size_t index)
{
	return smd_text_span(chunks->text, chunks->list[index].first);
}

/* Splits texts of one grammar; what it knows about the grammar, and its memory. */
struct smd_splitter {
	struct smd_grammar *grammar;
	struct smd_arena arena;  /* owns the chunks */
	struct smd_span *blocks; /* words that a block's line may begin with */
	size_t block_count;
	uint8_t starts[256];   /* by byte, what a line that begins with it may be (enum start) */
	struct smd_span empty; /* the last line found without content: `!` is frequent */
	struct smd_buffer clean;
};

/* These functions fail only with SMD_E_NO_MEMORY. */
int smd_splitter_init(struct smd_splitter *splitter, struct smd_grammar *grammar);
void smd_splitter_done(struct smd_splitter *splitter);

/*
 * Split the lines from `first` up to `end` of a section whose lines begin in `column`. A line that
 * the reader might take otherwise makes its chunk opaque, or all lines unsplittable; the reader
 * checks the rest (smd_read_indented).
 */
int smd_chunks_split(struct smd_chunks *chunks, struct smd_splitter *splitter,
		     const struct smd_context *context, size_t first, size_t end, size_t column);
/* Pair equal chunks of two texts, each with at most one of the other. */
int smd_chunks_pair(struct smd_chunks *a, struct smd_chunks *b);
/* Whether no line has a control character. */
int smd_text_is_plain(const struct smd_text *text);
/* The column of the first line with content behind a chunk's head; 0: there is none. */
size_t smd_chunk_column(const struct smd_chunks *chunks, size_t index,
			struct smd_splitter *splitter);

/* A hash table of numbers. Slots keep the hash: most lookups look at nothing else. */
struct smd_slot {
	uint32_t hash, number; /* number + 1; 0: free */
};

struct smd_table {
	struct smd_slot *slots;
	size_t size; /* slots, a power of two */
};

/* For at most `count` numbers. The slots are the caller's: free(). */
int smd_table_init(struct smd_table *table, size_t count);
/* The first slot from `slot` on that has the hash or is free; to go on, `slot + 1`. */
static inline size_t smd_table_find(const struct smd_table *table, uint32_t hash, size_t slot)
{
	for (slot &= table->size - 1; table->slots[slot].number;
	     slot = (slot + 1) & (table->size - 1))
		if (table->slots[slot].hash == hash)
			break;
	return slot;
}
/* Put a number into the first free slot of its hash. */
void smd_table_put(struct smd_table *table, uint32_t hash, size_t number);

#endif
