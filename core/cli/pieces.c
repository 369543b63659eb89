/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/pieces.h"

#include "core/cli/statement.h"

/* Tables */

int smd_table_init(struct smd_table *table, size_t count)
{
	table->size = 16;
	while (table->size < count * 2)
		table->size *= 2;
	table->slots = calloc(table->size, sizeof(*table->slots));
	return table->slots ? 0 : SMD_E_NO_MEMORY;
}

void smd_table_put(struct smd_table *table, uint32_t hash, size_t number)
{
	size_t slot = smd_table_slot(table, hash);

	while (table->slots[slot])
		slot = smd_table_slot(table, slot + 1);
	table->slots[slot] = (uint32_t)number + 1;
}

/* Lines */

enum start {
	START_BLOCK = 1,
	START_EMPTY = 2 /* a closer, a comment, noise */
};

/* Take up the words that the rule's line may begin with. */
static void add_blocks(struct smd_cutter *cutter, const struct smd_rule *rule, size_t room)
{
	struct smd_span left = smd_span_of(rule->line), words = smd_span_word(&left);

	while (words.length && cutter->block_count < room) { /* `a|b` begins with either */
		struct smd_span word = smd_list_cut(&words, '|');

		cutter->blocks[cutter->block_count++] = word;
		cutter->starts[(unsigned char)*word.at] |= START_BLOCK;
	}
}

int smd_cutter_init(struct smd_cutter *cutter, struct smd_grammar *grammar)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(grammar, &count);

	cutter->grammar = grammar;
	cutter->blocks = calloc(count + 1, sizeof(*cutter->blocks));
	if (!cutter->blocks)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (known[i].rule->kind == SMD_RULE_BLOCK)
			add_blocks(cutter, known[i].rule, count);
	for (int byte = 0; byte < 256; byte++)
		if (smd_grammar_may_drop(grammar, (uint8_t)byte))
			cutter->starts[byte] |= START_EMPTY;
	return 0;
}

void smd_cutter_done(struct smd_cutter *cutter)
{
	free(cutter->blocks);
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

/* Is the bare line content? Comments and closers belong to the piece before them. */
static int is_content(const struct smd_cutter *cutter, struct smd_span bare)
{
	if (!bare.length)
		return 0;
	return !(cutter->starts[(unsigned char)*bare.at] & START_EMPTY) ||
	       !smd_grammar_drops(cutter->grammar, smd_span_trim(bare));
}

/* Cutting */

static int more_pieces(struct smd_pieces *pieces)
{
	size_t room = pieces->room ? pieces->room * 2 : 64;
	struct smd_piece *list;

	if (pieces->count < pieces->room)
		return 0;
	list = reallocarray(pieces->list, room, sizeof(*list));
	if (!list)
		return SMD_E_NO_MEMORY;
	pieces->list = list;
	pieces->room = room;
	return 0;
}

/* The piece that was begun last has no more lines; `behind` its bytes, without the last NUL. */
static void end_piece(struct smd_pieces *pieces, size_t end, const char *behind)
{
	struct smd_piece *piece = &pieces->list[pieces->count - 1];

	piece->end = (uint32_t)end;
	piece->size = (uint32_t)(behind - piece->at);
}

static int begin_piece(struct smd_pieces *pieces, struct smd_span line, size_t index, int odd)
{
	if (pieces->count)
		end_piece(pieces, index, line.at - 1);
	if (more_pieces(pieces))
		return SMD_E_NO_MEMORY;
	pieces->list[pieces->count++] = (struct smd_piece){.at = line.at,
							   .first = (uint32_t)index,
							   .other = SMD_NO_PIECE,
							   .odd = (uint8_t)odd};
	return 0;
}

int smd_pieces_cut(struct smd_pieces *pieces, const struct smd_cutter *cutter,
		   const struct smd_context *context, size_t first, size_t end, size_t column)
{
	struct smd_span line = {"", 0};
	int err = 0;

	for (size_t i = first; i < end && !err; i++) {
		struct smd_span bare;
		size_t at;
		int content, begins, block;

		line = smd_text_span(pieces->text, i);
		bare = bare_of(line);
		at = column_of(line, bare, column);
		content = at <= column && is_content(cutter, bare);
		begins = content && at == column;
		block = may_be_block(cutter, bare);
		pieces->ragged |= content && at < column;
		if (begins || !pieces->count)
			err = begin_piece(pieces, line, i, block || !begins);
		else if (block)
			pieces->list[pieces->count - 1].odd = 1;
		if (begins && block)
			i += smd_block_lines(cutter->grammar, context, pieces->text, i, line);
	}
	if (!err && pieces->count) {
		line = smd_text_span(pieces->text, end - 1);
		end_piece(pieces, end, line.at + line.length);
	}
	return err;
}

size_t smd_piece_column(const struct smd_pieces *pieces, const struct smd_piece *piece,
			const struct smd_cutter *cutter)
{
	for (size_t i = piece->first + 1; i < piece->end; i++) {
		struct smd_span line;

		line = smd_text_span(pieces->text, i);
		if (is_content(cutter, bare_of(line)))
			return smd_line_column(line);
	}
	return 0;
}

void smd_pieces_done(struct smd_pieces *pieces)
{
	free(pieces->list);
}

/* Pairing */

#define NEAR 8u /* pieces that are looked over for the next two that are alike */

static int is_like(const struct smd_piece *a, const struct smd_piece *b)
{
	return a->size == b->size && !memcmp(a->at, b->at, a->size);
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

			if (x < a->count && y < b->count && is_like(&a->list[x], &b->list[y])) {
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

/* The piece of the first text, among those in the table, with the bytes of this one. */
static size_t find_like(const struct smd_pieces *a, const struct smd_table *table,
			const struct smd_piece *piece, uint32_t hash)
{
	size_t slot = smd_table_slot(table, hash);

	for (; table->slots[slot]; slot = smd_table_slot(table, slot + 1))
		if (is_like(&a->list[table->slots[slot] - 1], piece))
			return table->slots[slot] - 1;
	return SMD_NO_PIECE;
}

static uint32_t hash_of(const struct smd_piece *piece)
{
	return smd_hash(piece->at, piece->size);
}

/* Pair what is left. */
static int pair_by_hash(struct smd_pieces *a, struct smd_pieces *b)
{
	struct smd_table table;

	if (smd_table_init(&table, a->count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < a->count; i++) {
		const struct smd_piece *piece = &a->list[i];
		uint32_t hash;

		if (piece->other != SMD_NO_PIECE)
			continue;
		hash = hash_of(piece);
		if (find_like(a, &table, piece, hash) == SMD_NO_PIECE)
			smd_table_put(&table, hash, i);
	}
	for (size_t j = 0; j < b->count; j++) {
		const struct smd_piece *piece = &b->list[j];
		size_t i;

		if (piece->other != SMD_NO_PIECE)
			continue;
		i = find_like(a, &table, piece, hash_of(piece));
		if (i != SMD_NO_PIECE && a->list[i].other == SMD_NO_PIECE)
			pair(a, b, i, j);
	}
	free(table.slots);
	return 0;
}

int smd_pieces_pair(struct smd_pieces *a, struct smd_pieces *b)
{
	pair_in_order(a, b);
	return pair_by_hash(a, b);
}
