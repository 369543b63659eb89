/* SPDX-License-Identifier: Apache-2.0 */
/* Two texts split into chunks, a line and what belongs to it, so that like finds like. */
#ifndef SMD_DIALECT_PREFILTER_CHUNKS_H
#define SMD_DIALECT_PREFILTER_CHUNKS_H

#include "core/dialect/line/line_node.h"

#define SMD_NO_CHUNK UINT32_MAX

struct smd_chunk {
	void *inner;       /* the user's, of a chunk without a like */
	uint64_t identity; /* the user's: what it says, if it is skipped or split */
	uint32_t first;    /* line; the chunk ends where the next one begins */
	uint32_t other;    /* index of the like in the other text; SMD_NO_CHUNK */
	uint32_t defines;  /* the user's: hash of the name that its line defines; 0: none */
	uint8_t opaque;    /* it may hold what is read otherwise: neither skipped nor split */
	uint8_t skipped;   /* in both texts */
	uint8_t leaf;      /* the user's: it is a line that is there for sure */
};

/* Of some lines of a text. {0} but for the first two; the list is the splitter's. */
struct smd_chunks {
	const struct smd_text *text;
	int plain; /* there are no control characters in its lines */
	struct smd_chunk *list;
	size_t count;
	uint32_t end;     /* the line behind the last chunk */
	int unsplittable; /* they cannot be told apart well enough */
};

static inline uint32_t smd_chunk_end(const struct smd_chunks *chunks, size_t index)
{
	return index + 1 < chunks->count ? chunks->list[index + 1].first : chunks->end;
}

/* Its first line. */
static inline struct smd_span smd_chunk_first_line(const struct smd_chunks *chunks, size_t index)
{
	return smd_text_span(chunks->text, chunks->list[index].first);
}

/* What is known about all texts of a grammar. */
struct smd_splitter {
	struct smd_grammar *grammar;
	struct smd_arena arena;  /* the chunks lie in it */
	struct smd_span *blocks; /* first words of rules of blocks */
	size_t block_count;
	uint8_t starts[256];   /* what a line that begins with this byte may be */
	struct smd_span empty; /* the last line without content; `!` is all over a text */
	struct smd_buffer clean;
};

/* SMD_E_NO_MEMORY is all that can fail, here and below. */
int smd_splitter_init(struct smd_splitter *splitter, struct smd_grammar *grammar);
void smd_splitter_done(struct smd_splitter *splitter);

/*
 * Split the lines from `first` to before `end`, of a section whose lines begin in `column`. What
 * may be read in another way than it is split makes a chunk opaque, or all of it unsplittable; what
 * that does not see, the reader does (smd_read_indented).
 */
int smd_chunks_split(struct smd_chunks *chunks, struct smd_splitter *splitter,
		     const struct smd_context *context, size_t first, size_t end, size_t column);
/* Find the like of each, of which there may be more than one. */
int smd_chunks_pair(struct smd_chunks *a, struct smd_chunks *b);
/* Is there no control character in its lines? */
int smd_text_is_plain(const struct smd_text *text);
/* The column of the first line with content behind the chunk's own; 0: there is none. */
size_t smd_chunk_column(const struct smd_chunks *chunks, size_t index,
			struct smd_splitter *splitter);

/* Numbers by hash. The hash stands in the slot, so that what is numbered need not be looked at. */
struct smd_slot {
	uint32_t hash, number; /* number + 1; 0: free */
};

struct smd_table {
	struct smd_slot *slots;
	size_t size; /* a power of two */
};

/* For so many numbers at most; slots are the caller's, free(). */
int smd_table_init(struct smd_table *table, size_t count);
/* The slot from this one on that has the hash, or is free; the slot behind it is `slot + 1`. */
static inline size_t smd_table_find(const struct smd_table *table, uint32_t hash, size_t slot)
{
	for (slot &= table->size - 1; table->slots[slot].number;
	     slot = (slot + 1) & (table->size - 1))
		if (table->slots[slot].hash == hash)
			break;
	return slot;
}
/* Put a number into the first free slot. */
void smd_table_put(struct smd_table *table, uint32_t hash, size_t number);

#endif
