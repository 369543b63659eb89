/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open deployments at the service's door: what is told of them, what recovery takes and refuses,
 * and plans that need their devices.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/json.h"
#include "ground.h"
#include "test.h"

#define DEVICES 2
#define PORTS "port left\nset host x\n"
#define FIRST "set color red\nset size 1\n"
#define SECOND "set color blue\nset shape round\n"
#define THIRD "set taste sweet\n"
#define PLAN_BLUE "{\"name\": \"blue\"}"

static const char *const names[DEVICES] = {"r1", "r2"};

struct scene {
	struct fleet *fleet;
	struct fleet_time *time; /* shared with children */
	struct ground ground;
	struct smd_controller *controller;
	const char *dying;      /* the request for the plan of the deployment that dies */
	struct smd_error error; /* of the last call */
};

static void open_door(struct scene *scene)
{
	ground_init(&scene->ground, scene->fleet, scene->time);
	scene->controller = ground_controller(&scene->ground);
}

static void close_door(struct scene *scene)
{
	smd_controller_free(scene->controller);
	ground_done(&scene->ground);
}

/* Call a method with a request in JSON; the result is the caller's. */
static cJSON *call(struct scene *scene, const char *method, const char *request,
		   enum smd_err expected)
{
	cJSON *json = request ? cJSON_Parse(request) : NULL, *result = NULL;
	int err;

	CU_ASSERT_FATAL(!request || json);
	scene->error = (struct smd_error){0};
	err = smd_controller_call(scene->controller, "tester", method, json, NULL, NULL, &result,
				  &scene->error);
	if (err != (int)expected)
		printf("\n%s %s: %s (%s)\n", method, request ? request : "", scene->error.message,
		       smd_err_name(err));
	CU_ASSERT_EQUAL(err, expected);
	return result;
}

static void ask(struct scene *scene, const char *method, const char *request, enum smd_err expected)
{
	cJSON_Delete(call(scene, method, request, expected));
}

static char *with(const char *member, char *value_take, int recovers)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(json, member, value_take);
	if (recovers)
		cJSON_AddTrueToObject(json, "recover");
	text = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	free(value_take);
	return text;
}

static void ask_with(struct scene *scene, const char *method, const char *member, char *value_take)
{
	char *request = with(member, value_take, 0);

	ask(scene, method, request, 0);
	free(request);
}

static void set(struct scene *scene, const char *first, const char *second)
{
	const char *const lines[] = {first, second};

	ask_with(scene, "configuration.set", "text",
		 ground_native("blue", names, DEVICES, lines, second ? 2 : 1));
}

/* The text of a plan; the caller frees it. */
static char *plan(struct scene *scene, const char *request)
{
	cJSON *result = call(scene, "plan.make", request, 0);
	char *text = cJSON_PrintUnformatted(result);

	cJSON_Delete(result);
	return text;
}

static cJSON *apply(struct scene *scene, char *plan_take, int recovers, enum smd_err expected)
{
	char *request = with("text", plan_take, recovers);
	cJSON *result = call(scene, "plan.apply", request, expected);

	free(request);
	return result;
}

