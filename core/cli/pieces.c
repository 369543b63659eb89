/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/pieces.h"

#include <ctype.h>

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
	table->slots[slot] = number + 1;
}

/* Blocks */

int smd_cutter_init(struct smd_cutter *cutter, struct smd_grammar *grammar)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(grammar, &count);

	cutter->grammar = grammar;
	cutter->blocks = calloc(count + 1, sizeof(*cutter->blocks));
	if (!cutter->blocks)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct smd_span left = smd_span_of(known[i].rule->line), word;

		if (known[i].rule->kind != SMD_RULE_BLOCK)
			continue;
		word = smd_span_word(&left);
		while (word.length) { /* `a|b` begins with either */
			struct smd_span one = smd_list_cut(&word, '|');

			cutter->blocks[cutter->block_count++] = one;
			cutter->block_starts[(unsigned char)*one.at] = 1;
			if (cutter->block_count == count)
				break;
		}
	}
	return 0;
}

void smd_cutter_done(struct smd_cutter *cutter)
{
	free(cutter->blocks);
}

/* Does the line begin with a word that may begin a block? */
static int may_be_block(const struct smd_cutter *cutter, struct smd_span line)
{
	struct smd_span word;

	while (line.length && smd_is_blank(*line.at)) {
		line.at++;
		line.length--;
	}
	if (!line.length || !cutter->block_starts[(unsigned char)*line.at])
		return 0;
	word = smd_span_word(&line);
	for (size_t i = 0; i < cutter->block_count; i++)
		if (smd_span_same(cutter->blocks[i], word))
			return 1;
	return 0;
}

/* Cutting */

/* Is the trimmed line content? Comments and closers belong to the piece before them. */
static int is_content(const struct smd_grammar *grammar, struct smd_span line)
{
	const char *const *closers = smd_grammar_dialect(grammar)->closers;

	if (!line.length)
		return 0;
	if (!isalnum((unsigned char)*line.at))
		return !smd_grammar_drops(grammar, line);
	for (size_t i = 0; closers && closers[i]; i++)
		if (*closers[i] == *line.at && smd_span_is(line, closers[i]))
			return 0;
	return 1;
}

static int begins_piece(const struct smd_cutter *cutter, struct smd_span line, size_t column)
{
	if (!line.length)
		return 0;
	if (!column)
		return !smd_is_blank(*line.at) && is_content(cutter->grammar, smd_span_trim(line));
	return smd_line_column(line) == column && is_content(cutter->grammar, smd_span_trim(line));
}

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

/* The piece that was begun last has no more lines; the end of the last one is none of its bytes. */
static void end_piece(struct smd_pieces *pieces, size_t end)
{
	struct smd_piece *piece = &pieces->list[pieces->count - 1];
	struct smd_span line;

	line.at = smd_text_get(pieces->text, end - 1, &line.length);
	piece->end = (uint32_t)end;
	piece->size = (uint32_t)(line.at + line.length - piece->at);
	piece->hash = smd_hash(piece->at, piece->size);
}

/* Take up one line; whether it begins a piece. */
static int take_line(struct smd_pieces *pieces, struct smd_span line, size_t index, int begins,
		     int block)
{
	struct smd_piece *last = pieces->count ? &pieces->list[pieces->count - 1] : NULL;

	if (last && !begins) {
		last->odd |= (uint8_t)block;
		return 0;
	}
	if (last)
		end_piece(pieces, index);
	if (more_pieces(pieces))
		return SMD_E_NO_MEMORY;
	pieces->list[pieces->count++] = (struct smd_piece){
		.at = line.at,
		.first = (uint32_t)index,
		.other = SMD_NO_PIECE,
		.odd = (uint8_t)(block || !begins) /* something stands before the first one */
	};
	return 0;
}

int smd_pieces_cut(struct smd_pieces *pieces, const struct smd_cutter *cutter,
		   const struct smd_context *context, size_t first, size_t end, size_t column)
{
	struct smd_span line = {"", 0};
	int err = 0;

	for (size_t i = first; i < end && !err; i++) {
		int begins, block;

		line.at = smd_text_get(pieces->text, i, &line.length);
		begins = begins_piece(cutter, line, column);
		block = may_be_block(cutter, line);
		pieces->ragged |= column && !begins && line.length &&
				  smd_line_column(line) < column &&
				  is_content(cutter->grammar, smd_span_trim(line));
		err = take_line(pieces, line, i, begins, block);
		if (begins && block)
			i += smd_block_lines(cutter->grammar, context, pieces->text, i, line);
	}
	if (!err && pieces->count)
		end_piece(pieces, end);
	return err;
}

size_t smd_piece_column(const struct smd_pieces *pieces, const struct smd_piece *piece,
			const struct smd_grammar *grammar)
{
	for (size_t i = piece->first + 1; i < piece->end; i++) {
		struct smd_span line;

		line.at = smd_text_get(pieces->text, i, &line.length);
		if (is_content(grammar, smd_span_trim(line)))
			return smd_line_column(line);
	}
	return 0;
}

void smd_pieces_done(struct smd_pieces *pieces)
{
	free(pieces->list);
}

/* Pairing */

/* The piece of the first text with the bytes of this one. */
static size_t find_like(const struct smd_pieces *a, const struct smd_table *table,
			const struct smd_piece *piece)
{
	size_t slot = smd_table_slot(table, piece->hash);

	for (; table->slots[slot]; slot = smd_table_slot(table, slot + 1)) {
		const struct smd_piece *like = &a->list[table->slots[slot] - 1];

		if (like->hash == piece->hash && like->size == piece->size &&
		    !memcmp(like->at, piece->at, like->size))
			return table->slots[slot] - 1;
	}
	return SMD_NO_PIECE;
}

int smd_pieces_pair(struct smd_pieces *a, struct smd_pieces *b)
{
	struct smd_table table;

	if (smd_table_init(&table, a->count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < a->count; i++) {
		size_t like = find_like(a, &table, &a->list[i]);

		if (like == SMD_NO_PIECE)
			smd_table_put(&table, a->list[i].hash, i);
		else
			a->list[i].odd = a->list[like].odd = 1;
	}
	for (size_t i = 0; i < b->count; i++) {
		size_t like = find_like(a, &table, &b->list[i]);

		if (like == SMD_NO_PIECE)
			continue;
		if (a->list[like].other != SMD_NO_PIECE)
			a->list[like].odd = 1;
		a->list[like].other = (uint32_t)i;
		b->list[i].other = (uint32_t)like;
	}
	free(table.slots);
	return 0;
}
