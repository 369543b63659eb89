/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Open vSwitch driver sends carries its precondition: it is void when it comes late, and
 * nobody's edit is overwritten. With the real ovs-vsctl and ovsdb-server, and a proxy between.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "core/run/steps.h"
#include "ovsdb_proxy.h"
#include "shell.h"
#include "test.h"
#include "vswitch.h"

static struct smd_bench bench, other; /* two controllers; the first speaks through the proxy */
static struct ovsdb_proxy proxy;

/* What ovs-vsctl prints, as one line without its end. The caller frees it. */
static char *ask(const char *command)
{
	struct smd_text *out = bench_text(), *err = bench_text();
	char *line = NULL;

	if (!shell(command, out, err))
		line = strdup(smd_text_count(out) ? smd_text_get(out, 0, NULL) : "");
	else
		bench_show_text(command, err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	smd_text_free(out);
	smd_text_free(err);
	return line;
}

static void assert_value(const char *command, const char *wanted)
{
	char *value = ask(command);

	CU_ASSERT_STRING_EQUAL(value, wanted);
	if (strcmp(value, wanted) != 0)
		printf("%s: %s, not %s\n", command, value, wanted);
	free(value);
}

static char *marker(void)
{
	return ask("ovs-vsctl --if-exists get Bridge br0 external_ids:smartdeploy");
}

static void start(void)
{
	char path[64], server[64], db[80];
	const struct smd_setting proxied[] = {{"db", db}, {"timeout", "1"}};
	const struct smd_setting direct[] = {{"timeout", "1"}};

	vswitch_start();
	snprintf(path, sizeof(path), "%s/proxy.sock", vswitch_folder());
	snprintf(server, sizeof(server), "%s/db.sock", vswitch_folder());
	snprintf(db, sizeof(db), "unix:%s", path);
	need("ovs-vsctl add-br br0 -- add-br br1");
	for (size_t i = 1; i <= 3; i++)
		need("ovs-vsctl add-port br0 h%zu -- set Port h%zu trunks=4095", i, i);
	need("ovs-vsctl set Bridge br0 external_ids:owner=somebody");
	CU_ASSERT_EQUAL_FATAL(ovsdb_proxy_start(&proxy, path, server), 0);
	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&bench, PARTS, "ovs", proxied, 2), 0);
	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&other, PARTS, "ovs", direct, 1), 0);
}

static void stop(void)
{
	assert_value("ovs-vsctl get Bridge br0 external_ids:owner", "somebody");
	smd_bench_done(&bench);
	smd_bench_done(&other);
	ovsdb_proxy_stop(&proxy);
	vswitch_stop();
}

/* Bring all ports back to how they were parked, as a stranger would. */
static void park(void)
{
	need("ovs-vsctl clear Port h1 tag -- clear Port h2 tag -- clear Port h3 tag "
	     "-- set Port h1 trunks=4095 -- set Port h2 trunks=4095 -- set Port h3 trunks=4095");
}

static struct smd_tree *fetch(struct smd_bench *from)
{
	struct smd_text *result = bench_text(), *covered = bench_text();
	struct smd_action action = shell_stage(
		from, from->driver->fetch, (struct smd_run){.result = result, .covered = covered});
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL(action.act, SMD_ACT_DONE);
	if (action.act == SMD_ACT_DONE)
		tree = smd_bench_parse(from, result);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(result);
	smd_text_free(covered);
	return tree;
}

static struct smd_node *edit(struct smd_tree *tree, const char *port)
{
	const struct smd_node *bridge = smd_node_find(smd_tree_top(tree), "bridge", "br0");

	return smd_node_edit(tree, smd_node_find(bridge, "port", port));
}

/* Read the switch; returns the payload that gives h1 a tag and h2 a VLAN. */
static struct smd_text *read_and_render(struct smd_bench *from, const char *tag, uint32_t vlan)
{
	struct smd_tree *running = fetch(from), *wanted;
	struct smd_text *payload;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&wanted, running), 0);
	if (tag)
		smd_node_put_leaf(edit(wanted, "h1"), "tag", tag);
	if (vlan)
		smd_node_put_numbers(edit(wanted, "h2"), "trunks", vlan, vlan);
	payload = smd_bench_payload(from, running, wanted);
	CU_ASSERT_PTR_NOT_NULL_FATAL(payload);
	smd_tree_free(running);
	smd_tree_free(wanted);
	return payload;
}

static struct smd_action commit(struct smd_bench *on, const struct smd_text *payload)
{
	return shell_stage(on, on->driver->commit, (struct smd_run){.payload = payload});
}

