/* SPDX-License-Identifier: Apache-2.0 */
/* Going back on purpose: configuration by configuration, again and again, by plans. */
#include <stdio.h>
#include <string.h>

#include "core/base/json.h"
#include "ground.h"
#include "test.h"

#define PORTS "port left\nport right\n"

static const char *const names[] = {"r1", "r2"};

struct scene {
	struct ground ground;
	struct smd_controller *controller;
	struct smd_error error; /* of the last call */
};

static cJSON *call(struct scene *scene, const char *method, const char *request, int status)
{
	cJSON *result = NULL;
	int err;

	scene->error = (struct smd_error){0};
	err = smd_controller_call(scene->controller, "tester", method,
				  request ? cJSON_Parse(request) : NULL, NULL, NULL, &result,
				  &scene->error);
	CU_ASSERT_EQUAL(err ? smd_err_exit(err) : 0, status);
	if ((err ? smd_err_exit(err) : 0) != status)
		printf("\n%s %s: %s\n", method, request ? request : "", scene->error.message);
	return result;
}

static cJSON *call_with(struct scene *scene, const char *method, const char *member,
			const char *text, int status)
{
	cJSON *request = cJSON_CreateObject(), *result;
	char *printed;

	cJSON_AddStringToObject(request, member, text);
	printed = cJSON_PrintUnformatted(request);
	result = call(scene, method, printed, status);
	free(printed);
	cJSON_Delete(request);
	return result;
}

static void begin(struct scene *scene)
{
	static const enum device_kind kinds[] = {DEVICE_ATOMIC, DEVICE_LINES};
	struct fleet *fleet = fleet_new(FLEET_STORE);
	char *inventory;

	for (uint32_t i = 0; i < SMD_COUNT(names); i++)
		fleet_add(fleet, names[i], kinds[i], PORTS);
	*scene = (struct scene){0};
	ground_init(&scene->ground, fleet, NULL);
	scene->controller = ground_controller(&scene->ground);
	inventory = fleet_inventory(fleet);
	cJSON_Delete(call_with(scene, "device.import", "inventory", inventory, 0));
	free(inventory);
}

static void end(struct scene *scene)
{
	struct fleet *fleet = scene->ground.fleet;

	smd_controller_free(scene->controller);
	ground_done(&scene->ground);
	fleet_free(fleet);
}

static void set(struct scene *scene, const char *configuration, const char *line)
{
	char *text = ground_native(configuration, names, SMD_COUNT(names), &line, 1);

	cJSON_Delete(call_with(scene, "configuration.set", "text", text, 0));
	free(text);
}

/* Apply a plan; the deployment's number, 0 if there was nothing to do. */
static int apply(struct scene *scene, const cJSON *plan, int status)
{
	char *text = cJSON_PrintUnformatted(plan);
	cJSON *result = call_with(scene, "plan.apply", "text", text, status);
	const char *id = smd_json_string(result, "deployment");
	int number = id ? atoi(id) : 0;

	CU_ASSERT(status || number || smd_json_bool(result, "nothing-to-do", 0));
	free(text);
	cJSON_Delete(result);
	return number;
}

static int deploy(struct scene *scene, const char *configuration, const char *line)
{
	cJSON *plan;
	int number;

	set(scene, configuration, line);
	plan = call_with(scene, "plan.make", "name", configuration, 0);
	number = apply(scene, plan, 0);
	cJSON_Delete(plan);
	return number;
}

/* Plan a rollback and apply the plan. */
static void roll_back(struct scene *scene, const char *request)
{
	cJSON *plan = call(scene, "plan.rollback", request, 0);

	CU_ASSERT(apply(scene, plan, 0) > 0);
	cJSON_Delete(plan);
}

static int all_run(const struct scene *scene, const char *text)
{
	for (size_t i = 0; i < SMD_COUNT(names); i++)
		if (!fleet_runs(scene->ground.fleet, names[i], text))
			return 0;
	return 1;
}

