/* SPDX-License-Identifier: Apache-2.0 */
/* The Junos model against its pages: every statement of the tables, and each rule by an example. */
#include "junos_draw.h"
#include "test.h"

#include <inttypes.h>

/* A device with its statements. */
struct bench {
	struct junos *device;
	struct junos_statements all;
	struct sim_random random;
};

static struct bench bench_new(void)
{
	struct bench bench = {.device = junos_new(), .random = {7}};

	bench.all = junos_statements_all(bench.device->schema);
	return bench;
}

static void bench_free(struct bench *bench)
{
	free(bench->all.list);
	junos_free(bench->device);
}

/* Enters `VERB PATH`; returns the message, to be freed. */
static char *enter(struct junos *device, const char *verb, const char *path)
{
	char *line = sim_say("%s %s", verb, path), *message = junos_enter(device, line);

	free(line);
	return message;
}

static void must_enter(struct junos *device, const char *verb, const char *path)
{
	char *message = enter(device, verb, path);

	if (message)
		printf("%s %s: %s\n", verb, path, message);
	CU_ASSERT_PTR_NULL(message);
	free(message);
}

/* Whether the candidate holds `set PATH` as a line, or a line that begins so. */
static bool shows(struct junos *device, const char *path)
{
	struct junos view = {.running = device->candidate};
	char *text = junos_show(&view, true), *line = sim_say("set %s", path);
	bool found = false;

	for (const char *at = text; !found && (at = strstr(at, line)); at++)
		found = (at == text || at[-1] == '\n') && strchr("\n ", at[strlen(line)]);
	free(line);
	free(text);
	return found;
}

static bool is_leaf(const struct junos_schema *schema)
{
	return schema->kind == JUNOS_LEAF || schema->kind == JUNOS_VALUE;
}

static bool stays_alone(const struct junos_schema *schema)
{
	return schema->kind != JUNOS_CONTAINER;
}

static bool is_known_path(struct junos *device, const char *path)
{
	struct junos_words words = junos_words_split(path);
	char *refusal;
	struct junos_path steps =
		junos_path_read(device->schema, words.word, words.count, true, &refusal);
	bool known = !refusal;

	for (size_t i = 0; i < steps.count; i++)
		known = known && steps.step[i].kind != JUNOS_CARRIED;
	free(refusal);
	junos_path_free(&steps);
	junos_words_free(&words);
	return known;
}

static void check_set_and_delete(struct bench *bench, const struct junos_schema *schema)
{
	char *parent = junos_sample(schema->parent, &bench->random);
	char *value = junos_sample_value(schema, &bench->random);
	char *path = junos_sample_at(parent, schema, value);
	char *bare = junos_sample_at(parent, schema, is_leaf(schema) ? "" : value);
	char *message;

	CU_ASSERT(is_known_path(bench->device, path));
	must_enter(bench->device, "set", path);
	CU_ASSERT_EQUAL(shows(bench->device, path), stays_alone(schema));
	must_enter(bench->device, "set", path);
	if (stays_alone(schema) && schema->kind != JUNOS_VALUE) {
		must_enter(bench->device, "delete", bare);
		CU_ASSERT_FALSE(shows(bench->device, path));
		must_enter(bench->device, "set", path);
		must_enter(bench->device, "delete", path);
		message = enter(bench->device, "delete", path);
		CU_ASSERT_PTR_NOT_NULL(message);
		CU_ASSERT(message && !strncmp(message, "warning: ", strlen("warning: ")));
		free(message);
	}
	free(bare);
	free(path);
	free(value);
	free(parent);
}

static void every_statement_has_a_page_and_an_edit(void)
{
	const struct sim_model *model = sim_model_find("junos");
	size_t count = sim_known_count(model);
	struct bench bench = bench_new();

	CU_ASSERT_EQUAL(count, bench.all.count);
	for (size_t i = 0; i < count; i += 7) {
		struct sim_known known = sim_known_at(model, i);

		CU_ASSERT(*known.words && *known.page);
		CU_ASSERT_FALSE(sim_starts(known.page, "junos-conf-root"));
	}
	bench_free(&bench);
}

