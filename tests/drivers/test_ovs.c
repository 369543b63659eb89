/* SPDX-License-Identifier: Apache-2.0 */
/* The Open vSwitch driver against the real ovs-vsctl and ovsdb-server. */
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "gen.h"
#include "shell.h"
#include "test.h"
#include "vswitch.h"

#define ROUNDS 40

static const char *const ports[] = {
	"h1",      "h2",         "spine1",          "spine2",    "it's odd",  "a\"b",
	"back\\s", "${HOME};x&", "$(touch broken)", "b\xc3\xb6", "{tag} {x}", "=eq,x.y:z"};

static struct smd_bench bench;

static void add_port(const char *name)
{
	struct smd_text *out = bench_text(), *err = bench_text();
	char command[256], quoted[128], *to = quoted;

	for (; *name; name++) { /* quotes every byte, in another way than the driver does */
		if (*name == '\'')
			to += sprintf(to, "\"'\"");
		else
			to += sprintf(to, "'%c'", *name);
	}
	snprintf(command, sizeof(command), "ovs-vsctl add-port br0 %s -- set Port %s trunks=4095",
		 quoted, quoted);
	if (shell(command, out, err))
		bench_show_text(command, err);
	smd_text_free(out);
	smd_text_free(err);
}

static void start(void)
{
	vswitch_start();
	need("ovs-vsctl add-br br0 -- add-br br1 -- add-port br1 other");
	for (size_t i = 0; i < SMD_COUNT(ports); i++)
		add_port(ports[i]);
	if (smd_bench_init(&bench, PARTS, "ovs", NULL, 0))
		printf("%s\n", bench.error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench.state);
}

static void stop(void)
{
	CU_ASSERT_NOT_EQUAL(access("broken", F_OK), 0);
	vswitch_stop();
	smd_bench_done(&bench);
}

static struct smd_tree *fetch(const char *scope)
{
	struct smd_text *result = bench_text(), *covered = bench_text(), *paths = bench_text();
	struct smd_tree *tree = NULL;
	struct smd_action action;

	if (scope)
		smd_text_line(paths, scope);
	action =
		shell_stage(&bench, bench.driver->fetch,
			    (struct smd_run){.result = result, .covered = covered, .scope = paths});
	CU_ASSERT_EQUAL(action.act, SMD_ACT_DONE);
	if (action.act != SMD_ACT_DONE)
		printf("%s\n", action.message);
	else
		tree = smd_bench_parse(&bench, result);
	if (!tree)
		printf("%s\n", bench.error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(result);
	smd_text_free(covered);
	smd_text_free(paths);
	return tree;
}

static struct smd_action commit(const struct smd_text *payload)
{
	return shell_stage(&bench, bench.driver->commit, (struct smd_run){.payload = payload});
}

static void random_columns(struct gen *gen, struct smd_tree *tree, struct smd_node *port)
{
	static const char *const modes[] = {"access", "dot1q-tunnel", "native-tagged",
					    "native-untagged", "trunk"};
	static const char *const columns[] = {"tag", "trunks", "vlan_mode", "cvlans"};
	char number[16];

	for (size_t i = 0; i < SMD_COUNT(columns); i++) {
		const struct smd_node *node = smd_node_find(port, columns[i], NULL);

		if (!gen_chance(gen, 40))
			continue;
		if (node && gen_chance(gen, 70))
			smd_node_remove(smd_node_edit(tree, node));
		if (i % 2)
			for (unsigned k = gen_below(gen, 5); k; k--) {
				uint32_t first = gen_below(gen, 4090);

				smd_node_put_numbers(port, columns[i], first,
						     first + gen_below(gen, 6));
			}
		snprintf(number, sizeof(number), "%u", gen_below(gen, 4096));
		if (i % 2 == 0 && gen_chance(gen, 70))
			smd_node_put_leaf(port, columns[i],
					  i ? modes[gen_below(gen, SMD_COUNT(modes))] : number);
	}
}

static struct smd_tree *random_tree(struct gen *gen, const struct smd_tree *from)
{
	const struct smd_node *bridge, *port;
	struct smd_tree *tree;

