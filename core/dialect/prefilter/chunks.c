/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/chunks.h"

#include "core/base/large.h"
#include "core/dialect/edit/statement.h"

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
	START_EMPTY = 2 /* a closer, a comment, noise */
};

/* Of all rules of blocks, how many words their lines may begin with. */
static size_t count_words(const struct smd_compiled_rule *compiled, size_t count)
{
	size_t words = 0;

	for (size_t i = 0; i < count; i++)
		for (const char *at = compiled[i].rule->line;
		     *at && compiled[i].rule->kind == SMD_RULE_BLOCK; at++)
			words += at == compiled[i].rule->line || *at == '|';
	return words;
}

/* Take up the words that the rule's line may begin with. */
static void add_blocks(struct smd_cutter *cutter, const struct smd_rule *rule)
{
	struct smd_span left = smd_span_of(rule->line), words = smd_span_word(&left);

	while (words.length) { /* `a|b` begins with either */
		struct smd_span word = smd_list_cut(&words, '|');

		cutter->blocks[cutter->block_count++] = word;
		cutter->starts[(unsigned char)*word.at] |= START_BLOCK;
	}
}

int smd_cutter_init(struct smd_cutter *cutter, struct smd_grammar *grammar)
{
	size_t count;
	const struct smd_compiled_rule *compiled = smd_grammar_rules(grammar, &count);

	cutter->grammar = grammar;
	cutter->blocks = calloc(count_words(compiled, count) + 1, sizeof(*cutter->blocks));
	if (!cutter->blocks)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (compiled[i].rule->kind == SMD_RULE_BLOCK)
			add_blocks(cutter, compiled[i].rule);
	for (int byte = 0; byte < 256; byte++)
		if (smd_grammar_may_drop(grammar, (uint8_t)byte))
			cutter->starts[byte] |= START_EMPTY;
	return 0;
}