static void every_statement_is_set_shown_and_deleted(void)
{
	struct bench bench = bench_new();

	CU_ASSERT(bench.all.count > 900);
	for (size_t i = 0; i < bench.all.count; i++) {
		free(junos_load(bench.device, ""));
		check_set_and_delete(&bench, bench.all.list[i]);
	}
	bench_free(&bench);
}

/* Two values that differ; false when the statement has one only. */
static bool two_values(struct bench *bench, const struct junos_schema *schema, char **one,
		       char **two)
{
	*one = junos_sample_value(schema, &bench->random);
	for (int tries = 0; tries < 50; tries++) {
		*two = junos_sample_value(schema, &bench->random);
		if (strcmp(*one, *two) != 0)
			return true;
		free(*two);
	}
	free(*one);
	return false;
}

static void another_value_overwrites_or_stands_beside(void)
{
	struct bench bench = bench_new();

	for (size_t i = 0; i < bench.all.count; i++) {
		const struct junos_schema *schema = bench.all.list[i];
		char *one, *two, *parent, *first, *second;

		if (!two_values(&bench, schema, &one, &two))
			continue;
		parent = junos_sample(schema->parent, &bench.random);
		first = junos_sample_at(parent, schema, one);
		second = junos_sample_at(parent, schema, two);
		free(junos_load(bench.device, ""));
		must_enter(bench.device, "set", first);
		must_enter(bench.device, "set", second);
		CU_ASSERT(shows(bench.device, second));
		CU_ASSERT_EQUAL(shows(bench.device, first), !is_leaf(schema));
		free(first);
		free(second);
		free(parent);
		free(one);
		free(two);
	}
	bench_free(&bench);
}

static void check_choice(struct bench *bench, const struct junos_schema *one,
			 const struct junos_schema *two)
{
	char *parent = junos_sample(one->parent, &bench->random);
	char *first = junos_sample_below(one->parent, parent, one, &bench->random);
	char *second = junos_sample_below(one->parent, parent, two, &bench->random);

	free(junos_load(bench->device, ""));
	must_enter(bench->device, "set", first);
	must_enter(bench->device, "set", second);
	CU_ASSERT_FALSE(shows(bench->device, first));
	free(first);
	free(second);
	free(parent);
}

static void a_case_of_a_choice_takes_the_others_away(void)
{
	struct bench bench = bench_new();
	size_t pairs = 0;

	for (size_t i = 0; i < bench.all.count; i++)
		for (size_t j = 0; j < bench.all.list[i]->parent->count; j++) {
			const struct junos_schema *one = bench.all.list[i];
			const struct junos_schema *two = one->parent->children[j];

			if (!junos_excludes(one, two))
				continue;
			check_choice(&bench, one, two);
			pairs++;
		}
	CU_ASSERT(pairs > 200);
	bench_free(&bench);
}

static void numbers_and_words_outside_are_refused(void)
{
	struct bench bench = bench_new();

	for (size_t i = 0; i < bench.all.count; i++) {
		const struct junos_schema *schema = bench.all.list[i];
		char *parent = junos_sample(schema->parent, &bench.random), *path, *message;

		if (schema->statement->limits || schema->statement->one_of) {
			path = junos_sample_at(parent, schema,
					       schema->statement->limits ? "99999999999"
									 : "nonsense");
			message = enter(bench.device, "set", path);
			CU_ASSERT_PTR_NOT_NULL(message);
			free(message);
			free(path);
		}
		free(parent);
	}
	bench_free(&bench);
}

/* Enters lines apart by `;` and commits; returns the message, to be freed. */
static char *commit(struct junos *device, const char *lines)
{
	char *list = sim_copy(lines), *rest = list, *line, *message = NULL;

	while (!message && (line = strsep(&rest, ";")))
		message = junos_enter(device, line);
	free(list);
	return message ? message : junos_commit(device);
}

static void check_commit(const char *lines, const char *expected)
{
	struct junos *device = junos_new();
	char *message = commit(device, lines);

	if (expected) {
		CU_ASSERT_PTR_NOT_NULL(message);
		if (message && !strstr(message, expected))
			printf("%s: %s\n", lines, message);
		CU_ASSERT(message && strstr(message, expected));
	} else {
		if (message)
			printf("%s: %s\n", lines, message);
		CU_ASSERT_PTR_NULL(message);
	}
	free(message);
	junos_free(device);
}

