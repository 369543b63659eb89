/* SPDX-License-Identifier: Apache-2.0 */
/* The comment of a deployment: kept in its record, given to the drivers, one clean line. */
#include <stdio.h>

#include "core/base/json.h"
#include "driver.h"
#include "ground.h"
#include "test.h"

#define PORTS "port left\nset host x\n"
#define FIRST "set color red\n"

static const char *const names[] = {"r1"};

static struct {
	struct fleet *fleet;
	struct fleet_time time;
	struct ground ground;
	struct smd_controller *controller;
	struct smd_error error; /* of the last call */
} scene;

static cJSON *call(const char *method, cJSON *request_take, enum smd_err expected)
{
	cJSON *result = NULL;
	int err;

	scene.error = (struct smd_error){0};
	err = smd_controller_call(scene.controller, "tester", method, request_take, NULL, NULL,
				  &result, &scene.error);
	if (err != (int)expected)
		printf("\n%s: %s\n", method, scene.error.message);
	CU_ASSERT_EQUAL(err, expected);
	return result;
}

/* A request with one or two members. */
static cJSON *with(const char *name, const char *value, const char *comment)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, name, value);
	if (comment)
		cJSON_AddStringToObject(json, "comment", comment);
	return json;
}

static void ask(const char *method, const char *name, char *value_take)
{
	cJSON_Delete(call(method, with(name, value_take, NULL), 0));
	free(value_take);
}

static void set(const char *line)
{
	const char *const lines[] = {line};

	ask("configuration.set", "text", ground_native("blue", names, 1, lines, 1));
}

static void apply(const char *comment, enum smd_err expected)
{
	cJSON *plan = call("plan.make", with("name", "blue", NULL), 0);
	char *text = cJSON_PrintUnformatted(plan);

	cJSON_Delete(call("plan.apply", with("text", text, comment), expected));
	cJSON_Delete(plan);
	free(text);
}

static void begin(void)
{
	scene.fleet = fleet_new(FLEET_STORE);
	memset(&scene.time, 0, sizeof(scene.time));
	fleet_add(scene.fleet, "r1", DEVICE_SHARED, PORTS);
	ground_init(&scene.ground, scene.fleet, &scene.time);
	scene.controller = ground_controller(&scene.ground);
	ask("device.import", "inventory", fleet_inventory(scene.fleet));
	set("set color red");
	atomic_store(&driver_comments, 0);
}

static void end(void)
{
	smd_controller_free(scene.controller);
	ground_done(&scene.ground);
	fleet_free(scene.fleet);
}

static void assert_comment(const char *id, const char *comment)
{
	cJSON *result = call("deployment.show", with("id", id, NULL), 0);
	const char *its = smd_json_string(smd_json_object(result, "record"), "comment");

	CU_ASSERT(comment ? its && !strcmp(its, comment) : !its);
	cJSON_Delete(result);
}

static void it_is_kept_and_given_to_drivers(void)
{
	cJSON *result;

	begin();
	apply(NULL, 0);
	CU_ASSERT_EQUAL(atomic_load(&driver_comments), 0);
	set("set color blue");
	apply("CHG-1", 0);
	CU_ASSERT(atomic_load(&driver_comments) > 0);
	cJSON_Delete(call("deployment.rollback", with("id", "2", "sorry \xc3\xa9"), 0));
	assert_comment("1", NULL);
	assert_comment("2", "CHG-1");
	assert_comment("3", "sorry \xc3\xa9");
	result = call("deployment.list", NULL, 0);
	CU_ASSERT_STRING_EQUAL(
		smd_json_string(cJSON_GetArrayItem(smd_json_array(result, "deployments"), 1),
				"comment"),
		"CHG-1");
	cJSON_Delete(result);
	end();
}

static void it_is_one_clean_line(void)
{
	static const char *const bad[] = {"a\nb", "a\tb", "\x1b[2J", "\x7f", "\xe2\x80\xae x"};
	char longest[257];

	begin();
	for (size_t i = 0; i < SMD_COUNT(bad); i++) {
		apply(bad[i], SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "control character"));
	}
	memset(longest, 'x', 256);
	longest[256] = '\0';
	apply(longest, SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "longer than 255 bytes"));
	CU_ASSERT(fleet_runs(scene.fleet, "r1", PORTS));
	apply(longest + 1, 0);
	cJSON_Delete(call("deployment.rollback", with("id", "1", "a\rb"), SMD_E_INVALID));
	CU_ASSERT(fleet_runs(scene.fleet, "r1", PORTS FIRST));
	assert_comment("1", longest + 1);
	end();
}

TEST_MAIN("comments", TEST(it_is_kept_and_given_to_drivers), TEST(it_is_one_clean_line));
