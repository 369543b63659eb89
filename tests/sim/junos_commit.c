/* SPDX-License-Identifier: Apache-2.0 */
/* What commit refuses: names that nothing defines, and what the models' `must` keeps apart. */
#include "junos.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_OUT_FAILED "error: configuration check-out failed"

/* A `must` of the models. `*` stands for any entry, `|` parts paths of which one is enough. */
struct rule {
	const char *at, *when;
	const char *excludes, *needs;
};

static const struct rule rules[] = {
	{"", "routing-options graceful-restart", .excludes = "routing-options nonstop-routing"},
	{"", "routing-options nonstop-routing", .needs = "system commit synchronize"},
	{"", "routing-options nonstop-routing", .needs = "chassis redundancy graceful-switchover"},
	{"interfaces <name>", "stacked-vlan-tagging", .excludes = "unit * vlan-id"},
	{"interfaces <name>", "unit * vlan-id-list", .needs = "vlan-tagging|flexible-vlan-tagging"},
	{"interfaces <name>", "unit * vlan-tags",
	 .needs = "vlan-tagging|flexible-vlan-tagging|stacked-vlan-tagging"},
	{"interfaces <name>", "vlan-tagging", .excludes = "unit * vlan-tags inner"},
	{"interfaces <name>", "native-vlan-id",
	 .needs = "flexible-vlan-tagging|unit 0 family ethernet-switching interface-mode trunk"},
	{"interfaces <name>", "gigether-options 802.3ad",
	 .excludes = "gigether-options flow-control"},
	{"interfaces <name>", "aggregated-ether-options minimum-links",
	 .excludes = "aggregated-ether-options link-speed mixed"},
	{"interfaces <name> unit <name>", "vlan-id-list",
	 .needs = "encapsulation vlan-ccc|encapsulation vlan-bridge|encapsulation vlan-vpls"},
	{"interfaces <name> unit <name>", "family ethernet-switching", .excludes = "family inet"},
	{"interfaces <name> unit <name>", "family ethernet-switching", .excludes = "family inet6"},
	{"interfaces <name> unit <name>", "family ethernet-switching", .excludes = "family iso"},
	{"interfaces <name> unit <name>", "family ethernet-switching", .excludes = "family mpls"},
	{"interfaces <name> unit <name> family inet", "unnumbered-address",
	 .excludes = "address *"},
	{"protocols bgp group <name>", "ttl", .excludes = "type internal"},
	{"protocols bgp group <name>", "ttl", .excludes = "multihop"},
	{"protocols bgp group <name>", "authentication-key",
	 .excludes = "authentication-key-chain"},
	{"protocols bgp group <name>", "authentication-algorithm",
	 .needs = "authentication-key-chain"},
	{"protocols lldp", "tlv-filter", .excludes = "tlv-select"},
	{"protocols lldp interface <name>", "tlv-filter", .excludes = "tlv-select"},
};

/* What a check works on. */
struct check {
	const struct junos_schema *schema;
	struct junos_node *root;
	char *refusal;
	const struct junos_schema *list; /* of the name that is not defined */
	char *name;
};

static bool holds(const struct junos_node *node, char *const *word, size_t count);

/* Whether one child is, or leads to, what the words say. */
static bool matches(const struct junos_node *child, char *const *word, size_t count)
{
	if (!child->schema || child->inactive)
		return false;
	if (child->schema->name) {
		if (strcmp(child->schema->name, word[0]) != 0)
			return false;
		word++;
		count--;
	}
	if (count && child->text) {
		if (strcmp(word[0], "*") != 0 && strcmp(word[0], child->text) != 0)
			return false;
		word++;
		count--;
	}
	return !count || holds(child, word, count);
}

static bool holds(const struct junos_node *node, char *const *word, size_t count)
{
	for (size_t i = 0; i < node->count; i++)
		if (matches(node->children[i], word, count))
			return true;
	return false;
}

static bool holds_any(const struct junos_node *node, const char *paths)
{
	char *list = sim_copy(paths), *rest = list, *path;
	bool found = false;

	while (!found && (path = strsep(&rest, "|"))) {
		struct junos_words words = junos_words_split(path);

		found = holds(node, words.word, words.count);
		junos_words_free(&words);
	}
	free(list);
	return found;
}

static char *path_of(const struct junos_node *node)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (node->parent) {
		putc(' ', out);
		junos_write_path(out, node);
	}
	fclose(out);
	return text;
}

static char *refuse(const struct junos_node *node, const char *statement, const char *reason,
		    const char *other)
{
	char *path = path_of(node);
	char *text = sim_say("[edit%s]\n  '%s'\n    %s '%s'\n" CHECK_OUT_FAILED, path, statement,
			     reason, other);

	free(path);
	return text;
}

static void check_rules(struct check *check, const struct junos_node *node)
{
	const char *path = node->schema->path;

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules) && !check->refusal; i++) {
		const struct rule *rule = &rules[i];

		if (strcmp(rule->at, path) != 0 || !holds_any(node, rule->when))
			continue;
		if (rule->excludes && holds_any(node, rule->excludes))
			check->refusal = refuse(node, rule->when, "must not be configured with",
						rule->excludes);
		if (rule->needs && !holds_any(node, rule->needs))
			check->refusal =
				refuse(node, rule->when, "requires configuration of", rule->needs);
	}
}

