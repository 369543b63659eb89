/* SPDX-License-Identifier: Apache-2.0 */
/* Lines typed into a configuration. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

static bool hook_refuses(const struct sim_entry *entry, const struct sim_statement *statement,
			 char **message)
{
	const char *refusal = statement->refuse ? statement->refuse(entry) : NULL;

	if (!refusal)
		return false;
	*message = sim_copy(refusal);
	return true;
}

static void effect(struct sim_lines *device, struct sim_line *section, struct sim_line *line,
		   const char *text, enum sim_act act)
{
	const struct sim_statement *statement = line->row ? line->row->statement : NULL;
	struct sim_entry entry = {device, section, line, text, act};

	if (statement && statement->effect)
		statement->effect(&entry);
}

/* Takes a line away with all that goes with it. */
void sim_take(struct sim_lines *device, struct sim_line *line)
{
	struct sim_line *section = line->parent;
	char *text = sim_copy(line->text);

	for (struct sim_line *up = device->current; up; up = up->parent)
		if (up == line)
			device->current = section;
	sim_line_detach(line);
	while (line->count > 0) {
		line->parent = section; /* names are looked up from here */
		sim_take(device, line->child[line->count - 1]);
	}
	line->parent = NULL;
	if (!line->negated)
		sim_names_drop(device, section, line);
	effect(device, section, line, text, SIM_TAKE);
	free(text);
	sim_line_free(line);
}

/* The words of a `+` place: adds those of `from`, or takes them away. */
static void change_members(struct sim_line *line, const struct sim_match *from, bool add)
{
	for (size_t i = 0; i < from->count; i++) {
		struct sim_match *match = &line->match;
		size_t at, last = 0;

		if (!from->part[i].element->many)
			continue;
		for (at = 0; at < match->count; at++) {
			if (match->part[at].element->many)
				last = at + 1;
			if (match->part[at].element->many &&
			    strcmp(match->part[at].word, from->part[i].word) == 0)
				break;
		}
		if (add == (at < match->count))
			continue;
		if (add) {
			match->part = sim_grow(match->part, match->count + 1, sizeof *match->part);
			memmove(match->part + last + 1, match->part + last,
				(match->count - last) * sizeof *match->part);
			match->part[last] = from->part[i];
			match->part[last].word = sim_copy(from->part[i].word);
			match->count++;
		} else {
			free(match->part[at].word);
			match->count--;
			memmove(match->part + at, match->part + at + 1,
				(match->count - at) * sizeof *match->part);
		}
	}
	free(line->text);
	line->text = sim_match_text(&line->match);
}

static bool has_members(const struct sim_match *match)
{
	for (size_t i = 0; i < match->count; i++)
		if (match->part[i].element->many)
			return true;
	return false;
}

/* The same line with the old children, in place of the old one. */
static struct sim_line *replace(struct sim_lines *device, struct sim_line *old,
				struct sim_match *match_taken)
{
	struct sim_line *section = old->parent, *line = sim_line_new(match_taken, NULL);

	line->child = old->child;
	line->count = old->count;
	for (size_t i = 0; i < line->count; i++)
		line->child[i]->parent = line;
	old->child = NULL;
	old->count = 0;
	if (device->current == old)
		device->current = line;
	for (size_t i = 0; i < section->count; i++)
		if (section->child[i] == old)
			section->child[i] = line;
	line->parent = section;
	old->parent = NULL;
	if (!old->negated)
		sim_names_drop(device, section, old);
	sim_line_free(old);
	return line;
}

static struct sim_line *put(struct sim_lines *device, struct sim_line *section,
			    struct sim_match *match_taken)
{
	char *key = sim_match_key(match_taken), *text;
	struct sim_line *old = sim_line_keyed(section, key), *line;

	free(key);
	if (old && !old->negated && old->row == match_taken->row && has_members(match_taken)) {
		change_members(old, match_taken, true);
		sim_match_clear(match_taken);
		line = old;
	} else if (old) {
		text = sim_match_text(match_taken);
		line = strcmp(text, old->text) == 0 && !old->negated ? old : NULL;
		free(text);
		if (line)
			sim_match_clear(match_taken);
		else
			line = replace(device, old, match_taken);
	} else {
		line = sim_line_new(match_taken, NULL);
		sim_line_add(section, line);
	}
	effect(device, section, line, line->text, SIM_PUT);
	return line;
}

static void put_or_hide(struct sim_lines *device, struct sim_line *section,
			struct sim_match *match_taken, struct sim_line **opened)
{
	const struct sim_statement *statement = match_taken->row->statement;
	char *text = sim_match_text(match_taken), *key = sim_match_key(match_taken);
	struct sim_line *line = sim_line_keyed(section, key);

	if (statement->flags & SIM_IS_ON ||
	    (statement->fallback && strcmp(statement->fallback, text) == 0)) {
		if (line)
			sim_take(device, line);
		sim_match_clear(match_taken);
	} else {
		line = put(device, section, match_taken);
		if (statement->opens)
			*opened = line;
	}
	free(text);
	free(key);
}

static bool type_positive(struct sim_lines *device, struct sim_line *section,
			  struct sim_match *match_taken, char **message, struct sim_line **opened)
{
	const struct sim_statement *statement = match_taken->row->statement;
	char *text = sim_match_text(match_taken), *key = sim_match_key(match_taken);
	struct sim_entry entry = {device, section, sim_line_keyed(section, key), text, SIM_PUT};
	bool refused = hook_refuses(&entry, statement, message);

