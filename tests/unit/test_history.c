/* SPDX-License-Identifier: Apache-2.0 */
/* Listing deployments by page, and pruning them, over a store in memory. */
#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/plan/plan.h"
#include "core/plan/transition.h"
#include "core/service/methods.h"
#include "test.h"

struct bench {
	struct smd_site site;
	struct smd_call call;
	struct smd_error error;
};

static void begin(struct bench *bench)
{
	struct smd_store_thread_spec spec = {
		.ops = smd_plugin_entry()->store, .where = "", .mode = SMD_STORE_OWN};

	*bench = (struct bench){.site.clock = smd_real_clock()};
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &bench->site.store_thread, NULL), 0);
	bench->call = (struct smd_call){
		.site = &bench->site, .alone = 1, .principal = "u", .error = &bench->error};
}

static void end(struct bench *bench)
{
	cJSON_Delete(bench->call.request);
	cJSON_Delete(bench->call.result);
	smd_store_thread_free(bench->site.store_thread);
}

static void put(struct bench *bench, const char *table, const char *key, const char *text)
{
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, table, key, text, strlen(text));
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(bench->site.store_thread, &batch, NULL), 0);
}

/* A finished deployment with a snapshot, a journal and a plan; it ended so many days ago. */
static void deploy(struct bench *bench, int number, const char *name, int previous, int days)
{
	char id[16], key[SMD_STORE_KEY], text[512], ended[SMD_TIME_TEXT];

	smd_time_text_ago(bench->site.clock, days * 86400L, ended);
	snprintf(id, sizeof(id), "%d", number);
	snprintf(text, sizeof(text),
		 "{\"id\":\"%d\",\"outcome\":\"done\",\"plan\":\"p%d\",\"ended\":\"%s\","
		 "\"configurations\":[{\"configuration\":\"%s\",\"previous\":\"%d\"}]}",
		 number, number, ended, name, previous);
	smd_deployment_key(id, NULL, key);
	put(bench, "deployment", key, text);
	put(bench, "decision", key, "{}");
	smd_deployment_key(id, "leaf1", key);
	put(bench, "snapshot", key, "{}");
	smd_deployment_key(id, "leaf1 1", key);
	put(bench, "journal", key, "{}");
	snprintf(key, sizeof(key), "p%d", number);
	put(bench, "plan", key, "{\"created\":\"2001\"}");
	put(bench, "applied", key, "{}");
	snprintf(text, sizeof(text), "{\"deployment\":\"%d\"}", number);
	put(bench, "last", name, text);
}

static cJSON *ask(struct bench *bench, int (*method)(struct smd_call *call), const char *request)
{
	int err;

	cJSON_Delete(bench->call.request);
	cJSON_Delete(bench->call.result);
	bench->call.request = cJSON_Parse(request);
	bench->call.result = cJSON_CreateObject();
	err = method(&bench->call);
	CU_ASSERT_EQUAL(err, 0);
	if (err)
		printf("%s\n", bench->error.message);
	return bench->call.result;
}

/* Ids in a result, as "3 2 1 "; a damaged one as "(2) ". */
static void are(const cJSON *result, const char *expected)
{
	char text[512] = "";
	const cJSON *one;

	cJSON_ArrayForEach (one, smd_json_array(result, "deployments")) {
		const char *id =
			cJSON_IsString(one) ? one->valuestring : smd_json_string(one, "id");
		const char *outcome = smd_json_string(one, "outcome");
		int damaged = outcome && !strcmp(outcome, "damaged");
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, damaged ? "(%s) " : "%s ", id);
	}
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static size_t count_of(struct bench *bench, const char *table)
{
	const struct smd_store_range range = {.table = table, .prefix = "", .keys = 1};
	struct smd_rows rows = {0};
	size_t count;

	CU_ASSERT_EQUAL(smd_store_thread_list(bench->site.store_thread, &range, &rows, NULL), 0);
	count = rows.count;
	smd_rows_done(&rows);
	return count;
}

static void listed_newest_first_by_page(void)
{
	struct bench bench;
	cJSON *result;

	begin(&bench);
	for (int i = 1; i <= 300; i++)
		deploy(&bench, i, i % 100 ? "blue" : "red", 0, 0);
	put(&bench, "deployment", "n000000000299", "{half of a rec");
	result = ask(&bench, smd_deployment_list, "{\"limit\":4}");
	are(result, "300 (299) 298 297 ");
	CU_ASSERT_TRUE(smd_json_bool(result, "more", 0));
	result = ask(&bench, smd_deployment_list, "{\"limit\":2,\"before\":\"11\"}");
	are(result, "10 9 ");
	result = ask(&bench, smd_deployment_list, "{\"configuration\":\"red\"}");
	are(result, "300 (299) 200 100 "); /* nobody knows of which one the damaged one is */
	CU_ASSERT_FALSE(smd_json_bool(result, "more", 1));
	result = ask(&bench, smd_deployment_list, "{\"limit\":0,\"before\":\"4\"}");
	are(result, "3 2 1 ");
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(ask(&bench, smd_deployment_list, "{}"),
							  "deployments")),
			100);
	result = ask(&bench, smd_deployment_show, "{\"id\":\"red\"}");
	CU_ASSERT_STRING_EQUAL(smd_json_string(smd_json_object(result, "record"), "id"), "300");
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(result, "journal")), 1);
	end(&bench);
}

