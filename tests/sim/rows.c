/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of tables, made ready. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

static void read_place(struct sim_element *element, const char *word, size_t length)
{
	char *mark;

	element->what = SIM_PLACE;
	element->key = word[0] == '<';
	element->word = sim_copy_part(word + 1, length - 2);
	length = strlen(element->word);
	if (element->word[length - 1] == '+') {
		element->many = true;
		element->word[length - 1] = 0;
	}
	mark = strpbrk(element->word, ":=");
	if (!mark)
		return;
	element->defines = *mark == '=';
	element->refers = *mark == ':';
	element->kind = mark + 1;
	*mark = 0;
}

static void read_element(struct sim_element *element, const char *word, size_t length)
{
	if (word[0] == '<' || word[0] == '{') {
		read_place(element, word, length);
	} else {
		element->what = *word == '['   ? SIM_OPTION
				: *word == ']' ? SIM_OPTION_END
					       : SIM_LITERAL;
		element->word = sim_copy_part(word, length);
	}
}

static void close_options(struct sim_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		size_t depth = 0;

		if (row->element[i].what != SIM_OPTION)
			continue;
		for (size_t j = i; j < row->count; j++) {
			depth += row->element[j].what == SIM_OPTION;
			depth -= row->element[j].what == SIM_OPTION_END;
			if (depth == 0) {
				row->element[i].end = j;
				break;
			}
		}
		if (!row->element[i].end)
			sim_mistake("option without an end", row->statement->words);
	}
}

/* `[` and `]` stand next to words: `[secondary]`. */
static void read_words(struct sim_row *row)
{
	const char *at = row->statement->words;

	while (*at) {
		size_t length = strchr("[]", *at) ? 1 : strcspn(at, " []");

		row->element = sim_grow(row->element, row->count + 1, sizeof *row->element);
		row->element[row->count] = (struct sim_element){0};
		read_element(&row->element[row->count++], at, length);
		at += length;
		at += *at == ' ';
	}
	close_options(row);
}

static unsigned edits_of(const struct sim_statement *statement, const struct sim_row *row)
{
	unsigned edits = statement->edits, keys = 0, values = 0;

	for (size_t i = 0; i < row->count; i++) {
		const struct sim_element *element = &row->element[i];

		keys += element->what == SIM_PLACE && element->key;
		values += element->what == SIM_PLACE && !element->key && !element->many;
		if (element->refers)
			edits |= 1U << SIM_REFERENCE;
		if (element->many)
			edits |= 1U << SIM_SET;
	}
	if (values > 0)
		edits |= 1U << SIM_VALUE;
	if (keys > 0)
		edits |= 1U << SIM_SET;
	if (keys + values == 0 || statement->flags & (SIM_IS_ON | SIM_BOTH))
		edits |= 1U << SIM_NO;
	if (statement->fallback || statement->flags & SIM_IS_ON)
		edits |= 1U << SIM_DEFAULT;
	if (statement->flags & SIM_ORDERED)
		edits |= 1U << SIM_ORDER;
	if (statement->opens)
		edits |= 1U << SIM_GONE_WITH;
	if (statement->effect || statement->beside)
		edits |= 1U << SIM_SIDE_EFFECT;
	if (statement->flags & SIM_NEVER_DRAWN)
		return 0;
	return statement->flags & SIM_NO_ONLY ? 1U << SIM_GONE_WITH : edits;
}

static void add_row(struct sim_lines *device, const struct sim_table *table,
		    const struct sim_statement *statement)
{
	struct sim_row *row;

	device->row = sim_grow(device->row, device->rows + 1, sizeof *device->row);
	row = &device->row[device->rows];
	*row = (struct sim_row){.statement = statement,
				.section = table->section,
				.rank = device->rows,
				.group_rank = device->rows};
	if (statement->group && device->rows > 0) {
		const char *before = row[-1].statement->group;

		if (before && strcmp(before, statement->group) == 0 &&
		    row[-1].section == row->section)
			row->group_rank = row[-1].group_rank;
	}
	row->slot = statement->slot ? sim_copy(statement->slot) : sim_say("#%zu", device->rows);
	device->rows++;
	read_words(row);
	row->edits = edits_of(statement, row);
}

void sim_rows_new(struct sim_lines *device)
{
	for (const struct sim_table *const *table = device->vendor->tables; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			add_row(device, *table, &(*table)->rows[i]);
}

void sim_rows_free(struct sim_lines *device)
{
	for (size_t i = 0; i < device->rows; i++) {
		for (size_t j = 0; j < device->row[i].count; j++)
			free(device->row[i].element[j].word);
		free(device->row[i].element);
		free(device->row[i].slot);
	}
	free(device->row);
}
