/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * All lines act in one transaction, so no state between them exists. Additions stand before
 * removals all the same, for the reader and for whoever enters them one by one: no set is ever
 * empty on the way to its new content.
 */
enum pass { GIVE, TAKE };

static int is_port(const struct smd_node *node)
{
	const struct smd_node *bridge = node ? smd_node_parent(node) : NULL;

	return bridge && !strcmp(smd_node_name(node), "port") && smd_node_kind(node) == SMD_ENTRY &&
	       !strcmp(smd_node_name(bridge), "bridge") && smd_node_parent(bridge) &&
	       !smd_node_parent(smd_node_parent(bridge));
}

static int unsupported(const struct smd_change *change, struct smd_error *error)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	char path[SMD_ERROR_WHERE];

	smd_change_path(change, path, sizeof(path));
	smd_fail(error, SMD_E_UNSUPPORTED,
		 "%s '%s' is not what this driver does: it changes VLAN columns of ports "
		 "that exist",
		 change->op == SMD_CHANGE_REMOVE ? "removing" : "adding or changing", path);
	smd_error_where(error, "%s", path);
	if (!strcmp(smd_node_name(node), "port"))
		smd_error_hint(error, "create or delete ports with ovs-vsctl add-port, del-port");
	return SMD_E_UNSUPPORTED;
}

static int bad_value(const struct smd_change *change, struct smd_error *error)
{
	char path[SMD_ERROR_WHERE];

	smd_change_path(change, path, sizeof(path));
	smd_fail(error, SMD_E_INVALID, "'%s' cannot have the value '%s'", path,
		 smd_node_value(change->to, NULL));
	smd_error_where(error, "%s", path);
	return SMD_E_INVALID;
}

/*
 * Which columns a line is for. `guard` stands before the first line of a column: `wait-until Port
 * NAME CONDITION... -- `.
 */
struct place {
	const char *port; /* its name, quoted */
	const char *guard;
};

static int leaf_line(const struct smd_change *change, const struct place *place, enum pass pass,
		     struct smd_text *payload, struct smd_error *error)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	const char *column = smd_node_name(node);
	const char *value = smd_node_value(node, NULL);
	uint32_t vlan;

	if (change->op == SMD_CHANGE_REMOVE)
		return pass == TAKE ? smd_text_linef(payload, "%sclear Port %s %s", place->guard,
						     place->port, column)
				    : 0;
	if (!strcmp(column, "tag") ? !smd_ovs_vlan(value, &vlan) : !smd_ovs_mode_known(value))
		return bad_value(change, error);
	if (pass == TAKE)
		return 0;
	return smd_text_linef(payload, "%sset Port %s %s=%s", place->guard, place->port, column,
			      value);
}

static int numbers_line(const char *verb, const struct place *place, const char *column,
			const struct smd_set *set, struct smd_text *payload,
			struct smd_error *error)
{
	size_t length = smd_set_format(set, NULL, 0);
	char *list;
	int err;

	if (!set->count)
		return 0;
	if (set->ranges[set->count - 1].last > SMD_OVS_VLAN_MAX)
		return smd_fail(error, SMD_E_INVALID, "port %s: %s beyond %u", place->port, column,
				SMD_OVS_VLAN_MAX);
	list = malloc(length + 1);
	if (!list)
		return SMD_E_NO_MEMORY;
	smd_set_format(set, list, length + 1);
	err = smd_text_linef(payload, "%s%s Port %s %s %s", place->guard, verb, place->port, column,
			     list);
	free(list);
	return err;
}

static int set_line(const struct smd_change *change, const struct place *place, enum pass pass,
		    struct smd_text *payload, struct smd_error *error)
{
	const struct place bare = {.port = place->port, .guard = ""};
	const struct smd_node *node = change->to ? change->to : change->from;
	const char *column = smd_node_name(node);
	const struct smd_set *added =
		change->op == SMD_CHANGE_ADD ? smd_node_set(change->to) : &change->added;

	if (pass == GIVE && change->op != SMD_CHANGE_REMOVE)
		return numbers_line("add", place, column, added, payload, error);
	if (pass == TAKE && change->op == SMD_CHANGE_REMOVE && smd_node_set(node)->count)
		return smd_text_linef(payload, "%sclear Port %s %s", place->guard, place->port,
				      column);
	if (pass == TAKE && change->op == SMD_CHANGE_NUMBERS)
		return numbers_line("remove", added->count ? &bare : place, column,
				    &change->removed, payload, error);
	return 0;
}

static int has_control(const char *name)
{
	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		if (*c < 0x20 || *c == 0x7f)
			return 1;
	return 0;
}

/* Lines for one column of one port. The name is quoted. */
static int column_lines(const struct smd_change *change, const struct place *place, enum pass pass,
			struct smd_text *payload, struct smd_error *error)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	const char *name = smd_node_name(node);

	if (smd_node_kind(node) == SMD_LEAF && (!strcmp(name, "tag") || !strcmp(name, "vlan_mode")))
		return leaf_line(change, place, pass, payload, error);
	if (smd_node_kind(node) == SMD_SET && (!strcmp(name, "trunks") || !strcmp(name, "cvlans")))
		return set_line(change, place, pass, payload, error);
	return unsupported(change, error);
}

static int change_lines(const struct smd_changes *changes, const struct smd_change *change,
			enum pass pass, struct smd_text *payload, struct smd_error *error)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	const struct smd_node *port = smd_node_parent(node), *to;
	char *name, *conditions, *guard = NULL;
	int err = SMD_E_NO_MEMORY;

	if (!is_port(port) || change->op == SMD_CHANGE_MOVE)
		return unsupported(change, error);
	if (has_control(smd_node_key(port, 0)))
		return smd_fail(error, SMD_E_INVALID,
				"port '%s' has a control character in its name",
				smd_node_key(port, 0));
	to = smd_ovs_port(smd_changes_to(changes), smd_node_key(port, 0));
	name = smd_ovs_quote(smd_node_key(port, 0));
	conditions = smd_ovs_conditions(change, to ? to : port);
	if (name && conditions &&
	    asprintf(&guard, "wait-until Port %s%s -- ", name, conditions) < 0)
		guard = NULL;
	if (guard)
		err = column_lines(change, &(struct place){.port = name, .guard = guard}, pass,
				   payload, error);
	free(name);
	free(conditions);
	free(guard);
	return err == SMD_E_NO_MEMORY ? smd_fail(error, err, "no memory for a payload") : err;
}

int smd_ovs_render(void *state, const struct smd_changes *changes, struct smd_text *payload,
		   struct smd_error *error)
{
	const struct smd_ovs *ovs = state;
	size_t size;

	for (enum pass pass = GIVE; pass <= TAKE; pass++) {
		for (size_t i = 0; i < smd_changes_count(changes); i++) {
			int err = change_lines(changes, smd_changes_get(changes, i), pass, payload,
					       error);

			if (err)
				return err;
		}
	}
	size = smd_ovs_commit_size(ovs, payload);
	if (!size)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a payload");
	if (size <= SMD_OVS_COMMAND_MAX)
		return 0;
	smd_fail(error, SMD_E_UNSUPPORTED,
		 "the change and what guards it take a command of %zu bytes, and one transaction "
		 "has room for %u",
		 size, SMD_OVS_COMMAND_MAX);
	smd_error_hint(error, "deploy it in parts");
	return SMD_E_UNSUPPORTED;
}
