/* SPDX-License-Identifier: Apache-2.0 */
#include "compiled.h"
#include "core/plan/draft.h"

#include <stdio.h>

#include "core/plan/fabric.h"
#include "site_bench.h"
#include "tiny.h"

/* Drafts made by hand */

#define SWITCHES 4

struct fabric_draft {
	struct smd_transition transition;
	struct smd_transition *transitions[1];
	struct smd_task tasks[SWITCHES];
	struct smd_fetch_job fetches[SWITCHES];
	struct smd_draft draft;
};

/*
 * Make a draft for d0, d1, d4, d5 with the ports that carry VLAN 100 before and after: two
 * ports each, or none.
 */
static void draft_begin(struct bench *bench, struct fabric_draft *made,
			const char *const before[SWITCHES], const char *const after[SWITCHES])
{
	static const char *const names[SWITCHES] = {"d0", "d1", "d4", "d5"};

	memset(made, 0, sizeof(*made));
	made->transition = (struct smd_transition){.goal = SMD_GOAL_DEPLOY,
						   .configuration = (char *)"blue",
						   .revision = 2,
						   .document = bench->net.document};
	made->transitions[0] = &made->transition;
	made->draft = (struct smd_draft){.site = &bench->site,
					 .transitions = made->transitions,
					 .transition_count = 1,
					 .tasks = made->tasks,
					 .fetches = made->fetches,
					 .count = SWITCHES,
					 .steps = 1};
	for (size_t i = 0; i < SWITCHES; i++) {
		struct smd_task *task = &made->tasks[i];
		struct smd_task first = {.device = names[i],
					 .language = tiny_language(&tiny_driver),
					 .native = tiny_text("interface p9\n mtu 1\n")};

		tiny_share(&first, "blue")->part = tiny_part(100, before[i]);
		CU_ASSERT_EQUAL_FATAL(smd_task_compute(&first, NULL), 0);
		*task = (struct smd_task){.device = names[i],
					  .language = tiny_language(&tiny_driver),
					  .native = tiny_text("")};
		tiny_share(task, "blue")->part = tiny_part(100, after[i]);
		CU_ASSERT_EQUAL(
			COMPILED(tiny_driver.dialect, NULL,
				 smd_dialect_print(compiled, first.target, task->native, NULL)),
			0);
		CU_ASSERT_EQUAL(smd_tree_copy(&task->shares[0].had, first.wanted), 0);
		CU_ASSERT_EQUAL(smd_ledger_copy(&task->before, &first.after), 0);
		smd_task_done(&first);
		CU_ASSERT_EQUAL_FATAL(smd_task_compute(task, NULL), 0);
	}
}

static void draft_end(struct fabric_draft *made)
{
	for (size_t i = 0; i < SWITCHES; i++)
		smd_task_done(&made->tasks[i]);
}

/* Links: d0-d4 p0, d0-d5 p1, d1-d4 p2, d1-d5 p3. */
static const char *const nowhere[SWITCHES] = {"", "", "", ""};
static const char *const over_d4[SWITCHES] = {"p0 tagged", "p2 tagged", "p0 tagged p2 tagged", ""};
static const char *const over_d5[SWITCHES] = {"p1 tagged", "p3 tagged", "", "p1 tagged p3 tagged"};
static const char *const over_both[SWITCHES] = {"p0 tagged p1 tagged", "p2 tagged p3 tagged",
						"p0 tagged p2 tagged", "p1 tagged p3 tagged"};

static void loops_are_found(void)
{
	static const struct {
		const char *const *before, *const *after;
		int result;
	} cases[] = {
		{nowhere, over_d4, 0},    {over_d4, nowhere, 0},    {over_d4, over_d4, 0},
		{over_d4, over_d5, 1},    {over_d5, over_d4, 1},    {over_both, over_d4, 1},
		{nowhere, over_both, -1}, {over_d4, over_both, -1},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct fabric_draft made;
		struct smd_error error = {0};

		begin(&bench);
		draft_begin(&bench, &made, cases[i].before, cases[i].after);
		CU_ASSERT_EQUAL(smd_fabric_check(&made.draft, &error),
				cases[i].result < 0 ? SMD_E_UNSAFE : cases[i].result);
		CU_ASSERT_EQUAL(error.code == SMD_E_UNSAFE, cases[i].result != 0);
		draft_end(&made);
		end(&bench);
	}
}

