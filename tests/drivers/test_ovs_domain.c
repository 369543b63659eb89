/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bridge domains on Open vSwitch. Which VLANs a port carries is taken from
 * ovs-vswitchd.conf.db(5), "VLAN Configuration".
 */
#include <stdio.h>

#include "bench.h"
#include "test.h"

/* A switch with one port "p" that has these columns (JSON). */
static struct smd_tree *switch_of(struct smd_bench *bench, const char *columns)
{
	struct smd_text *text = bench_text();
	struct smd_tree *tree;

	smd_text_linef(text,
		       "{\"data\":[[\"br0\",[\"uuid\",\"1\"]]],\"headings\":[\"name\",\"ports\"]}");
	smd_text_linef(text,
		       "{\"data\":[[[\"uuid\",\"1\"],\"p\",%s]],\"headings\":[\"_uuid\",\"name\","
		       "\"tag\",\"trunks\",\"vlan_mode\",\"cvlans\"]}",
		       columns);
	tree = smd_bench_parse(bench, text);
	if (!tree)
		printf("%s: %s\n", columns, bench->error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(text);
	return tree;
}

static struct smd_tree *part_of(const char *vlan, const char *port, const char *tagging)
{
	struct smd_tree *part;
	struct smd_node *node;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&part), 0);
	smd_node_put_leaf(smd_tree_root(part), "name", "red");
	if (vlan)
		smd_node_put_leaf(smd_tree_root(part), "vlan", vlan);
	node = smd_node_make(smd_tree_root(part), "port", port);
	smd_node_put_leaf(node, "tagging", tagging);
	return part;
}

/* The lines of a tree, joined by blanks. */
static void flat(const struct smd_tree *tree, char *out, size_t size)
{
	struct smd_text *text = bench_text();
	size_t used = 0;

	out[0] = '\0';
	CU_ASSERT_EQUAL(smd_tree_flatten(tree, text), 0);
	for (size_t i = 0; i < smd_text_count(text) && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "; " : "",
					 smd_text_get(text, i, NULL));
	smd_text_free(text);
}

#define NONE "[\"set\",[]]"
#define SET(numbers) "[\"set\",[" numbers "]]"

static const struct {
	const char *columns; /* tag, trunks, vlan_mode, cvlans */
	const char *tagging;
	int code;
	const char *words; /* words that must be in the slice or the message */
} joins[] = {
	{NONE ",4095," NONE "," NONE, "access", 0, "/bridge[br0]/port[p]/tag = \"100\""},
	{NONE ",4095," NONE "," NONE, "tagged", 0, "/bridge[br0]/port[p]/trunks = 100"},
	{"7," NONE "," NONE "," NONE, "access", 0, "/bridge[br0]/port[p]/tag = \"100\""},
	{NONE ",4095,\"access\"," NONE, "access", 0, "/bridge[br0]/port[p]/tag = \"100\""},
	{NONE ",4095,\"trunk\"," NONE, "tagged", 0, "/bridge[br0]/port[p]/trunks = 100"},
	{NONE "," SET("7,8") "," NONE "," NONE, "tagged", 0, "/bridge[br0]/port[p]/trunks = 100"},
	{"7,8,\"native-untagged\"," NONE, "tagged", 0, "/bridge[br0]/port[p]/trunks = 100"},
	{"100,8,\"native-tagged\"," NONE, "tagged", 0, "/bridge[br0]/port[p]/trunks = 100"},
	{"100,8,\"native-untagged\"," NONE, "tagged", SMD_E_CONFLICT, "as its native one"},
	{NONE "," NONE "," NONE "," NONE, "access", SMD_E_CONFLICT, "is open"},
	{NONE "," NONE "," NONE "," NONE, "tagged", SMD_E_CONFLICT, "is open"},
	{"7," NONE ",\"trunk\"," NONE, "tagged", SMD_E_CONFLICT, "is open"},
	{"7," NONE ",\"native-tagged\"," NONE, "tagged", SMD_E_CONFLICT, "is open"},
	{"7," NONE "," NONE "," NONE, "tagged", SMD_E_CONFLICT, "is an access port"},
	{"7,4095," NONE "," NONE, "tagged", SMD_E_CONFLICT, "is an access port"},
	{"7,4095,\"dot1q-tunnel\"," NONE, "tagged", SMD_E_CONFLICT, "is a tunnel port"},
	{"7,4095,\"dot1q-tunnel\"," NONE, "access", SMD_E_CONFLICT, "vlan_mode"},
	{NONE ",4095,\"trunk\"," NONE, "access", SMD_E_CONFLICT, "vlan_mode"},
	{NONE "," SET("7,4095") "," NONE "," NONE, "access", SMD_E_CONFLICT, "VLANs of others"},
	{NONE ",100," NONE "," NONE, "access", SMD_E_CONFLICT, "VLANs of others"},
	{NONE ",4095," NONE "," NONE, "both", SMD_E_INVALID, "access or tagged, not 'both'"},
};