static void names_must_be_defined_at_commit(void)
{
	struct bench bench = bench_new();

	for (size_t i = 0; i < bench.all.count; i++) {
		const struct junos_schema *list;
		char *path, *name, *line;

		if (!bench.all.list[i]->statement->refers)
			continue;
		free(junos_load(bench.device, ""));
		path = junos_sample(bench.all.list[i], &bench.random);
		must_enter(bench.device, "set", path);
		name = junos_undefined(bench.device->schema, bench.device->candidate, &list);
		CU_ASSERT(name || strstr(path, "vlan members") || strstr(path, "super-user"));
		free(name);
		junos_rollback(bench.device);
		line = sim_say("set %s", path);
		CU_ASSERT(junos_try(bench.device, &bench.all, line, &bench.random));
		free(line);
		free(path);
	}
	bench_free(&bench);
	check_commit("set protocols bgp export P",
		     "Policy error: Policy P referenced but not defined");
	check_commit("set protocols bgp export P;set policy-options policy-statement P then accept",
		     NULL);
	check_commit("set protocols bgp export P;set groups G policy-options policy-statement P "
		     "then accept",
		     NULL);
	check_commit("set policy-options policy-statement P then accept;deactivate policy-options "
		     "policy-statement P;set protocols bgp export P",
		     "Policy P");
	check_commit("set protocols bgp export P;deactivate protocols bgp", NULL);
	check_commit("set apply-groups G", "referenced but not defined");
	check_commit("set groups G protocols bgp export P", NULL);
}

static void commit_keeps_apart_what_the_models_do(void)
{
	check_commit("set routing-options nonstop-routing", "requires");
	check_commit("set routing-options nonstop-routing;set system commit synchronize;"
		     "set chassis redundancy graceful-switchover",
		     NULL);
	check_commit(
		"set routing-options nonstop-routing;set system commit synchronize;set chassis "
		"redundancy graceful-switchover;set routing-options graceful-restart",
		"must not");
	check_commit("set interfaces ge-0/0/0 stacked-vlan-tagging;set interfaces ge-0/0/0 unit 1 "
		     "vlan-id 10",
		     "must not");
	check_commit("set interfaces ge-0/0/0 unit 1 vlan-tags outer 10", "requires");
	check_commit("set interfaces ge-0/0/0 flexible-vlan-tagging;set interfaces ge-0/0/0 unit 1 "
		     "vlan-tags outer 10 inner 20",
		     NULL);
	check_commit("set interfaces ge-0/0/0 unit 0 family ethernet-switching;set interfaces "
		     "ge-0/0/0 unit 0 family inet",
		     "must not");
	check_commit("set interfaces ge-0/0/0 native-vlan-id 5", "requires");
	check_commit("set interfaces ge-0/0/0 native-vlan-id 5;set interfaces ge-0/0/0 unit 0 "
		     "family ethernet-switching interface-mode trunk",
		     NULL);
	check_commit("set interfaces ge-0/0/0 gigether-options 802.3ad ae0;set interfaces ge-0/0/0 "
		     "gigether-options flow-control",
		     "must not");
	check_commit("set protocols bgp group G type internal;set protocols bgp group G ttl 255",
		     "must not");
	check_commit("set protocols bgp group G authentication-algorithm md5", "requires");
	check_commit("set routing-instances A route-distinguisher 1:1;set routing-instances B "
		     "route-distinguisher 1:1",
		     "duplicate");
}

/* Loads set lines parted by `;`, enters others, and compares the candidate's set lines. */
static void check_lines(const char *lines, const char *expected)
{
	struct junos *device = junos_new();
	char *list = sim_copy(lines), *rest = list, *line, *text;

	while ((line = strsep(&rest, ";")))
		free(junos_enter(device, line));
	free(junos_commit(device));
	text = junos_show(device, true);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
	free(list);
	junos_free(device);
}