static void ports_that_gain_or_lose_are_listed(void)
{
	struct bench bench;
	struct fabric_draft made;
	cJSON *ports = cJSON_CreateArray();

	begin(&bench);
	draft_begin(&bench, &made, over_d4, over_d5);
	CU_ASSERT_EQUAL(smd_fabric_ports(&made.tasks[0], ports), 0);
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(ports), 2);
	for (int i = 0; i < 2; i++) {
		const char *port = smd_json_string(cJSON_GetArrayItem(ports, i), "port");

		CU_ASSERT_STRING_EQUAL(smd_json_string(cJSON_GetArrayItem(ports, i), "device"),
				       "d0");
		CU_ASSERT(port && (!strcmp(port, "p0") || !strcmp(port, "p1")));
	}
	cJSON_Delete(ports);
	draft_end(&made);
	end(&bench);
}

/* A second VLAN: red has 200, deployed with the ports `before`, and is to get `after`. */
static void add_red(struct fabric_draft *made, struct smd_transition *red,
		    struct smd_transition **both, const char *const before[SWITCHES],
		    const char *const after[SWITCHES])
{
	*red = (struct smd_transition){.goal = SMD_GOAL_ROLL_BACK,
				       .configuration = (char *)"red",
				       .to = cJSON_Parse("{\"vlan\":200}")};
	both[0] = &made->transition;
	both[1] = red;
	made->draft.transitions = both;
	made->draft.transition_count = 2;
	for (size_t i = 0; i < SWITCHES; i++) {
		struct smd_task *task = &made->tasks[i];
		struct smd_task first = {.device = task->device,
					 .language = task->language,
					 .native = smd_take(task->native)};
		struct smd_task second = {.device = task->device, .language = task->language};
		struct smd_task_share *share;

		tiny_share(&first, "red")->part = tiny_part(200, before[i]);
		CU_ASSERT_EQUAL(smd_ledger_copy(&first.before, &task->before), 0);
		CU_ASSERT_EQUAL_FATAL(smd_task_compute(&first, NULL), 0);
		second.native = tiny_text("");
		CU_ASSERT_EQUAL(
			COMPILED(tiny_driver.dialect, NULL,
				 smd_dialect_print(compiled, first.target, second.native, NULL)),
			0);
		share = tiny_share(&second, "blue");
		share->had = smd_take(task->shares[0].had);
		share->part = smd_take(task->shares[0].part);
		share = tiny_share(&second, "red");
		share->had = smd_take(first.shares[0].wanted);
		share->part = tiny_part(200, after[i]);
		CU_ASSERT_EQUAL(smd_ledger_copy(&second.before, &first.after), 0);
		smd_task_done(&first);
		smd_task_done(task);
		*task = second;
		CU_ASSERT_EQUAL_FATAL(smd_task_compute(task, NULL), 0);
	}
}

/* Each VLAN is checked for itself; the worst of them counts. */
static void loops_of_each_vlan_are_found(void)
{
	static const struct {
		const char *const *blue[2], *const *red[2];
		int result;
	} cases[] = {
		{{over_d4, over_d4}, {over_d5, over_d5}, 0},
		{{nowhere, over_d4}, {nowhere, over_d5}, 0},
		{{over_d4, over_d5}, {over_d5, over_d5}, 1},
		{{over_d4, over_d4}, {over_d5, over_d4}, 1},
		{{over_d4, over_d5}, {nowhere, over_both}, -1},
		{{nowhere, over_both}, {over_d5, over_d4}, -1},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct fabric_draft made;
		struct smd_transition red, *both[2];
		struct smd_error error = {0};

		begin(&bench);
		draft_begin(&bench, &made, cases[i].blue[0], cases[i].blue[1]);
		add_red(&made, &red, both, cases[i].red[0], cases[i].red[1]);
		CU_ASSERT_EQUAL(smd_fabric_check(&made.draft, &error),
				cases[i].result < 0 ? SMD_E_UNSAFE : cases[i].result);
		cJSON_Delete(red.to);
		draft_end(&made);
		end(&bench);
	}
}

