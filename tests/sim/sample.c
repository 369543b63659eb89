/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *sample_range(struct sim_random *random, const char *range)
{
	uint64_t low = strtoull(range, NULL, 10);
	uint64_t high = strtoull(strchr(range, '-') + 1, NULL, 10), span = high - low + 1;

	if (sim_random_chance(random, 75) && span > 20)
		span = 20;
	return sim_say("%llu", (unsigned long long)(low + sim_random_below(random, span)));
}

static char *sample_type(struct sim_drawing *drawing, const struct sim_row *row,
			 const struct sim_element *element)
{
	struct sim_random *random = &drawing->random;

	if (row->statement->sample && strcmp(element->word, "text") == 0)
		return sim_random_among(random, row->statement->sample);
	if (strchr(element->word, '|'))
		return sim_random_among(random, element->word);
	if (isdigit((unsigned char)*element->word))
		return sample_range(random, element->word);
	return sim_type_find(drawing->device->vendor, element->word)->sample(random);
}

/* Names of a kind that fit a type. */
struct names {
	struct sim_drawing *drawing;
	const char *type;
	char **name;
	size_t count;
};

static void add_name(const char *name, void *data)
{
	struct names *names = data;
	char out[SIM_WORD];

	if (!sim_accept(names->drawing->device->vendor, names->type, name, out))
		return;
	names->name = sim_grow(names->name, names->count + 1, sizeof *names->name);
	names->name[names->count++] = sim_copy(out);
}

/* A name that is defined in the scope of the section, or NULL. */
static char *defined_name(struct sim_drawing *drawing, const struct sim_line *section,
			  const struct sim_element *element)
{
	struct names names = {.drawing = drawing, .type = element->word};
	char *chosen = NULL;

	sim_names_each(drawing->device, section, element->kind, add_name, &names);
	if (names.count > 0)
		chosen = sim_copy(names.name[sim_random_below(&drawing->random, names.count)]);
	for (size_t i = 0; i < names.count; i++)
		free(names.name[i]);
	free(names.name);
	return chosen;
}

static const struct sim_element *definition(const struct sim_row *row, const char *kind)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->element[i].defines && strcmp(row->element[i].kind, kind) == 0)
			return &row->element[i];
	return NULL;
}

/* Where a row that defines a name for `section` may stand: there or above it. */
static struct sim_line *place_for(struct sim_drawing *drawing, const struct sim_row *row,
				  struct sim_line *section, const struct sim_names *names)
{
	for (struct sim_line *up = section; up; up = up->parent)
		if (sim_row_in(row, up))
			return up;
	return names->scope ? NULL : sim_sample_section(drawing, row);
}

/* Defines a name of the kind that the element refers to. */
static void define(struct sim_drawing *drawing, struct sim_line *section,
		   const struct sim_element *element)
{
	struct sim_lines *device = drawing->device;
	const struct sim_names *names = sim_names_find(device->vendor, element->kind);

	for (size_t i = 0; i < device->rows; i++) {
		const struct sim_row *row = &device->row[i];
		const struct sim_element *defines = definition(row, element->kind);
		struct sim_line *place;

		if (!defines || row->statement->flags & (SIM_NEVER_DRAWN | SIM_NO_ONLY) ||
		    (strcmp(defines->word, element->word) != 0 &&
		     sim_random_chance(&drawing->random, 50)))
			continue;
		place = place_for(drawing, row, section, names);
		if (place && sim_sample_line(drawing, row, place))
			return;
	}
}

static char *sample_name(struct sim_drawing *drawing, struct sim_line *section,
			 const struct sim_row *row, const struct sim_element *element)
{
	const struct sim_names *names = sim_names_find(drawing->device->vendor, element->kind);
	char *name = NULL;

	if (element->defines)
		return sample_type(drawing, row, element);
	if (drawing->depth < 6 && sim_random_chance(&drawing->random, 25))
		define(drawing, section, element);
	if (sim_random_chance(&drawing->random, 90) || names->undefined == SIM_REFUSED)
		name = defined_name(drawing, section, element);
	if (!name && drawing->depth < 6) {
		define(drawing, section, element);
		name = defined_name(drawing, section, element);
	}
	if (!name && names->undefined != SIM_REFUSED)
		name = sample_type(drawing, row, element);
	return name;
}

/* The word of `like` at this element, or NULL. */
static const char *like_word(const struct sim_line *like, const struct sim_element *element)
{
	for (size_t i = 0; like && i < like->match.count; i++)
		if (like->match.part[i].element == element)
			return like->match.part[i].word;
	return NULL;
}

/* Whether an option is taken: as in `like` when it holds keys. */
static bool takes_option(struct sim_drawing *drawing, const struct sim_row *row, size_t at,
			 const struct sim_line *like)
{
	for (size_t i = at; like && i < row->element[at].end; i++)
		if (row->element[i].what == SIM_PLACE && row->element[i].key)
			return like_word(like, &row->element[i]) != NULL;
	return sim_random_chance(&drawing->random, 35);
}

/* The name of the list that entries of the row share, or NULL. */
static const char *shared_key(struct sim_drawing *drawing, const struct sim_row *row, size_t at)
{
	size_t first = 0, keys = 0;

	for (size_t i = row->count; i-- > 0;)
		if (row->element[i].what == SIM_PLACE && row->element[i].key) {
			first = i;
			keys++;
		}
	if (drawing->listed != row || keys < 2 || first != at || !*drawing->list ||
	    sim_random_chance(&drawing->random, 20))
		return NULL;
	return drawing->list;
}

