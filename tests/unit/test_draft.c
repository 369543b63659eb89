/* SPDX-License-Identifier: Apache-2.0 */
#include "compiled.h"
#include "core/plan/draft.h"

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/plan/fabric.h"
#include "fabric.h"
#include "test.h"
#include "tiny.h"

/* A site with a store in memory and the leaf-spine fabric of fabric.h. No device is used. */
struct bench {
	struct net net;
	struct smd_site site;
};

static void begin(struct bench *bench)
{
	struct smd_store_thread_spec spec = {
		.ops = smd_plugin_entry()->store, .where = "", .mode = SMD_STORE_OWN};
	struct fabric fabric = fabric_clos;

	*bench = (struct bench){0};
	fabric.has_endpoint[0] = fabric.has_endpoint[1] = 1;
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &bench->site.model, NULL),
			      0);
	fabric_build(NULL, &fabric, bench->site.model, &bench->net);
	bench->site.inventory = bench->net.inventory;
	bench->site.topology = bench->net.topology;
	bench->site.clock = smd_real_clock();
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &bench->site.store_thread, NULL), 0);
}

static void end(struct bench *bench)
{
	smd_store_thread_free(bench->site.store_thread);
	net_done(&bench->net);
	smd_model_free(bench->site.model);
}

static void store(struct bench *bench, const char *table, const char *key, const char *json)
{
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, table, key, json, strlen(json));
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(bench->site.store_thread, &batch, NULL), 0);
}

/* Store configuration "blue", revision 2: VLAN 100 on port h1 of d0 and d1. */
static void configure(struct bench *bench, const char *tagging)
{
	char text[512], json[1200], key[SMD_REVISION_KEY];

	snprintf(text, sizeof(text),
		 "{\\\"smartdeploy-bridge-domain:bridge-domain\\\":{\\\"name\\\":\\\"blue\\\","
		 "\\\"vlan\\\":100,\\\"endpoint\\\":[{\\\"device\\\":\\\"d0\\\",\\\"port\\\":"
		 "\\\"h1\\\",\\\"tagging\\\":\\\"%s\\\"},{\\\"device\\\":\\\"d1\\\","
		 "\\\"port\\\":\\\"h1\\\"}]}}",
		 tagging);
	snprintf(json, sizeof(json), "{\"text\":\"%s\"}", text);
	smd_revision_key("blue", 2, key);
	store(bench, "configuration", "blue", "{\"revision\":2}");
	store(bench, "revision", key, json);
}

static struct smd_transition *deploy(struct bench *bench)
{
	struct smd_transition *transition = NULL;
	struct smd_error error = {0};
	int err = smd_transition_deploy(&bench->site, "blue", &transition, &error);

	if (err)
		printf("%s\n", error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	return transition;
}

static void the_latest_revision_is_wanted(void)
{
	struct bench bench;
	struct smd_transition *transition;

	begin(&bench);
	configure(&bench, "access");
	transition = deploy(&bench);
	CU_ASSERT_EQUAL(transition->goal, SMD_GOAL_DEPLOY);
	CU_ASSERT_EQUAL(transition->revision, 2);
	CU_ASSERT_PTR_NULL(transition->from);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 100);
	CU_ASSERT_EQUAL_FATAL(transition->path->device_count, 3);
	/* The spine with the lower name */
	CU_ASSERT_STRING_EQUAL(transition->path->devices[2], "d4");
	smd_transition_free(transition);
	smd_transition_free(NULL);
	end(&bench);
}

static void what_is_in_place_is_preferred(void)
{
	struct bench bench;
	struct smd_transition *transition;

	begin(&bench);
	configure(&bench, "access");
	store(&bench, "deployed", "blue",
	      "{\"revision\":1,\"vlan\":100,\"links\":["
	      "{\"a-device\":\"d0\",\"a-port\":\"p1\",\"b-device\":\"d5\",\"b-port\":\"p1\"},"
	      "{\"a-device\":\"d1\",\"a-port\":\"p3\",\"b-device\":\"d5\",\"b-port\":\"p3\"}]}");
	transition = deploy(&bench);
	CU_ASSERT_EQUAL(smd_json_number(transition->from, "revision", 0), 1);
	CU_ASSERT_STRING_EQUAL(transition->path->devices[2], "d5");
	smd_transition_free(transition);
	end(&bench);
}