/* Blue was deployed by 1 to 6, each upon the one before; red by 7 and 8. */
static void fill(struct bench *bench)
{
	for (int i = 1; i <= 6; i++)
		deploy(bench, i, "blue", i - 1, 100 - i);
	deploy(bench, 7, "red", 0, 50);
	deploy(bench, 8, "red", 7, 10);
}

static void pruned_by_number(void)
{
	struct bench bench;
	cJSON *result;

	begin(&bench);
	fill(&bench);
	result = ask(&bench, smd_deployment_prune, "{\"keep\":2,\"dry-run\":true}");
	are(result, "1 2 3 4 ");
	CU_ASSERT_EQUAL(count_of(&bench, "deployment"), 8);
	CU_ASSERT_EQUAL(count_of(&bench, "snapshot"), 8);
	result = ask(&bench, smd_deployment_prune, "{\"keep\":2}");
	are(result, "1 2 3 4 ");
	CU_ASSERT_EQUAL(smd_json_number(result, "kept", 0), 4);
	CU_ASSERT_EQUAL(smd_json_number(result, "records", 0), 24);
	CU_ASSERT_TRUE(smd_json_number(result, "bytes", 0) > 400);
	CU_ASSERT_EQUAL(count_of(&bench, "deployment"), 4);
	CU_ASSERT_EQUAL(count_of(&bench, "snapshot"), 4);
	CU_ASSERT_EQUAL(count_of(&bench, "journal"), 4);
	CU_ASSERT_EQUAL(count_of(&bench, "decision"), 4);
	CU_ASSERT_EQUAL(count_of(&bench, "plan"), 4);
	CU_ASSERT_EQUAL(count_of(&bench, "applied"), 4);
	are(ask(&bench, smd_deployment_list, "{}"), "8 7 6 5 ");
	end(&bench);
}

