/* SPDX-License-Identifier: Apache-2.0 */
/* Edits drawn from the tables: a valid text, an edit of one kind, and the text behind it. */
#include "junos_draw.h"

#include <stdlib.h>
#include <string.h>

/* A draw in work. */
struct draw {
	struct junos *device;
	struct junos_statements all;
	struct sim_random random;
};

static bool is_entry(const struct junos_schema *schema)
{
	return schema->kind == JUNOS_LIST || schema->kind == JUNOS_MEMBERS;
}

/* Whether a statement is `X` or `no-X` beside its opposite. */
static const struct junos_schema *opposite(const struct junos_schema *schema)
{
	const struct junos_schema *found;
	char *name;

	if (schema->kind != JUNOS_FLAG || !schema->parent || !schema->name)
		return NULL;
	name = !strncmp(schema->name, "no-", 3) ? sim_copy(schema->name + 3)
						: sim_say("no-%s", schema->name);
	found = junos_schema_keyword(schema->parent, name);
	free(name);
	return found && junos_excludes(found, schema) ? found : NULL;
}

/* Another case of a statement's choice; NULL without one. */
static const struct junos_schema *other_case(const struct junos_schema *schema,
					     struct sim_random *random)
{
	const struct junos_schema *parent = schema->parent;
	size_t start = parent ? sim_random_below(random, parent->count) : 0;

	for (size_t i = 0; parent && i < parent->count; i++) {
		const struct junos_schema *other = parent->children[(start + i) % parent->count];

		if (junos_excludes(other, schema))
			return other;
	}
	return NULL;
}

bool junos_can_edit(const struct junos_schema *schema, enum sim_edit kind)
{
	const struct junos_statement *row = schema->statement;
	bool leaf = schema->kind == JUNOS_LEAF || schema->kind == JUNOS_VALUE;
	struct sim_random random = {0};

	switch (kind) {
	case SIM_VALUE:
		return leaf && !row->fallback && !row->refers;
	case SIM_SET:
		return is_entry(schema) && !(schema->flags & JUNOS_ORDERED) && !row->refers;
	case SIM_ORDER:
		return is_entry(schema) && schema->flags & JUNOS_ORDERED;
	case SIM_NO:
		return opposite(schema) ||
		       (schema->kind == JUNOS_FLAG && !other_case(schema, &random)) ||
		       (schema->kind == JUNOS_PRESENCE && !schema->count);
	case SIM_DEFAULT:
		return leaf && row->fallback;
	case SIM_REFERENCE:
		return row->refers != NULL;
	case SIM_GONE_WITH:
		return schema->count && schema->parent->parent && !schema->same;
	case SIM_SIDE_EFFECT:
		return other_case(schema, &random) && !opposite(schema);
	default:
		return false;
	}
}

/* Enters `VERB PATH` where the path is as drawn; false when it is refused. */
static bool enter(struct draw *draw, const char *verb, const char *path)
{
	char *line = sim_say("%s %s", verb, path);
	bool done = junos_try(draw->device, &draw->all, line, &draw->random);

	free(line);
	return done;
}

/* Enters `VERB PATH` for a statement below the parent's path. */
static bool enter_at(struct draw *draw, const char *verb, const struct junos_schema *schema,
		     const char *parent, const char *value)
{
	char *path = junos_sample_at(parent, schema, value);
	bool done = enter(draw, verb, path);

	free(path);
	return done;
}

/* The path that statements of a schema stand under, now and then in a routing instance. */
static char *sample_parent(struct draw *draw, const struct junos_schema *schema)
{
	char *path = junos_sample(schema->parent, &draw->random), *inside;

	if ((strncmp(path, "protocols bgp", strlen("protocols bgp")) != 0 &&
	     strncmp(path, "routing-options static", strlen("routing-options static")) != 0) ||
	    sim_random_below(&draw->random, 4))
		return path;
	inside = sim_say("routing-instances CUST-A %s", path);
	free(path);
	return inside;
}

