/* SPDX-License-Identifier: Apache-2.0 */
/* Open deployments at the service's door: what recovery does, and plans that need their devices. */
#include "door.h"

static void recovered_by_id(void)
{
	struct door door;
	cJSON *result;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	CU_ASSERT(door_tells_leftover(&door, "interrupted"));
	CU_ASSERT(door_outcome_is(&door, "2", "interrupted"));
	door_ask(&door, "deployment.recover", "{\"id\": \"1\"}", SMD_E_NOT_FOUND);
	door_ask(&door, "deployment.recover", "{\"id\": \"3\"}", SMD_E_NOT_FOUND);
	door_ask(&door, "deployment.recover", "{\"id\": \"two\"}", SMD_E_NOT_FOUND);
	CU_ASSERT(door_tells_leftover(&door, "interrupted"));
	result = door_call(&door, "deployment.recover", "{\"id\": \"002\"}", 0);
	CU_ASSERT_EQUAL(smd_json_number(result, "count", 0), 1);
	CU_ASSERT_PTR_NULL(smd_json_array(result, "leftovers"));
	cJSON_Delete(result);
	CU_ASSERT(door_all_run(&door, FIRST));
	CU_ASSERT(door_outcome_is(&door, "02", "rolled-back"));
	door_ask(&door, "deployment.recover", "{\"id\": \"2\"}", SMD_E_NOT_FOUND);
	CU_ASSERT(door_tells_leftover(&door, NULL));
	door_end(&door);
}

/* The outcome of a device in the record of deployment 2 */
static int device_outcome_is(struct door *door, const char *name, const char *expected)
{
	cJSON *result = door_call(door, "deployment.show", "{\"id\": \"2\"}", 0);
	const cJSON *device;
	int found = 0;

	cJSON_ArrayForEach (device, smd_json_array(smd_json_object(result, "record"), "devices"))
		found += !strcmp(smd_json_string(device, "name"), name) &&
			 !strcmp(smd_json_string(device, "outcome"), expected);
	cJSON_Delete(result);
	return found == 1;
}

/* A device of which nothing is wanted takes no part in the recovery, and keeps its place. */
static void devices_keep_their_outcomes(void)
{
	static const char green[] =
		"{\"smartdeploy-native:native\": {\"name\": \"green\", \"device\": ["
		"{\"name\": \"r1\", \"line\": [\"\"]},"
		"{\"name\": \"r2\", \"line\": [\"set taste sweet\", \"set shape round\"]}]}}";
	struct door door;

	door_begin(&door);
	door_ask_with(&door, "configuration.set", "text", strdup(green));
	door.dying = "{\"name\": \"green\"}";
	door_die(&door, door_is_dead_before);
	door_ask(&door, "deployment.recover", NULL, 0);
	CU_ASSERT(device_outcome_is(&door, "r2", "rolled-back"));
	CU_ASSERT(!device_outcome_is(&door, "r1", "rolled-back"));
	door_end(&door);
}

static int problem_is(struct door *door, const char *name, const char *expected)
{
	cJSON *result = door_call(door, "deployment.show", "{\"id\": \"2\"}", 0);
	const cJSON *device;
	const char *problem = NULL;
	int good;

	cJSON_ArrayForEach (device, smd_json_array(smd_json_object(result, "record"), "devices"))
		if (!strcmp(smd_json_string(device, "name"), name))
			problem = smd_json_string(device, "problem");
	good = problem && !strcmp(problem, expected);
	cJSON_Delete(result);
	return good;
}

