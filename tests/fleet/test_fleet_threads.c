/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole deployments on eight devices of all kinds, in this process: loops, pool, store thread and
 * sessions at work together, for a sanitizer to see.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "core/base/json.h"
#include "ground.h"
#include "test.h"

#define DEVICES 8
#define ANY (-1)
#define PORTS "port left\nport right\nset host x\n"
#define FIRST "set color red\nset size 1\n"
#define SECOND "set color blue\nset shape round\n"

static const char *const names[DEVICES] = {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"};
static const enum device_kind kinds[DEVICES] = {DEVICE_ATOMIC, DEVICE_LINES,   DEVICE_LINES_TIMER,
						DEVICE_SHARED, DEVICE_PRIVATE, DEVICE_NAMED,
						DEVICE_SHARED, DEVICE_LINES};

/* interrupt_at: the phase in which somebody stops the deployment; NULL: none. */
struct scene {
	struct ground ground;
	struct smd_controller *controller;
	const char *interrupt_at;
	unsigned events;
};

/* On the service's thread for events. */
static void on_event(void *arg, const cJSON *event)
{
	const char *phase = smd_json_string(event, "phase");
	struct scene *scene = arg;

	scene->events++;
	if (phase && scene->interrupt_at && !strcmp(phase, scene->interrupt_at))
		smd_controller_interrupt(scene->controller);
}

/* Call a method; the result is the caller's. `status`: the expected exit status, or ANY. */
static cJSON *call(struct scene *scene, const char *method, cJSON *request_take, int status)
{
	struct smd_error error = {0};
	cJSON *result = NULL;
	int got, err = smd_controller_call(scene->controller, "tester", method, request_take,
					   on_event, scene, &result, &error);

	got = err ? smd_err_exit(err) : 0;
	if (status == ANY || got == status)
		return result;
	printf("\n%s: exit status %d, not %d: %s (%s)\n", method, got, status, error.message,
	       error.device);
	CU_FAIL("exit status");
	return result;
}

static cJSON *ask(struct scene *scene, const char *method, const char *member, const char *value,
		  int status)
{
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, member, value);
	return call(scene, method, request, status);
}

static void import(struct scene *scene)
{
	char *inventory = fleet_inventory(scene->ground.fleet);
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, "inventory", inventory);
	cJSON_Delete(call(scene, "device.import", request, 0));
	free(inventory);
}

/* A stage that never ends: it asks to be called again, for ever. */
static void wait_for_ever(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	(void)run;
	(void)answer;
	action->act = SMD_ACT_WAIT;
	action->wait = 60000;
}

static const struct smd_driver *lines_driver(void)
{
	size_t i = 0;

	while (strcmp(fleet_drivers[i]->self.name, "fleet-lines"))
		i++;
	return fleet_drivers[i];
}

/* Until it is mended: sends the first line of several, nothing of a single one, and never ends. */
static atomic_int mended;

static void stop_half_way(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	if (answer->end == SMD_END_START || atomic_load(&mended))
		lines_driver()->commit(run, answer, action);
	if (atomic_load(&mended))
		return;
	if (action->act == SMD_ACT_EXCHANGE && action->exchange_count > 1)
		action->exchange_count = 1;
	else
		wait_for_ever(run, answer, action);
}

/* The driver of LINES, but with a commit that never ends. Names have the same length. */
static struct smd_driver waiting, stopping;

static void register_endless(struct scene *scene)
{
	waiting = stopping = *lines_driver();
	waiting.self.name = "fleet-waits";
	waiting.commit = wait_for_ever;
	stopping.self.name = "fleet-stops";
	stopping.commit = stop_half_way;
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_driver(scene->ground.loader, &waiting, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_driver(scene->ground.loader, &stopping, NULL), 0);
}

/* Let the devices of kind LINES have that driver. */
static void import_endless(struct scene *scene, const char *driver)
{
	static const char usual[] = "\"fleet-lines\"";
	char *inventory = fleet_inventory(scene->ground.fleet);
	cJSON *request = cJSON_CreateObject();

	for (char *at = inventory; (at = strstr(at, usual)); at++)
		memcpy(at + 1, driver, strlen(driver));
	cJSON_AddStringToObject(request, "inventory", inventory);
	cJSON_Delete(call(scene, "device.import", request, 0));
	free(inventory);
}