/* The first revision is deployed by deployment 1; the second one is set. */
static void begin(struct scene *scene)
{
	*scene = (struct scene){.fleet = fleet_new(FLEET_STORE), .dying = PLAN_BLUE};
	scene->time = mmap(NULL, sizeof(*scene->time), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(scene->time != MAP_FAILED);
	memset(scene->time, 0, sizeof(*scene->time));
	fleet_add(scene->fleet, "r1", DEVICE_SHARED, PORTS);
	fleet_add(scene->fleet, "r2", DEVICE_LINES, PORTS);
	open_door(scene);
	ask_with(scene, "device.import", "inventory", fleet_inventory(scene->fleet));
	set(scene, "set color red", "set size 1");
	cJSON_Delete(apply(scene, plan(scene, PLAN_BLUE), 0, 0));
	set(scene, "set color blue", "set shape round");
}

static void end(struct scene *scene)
{
	close_door(scene);
	fleet_free(scene->fleet);
	munmap(scene->time, sizeof(*scene->time));
}

static int all_run(struct scene *scene, const char *lines)
{
	char text[256];

	snprintf(text, sizeof(text), "%s%s", PORTS, lines);
	return fleet_runs(scene->fleet, "r1", text) && fleet_runs(scene->fleet, "r2", text);
}

/* Leftovers */

static void be_child(struct scene *scene)
{
	alarm(60);
	open_door(scene);
	cJSON_Delete(apply(scene, plan(scene, scene->dying), 0, 0));
	_exit(1);
}

/* Whether the store has such a record of deployment 2, with this text in it. */
static int has_record(const char *table, const char *expected)
{
	char key[SMD_STORE_KEY];
	void *store = NULL, *value = NULL;
	size_t size;
	int found;

	smd_deployment_key("2", NULL, key);
	CU_ASSERT_EQUAL_FATAL(fleet_store.open("", SMD_STORE_LOOK, NULL, &store, NULL), 0);
	found = !fleet_store.get(store, table, key, &value, &size, NULL, NULL) &&
		strstr(value, expected);
	free(value);
	fleet_store.close(store);
	return found;
}

static int is_dead_before(struct scene *scene)
{
	return has_record("open", "") && !fleet_runs(scene->fleet, "r2", PORTS FIRST);
}

static int is_dead_behind(struct scene *scene)
{
	(void)scene;
	return has_record("open", "") && has_record("decision", "forward");
}

static int die_at(struct scene *scene, uint64_t point)
{
	int status = -1;
	pid_t child;

	fleet_arm_death(scene->fleet, point);
	fflush(NULL);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (!child)
		be_child(scene);
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	fleet_arm_death(scene->fleet, 0);
	ground_hang_up(scene->fleet, scene->time->now);
	return WIFEXITED(status) && WEXITSTATUS(status) == FLEET_DIED;
}

/*
 * Deployment 2, which leads to the second revision, dies: before the decision, when r2 runs
 * something else already, or behind it.
 */
static void die(struct scene *scene, int (*is_there)(struct scene *scene))
{
	struct fleet_image *image;
	struct fleet_time time;
	int died = 1;

	close_door(scene);
	image = fleet_save(scene->fleet);
	time = *scene->time;
	fleet_use(scene->fleet);
	for (uint64_t point = 1; died; point++) {
		died = die_at(scene, point);
		fleet_use(scene->fleet);
		if (is_there(scene))
			break;
		fleet_reset(scene->fleet, image);
		*scene->time = time;
	}
	CU_ASSERT_FATAL(died);
	fleet_image_free(image);
	open_door(scene);
}

/* Is deployment 2 told as a leftover, in this state? NULL: none is told. */
static int tells_leftover(struct scene *scene, const char *state)
{
	cJSON *result = call(scene, "configuration.list", NULL, 0);
	const cJSON *one = cJSON_GetArrayItem(smd_json_array(result, "leftovers"), 0);
	const char *id = smd_json_string(one, "id"), *told = smd_json_string(one, "state");
	int good = state ? id && told && !strcmp(id, "2") && !strcmp(told, state) : !one;

	cJSON_Delete(result);
	return good;
}

static int outcome_is(struct scene *scene, const char *id, const char *expected)
{
	char request[64];
	const char *outcome;
	cJSON *result;
	int good;

	snprintf(request, sizeof(request), "{\"id\": \"%s\"}", id);
	result = call(scene, "deployment.show", request, 0);
	outcome = smd_json_string(smd_json_object(result, "record"), "outcome");
	good = outcome && !strcmp(outcome, expected);
	if (!good)
		printf("\ndeployment %s: %s\n", id, outcome ? outcome : "no outcome");
	cJSON_Delete(result);
	return good;
}

static void recovered_by_id(void)
{
	struct scene scene;
	cJSON *result;

	begin(&scene);
	die(&scene, is_dead_before);
	CU_ASSERT(tells_leftover(&scene, "interrupted"));
	CU_ASSERT(outcome_is(&scene, "2", "interrupted"));
	ask(&scene, "deployment.recover", "{\"id\": \"1\"}", SMD_E_NOT_FOUND);
	ask(&scene, "deployment.recover", "{\"id\": \"3\"}", SMD_E_NOT_FOUND);
	ask(&scene, "deployment.recover", "{\"id\": \"two\"}", SMD_E_NOT_FOUND);
	CU_ASSERT(tells_leftover(&scene, "interrupted"));
	result = call(&scene, "deployment.recover", "{\"id\": \"002\"}", 0);
	CU_ASSERT_EQUAL(smd_json_number(result, "count", 0), 1);
	CU_ASSERT_PTR_NULL(smd_json_array(result, "leftovers"));
	cJSON_Delete(result);
	CU_ASSERT(all_run(&scene, FIRST));
	CU_ASSERT(outcome_is(&scene, "02", "rolled-back"));
	ask(&scene, "deployment.recover", "{\"id\": \"2\"}", SMD_E_NOT_FOUND);
	CU_ASSERT(tells_leftover(&scene, NULL));
	end(&scene);
}

static void nothing_to_recover(void)
{
	struct scene scene;
	cJSON *result;

	begin(&scene);
	result = call(&scene, "deployment.recover", NULL, 0);
	CU_ASSERT_EQUAL(smd_json_number(result, "count", -1), 0);
	cJSON_Delete(result);
	ask(&scene, "deployment.recover", "{\"id\": \"1\", \"accept\": true}", SMD_E_NOT_FOUND);
	end(&scene);
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
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_before);
	for (size_t i = 0; i < SMD_COUNT(wrong); i++)
		ask(&scene, "deployment.recover", wrong[i], SMD_E_INVALID);
	CU_ASSERT(tells_leftover(&scene, "interrupted"));
	ask(&scene, "deployment.show", NULL, SMD_E_INVALID);
	ask(&scene, "deployment.show", "{\"id\": \"\"}", SMD_E_INVALID);
	ask(&scene, "deployment.show", "{\"id\": \"17\"}", SMD_E_NOT_FOUND);
	ask(&scene, "deployment.rollback", "{}", SMD_E_INVALID);
	ask(&scene, "deployment.rollback", "{\"id\": \"17\"}", SMD_E_NOT_FOUND);
	end(&scene);
}

