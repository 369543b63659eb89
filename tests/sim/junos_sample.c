/* SPDX-License-Identifier: Apache-2.0 */
/* Lines drawn from the tables, with what they refer to. */
#include "junos_draw.h"

#include <stdlib.h>
#include <string.h>

static void collect(struct junos_statements *all, const struct junos_schema *schema)
{
	if (schema->statement) {
		all->list = sim_grow(all->list, all->count + 1, sizeof(*all->list));
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

static char *pick_number(const char *range, struct sim_random *random)
{
	char *rest;
	unsigned long low = strtoul(range, &rest, 10), high = strtoul(rest + 2, NULL, 10);
	size_t span = high - low < 1000 ? high - low + 1 : 1000;

	return sim_say("%lu", low + sim_random_below(random, span));
}

static char *pick_word(const char *values, struct sim_random *random)
{
	size_t count = 1, at;
	const char *word = values;
	bool quoted = false;

	for (const char *c = values; *c; c++) {
		quoted ^= *c == '"';
		count += *c == '|' && !quoted;
	}
	at = sim_random_below(random, count);
	for (quoted = false; at; word++) {
		quoted ^= *word == '"';
		at -= *word == '|' && !quoted;
	}
	for (count = 0; word[count] && (word[count] != '|' || quoted); count++)
		quoted ^= word[count] == '"';
	return sim_copy_part(word, count);
}

static char *pick_value(const struct junos_statement *row, struct sim_random *random)
{
	const char *values = row->values ? row->values : row->one_of ? row->one_of : row->limits;

	return is_range(values) ? pick_number(values, random) : pick_word(values, random);
}

char *junos_sample_value(const struct junos_schema *schema, struct sim_random *random)
{
	const struct junos_statement *row = schema->statement;

	if (!row || (!row->values && !row->limits && !row->one_of))
		return sim_copy("");
	return pick_value(row, random);
}

char *junos_sample_at(const char *parent, const struct junos_schema *schema, const char *value)
{
	const char *name = schema->name ? schema->name : "";

	return sim_say("%s%s%s%s%s", parent, *parent && *name ? " " : "", name,
		       *value && (*parent || *name) ? " " : "", value);
}

char *junos_sample_below(const struct junos_schema *top, const char *text,
			 const struct junos_schema *schema, struct sim_random *random)
{
	char *parent, *value, *path;

	if (schema == top || !schema->parent)
		return sim_copy(text);
	parent = junos_sample_below(top, text, schema->parent, random);
	value = junos_sample_value(schema, random);
	path = junos_sample_at(parent, schema, value);
	free(parent);
	free(value);
	return path;
}

char *junos_sample(const struct junos_schema *schema, struct sim_random *random)
{
	return junos_sample_below(NULL, "", schema, random);
}

static void set(struct junos *device, const char *path)
{
	char *line = sim_say("set %s", path);

	free(junos_enter(device, line));
	free(line);
}

/* Adds an entry of a list to the candidate, with a statement below it. */
static void define(struct junos *device, const struct junos_statements *all,
		   const struct junos_schema *list, const char *name, struct sim_random *random)
{
	char *parent = junos_sample(list->parent, random);
	char *entry = junos_sample_at(parent, list, name), *below = NULL;

	set(device, entry);
	if (list->same) {
		char *path = junos_sample(all->list[sim_random_below(random, all->count)], random);

		below = sim_say("%s %s", entry, path);
		free(path);
	} else if (list->count) {
		below = junos_sample_below(
			list, entry, list->children[sim_random_below(random, list->count)], random);
	}
	if (below)
		set(device, below);
	free(below);
	free(entry);
	free(parent);
}

bool junos_try(struct junos *device, const struct junos_statements *all, const char *line,
	       struct sim_random *random)
{
	char *refusal = junos_enter(device, line);

	for (int definitions = 0; !refusal && definitions < 8; definitions++) {
		const struct junos_schema *list;
		char *name = junos_undefined(device->schema, device->candidate, &list);

		if (!name)
			break;
		define(device, all, list, name, random);
		free(name);
	}
	if (!refusal)
		refusal = junos_commit(device);
	if (refusal)
		junos_rollback(device);
	free(refusal);
	return !refusal;
}