/* All devices answer after a while, each after another one. */
static void begin(struct scene *scene)
{
	struct fleet *fleet = fleet_new(FLEET_STORE);

	for (uint32_t i = 0; i < DEVICES; i++)
		fleet_add(fleet, names[i], kinds[i], PORTS)->latency = 3 + 7 * i % 40;
	*scene = (struct scene){0};
	ground_init(&scene->ground, fleet, NULL);
	register_endless(scene);
	scene->controller = ground_controller(&scene->ground);
	import(scene);
}

static void end(struct scene *scene)
{
	struct fleet *fleet = scene->ground.fleet;

	smd_controller_free(scene->controller);
	ground_done(&scene->ground);
	fleet_free(fleet);
}

static void set(struct scene *scene, const char *const lines[2])
{
	char *text = ground_native("blue", names, DEVICES, lines, 2);

	cJSON_Delete(ask(scene, "configuration.set", "text", text, 0));
	free(text);
}

static void set_first(struct scene *scene)
{
	set(scene, (const char *const[]){"set color red", "set size 1"});
}

static void set_second(struct scene *scene)
{
	set(scene, (const char *const[]){"set color blue", "set shape round"});
}

static cJSON *apply(struct scene *scene, int status)
{
	cJSON *plan = ask(scene, "plan.make", "name", "blue", 0);
	char *text = cJSON_PrintUnformatted(plan);
	cJSON *result = ask(scene, "plan.apply", "text", text, status);

	free(text);
	cJSON_Delete(plan);
	return result;
}

static int all_run(struct scene *scene, const char *text)
{
	for (size_t i = 0; i < DEVICES; i++)
		if (!fleet_runs(scene->ground.fleet, names[i], text)) {
			printf("\n%s\n%s", names[i], fleet_log(scene->ground.fleet));
			return 0;
		}
	return 1;
}

static int has_outcome(const cJSON *result, const char *expected)
{
	const char *outcome = smd_json_string(smd_json_object(result, "record"), "outcome");

	return outcome && !strcmp(outcome, expected);
}

static double real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Deploy what is set, and tell how long that took. */
static void deploy(struct scene *scene, const char *runs)
{
	struct smd_clock *clock = scene->ground.clock;
	uint64_t began = smd_clock_now(clock), took;
	double real = real_ms();
	cJSON *result = apply(scene, 0);

	took = smd_clock_now(clock) - began;
	printf("\n%d devices: %.1f ms; %llu ms of the devices' time\n", DEVICES, real_ms() - real,
	       (unsigned long long)took);
	CU_ASSERT(took < 60000); /* no deadline and no timer was waited for */
	CU_ASSERT(has_outcome(result, "done"));
	CU_ASSERT(all_run(scene, runs));
	cJSON_Delete(result);
}

static void there_and_back(void)
{
	struct scene scene;

	begin(&scene);
	set_first(&scene);
	deploy(&scene, PORTS FIRST);
	set_second(&scene);
	deploy(&scene, PORTS SECOND);
	cJSON_Delete(ask(&scene, "deployment.rollback", "id", "last", 0));
	CU_ASSERT(all_run(&scene, PORTS FIRST));
	cJSON_Delete(ask(&scene, "deployment.rollback", "id", "1", 0));
	CU_ASSERT(all_run(&scene, PORTS));
	CU_ASSERT(scene.events > 4 * DEVICES);
	end(&scene);
}

/*
 * Somebody stops it while it runs, from another thread. That thread may hear of the phase too
 * late, so both ends are good.
 */
static void interrupted(void)
{
	struct scene scene;
	cJSON *result;
	int done;

	begin(&scene);
	set_first(&scene);
	scene.interrupt_at = "prepare";
	result = apply(&scene, ANY);
	done = has_outcome(result, "done");
	CU_ASSERT(done || has_outcome(result, "rolled-back"));
	CU_ASSERT(all_run(&scene, done ? PORTS FIRST : PORTS));
	cJSON_Delete(result);
	end(&scene);
}

