/* SPDX-License-Identifier: Apache-2.0 */
/* Names that statements define and refer to. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* What is done with each place of a name; false ends the walk. */
struct walk {
	const struct sim_names *names;
	const char *name; /* NULL: all */
	bool (*visit)(struct walk *walk, struct sim_line *line, const struct sim_part *part);
	struct sim_line *found;
	void (*call)(const char *name, void *data);
	void *data;
};

const struct sim_names *sim_names_find(const struct sim_vendor *vendor, const char *kind)
{
	for (const struct sim_names *names = vendor->names; names && names->kind; names++)
		if (strcmp(names->kind, kind) == 0)
			return names;
	sim_mistake("unknown kind of name", kind);
}

/* The section whose lines share a set of names with `section`. */
static const struct sim_line *scope_of(const struct sim_names *names,
				       const struct sim_line *section)
{
	while (section->parent) {
		const char *name = sim_section_name(section);

		if (names->scope && name && sim_among(names->scope, name))
			return section;
		section = section->parent;
	}
	return section;
}

/* Whether a section below the scope has names of its own. */
static bool is_scope(const struct sim_names *names, const struct sim_line *line)
{
	const char *name = line->row ? line->row->statement->opens : NULL;

	return names->scope && name && sim_among(names->scope, name);
}

static bool walk_lines(struct walk *walk, const struct sim_line *section)
{
	for (size_t i = 0; i < section->count; i++) {
		struct sim_line *line = section->child[i];

		for (size_t j = 0; j < line->match.count && !line->negated; j++) {
			const struct sim_part *part = &line->match.part[j];

			if (part->element->kind &&
			    strcmp(part->element->kind, walk->names->kind) == 0 &&
			    (!walk->name || strcmp(part->word, walk->name) == 0) &&
			    !walk->visit(walk, line, part))
				return false;
		}
		if (!is_scope(walk->names, line) && !walk_lines(walk, line))
			return false;
	}
	return true;
}

static bool visit_definition(struct walk *walk, struct sim_line *line, const struct sim_part *part)
{
	if (!part->element->defines || line == walk->found)
		return true;
	if (!walk->call) {
		walk->found = line;
		return false;
	}
	walk->call(part->word, walk->data);
	return true;
}

static bool visit_reference(struct walk *walk, struct sim_line *line, const struct sim_part *part)
{
	if (!part->element->refers)
		return true;
	walk->found = line;
	return false;
}

static bool visit_any(struct walk *walk, struct sim_line *line, const struct sim_part *part)
{
	(void)part;
	walk->found = line;
	return false;
}

/* Whether a line other than `but` defines the name in this scope. */
static bool defined(const struct sim_names *names, const struct sim_line *scope, const char *name,
		    struct sim_line *but)
{
	struct walk walk = {names, name, visit_definition, but, NULL, NULL};

	return !walk_lines(&walk, scope);
}

bool sim_names_defined(const struct sim_lines *device, const struct sim_line *section,
		       const char *kind, const char *name)
{
	const struct sim_names *names = sim_names_find(device->vendor, kind);

	return defined(names, scope_of(names, section), name, NULL);
}

bool sim_defined(const struct sim_lines *device, const char *kind, const char *name)
{
	return sim_names_defined(device, device->top, kind, name);
}

void sim_names_each(const struct sim_lines *device, const struct sim_line *section,
		    const char *kind, void (*found)(const char *name, void *data), void *data)
{
	const struct sim_names *names = sim_names_find(device->vendor, kind);
	struct walk walk = {names, NULL, visit_definition, NULL, found, data};

	walk_lines(&walk, scope_of(names, section));
}

/* A text with the name in place of %s. */
static char *filled(const char *text, const char *name)
{
	const char *mark = strstr(text, "%s");

	return mark ? sim_say("%.*s%s%s", (int)(mark - text), text, name, mark + 2)
		    : sim_copy(text);
}

static void create(struct sim_lines *device, const struct sim_names *names, const char *name)
{
	char *line = filled(names->creates, name);

	sim_type_line(device, device->top, line);
	free(line);
}

char *sim_names_refuse(struct sim_lines *device, const struct sim_line *section,
		       const struct sim_match *match)
{
	for (size_t i = 0; i < match->count; i++) {
		const struct sim_part *part = &match->part[i];
		const struct sim_names *names;

		if (!part->element->refers)
			continue;
		names = sim_names_find(device->vendor, part->element->kind);
		if (names->undefined == SIM_FREE ||
		    defined(names, scope_of(names, section), part->word, NULL))
			continue;
		if (names->undefined == SIM_REFUSED)
			return filled(names->refusal, part->word);
		create(device, names, part->word);
	}
	return NULL;
}

static char *check_below(struct sim_lines *device, const struct sim_line *section)
{
	char *message = NULL;

	for (size_t i = 0; !message && i < section->count; i++) {
		const struct sim_line *line = section->child[i];

		if (!line->negated)
			message = sim_names_refuse(device, section, &line->match);
		if (!message)
			message = check_below(device, line);
	}
	return message;
}

char *sim_names_check(struct sim_lines *device)
{
	return check_below(device, device->top);
}

static const struct sim_names *defines(const struct sim_lines *device, const struct sim_part *part)
{
	return part->element->defines ? sim_names_find(device->vendor, part->element->kind) : NULL;
}

char *sim_names_in_use(struct sim_lines *device, struct sim_line *line)
{
	for (size_t i = 0; i < line->match.count; i++) {
		const struct sim_part *part = &line->match.part[i];
		const struct sim_names *names = defines(device, part);
		const struct sim_line *scope;
		struct walk walk;

		if (!names || names->removed != SIM_IN_USE)
			continue;
		scope = scope_of(names, line->parent);
		walk = (struct walk){names, part->word, visit_reference, NULL, NULL, NULL};
		if (!defined(names, scope, part->word, line) && !walk_lines(&walk, scope))
			return filled(names->in_use, part->word);
	}
	return NULL;
}

static void drop_all(struct sim_lines *device, const struct sim_names *names,
		     const struct sim_line *scope, const char *name, bool definitions)
{
	for (;;) {
		struct walk walk = {names, name, definitions ? visit_any : visit_reference,
				    NULL,  NULL, NULL};

		if (walk_lines(&walk, scope))
			return;
		sim_take(device, walk.found);
	}
}

void sim_names_drop(struct sim_lines *device, struct sim_line *section, const struct sim_line *gone)
{
	for (size_t i = 0; i < gone->match.count; i++) {
		const struct sim_part *part = &gone->match.part[i];
		const struct sim_names *names = defines(device, part);

		if (names && names->removed == SIM_DROPPED &&
		    !defined(names, scope_of(names, section), part->word, NULL))
			drop_all(device, names, scope_of(names, section), part->word, false);
	}
}

void sim_names_remove(struct sim_lines *device, struct sim_line *section,
		      const struct sim_match *match)
{
	for (size_t i = 0; i < match->count; i++) {
		const struct sim_part *part = &match->part[i];
		const struct sim_names *names;

		if (!part->element->kind)
			continue;
		names = sim_names_find(device->vendor, part->element->kind);
		drop_all(device, names, scope_of(names, section), part->word, true);
	}
}