/* Replace the value of a record. */
static void put_record(struct scene *scene, const char *table, const char *key, const char *value)
{
	const struct smd_store_item item = {.op = SMD_STORE_PUT,
					    .table = table,
					    .key = key,
					    .value = value,
					    .size = strlen(value)};
	void *store = NULL;

	close_door(scene);
	fleet_use(scene->fleet);
	CU_ASSERT_EQUAL_FATAL(fleet_store.open("", SMD_STORE_OWN, NULL, &store, NULL), 0);
	CU_ASSERT_EQUAL(fleet_store.apply(store, &item, 1, NULL, NULL), 0);
	fleet_store.close(store);
	open_door(scene);
}

/* A damaged record of one deployment does not hide another one. */
static void shown_beside_a_damaged_one(void)
{
	struct scene scene;
	char key[SMD_STORE_KEY];

	begin(&scene);
	cJSON_Delete(apply(&scene, plan(&scene, PLAN_BLUE), 0, 0));
	smd_deployment_key("2", NULL, key);
	put_record(&scene, "deployment", key, "{");
	CU_ASSERT(outcome_is(&scene, "1", "done"));
	CU_ASSERT(outcome_is(&scene, "blue", "done"));
	ask(&scene, "deployment.show", "{\"id\": \"2\"}", SMD_E_IO);
	end(&scene);
}

static void refuse_at_r2(struct scene *scene)
{
	struct device *device = fleet_device(scene->fleet, "r2");

	fleet_arm(scene->fleet, "r2",
		  &(struct fault){.class = CLASS_ACT,
				  .occurrence = device->counts[CLASS_ACT] + 1,
				  .kind = FAULT_REFUSED,
				  .always = 1});
}