static void a_port_joins_or_says_why_not(void)
{
	struct smd_bench bench;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", NULL, 0), 0);
	for (size_t i = 0; i < SMD_COUNT(joins); i++) {
		struct smd_tree *running = switch_of(&bench, joins[i].columns), *slice;
		struct smd_tree *part = part_of("100", "p", joins[i].tagging);
		const struct smd_service *service = &bench.driver->services[0];
		char lines[512];
		int code, good;

		CU_ASSERT_EQUAL_FATAL(smd_tree_new(&slice), 0);
		code = service->compose(bench.state, part, running, slice, &bench.error);
		flat(slice, lines, sizeof(lines));
		good = code == joins[i].code &&
		       (code ? strstr(bench.error.message, joins[i].words) && *bench.error.message
			     : !strcmp(lines, joins[i].words));
		CU_ASSERT(good);
		if (!good)
			printf("%s %s: %d %s / %s\n", joins[i].columns, joins[i].tagging, code,
			       bench.error.message, lines);
		smd_tree_free(slice);
		smd_tree_free(part);
		smd_tree_free(running);
	}
	smd_bench_done(&bench);
}

static void compose_fails(const char *vlan, const char *port, const char *bridge,
			  const char *message, const char *hint)
{
	const struct smd_setting given = {"bridge", bridge};
	struct smd_tree *running, *part = part_of(vlan, port, "access"), *slice;
	struct smd_bench bench;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", &given, 1), 0);
	running = switch_of(&bench, NONE ",4095," NONE "," NONE);
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&slice), 0);
	CU_ASSERT_EQUAL(
		bench.driver->services[0].compose(bench.state, part, running, slice, &bench.error),
		SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(bench.error.message, message);
	CU_ASSERT_STRING_EQUAL(bench.error.hint, hint);
	smd_tree_free(slice);
	smd_tree_free(part);
	smd_tree_free(running);
	smd_bench_done(&bench);
}

static void what_is_not_there_is_named(void)
{
	compose_fails("100", "q", "br0", "bridge 'br0' has no port 'q'", "its ports are: p");
	compose_fails("100", "p", "br9", "there is no bridge 'br9'",
		      "the driver's option 'bridge' names it");
	compose_fails("4095", "p", "br0", "a domain needs a VLAN from 1 to 4094, not '4095'", "");
	compose_fails("0", "p", "br0", "a domain needs a VLAN from 1 to 4094, not '0'", "");
	compose_fails(NULL, "p", "br0", "a domain needs a VLAN from 1 to 4094, not ''", "");
}

static const struct {
	const char *columns;
	const char *found;
} finds[] = {
	{"100," NONE "," NONE "," NONE, "/vlan[100]/port[p]/tagging = \"access\""},
	{"100,7," NONE "," NONE, "/vlan[100]/port[p]/tagging = \"access\""},
	{NONE "," SET("100,101,4095") "," NONE "," NONE,
	 "/vlan[100-101]/port[p]/tagging = \"tagged\""},
	{"5,100,\"trunk\"," NONE, "/vlan[100]/port[p]/tagging = \"tagged\""},
	{"5,100,\"native-untagged\"," NONE,
	 "/vlan[100]/port[p]/tagging = \"tagged\"; /vlan[5]/port[p]/tagging = \"access\""},
	{"5,100,\"native-tagged\"," NONE,
	 "/vlan[100]/port[p]/tagging = \"tagged\"; /vlan[5]/port[p]/tagging = \"tagged\""},
	{"5,100,\"dot1q-tunnel\"," NONE, "//"},
	{NONE ",4095," NONE "," NONE, "//"},
	{NONE "," NONE "," NONE "," NONE, "//"},
};