static void add_surroundings(struct draw *draw, const struct junos_schema *target,
			     const char *parent)
{
	size_t count = 3 + sim_random_below(&draw->random, 10);

	for (size_t i = 0; i < count; i++) {
		const struct junos_schema *home = target->parent;
		char *path;

		if (sim_random_below(&draw->random, 3))
			path = junos_sample(
				draw->all.list[sim_random_below(&draw->random, draw->all.count)],
				&draw->random);
		else
			path = junos_sample_below(
				home, parent,
				home->children[sim_random_below(&draw->random, home->count)],
				&draw->random);
		enter(draw, "set", path);
		free(path);
	}
}

/* A value other than `value` where the statement has one. */
static char *another(struct draw *draw, const struct junos_schema *schema, const char *value)
{
	char *other = junos_sample_value(schema, &draw->random);

	for (int tries = 0; tries < 20 && !strcmp(other, value); tries++) {
		free(other);
		other = junos_sample_value(schema, &draw->random);
	}
	return other;
}

/* What an edit works on. */
struct target {
	const struct junos_schema *schema;
	const char *parent, *value, *other;
};

static bool change_value(struct draw *draw, const struct target *target)
{
	bool many = is_entry(target->schema);

	switch (sim_random_below(&draw->random, 3)) {
	case 0:
		return enter_at(draw, "delete", target->schema, target->parent,
				many ? target->value : "");
	case 1:
		return enter_at(draw, "set", target->schema, target->parent, target->other);
	default:
		return enter_at(draw, "set", target->schema, target->parent, target->other) && many
			       ? enter_at(draw, "delete", target->schema, target->parent,
					  target->value)
			       : true;
	}
}

static bool move_entry(struct draw *draw, const struct target *target)
{
	static const char *const places[] = {"before", "after"};
	const char *keyword = target->schema->kind == JUNOS_LIST && target->schema->name
				      ? target->schema->name
				      : "";
	char *where;
	bool done;

	enter_at(draw, "set", target->schema, target->parent, target->other);
	where = sim_say("%s %s %s%s%s", target->other, places[sim_random_below(&draw->random, 2)],
			keyword, *keyword ? " " : "", target->value);
	done = enter_at(draw, "insert", target->schema, target->parent, where);
	free(where);
	return done;
}

/* Takes the reference away, and what it names. */
static bool drop_with_definition(struct draw *draw, const struct target *target)
{
	struct junos_schema *list =
		junos_schema_at(draw->device->schema, target->schema->statement->refers);
	char *parent;

	if (!enter_at(draw, "delete", target->schema, target->parent,
		      is_entry(target->schema) ? target->value : ""))
		return false;
	if (list->kind != JUNOS_LIST)
		list = junos_schema_unnamed(list, JUNOS_LIST);
	parent = junos_sample(list->parent, &draw->random);
	enter_at(draw, "delete", list, parent, target->value);
	free(parent);
	return true;
}

static bool change_case(struct draw *draw, const struct target *target)
{
	const struct junos_schema *other = other_case(target->schema, &draw->random);
	char *value;
	bool done;

	if (sim_random_below(&draw->random, 6) == 0)
		return enter_at(draw, "deactivate", target->schema, target->parent, "");
	if (sim_random_below(&draw->random, 6) == 0)
		return enter_at(draw, "delete", target->schema, target->parent, "");
	value = junos_sample_value(other, &draw->random);
	done = enter_at(draw, "set", other, target->parent, value);
	free(value);
	return done;
}

/* Takes the statement away, or sets its opposite. */
static bool drop_or_turn(struct draw *draw, const struct target *target)
{
	const struct junos_schema *other = opposite(target->schema);

	if (other && sim_random_chance(&draw->random, 70))
		return enter_at(draw, "set", other, target->parent, "");
	return enter_at(draw, "delete", target->schema, target->parent, "");
}