static void assert_done(struct smd_action action)
{
	CU_ASSERT_EQUAL(action.act, SMD_ACT_DONE);
	if (action.act != SMD_ACT_DONE)
		printf("%s\n", action.message);
}

static void assert_failed(struct smd_action action, enum smd_class reason, const char *words)
{
	int good = action.act == SMD_ACT_FAIL && action.reason == reason &&
		   strstr(action.message, words);

	CU_ASSERT(good);
	if (!good)
		printf("act %d, class %d: %s\n", action.act, action.reason, action.message);
}

static void assert_aborts(struct smd_bench *on)
{
	assert_done(shell_stage(on, on->driver->abort, (struct smd_run){.state = NULL}));
}

/* Does an operation fail at once unless all is as it says (RFC 7047, section 5.2.6)? */
static int compares(const cJSON *operation)
{
	const cJSON *until = cJSON_GetObjectItemCaseSensitive(operation, "until");
	const cJSON *timeout = cJSON_GetObjectItemCaseSensitive(operation, "timeout");

	return cJSON_IsString(until) && !strcmp(until->valuestring, "==") &&
	       cJSON_IsNumber(timeout) && timeout->valueint == 0;
}

/* The operation `wait` on a table; NULL: none before the first change. */
static const cJSON *wait_on(const cJSON *transaction, const char *table, const char *column)
{
	const cJSON *operation;

	cJSON_ArrayForEach (operation, transaction) {
		const cJSON *kind = cJSON_GetObjectItemCaseSensitive(operation, "op");
		const cJSON *name = cJSON_GetObjectItemCaseSensitive(operation, "table");
		const cJSON *rows = cJSON_GetObjectItemCaseSensitive(operation, "rows");
		const cJSON *value =
			cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(rows, 0), column);

		if (!cJSON_IsString(kind))
			continue; /* the name of the database */
		if (strcmp(kind->valuestring, "wait") != 0)
			return NULL;
		if (cJSON_IsString(name) && !strcmp(name->valuestring, table) && value &&
		    compares(operation))
			return operation;
	}
	return NULL;
}

/* The last transaction of the first controller fails unless a column has this value (JSON). */
static void assert_waits(const char *table, const char *column, const char *value)
{
	cJSON *transaction = ovsdb_proxy_transaction(&proxy);
	const cJSON *operation = wait_on(transaction, table, column);
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(operation, "rows");
	char *found = cJSON_PrintUnformatted(
		cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(rows, 0), column));

	CU_ASSERT_PTR_NOT_NULL(found);
	CU_ASSERT(found && !strcmp(found, value));
	if (!found || strcmp(found, value) != 0)
		printf("%s.%s: %s, not %s\n", table, column, found ? found : "no wait", value);
	free(found);
	cJSON_Delete(transaction);
}

/* The bridge has no marker yet. */
static void the_transaction_waits_for_what_was_read(void)
{
	struct smd_text *payload = read_and_render(&bench, "100", 100);
	char *written;

	assert_done(commit(&bench, payload));
	assert_waits("Bridge", "external_ids", "[\"map\",[[\"owner\",\"somebody\"]]]");
	assert_waits("Port", "tag", "[\"set\",[]]");
	assert_waits("Port", "trunks", "4095");
	assert_value("ovs-vsctl get Port h1 tag", "100");
	assert_value("ovs-vsctl get Port h2 trunks", "[100, 4095]");
	written = marker();
	CU_ASSERT_EQUAL(strncmp(written, "d-1.", 4), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(written, ".none"));
	free(written);
	smd_text_free(payload);
}

static void each_commit_has_a_new_marker(void)
{
	struct smd_text *payload = read_and_render(&bench, "101", 0), *again;
	char *first, *second, expected[160];

	assert_done(commit(&bench, payload));
	first = marker();
	again = bench_text(); /* without a reading between: the marker is known */
	smd_text_line(again, "wait-until Port h1 tag=101 -- set Port h1 tag=102");
	assert_done(commit(&bench, again));
	second = marker();
	snprintf(expected, sizeof(expected),
		 "[\"map\",[[\"owner\",\"somebody\"],[\"smartdeploy\",\"%s\"]]]", first);
	assert_waits("Bridge", "external_ids", expected);
	CU_ASSERT_STRING_NOT_EQUAL(first, second);
	assert_value("ovs-vsctl get Port h1 tag", "102");
	free(first);
	free(second);
	smd_text_free(payload);
	smd_text_free(again);
}