static int has_state(struct scene *scene, const char *configuration, const char *state,
		     int64_t deployed)
{
	cJSON *result = call(scene, "configuration.list", NULL, 0);
	const cJSON *one;
	int same = 0;

	cJSON_ArrayForEach (one, smd_json_array(result, "configurations"))
		if (!strcmp(smd_json_string(one, "name"), configuration))
			same = !strcmp(smd_json_string(one, "state"), state) &&
			       smd_json_number(one, "deployed", 0) == deployed;
	cJSON_Delete(result);
	return same;
}

static void again_and_again(void)
{
	struct scene scene;

	begin(&scene);
	deploy(&scene, "blue", "set color red");
	deploy(&scene, "blue", "set color green");
	deploy(&scene, "other", "set size 1");
	deploy(&scene, "blue", "set color blue");
	roll_back(&scene, "{\"id\":\"blue\"}");
	CU_ASSERT(all_run(&scene, PORTS "set color green\nset size 1\n"));
	CU_ASSERT(has_state(&scene, "blue", "rolled back", 2));
	roll_back(&scene, "{\"id\":\"blue\"}");
	CU_ASSERT(all_run(&scene, PORTS "set color red\nset size 1\n"));
	CU_ASSERT(has_state(&scene, "blue", "rolled back", 1)); /* the newest was before, too */
	set(&scene, "blue", "set color gold");
	CU_ASSERT(has_state(&scene, "blue", "pending", 1));
	roll_back(&scene, "{\"id\":\"blue\"}");
	CU_ASSERT(all_run(&scene, PORTS "set size 1\n"));
	cJSON_Delete(call(&scene, "plan.rollback", "{\"id\":\"blue\"}", 1));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "nothing of \"blue\" is deployed"));
	CU_ASSERT(has_state(&scene, "other", "deployed", 1));
	end(&scene);
}

static void further_back_at_once(void)
{
	struct scene scene;
	char request[64];
	int first;

	begin(&scene);
	first = deploy(&scene, "blue", "set color red");
	deploy(&scene, "blue", "set color green");
	deploy(&scene, "blue", "set color blue");
	snprintf(request, sizeof(request), "{\"id\":\"blue\",\"to\":\"%d\"}", first);
	roll_back(&scene, request);
	CU_ASSERT(all_run(&scene, PORTS "set color red\n"));
	CU_ASSERT(has_state(&scene, "blue", "rolled back", 1));
	deploy(&scene, "blue", "set color blue"); /* its text is that of the newest revision */
	CU_ASSERT(all_run(&scene, PORTS "set color blue\n"));
	CU_ASSERT(has_state(&scene, "blue", "deployed", 3));
	roll_back(&scene, "{\"id\":\"blue\",\"to\":\"0\"}");
	CU_ASSERT(all_run(&scene, PORTS));
	end(&scene);
}

static void the_last_one_needs_no_name(void)
{
	struct scene scene;

	begin(&scene);
	cJSON_Delete(call(&scene, "plan.rollback", "{\"id\":\"last\"}", 1));
	deploy(&scene, "blue", "set color red");
	deploy(&scene, "other", "set size 1");
	roll_back(&scene, "{\"id\":\"last\"}");
	CU_ASSERT(all_run(&scene, PORTS "set color red\n"));
	/* Whoever says it twice may mean blue, or the rollback */
	cJSON_Delete(call(&scene, "plan.rollback", "{\"id\":\"last\"}", 3));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "was a rollback itself"));
	CU_ASSERT(all_run(&scene, PORTS "set color red\n"));
	end(&scene);
}

static void a_plan_of_old_is_stale(void)
{
	struct scene scene;
	cJSON *plan;

	begin(&scene);
	deploy(&scene, "blue", "set color red");
	deploy(&scene, "blue", "set color green");
	plan = call(&scene, "plan.rollback", "{\"id\":\"blue\"}", 0);
	deploy(&scene, "blue", "set color blue");
	apply(&scene, plan, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "stale"));
	CU_ASSERT(all_run(&scene, PORTS "set color blue\n"));
	cJSON_Delete(plan);
	end(&scene);
}

