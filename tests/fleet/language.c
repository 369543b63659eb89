/* SPDX-License-Identifier: Apache-2.0 */
/* The language of all kinds as a dialect, and the service bridge-domain over it. */
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct smd_numbers_form trunk = {.add = "port $1 trunk add $#",
					      .remove = "port $1 trunk remove $#"};

static const struct smd_rule rules[] = {
	VALUE(NULL, "set * ...", .negate = "no $1", .source = "config.h"),
	VALUE(NULL, "port * access <number>", .negate = "no port $1 access"),
	NUMBERS(NULL, "port * trunk ...", .negate = "no port $1 trunk", .numbers = &trunk),
	MEMBER(NULL, "port *"),
	SECTION(NULL, "fault * *"),
	VALUE("fault * *", "error ..."),
};

static const char *const no_closers[] = {NULL};

#define LANGUAGE                                                                                   \
	.size = sizeof(struct smd_dialect), .family = SMD_FAMILY_INDENTED, .negation = "no",       \
	.exit = "exit", .indent = 1, .closers = no_closers, .rules = rules,                        \
	.rule_count = sizeof(rules) / sizeof(rules[0]), .rule_size = sizeof(rules[0])

const struct smd_dialect driver_lines = {LANGUAGE};
const struct smd_dialect driver_candidate = {LANGUAGE, .candidate = 1};

void driver_close(void *opaque)
{
	struct driver_state *state = opaque;

	if (!state)
		return;
	smd_dialect_free(state->compiled);
	smd_text_free(state->loaded);
	smd_text_free(state->commands);
	free(state);
}

static int open_with(const struct smd_dialect *dialect, const struct smd_settings *settings,
		     void **out, struct smd_error *error)
{
	struct driver_state *state = calloc(1, sizeof(*state));
	int err = state ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");

	if (!err)
		state->dialect = smd_settings_dialect(settings);
	if (!err && !state->dialect) {
		err = smd_dialect_compile(dialect, &state->compiled, error);
		state->dialect = state->compiled;
	}
	if (!err && (smd_text_new(&state->loaded, 0) || smd_text_new(&state->commands, 0)))
		err = smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (err)
		driver_close(state);
	else
		*out = state;
	return err;
}

int driver_open_lines(const struct smd_settings *settings, void **state, struct smd_error *error)
{
	return open_with(&driver_lines, settings, state, error);
}

int driver_open_candidate(const struct smd_settings *settings, void **state,
			  struct smd_error *error)
{
	return open_with(&driver_candidate, settings, state, error);
}

/* The service */

static int compose_lines(const struct smd_tree *part, struct smd_text *lines)
{
	const struct smd_node *top = smd_tree_top(part);
	const char *vlan = smd_node_leaf(top, "vlan");
	int err = 0;

	for (const struct smd_node *port = smd_node_first(top); port && !err;
	     port = smd_node_next(port)) {
		const char *tagging = smd_node_leaf(port, "tagging");

		if (tagging)
			err = smd_text_linef(lines, "port %s %s %s", smd_node_key(port, 0),
					     strcmp(tagging, "access") ? "trunk" : "access", vlan);
	}
	return err;
}

static int compose(void *opaque, const struct smd_tree *part, const struct smd_tree *running,
		   struct smd_tree *slice, struct smd_error *error)
{
	const struct driver_state *state = opaque;
	struct smd_text *lines = NULL;
	struct smd_tree *tree = NULL;
	int err = smd_text_new(&lines, 0);

	(void)running;
	if (!err)
		err = compose_lines(part, lines);
	if (err)
		smd_fail(error, err, "cannot compose: out of memory");
	if (!err)
		err = smd_dialect_parse(state->dialect, lines, &tree, error);
	for (const struct smd_node *node = err ? NULL : smd_node_first(smd_tree_top(tree));
	     node && !err; node = smd_node_next(node)) {
		err = smd_node_graft(smd_tree_root(slice), node, NULL);
		if (err)
			smd_fail(error, err, "cannot compose '%s'", smd_node_name(node));
	}
	smd_tree_free(tree);
	smd_text_free(lines);
	return err;
}

/* The port that a node is about, and what it says; 0: it is about no port. */
static int port_of(const struct smd_node *node, char port[CONFIG_LINE], char what[16])
{
	what[0] = '\0';
	if (!strcmp(smd_node_name(node), "port") && smd_node_key(node, 0)) {
		snprintf(port, CONFIG_LINE, "%s", smd_node_key(node, 0));
		return 1;
	}
	return sscanf(smd_node_name(node), "port %95s %15s", port, what) == 2;
}

static int put_found(struct smd_tree *found, const char *vlan, const char *port,
		     const char *tagging)
{
	struct smd_node *node = smd_node_make(smd_tree_root(found), "vlan", vlan);

	if (node)
		node = smd_node_make(node, "port", port);
	return node ? smd_node_put_leaf(node, "tagging", tagging) : SMD_E_NO_MEMORY;
}

static int discover_set(struct smd_tree *found, const struct smd_set *set, const char *port)
{
	size_t size = smd_set_format(set, NULL, 0) + 1;
	char *list = malloc(size);
	int err;

	if (!list)
		return SMD_E_NO_MEMORY;
	smd_set_format(set, list, size);
	err = set->count ? put_found(found, list, port, "tagged") : 0;
	free(list);
	return err;
}

static int discover(void *state, const struct smd_tree *running, struct smd_tree *found,
		    struct smd_error *error)
{
	int err = 0;

	(void)state;
	for (const struct smd_node *node = smd_node_first(smd_tree_top(running)); node && !err;
	     node = smd_node_next(node)) {
		char port[CONFIG_LINE], what[16];

		if (!port_of(node, port, what))
			continue;
		if (!strcmp(what, "access") && smd_node_value(node, NULL))
			err = put_found(found, smd_node_value(node, NULL), port, "access");
		else if (!strcmp(what, "trunk") && smd_node_set(node))
			err = discover_set(found, smd_node_set(node), port);
	}
	return err ? smd_fail(error, err, "cannot discover: out of memory") : 0;
}

/* List the port that a node is about; a fault makes it unusable. */
static int put_port(const struct smd_node *node, struct smd_tree *found)
{
	int is_fault = !strcmp(smd_node_name(node), "fault");
	char port[CONFIG_LINE], what[16];
	struct smd_node *made;

	if (is_fault)
		snprintf(port, sizeof(port), "%s", smd_node_key(node, 0));
	else if (!port_of(node, port, what))
		return 0;
	made = smd_node_make(smd_tree_root(found), "port", port);
	if (!made)
		return SMD_E_NO_MEMORY;
	return is_fault && smd_node_leaf(node, "error")
		       ? smd_node_put_leaf(made, "error", smd_node_leaf(node, "error"))
		       : 0;
}

static int ports(void *state, const struct smd_tree *running, struct smd_tree *found,
		 struct smd_error *error)
{
	int err = 0;

	(void)state;
	for (const struct smd_node *node = smd_node_first(smd_tree_top(running)); node && !err;
	     node = smd_node_next(node))
		err = put_port(node, found);
	return err ? smd_fail(error, err, "cannot list ports: out of memory") : 0;
}

const struct smd_service driver_services[DRIVER_SERVICES] = {
	{"bridge-domain", 1, compose, discover, ports}};