	if (smd_tree_copy(&tree, from))
		abort();
	bridge = smd_node_find(smd_tree_top(tree), "bridge", "br0");
	for (port = smd_node_first(bridge); port; port = smd_node_next(port))
		if (gen_chance(gen, 50))
			random_columns(gen, tree, smd_node_edit(tree, port));
	return tree;
}

/*
 * Enter the commands from `from` to `to` into the switch. Switch, simulation and `to` must
 * agree.
 */
static int lead(const struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_text *payload = smd_bench_payload(&bench, from, to);
	struct smd_tree *simulated = payload ? smd_bench_enter(&bench, from, to, payload) : NULL;
	struct smd_tree *real;
	struct smd_action action;
	int good;

	CU_ASSERT_PTR_NOT_NULL_FATAL(simulated);
	action = commit(payload);
	real = fetch(NULL);
	good = action.act == SMD_ACT_DONE && smd_bench_same(real, simulated) &&
	       smd_bench_same(real, to);
	CU_ASSERT(good);
	if (!good) {
		printf("%s\n", action.message);
		bench_show_text("payload", payload);
		bench_show("real", real);
		bench_show("simulated", simulated);
	}
	smd_tree_free(real);
	smd_tree_free(simulated);
	smd_text_free(payload);
	return good;
}

static void the_switch_agrees_with_the_simulation(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		struct smd_tree *running = fetch(NULL);
		struct smd_tree *wanted = random_tree(&gen, running);
		int good = lead(running, wanted) && lead(wanted, running) && lead(running, wanted);

		smd_tree_free(running);
		smd_tree_free(wanted);
		if (!good)
			break;
	}
}

static void what_the_switch_refuses_changes_nothing(void)
{
	static const char *const lines[] = {
		"set Port nosuch tag=1",   "set Port h1 tag=5000",
		"set Port h1 tag=x",       "set Port h1 vlan_mode=bridge",
		"add Port h1 trunks 5000", "add Port h1 colour 5",
		"set Port h1 tag=",
	};
	struct smd_tree *before = fetch(NULL);

	for (size_t i = 0; i < SMD_COUNT(lines); i++) {
		struct smd_text *payload = bench_text();
		struct smd_tree *after;
		struct smd_action action;

		smd_text_line(payload, "set Port h2 tag=7");
		smd_text_line(payload, lines[i]);
		action = commit(payload);
		CU_ASSERT_EQUAL(action.act, SMD_ACT_FAIL);
		CU_ASSERT_EQUAL(action.reason, SMD_CLASS_REFUSED);
		CU_ASSERT_PTR_NOT_NULL(strstr(action.message, ": ovs-vsctl: "));
		CU_ASSERT_PTR_NULL(smd_bench_enter(&bench, before, NULL, payload));
		after = fetch(NULL);
		CU_ASSERT(smd_bench_same(before, after));
		smd_tree_free(after);
		smd_text_free(payload);
	}
	smd_tree_free(before);
}

static void a_payload_of_another_hand_is_not_sent(void)
{
	static const char *const lines[] = {"set Port h1 tag=1; touch broken", "set Port `x` tag=1",
					    "set Port h1 tag=$(id)", "set Port 'h1 tag=1",
					    "set Port h1 tag=1 > broken"};

	for (size_t i = 0; i < SMD_COUNT(lines); i++) {
		struct smd_text *payload = bench_text();
		struct smd_action action;

		smd_text_line(payload, lines[i]);
		action = commit(payload);
		CU_ASSERT_EQUAL(action.reason, SMD_CLASS_INVALID);
		smd_text_free(payload);
	}
	CU_ASSERT_NOT_EQUAL(access("broken", F_OK), 0);
}