void smd_cutter_done(struct smd_cutter *cutter)
{
	smd_arena_done(&cutter->arena);
	free(cutter->blocks);
	smd_buffer_done(&cutter->clean);
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

/* The column at which a line begins, if that is no more than `most`; else any that is more. */
static size_t column_of(struct smd_span line, struct smd_span bare, size_t most)
{
	size_t blanks = (size_t)(bare.at - line.at);

	return blanks && (most || *line.at == '\r') ? smd_line_column(line) : blanks;
}

/* Does the bare line begin with a word that may begin a block? */
static int may_be_block(const struct smd_cutter *cutter, struct smd_span bare)
{
	struct smd_span word;

	if (!bare.length || !(cutter->starts[(unsigned char)*bare.at] & START_BLOCK))
		return 0;
	word = smd_span_word(&bare);
	for (size_t i = 0; i < cutter->block_count; i++)
		if (smd_span_same(cutter->blocks[i], word))
			return 1;
	return 0;
}

int smd_text_is_plain(const struct smd_text *text)
{
	/* but for the NUL behind each line */
	return !text->used || smd_count_controls(text->bytes, text->used) == text->count;
}

/*
 * Is the bare line content, as the reader sees it? Comments and closers belong to the piece before
 * them.
 */
static int is_content(const struct smd_pieces *pieces, struct smd_cutter *cutter,
		      struct smd_span bare)
{
	int squeeze = smd_grammar_dialect(cutter->grammar)->squeeze, err;
	struct smd_span clean;

	if (!bare.length)
		return 0;
	if (!(cutter->starts[(unsigned char)*bare.at] & START_EMPTY) &&
	    (pieces->plain || !smd_count_controls(bare.at, bare.length)))
		return 1;
	if (smd_span_same(bare, cutter->empty))
		return 0;
	clean = smd_line_clean(bare, squeeze, &cutter->clean, &err);
	if (err || (clean.length && !smd_grammar_drops(cutter->grammar, clean)))
		return 1;
	cutter->empty = bare;
	return 0;
}

/* Cutting */

/* There is room for a piece a line. */
static void begin_piece(struct smd_pieces *pieces, size_t line, int odd)
{
	pieces->list[pieces->count++] = (struct smd_piece){
		.first = (uint32_t)line, .other = SMD_NO_PIECE, .odd = (uint8_t)odd};
}

/* Deeper than any tree, if each of the blanks were a level. */
#define BLANKS_MAX (SMD_TREE_DEPTH / 8)

/*
 * A line that belongs to the piece before it for sure, as most do: blanks beyond the column of the
 * section, and then what begins no block.
 */
static int is_inner(const struct smd_cutter *cutter, struct smd_span line, size_t column)
{
	size_t blanks = 0;

	while (blanks < line.length && line.at[blanks] == ' ')
		blanks++;
	return blanks > column && blanks <= BLANKS_MAX && blanks < line.length &&
	       (unsigned char)line.at[blanks] > ' ' &&
	       !(cutter->starts[(unsigned char)line.at[blanks]] & START_BLOCK);
}

int smd_pieces_cut(struct smd_pieces *pieces, struct smd_cutter *cutter,
		   const struct smd_context *context, size_t first, size_t end, size_t column)
{
	pieces->end = (uint32_t)end;
	pieces->list = smd_arena_take(&cutter->arena, (end - first) * sizeof(*pieces->list));
	if (!pieces->list)
		return SMD_E_NO_MEMORY;
	for (size_t i = first; i < end && !pieces->ragged; i++) {
		struct smd_span line = smd_text_span(pieces->text, i), bare;
		int content, begins, block;
		size_t at, lines;

		if (pieces->count && is_inner(cutter, line, column))
			continue;
		bare = bare_of(line);
		at = column_of(line, bare, column);
		content = at <= column && is_content(pieces, cutter, bare);
		begins = content && at == column;
		block = may_be_block(cutter, bare);
		pieces->ragged |=
			(content && at < column) || line.length - bare.length > BLANKS_MAX;
		if (begins || !pieces->count) /* or something stands before the first one */
			begin_piece(pieces, i, block || !begins);
		else if (block)
			pieces->list[pieces->count - 1].odd = 1;
		if (!begins || !block)
			continue;
		lines = smd_block_lines(cutter->grammar, context, pieces->text, i, line);
		pieces->ragged |= lines == SMD_NO_END;
		i += lines == SMD_NO_END ? 0 : lines;
	}
	smd_arena_give_back(&cutter->arena, pieces->list, pieces->count * sizeof(*pieces->list));
	return 0;
}

size_t smd_piece_column(const struct smd_pieces *pieces, size_t index, struct smd_cutter *cutter)
{
	size_t end = smd_piece_end(pieces, index);

	for (size_t i = pieces->list[index].first + 1u; i < end; i++) {
		struct smd_span line = smd_text_span(pieces->text, i);

		if (is_content(pieces, cutter, bare_of(line)))
			return smd_line_column(line);
	}
	return 0;
}

/* Pairing */

#define NEAR 8u /* pieces that are looked over for the next two that are alike */

/* Its bytes, with what is between the lines. */
static struct smd_span bytes_of(const struct smd_pieces *pieces, size_t index)
{
	struct smd_span first = smd_piece_head(pieces, index);
	struct smd_span last = smd_text_span(pieces->text, smd_piece_end(pieces, index) - 1u);

	return (struct smd_span){first.at, (size_t)(last.at - first.at) + last.length};
}

static int is_like(const struct smd_pieces *a, size_t i, const struct smd_pieces *b, size_t j)
{
	return smd_span_same(bytes_of(a, i), bytes_of(b, j));
}

static void pair(struct smd_pieces *a, struct smd_pieces *b, size_t i, size_t j)
{
	a->list[i].other = (uint32_t)j;
	b->list[j].other = (uint32_t)i;
}

/* The nearest two from here on that are alike; whether there are any. */
static int find_near(const struct smd_pieces *a, const struct smd_pieces *b, size_t *i, size_t *j)
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

/* Pair what stands in the same order. */
static void pair_in_order(struct smd_pieces *a, struct smd_pieces *b)
{
	for (size_t i = 0, j = 0; i < a->count && j < b->count; i++, j++)
		if (find_near(a, b, &i, &j))
			pair(a, b, i, j);
}

static uint32_t hash_of(const struct smd_pieces *pieces, size_t index)
{
	struct smd_span bytes = bytes_of(pieces, index);

	return smd_hash(bytes.at, bytes.length);
}

/* The next piece from `index` on that has no like. */
static size_t next_alone(const struct smd_pieces *pieces, size_t index)
{
	while (index < pieces->count && pieces->list[index].other != SMD_NO_PIECE)
		index++;
	return index;
}

static size_t count_alone(const struct smd_pieces *pieces)
{
	size_t count = 0;

	for (size_t i = 0; i < pieces->count; i++)
		count += pieces->list[i].other == SMD_NO_PIECE;
	return count;
}

/*
 * Pieces of the first text without a like, by hash. Equal ones are one slot: the last of them, and
 * from each the one before it.
 */
struct alone {
	struct smd_table table;
	uint32_t *before; /* index + 1, by index; 0: none */
};

/* The slot of those with these bytes, or the free one where they belong. */
static struct smd_slot *slot_of(const struct alone *alone, const struct smd_pieces *a,
				const struct smd_pieces *pieces, size_t index, uint32_t hash)
{
	size_t slot = smd_table_find(&alone->table, hash, hash);

	while (alone->table.slots[slot].number &&
	       !is_like(a, alone->table.slots[slot].number - 1, pieces, index))
		slot = smd_table_find(&alone->table, hash, slot + 1);
	return &alone->table.slots[slot];
}

/* Pair what is left. */
static int pair_by_hash(struct smd_pieces *a, struct smd_pieces *b)
{
	struct alone alone = {.before = calloc(a->count + 1, sizeof(*alone.before))};

	if (!alone.before || smd_table_init(&alone.table, count_alone(a))) {
		free(alone.before);
		return SMD_E_NO_MEMORY;
	}
	for (size_t i = next_alone(a, 0); i < a->count; i = next_alone(a, i + 1)) {
		uint32_t hash = hash_of(a, i);
		struct smd_slot *last = slot_of(&alone, a, a, i, hash);

		alone.before[i] = last->number;
		*last = (struct smd_slot){hash, (uint32_t)i + 1};
	}
	for (size_t j = next_alone(b, 0); j < b->count; j = next_alone(b, j + 1)) {
		struct smd_slot *last = slot_of(&alone, a, b, j, hash_of(b, j));

		if (!last->number || a->list[last->number - 1].other != SMD_NO_PIECE)
			continue;
		pair(a, b, last->number - 1, j);
		if (alone.before[last->number - 1])
			last->number = alone.before[last->number - 1];
	}
	free(alone.table.slots);
	free(alone.before);
	return 0;
}

int smd_pieces_pair(struct smd_pieces *a, struct smd_pieces *b)
{
	pair_in_order(a, b);
	return pair_by_hash(a, b);
}
