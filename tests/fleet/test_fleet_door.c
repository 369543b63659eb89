/* SPDX-License-Identifier: Apache-2.0 */
/* Open deployments at the service's door: what is told of them, damaged records among them. */
#include "door.h"

static void nothing_to_recover(void)
{
	struct door door;
	cJSON *result;

	door_begin(&door);
	result = door_call(&door, "deployment.recover", NULL, 0);
	CU_ASSERT_EQUAL(smd_json_number(result, "count", -1), 0);
	cJSON_Delete(result);
	door_ask(&door, "deployment.recover", "{\"id\": \"1\", \"accept\": true}", SMD_E_NOT_FOUND);
	door_end(&door);
}

/* A request that is wrong does nothing else instead. */
static void wrong_requests(void)
{
	static const char *const wrong[] = {
		"{\"accept\": true}",
		"{\"id\": 2}",
		"{\"id\": 2, \"accept\": true}",
		"{\"id\": null}",
		"{\"id\": [\"2\"]}",
		"{\"id\": \"2\", \"accept\": \"yes\"}",
		"{\"id\": \"2\", \"accept\": 1}",
	};
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	for (size_t i = 0; i < SMD_COUNT(wrong); i++)
		door_ask(&door, "deployment.recover", wrong[i], SMD_E_INVALID);
	CU_ASSERT(door_tells_leftover(&door, "interrupted"));
	door_ask(&door, "deployment.show", NULL, SMD_E_INVALID);
	door_ask(&door, "deployment.show", "{\"id\": \"\"}", SMD_E_INVALID);
	door_ask(&door, "deployment.show", "{\"id\": \"17\"}", SMD_E_NOT_FOUND);
	door_ask(&door, "deployment.rollback", "{}", SMD_E_INVALID);
	door_ask(&door, "deployment.rollback", "{\"id\": \"17\"}", SMD_E_NOT_FOUND);
	door_end(&door);
}

/* Replace the value of a record. */
static void put_record(struct door *door, const char *table, const char *key, const char *value)
{
	const struct smd_store_item item = {.op = SMD_STORE_PUT,
					    .table = table,
					    .key = key,
					    .value = value,
					    .size = strlen(value)};
	void *store = NULL;

	door_close(door);
	fleet_use(door->fleet);
	CU_ASSERT_EQUAL_FATAL(fleet_store.open("", SMD_STORE_OWN, NULL, &store, NULL), 0);
	CU_ASSERT_EQUAL(fleet_store.apply(store, &item, 1, NULL, NULL), 0);
	fleet_store.close(store);
	door_open(door);
}

/* A damaged record of one deployment does not hide another one. */
static void shown_beside_a_damaged_one(void)
{
	struct door door;
	char key[SMD_STORE_KEY];

	door_begin(&door);
	cJSON_Delete(door_apply(&door, door_plan(&door, PLAN_BLUE), 0, 0));
	smd_deployment_key("2", NULL, key);
	put_record(&door, "deployment", key, "{");
	CU_ASSERT(door_outcome_is(&door, "1", "done"));
	CU_ASSERT(door_outcome_is(&door, "blue", "done"));
	door_ask(&door, "deployment.show", "{\"id\": \"2\"}", SMD_E_IO);
	door_end(&door);
}