static void insert_moves_entries_and_members(void)
{
	check_lines("set policy-options policy-statement P term A then accept;"
		    "set policy-options policy-statement P term B then reject;"
		    "insert policy-options policy-statement P term B before term A",
		    "set policy-options policy-statement P term B then reject\n"
		    "set policy-options policy-statement P term A then accept\n");
	check_lines("set system authentication-order [ radius tacplus password ];"
		    "insert system authentication-order radius after password",
		    "set system authentication-order tacplus\n"
		    "set system authentication-order password\n"
		    "set system authentication-order radius\n");
	check_lines("set vlans B;set vlans A;insert vlans B before A",
		    "set vlans A\nset vlans B\n");
	check_commit("set policy-options policy-statement P term A;"
		     "insert policy-options policy-statement P term A before term X",
		     "not found");
}

static void members_come_and_go_one_by_one(void)
{
	check_lines("set vlans V vlan-id-list [ 30 10 20 ];delete vlans V vlan-id-list 10",
		    "set vlans V vlan-id-list 20\nset vlans V vlan-id-list 30\n");
	check_lines("set snmp interface [ a b c ];delete snmp interface [ a c ]",
		    "set snmp interface b\n");
	check_lines("set snmp interface [ a b ];delete snmp interface", "");
	check_commit("set snmp interface a;delete snmp interface b", "statement not found");
}

static void order_is_the_devices_or_as_entered(void)
{
	check_lines("set interfaces ge-0/0/10 mtu 2000;set interfaces ge-0/0/2 mtu 3000;"
		    "set interfaces ge-0/0/2 description x;set system host-name r1",
		    "set system host-name r1\n"
		    "set interfaces ge-0/0/2 description x\n"
		    "set interfaces ge-0/0/2 mtu 3000\n"
		    "set interfaces ge-0/0/10 mtu 2000\n");
	check_lines("set protocols bgp group B;set protocols bgp group A",
		    "set protocols bgp group B\nset protocols bgp group A\n");
}

static void containers_go_when_empty_and_presence_stays(void)
{
	check_lines("set interfaces ge-0/0/0 hold-time up 100;"
		    "delete interfaces ge-0/0/0 hold-time up",
		    "set interfaces ge-0/0/0\n");
	check_lines("set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24;"
		    "delete interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24",
		    "set interfaces ge-0/0/0 unit 0 family inet\n");
	check_lines("set system arp aging-timer 5;delete system arp aging-timer", "");
	check_lines("set protocols bgp group G neighbor 10.0.0.1 hold-time 30;delete protocols bgp",
		    "");
	check_lines("set interfaces ge-0/0/0 gigether-options", "set interfaces ge-0/0/0\n");
}

static void what_no_table_knows_is_carried(void)
{
	check_lines("set event-options policy P events E;set protocols bgp what ever it is;"
		    "delete event-options policy",
		    "set protocols bgp what ever it is\n");
	check_lines("set protocols bgp what ever;set protocols bgp whatever;"
		    "delete protocols bgp what ever",
		    "set protocols bgp whatever\n");
}

static void inactive_statements_are_marked(void)
{
	check_lines("set vlans A vlan-id 5;deactivate vlans A",
		    "set vlans A vlan-id 5\ndeactivate vlans A\n");
	check_lines("set vlans A vlan-id 5;deactivate vlans A;activate vlans A",
		    "set vlans A vlan-id 5\n");
	check_commit("set vlans A;deactivate vlans B", "statement not found");
	check_commit("set routing-options confederation 65000 members 65001;"
		     "deactivate routing-options confederation members",
		     "syntax error");
}