static void arm(struct scene *scene, const char *name, enum command_class class,
		enum fault_kind kind)
{
	const struct device *device = fleet_device(scene->ground.fleet, name);

	fleet_arm(scene->ground.fleet, name,
		  &(struct fault){.class = class,
				  .kind = kind,
				  .delay = 9000,
				  .occurrence = device->counts[class] + 1});
}

/* status: of a program, after the apply. */
struct fault_case {
	const char *name;
	enum command_class class;
	enum fault_kind kind;
	int status;
};

static void apply_with(struct scene *scene, const struct fault_case *fault)
{
	cJSON *plan = ask(scene, "plan.make", "name", "blue", 0), *result;
	char *text = cJSON_PrintUnformatted(plan);

	arm(scene, fault->name, fault->class, fault->kind);
	result = ask(scene, "plan.apply", "text", text, fault->status);
	CU_ASSERT(has_outcome(result, fault->status ? "rolled-back" : "done"));
	CU_ASSERT(all_run(scene, fault->status ? PORTS FIRST : PORTS SECOND));
	if (!fault->status)
		cJSON_Delete(ask(scene, "deployment.rollback", "id", "last", 0));
	cJSON_Delete(result);
	free(text);
	cJSON_Delete(plan);
}

/* A fault on one device, while the others go on. */
static void faults(void)
{
	static const struct fault_case cases[] = {
		{"r1", CLASS_ACT, FAULT_REFUSED, 4},     {"r1", CLASS_ACT, FAULT_LOST_AFTER, 0},
		{"r2", CLASS_ACT, FAULT_LOST_AFTER, 4},  {"r3", CLASS_ACT, FAULT_LATE, 0},
		{"r4", CLASS_ACT, FAULT_LOST_BEFORE, 4}, {"r5", CLASS_ACT, FAULT_LOST_BEFORE, 4},
		{"r6", CLASS_ACT, FAULT_HUNG, 4},        {"r7", CLASS_ACT, FAULT_LIED_NO, 4},
		{"r8", CLASS_ACT, FAULT_LIED_YES, 4},    {"r4", CLASS_CONFIRM, FAULT_LOST_AFTER, 0},
	};
	struct scene scene;

	begin(&scene);
	set_first(&scene);
	deploy(&scene, PORTS FIRST);
	set_second(&scene);
	for (size_t i = 0; i < SMD_COUNT(cases); i++)
		apply_with(&scene, &cases[i]);
	deploy(&scene, PORTS SECOND);
	end(&scene);
}

/* What waits for ever is given up at the deadline of its phase, and all devices go back. */
static void a_stage_without_end(void)
{
	struct scene scene;
	uint64_t began;
	cJSON *result;

	begin(&scene);
	import_endless(&scene, "fleet-waits");
	set_first(&scene);
	began = smd_clock_now(scene.ground.clock);
	result = apply(&scene, 4);
	CU_ASSERT(has_outcome(result, "rolled-back"));
	CU_ASSERT(all_run(&scene, PORTS));
	CU_ASSERT(smd_clock_now(scene.ground.clock) - began >= 600000);
	cJSON_Delete(result);
	end(&scene);
}

/*
 * The way back has no end either: it is given up, too, whatever it still wants to try, and the
 * device needs attention. When the driver works again, recovery brings it back.
 */
static void a_way_back_without_end(void)
{
	struct scene scene;
	cJSON *result;

	begin(&scene);
	import_endless(&scene, "fleet-stops");
	atomic_store(&mended, 0);
	set_first(&scene);
	result = apply(&scene, 5);
	CU_ASSERT(has_outcome(result, "attention"));
	cJSON_Delete(result);
	cJSON_Delete(call(&scene, "deployment.recover", NULL, 5));
	atomic_store(&mended, 1);
	cJSON_Delete(call(&scene, "deployment.recover", NULL, 0));
	CU_ASSERT(all_run(&scene, PORTS));
	end(&scene);
}

TEST_MAIN("threads", TEST(a_stage_without_end), TEST(a_way_back_without_end), TEST(there_and_back),
	  TEST(interrupted), TEST(faults));