static void domains_are_discovered(void)
{
	struct smd_bench bench;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", NULL, 0), 0);
	for (size_t i = 0; i < SMD_COUNT(finds); i++) {
		struct smd_tree *running = switch_of(&bench, finds[i].columns), *found;
		char lines[512];

		CU_ASSERT_EQUAL_FATAL(smd_tree_new(&found), 0);
		CU_ASSERT_EQUAL(bench.driver->services[0].discover(bench.state, running, found,
								   &bench.error),
				0);
		flat(found, lines, sizeof(lines));
		if (!strcmp(finds[i].found, "//")) {
			CU_ASSERT_PTR_NULL(smd_node_first(smd_tree_top(found)));
		} else {
			CU_ASSERT_STRING_EQUAL(lines, finds[i].found);
			if (strcmp(lines, finds[i].found) != 0)
				printf("%s\n", lines);
		}
		smd_tree_free(found);
		smd_tree_free(running);
	}
	smd_bench_done(&bench);
}

static const struct {
	const char *before, *now;
	int safe;
} steps[] = {
	{NONE ",4095," NONE "," NONE, "100,4095," NONE "," NONE, 1},
	{NONE ",4095," NONE "," NONE, NONE "," SET("100,4095") "," NONE "," NONE, 1},
	{NONE "," NONE "," NONE "," NONE, NONE "," NONE "," NONE "," NONE, 1},
	{"100," NONE "," NONE "," NONE, NONE "," NONE "," NONE "," NONE, 0},
	{NONE ",100," NONE "," NONE, NONE "," NONE "," NONE "," NONE, 0},
	{"100,4095," NONE "," NONE, "100," NONE ",\"trunk\"," NONE, 0},
	{"100,4095,\"native-tagged\"," NONE, "100," NONE ",\"native-tagged\"," NONE, 0},
	{"100,4095,\"native-tagged\"," NONE, "100," NONE ",\"access\"," NONE, 1},
	{"100,4095,\"dot1q-tunnel\",7", "100,4095,\"dot1q-tunnel\"," NONE, 0},
};

static void opening_a_port_is_unsafe(void)
{
	struct smd_bench bench;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", NULL, 0), 0);
	for (size_t i = 0; i < SMD_COUNT(steps); i++) {
		struct smd_tree *before = switch_of(&bench, steps[i].before);
		struct smd_tree *now = switch_of(&bench, steps[i].now);
		int code = bench.driver->safe(bench.state, before, now, &bench.error);

		CU_ASSERT_EQUAL(code, steps[i].safe ? 0 : SMD_E_UNSAFE);
		if (code)
			CU_ASSERT_STRING_EQUAL(bench.error.where, "/bridge[br0]/port[p]");
		smd_tree_free(before);
		smd_tree_free(now);
	}
	smd_bench_done(&bench);
}

static void ports_are_never_made_or_deleted(void)
{
	struct smd_tree *one, *two;
	struct smd_bench bench;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", NULL, 0), 0);
	one = switch_of(&bench, NONE ",4095," NONE "," NONE);
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&two, one), 0);
	smd_node_make(smd_node_make(smd_tree_root(two), "bridge", "br0"), "port", "q");
	CU_ASSERT_PTR_NULL(smd_bench_payload(&bench, one, two));
	CU_ASSERT_EQUAL(bench.error.code, SMD_E_UNSUPPORTED);
	CU_ASSERT_STRING_EQUAL(bench.error.where, "/bridge[br0]/port[q]");
	CU_ASSERT_PTR_NULL(smd_bench_payload(&bench, two, one));
	CU_ASSERT_EQUAL(bench.error.code, SMD_E_UNSUPPORTED);
	smd_tree_free(one);
	smd_tree_free(two);
	smd_bench_done(&bench);
}

/* A change that does not fit into one command is refused before anything is sent. */
static void too_large_a_change_is_refused(void)
{
	struct smd_tree *one, *two;
	struct smd_bench bench;
	char name[32];

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", NULL, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&one), 0);
	for (unsigned i = 0; i < 6000; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		smd_node_make(smd_node_make(smd_tree_root(one), "bridge", "br0"), "port", name);
	}
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&two, one), 0);
	for (unsigned i = 0; i < 6000; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		smd_node_put_leaf(smd_node_make(smd_node_make(smd_tree_root(two), "bridge", "br0"),
						"port", name),
				  "tag", "1234");
	}
	CU_ASSERT_PTR_NULL(smd_bench_payload(&bench, one, two));
	CU_ASSERT_EQUAL(bench.error.code, SMD_E_UNSUPPORTED);
	smd_tree_free(one);
	smd_tree_free(two);
	smd_bench_done(&bench);
}

TEST_MAIN("ovs_domain", TEST(a_port_joins_or_says_why_not), TEST(what_is_not_there_is_named),
	  TEST(domains_are_discovered), TEST(opening_a_port_is_unsafe),
	  TEST(ports_are_never_made_or_deleted), TEST(too_large_a_change_is_refused));
