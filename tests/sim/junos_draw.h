/* SPDX-License-Identifier: Apache-2.0 */
/* Lines drawn from the tables, and edits made of them. */
#ifndef SIM_JUNOS_DRAW_H
#define SIM_JUNOS_DRAW_H

#include "junos.h"
#include "sim.h"

/* All statements below a schema, in the device's order. To be freed; not what they point to. */
struct junos_statements {
	const struct junos_schema **list;
	size_t count;
};
struct junos_statements junos_statements_all(const struct junos_schema *root);

/* Whether a statement can be edited this way. */
bool junos_can_edit(const struct junos_schema *schema, enum sim_edit kind);

/* A drawn key or value of a statement, "" where it has none. To be freed. */
char *junos_sample_value(const struct junos_schema *schema, struct sim_random *random);
/* The path of a statement below a parent's path. To be freed. */
char *junos_sample_at(const char *parent, const struct junos_schema *schema, const char *value);
/* A path of a statement, drawn from its ancestor `top` on, whose path is `text`. To be freed. */
char *junos_sample_below(const struct junos_schema *top, const char *text,
			 const struct junos_schema *schema, struct sim_random *random);
/* A path of a statement with drawn keys and value. To be freed. */
char *junos_sample(const struct junos_schema *schema, struct sim_random *random);

/* Enters a line with the definitions it needs and commits; false and nothing done if refused. */
bool junos_try(struct junos *device, const struct junos_statements *all, const char *line,
	       struct sim_random *random);

/*
 * Draws an edit: `before` and `after` as shown, to be freed by the caller. Returns the statement
 * edited, NULL when the seed leads to none.
 */
const struct junos_schema *junos_draw(enum sim_edit kind, uint64_t seed, bool as_set,
				      struct junos *device, char **before, char **after);

#endif
