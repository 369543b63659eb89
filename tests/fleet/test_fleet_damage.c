/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deployments that a dead controller left open and of which something in the store is damaged, or
 * whose driver is gone: recovery says what, and accepting them frees the devices.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/site/deployment_key.h"
#include "harness.h"
#include "suite.h"

#define DEVICES 3

static struct harness *harness;

/* Records in the store */

/*
 * table, rest  Of a record of the open deployment; rest NULL: its key is the deployment's alone.
 * content      What is written over its beginning; NULL: bytes that are no JSON.
 */
struct damage {
	const char *table, *rest, *content;
};

static char *record_at(const char *table, const char *key, size_t *size)
{
	return (char *)store_get(fleet_store_block(harness->fleet), table, key, size);
}

static int there_is(const char *table, const char *id)
{
	char key[SMD_STORE_KEY];
	size_t size;

	smd_deployment_key(id, NULL, key);
	return record_at(table, key, &size) != NULL;
}

/* Write over a record; what is left of it is filled with blanks. `key` receives its key. */
static void damage(const char *id, const struct damage *what, char key[SMD_STORE_KEY])
{
	size_t size = 0, length = what->content ? strlen(what->content) : 0;
	char *value;

	smd_deployment_key(id, what->rest, key);
	value = record_at(what->table, key, &size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	CU_ASSERT_FATAL(length < size);
	memset(value, what->content ? ' ' : '#', size);
	memcpy(value, what->content ? what->content : "", length);
}

/* Scripts */

/* A configuration on one device, whose deployment dies at a point; 0: never. */
struct one {
	const char *name;
	size_t device;
	uint64_t point;
};

static const struct reply *plan_of(struct child *child, const char *name)
{
	return child_ask(child, "plan.make", "name", name);
}

static void deploy_one(struct child *child, void *arg)
{
	const struct one *one = arg;
	const struct reply *plan;
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"smartdeploy-native:native\": {\"name\": \"%s\", \"device\": [{\"name\": "
		 "\"%s\", \"line\": [\"set taste sour\"]}]}}",
		 one->name, harness->members[one->device].name);
	child_ask(child, "configuration.set", "text", text);
	plan = plan_of(child, one->name);
	fleet_arm_death(harness->fleet, one->point);
	child_ask(child, "plan.apply", "text", harness->shared->texts + plan->json);
	fleet_arm_death(harness->fleet, 0);
}

static void apply_blue(struct child *child, void *arg)
{
	(void)arg;
	child_ask(child, "plan.apply", "text", harness->plan);
}

static void plan(struct child *child, void *name)
{
	plan_of(child, name);
}

static void recover(struct child *child, void *arg)
{
	(void)arg;
	child_call(child, "deployment.recover", NULL);
}

static void accept(struct child *child, void *id)
{
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, "id", id);
	cJSON_AddTrueToObject(request, "accept");
	child_call(child, "deployment.recover", request);
}

static void show(struct child *child, void *id)
{
	child_ask(child, "deployment.show", "id", id);
}

/* Run a script to its end; returns the exit status of its answer to the method. */
static int run(harness_script script, const void *arg, const char *method)
{
	enum harness_end end = harness_run(harness, script, (void *)arg);
	const struct reply *reply = harness_reply(harness, method);

	CU_ASSERT_EQUAL(end, HARNESS_ENDED);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reply);
	return reply_exit(reply);
}

/* Answers */

static const struct smd_error *error_of(const char *method)
{
	return &harness_reply(harness, method)->error;
}

static int says(const char *method, const char *text)
{
	const struct smd_error *error = error_of(method);

	if (strstr(error->message, text) || strstr(error->hint, text))
		return 1;
	printf("%s does not say \"%s\": %s (%s)\n", method, text, error->message, error->hint);
	return 0;
}

/* Is there an entry of a list of the last answer that has this id and this member? */
static int lists(const char *method, const char *list, const char *id, const char *name,
		 const char *value)
{
	smd_cleanup(cJSON_Delete) cJSON *result =
		harness_result(harness, harness_reply(harness, method));
	const cJSON *one;

	cJSON_ArrayForEach (one, smd_json_array(result, list)) {
		const char *text = smd_json_string(one, name);

		if (!strcmp(smd_json_string(one, "id"), id) && text && !strcmp(text, value))
			return 1;
	}
	return 0;
}