static void another_bridge_is_left_alone(void)
{
	struct smd_tree *tree = fetch(NULL);

	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(tree, "/bridge[br0]/port[h1]", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(tree, "/bridge[br0]/port[br0]", NULL, NULL));
	CU_ASSERT_PTR_NULL(smd_tree_at(tree, "/bridge[br1]", NULL, NULL));
	smd_tree_free(tree);
}

static void a_missing_bridge_is_told(void)
{
	const struct smd_setting given = {"bridge", "no such"};
	struct smd_text *result = bench_text();
	struct smd_bench other;
	struct smd_action action;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&other, PARTS, "ovs", &given, 1), 0);
	action = shell_stage(&other, other.driver->fetch, (struct smd_run){.result = result});
	CU_ASSERT_EQUAL(action.reason, SMD_CLASS_REFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(action.message, "no row \"no such\" in table Bridge"));
	smd_text_free(result);
	smd_bench_done(&other);
}

static void the_version_is_learned(void)
{
	struct smd_facts facts = {.timer_longest = 99};
	struct smd_action action;

	need("ovs-vsctl set Open_vSwitch . ovs_version=3.1.0");
	action = shell_stage(&bench, bench.driver->attach, (struct smd_run){.facts = &facts});
	CU_ASSERT_EQUAL(action.act, SMD_ACT_DONE);
	CU_ASSERT_STRING_EQUAL(facts.product, "Open vSwitch");
	CU_ASSERT_STRING_EQUAL(facts.version, "3.1.0");
	CU_ASSERT_EQUAL(facts.atomic, 1);
	CU_ASSERT_EQUAL(facts.candidate, SMD_CANDIDATE_NONE);
	CU_ASSERT_EQUAL(facts.timer_longest, 0);
}

/*
 * What the switch reports about an interface is read only on request, and is never
 * configuration.
 */
static void a_fault_is_no_configuration(void)
{
	const struct smd_service *service =
		smd_language_service(&bench.language, "bridge-domain", 1);
	struct smd_tree *before = fetch(NULL), *after, *asked, *found, *again;
	struct smd_text *text;

	need("ovs-vsctl set Interface h2 error='\"could not open network device h2\"'");
	after = fetch(NULL);
	asked = fetch("/fault");
	CU_ASSERT(smd_bench_same(before, after));
	CU_ASSERT_FALSE(smd_bench_same(asked, after));
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&found), 0);
	CU_ASSERT_EQUAL(service->ports(bench.state, asked, found, &bench.error), 0);
	CU_ASSERT_STRING_EQUAL(
		smd_node_leaf(smd_node_find(smd_tree_top(found), "port", "h2"), "error"),
		"could not open network device h2");
	CU_ASSERT_PTR_NULL(
		smd_node_leaf(smd_node_find(smd_tree_top(found), "port", "h1"), "error"));
	text = smd_bench_print(&bench, asked);
	again = smd_bench_parse(&bench, text);
	CU_ASSERT(smd_bench_same(asked, again));
	smd_text_free(text);
	smd_tree_free(before);
	smd_tree_free(after);
	smd_tree_free(asked);
	smd_tree_free(again);
	smd_tree_free(found);
}

static void a_signal_leaves_the_outcome_open(void)
{
	struct smd_text *payload = bench_text();
	struct smd_action action;

	smd_text_line(payload, "set Port h1 tag=1");
	vswitch_obstruct("kill -ALRM $$");
	action = commit(payload);
	CU_ASSERT_EQUAL(action.act, SMD_ACT_FAIL);
	CU_ASSERT_EQUAL(action.reason, SMD_CLASS_UNKNOWN);
	vswitch_obstruct(NULL);
	smd_text_free(payload);
}

TEST_MAIN("ovs", TEST(start), TEST(another_bridge_is_left_alone), TEST(the_version_is_learned),
	  TEST(a_missing_bridge_is_told), TEST(the_switch_agrees_with_the_simulation),
	  TEST(what_the_switch_refuses_changes_nothing),
	  TEST(a_payload_of_another_hand_is_not_sent), TEST(a_fault_is_no_configuration),
	  TEST(a_signal_leaves_the_outcome_open), TEST(stop));