static const char shown[] = "system {\n"
			    "    host-name r1;\n"
			    "    login {\n"
			    "        user alice {\n"
			    "            authentication {\n"
			    "                encrypted-password \"$6$x\"; ## SECRET-DATA\n"
			    "            }\n"
			    "        }\n"
			    "    }\n"
			    "}\n"
			    "interfaces {\n"
			    "    inactive: ge-0/0/0 {\n"
			    "        description \"to core\";\n"
			    "        unit 0 {\n"
			    "            family inet {\n"
			    "                address 10.0.0.1/24;\n"
			    "            }\n"
			    "        }\n"
			    "    }\n"
			    "}\n"
			    "policy-options {\n"
			    "    community C members [ 65000:1 65000:2 ];\n"
			    "    policy-statement P {\n"
			    "        term A {\n"
			    "            from {\n"
			    "                protocol bgp;\n"
			    "                route-filter 10.0.0.0/8 upto /24;\n"
			    "            }\n"
			    "            then {\n"
			    "                community add C;\n"
			    "                accept;\n"
			    "            }\n"
			    "        }\n"
			    "        then reject;\n"
			    "    }\n"
			    "}\n"
			    "firewall {\n"
			    "    family inet {\n"
			    "        filter F {\n"
			    "            term T {\n"
			    "                from {\n"
			    "                    source-address {\n"
			    "                        10.0.0.0/8;\n"
			    "                        10.1.0.0/16 except;\n"
			    "                    }\n"
			    "                }\n"
			    "                then discard;\n"
			    "            }\n"
			    "        }\n"
			    "    }\n"
			    "}\n"
			    "routing-options {\n"
			    "    autonomous-system 65000 loops 2;\n"
			    "    static {\n"
			    "        route 0.0.0.0/0 next-hop 10.0.0.2;\n"
			    "        route 10.0.0.0/8 {\n"
			    "            discard;\n"
			    "            retain;\n"
			    "        }\n"
			    "    }\n"
			    "}\n"
			    "event-options {\n"
			    "    policy X {\n"
			    "        events Y;\n"
			    "    }\n"
			    "}\n";

static void braces_are_shown_as_read(void)
{
	struct junos *device = junos_new();
	char *message = junos_load(device, shown), *text = junos_show(device, false);

	CU_ASSERT_PTR_NULL(message);
	CU_ASSERT_STRING_EQUAL(text, shown);
	free(text);
	free(message);
	message = junos_load(device, "system { host-name; }");
	CU_ASSERT_PTR_NOT_NULL(message);
	text = junos_show(device, false);
	CU_ASSERT_STRING_EQUAL(text, shown);
	free(text);
	free(message);
	junos_free(device);
}

/* A drawn text shows as it was loaded, in its own form and through the other, and commits. */
static void check_text(struct junos *device, const char *text, bool as_set)
{
	char *message = junos_load(device, text), *same = junos_show(device, as_set);
	char *other = junos_show(device, !as_set), *back;

	CU_ASSERT_PTR_NULL(message);
	CU_ASSERT_STRING_EQUAL(same, text);
	free(message);
	message = junos_commit(device);
	CU_ASSERT_PTR_NULL(message);
	free(message);
	free(junos_load(device, other));
	back = junos_show(device, as_set);
	CU_ASSERT_STRING_EQUAL(back, text);
	free(back);
	free(other);
	free(same);
}

static void drawn_texts_load_as_shown(void)
{
	struct junos *device = junos_new(), *second = junos_new();

	for (uint64_t seed = 0; seed < 130; seed++)
		for (int kind = 0; kind < SIM_EDITS; kind++) {
			char *before, *after, *again, *other;
			bool as_set = seed % 2;

			CU_ASSERT_PTR_NOT_NULL_FATAL(junos_draw((enum sim_edit)kind, seed, as_set,
								device, &before, &after));
			CU_ASSERT_STRING_NOT_EQUAL(before, after);
			check_text(second, before, as_set);
			check_text(second, after, as_set);
			if (seed < 5) {
				junos_draw((enum sim_edit)kind, seed, as_set, second, &again,
					   &other);
				CU_ASSERT_STRING_EQUAL(again, before);
				CU_ASSERT_STRING_EQUAL(other, after);
				free(again);
				free(other);
			}
			free(before);
			free(after);
		}
	junos_free(device);
	junos_free(second);
}

TEST_MAIN("sim junos", TEST(every_statement_has_a_page_and_an_edit),
	  TEST(every_statement_is_set_shown_and_deleted),
	  TEST(another_value_overwrites_or_stands_beside),
	  TEST(a_case_of_a_choice_takes_the_others_away),
	  TEST(numbers_and_words_outside_are_refused), TEST(names_must_be_defined_at_commit),
	  TEST(commit_keeps_apart_what_the_models_do), TEST(insert_moves_entries_and_members),
	  TEST(members_come_and_go_one_by_one), TEST(order_is_the_devices_or_as_entered),
	  TEST(containers_go_when_empty_and_presence_stays), TEST(what_no_table_knows_is_carried),
	  TEST(inactive_statements_are_marked), TEST(braces_are_shown_as_read),
	  TEST(drawn_texts_load_as_shown));