static void what_shall_be_gone_is_a_removal(void)
{
	struct bench bench;
	struct smd_transition *transition;
	char key[SMD_REVISION_KEY];

	begin(&bench);
	smd_revision_key("blue", 3, key);
	store(&bench, "configuration", "blue", "{\"revision\":3}");
	store(&bench, "revision", key, "{}");
	store(&bench, "deployed", "blue", "{\"revision\":2,\"vlan\":77}");
	transition = deploy(&bench);
	CU_ASSERT_EQUAL(transition->goal, SMD_GOAL_REMOVE);
	CU_ASSERT_EQUAL(transition->revision, 0);
	CU_ASSERT_PTR_NULL(transition->document);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 77);
	CU_ASSERT_STRING_EQUAL(smd_goal_name(transition->goal), "remove");
	smd_transition_free(transition);
	end(&bench);
}

static void what_there_is_not_is_named(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;
	struct smd_error error = {0};

	begin(&bench);
	CU_ASSERT_EQUAL(smd_transition_deploy(&bench.site, "blue", &transition, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"blue\""));
	CU_ASSERT_NOT_EQUAL(error.hint[0], '\0');
	CU_ASSERT_EQUAL(smd_transition_roll_back(&bench.site, "d7", &transition, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"d7\""));
	CU_ASSERT_PTR_NULL(transition);
	end(&bench);
}

static void what_others_have_is_respected(void)
{
	static const struct {
		const char *mine, *key, *record, *says; /* NULL: no conflict */
	} cases[] = {
		{"access", "green", "{\"vlan\":100}", "VLAN 100"},
		{"access", "blue", "{\"vlan\":100}", NULL},
		{"access", "green", "{\"vlan\":101}", NULL},
		{"access", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"access\"}]}",
		 "port \"h1\""},
		{"access", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"tagged\"}]}",
		 "port \"h1\""},
		{"tagged", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"access\"}]}",
		 "port \"h1\""},
		{"tagged", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"tagged\"}]}",
		 NULL},
		{"access", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h2\",\"tagging\":"
		 "\"access\"},{\"device\":\"d2\",\"port\":\"h1\",\"tagging\":\"access\"}]}",
		 NULL},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct smd_transition *transition = NULL;
		struct smd_error error = {0};

		begin(&bench);
		configure(&bench, cases[i].mine);
		store(&bench, "deployed", cases[i].key, cases[i].record);
		CU_ASSERT_EQUAL(smd_transition_deploy(&bench.site, "blue", &transition, &error),
				cases[i].says ? SMD_E_CONFLICT : 0);
		if (cases[i].says) {
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, cases[i].says));
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"green\""));
		}
		smd_transition_free(transition);
		end(&bench);
	}
}

/* Rollback */

static void the_last_deployment_can_be_undone(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;

	begin(&bench);
	store(&bench, "deployment", "d2",
	      "{\"configuration\":\"blue\",\"outcome\":\"done\",\"previous\":\"d1\","
	      "\"from\":{\"revision\":1,\"vlan\":50}}");
	store(&bench, "last", "blue", "{\"deployment\":\"d2\"}");
	store(&bench, "deployed", "blue", "{\"revision\":2,\"vlan\":60}");
	CU_ASSERT_EQUAL_FATAL(smd_transition_roll_back(&bench.site, "d2", &transition, NULL), 0);
	CU_ASSERT_EQUAL(transition->goal, SMD_GOAL_ROLL_BACK);
	CU_ASSERT_STRING_EQUAL(transition->configuration, "blue");
	CU_ASSERT_STRING_EQUAL(transition->undoes, "d2");
	CU_ASSERT_STRING_EQUAL(transition->returns_to, "d1");
	CU_ASSERT_EQUAL(transition->revision, 1);
	CU_ASSERT_EQUAL(smd_json_number(transition->from, "revision", 0), 2);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 50);
	smd_transition_free(transition);
	end(&bench);
}