/* A text of a record; "" if it has none of that name. */
static const char *text_of(const cJSON *record, const char *name)
{
	const char *text = smd_json_string(record, name);

	return text ? text : "";
}

static int number_in(const char *method, const char *list)
{
	smd_cleanup(cJSON_Delete) cJSON *result =
		harness_result(harness, harness_reply(harness, method));

	return cJSON_GetArraySize(smd_json_array(result, list));
}

static int64_t id_number(const char *id)
{
	return strtoll(id, NULL, 10);
}

/* The id that the deployment after the image's newest gets. */
static void next_id(enum image image, unsigned ahead, char id[SMD_DEPLOYMENT_ID])
{
	snprintf(id, SMD_DEPLOYMENT_ID, "%lld",
		 (long long)id_number(harness->deployments[image]) + ahead);
}

/* Deployments left open */

/* "blue" is left open with a journal, behind its decision. Fills its id. */
static void leave_open(char id[SMD_DEPLOYMENT_ID])
{
	static uint64_t point;

	next_id(IMAGE_FIRST, 1, id);
	for (uint64_t at = point ? point : 1;; at++) {
		enum harness_end end;

		harness_reset(harness, IMAGE_FIRST);
		fleet_arm_death(harness->fleet, at);
		end = harness_run(harness, apply_blue, NULL);
		fleet_arm_death(harness->fleet, 0);
		CU_ASSERT_EQUAL_FATAL(end, HARNESS_DIED);
		if (!there_is("decision", id))
			continue;
		point = at;
		break;
	}
	CU_ASSERT_FATAL(there_is("open", id));
}

/* A configuration on one device is left open before its decision. */
static void leave_one_open(const char *name, size_t device, const char *id)
{
	struct one one = {name, device, 0};
	struct fleet_image *before = fleet_save(harness->fleet);
	struct fleet_time time = harness->shared->time;

	do {
		fleet_reset(harness->fleet, before);
		harness->shared->time = time;
		one.point++;
	} while (harness_run(harness, deploy_one, &one) == HARNESS_DIED && !there_is("open", id));
	CU_ASSERT_FATAL(there_is("open", id));
	fleet_arm_death(harness->fleet, 0);
	harness_forget(harness);
	fleet_image_free(before);
}

/* Damage of each kind */

static void is_free(const char *id, int damaged)
{
	smd_cleanup(cJSON_Delete) cJSON *shown = NULL;
	const cJSON *record;

	CU_ASSERT(!there_is("open", id));
	CU_ASSERT_EQUAL(run(plan, "blue", "plan.make"), 0);
	CU_ASSERT_EQUAL(number_in("plan.make", "leftovers"), 0);
	CU_ASSERT_EQUAL(run(show, id, "deployment.show"), 0);
	shown = harness_result(harness, harness_reply(harness, "deployment.show"));
	record = smd_json_object(shown, "record");
	CU_ASSERT_STRING_EQUAL(text_of(record, "outcome"), "accepted");
	CU_ASSERT_STRING_EQUAL(text_of(record, "accepted-by"), "tester");
	CU_ASSERT_EQUAL(smd_json_bool(record, "damaged", 0), damaged);
	CU_ASSERT_EQUAL(smd_json_bool(record, "state-left", 0), 1);
	CU_ASSERT(text_of(record, "not-recovered")[0]);
}

/* Something stands in the way of recovery that says `name`. */
static void is_told_and_closed(const char *id, const char *name, int damaged)
{
	size_t said = strlen(harness_log(harness));
	const char *lacks = harness->lacks;
	char close[64];

	snprintf(close, sizeof(close), "sdctl recover %s --accept", id);
	CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 5);
	CU_ASSERT(says("deployment.recover", name) && says("deployment.recover", close));
	CU_ASSERT(there_is("open", id));
	harness->lacks = NULL;
	CU_ASSERT_EQUAL(run(plan, "blue", "plan.make"), 3);
	harness->lacks = lacks;
	CU_ASSERT(says("plan.make", damaged ? "damaged" : "not finished"));
	CU_ASSERT(lists("plan.make", "leftovers", id, "state", damaged ? "damaged" : "attention"));
	CU_ASSERT_EQUAL(run(accept, id, "deployment.recover"), 0);
	CU_ASSERT(lists("deployment.recover", "deployments", id, "outcome", "accepted"));
	CU_ASSERT_EQUAL(strlen(harness_log(harness)), said);
}

