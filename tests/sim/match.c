/* SPDX-License-Identifier: Apache-2.0 */
/* Lines read by rows. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	const struct sim_vendor *vendor;
	const struct sim_row *row;
	bool negated;
	struct sim_part *part;
	size_t count;
	bool whole;
};

static void push(struct reader *reader, const struct sim_element *element, const char *word)
{
	reader->part = sim_grow(reader->part, reader->count + 1, sizeof *reader->part);
	reader->part[reader->count++] = (struct sim_part){element, sim_copy(word)};
}

static void pop(struct reader *reader, size_t count)
{
	while (reader->count > count)
		free(reader->part[--reader->count].word);
}

/*
 * Whether a `no` may end before this element: what is left is values, options without keys, and
 * keywords behind the first value.
 */
static bool may_end(const struct reader *reader, size_t at)
{
	bool value = false;

	for (size_t i = at; i < reader->row->count; i++) {
		const struct sim_element *element = &reader->row->element[i];

		if (element->what == SIM_OPTION) {
			i = element->end;
			continue;
		}
		if (element->what == SIM_OPTION_END)
			continue;
		if (element->what == SIM_PLACE && element->key)
			return false;
		if (element->what == SIM_LITERAL && !value)
			return false;
		value = true;
	}
	return true;
}

static bool read_from(struct reader *reader, size_t at, const char *text);

static const char *next_word(const char *text, char *word)
{
	size_t length = strcspn(text, " ");

	if (length >= SIM_WORD)
		length = SIM_WORD - 1;
	memcpy(word, text, length);
	word[length] = 0;
	text += length;
	return text + strspn(text, " ");
}

static bool read_place(struct reader *reader, size_t at, const char *text)
{
	const struct sim_element *element = &reader->row->element[at];
	size_t count = reader->count;
	char word[SIM_WORD], out[SIM_WORD];

	if (strcmp(element->word, "text") == 0) {
		push(reader, element, text);
		if (read_from(reader, at + 1, ""))
			return true;
		pop(reader, count);
		return false;
	}
	text = next_word(text, word);
	if (!sim_accept(reader->vendor, element->word, word, out))
		return false;
	push(reader, element, out);
	if ((element->many && *text && read_place(reader, at, text)) ||
	    read_from(reader, at + 1, text))
		return true;
	pop(reader, count);
	return false;
}

static bool read_literal(struct reader *reader, size_t at, const char *text)
{
	const struct sim_element *element = &reader->row->element[at];
	size_t count = reader->count;
	char word[SIM_WORD];

	text = next_word(text, word);
	if (strcmp(word, element->word) != 0)
		return false;
	push(reader, element, word);
	if (read_from(reader, at + 1, text))
		return true;
	pop(reader, count);
	return false;
}

static bool read_from(struct reader *reader, size_t at, const char *text)
{
	const struct sim_element *element = &reader->row->element[at];

	if (at == reader->row->count) {
		reader->whole = true;
		return !*text;
	}
	if (element->what == SIM_OPTION_END)
		return read_from(reader, at + 1, text);
	if (element->what == SIM_OPTION)
		return read_from(reader, at + 1, text) || read_from(reader, element->end + 1, text);
	if (!*text)
		return reader->negated && may_end(reader, at);
	return element->what == SIM_LITERAL ? read_literal(reader, at, text)
					    : read_place(reader, at, text);
}

bool sim_match_read(const struct sim_vendor *vendor, const struct sim_row *row, const char *text,
		    bool negated, struct sim_match *match)
{
	struct reader reader = {.vendor = vendor, .row = row};

	*match = (struct sim_match){.row = row};
	if (!*text)
		return false;
	if (!read_from(&reader, 0, text)) {
		reader.negated = true;
		if (!negated || !read_from(&reader, 0, text)) {
			pop(&reader, 0);
			free(reader.part);
			return false;
		}
	}
	match->part = reader.part;
	match->count = reader.count;
	match->whole = reader.whole;
	return true;
}

void sim_match_clear(struct sim_match *match)
{
	for (size_t i = 0; i < match->count; i++)
		free(match->part[i].word);
	free(match->part);
	*match = (struct sim_match){0};
}

char *sim_match_text(const struct sim_match *match)
{
	struct sim_buffer buffer = {0};

	for (size_t i = 0; i < match->count; i++)
		sim_buffer_add(&buffer, "%s%s", i ? " " : "", match->part[i].word);
	return buffer.text;
}

char *sim_match_key(const struct sim_match *match)
{
	struct sim_buffer buffer = {0};

	sim_buffer_add(&buffer, "%s", match->row->slot);
	for (size_t i = 0; i < match->count; i++)
		if (match->part[i].element->key)
			sim_buffer_add(&buffer, " %s", match->part[i].word);
	return buffer.text;
}