/* The error, and so the exit status, is that of the worst of all. */
static void the_worst_is_told(void)
{
	static const char *const outcomes[] = {"damaged", "attention"};
	struct scene scene;
	char key[SMD_STORE_KEY];
	cJSON *result;

	begin(&scene);
	die(&scene, is_dead_before);
	smd_deployment_key("1", NULL, key);
	put_record(&scene, "open", key, "{}");
	put_record(&scene, "deployment", key, "{");
	refuse_at_r2(&scene);
	result = call(&scene, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_EQUAL(scene.error.code, SMD_E_ATTENTION);
	for (int i = 0; i < 2; i++) {
		const cJSON *one = cJSON_GetArrayItem(smd_json_array(result, "deployments"), i);
		const char *outcome = smd_json_string(one, "outcome");

		CU_ASSERT_FATAL(outcome != NULL);
		CU_ASSERT_STRING_EQUAL(outcome, outcomes[i]);
	}
	cJSON_Delete(result);
	end(&scene);
}

/* A record that lost its members is refused, not followed. */
static void an_empty_record(void)
{
	struct scene scene;
	char key[SMD_STORE_KEY];

	begin(&scene);
	smd_deployment_key("2", NULL, key);
	put_record(&scene, "open", key, "{}");
	put_record(&scene, "deployment", key, "{}");
	ask(&scene, "deployment.recover", NULL, SMD_E_ATTENTION);
	ask(&scene, "deployment.recover", "{\"id\": \"2\"}", SMD_E_ATTENTION);
	CU_ASSERT(tells_leftover(&scene, "damaged"));
	end(&scene);
}

static int state_is(struct scene *scene, const char *expected)
{
	cJSON *result = call(scene, "configuration.list", NULL, 0);
	const cJSON *one = cJSON_GetArrayItem(smd_json_array(result, "configurations"), 0);
	const char *state = smd_json_string(one, "state");
	int good = state && !strcmp(state, expected);

	cJSON_Delete(result);
	return good;
}

/* What is deployed, and by whom, is read or told as damaged. */
static void damaged_states(void)
{
	struct scene scene;

	begin(&scene);
	CU_ASSERT(state_is(&scene, "pending"));
	put_record(&scene, "last", "blue", "{");
	cJSON_Delete(apply(&scene, plan(&scene, PLAN_BLUE), 0, SMD_E_IO));
	CU_ASSERT(all_run(&scene, FIRST));
	put_record(&scene, "deployed", "blue", "{");
	CU_ASSERT(state_is(&scene, "damaged"));
	ask(&scene, "configuration.show", PLAN_BLUE, 0);
	end(&scene);
}

/* What was not stored is not told as changed. */
static void a_failed_change_is_not_told(void)
{
	struct scene scene;
	struct store_block *store;
	char *request;
	cJSON *result;

	begin(&scene);
	store = fleet_store_block(scene.fleet);
	store->fault_at = store->applies + 1;
	store->fault = STORE_FULL;
	request = with(
		"text",
		ground_native("blue", names, DEVICES, (const char *const[]){"set taste sweet"}, 1),
		0);
	result = call(&scene, "configuration.set", request, SMD_E_IO);
	CU_ASSERT_PTR_NULL(smd_json_member(result, "changed"));
	cJSON_Delete(result);
	free(request);
	end(&scene);
}

/* Whether a plan was applied is read, or nothing is done. */
static void a_damaged_mark_is_no_permission(void)
{
	struct scene scene;
	cJSON *made;
	char *text;

	begin(&scene);
	made = call(&scene, "plan.make", PLAN_BLUE, 0);
	text = cJSON_PrintUnformatted(made);
	put_record(&scene, "applied", smd_json_string(made, "id"), "{");
	cJSON_Delete(apply(&scene, text, 0, SMD_E_IO));
	put_record(&scene, "plan", smd_json_string(made, "id"), "{");
	cJSON_Delete(apply(&scene, cJSON_PrintUnformatted(made), 0, SMD_E_IO));
	cJSON_Delete(made);
	CU_ASSERT(all_run(&scene, FIRST));
	end(&scene);
}

/* The outcome of a device in the record of deployment 2 */
static int device_outcome_is(struct scene *scene, const char *name, const char *expected)
{
	cJSON *result = call(scene, "deployment.show", "{\"id\": \"2\"}", 0);
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
	struct scene scene;

	begin(&scene);
	ask_with(&scene, "configuration.set", "text", strdup(green));
	scene.dying = "{\"name\": \"green\"}";
	die(&scene, is_dead_before);
	ask(&scene, "deployment.recover", NULL, 0);
	CU_ASSERT(device_outcome_is(&scene, "r2", "rolled-back"));
	CU_ASSERT(!device_outcome_is(&scene, "r1", "rolled-back"));
	end(&scene);
}

static int problem_is(struct scene *scene, const char *name, const char *expected)
{
	cJSON *result = call(scene, "deployment.show", "{\"id\": \"2\"}", 0);
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
	struct scene scene;
	struct device *device;

	begin(&scene);
	die(&scene, is_dead_before);
	refuse_at_r2(&scene);
	device = fleet_device(scene.fleet, "r2");
	fleet_arm(scene.fleet, "r2",
		  &(struct fault){.class = CLASS_READ,
				  .occurrence = device->counts[CLASS_READ] + 3,
				  .kind = FAULT_LOST_BEFORE,
				  .always = 1});
	ask(&scene, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "what it runs is not known"));
	CU_ASSERT(problem_is(&scene, "r2", "unreachable"));
	end(&scene);
}

