/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/chunks.h"

#include "core/base/large.h"
#include "core/dialect/line/block.h"

/* Tables */

int smd_table_init(struct smd_table *table, size_t count)
{
	table->size = 16;
	while (table->size < count + count / 2)
		table->size *= 2;
	table->slots = smd_large_new(table->size * sizeof(*table->slots));
	if (!table->slots)
		return SMD_E_NO_MEMORY;
	memset(table->slots, 0, table->size * sizeof(*table->slots));
	return 0;
}

void smd_table_put(struct smd_table *table, uint32_t hash, size_t number)
{
	size_t slot = hash & (table->size - 1);

	while (table->slots[slot].number)
		slot = (slot + 1) & (table->size - 1);
	table->slots[slot] = (struct smd_slot){hash, (uint32_t)number + 1};
}

/* Lines */

enum start {
	START_BLOCK = 1,
	START_EMPTY = 2 /* may be a closer or noise */
};

/* How many words the lines of all block rules may begin with. */
static size_t count_words(const struct smd_compiled_rule *compiled, size_t count)
{
	size_t words = 0;

	for (size_t i = 0; i < count; i++)
		for (const char *at = compiled[i].rule->line;
		     *at && compiled[i].rule->kind == SMD_RULE_BLOCK; at++)
			words += at == compiled[i].rule->line || *at == '|';
	return words;
}

/* Note the words that the line of a block rule may begin with. */
static void add_blocks(struct smd_splitter *splitter, const struct smd_rule *rule)
{
	struct smd_span left = smd_span_of(rule->line), words = smd_span_word(&left);

	while (words.length) { /* `a|b` begins with either */
		struct smd_span word = smd_list_cut(&words, '|');

		splitter->blocks[splitter->block_count++] = word;
		splitter->starts[(unsigned char)*word.at] |= START_BLOCK;
	}
}

int smd_splitter_init(struct smd_splitter *splitter, struct smd_grammar *grammar)
{
	size_t count;
	const struct smd_compiled_rule *compiled = smd_grammar_rules(grammar, &count);

	splitter->grammar = grammar;
	splitter->blocks = calloc(count_words(compiled, count) + 1, sizeof(*splitter->blocks));
	if (!splitter->blocks)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (compiled[i].rule->kind == SMD_RULE_BLOCK)
			add_blocks(splitter, compiled[i].rule);
	for (int byte = 0; byte < 256; byte++)
		if (smd_grammar_may_ignore(grammar, (uint8_t)byte))
			splitter->starts[byte] |= START_EMPTY;
	return 0;
}

void smd_splitter_done(struct smd_splitter *splitter)
{
	smd_arena_done(&splitter->arena);
	free(splitter->blocks);
	smd_buffer_done(&splitter->clean);
}

/* A line without the blanks before it. */
static struct smd_span bare_of(struct smd_span line)
{
	while (line.length && smd_is_blank(*line.at)) {
		line.at++;
		line.length--;
	}
	return line;
}

/* The column at which a line begins if that is at most `most`; else some value above `most`. */
static size_t column_of(struct smd_span line, struct smd_span bare, size_t most)
{
	size_t blanks = (size_t)(bare.at - line.at);

	return blanks && (most || *line.at == '\r') ? smd_line_column(line) : blanks;
}

/* Whether a line without indentation begins with a word that may begin a block. */
static int may_be_block(const struct smd_splitter *splitter, struct smd_span bare)
{
	struct smd_span word;

	if (!bare.length || !(splitter->starts[(unsigned char)*bare.at] & START_BLOCK))
		return 0;
	word = smd_span_word(&bare);
	for (size_t i = 0; i < splitter->block_count; i++)
		if (smd_span_same(splitter->blocks[i], word))
			return 1;
	return 0;
}

int smd_text_is_plain(const struct smd_text *text)
{
	/* the only control characters are the NULs behind the lines */
	return !text->used || smd_count_controls(text->bytes, text->used) == text->count;
}

/* Whether the reader sees content in the line. Other lines belong to the chunk before them. */
static int is_content(const struct smd_chunks *chunks, struct smd_splitter *splitter,
		      struct smd_span bare)
{
	int squeeze = smd_grammar_dialect(splitter->grammar)->squeeze, err;
	struct smd_span clean;

