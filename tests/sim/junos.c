/* SPDX-License-Identifier: Apache-2.0 */
/* The Junos model behind sim.h: shown in braces, or as `set` lines (junos_set.c). */
#include "junos_draw.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

/* What `open` returns. */
struct session {
	struct junos *device;
	bool as_set;
};

static bool shows_set(const struct sim_model *model)
{
	return model->vendor != NULL;
}

static void *open_device(const struct sim_model *model)
{
	struct session *session = sim_alloc(1, sizeof(*session));

	session->device = junos_new();
	session->as_set = shows_set(model);
	return session;
}

static void close_device(void *state)
{
	struct session *session = state;

	junos_free(session->device);
	free(session);
}

/* A warning is no refusal. */
static bool taken(char *said, char **message)
{
	*message = said;
	return !said || sim_starts(said, "warning:");
}

static bool load(void *state, const char *text, char **message)
{
	struct session *session = state;

	return taken(junos_load(session->device, text), message);
}

static bool enter(void *state, const char *line, char **message)
{
	struct session *session = state;

	return taken(junos_enter(session->device, line), message);
}

static bool commit(void *state, char **message)
{
	struct session *session = state;

	return taken(junos_commit(session->device), message);
}

static void discard(void *state)
{
	struct session *session = state;

	junos_rollback(session->device);
}

static char *show(const void *state)
{
	const struct session *session = state;

	return junos_show(session->device, session->as_set);
}

/* The configuration model that a hierarchy is described in. */
static const char *module_of(const char *path)
{
	static const char *const modules[] = {
		"junos-conf-system, 23.4R2",
		"junos-conf-chassis, 23.4R2",
		"junos-conf-interfaces, 23.4R2",
		"junos-conf-snmp, 23.4R2",
		"junos-conf-forwarding-options, 23.4R2",
		"junos-conf-policy-options, 23.4R2",
		"junos-conf-class-of-service, 23.4R2",
		"junos-conf-firewall, 23.4R2",
		"junos-conf-routing-instances, 23.4R2",
		"junos-conf-switch-options, 23.4R2",
		"junos-conf-routing-options, 23.4R2",
		"junos-conf-protocols, 23.4R2",
		"junos-conf-vlans, 23.4R2",
		"junos-conf-security, 23.4R2",
	};
	size_t size = strcspn(path, " "), skip = strlen("junos-conf-");

	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
		if (!strncmp(modules[i] + skip, path, size) && modules[i][skip + size] == ',')
			return modules[i];
	return "junos-conf-root, 23.4R2";
}

static struct sim_known known_from(const struct junos_schema *schema)
{
	const struct junos_statement *row = schema->statement;
	bool below = *row->path;
	struct sim_known known = {
		.section = below ? schema->prefix : "",
		.words = below ? row->path : schema->prefix,
		.page = row->page ? row->page : module_of(schema->path),
	};

	for (int edit = 0; edit < SIM_EDITS; edit++)
		known.edits |= (unsigned)junos_can_edit(schema, (enum sim_edit)edit) << edit;
	return known;
}

static size_t known_count(const struct sim_model *model)
{
	size_t count = 0;

	(void)model;
	for (size_t i = 0; i < junos_table_count; i++)
		for (size_t j = 0; j < junos_tables[i]->count; j++)
			count += !(junos_tables[i]->rows[j].flags & JUNOS_PREFIX);
	return count;
}

static struct sim_known known_at(const struct sim_model *model, size_t index)
{
	struct junos_schema *schema = junos_schema_new();
	struct junos_statements all = junos_statements_all(schema);
	struct sim_known known = known_from(all.list[index]);

	(void)model;
	free(all.list);
	junos_schema_free(schema);
	return known;
}

static bool draw(const struct sim_model *model, enum sim_edit edit, uint64_t seed,
		 struct sim_drawn *drawn)
{
	struct junos *device = junos_new();
	const struct junos_schema *schema =
		junos_draw(edit, seed, shows_set(model), device, &drawn->before, &drawn->after);

	if (schema)
		drawn->statement = known_from(schema);
	junos_free(device);
	return schema != NULL;
}

const struct sim_engine junos_engine = {
	.open = open_device,
	.close = close_device,
	.load = load,
	.enter = enter,
	.commit = commit,
	.discard = discard,
	.show = show,
	.known_count = known_count,
	.known_at = known_at,
	.draw = draw,
};

const struct sim_model sim_junos = {.name = "junos", .engine = &junos_engine};