static void an_edit_before_the_command_stands(void)
{
	struct smd_text *payload = read_and_render(&bench, "100", 100);

	need("ovs-vsctl set Port h1 tag=77");
	assert_failed(commit(&bench, payload), SMD_CLASS_CONFLICT,
		      "port 'h1' was changed since it was read: tag is 77, not 'tag=102'");
	assert_value("ovs-vsctl get Port h1 tag", "77");
	smd_text_free(payload);
}

static void set_tag(void)
{
	need("ovs-vsctl set Port h1 tag=77");
}

static void open_port(void)
{
	need("ovs-vsctl clear Port h1 trunks");
}

/* ovs-vsctl has read the switch and found all as it should be; its transaction is on its way. */
static void an_edit_before_the_transaction_stands(void)
{
	struct smd_text *payload;

	park();
	payload = read_and_render(&bench, "100", 200);
	ovsdb_proxy_hold(&proxy, set_tag);
	assert_failed(commit(&bench, payload), SMD_CLASS_CONFLICT, "tag is 77, not 'tag=[]'");
	assert_value("ovs-vsctl get Port h1 tag", "77");
	assert_value("ovs-vsctl get Port h2 trunks", "[4095]");
	smd_text_free(payload);
}

/* The tag is what shuts a port whose list is empty. */
static void no_port_is_opened(void)
{
	struct smd_tree *running, *wanted;
	struct smd_text *payload;

	park();
	need("ovs-vsctl set Port h1 tag=100");
	running = fetch(&bench);
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&wanted, running), 0);
	smd_node_remove(smd_node_edit(wanted, smd_node_find(edit(wanted, "h1"), "tag", NULL)));
	payload = smd_bench_payload(&bench, running, wanted);
	CU_ASSERT_PTR_NOT_NULL_FATAL(payload);
	ovsdb_proxy_hold(&proxy, open_port);
	assert_failed(commit(&bench, payload), SMD_CLASS_CONFLICT, "trunks is empty");
	assert_value("ovs-vsctl get Port h1 tag", "100");
	smd_text_free(payload);
	smd_tree_free(running);
	smd_tree_free(wanted);
}

static void a_vlan_of_others_on_the_same_trunk_is_no_conflict(void)
{
	struct smd_text *payload;

	park();
	payload = read_and_render(&bench, NULL, 200);
	need("ovs-vsctl add Port h2 trunks 300");
	assert_done(commit(&bench, payload));
	assert_value("ovs-vsctl get Port h2 trunks", "[200, 300, 4095]");
	smd_text_free(payload);
}

/* The command that a stage sends first. The caller frees it. Its answer does not come in time. */
static char *lose_command(struct smd_bench *on, const struct smd_text *payload)
{
	struct smd_text *empty = bench_text();
	struct smd_answer answer = {.end = SMD_END_START, .out = empty, .err = empty};
	struct smd_action action = {.act = 0};
	struct smd_run_core core;
	struct smd_run run = {.state = on->state,
			      .device = "switch",
			      .tag = "d-1",
			      .payload = payload,
			      .core = &core};
	char *command;

	smd_run_core_init(&core);
	on->driver->commit(&run, &answer, &action);
	CU_ASSERT_EQUAL_FATAL(action.act, SMD_ACT_EXCHANGE);
	command = strdup(action.exchanges[0].send);
	answer = (struct smd_answer){
		.end = SMD_END_DEADLINE, .out = empty, .err = empty, .status = -1};
	smd_run_core_reset(&core);
	action = (struct smd_action){.act = 0};
	on->driver->commit(&run, &answer, &action);
	assert_failed(action, SMD_CLASS_UNKNOWN, "");
	smd_run_core_done(&core);
	smd_text_free(empty);
	return command;
}

static int begin_late(const char *command)
{
	struct smd_text *out = bench_text(), *err = bench_text();
	int status = shell(command, out, err);

	smd_text_free(out);
	smd_text_free(err);
	return status;
}

static void a_late_command_is_void_after_abort(void)
{
	struct smd_text *payload;
	char *command;

	park();
	payload = read_and_render(&bench, "100", 0);
	command = lose_command(&bench, payload);
	CU_ASSERT_EQUAL(begin_late(command), 0); /* without abort it acts */
	assert_value("ovs-vsctl get Port h1 tag", "100");
	free(command);
	park();
	smd_text_free(payload);
	payload = read_and_render(&bench, "100", 0);
	command = lose_command(&bench, payload);
	assert_aborts(&bench);
	CU_ASSERT_NOT_EQUAL(begin_late(command), 0);
	assert_value("ovs-vsctl get Port h1 tag", "[]");
	free(command);
	smd_text_free(payload);
}