	if (!bare.length)
		return 0;
	if (!(splitter->starts[(unsigned char)*bare.at] & START_EMPTY) &&
	    (chunks->plain || !smd_count_controls(bare.at, bare.length)))
		return 1;
	if (smd_span_same(bare, splitter->empty))
		return 0;
	clean = smd_line_clean(bare, squeeze, &splitter->clean, &err);
	if (err || (clean.length && !smd_grammar_ignores(splitter->grammar, clean)))
		return 1;
	splitter->empty = bare;
	return 0;
}

/* Splitting */

/* There is memory for one chunk per line. */
static void begin_chunk(struct smd_chunks *chunks, size_t line, int opaque)
{
	chunks->list[chunks->count++] = (struct smd_chunk){
		.first = (uint32_t)line, .other = SMD_NO_CHUNK, .opaque = (uint8_t)opaque};
}

/* Most blanks before a line: even as tabs of 8 columns they nest no deeper than a tree may be. */
#define BLANKS_MAX (SMD_TREE_DEPTH / 8)

/*
 * Whether a line surely belongs to the chunk before it, as most do: it stands deeper than the
 * section's lines and begins no block.
 */
static int is_inner(const struct smd_splitter *splitter, struct smd_span line, size_t column)
{
	size_t blanks = 0;

	while (blanks < line.length && line.at[blanks] == ' ')
		blanks++;
	return blanks > column && blanks <= BLANKS_MAX && blanks < line.length &&
	       (unsigned char)line.at[blanks] > ' ' &&
	       !(splitter->starts[(unsigned char)line.at[blanks]] & START_BLOCK);
}

int smd_chunks_split(struct smd_chunks *chunks, struct smd_splitter *splitter,
		     const struct smd_context *context, size_t first, size_t end, size_t column)
{
	chunks->end = (uint32_t)end;
	chunks->list = smd_arena_take(&splitter->arena, (end - first) * sizeof(*chunks->list));
	if (!chunks->list)
		return SMD_E_NO_MEMORY;
	for (size_t i = first; i < end && !chunks->unsplittable; i++) {
		struct smd_span line = smd_text_span(chunks->text, i), bare;
		int content, begins, block;
		size_t at, lines;

		if (chunks->count && is_inner(splitter, line, column))
			continue;
		bare = bare_of(line);
		at = column_of(line, bare, column);
		content = at <= column && is_content(chunks, splitter, bare);
		begins = content && at == column;
		block = may_be_block(splitter, bare);
		chunks->unsplittable |=
			(content && at < column) || line.length - bare.length > BLANKS_MAX;
		if (begins || !chunks->count) /* before the first head: an opaque chunk */
			begin_chunk(chunks, i, block || !begins);
		else if (block)
			chunks->list[chunks->count - 1].opaque = 1;
		if (!begins || !block)
			continue;
		lines = smd_block_lines(context, chunks->text, i, line);
		chunks->unsplittable |= lines == SMD_NO_END;
		i += lines == SMD_NO_END ? 0 : lines;
	}
	smd_arena_give_back(&splitter->arena, chunks->list, chunks->count * sizeof(*chunks->list));
	return 0;
}

size_t smd_chunk_column(const struct smd_chunks *chunks, size_t index,
			struct smd_splitter *splitter)
{
	size_t end = smd_chunk_end(chunks, index);

	for (size_t i = chunks->list[index].first + 1u; i < end; i++) {
		struct smd_span line = smd_text_span(chunks->text, i);

		if (is_content(chunks, splitter, bare_of(line)))
			return smd_line_column(line);
	}
	return 0;
}

/* Pairing */

#define NEAR 8u /* chunks looked ahead, in both texts together, for the next equal pair */

/* The bytes of a chunk, line ends included. */
static struct smd_span chunk_bytes(const struct smd_chunks *chunks, size_t index)
{
	struct smd_span first = smd_chunk_first_line(chunks, index);
	struct smd_span last = smd_text_span(chunks->text, smd_chunk_end(chunks, index) - 1u);

	return (struct smd_span){first.at, (size_t)(last.at - first.at) + last.length};
}