	if (!refused && !device->loading && !device->vendor->candidate) {
		*message = sim_names_refuse(device, section, match_taken);
		refused = *message != NULL;
	}
	if (refused || (statement->instead && statement->instead(&entry)))
		sim_match_clear(match_taken);
	else
		put_or_hide(device, section, match_taken, opened);
	free(text);
	free(key);
	return !refused;
}

static void store_no(struct sim_lines *device, struct sim_line *section,
		     struct sim_match *match_taken)
{
	char *key = sim_match_key(match_taken);
	struct sim_line *line = sim_line_keyed(section, key);

	free(key);
	if (!match_taken->whole) {
		sim_match_clear(match_taken);
		return;
	}
	if (line)
		sim_take(device, line);
	line = sim_line_new(match_taken, NULL);
	line->negated = true;
	sim_line_add(section, line);
	effect(device, section, line, line->text, SIM_TAKE);
}

/* `no` on a line that is there. */
static bool take_line(struct sim_lines *device, struct sim_line *line,
		      const struct sim_match *match, char **message)
{
	char *text = sim_match_text(match);
	bool same = strcmp(text, line->text) == 0;

	free(text);
	if (has_members(match)) {
		change_members(line, match, false);
		if (has_members(&line->match)) {
			effect(device, line->parent, line, line->text, SIM_PUT);
			return true;
		}
	} else if (!same && match->whole && line->row->statement->flags & SIM_NO_EXACT) {
		return true;
	}
	*message = sim_names_in_use(device, line);
	if (*message)
		return false;
	sim_take(device, line);
	return true;
}

static bool type_no(struct sim_lines *device, struct sim_line *section,
		    struct sim_match *match_taken, bool to_default, char **message)
{
	const struct sim_statement *statement = match_taken->row->statement;
	char *key = sim_match_key(match_taken), *text = sim_match_text(match_taken);
	struct sim_line *line = sim_line_keyed(section, key);
	struct sim_entry entry = {device, section, line, text, SIM_TAKE};
	bool taken = !hook_refuses(&entry, statement, message);

	if (taken && statement->flags & SIM_PERMANENT && !to_default) {
		*message = sim_copy(device->vendor->invalid);
		taken = false;
	} else if (taken && !(statement->instead && statement->instead(&entry))) {
		if (statement->flags & SIM_NO_ONLY)
			sim_names_remove(device, section, match_taken);
		else if (statement->flags & (SIM_IS_ON | SIM_BOTH) && !to_default)
			store_no(device, section, match_taken);
		else if (line)
			taken = take_line(device, line, match_taken, message);
	}
	sim_match_clear(match_taken);
	free(key);
	free(text);
	return taken;
}

/*
 * How well a `no` fits a row: 4 for a line that is there, 3 for all words, 2 for a line of the
 * row that is there, 1 for the words given, 0 for none.
 */
static int fit_no(const struct sim_lines *device, const struct sim_row *row,
		  const struct sim_line *section, const char *text, struct sim_match *match)
{
	struct sim_line *line;
	char *key;

	if (!sim_match_read(device->vendor, row, text, true, match))
		return 0;
	key = sim_match_key(match);
	line = sim_line_keyed(section, key);
	free(key);
	if (line && line->row != row)
		line = NULL;
	return match->whole ? 3 + (line != NULL) : 1 + (line != NULL);
}

static bool find_no(const struct sim_lines *device, const struct sim_line *section,
		    const char *text, struct sim_match *best)
{
	int fit = 0;

	for (size_t i = 0; i < device->rows; i++) {
		struct sim_match match;
		int found;

		if (!sim_row_in(&device->row[i], section))
			continue;
		found = fit_no(device, &device->row[i], section, text, &match);
		if (found > fit) {
			if (fit)
				sim_match_clear(best);
			fit = found;
			*best = match;
		} else if (found) {
			sim_match_clear(&match);
		}
	}
	return fit > 0;
}

static bool find_row(const struct sim_lines *device, const struct sim_line *section,
		     const char *text, struct sim_match *match)
{
	for (size_t i = 0; i < device->rows; i++)
		if (!(device->row[i].statement->flags & SIM_NO_ONLY) &&
		    sim_row_in(&device->row[i], section) &&
		    sim_match_read(device->vendor, &device->row[i], text, false, match))
			return true;
	return false;
}

bool sim_type_in(struct sim_lines *device, struct sim_line *section, const char *text,
		 char **message, struct sim_line **opened)
{
	struct sim_match match;
	bool to_default = device->vendor->has_default && sim_starts(text, "default ");

	*opened = NULL;
	if (find_row(device, section, text, &match))
		return type_positive(device, section, &match, message, opened);
	if (!to_default && !sim_starts(text, "no "))
		return false;
	if (!find_no(device, section, text + (to_default ? 8 : 3), &match))
		return false;
	return type_no(device, section, &match, to_default, message);
}

bool sim_type_line(struct sim_lines *device, struct sim_line *section, const char *line)
{
	char *message = NULL;
	struct sim_line *opened;
	bool taken = sim_type_in(device, section, line, &message, &opened);

	free(message);
	return taken;
}

struct sim_line *sim_top(struct sim_lines *device)
{
	return device->top;
}

bool sim_loading(const struct sim_lines *device)
{
	return device->loading;
}