/* The error, and so the exit status, is that of the worst of all. */
static void the_worst_is_told(void)
{
	static const char *const outcomes[] = {"damaged", "attention"};
	struct door door;
	char key[SMD_STORE_KEY];
	cJSON *result;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	smd_deployment_key("1", NULL, key);
	put_record(&door, "open", key, "{}");
	put_record(&door, "deployment", key, "{");
	door_refuse_at_r2(&door);
	result = door_call(&door, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_EQUAL(door.error.code, SMD_E_ATTENTION);
	for (int i = 0; i < 2; i++) {
		const cJSON *one = cJSON_GetArrayItem(smd_json_array(result, "deployments"), i);
		const char *outcome = smd_json_string(one, "outcome");

		CU_ASSERT_FATAL(outcome != NULL);
		CU_ASSERT_STRING_EQUAL(outcome, outcomes[i]);
	}
	cJSON_Delete(result);
	door_end(&door);
}

/* A record that lost its members is refused, not followed. */
static void an_empty_record(void)
{
	struct door door;
	char key[SMD_STORE_KEY];

	door_begin(&door);
	smd_deployment_key("2", NULL, key);
	put_record(&door, "open", key, "{}");
	put_record(&door, "deployment", key, "{}");
	door_ask(&door, "deployment.recover", NULL, SMD_E_ATTENTION);
	door_ask(&door, "deployment.recover", "{\"id\": \"2\"}", SMD_E_ATTENTION);
	CU_ASSERT(door_tells_leftover(&door, "damaged"));
	door_end(&door);
}

static int state_is(struct door *door, const char *expected)
{
	cJSON *result = door_call(door, "configuration.list", NULL, 0);
	const cJSON *one = cJSON_GetArrayItem(smd_json_array(result, "configurations"), 0);
	const char *state = smd_json_string(one, "state");
	int good = state && !strcmp(state, expected);

	cJSON_Delete(result);
	return good;
}

/* What is deployed, and by whom, is read or told as damaged. */
static void damaged_states(void)
{
	struct door door;

	door_begin(&door);
	CU_ASSERT(state_is(&door, "pending"));
	put_record(&door, "last", "blue", "{");
	cJSON_Delete(door_apply(&door, door_plan(&door, PLAN_BLUE), 0, SMD_E_IO));
	CU_ASSERT(door_all_run(&door, FIRST));
	put_record(&door, "deployed", "blue", "{");
	CU_ASSERT(state_is(&door, "damaged"));
	door_ask(&door, "configuration.show", PLAN_BLUE, 0);
	door_end(&door);
}

/* What was not stored is not told as changed. */
static void a_failed_change_is_not_told(void)
{
	struct door door;
	struct store_block *store;
	char *request;
	cJSON *result;

	door_begin(&door);
	store = fleet_store_block(door.fleet);
	store->fault_at = store->applies + 1;
	store->fault = STORE_FULL;
	request = door_with("text",
			    ground_native("blue", door_names, DEVICES,
					  (const char *const[]){"set taste sweet"}, 1),
			    0);
	result = door_call(&door, "configuration.set", request, SMD_E_IO);
	CU_ASSERT_PTR_NULL(smd_json_member(result, "changed"));
	cJSON_Delete(result);
	free(request);
	door_end(&door);
}

/* Whether a plan was applied is read, or nothing is done. */
static void a_damaged_mark_is_no_permission(void)
{
	struct door door;
	cJSON *made;
	char *text;

	door_begin(&door);
	made = door_call(&door, "plan.make", PLAN_BLUE, 0);
	text = cJSON_PrintUnformatted(made);
	put_record(&door, "applied", smd_json_string(made, "id"), "{");
	cJSON_Delete(door_apply(&door, text, 0, SMD_E_IO));
	put_record(&door, "plan", smd_json_string(made, "id"), "{");
	cJSON_Delete(door_apply(&door, cJSON_PrintUnformatted(made), 0, SMD_E_IO));
	cJSON_Delete(made);
	CU_ASSERT(door_all_run(&door, FIRST));
	door_end(&door);
}

/* Recovery does not close what it does not understand. */
static void a_strange_journal_is_refused(void)
{
	struct door door;
	char key[SMD_STORE_KEY];

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	smd_deployment_key("2", "00009999", key);
	put_record(&door, "journal", key, "{\"device\": \"r9\", \"stage\": \"commit\"}");
	door_ask(&door, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_PTR_NOT_NULL(strstr(door.error.message, "r9"));
	CU_ASSERT(door_tells_leftover(&door, "damaged"));
	door_end(&door);
}

/* A record that cannot be read hides nothing, and its devices stay held. */
static void damaged(void)
{
	char key[SMD_STORE_KEY];
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	smd_deployment_key("2", NULL, key);
	put_record(&door, "deployment", key, "{");
	CU_ASSERT(door_tells_leftover(&door, "damaged"));
	door_ask(&door, "deployment.recover", NULL, SMD_E_ATTENTION);
	door_ask(&door, "plan.make", PLAN_BLUE, SMD_E_BUSY);
	CU_ASSERT_PTR_NOT_NULL(strstr(door.error.message, "deployment 2,"));
	CU_ASSERT(door_tells_leftover(&door, "damaged"));
	door_end(&door);
}

/* Looking at a device tells what the last plan has read of it, if it is still that device. */
static void tells_what_was_seen(void)
{
	static const char show[] = "{\"name\": \"r1\"}";
	struct door door;
	cJSON *result;

	door_begin(&door);
	result = door_call(&door, "device.show", show, 0);
	CU_ASSERT_STRING_EQUAL(smd_json_string(smd_json_object(result, "seen"), "product") ?: "",
			       "shared");
	CU_ASSERT_STRING_EQUAL(smd_json_string(smd_json_object(result, "seen"), "version") ?: "",
			       "1.0");
	CU_ASSERT_PTR_NOT_NULL(smd_json_string(smd_json_object(result, "seen"), "at"));
	cJSON_Delete(result);
	put_record(&door, "seen", "r1", "{\"driver\": \"fleet\", \"address\": \"192.0.2.77\"}");
	result = door_call(&door, "device.show", show, 0);
	CU_ASSERT_PTR_NULL(smd_json_member(result, "seen"));
	cJSON_Delete(result);
	put_record(&door, "seen", "r1", "{");
	result = door_call(&door, "device.show", show, 0);
	CU_ASSERT_PTR_NULL(smd_json_member(result, "seen"));
	cJSON_Delete(result);
	door_end(&door);
}

/* What an earlier build has recorded in clear is masked on its way out, whatever it is part of. */
static void nothing_leaves_in_clear(void)
{
	static const char *const methods[] = {"deployment.show", "deployment.list"};
	static const char *const requests[] = {"{\"id\": \"1\"}", NULL};
	char key[SMD_STORE_KEY];
	struct door door;

	door_begin(&door);
	smd_deployment_key("1", NULL, key);
	put_record(&door, "deployment", key,
		   "{\"id\": \"1\", \"outcome\": \"done\", \"error\": \"the device refuses "
		   "'neighbor A password canary'\", \"configurations\": [{\"goal\": \"deploy\","
		   "\"configuration\": \"blue\"}], \"devices\": [{\"name\": \"r1\", \"slices\":"
		   "\"canary\", \"error\": \"/neighbor A password[canary]\"}]}");
	for (size_t i = 0; i < SMD_COUNT(methods); i++) {
		cJSON *result = door_call(&door, methods[i], requests[i], 0);
		char *text = cJSON_PrintUnformatted(result);

		CU_ASSERT_PTR_NOT_NULL(strstr(text, "neighbor A password ******"));
		CU_ASSERT_PTR_NULL(strstr(text, "canary"));
		free(text);
		cJSON_Delete(result);
	}
	door_end(&door);
}

TEST_MAIN("door", TEST(nothing_leaves_in_clear), TEST(tells_what_was_seen),
	  TEST(nothing_to_recover), TEST(wrong_requests), TEST(shown_beside_a_damaged_one),
	  TEST(the_worst_is_told), TEST(a_failed_change_is_not_told),
	  TEST(a_damaged_mark_is_no_permission), TEST(a_strange_journal_is_refused), TEST(damaged),
	  TEST(an_empty_record), TEST(damaged_states));