static bool sample_element(struct sim_drawing *drawing, const struct sim_row *row, size_t at,
			   struct sim_line *section, const struct sim_line *like,
			   struct sim_buffer *text)
{
	const struct sim_element *element = &row->element[at];
	unsigned words = element->many ? 1 + (unsigned)sim_random_below(&drawing->random, 3) : 1;

	for (; words > 0; words--) {
		const char *old = element->key ? like_word(like, element) : NULL;
		char *word;

		if (!old)
			old = shared_key(drawing, row, at);
		word = old             ? sim_copy(old)
		       : element->kind ? sample_name(drawing, section, row, element)
				       : sample_type(drawing, row, element);

		if (!word)
			return false;
		sim_buffer_add(text, "%s%s", text->text ? " " : "", word);
		free(word);
	}
	return true;
}

char *sim_sample_text(struct sim_drawing *drawing, const struct sim_row *row,
		      struct sim_line *section, const struct sim_line *like)
{
	struct sim_buffer text = {0};
	bool made = true;

	drawing->depth++;
	for (size_t i = 0; made && i < row->count; i++) {
		const struct sim_element *element = &row->element[i];

		if (element->what == SIM_OPTION) {
			if (!takes_option(drawing, row, i, like))
				i = element->end;
		} else if (element->what == SIM_LITERAL) {
			sim_buffer_add(&text, "%s%s", text.text ? " " : "", element->word);
		} else if (element->what == SIM_PLACE) {
			made = sample_element(drawing, row, i, section, like, &text);
		}
	}
	drawing->depth--;
	if (made)
		return text.text;
	free(text.text);
	return NULL;
}

static void find_sections(struct sim_line *section, const struct sim_row *row,
			  struct sim_line ***found, size_t *count)
{
	if (sim_row_in(row, section)) {
		*found = sim_grow(*found, *count + 1, sizeof **found);
		(*found)[(*count)++] = section;
	}
	for (size_t i = 0; i < section->count; i++)
		if (!section->child[i]->negated)
			find_sections(section->child[i], row, found, count);
}

/* A new section for the row, by one of the rows that open one. */
static struct sim_line *open_section(struct sim_drawing *drawing, const struct sim_row *row)
{
	struct sim_lines *device = drawing->device;
	size_t start = sim_random_below(&drawing->random, device->rows);
	struct sim_line *opened = NULL;

	if (drawing->depth >= 6)
		return NULL;
	drawing->depth++;
	for (size_t i = 0; !opened && i < device->rows; i++) {
		const struct sim_row *opener = &device->row[(start + i) % device->rows];
		const char *opens = opener->statement->opens;
		struct sim_line *section;

		if (!opens || !sim_among(row->section, opens) || opener == row ||
		    opener->statement->flags & SIM_NEVER_DRAWN)
			continue;
		section = sim_sample_section(drawing, opener);
		opened = section ? sim_sample_line(drawing, opener, section) : NULL;
	}
	drawing->depth--;
	return opened;
}

struct sim_line *sim_sample_section(struct sim_drawing *drawing, const struct sim_row *row)
{
	struct sim_line **found = NULL, *chosen = NULL;
	size_t count = 0;

	find_sections(drawing->device->top, row, &found, &count);
	if (count == 0 || (!sim_among(row->section, "") && sim_random_chance(&drawing->random, 20)))
		chosen = open_section(drawing, row);
	if (!chosen && count > 0)
		chosen = found[sim_random_below(&drawing->random, count)];
	free(found);
	return chosen;
}

struct sim_line *sim_sample_found(struct sim_drawing *drawing, const struct sim_line *section,
				  const struct sim_row *row, const char *text)
{
	struct sim_match match;
	struct sim_line *line;
	char *key;

	if (!sim_match_read(drawing->device->vendor, row, text, false, &match))
		return NULL;
	key = sim_match_key(&match);
	line = sim_line_keyed(section, key);
	free(key);
	sim_match_clear(&match);
	return line;
}

static void type_beside(struct sim_drawing *drawing, const struct sim_row *row,
			struct sim_line *section)
{
	const char *at = row->statement->beside;

	while (at && *at) {
		size_t length = strcspn(at, "|");
		char *line = sim_copy_part(at, length);

		sim_type_line(drawing->device, section, line);
		free(line);
		at += length + (at[length] == '|');
	}
}

struct sim_line *sim_sample_line(struct sim_drawing *drawing, const struct sim_row *row,
				 struct sim_line *section)
{
	struct sim_line *line = NULL;
	char *text;

	type_beside(drawing, row, section);
	text = sim_sample_text(drawing, row, section, NULL);
	if (!text)
		return NULL;
	if (row->statement->flags & (SIM_IS_ON | SIM_BOTH) &&
	    (row->statement->flags & SIM_IS_ON || sim_random_chance(&drawing->random, 50))) {
		char *no = sim_say("no %s", text);

		sim_type_line(drawing->device, section, no);
		free(no);
	} else {
		sim_type_line(drawing->device, section, text);
	}
	line = sim_sample_found(drawing, section, row, text);
	free(text);
	return line;
}