/* A push without an answer is read, and what is left of it is pushed again. */
static void a_lost_push_is_made_again(void)
{
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_before);
	fleet_arm(scene.fleet, "r2",
		  &(struct fault){.class = CLASS_ACT,
				  .occurrence =
					  fleet_device(scene.fleet, "r2")->counts[CLASS_ACT] + 1,
				  .kind = FAULT_LOST_BEFORE});
	ask(&scene, "deployment.recover", NULL, 0);
	CU_ASSERT(all_run(&scene, FIRST));
	CU_ASSERT(outcome_is(&scene, "2", "rolled-back"));
	end(&scene);
}

/* Recovery does not close what it does not understand. */
static void a_strange_journal_is_refused(void)
{
	struct scene scene;
	char key[SMD_STORE_KEY];

	begin(&scene);
	die(&scene, is_dead_before);
	smd_deployment_key("2", "00009999", key);
	put_record(&scene, "journal", key, "{\"device\": \"r9\", \"stage\": \"commit\"}");
	ask(&scene, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "r9"));
	CU_ASSERT(tells_leftover(&scene, "damaged"));
	end(&scene);
}

/* Only what recovery has tried can be accepted. */
static void accepted(void)
{
	static const char accept[] = "{\"id\": \"2\", \"accept\": true}";
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_before);
	ask(&scene, "deployment.recover", accept, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_CONFLICT), 3);
	CU_ASSERT(tells_leftover(&scene, "interrupted"));
	refuse_at_r2(&scene);
	ask(&scene, "deployment.recover", NULL, SMD_E_ATTENTION);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_ATTENTION), 5);
	CU_ASSERT(tells_leftover(&scene, "attention"));
	ask(&scene, "plan.make", PLAN_BLUE, SMD_E_BUSY);
	ask(&scene, "deployment.recover", accept, 0);
	CU_ASSERT(outcome_is(&scene, "2", "accepted"));
	CU_ASSERT(tells_leftover(&scene, NULL));
	ask(&scene, "deployment.recover", accept, SMD_E_NOT_FOUND);
	fleet_device(scene.fleet, "r2")->fault_count = 0;
	cJSON_Delete(apply(&scene, plan(&scene, PLAN_BLUE), 0, 0));
	CU_ASSERT(all_run(&scene, SECOND));
	end(&scene);
}

