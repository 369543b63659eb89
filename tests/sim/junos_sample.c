/* SPDX-License-Identifier: Apache-2.0 */
/* Lines drawn from the tables, with what they refer to. */
#include "junos_draw.h"

#include <stdlib.h>
#include <string.h>

size_t junos_random(uint64_t *state, size_t limit)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
	return limit ? (mixed ^ (mixed >> 31)) % limit : 0;
}

static void collect(struct junos_statements *all, const struct junos_schema *schema)
{
	if (schema->statement) {
		all->list = reallocarray(all->list, all->count + 1, sizeof(*all->list));
		all->list[all->count++] = schema;
	}
	for (size_t i = 0; i < schema->count; i++)
		collect(all, schema->children[i]);
}

struct junos_statements junos_statements_all(const struct junos_schema *root)
{
	struct junos_statements all = {0};

	collect(&all, root);
	return all;
}

static bool is_range(const char *values)
{
	size_t digits = strspn(values, "0123456789");

	return digits && !strncmp(values + digits, "..", 2) &&
	       !values[digits + 2 + strspn(values + digits + 2, "0123456789")];
}

static char *pick_number(const char *range, uint64_t *state)
{
	char *rest;
	unsigned long low = strtoul(range, &rest, 10), high = strtoul(rest + 2, NULL, 10);
	size_t span = high - low < 1000 ? high - low + 1 : 1000;

	return junos_say("%lu", low + junos_random(state, span));
}

static char *pick_word(const char *values, uint64_t *state)
{
	size_t count = 1, at;
	const char *word = values;
	bool quoted = false;

	for (const char *c = values; *c; c++) {
		quoted ^= *c == '"';
		count += *c == '|' && !quoted;
	}
	at = junos_random(state, count);
	for (quoted = false; at; word++) {
		quoted ^= *word == '"';
		at -= *word == '|' && !quoted;
	}
	for (count = 0; word[count] && (word[count] != '|' || quoted); count++)
		quoted ^= word[count] == '"';
	return strndup(word, count);
}

static char *pick_value(const struct junos_statement *row, uint64_t *state)
{
	const char *values = row->values ? row->values : row->one_of ? row->one_of : row->limits;

	return is_range(values) ? pick_number(values, state) : pick_word(values, state);
}

char *junos_sample_value(const struct junos_schema *schema, uint64_t *state)
{
	const struct junos_statement *row = schema->statement;

	if (!row || (!row->values && !row->limits && !row->one_of))
		return strdup("");
	return pick_value(row, state);
}

char *junos_sample_at(const char *parent, const struct junos_schema *schema, const char *value)
{
	const char *name = schema->name ? schema->name : "";

	return junos_say("%s%s%s%s%s", parent, *parent && *name ? " " : "", name,
			 *value && (*parent || *name) ? " " : "", value);
}

char *junos_sample_below(const struct junos_schema *top, const char *text,
			 const struct junos_schema *schema, uint64_t *state)
{
	char *parent, *value, *path;

	if (schema == top || !schema->parent)
		return strdup(text);
	parent = junos_sample_below(top, text, schema->parent, state);
	value = junos_sample_value(schema, state);
	path = junos_sample_at(parent, schema, value);
	free(parent);
	free(value);
	return path;
}

char *junos_sample(const struct junos_schema *schema, uint64_t *state)
{
	return junos_sample_below(NULL, "", schema, state);
}

static void set(struct junos *device, const char *path)
{
	char *line = junos_say("set %s", path);

	free(junos_enter(device, line));
	free(line);
}

/* Adds an entry of a list to the candidate, with a statement below it. */
static void define(struct junos *device, const struct junos_statements *all,
		   const struct junos_schema *list, const char *name, uint64_t *state)
{
	char *parent = junos_sample(list->parent, state);
	char *entry = junos_sample_at(parent, list, name), *below = NULL;

	set(device, entry);
	if (list->same) {
		char *path = junos_sample(all->list[junos_random(state, all->count)], state);

		below = junos_say("%s %s", entry, path);
		free(path);
	} else if (list->count) {
		below = junos_sample_below(list, entry,
					   list->children[junos_random(state, list->count)], state);
	}
	if (below)
		set(device, below);
	free(below);
	free(entry);
	free(parent);
}

bool junos_try(struct junos *device, const struct junos_statements *all, const char *line,
	       uint64_t *state)
{
	char *refusal = junos_enter(device, line);

	for (int definitions = 0; !refusal && definitions < 8; definitions++) {
		const struct junos_schema *list;
		char *name = junos_undefined(device->schema, device->candidate, &list);

		if (!name)
			break;
		define(device, all, list, name, state);
		free(name);
	}
	if (!refusal)
		refusal = junos_commit(device);
	if (refusal)
		junos_rollback(device);
	free(refusal);
	return !refusal;
}