static void damaged_and_closed(const struct damage *what)
{
	char id[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY], name[SMD_STORE_KEY + 32];

	leave_open(id);
	damage(id, what, key);
	snprintf(name, sizeof(name), "%s \"%s\"", what->table, key);
	is_told_and_closed(id, name, 1);
	is_free(id, 1);
}

static void record_of_the_deployment(void)
{
	damaged_and_closed(&(struct damage){"deployment", NULL, NULL});
}

static void record_without_its_members(void)
{
	damaged_and_closed(&(struct damage){"deployment", NULL, "{\"steps\": 1}"});
	damaged_and_closed(&(struct damage){"deployment", NULL, "[]"});
}

static void snapshot(void)
{
	const char *device = harness->members[1].name;

	damaged_and_closed(&(struct damage){"snapshot", device, NULL});
	damaged_and_closed(&(struct damage){"snapshot", device, "{}"});
}

static void journal_entry(void)
{
	damaged_and_closed(&(struct damage){"journal", "00000002", NULL});
	damaged_and_closed(&(struct damage){"journal", "00000002", "{\"device\": \"none\"}"});
}

static void decision(void)
{
	damaged_and_closed(&(struct damage){"decision", NULL, NULL});
	damaged_and_closed(&(struct damage){"decision", NULL, "{\"direction\": \"up\"}"});
}

/* The bytes of a record that cannot be read are kept in the one that replaces it. */
static void damaged_bytes_are_kept(void)
{
	static const struct damage what = {"deployment", NULL, NULL};
	smd_cleanup(cJSON_Delete) cJSON *shown = NULL;
	char id[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY], *before;
	size_t size = 0;

	leave_open(id);
	damage(id, &what, key);
	before = record_at("deployment", key, &size);
	before = strndup(before, size);
	run(recover, NULL, "deployment.recover");
	CU_ASSERT_EQUAL(memcmp(record_at("deployment", key, &size), before, size), 0);
	CU_ASSERT_EQUAL(run(accept, id, "deployment.recover"), 0);
	run(show, id, "deployment.show");
	shown = harness_result(harness, harness_reply(harness, "deployment.show"));
	CU_ASSERT_STRING_EQUAL(text_of(smd_json_object(shown, "record"), "damaged-record"), before);
	free(before);
}

/* Nobody has to try what cannot be tried: a damaged one can be accepted at once. */
static void damaged_is_accepted_at_once(void)
{
	static const struct damage what = {"decision", NULL, NULL};
	char id[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY];

	leave_open(id);
	CU_ASSERT_EQUAL(run(accept, id, "deployment.recover"), 3);
	CU_ASSERT(there_is("open", id));
	damage(id, &what, key);
	CU_ASSERT_EQUAL(run(accept, id, "deployment.recover"), 0);
	is_free(id, 1);
}

/* A driver that is gone can come back, so that recovery is tried first. */
static void driver_is_gone(void)
{
	char id[SMD_DEPLOYMENT_ID];

	leave_open(id);
	harness->lacks = "fleet-lines";
	CU_ASSERT_EQUAL(run(accept, id, "deployment.recover"), 3);
	CU_ASSERT(says("deployment.recover", "nothing to accept yet"));
	is_told_and_closed(id, "fleet-lines", 0);
	harness->lacks = NULL;
	is_free(id, 0);
}

/* Without a decision, too, it is the driver that is told. */
static void driver_is_gone_before_the_decision(void)
{
	char id[SMD_DEPLOYMENT_ID];

	harness_reset(harness, IMAGE_FIRST);
	next_id(IMAGE_FIRST, 1, id);
	leave_one_open("one", 1, id);
	harness->lacks = "fleet-lines";
	CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 5);
	CU_ASSERT(says("deployment.recover", "fleet-lines"));
}