static int is_like(const struct smd_chunks *a, size_t i, const struct smd_chunks *b, size_t j)
{
	return smd_span_same(chunk_bytes(a, i), chunk_bytes(b, j));
}

static void pair_chunks(struct smd_chunks *a, struct smd_chunks *b, size_t i, size_t j)
{
	a->list[i].other = (uint32_t)j;
	b->list[j].other = (uint32_t)i;
}

/* Find the nearest equal pair from chunks `*i` and `*j` on. Returns whether there is one near. */
static int find_near(const struct smd_chunks *a, const struct smd_chunks *b, size_t *i, size_t *j)
{
	for (size_t sum = 0; sum <= NEAR; sum++)
		for (size_t more = 0; more <= sum; more++) {
			size_t x = *i + more, y = *j + sum - more;

			if (x < a->count && y < b->count && is_like(a, x, b, y)) {
				*i = x;
				*j = y;
				return 1;
			}
		}
	return 0;
}

/* Pair equal chunks in the order of the texts, as far as they are near. */
static void pair_in_order(struct smd_chunks *a, struct smd_chunks *b)
{
	for (size_t i = 0, j = 0; i < a->count && j < b->count; i++, j++)
		if (find_near(a, b, &i, &j))
			pair_chunks(a, b, i, j);
}

static uint32_t chunk_hash(const struct smd_chunks *chunks, size_t index)
{
	struct smd_span bytes = chunk_bytes(chunks, index);

	return smd_hash(bytes.at, bytes.length);
}

/* The next unmatched chunk from `index` on. */
static size_t next_alone(const struct smd_chunks *chunks, size_t index)
{
	while (index < chunks->count && chunks->list[index].other != SMD_NO_CHUNK)
		index++;
	return index;
}

static size_t count_alone(const struct smd_chunks *chunks)
{
	size_t count = 0;

	for (size_t i = 0; i < chunks->count; i++)
		count += chunks->list[i].other == SMD_NO_CHUNK;
	return count;
}

/*
 * Unmatched chunks of the first text, by hash. Equal ones share a slot, which has the last of them;
 * each leads to the one before it.
 */
struct alone {
	struct smd_table table;
	uint32_t *before; /* per chunk: the equal one before it, its index plus 1; 0: none */
};

/* The slot of chunks with the same bytes, or a free one for them. */
static struct smd_slot *slot_of(const struct alone *alone, const struct smd_chunks *a,
				const struct smd_chunks *chunks, size_t index, uint32_t hash)
{
	size_t slot = smd_table_find(&alone->table, hash, hash);

	while (alone->table.slots[slot].number &&
	       !is_like(a, alone->table.slots[slot].number - 1, chunks, index))
		slot = smd_table_find(&alone->table, hash, slot + 1);
	return &alone->table.slots[slot];
}

/* Pair equal chunks that are still unmatched, wherever they stand. */
static int pair_by_hash(struct smd_chunks *a, struct smd_chunks *b)
{
	struct alone alone = {.before = calloc(a->count + 1, sizeof(*alone.before))};

	if (!alone.before || smd_table_init(&alone.table, count_alone(a))) {
		free(alone.before);
		return SMD_E_NO_MEMORY;
	}
	for (size_t i = next_alone(a, 0); i < a->count; i = next_alone(a, i + 1)) {
		uint32_t hash = chunk_hash(a, i);
		struct smd_slot *last = slot_of(&alone, a, a, i, hash);

		alone.before[i] = last->number;
		*last = (struct smd_slot){hash, (uint32_t)i + 1};
	}
	for (size_t j = next_alone(b, 0); j < b->count; j = next_alone(b, j + 1)) {
		struct smd_slot *last = slot_of(&alone, a, b, j, chunk_hash(b, j));

		if (!last->number || a->list[last->number - 1].other != SMD_NO_CHUNK)
			continue;
		pair_chunks(a, b, last->number - 1, j);
		if (alone.before[last->number - 1])
			last->number = alone.before[last->number - 1];
	}
	free(alone.table.slots);
	free(alone.before);
	return 0;
}

int smd_chunks_pair(struct smd_chunks *a, struct smd_chunks *b)
{
	pair_in_order(a, b);
	return pair_by_hash(a, b);
}