static void abort_by_other(void)
{
	assert_aborts(&other);
}

static void a_transaction_on_its_way_is_void_after_abort(void)
{
	struct smd_text *payload;

	park();
	payload = read_and_render(&bench, "100", 0);
	ovsdb_proxy_hold(&proxy, abort_by_other);
	assert_failed(commit(&bench, payload), SMD_CLASS_UNKNOWN, "marker of somebody else");
	assert_value("ovs-vsctl get Port h1 tag", "[]");
	smd_text_free(payload);
}

static void another_controller_is_in_the_way(void)
{
	struct smd_text *payload, *theirs;

	park();
	payload = read_and_render(&bench, "100", 0);
	theirs = read_and_render(&other, NULL, 200);
	assert_done(commit(&other, theirs));
	assert_failed(commit(&bench, payload), SMD_CLASS_CONFLICT,
		      "'d-1' of another controller has changed the switch");
	assert_value("ovs-vsctl get Port h1 tag", "[]");
	assert_value("ovs-vsctl get Port h2 trunks", "[200, 4095]");
	smd_text_free(payload);
	smd_text_free(theirs);
}

/* A new controller commits what it has not read itself. */
static void a_commit_without_a_reading_reads_first(void)
{
	const struct smd_setting direct[] = {{"timeout", "1"}};
	struct smd_text *payload = bench_text();
	struct smd_bench fresh;

	park();
	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&fresh, PARTS, "ovs", direct, 1), 0);
	smd_text_line(payload, "wait-until Port h1 tag=5 -- set Port h1 tag=6");
	assert_failed(commit(&fresh, payload), SMD_CLASS_CONFLICT, "tag is empty, not 'tag=5'");
	smd_bench_done(&fresh);
	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&fresh, PARTS, "ovs", direct, 1), 0);
	need("ovs-vsctl set Port h1 tag=5");
	assert_done(commit(&fresh, payload));
	assert_value("ovs-vsctl get Port h1 tag", "6");
	smd_bench_done(&fresh);
	smd_text_free(payload);
}

static void abort_with_nothing_of_ours_only_writes_the_marker(void)
{
	const struct smd_setting given[] = {{"bridge", "br1"}};
	struct smd_bench unused;
	char *first, *second;

	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&unused, PARTS, "ovs", given, 1), 0);
	assert_aborts(&unused);
	first = ask("ovs-vsctl get Bridge br1 external_ids");
	assert_aborts(&unused);
	second = ask("ovs-vsctl get Bridge br1 external_ids");
	CU_ASSERT_EQUAL(strncmp(first, "{smartdeploy=", 13), 0);
	CU_ASSERT_STRING_NOT_EQUAL(first, second);
	free(first);
	free(second);
	smd_bench_done(&unused);
}

static void an_odd_marker_is_quoted(void)
{
	static const char *const values[] = {"'\"\"'", "'\"a b\"'", "'\"\\\"{x}=[y], ;$(id)\"'",
					     "'\"it'\\''s\\nb\xc3\xb6\\\\\"'"};

	for (size_t i = 0; i < SMD_COUNT(values); i++) {
		struct smd_text *payload;

		need("ovs-vsctl set Bridge br0 external_ids:smartdeploy=%s", values[i]);
		payload = read_and_render(&bench, i % 2 ? "10" : "11", 0);
		assert_done(commit(&bench, payload));
		smd_text_free(payload);
	}
	assert_value("ovs-vsctl get Port h1 tag", "10");
}

/* The database has taken the change, and there is nobody who tells the datapath. */
static void a_switch_that_does_not_take_over_is_unknown(void)
{
	struct smd_text *payload;

	park();
	payload = read_and_render(&bench, "100", 0);
	vswitch_wait(1);
	assert_failed(commit(&bench, payload), SMD_CLASS_UNKNOWN, "ovs-vswitchd did not take it");
	vswitch_wait(0);
	assert_value("ovs-vsctl get Port h1 tag", "100");
	smd_text_free(payload);
}

static void a_simulation_knows_the_guards(void)
{
	struct smd_text *payload = read_and_render(&bench, "55", 0);
	struct smd_tree *tree;

	need("ovs-vsctl set Port h1 tag=77");
	tree = fetch(&bench);
	CU_ASSERT_PTR_NULL(smd_bench_enter(&bench, tree, NULL, payload));
	CU_ASSERT_EQUAL(bench.error.code, SMD_E_CONFLICT);
	smd_tree_free(tree);
	smd_text_free(payload);
}