/* The ports that the change of a task touches, as names separated by blanks. */
static void touched_ports(const struct smd_task *task, char *out, size_t size)
{
	cJSON *ports = cJSON_CreateArray();
	const cJSON *port;
	size_t used = 0;

	CU_ASSERT_EQUAL(smd_fabric_ports(task, ports), 0);
	*out = '\0';
	cJSON_ArrayForEach (port, ports)
		used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "",
					 smd_json_string(port, "port"));
	cJSON_Delete(ports);
}

/*
 * vlan    The VLAN that is wanted on e0 and e1; 0: none.
 * vlans   What is found out of `ports` by VLANs alone.
 */
static const struct touch_case {
	const char *native, *had, *lines, *ports, *vlans;
	unsigned vlan;
} touch_cases[] = {
	/* Another VLAN on the same ports */
	{"interface e0\n access vlan 10\ninterface e1\n trunk vlan 10,30\n",
	 "interface e0\n access vlan 10\ninterface e1\n trunk vlan 10\n", NULL, "e0 e1", "e0 e1",
	 11},
	/* A stranger changed the tag of e0 */
	{"interface e0\n access vlan 77\n", "interface e0\n access vlan 10\n", NULL, "e0", "e0", 0},
	{"interface e0\n access vlan 77\n", "interface e0\n access vlan 10\n", NULL, "e0 e1",
	 "e0 e1", 10},
	/* Nothing that has to do with a VLAN */
	{"interface e0\n mtu 9000\n", NULL, "interface e0\n mtu 1500\nvlan 5\n", "e0", "", 0},
	{"vlan 5\n", NULL, "interface e7\n mtu 1500\n", "e7", "", 0},
	{"interface e0\n mtu 9000\n", NULL, "vlan 5\n", "", "", 0},
};

static void touch(const struct touch_case *one, struct smd_task *task)
{
	struct smd_task_share *share;

	*task = (struct smd_task){.device = "d0", .language = tiny_language(&tiny_driver)};
	share = tiny_share(task, "blue");
	if (one->had) {
		struct smd_task first = {.device = "d0", .language = task->language};

		tiny_share(&first, "blue")->lines = tiny_text(one->had);
		first.native = tiny_text("");
		CU_ASSERT_EQUAL_FATAL(smd_task_compute(&first, NULL), 0);
		share->had = smd_take(first.shares[0].wanted);
		CU_ASSERT_EQUAL(smd_ledger_copy(&task->before, &first.after), 0);
		smd_task_done(&first);
	}
	task->native = tiny_text(one->native);
	share->lines = one->lines ? tiny_text(one->lines) : NULL;
	share->part = one->vlan ? tiny_part(one->vlan, "e0 access e1 tagged") : NULL;
	CU_ASSERT_EQUAL_FATAL(smd_task_compute(task, NULL), 0);
}

/* The second time by a driver that cannot list ports. */
static void each_port_that_is_touched_is_listed_once(void)
{
	struct smd_service service = tiny_driver.services[0];
	struct smd_driver poor = tiny_driver;

	service.ports = NULL;
	poor.services = &service;
	for (size_t i = 0; i < SMD_COUNT(touch_cases); i++) {
		struct smd_task task;
		char ports[64];

		touch(&touch_cases[i], &task);
		touched_ports(&task, ports, sizeof(ports));
		CU_ASSERT_STRING_EQUAL(ports, touch_cases[i].ports);
		task.language.driver = &poor;
		touched_ports(&task, ports, sizeof(ports));
		CU_ASSERT_STRING_EQUAL(ports, touch_cases[i].vlans);
		smd_task_done(&task);
	}
}

/* The record of a deployment contains the slices of devices that it did not concern, too. */
static void a_record_says_what_is_deployed(void)
{
	struct bench bench;
	struct fabric_draft made;
	const cJSON *slices;
	struct smd_transition *transition;
	cJSON *record = NULL;

	begin(&bench);
	configure(&bench, "access");
	draft_begin(&bench, &made, nowhere, over_d4);
	transition = deploy(&bench);
	transition->from = cJSON_Parse("{\"slices\":{\"d0\":{},\"d9\":{\"x\":1}}}");
	CU_ASSERT_EQUAL_FATAL(smd_draft_record(&made.draft, transition, "d7", &record), 0);
	smd_transition_free(transition);
	CU_ASSERT_STRING_EQUAL(smd_json_string(record, "kind"), "bridge-domain");
	CU_ASSERT_STRING_EQUAL(smd_json_string(record, "deployment"), "d7");
	CU_ASSERT_EQUAL(smd_json_number(record, "revision", 0), 2);
	CU_ASSERT_EQUAL(smd_json_number(record, "vlan", 0), 100);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(record, "links")), 2);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(record, "endpoints")), 2);
	slices = smd_json_object(record, "slices");
	CU_ASSERT(cJSON_GetArraySize(smd_json_member(slices, "d0")) > 0);
	CU_ASSERT(cJSON_GetArraySize(smd_json_member(slices, "d4")) > 0);
	CU_ASSERT_EQUAL(smd_json_number(smd_json_object(slices, "d9"), "x", 0), 1);
	cJSON_Delete(record);
	draft_end(&made);
	end(&bench);
}

