/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small ovs-vsctl: it reads the lines as a shell and ovs-vsctl(8) do and enters them into the
 * tree. With render it shares the quoting, and how a line and its guard are laid out.
 */
#include "ovs.h"

#include <string.h>

static int is_set(const char *column)
{
	return !strcmp(column, "trunks") || !strcmp(column, "cvlans");
}

static int is_column(const char *column)
{
	return is_set(column) || !strcmp(column, "tag") || !strcmp(column, "vlan_mode");
}

static int out_of_range(const char *value, struct smd_error *error)
{
	return smd_fail(error, SMD_E_DEVICE, "constraint violation: '%s' is not in the valid range",
			value);
}

static void drop(struct smd_tree *tree, struct smd_node *port, const char *column)
{
	const struct smd_node *node = smd_node_find(port, column, NULL);

	if (node)
		smd_node_remove(smd_node_edit(tree, node));
}

/* Add or remove numbers. An emptied set is an empty column, thus no node. */
static int change_numbers(struct smd_tree *tree, struct smd_node *port, const char *column,
			  const char *list, int join, struct smd_error *error)
{
	struct smd_set set = {0};
	const struct smd_node *node;
	int err = smd_set_parse(&set, list, strlen(list), error);

	if (!err && (!set.count || set.ranges[set.count - 1].last > SMD_OVS_VLAN_MAX))
		err = out_of_range(list, error);
	for (size_t i = 0; !err && i < set.count; i++) {
		if (join)
			err = smd_node_put_numbers(port, column, set.ranges[i].first,
						   set.ranges[i].last);
		else if (smd_node_find(port, column, NULL))
			err = smd_node_take_numbers(port, column, set.ranges[i].first,
						    set.ranges[i].last);
		if (err)
			smd_fail(error, err, "cannot change '%s'", column);
	}
	smd_set_done(&set);
	node = smd_node_find(port, column, NULL);
	if (!err && node && !smd_node_set(node)->count)
		drop(tree, port, column);
	return err;
}

static int set_column(struct smd_tree *tree, struct smd_node *port, char *assignment,
		      struct smd_error *error)
{
	char *value = strchr(assignment, '=');
	uint32_t vlan;
	int err;

	if (!value || !value[1])
		return smd_fail(error, SMD_E_DEVICE,
				"%s: argument does not end in \"=\" followed by a value",
				assignment);
	*value++ = '\0';
	if (!is_column(assignment))
		return smd_fail(error, SMD_E_DEVICE, "Port does not contain a column '%s'",
				assignment);
	if (is_set(assignment)) {
		drop(tree, port, assignment);
		return change_numbers(tree, port, assignment, value, 1, error);
	}
	if (!strcmp(assignment, "tag") ? !smd_ovs_vlan(value, &vlan) : !smd_ovs_mode_known(value))
		return out_of_range(value, error);
	err = smd_node_put_leaf(port, assignment, value);
	return err ? smd_fail(error, err, "cannot set '%s'", assignment) : 0;
}

static int enter(struct smd_tree *tree, const struct smd_ovs_line *line, struct smd_error *error)
{
	char *const *word = line->command;
	size_t count = line->command_count;
	const struct smd_node *found;
	struct smd_node *port;
	int err = 0;

	if (count < 4 || strcmp(word[1], "Port") != 0)
		return smd_fail(error, SMD_E_DEVICE, "not a command on the table Port");
	found = smd_ovs_port(tree, word[2]);
	if (!found)
		return smd_fail(error, SMD_E_DEVICE, "no row \"%s\" in table Port", word[2]);
	for (size_t i = 0; !err && i < line->condition_count; i++)
		err = smd_ovs_condition_holds(found, line->condition[i], error);
	if (err)
		return err;
	port = smd_node_edit(tree, found);
	if (!strcmp(word[0], "set") && count == 4)
		return set_column(tree, port, word[3], error);
	if (!is_column(word[3]))
		return smd_fail(error, SMD_E_DEVICE, "Port does not contain a column '%s'",
				word[3]);
	if (!strcmp(word[0], "clear") && count == 4) {
		drop(tree, port, word[3]);
		return 0;
	}
	if (count == 5 && is_set(word[3]) && !strcmp(word[0], "add"))
		return change_numbers(tree, port, word[3], word[4], 1, error);
	if (count == 5 && is_set(word[3]) && !strcmp(word[0], "remove"))
		return change_numbers(tree, port, word[3], word[4], 0, error);
	return smd_fail(error, SMD_E_DEVICE, "unknown command '%s'", word[0]);
}

int smd_ovs_simulate(void *state, struct smd_tree *tree, const struct smd_text *payload,
		     smd_step_fn on_step, void *arg, struct smd_error *error)
{
	size_t count = smd_text_count(payload);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct smd_ovs_line line;
		int err = smd_ovs_line_read(&line, smd_text_get(payload, i, NULL), error);

		if (!err)
			err = enter(tree, &line, error);
		smd_ovs_line_done(&line);
		if (err) {
			smd_error_where(error, "line %zu of the payload", i + 1);
			return err;
		}
	}
	return on_step && count ? on_step(arg, tree, count - 1) : 0;
}