static void driver_comes_back(void)
{
	smd_cleanup(cJSON_Delete) cJSON *shown = NULL;
	char id[SMD_DEPLOYMENT_ID];

	leave_open(id);
	harness->lacks = "fleet-lines";
	CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 5);
	harness->lacks = NULL;
	CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 0);
	CU_ASSERT(lists("deployment.recover", "deployments", id, "outcome", "done"));
	run(show, id, "deployment.show");
	shown = harness_result(harness, harness_reply(harness, "deployment.show"));
	CU_ASSERT_PTR_NULL(smd_json_string(smd_json_object(shown, "record"), "not-recovered"));
}

/* What is damaged stands in nobody's way. */
static void others_are_recovered(void)
{
	static const struct damage what = {"deployment", NULL, NULL};
	char damaged[SMD_DEPLOYMENT_ID], sound[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY];

	harness_reset(harness, IMAGE_FIRST);
	next_id(IMAGE_FIRST, 1, damaged);
	next_id(IMAGE_FIRST, 2, sound);
	leave_one_open("one", 0, damaged);
	leave_one_open("two", 1, sound);
	damage(damaged, &what, key);
	CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 5);
	CU_ASSERT(lists("deployment.recover", "deployments", damaged, "outcome", "damaged"));
	CU_ASSERT(!there_is("open", sound) && there_is("open", damaged));
	CU_ASSERT_EQUAL(run(plan, "two", "plan.make"), 0);
	CU_ASSERT_EQUAL(run(plan, "one", "plan.make"), 3);
	CU_ASSERT_EQUAL(run(accept, damaged, "deployment.recover"), 0);
	CU_ASSERT_EQUAL(run(plan, "one", "plan.make"), 0);
}

/* What the store cannot read is no damage, and is not taken for it. */
static void store_that_cannot_be_read(void)
{
	static const char *const tables[] = {"deployment", "decision", "snapshot", "journal"};
	struct store_block *block = fleet_store_block(harness->fleet);
	char id[SMD_DEPLOYMENT_ID];

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		leave_open(id);
		strcpy(block->unreadable, tables[i]);
		CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 1);
		CU_ASSERT_EQUAL(run(accept, id, "deployment.recover"), 1);
		CU_ASSERT(says("deployment.recover", "cannot read the store"));
		block->unreadable[0] = '\0';
		CU_ASSERT_EQUAL(run(recover, NULL, "deployment.recover"), 0);
	}
}

static void held_is_not_said_of_an_error(void)
{
	struct store_block *block = fleet_store_block(harness->fleet);
	char id[SMD_DEPLOYMENT_ID];

	leave_open(id);
	strcpy(block->unreadable, "snapshot");
	CU_ASSERT_EQUAL(run(plan, "blue", "plan.make"), 1);
	CU_ASSERT(says("plan.make", "cannot read the store"));
}

/* What else reads these records */

static void plan_and_apply(struct child *child, void *arg)
{
	const struct reply *made = plan_of(child, "green");

	(void)arg;
	child_ask(child, "plan.apply", "text", harness->shared->texts + made->json);
}

static void list(struct child *child, void *method)
{
	child_call(child, method, NULL);
}

static void roll_back(struct child *child, void *id)
{
	child_ask(child, "deployment.rollback", "id", id);
}

static void verify(struct child *child, void *name)
{
	child_ask(child, "verify", "name", name);
}

/* A member of the last answer's result; "" if there is none. */
static void is_answered(const char *method, const char *name, const char *expected)
{
	smd_cleanup(cJSON_Delete) cJSON *result =
		harness_result(harness, harness_reply(harness, method));

	CU_ASSERT_STRING_EQUAL(text_of(result, name), expected);
}

/* "green" is deployed behind "blue", whose id is that of the image. */
static void deploy_green(char id[SMD_DEPLOYMENT_ID])
{
	harness_reset(harness, IMAGE_SECOND);
	next_id(IMAGE_SECOND, 1, id);
	CU_ASSERT_EQUAL(run(plan_and_apply, NULL, "plan.apply"), 0);
}

/* The last deployment is never another one than the last. */
static void last_is_damaged(void)
{
	static const struct damage what = {"deployment", NULL, NULL};
	char id[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY];

	deploy_green(id);
	damage(id, &what, key);
	CU_ASSERT_EQUAL(run(roll_back, "last", "deployment.rollback"), 1);
	CU_ASSERT(says("deployment.rollback", key));
	deploy_green(id);
	damage(harness->deployments[IMAGE_SECOND], &what, key);
	CU_ASSERT_EQUAL(run(roll_back, "last", "deployment.rollback"), 0);
}

