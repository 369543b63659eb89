/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a configuration, each in its place. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

struct sim_line *sim_line_new(struct sim_match *match_taken, const char *carried)
{
	struct sim_line *line = sim_alloc(1, sizeof *line);

	if (!match_taken) {
		line->text = sim_copy(carried);
		return line;
	}
	line->row = match_taken->row;
	line->match = *match_taken;
	line->text = sim_match_text(match_taken);
	line->key = sim_match_key(match_taken);
	*match_taken = (struct sim_match){0};
	return line;
}

void sim_line_free(struct sim_line *line)
{
	if (!line)
		return;
	for (size_t i = 0; i < line->count; i++)
		sim_line_free(line->child[i]);
	sim_match_clear(&line->match);
	free(line->child);
	free(line->text);
	free(line->key);
	free(line);
}

struct sim_line *sim_line_copy(const struct sim_line *line)
{
	struct sim_line *copy = sim_alloc(1, sizeof *copy);

	copy->row = line->row;
	copy->text = sim_copy(line->text);
	copy->key = line->key ? sim_copy(line->key) : NULL;
	copy->negated = line->negated;
	copy->match = line->match;
	copy->match.part = sim_alloc(line->match.count, sizeof *copy->match.part);
	for (size_t i = 0; i < line->match.count; i++) {
		copy->match.part[i].element = line->match.part[i].element;
		copy->match.part[i].word = sim_copy(line->match.part[i].word);
	}
	copy->child = sim_alloc(line->count, sizeof(struct sim_line *));
	copy->count = line->count;
	for (size_t i = 0; i < line->count; i++) {
		copy->child[i] = sim_line_copy(line->child[i]);
		copy->child[i]->parent = copy;
	}
	return copy;
}

/* The word by which a group is told apart: its first key. */
static const char *group_word(const struct sim_line *line)
{
	for (size_t i = 0; i < line->match.count; i++)
		if (line->match.part[i].element->key)
			return line->match.part[i].word;
	return "";
}

static int compare(const struct sim_line *one, const struct sim_line *other)
{
	const struct sim_row *a = one->row, *b = other->row;
	int order;

	if (!a || !b)
		return (a == NULL) - (b == NULL);
	if (a->group_rank != b->group_rank)
		return a->group_rank < b->group_rank ? -1 : 1;
	if (a->statement->group) {
		order = sim_compare(group_word(one), group_word(other));
		if (order)
			return order;
	}
	if (a->rank != b->rank &&
	    !(a->statement->slot && b->statement->slot && strcmp(a->slot, b->slot) == 0))
		return a->rank < b->rank ? -1 : 1;
	return a->statement->flags & SIM_SORTED ? sim_compare(one->key, other->key) : 0;
}

void sim_line_add(struct sim_line *section, struct sim_line *line)
{
	size_t at = section->count;

	while (at > 0 && compare(section->child[at - 1], line) > 0)
		at--;
	section->child = sim_grow(section->child, section->count + 1, sizeof(struct sim_line *));
	memmove(section->child + at + 1, section->child + at,
		(section->count - at) * sizeof(struct sim_line *));
	section->child[at] = line;
	section->count++;
	line->parent = section;
}

void sim_line_detach(struct sim_line *line)
{
	struct sim_line *section = line->parent;
	size_t at = 0;

	while (section->child[at] != line)
		at++;
	section->count--;
	memmove(section->child + at, section->child + at + 1,
		(section->count - at) * sizeof(struct sim_line *));
	line->parent = NULL;
}

struct sim_line *sim_line_keyed(const struct sim_line *section, const char *key)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->child[i]->key && strcmp(section->child[i]->key, key) == 0)
			return section->child[i];
	return NULL;
}

struct sim_line *sim_line_carried(const struct sim_line *section, const char *text)
{
	for (size_t i = 0; i < section->count; i++)
		if (!section->child[i]->row && strcmp(section->child[i]->text, text) == 0)
			return section->child[i];
	return NULL;
}

bool sim_row_in(const struct sim_row *row, const struct sim_line *section)
{
	const char *name = sim_section_name(section);

	return name && sim_among(row->section, name);
}

static bool begins(const struct sim_line *line, const char *start)
{
	size_t length = strlen(start);

	return strncmp(line->text, start, length) == 0 &&
	       (!line->text[length] || line->text[length] == ' ');
}

struct sim_line *sim_find(const struct sim_line *section, const char *start)
{
	for (size_t i = 0; i < section->count; i++)
		if (begins(section->child[i], start))
			return section->child[i];
	return NULL;
}

struct sim_line *sim_find_next(const struct sim_line *line, const char *start)
{
	const struct sim_line *section = line->parent;
	bool behind = false;

	for (size_t i = 0; i < section->count; i++) {
		if (behind && begins(section->child[i], start))
			return section->child[i];
		behind = behind || section->child[i] == line;
	}
	return NULL;
}

const char *sim_text(const struct sim_line *line)
{
	return line->text;
}

bool sim_negated(const struct sim_line *line)
{
	return line->negated;
}

struct sim_line *sim_section(const struct sim_line *line)
{
	return line->parent;
}

const char *sim_section_name(const struct sim_line *section)
{
	if (!section->parent)
		return "";
	return section->row ? section->row->statement->opens : NULL;
}

struct sim_line *sim_child(const struct sim_line *section, size_t index)
{
	return index < section->count ? section->child[index] : NULL;
}

void sim_remove(struct sim_line *line)
{
	sim_line_detach(line);
	sim_line_free(line);
}