static void nothing_to_do_is_no_deployment(void)
{
	struct scene scene;
	cJSON *plan;
	int number;

	begin(&scene);
	number = deploy(&scene, "blue", "set color red");
	plan = call(&scene, "plan.make", "{\"name\":\"blue\"}", 0);
	CU_ASSERT_EQUAL(apply(&scene, plan, 0), 0);
	cJSON_Delete(plan);
	CU_ASSERT_EQUAL(deploy(&scene, "other", "set size 1"), number + 1);
	end(&scene);
}

/* What somebody has changed by hand is not taken back by the way. */
static void what_somebody_changed_is_refused(void)
{
	struct scene scene;

	begin(&scene);
	deploy(&scene, "blue", "set color red");
	deploy(&scene, "blue", "set color green");
	CU_ASSERT_PTR_NULL(
		config_enter(&fleet_device(scene.ground.fleet, "r2")->running, "set color pink"));
	cJSON_Delete(call(&scene, "plan.rollback", "{\"id\":\"blue\"}", 3));
	CU_ASSERT_STRING_EQUAL(scene.error.device, "r2");
	CU_ASSERT(fleet_runs(scene.ground.fleet, "r1", PORTS "set color green\n"));
	end(&scene);
}

/* Keep a configuration of so many lines, the same ones whatever it is called. */
static void keep_lines(struct scene *scene, const char *configuration, int count)
{
	char lines[20][24];
	const char *all[20];
	char *text;

	for (int i = 0; i < count; i++) {
		snprintf(lines[i], sizeof(lines[i]), "set key%02d 1", i);
		all[i] = lines[i];
	}
	text = ground_native(configuration, names, SMD_COUNT(names), all, (size_t)count);
	cJSON_Delete(call_with(scene, "configuration.set", "text", text, 0));
	free(text);
}

/* The later work in a plan's or record's first device: so many, of which `told` are named. */
static void has_later(const cJSON *holder, int count, int told)
{
	const cJSON *device = cJSON_GetArrayItem(smd_json_array(holder, "devices"), 0);
	const cJSON *later = smd_json_object(device, "later-work");
	const cJSON *paths = smd_json_array(later, "paths");

	CU_ASSERT_EQUAL(smd_json_number(later, "count", 0), count);
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(paths), told);
	CU_ASSERT_STRING_EQUAL(paths->child->valuestring, smd_json_string(device, "snapshot"));
	CU_ASSERT_STRING_EQUAL(paths->child->next->valuestring, "/set key01");
}

/* Whatever others own since stays, and all of it is told, up to a limit. */
static void later_work_of_others_is_told(void)
{
	struct scene scene;

	for (int count = 3; count < 20; count += 16) {
		cJSON *plan;

		begin(&scene);
		keep_lines(&scene, "blue", count);
		plan = call(&scene, "plan.make", "{\"name\":\"blue\"}", 0);
		apply(&scene, plan, 0);
		cJSON_Delete(plan);
		keep_lines(&scene, "other", count);
		plan = call(&scene, "plan.make", "{\"name\":\"other\"}", 0);
		apply(&scene, plan, 0);
		cJSON_Delete(plan);
		plan = call(&scene, "plan.rollback", "{\"id\":\"blue\",\"to\":\"0\"}", 0);
		has_later(plan, count, count < 16 ? count : 16);
		CU_ASSERT(apply(&scene, plan, 0) > 0);
		cJSON_Delete(plan);
		plan = call(&scene, "deployment.show", "{\"id\":\"blue\"}", 0);
		has_later(smd_json_object(plan, "record"), count, count < 16 ? count : 16);
		cJSON_Delete(plan);
		end(&scene);
	}
}

TEST_MAIN("rollback", TEST(later_work_of_others_is_told), TEST(again_and_again),
	  TEST(further_back_at_once), TEST(the_last_one_needs_no_name),
	  TEST(a_plan_of_old_is_stale), TEST(nothing_to_do_is_no_deployment),
	  TEST(what_somebody_changed_is_refused));