static void newest_may_be_another(void)
{
	static const struct damage what = {"deployment", NULL, NULL};
	char id[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY];

	deploy_green(id);
	CU_ASSERT_EQUAL(run(show, "blue", "deployment.show"), 0);
	is_answered("deployment.show", "passed-over", "");
	damage(id, &what, key);
	CU_ASSERT_EQUAL(run(show, "blue", "deployment.show"), 0);
	is_answered("deployment.show", "passed-over", id);
	CU_ASSERT_EQUAL(run(show, id, "deployment.show"), 1);
	CU_ASSERT(says("deployment.show", key));
}

/* A configuration that is called as a deployment does not take its place. */
static void id_before_name(void)
{
	smd_cleanup(cJSON_Delete) cJSON *shown = NULL;
	const char *id = harness->deployments[IMAGE_FIRST];
	struct one one = {id, 0, 0};

	harness_reset(harness, IMAGE_FIRST);
	CU_ASSERT_EQUAL(run(deploy_one, &one, "plan.apply"), 0);
	CU_ASSERT_EQUAL(run(show, id, "deployment.show"), 0);
	shown = harness_result(harness, harness_reply(harness, "deployment.show"));
	CU_ASSERT_STRING_EQUAL(text_of(smd_json_object(shown, "record"), "id"), id);
	is_answered("deployment.show", "also-configuration", id);
	CU_ASSERT_EQUAL(run(show, "blue", "deployment.show"), 0);
	is_answered("deployment.show", "also-configuration", "");
}

static void verify_without_slices(void)
{
	static const char content[] = "{\"revision\": 2}";
	size_t size = 0;
	char *value;

	harness_reset(harness, IMAGE_SECOND);
	value = record_at("deployed", "blue", &size);
	CU_ASSERT_FATAL(value && size > sizeof(content));
	memset(value, ' ', size);
	memcpy(value, content, strlen(content));
	CU_ASSERT_EQUAL(run(verify, "blue", "verify"), 5);
	CU_ASSERT(says("verify", "cannot be verified"));
	CU_ASSERT_EQUAL(number_in("verify", "devices"), 0);
}

/* An error of the store is told, and not taken for a state. */
static void lists_tell_errors(void)
{
	struct store_block *block = fleet_store_block(harness->fleet);

	harness_reset(harness, IMAGE_SECOND);
	strcpy(block->unreadable, "deployed");
	CU_ASSERT_EQUAL(run(list, "configuration.list", "configuration.list"), 1);
	CU_ASSERT(says("configuration.list", "cannot read the store"));
	strcpy(block->unreadable, "open");
	CU_ASSERT_EQUAL(run(list, "configuration.list", "configuration.list"), 1);
	CU_ASSERT_EQUAL(run(list, "device.list", "device.list"), 0);
	is_answered("device.list", "leftovers-error", "cannot read the store's table open");
}

int main(void)
{
	static const enum device_kind kinds[DEVICES] = {DEVICE_ATOMIC, DEVICE_LINES, DEVICE_SHARED};
	CU_TestInfo tests[] = {TEST(record_of_the_deployment),
			       TEST(record_without_its_members),
			       TEST(snapshot),
			       TEST(journal_entry),
			       TEST(decision),
			       TEST(damaged_bytes_are_kept),
			       TEST(damaged_is_accepted_at_once),
			       TEST(driver_is_gone),
			       TEST(driver_is_gone_before_the_decision),
			       TEST(driver_comes_back),
			       TEST(others_are_recovered),
			       TEST(store_that_cannot_be_read),
			       TEST(held_is_not_said_of_an_error),
			       TEST(last_is_damaged),
			       TEST(newest_may_be_another),
			       TEST(id_before_name),
			       TEST(verify_without_slices),
			       TEST(lists_tell_errors),
			       CU_TEST_INFO_NULL};
	unsigned failed;

	harness = harness_new(kinds, DEVICES);
	failed = run_tests("damage", tests);
	harness_free(harness);
	return failed ? 1 : 0;
}