static void the_first_deployment_goes_back_to_nothing(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;

	begin(&bench);
	store(&bench, "deployment", "d1", "{\"configuration\":\"blue\",\"outcome\":\"done\"}");
	store(&bench, "last", "blue", "{\"deployment\":\"d1\"}");
	store(&bench, "deployed", "blue", "{\"revision\":2,\"vlan\":60}");
	CU_ASSERT_EQUAL_FATAL(smd_transition_roll_back(&bench.site, "d1", &transition, NULL), 0);
	CU_ASSERT_PTR_NULL(transition->to);
	CU_ASSERT_PTR_NULL(transition->returns_to);
	CU_ASSERT_EQUAL(transition->revision, 0);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 60);
	smd_transition_free(transition);
	end(&bench);
}

static void what_cannot_be_undone_is_said(void)
{
	static const struct {
		const char *deployment, *last, *says;
	} cases[] = {
		{"{\"configuration\":\"blue\",\"outcome\":\"done\"}", "{\"deployment\":\"d9\"}",
		 "not the last"},
		{"{\"configuration\":\"blue\",\"outcome\":\"rolled-back\"}",
		 "{\"deployment\":\"d2\"}", "nothing"},
		{"{\"outcome\":\"done\"}", "{\"deployment\":\"d2\"}", "nothing"},
		{"{\"configuration\":\"blue\"}", "{\"deployment\":\"d2\"}", "nothing"},
		{"{\"configuration\":\"blue\",\"outcome\":\"done\"}", "{}", "nothing"},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct smd_transition *transition = NULL;
		struct smd_error error = {0};

		begin(&bench);
		store(&bench, "deployment", "d2", cases[i].deployment);
		store(&bench, "last", "blue", cases[i].last);
		CU_ASSERT_EQUAL(smd_transition_roll_back(&bench.site, "d2", &transition, &error),
				SMD_E_CONFLICT);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, cases[i].says));
		if (i == 0)
			CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "\"d9\""));
		end(&bench);
	}
}

/* Another configuration may have taken a port meanwhile that the rollback would restore. */
static void going_back_asks_the_others(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;
	struct smd_error error = {0};

	begin(&bench);
	store(&bench, "deployment", "d2",
	      "{\"configuration\":\"blue\",\"outcome\":\"done\",\"from\":{\"revision\":1,"
	      "\"vlan\":100,\"kind\":\"bridge-domain\",\"links\":[],\"endpoints\":[]}}");
	store(&bench, "last", "blue", "{\"deployment\":\"d2\"}");
	store(&bench, "deployed", "green", "{\"vlan\":100}");
	CU_ASSERT_EQUAL(smd_transition_roll_back(&bench.site, "d2", &transition, &error),
			SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"green\""));
	smd_transition_free(transition);
	end(&bench);
}

/* Drafts made by hand */

#define SWITCHES 4