/* A refusal is not the last word on a device that cannot be read behind it. */
static void unread_behind_a_refusal(void)
{
	struct door door;
	struct device *device;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	door_refuse_at_r2(&door);
	device = fleet_device(door.fleet, "r2");
	fleet_arm(door.fleet, "r2",
		  &(struct fault){.class = CLASS_READ,
				  .occurrence = device->counts[CLASS_READ] + 3,
				  .kind = FAULT_LOST_BEFORE,
				  .always = 1});
	door_ask(&door, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_PTR_NOT_NULL(strstr(door.error.message, "what it runs is not known"));
	CU_ASSERT(problem_is(&door, "r2", "unreachable"));
	door_end(&door);
}

/* A push without an answer is read, and what is left of it is pushed again. */
static void a_lost_push_is_made_again(void)
{
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	fleet_arm(
		door.fleet, "r2",
		&(struct fault){.class = CLASS_ACT,
				.occurrence = fleet_device(door.fleet, "r2")->counts[CLASS_ACT] + 1,
				.kind = FAULT_LOST_BEFORE});
	door_ask(&door, "deployment.recover", NULL, 0);
	CU_ASSERT(door_all_run(&door, FIRST));
	CU_ASSERT(door_outcome_is(&door, "2", "rolled-back"));
	door_end(&door);
}

/* Only what recovery has tried can be accepted. */
static void accepted(void)
{
	static const char accept[] = "{\"id\": \"2\", \"accept\": true}";
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	door_ask(&door, "deployment.recover", accept, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_CONFLICT), 3);
	CU_ASSERT(door_tells_leftover(&door, "interrupted"));
	door_refuse_at_r2(&door);
	door_ask(&door, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_ATTENTION), 5);
	CU_ASSERT(door_tells_leftover(&door, "attention"));
	door_ask(&door, "plan.make", PLAN_BLUE, SMD_E_BUSY);
	door_ask(&door, "deployment.recover", accept, 0);
	CU_ASSERT(door_outcome_is(&door, "2", "accepted"));
	CU_ASSERT(door_tells_leftover(&door, NULL));
	door_ask(&door, "deployment.recover", accept, SMD_E_NOT_FOUND);
	fleet_device(door.fleet, "r2")->fault_count = 0;
	cJSON_Delete(door_apply(&door, door_plan(&door, PLAN_BLUE), 0, 0));
	CU_ASSERT(door_all_run(&door, SECOND));
	door_end(&door);
}

static void held_devices_are_busy(void)
{
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_before);
	door_ask(&door, "plan.make", PLAN_BLUE, SMD_E_BUSY);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_BUSY), 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(door.error.message, "deployment 2"));
	door_ask(&door, "deployment.rollback", "{\"id\": \"1\"}", SMD_E_BUSY);
	CU_ASSERT(door_tells_leftover(&door, "interrupted"));
	/* A plan only looks, and cannot be told to recover */
	door_ask(&door, "plan.make", "{\"name\": \"blue\", \"recover\": true}", SMD_E_INVALID);
	door_ask(&door, "deployment.recover", NULL, 0);
	cJSON_Delete(door_apply(&door, door_plan(&door, PLAN_BLUE), 0, 0));
	CU_ASSERT(door_outcome_is(&door, "2", "rolled-back"));
	CU_ASSERT(door_all_run(&door, SECOND));
	door_end(&door);
}

/* What recovery completes is what the plan starts from. */
static void a_plan_comes_after_recovery(void)
{
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_behind);
	door_set(&door, "set taste sweet", NULL);
	door_ask(&door, "deployment.recover", NULL, 0);
	cJSON_Delete(door_apply(&door, door_plan(&door, PLAN_BLUE), 0, 0));
	CU_ASSERT(door_outcome_is(&door, "2", "done"));
	CU_ASSERT(door_all_run(&door, THIRD));
	door_end(&door);
}

/* A plan that was made before is stale when recovery has changed what it starts from. */
static void an_older_plan_is_stale(void)
{
	struct door door;
	char *older;

	door_begin(&door);
	older = door_plan(&door, PLAN_BLUE);
	door_die(&door, door_is_dead_behind);
	cJSON_Delete(door_apply(&door, older, 1, SMD_E_CONFLICT));
	CU_ASSERT(door_outcome_is(&door, "2", "done"));
	CU_ASSERT(door_all_run(&door, SECOND));
	door_end(&door);
}

/* Rolling back to before deployment 1 takes the completed deployment 2 into account. */
static void a_rollback_comes_after_recovery(void)
{
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_behind);
	door_ask(&door, "deployment.rollback", "{\"id\": \"1\", \"recover\": true}",
		 SMD_E_CONFLICT);
	CU_ASSERT(door_outcome_is(&door, "2", "done"));
	CU_ASSERT(door_all_run(&door, SECOND));
	door_ask(&door, "deployment.rollback", "{\"id\": \"last\"}", 0);
	CU_ASSERT(door_all_run(&door, FIRST));
	door_end(&door);
}

static void the_last_one_is_known_after_recovery(void)
{
	struct door door;

	door_begin(&door);
	door_die(&door, door_is_dead_behind);
	door_ask(&door, "deployment.rollback", "{\"id\": \"last\", \"recover\": true}", 0);
	CU_ASSERT(door_outcome_is(&door, "2", "done"));
	CU_ASSERT(door_all_run(&door, FIRST));
	door_end(&door);
}

TEST_MAIN("recover", TEST(recovered_by_id), TEST(devices_keep_their_outcomes), TEST(accepted),
	  TEST(held_devices_are_busy), TEST(a_plan_comes_after_recovery),
	  TEST(an_older_plan_is_stale), TEST(a_rollback_comes_after_recovery),
	  TEST(the_last_one_is_known_after_recovery), TEST(unread_behind_a_refusal),
	  TEST(a_lost_push_is_made_again));