/* Whether an active entry of `list` with this key is anywhere, groups included. */
static bool is_defined(const struct junos_node *node, const struct junos_schema *list,
		       const char *name)
{
	if (node->inactive)
		return false;
	if (node->schema == list && node->text && !strcmp(node->text, name))
		return true;
	for (size_t i = 0; i < node->count; i++)
		if (is_defined(node->children[i], list, name))
			return true;
	return false;
}

/* Names that the device knows by itself. */
static bool is_predefined(const char *list, const char *name)
{
	static const char *const known[][2] = {
		{"vlans", "all"},
		{"system login class", "super-user"},
		{"system login class", "operator"},
		{"system login class", "read-only"},
		{"system login class", "unauthorized"},
		{"class-of-service forwarding-classes class", "best-effort"},
		{"class-of-service forwarding-classes class", "expedited-forwarding"},
		{"class-of-service forwarding-classes class", "assured-forwarding"},
		{"class-of-service forwarding-classes class", "network-control"},
		{"class-of-service classifiers dscp", "default"},
	};

	if (!strcmp(list, "vlans") && isdigit((unsigned char)*name))
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i][0], list) && !strcmp(known[i][1], name))
			return true;
	return false;
}

static char *not_defined(const struct junos_node *node, const char *list, const char *name)
{
	if (!strcmp(list, "policy-options policy-statement"))
		return sim_say("error: Policy error: Policy %s referenced but not "
			       "defined\n" CHECK_OUT_FAILED,
			       name);
	if (!strncmp(list, "firewall family", strlen("firewall family")))
		return refuse(node, "filter", "Referenced filter is not defined", name);
	return refuse(node, list, "referenced but not defined", name);
}

static struct junos_schema *list_at(const struct check *check, const char *path)
{
	struct junos_schema *schema = junos_schema_at((struct junos_schema *)check->schema, path);

	return schema->kind == JUNOS_LIST ? schema : junos_schema_unnamed(schema, JUNOS_LIST);
}

static void check_name(struct check *check, const struct junos_node *node, const char *name)
{
	const char *path = node->schema->statement->refers;
	const struct junos_schema *list = list_at(check, path);

	if (is_predefined(path, name) || is_defined(check->root, list, name))
		return;
	check->refusal = not_defined(node, path, name);
	check->list = list;
	check->name = sim_copy(name);
}

/* Names of a policy expression such as `( A && ! B )`. */
static void check_expression(struct check *check, const struct junos_node *node)
{
	const char *sign = " ()&|!";
	char *text = sim_copy(node->text), *rest = text, *name;

	while (!check->refusal && (name = strsep(&rest, sign)))
		if (*name)
			check_name(check, node, name);
	free(text);
}

static void check_reference(struct check *check, const struct junos_node *node)
{
	struct junos_words words;

	if (!node->text || !node->schema->statement || !node->schema->statement->refers)
		return;
	if (node->kind != JUNOS_LIST) {
		check_expression(check, node);
		return;
	}
	words = junos_words_split(node->text);
	if (words.count)
		check_name(
			check, node,
			words.word[node->schema->flags & JUNOS_MATCH_TYPE ? 0 : words.count - 1]);
	junos_words_free(&words);
}

static void check_node(struct check *check, const struct junos_node *node)
{
	if (!node->schema || node->inactive || !strcmp(node->schema->path, "groups <name>"))
		return;
	check_reference(check, node);
	check_rules(check, node);
	for (size_t i = 0; i < node->count && !check->refusal; i++)
		check_node(check, node->children[i]);
}

/* The distinguisher of each instance stands once (`unique` in the models). */
static void check_distinguishers(struct check *check)
{
	const struct junos_schema *holder =
		junos_schema_at((struct junos_schema *)check->schema, "routing-instances");
	const struct junos_schema *rd = junos_schema_at((struct junos_schema *)check->schema,
							"routing-instances route-distinguisher");
	const struct junos_node *instances = junos_node_find(check->root, holder, NULL);

	for (size_t i = 0; instances && i < instances->count; i++) {
		const struct junos_node *one = junos_node_find(instances->children[i], rd, NULL);

		for (size_t j = 0; one && j < i; j++) {
			const struct junos_node *two =
				junos_node_find(instances->children[j], rd, NULL);

			if (two && !strcmp(one->children[0]->text, two->children[0]->text))
				check->refusal = refuse(one, "route-distinguisher", "duplicate of",
							instances->children[j]->text);
			if (check->refusal)
				return;
		}
	}
}

char *junos_check(const struct junos_schema *schema, struct junos_node *root)
{
	struct check check = {.schema = schema, .root = root};

	check_node(&check, root);
	if (!check.refusal)
		check_distinguishers(&check);
	free(check.name);
	return check.refusal;
}

char *junos_undefined(const struct junos_schema *schema, struct junos_node *root,
		      const struct junos_schema **list)
{
	struct check check = {.schema = schema, .root = root};

	check_node(&check, root);
	free(check.refusal);
	*list = check.list;
	return check.name;
}