/* No deployment has the id of the request: these are the words. */
static void is_none(struct bench *bench, int (*method)(struct smd_call *call), const char *request,
		    const char *words)
{
	cJSON_Delete(bench->call.request);
	cJSON_Delete(bench->call.result);
	bench->call.request = cJSON_Parse(request);
	bench->call.result = cJSON_CreateObject();
	CU_ASSERT_EQUAL(method(&bench->call), SMD_E_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(bench->error.message, words);
}

/* A number that was given and is not on record was pruned; others never were. */
static void pruned_ones_are_called_so(void)
{
	struct bench bench;

	begin(&bench);
	fill(&bench);
	put(&bench, "meta", "counter", "{\"deployment\":8}");
	put(&bench, "configuration", "green", "{\"revision\":1}");
	ask(&bench, smd_deployment_prune, "{\"keep\":1}");
	is_none(&bench, smd_deployment_show, "{\"id\":\"04\"}",
		"deployment 04 is not on record any more: it was pruned");
	is_none(&bench, smd_plan_rollback, "{\"id\":\"4\"}",
		"deployment 4 is not on record any more: it was pruned");
	is_none(&bench, smd_deployment_show, "{\"id\":\"9\"}",
		"there is no configuration and no deployment \"9\"");
	is_none(&bench, smd_plan_rollback, "{\"id\":\"0\"}",
		"there is no configuration and no deployment \"0\"");
	is_none(&bench, smd_deployment_show, "{\"id\":\"4x\"}",
		"there is no configuration and no deployment \"4x\"");
	is_none(&bench, smd_deployment_show, "{\"id\":\"green\"}",
		"there is no deployment of \"green\" on record");
	is_none(&bench, smd_deployment_list, "{\"before\":\"9\"}",
		"there is no configuration and no deployment \"9\"");
	are(ask(&bench, smd_deployment_list, "{\"before\":\"7\"}"), "6 ");
	are(ask(&bench, smd_deployment_list, "{\"before\":\"4\"}"), "");
	end(&bench);
}

/* What is in force came by an old deployment, which newer ones that failed do not push out. */
static void what_a_rollback_needs_stays(void)
{
	struct bench bench;

	begin(&bench);
	fill(&bench);
	put(&bench, "last", "blue", "{\"deployment\":\"3\"}");
	put(&bench, "open", "n000000000001", "{}");
	are(ask(&bench, smd_deployment_prune, "{\"keep\":0}"), "2 4 5 6 7 ");
	are(ask(&bench, smd_deployment_list, "{}"), "8 3 1 ");
	end(&bench);
	begin(&bench);
	fill(&bench);
	put(&bench, "last", "blue", "{\"deployment\":\"4\"}");
	are(ask(&bench, smd_deployment_prune, "{\"keep\":2}"), "1 2 ");
	end(&bench);
}

/* Can the configuration go back to the state of that deployment? Else with these words. */
static void returns(struct bench *bench, const char *name, const char *to, const char *words)
{
	struct smd_transition *transition = NULL;
	struct smd_error error = {0};
	int err = smd_transition_return(&bench->site, name, to, &transition, &error);

	CU_ASSERT_EQUAL(err, words ? SMD_E_NOT_FOUND : 0);
	if (words)
		CU_ASSERT_STRING_EQUAL(error.message, words);
	if (!err)
		CU_ASSERT_STRING_EQUAL(transition->returns_to, to);
	smd_transition_free(transition);
}

/* As many steps back as were kept, one by one or at once; one more is told to be gone. */
static void steps_back_that_are_kept(void)
{
	struct bench bench;

	begin(&bench);
	fill(&bench);
	ask(&bench, smd_deployment_prune, "{\"keep\":3}");
	returns(&bench, "blue", "5", NULL);
	returns(&bench, "blue", "4", NULL);
	returns(&bench, "blue", "3", NULL);
	returns(&bench, "blue", "2", "deployment 3 of \"blue\" is not on record any more");
	/* blue went back to 4, so that 6 and 5 lead nowhere */
	put(&bench, "last", "blue", "{\"deployment\":\"4\"}");
	ask(&bench, smd_deployment_prune, "{\"keep\":0}");
	are(ask(&bench, smd_deployment_list, "{\"configuration\":\"blue\"}"), "4 ");
	returns(&bench, "blue", "3", NULL);
	end(&bench);
}

/* The newest revision was undone by 5: that stays, as what says so. */
static void the_rollback_that_undid_stays(void)
{
	struct bench bench;

	begin(&bench);
	fill(&bench);
	put(&bench, "undone", "blue", "{\"revision\":4,\"deployment\":\"5\"}");
	are(ask(&bench, smd_deployment_prune, "{\"keep\":0}"), "1 2 3 4 7 ");
	CU_ASSERT_EQUAL(count_of(&bench, "undone"), 1);
	end(&bench);
}

static void pruned_by_age(void)
{
	struct bench bench;
	cJSON *result;

	begin(&bench);
	fill(&bench);
	put(&bench, "plan", "never", "{\"created\":\"2001\"}");
	put(&bench, "plan", "today", "{\"created\":\"9999\"}");
	put(&bench, "deployment", "n000000000001", "damaged");
	result = ask(&bench, smd_deployment_prune, "{\"older-than\":\"2316h\"}");
	are(result, "2 3 ");
	CU_ASSERT_EQUAL(smd_json_number(result, "damaged", 0), 1);
	CU_ASSERT_EQUAL(smd_json_number(result, "plans", 0), 1);
	are(ask(&bench, smd_deployment_prune, "{\"older-than\":\"2316h\",\"keep\":5}"), "");
	are(ask(&bench, smd_deployment_prune, "{\"older-than\":\"10d\"}"), "4 5 7 ");
	are(ask(&bench, smd_deployment_list, "{}"), "8 6 (1) ");
	end(&bench);
}

/* Without a policy, or with one that is not understood, nothing goes. */
static void no_policy(void)
{
	static const char *const requests[] = {
		"{}",
		"{\"dry-run\":true}",
		"{\"keep\":\"2\"}",
		"{\"keep\":-1}",
		"{\"keep\":1,\"dry-run\":\"yes\"}",
		"{\"older-than\":90}",
		"{\"older-than\":\"90\"}",
		"{\"older-than\":\"-1d\"}",
		"{\"older-than\":\"1dd\",\"keep\":1}",
	};
	const struct smd_method *method = smd_method_find("deployment.prune", NULL);
	struct bench bench;

	begin(&bench);
	fill(&bench);
	for (size_t i = 0; i < SMD_COUNT(requests); i++) {
		int err;

		bench.call.request = cJSON_Parse(requests[i]);
		err = smd_method_check(method, bench.call.request, &bench.error);
		if (!err)
			err = smd_deployment_prune(&bench.call);
		CU_ASSERT_EQUAL(err, SMD_E_INVALID);
		cJSON_Delete(smd_take(bench.call.request));
	}
	CU_ASSERT_EQUAL(count_of(&bench, "deployment"), 8);
	end(&bench);
}

TEST_MAIN("history", TEST(listed_newest_first_by_page), TEST(pruned_by_number),
	  TEST(pruned_ones_are_called_so), TEST(what_a_rollback_needs_stays),
	  TEST(steps_back_that_are_kept), TEST(the_rollback_that_undid_stays), TEST(pruned_by_age),
	  TEST(no_policy));