struct fabric_draft {
	struct smd_transition transition;
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
	made->draft = (struct smd_draft){.site = &bench->site,
					 .transition = &made->transition,
					 .tasks = made->tasks,
					 .fetches = made->fetches,
					 .count = SWITCHES,
					 .steps = 1};
	for (size_t i = 0; i < SWITCHES; i++) {
		struct smd_task *task = &made->tasks[i];
		struct smd_task first = {.device = names[i],
					 .owner = "blue",
					 .language = tiny_language(&tiny_driver),
					 .native = tiny_text("interface p9\n mtu 1\n"),
					 .part = tiny_part(100, before[i])};

		CU_ASSERT_EQUAL_FATAL(smd_task_compute(&first, NULL), 0);
		*task = (struct smd_task){.device = names[i],
					  .owner = "blue",
					  .language = tiny_language(&tiny_driver),
					  .native = tiny_text(""),
					  .part = tiny_part(100, after[i])};
		CU_ASSERT_EQUAL(
			COMPILED(tiny_driver.dialect, NULL,
				 smd_dialect_print(compiled, first.target, task->native, NULL)),
			0);
		CU_ASSERT_EQUAL(smd_tree_copy(&task->had, first.wanted), 0);
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
	CU_ASSERT_EQUAL(smd_fabric_ports(&made.tasks[0], 100, ports), 0);
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(ports), 2);
	for (int i = 0; i < 2; i++) {
		const char *port = smd_json_string(cJSON_GetArrayItem(ports, i), "port");

		CU_ASSERT_STRING_EQUAL(smd_json_string(cJSON_GetArrayItem(ports, i), "device"),
				       "d0");
		CU_ASSERT(port && (!strcmp(port, "p0") || !strcmp(port, "p1")));
	}
	CU_ASSERT_EQUAL(smd_fabric_ports(&made.tasks[0], 99, ports), 0);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(ports), 2);
	cJSON_Delete(ports);
	draft_end(&made);
	end(&bench);
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
	made.draft.transition = transition;
	CU_ASSERT_EQUAL_FATAL(smd_draft_record(&made.draft, "d7", &record), 0);
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

static void a_rollback_keeps_the_record_it_returns_to(void)
{
	struct smd_transition transition = {.goal = SMD_GOAL_ROLL_BACK,
					    .to = cJSON_Parse("{\"revision\":4}")};
	struct smd_draft draft = {.transition = &transition};
	cJSON *record = NULL;

	CU_ASSERT_EQUAL(smd_draft_record(&draft, "d8", &record), 0);
	CU_ASSERT(cJSON_Compare(record, transition.to, 1));
	cJSON_Delete(record);
	cJSON_Delete(smd_take(transition.to));
	CU_ASSERT_EQUAL(smd_draft_record(&draft, "d8", &record), 0);
	CU_ASSERT_PTR_NULL(record);
	transition.goal = SMD_GOAL_REMOVE;
	CU_ASSERT_EQUAL(smd_draft_record(&draft, "d8", &record), 0);
	CU_ASSERT_PTR_NULL(record);
}

/* A transition that concerns no device needs no device, driver or loop. */
static void a_draft_of_nobody_is_made(void)
{
	struct bench bench;
	struct smd_draft *draft = NULL;
	char key[SMD_REVISION_KEY];

	begin(&bench);
	smd_revision_key("blue", 3, key);
	store(&bench, "configuration", "blue", "{\"revision\":3}");
	store(&bench, "revision", key, "{}");
	CU_ASSERT_EQUAL_FATAL(smd_draft_make(&bench.site, deploy(&bench), NULL, &draft, NULL), 0);
	CU_ASSERT_EQUAL(draft->count, 0);
	CU_ASSERT_EQUAL(draft->steps, 1);
	CU_ASSERT_EQUAL(smd_draft_estimate(draft), 0);
	smd_draft_free(draft);
	smd_draft_free(NULL);
	end(&bench);
}

TEST_MAIN("draft", TEST(the_latest_revision_is_wanted), TEST(what_is_in_place_is_preferred),
	  TEST(what_shall_be_gone_is_a_removal), TEST(what_there_is_not_is_named),
	  TEST(what_others_have_is_respected), TEST(the_last_deployment_can_be_undone),
	  TEST(the_first_deployment_goes_back_to_nothing), TEST(what_cannot_be_undone_is_said),
	  TEST(going_back_asks_the_others), TEST(loops_are_found),
	  TEST(ports_that_gain_or_lose_are_listed), TEST(a_record_says_what_is_deployed),
	  TEST(a_rollback_keeps_the_record_it_returns_to), TEST(a_draft_of_nobody_is_made));