/* A record that cannot be read hides nothing, and its devices stay held. */
static void damaged(void)
{
	char key[SMD_STORE_KEY];
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_before);
	smd_deployment_key("2", NULL, key);
	put_record(&scene, "deployment", key, "{");
	CU_ASSERT(tells_leftover(&scene, "damaged"));
	ask(&scene, "deployment.recover", NULL, SMD_E_ATTENTION);
	ask(&scene, "plan.make", PLAN_BLUE, SMD_E_BUSY);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "deployment 2,"));
	CU_ASSERT(tells_leftover(&scene, "damaged"));
	end(&scene);
}

/* Plans that need the devices */

static void held_devices_are_busy(void)
{
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_before);
	ask(&scene, "plan.make", PLAN_BLUE, SMD_E_BUSY);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_BUSY), 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "deployment 2"));
	ask(&scene, "deployment.rollback", "{\"id\": \"1\"}", SMD_E_BUSY);
	CU_ASSERT(tells_leftover(&scene, "interrupted"));
	/* A plan only looks, and cannot be told to recover */
	ask(&scene, "plan.make", "{\"name\": \"blue\", \"recover\": true}", SMD_E_INVALID);
	ask(&scene, "deployment.recover", NULL, 0);
	cJSON_Delete(apply(&scene, plan(&scene, PLAN_BLUE), 0, 0));
	CU_ASSERT(outcome_is(&scene, "2", "rolled-back"));
	CU_ASSERT(all_run(&scene, SECOND));
	end(&scene);
}

/* What recovery completes is what the plan starts from. */
static void a_plan_comes_after_recovery(void)
{
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_behind);
	set(&scene, "set taste sweet", NULL);
	ask(&scene, "deployment.recover", NULL, 0);
	cJSON_Delete(apply(&scene, plan(&scene, PLAN_BLUE), 0, 0));
	CU_ASSERT(outcome_is(&scene, "2", "done"));
	CU_ASSERT(all_run(&scene, THIRD));
	end(&scene);
}

/* A plan that was made before is stale when recovery has changed what it starts from. */
static void an_older_plan_is_stale(void)
{
	struct scene scene;
	char *older;

	begin(&scene);
	older = plan(&scene, PLAN_BLUE);
	die(&scene, is_dead_behind);
	cJSON_Delete(apply(&scene, older, 1, SMD_E_CONFLICT));
	CU_ASSERT(outcome_is(&scene, "2", "done"));
	CU_ASSERT(all_run(&scene, SECOND));
	end(&scene);
}

/* Rolling back to before deployment 1 takes the completed deployment 2 into account. */
static void a_rollback_comes_after_recovery(void)
{
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_behind);
	ask(&scene, "deployment.rollback", "{\"id\": \"1\", \"recover\": true}", SMD_E_CONFLICT);
	CU_ASSERT(outcome_is(&scene, "2", "done"));
	CU_ASSERT(all_run(&scene, SECOND));
	ask(&scene, "deployment.rollback", "{\"id\": \"last\"}", 0);
	CU_ASSERT(all_run(&scene, FIRST));
	end(&scene);
}

static void the_last_one_is_known_after_recovery(void)
{
	struct scene scene;

	begin(&scene);
	die(&scene, is_dead_behind);
	ask(&scene, "deployment.rollback", "{\"id\": \"last\", \"recover\": true}", 0);
	CU_ASSERT(outcome_is(&scene, "2", "done"));
	CU_ASSERT(all_run(&scene, FIRST));
	end(&scene);
}

TEST_MAIN("door", TEST(recovered_by_id), TEST(nothing_to_recover), TEST(wrong_requests),
	  TEST(shown_beside_a_damaged_one), TEST(the_worst_is_told),
	  TEST(a_failed_change_is_not_told), TEST(a_damaged_mark_is_no_permission),
	  TEST(devices_keep_their_outcomes), TEST(a_strange_journal_is_refused), TEST(accepted),
	  TEST(damaged), TEST(held_devices_are_busy), TEST(a_plan_comes_after_recovery),
	  TEST(an_older_plan_is_stale), TEST(a_rollback_comes_after_recovery),
	  TEST(the_last_one_is_known_after_recovery), TEST(unread_behind_a_refusal),
	  TEST(an_empty_record), TEST(damaged_states), TEST(a_lost_push_is_made_again));