/* Each configuration has its own slices in its record. */
static void each_configuration_has_its_record(void)
{
	struct bench bench;
	struct fabric_draft made;
	struct smd_transition red, *both[2], *transition;
	cJSON *record = NULL;
	const cJSON *slices;
	char *text;

	begin(&bench);
	configure(&bench, "access");
	draft_begin(&bench, &made, nowhere, over_d4);
	add_red(&made, &red, both, nowhere, over_d5);
	transition = deploy(&bench);
	CU_ASSERT_EQUAL_FATAL(smd_draft_record(&made.draft, transition, "d7", &record), 0);
	slices = smd_json_object(record, "slices");
	CU_ASSERT_PTR_NOT_NULL(smd_json_member(slices, "d4"));
	text = cJSON_PrintUnformatted(slices);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "100"));
	CU_ASSERT_PTR_NULL(strstr(text, "200"));
	free(text);
	cJSON_Delete(record);
	smd_transition_free(transition);
	cJSON_Delete(red.to);
	draft_end(&made);
	end(&bench);
}

static void a_rollback_keeps_the_record_it_returns_to(void)
{
	struct smd_transition transition = {.goal = SMD_GOAL_ROLL_BACK,
					    .to = cJSON_Parse("{\"revision\":4}")};
	struct smd_draft draft = {0};
	cJSON *record = NULL;

	CU_ASSERT_EQUAL(smd_draft_record(&draft, &transition, "d8", &record), 0);
	CU_ASSERT(cJSON_Compare(record, transition.to, 1));
	cJSON_Delete(record);
	cJSON_Delete(smd_take(transition.to));
	CU_ASSERT_EQUAL(smd_draft_record(&draft, &transition, "d8", &record), 0);
	CU_ASSERT_PTR_NULL(record);
	transition.goal = SMD_GOAL_REMOVE;
	CU_ASSERT_EQUAL(smd_draft_record(&draft, &transition, "d8", &record), 0);
	CU_ASSERT_PTR_NULL(record);
}

/* A transition that concerns no device needs no device, driver or loop. */
static void a_draft_of_nobody_is_made(void)
{
	struct bench bench;
	struct smd_transition **transitions = NULL;
	struct smd_draft *draft = NULL;
	char key[SMD_REVISION_KEY];

	begin(&bench);
	smd_revision_key("blue", 3, key);
	store(&bench, "configuration", "blue", "{\"revision\":3}");
	store(&bench, "revision", key, "{}");
	CU_ASSERT_EQUAL_FATAL(smd_transition_deploy_all(&bench.site, (const char *[]){"blue"}, 1,
							&transitions, NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(
		smd_draft_make(&bench.site, transitions, 1, NULL, SMD_ACCESS_READ, &draft, NULL),
		0);
	CU_ASSERT_EQUAL(draft->count, 0);
	CU_ASSERT_EQUAL(draft->steps, 1);
	CU_ASSERT_EQUAL(smd_draft_estimate(draft), 0);
	smd_draft_free(draft);
	smd_draft_free(NULL);
	end(&bench);
}

TEST_MAIN("draft", TEST(loops_of_each_vlan_are_found),
	  TEST(each_port_that_is_touched_is_listed_once), TEST(each_configuration_has_its_record),
	  TEST(loops_are_found), TEST(ports_that_gain_or_lose_are_listed),
	  TEST(a_record_says_what_is_deployed), TEST(a_rollback_keeps_the_record_it_returns_to),
	  TEST(a_draft_of_nobody_is_made));
