/* SPDX-License-Identifier: Apache-2.0 */
#include "tiny.h"
#include "compiled.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct smd_rule rules[] = {
	{NULL, "vlan *", SMD_RULE_SECTION, NULL, "made up"},
	{"vlan *", "name ...", SMD_RULE_VALUE, "no name", "made up"},
	{NULL, "interface *", SMD_RULE_SECTION, NULL, "made up", SMD_RULE_PERMANENT},
	{"interface *", "mtu *", SMD_RULE_VALUE, "no mtu", "made up"},
	{"interface *", "fault *", SMD_RULE_VALUE, "no fault", "made up"},
	{"interface *", "access vlan *", SMD_RULE_VALUE, "no access vlan", "made up"},
	{"interface *", "trunk vlan ...", SMD_RULE_NUMBERS, "no trunk vlan $1", "made up"},
	{NULL, "acl *", SMD_RULE_SECTION, NULL, "made up"},
	{"acl *", "rule ...", SMD_RULE_ORDERED, NULL, "made up"},
};

static const char *const closers[] = {"!", NULL};
static const char *const noise[] = {NULL};

static const struct smd_dialect dialect = {
	.size = sizeof(dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
};

static void must(int good)
{
	if (good)
		return;
	fprintf(stderr, "tiny: no memory\n");
	abort();
}

struct smd_text *tiny_text(const char *lines)
{
	struct smd_text *text = NULL;

	must(!smd_text_new(&text, 0) && !smd_text_append(text, lines, strlen(lines)));
	return text;
}

struct smd_task_share *tiny_share(struct smd_task *task, const char *owner)
{
	struct smd_task_share *shares =
		reallocarray(task->shares, task->share_count + 1, sizeof(*shares));

	must(shares != NULL);
	task->shares = shares;
	shares[task->share_count] = (struct smd_task_share){.owner = owner};
	return &shares[task->share_count++];
}

struct smd_tree *tiny_part(unsigned vlan, const char *ports)
{
	char *copy = strdup(ports), *rest = NULL, number[16];
	struct smd_tree *tree = NULL;

	must(copy && !smd_tree_new(&tree));
	snprintf(number, sizeof(number), "%u", vlan);
	must(!smd_node_put_leaf(smd_tree_root(tree), "name", "blue"));
	must(!smd_node_put_leaf(smd_tree_root(tree), "vlan", number));
	for (char *port = strtok_r(copy, " ", &rest); port; port = strtok_r(NULL, " ", &rest))
		must(!smd_node_put_leaf(smd_node_make(smd_tree_root(tree), "port", port), "tagging",
					strtok_r(NULL, " ", &rest)));
	free(copy);
	return tree;
}

static int compose(void *state, const struct smd_tree *part, const struct smd_tree *running,
		   struct smd_tree *slice, struct smd_error *error)
{
	const struct smd_node *top = smd_tree_top(part);
	const char *vlan = smd_node_leaf(top, "vlan");
	struct smd_text *lines = tiny_text("");
	struct smd_tree *tree = NULL;
	int err;

	(void)state;
	(void)running;
	smd_text_linef(lines, "vlan %s", vlan);
	smd_text_linef(lines, " name %s", smd_node_leaf(top, "name"));
	for (const struct smd_node *port = smd_node_first(top); port; port = smd_node_next(port)) {
		const char *tagging = smd_node_leaf(port, "tagging");

		if (!tagging)
			continue;
		smd_text_linef(lines, "interface %s", smd_node_key(port, 0));
		smd_text_linef(lines, " %s vlan %s", strcmp(tagging, "access") ? "trunk" : tagging,
			       vlan);
	}
	err = COMPILED(&dialect, error, smd_dialect_parse(compiled, lines, &tree, error));
	for (const struct smd_node *c = err ? NULL : smd_node_first(smd_tree_top(tree)); c && !err;
	     c = smd_node_next(c))
		err = smd_node_graft(smd_tree_root(slice), c, NULL);
	smd_tree_free(tree);
	smd_text_free(lines);
	return err;
}

static void found_port(struct smd_tree *found, const char *vlan, const char *port,
		       const char *tagging)
{
	struct smd_node *node = smd_node_make(smd_tree_root(found), "vlan", vlan);

	must(node && !smd_node_put_leaf(smd_node_make(node, "port", port), "tagging", tagging));
}

static int discover(void *state, const struct smd_tree *running, struct smd_tree *found,
		    struct smd_error *error)
{
	(void)state;
	(void)error;
	for (const struct smd_node *node = smd_node_first(smd_tree_top(running)); node;
	     node = smd_node_next(node)) {
		const char *port = smd_node_key(node, 0);
		const char *access = smd_node_leaf(node, "access vlan");
		const struct smd_node *trunk = smd_node_find(node, "trunk vlan", NULL);
		const struct smd_set *set = trunk ? smd_node_set(trunk) : NULL;

		if (access)
			found_port(found, access, port, "access");
		for (uint32_t vlan = 1; set && vlan < 4095; vlan++) {
			char number[16];

			snprintf(number, sizeof(number), "%u", vlan);
			if (smd_set_has(set, vlan))
				found_port(found, number, port, "tagged");
		}
	}
	return 0;
}

static int ports(void *state, const struct smd_tree *running, struct smd_tree *found,
		 struct smd_error *error)
{
	(void)state;
	(void)error;
	for (const struct smd_node *node = smd_node_first(smd_tree_top(running)); node;
	     node = smd_node_next(node)) {
		const char *fault = smd_node_leaf(node, "fault");
		struct smd_node *port;

		if (strcmp(smd_node_name(node), "interface") != 0)
			continue;
		port = smd_node_make(smd_tree_root(found), "port", smd_node_key(node, 0));
		must(port && (!fault || !smd_node_put_leaf(port, "error", fault)));
	}
	return 0;
}

static int is_guarded(const struct smd_tree *tree)
{
	const struct smd_node *guard = smd_node_find(smd_tree_top(tree), "interface", "guard");

	return !guard || smd_node_find(guard, "trunk vlan", NULL) != NULL;
}

static int safe(void *state, const struct smd_tree *before, const struct smd_tree *now,
		struct smd_error *error)
{
	(void)state;
	if (!is_guarded(before) || is_guarded(now))
		return 0;
	return smd_fail(error, SMD_E_UNSAFE, "the guard sleeps");
}

void tiny_confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	(void)run;
	(void)answer;
	(void)action;
}

static const struct smd_service services[] = {{"bridge-domain", 1, compose, discover, ports}};

static const struct smd_session_profile profile = {
	.size = sizeof(profile), .channel = "none", .protocol = "none"};

const struct smd_driver tiny_driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "tiny", .summary = "Made-up switch",
		 .version = "1.0"},
	.profile = &profile,
	.dialect = &dialect,
	.services = services,
	.service_count = 1,
	.service_size = sizeof(services[0]),
	.safe = safe,
};

struct smd_language tiny_language(const struct smd_driver *driver)
{
	static struct smd_compiled *compiled;

	must(compiled || !smd_dialect_compile(&dialect, &compiled, NULL));
	return (struct smd_language){.driver = driver, .dialect = compiled};
}