static bool edit(struct draw *draw, enum sim_edit kind, const struct target *target)
{
	switch (kind) {
	case SIM_ORDER:
		if (sim_random_below(&draw->random, 3))
			return move_entry(draw, target);
		return change_value(draw, target);
	case SIM_REFERENCE:
		if (sim_random_below(&draw->random, 2) && !strchr(target->value, ' '))
			return drop_with_definition(draw, target);
		return change_value(draw, target);
	case SIM_NO:
		return drop_or_turn(draw, target);
	case SIM_SIDE_EFFECT:
		return change_case(draw, target);
	case SIM_GONE_WITH:
		return enter_at(draw, "delete", target->schema, target->parent, target->value);
	default:
		return change_value(draw, target);
	}
}

/* Brings in what the edit starts from; false when the device refuses it. */
static bool prepare(struct draw *draw, enum sim_edit kind, const struct target *target)
{
	const struct junos_schema *schema = target->schema;
	char *entry;

	if (!enter_at(draw, "set", schema, target->parent, target->value))
		return false;
	if (kind == SIM_ORDER && sim_random_below(&draw->random, 2))
		enter_at(draw, "set", schema, target->parent, target->other);
	if (kind != SIM_GONE_WITH)
		return true;
	entry = junos_sample_at(target->parent, schema, target->value);
	for (size_t i = 0; i < 4; i++) {
		const struct junos_schema *below =
			schema->children[sim_random_below(&draw->random, schema->count)];
		char *path;

		if (below->count && sim_random_below(&draw->random, 2))
			below = below->children[sim_random_below(&draw->random, below->count)];
		path = junos_sample_below(schema, entry, below, &draw->random);
		enter(draw, "set", path);
		free(path);
	}
	free(entry);
	return true;
}

/* Further lines elsewhere, now and then. */
static void edit_more(struct draw *draw)
{
	static const char *const verbs[] = {"set", "delete"};

	for (size_t more = sim_random_below(&draw->random, 3) ? 0 : 3; more > 0; more--) {
		const struct junos_schema *schema =
			draw->all.list[sim_random_below(&draw->random, draw->all.count)];
		char *path = junos_sample(schema, &draw->random);

		enter(draw, verbs[sim_random_below(&draw->random, 4) == 0], path);
		free(path);
	}
}

/* One attempt; false when the device refuses something or nothing changed. */
static bool attempt(struct draw *draw, enum sim_edit kind, const struct junos_schema *schema,
		    bool as_set, char **before, char **after)
{
	char *parent = sample_parent(draw, schema);
	char *value = junos_sample_value(schema, &draw->random);
	char *other = another(draw, schema, value);
	struct target target = {schema, parent, value, other};
	bool turned = sim_random_below(&draw->random, 4) == 0, done;

	free(junos_load(draw->device, ""));
	add_surroundings(draw, schema, parent);
	done = prepare(draw, kind, &target);
	*before = junos_show(draw->device, as_set);
	done = done && edit(draw, kind, &target);
	edit_more(draw);
	*after = junos_show(draw->device, as_set);
	if (turned) { /* what was taken away is added, what was added goes */
		char *text = *before;

		*before = *after;
		*after = text;
	}
	done = done && strcmp(*before, *after) != 0;
	free(parent);
	free(value);
	free(other);
	return done;
}

const struct junos_schema *junos_draw(enum sim_edit kind, uint64_t seed, bool as_set,
				      struct junos *device, char **before, char **after)
{
	struct draw draw = {.device = device,
			    .all = junos_statements_all(device->schema),
			    .random = {seed * SIM_EDITS + (uint64_t)kind}};
	const struct junos_schema *found = NULL;

	for (int tries = 0; !found && tries < 200; tries++) {
		const struct junos_schema *schema =
			draw.all.list[sim_random_below(&draw.random, draw.all.count)];

		for (size_t skip = 0; skip < 1000 && !junos_can_edit(schema, kind); skip++)
			schema = draw.all.list[sim_random_below(&draw.random, draw.all.count)];
		if (!junos_can_edit(schema, kind))
			break;
		if (attempt(&draw, kind, schema, as_set, before, after)) {
			found = schema;
		} else {
			free(*before);
			free(*after);
		}
	}
	free(draw.all.list);
	return found;
}