static void a_guard_that_is_none_is_not_sent(void)
{
	static const char *const lines[] = {
		"wait-until Port h1 -- set Port h1 tag=1",
		"wait-until Port h1 tag=1",
		"wait-until Port h1 tag=1 -- set Port h2 tag=1",
		"wait-until Bridge h1 tag=1 -- set Port h1 tag=1",
	};

	for (size_t i = 0; i < SMD_COUNT(lines); i++) {
		struct smd_text *payload = bench_text();

		smd_text_line(payload, lines[i]);
		assert_failed(commit(&bench, payload), SMD_CLASS_INVALID, "a guard without");
		smd_text_free(payload);
	}
}

static struct smd_tree *many_ports(unsigned count, const char *tag)
{
	struct smd_node *bridge;
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&tree), 0);
	bridge = smd_node_make(smd_tree_root(tree), "bridge", "br0");
	for (unsigned i = 0; i < count; i++) {
		char name[16];
		struct smd_node *port;

		snprintf(name, sizeof(name), "eth%04u", i);
		port = smd_node_make(bridge, "port", name);
		smd_node_put_numbers(port, "trunks", 4095, 4095);
		if (tag)
			smd_node_put_leaf(port, "tag", tag);
	}
	return tree;
}

/* Also because of the way back, whose guards are longer. */
static void what_is_too_long_is_refused_when_planned(void)
{
	struct smd_tree *few = many_ports(1200, NULL), *few_tagged = many_ports(1200, "100");
	struct smd_text *payload = smd_bench_payload(&bench, few, few_tagged);

	CU_ASSERT_PTR_NOT_NULL(payload);
	CU_ASSERT_PTR_NULL(smd_bench_payload(&bench, few_tagged, few));
	CU_ASSERT_EQUAL(bench.error.code, SMD_E_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.error.message, "the change and what guards it take"));
	smd_text_free(payload);
	smd_tree_free(few);
	smd_tree_free(few_tagged);
}

/* A command that reads, and that the alarm of --timeout ends: no answer is told as no answer. */
static void an_alarm_is_no_refusal(void)
{
	static const int statuses[] = {142, -1};
	struct smd_text *empty = bench_text(), *words = bench_text();

	smd_text_line(words, "Alarm clock");
	for (size_t i = 0; i < SMD_COUNT(statuses); i++) {
		struct smd_answer answer = {.end = SMD_END_START, .out = empty, .err = words};
		struct smd_action action = {.act = 0};
		struct smd_run_core core;
		struct smd_run run = {
			.state = bench.state, .device = "switch", .tag = "", .core = &core};

		smd_run_core_init(&core);
		bench.driver->fetch(&run, &answer, &action);
		CU_ASSERT_EQUAL_FATAL(action.act, SMD_ACT_EXCHANGE);
		smd_run_core_reset(&core);
		answer.end = SMD_END_FAILURE;
		answer.status = statuses[i];
		answer.failed_err = 1;
		action = (struct smd_action){.act = 0};
		bench.driver->fetch(&run, &answer, &action);
		assert_failed(action, SMD_CLASS_UNKNOWN,
			      "the switch's database gave no answer in ");
		smd_run_core_done(&core);
	}
	smd_text_free(empty);
	smd_text_free(words);
}

TEST_MAIN("ovs_guard", TEST(start), TEST(the_transaction_waits_for_what_was_read),
	  TEST(each_commit_has_a_new_marker), TEST(an_edit_before_the_command_stands),
	  TEST(an_edit_before_the_transaction_stands), TEST(no_port_is_opened),
	  TEST(a_vlan_of_others_on_the_same_trunk_is_no_conflict),
	  TEST(a_late_command_is_void_after_abort),
	  TEST(a_transaction_on_its_way_is_void_after_abort),
	  TEST(another_controller_is_in_the_way), TEST(a_commit_without_a_reading_reads_first),
	  TEST(abort_with_nothing_of_ours_only_writes_the_marker), TEST(an_odd_marker_is_quoted),
	  TEST(a_switch_that_does_not_take_over_is_unknown), TEST(a_simulation_knows_the_guards),
	  TEST(a_guard_that_is_none_is_not_sent), TEST(what_is_too_long_is_refused_when_planned),
	  TEST(an_alarm_is_no_refusal), TEST(stop));
