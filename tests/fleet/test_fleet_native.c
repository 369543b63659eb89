/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Native configurations at the service's door, on devices of all kinds: what they want to be
 * absent is owned, undone, rolled back and recovered; lines that a driver does not know are
 * refused unless the user insists.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/json.h"
#include "ground.h"
#include "test.h"

#define DEVICES 6
#define PORTS "port left\nport right\n"
#define OLD PORTS "set host x\n"
#define NEW PORTS "set color red\n"
#define STRIDE 5 /* every n-th point of death is tried */

static const char *const names[DEVICES] = {"r1", "r2", "r3", "r4", "r5", "r6"};

struct scene {
	struct fleet *fleet;
	struct fleet_time *time; /* shared with children */
	struct ground ground;
	struct smd_controller *controller;
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

/* Call a method; the result is the caller's. `flag` (may be NULL) is set in the request. */
static cJSON *call(struct scene *scene, const char *method, const char *member, const char *value,
		   const char *flag, enum smd_err expected)
{
	cJSON *request = cJSON_CreateObject(), *result = NULL;
	int err;

	if (member)
		cJSON_AddStringToObject(request, member, value);
	if (flag)
		cJSON_AddTrueToObject(request, flag);
	scene->error = (struct smd_error){0};
	err = smd_controller_call(scene->controller, "tester", method, request, NULL, NULL, &result,
				  &scene->error);
	if (err != (int)expected)
		printf("\n%s %s: %s %s (%s)\n", method, value ? value : "", scene->error.message,
		       scene->error.where, smd_err_name(err));
	CU_ASSERT_EQUAL(err, expected);
	return result;
}

static void ask(struct scene *scene, const char *method, const char *member, const char *value,
		enum smd_err expected)
{
	cJSON_Delete(call(scene, method, member, value, NULL, expected));
}

/* Set a configuration of up to two lines on all devices. */
static void set(struct scene *scene, const char *name, const char *first, const char *second)
{
	const char *const lines[] = {first, second};
	char *text = ground_native(name, names, DEVICES, lines, second ? 2 : 1);

	ask(scene, "configuration.set", "text", text, 0);
	free(text);
}

static cJSON *apply(struct scene *scene, const char *name, const char *flag, enum smd_err expected)
{
	cJSON *plan = call(scene, "plan.make", "name", name, NULL, 0);
	char *text = cJSON_PrintUnformatted(plan);
	cJSON *result = call(scene, "plan.apply", "text", text, flag, expected);

	free(text);
	cJSON_Delete(plan);
	return result;
}

static void deploy(struct scene *scene, const char *name)
{
	cJSON_Delete(apply(scene, name, NULL, 0));
	ask(scene, "verify", "name", name, 0);
}

static void take_back(struct scene *scene, const char *name)
{
	ask(scene, "configuration.remove", "name", name, 0);
	cJSON_Delete(apply(scene, name, NULL, 0));
}

static int all_run(struct scene *scene, const char *text)
{
	int same = 1;

	for (size_t i = 0; i < DEVICES; i++)
		same &= fleet_runs(scene->fleet, names[i], text);
	return same;
}

static void begin(struct scene *scene)
{
	*scene = (struct scene){.fleet = fleet_new(FLEET_STORE)};
	scene->time = mmap(NULL, sizeof(*scene->time), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(scene->time != MAP_FAILED);
	memset(scene->time, 0, sizeof(*scene->time));
	for (size_t i = 0; i < DEVICES; i++)
		fleet_add(scene->fleet, names[i], (enum device_kind)i, OLD);
	open_door(scene);
	{
		char *inventory = fleet_inventory(scene->fleet);

		ask(scene, "device.import", "inventory", inventory, 0);
		free(inventory);
	}
}

static void end(struct scene *scene)
{
	close_door(scene);
	fleet_free(scene->fleet);
	munmap(scene->time, sizeof(*scene->time));
}

/* Absences */

static void an_absence_is_undone(void)
{
	struct scene scene;

	begin(&scene);
	set(&scene, "bare", "no host", "set color red");
	deploy(&scene, "bare");
	CU_ASSERT(all_run(&scene, NEW));
	ask(&scene, "deployment.rollback", "id", "last", 0);
	CU_ASSERT(all_run(&scene, OLD));
	deploy(&scene, "bare");
	CU_ASSERT(all_run(&scene, NEW));
	/* the absence leaves the document */
	set(&scene, "bare", "set color red", NULL);
	deploy(&scene, "bare");
	CU_ASSERT(all_run(&scene, OLD "set color red\n"));
	ask(&scene, "deployment.rollback", "id", "last", 0);
	CU_ASSERT(all_run(&scene, NEW));
	take_back(&scene, "bare");
	CU_ASSERT(all_run(&scene, OLD));
	end(&scene);
}

static void absences_are_checked_against_owners(void)
{
	struct scene scene;

	begin(&scene);
	set(&scene, "color", "set color red", NULL);
	deploy(&scene, "color");
	set(&scene, "other", "no color", NULL);
	ask(&scene, "plan.make", "name", "other", SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "\"color\""));
	CU_ASSERT_STRING_EQUAL(scene.error.where, "/set color");
	set(&scene, "other", "no host", NULL);
	deploy(&scene, "other");
	set(&scene, "color", "set color red", "set host y");
	ask(&scene, "plan.make", "name", "color", SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "\"other\""));
	CU_ASSERT(all_run(&scene, NEW));
	end(&scene);
}

static void drift_against_an_absence_is_seen(void)
{
	struct scene scene;

	begin(&scene);
	set(&scene, "bare", "no host", NULL);
	deploy(&scene, "bare");
	config_enter(&fleet_device(scene.fleet, "r2")->running, "set host late");
	ask(&scene, "verify", "name", "bare", SMD_E_DEVICE);
	CU_ASSERT_STRING_EQUAL(scene.error.device, "r2");
	deploy(&scene, "bare");
	CU_ASSERT(all_run(&scene, PORTS));
	end(&scene);
}

/* A device refuses another line: what was taken away comes back with the rest. */
static void a_failure_brings_back_what_was_taken(void)
{
	struct scene scene;

	begin(&scene);
	set(&scene, "bare", "no host", "set color red");
	fleet_arm(scene.fleet, "r2",
		  &(struct fault){.class = CLASS_ACT, .occurrence = 2, .kind = FAULT_REFUSED});
	cJSON_Delete(apply(&scene, "bare", NULL, SMD_E_ROLLED_BACK));
	CU_ASSERT(all_run(&scene, OLD));
	end(&scene);
}

/* Recovery */

/* A deployment whose controller dies. */
struct victim {
	const char *name, *flag;
	enum smd_err expected; /* unless it dies */
};

static void be_child(struct scene *scene, const struct victim *victim)
{
	alarm(60);
	open_door(scene);
	cJSON_Delete(apply(scene, victim->name, victim->flag, victim->expected));
	_exit(0);
}

/* Whether the child died there. */
static int dies_at(struct scene *scene, const struct victim *victim, uint64_t point)
{
	int status = -1;
	pid_t child;

	fleet_arm_death(scene->fleet, point);
	fflush(NULL);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (!child)
		be_child(scene, victim);
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	fleet_arm_death(scene->fleet, 0);
	ground_hang_up(scene->fleet, scene->time->now);
	return WIFEXITED(status) && WEXITSTATUS(status) == FLEET_DIED;
}

/* Die at every n-th point of deploying `bare`, recover, and see all old or all new. */
static void recover_from_all(struct scene *scene, const char *old, const char *new)
{
	static const struct victim bare = {"bare", NULL, 0};
	struct fleet_image *image;
	struct fleet_time began = *scene->time;
	unsigned olds = 0, news = 0;

	close_door(scene);
	image = fleet_save(scene->fleet);
	for (uint64_t point = 1; dies_at(scene, &bare, point); point += STRIDE) {
		cJSON *result;
		int is_old, is_new;

		open_door(scene);
		result = call(scene, "deployment.recover", NULL, NULL, NULL, 0);
		cJSON_Delete(result);
		is_old = all_run(scene, old);
		is_new = all_run(scene, new);
		if (!is_old && !is_new)
			printf("\nneither old nor new after point %llu\n",
			       (unsigned long long)point);
		CU_ASSERT(is_old || is_new);
		olds += (unsigned)is_old;
		news += (unsigned)is_new;
		/* what is on record leads on from there */
		if (is_new)
			ask(scene, "deployment.rollback", "id", "last", 0);
		CU_ASSERT(all_run(scene, old));
		close_door(scene);
		fleet_reset(scene->fleet, image);
		*scene->time = began;
	}
	fleet_image_free(image);
	CU_ASSERT(olds > 0);
	CU_ASSERT(news > 0);
	open_door(scene);
}

static void an_absence_is_recovered(void)
{
	struct scene scene;

	begin(&scene);
	set(&scene, "bare", "no host", "set color red");
	recover_from_all(&scene, OLD, NEW);
	end(&scene);
}

static void the_end_of_an_absence_is_recovered(void)
{
	struct scene scene;

	begin(&scene);
	set(&scene, "bare", "no host", "set color red");
	deploy(&scene, "bare");
	set(&scene, "bare", "set color red", NULL);
	recover_from_all(&scene, NEW, OLD "set color red\n");
	end(&scene);
}

/* Unknown lines */

static void unknown_lines_are_refused_unless_the_user_insists(void)
{
	cJSON *plan, *line;
	struct scene scene;

	begin(&scene);
	set(&scene, "odd", "set color red", "sets size 1");
	plan = call(&scene, "plan.make", "name", "odd", NULL, 0);
	line = cJSON_GetArrayItem(
		smd_json_array(cJSON_GetArrayItem(smd_json_array(plan, "devices"), 0), "unknown"),
		0);
	CU_ASSERT_EQUAL(smd_json_number(line, "line", 0), 2);
	CU_ASSERT_STRING_EQUAL(smd_json_string(line, "text"), "sets size 1");
	CU_ASSERT_STRING_EQUAL(smd_json_string(line, "configuration"), "odd");
	CU_ASSERT_PTR_NULL(smd_json_string(line, "looks-like"));
	cJSON_Delete(plan);
	cJSON_Delete(apply(&scene, "odd", NULL, SMD_E_UNSAFE));
	CU_ASSERT_STRING_EQUAL(scene.error.device, "r1");
	CU_ASSERT_STRING_EQUAL(scene.error.where, "line 2: sets size 1");
	CU_ASSERT(all_run(&scene, OLD));
	/* the devices do not know it either */
	cJSON_Delete(apply(&scene, "odd", "accept-unknown", SMD_E_ROLLED_BACK));
	CU_ASSERT(all_run(&scene, OLD));
	end(&scene);
}

static void a_plan_can_accept_unknown_lines(void)
{
	struct scene scene;
	cJSON *plan, *result;
	char *text;

	begin(&scene);
	set(&scene, "odd", "set color red", "sets size 1");
	plan = call(&scene, "plan.make", "name", "odd", "accept-unknown", 0);
	CU_ASSERT(smd_json_bool(plan, "accept-unknown", 0));
	text = cJSON_PrintUnformatted(plan);
	/* the devices do not know it, but it is sent */
	result = call(&scene, "plan.apply", "text", text, NULL, SMD_E_ROLLED_BACK);
	CU_ASSERT(all_run(&scene, OLD));
	free(text);
	cJSON_Delete(result);
	cJSON_Delete(plan);
	end(&scene);
}

static void an_abbreviation_is_told(void)
{
	struct scene scene;
	cJSON *plan, *device;

	begin(&scene);
	set(&scene, "short", "se size 1", NULL);
	plan = call(&scene, "plan.make", "name", "short", NULL, 0);
	device = cJSON_GetArrayItem(smd_json_array(plan, "devices"), 0);
	CU_ASSERT_STRING_EQUAL(
		smd_json_string(cJSON_GetArrayItem(smd_json_array(device, "unknown"), 0),
				"looks-like"),
		"set size 1");
	cJSON_Delete(plan);
	cJSON_Delete(apply(&scene, "short", NULL, SMD_E_UNSAFE));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.hint, "set size 1"));
	end(&scene);
}

/* What lines do elsewhere */

/* Deploy a line on r2, where lines act at once and may be short, and which runs "color" too. */
static void begin_short(struct scene *scene, const char *line, const char *second)
{
	const char *const lines[] = {line, second};
	char *text = ground_native("short", names + 1, 1, lines, second ? 2 : 1);

	begin(scene);
	fleet_device(scene->fleet, "r2")->flags |= DEVICE_TAKES_SHORT_WORDS;
	set(scene, "color", "set color red", NULL);
	deploy(scene, "color");
	ask(scene, "configuration.set", "text", text, 0);
	free(text);
}

/* The user insisted on an abbreviation: what it did to somebody else's line is taken back. */
static void what_an_unknown_line_did_is_taken_back(void)
{
	struct scene scene;
	cJSON *result;

	begin_short(&scene, "se color blue", NULL);
	result = apply(&scene, "short", "accept-unknown", SMD_E_ROLLED_BACK);
	CU_ASSERT(all_run(&scene, OLD "set color red\n"));
	CU_ASSERT_STRING_EQUAL(smd_json_string(smd_json_object(result, "record"), "outcome"),
			       "rolled-back");
	cJSON_Delete(result);
	ask(&scene, "verify", "name", "color", 0);
	end(&scene);
}

/* The next line is refused, so that the way back is the first to see it. */
static void what_an_unknown_line_did_before_a_refusal_is_taken_back(void)
{
	struct scene scene;

	begin_short(&scene, "se color blue", "set taste sweet");
	fleet_arm(scene.fleet, "r2",
		  &(struct fault){.class = CLASS_ACT, .occurrence = 3, .kind = FAULT_REFUSED});
	cJSON_Delete(apply(&scene, "short", "accept-unknown", SMD_E_ROLLED_BACK));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "taste"));
	CU_ASSERT(all_run(&scene, OLD "set color red\n"));
	end(&scene);
}

/*
 * The controller dies on the way: what an unknown line did is taken back, or is a problem. It is
 * never left without a word.
 */
static void what_an_unknown_line_did_is_not_recovered_silently(void)
{
	static const struct victim victim = {"short", "accept-unknown", SMD_E_ROLLED_BACK};
	struct fleet_image *image;
	struct fleet_time began;
	struct scene scene;
	unsigned problems = 0;

	begin_short(&scene, "se color blue", NULL);
	close_door(&scene);
	began = *scene.time;
	image = fleet_save(scene.fleet);
	for (uint64_t point = 1; dies_at(&scene, &victim, point); point++) {
		cJSON *request = cJSON_CreateObject(), *result = NULL;
		int err;

		open_door(&scene);
		err = smd_controller_call(scene.controller, "tester", "deployment.recover", request,
					  NULL, NULL, &result, &scene.error);
		CU_ASSERT(!err || err == SMD_E_ATTENTION);
		CU_ASSERT(err || all_run(&scene, OLD "set color red\n"));
		problems += err == SMD_E_ATTENTION;
		cJSON_Delete(result);
		close_door(&scene);
		fleet_reset(scene.fleet, image);
		*scene.time = began;
	}
	CU_ASSERT(problems > 0);
	fleet_image_free(image);
	open_door(&scene);
	end(&scene);
}

/* A line that is new to the device, and not shown as it was sent. */
static void what_an_unknown_line_added_is_taken_back(void)
{
	struct scene scene;

	begin_short(&scene, "se taste sweet", NULL);
	cJSON_Delete(apply(&scene, "short", "accept-unknown", SMD_E_ROLLED_BACK));
	CU_ASSERT(all_run(&scene, OLD "set color red\n"));
	end(&scene);
}

/*
 * All lines are known, the device forgets one, and something else changes meanwhile: it cannot be
 * told who did that, so it is left alone, and a problem until it is put right.
 */
static void what_cannot_be_told_apart_needs_attention(void)
{
	struct fault stranger = {
		.class = CLASS_ACT, .occurrence = 2, .kind = STRANGER_EDIT, .after = 1};
	struct scene scene;

	begin_short(&scene, "set taste sweet", NULL);
	fleet_arm(scene.fleet, "r2",
		  &(struct fault){.class = CLASS_ACT, .occurrence = 2, .kind = FAULT_LIED_YES});
	strcpy(stranger.line, "set color green");
	fleet_arm(scene.fleet, "r2", &stranger);
	cJSON_Delete(apply(&scene, "short", NULL, SMD_E_ATTENTION));
	CU_ASSERT_STRING_EQUAL(scene.error.where, "/set color");
	CU_ASSERT(fleet_runs(scene.fleet, "r2", OLD "set color green\n"));
	cJSON_Delete(call(&scene, "deployment.recover", NULL, NULL, NULL, SMD_E_ATTENTION));
	CU_ASSERT(fleet_runs(scene.fleet, "r2", OLD "set color green\n"));
	config_enter(&fleet_device(scene.fleet, "r2")->running, "set color red");
	cJSON_Delete(call(&scene, "deployment.recover", NULL, NULL, NULL, 0));
	ask(&scene, "verify", "name", "color", 0);
	end(&scene);
}

/* Sent and shown */

/* But for the first, whose guard names what it shows. */
static void show_lower_case(struct scene *scene)
{
	for (size_t i = 1; i < DEVICES; i++)
		fleet_device(scene->fleet, names[i])->flags |= DEVICE_SHOWS_LOWER_CASE;
}

/* The pairs that the newest deployment's record has of a device. */
static int has_pair(const cJSON *result, size_t device, const char *sent, const char *shown)
{
	const cJSON *devices = smd_json_array(smd_json_object(result, "record"), "devices");
	const cJSON *pair = cJSON_GetArrayItem(
		smd_json_array(cJSON_GetArrayItem(devices, (int)device), "shown"), 0);

	return pair && !strcmp(smd_json_string(pair, "sent"), sent) &&
	       !strcmp(smd_json_string(pair, "shown"), shown);
}

static void what_is_shown_otherwise_is_told_and_rolled_back(void)
{
	struct scene scene;
	cJSON *result;

	begin(&scene);
	show_lower_case(&scene);
	set(&scene, "color", "set color Red", "set size 1");
	result = apply(&scene, "color", NULL, SMD_E_ROLLED_BACK);
	CU_ASSERT(all_run(&scene, OLD));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "/set color = Red"));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.message, "/set color = red"));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.error.hint, "--accept-shown"));
	CU_ASSERT(has_pair(result, 3, "/set color = Red", "/set color = red"));
	cJSON_Delete(result);
	/* nothing was accepted by that */
	cJSON_Delete(apply(&scene, "color", NULL, SMD_E_ROLLED_BACK));
	CU_ASSERT(all_run(&scene, OLD));
	end(&scene);
}

/* Where lines act at once it is seen behind the commit: what was sent is taken back. */
static void lines_that_are_shown_otherwise_are_taken_back(void)
{
	static const char *const lines[] = {"set color Red", "no host"};
	struct scene scene;
	cJSON *result;
	char *text;

	begin(&scene);
	show_lower_case(&scene);
	text = ground_native("color", names + 1, 1, lines, 2);
	ask(&scene, "configuration.set", "text", text, 0);
	free(text);
	result = apply(&scene, "color", NULL, SMD_E_ROLLED_BACK);
	CU_ASSERT(has_pair(result, 0, "/set color = Red", "/set color = red"));
	CU_ASSERT(all_run(&scene, OLD));
	cJSON_Delete(result);
	end(&scene);
}

static void what_was_accepted_counts_as_sent(void)
{
	struct scene scene;
	cJSON *plan;

	begin(&scene);
	show_lower_case(&scene);
	set(&scene, "color", "set color Red", "set size 1");
	cJSON_Delete(apply(&scene, "color", "accept-shown", 0));
	CU_ASSERT(all_run(&scene, OLD "set color Red\nset size 1\n"));
	ask(&scene, "verify", "name", "color", 0);
	plan = call(&scene, "plan.make", "name", "color", NULL, 0);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(plan, "devices")), 0);
	cJSON_Delete(plan);
	/* from then on without the flag; another value is another pair */
	take_back(&scene, "color");
	CU_ASSERT(all_run(&scene, OLD));
	set(&scene, "color", "set color Red", "set size 2");
	deploy(&scene, "color");
	CU_ASSERT(all_run(&scene, OLD "set color Red\nset size 2\n"));
	set(&scene, "color", "set color Blue", "set size 2");
	cJSON_Delete(apply(&scene, "color", NULL, SMD_E_ROLLED_BACK));
	CU_ASSERT(all_run(&scene, OLD "set color Red\nset size 2\n"));
	/* drift is still seen */
	config_enter(&fleet_device(scene.fleet, "r2")->running, "set color green");
	ask(&scene, "verify", "name", "color", SMD_E_DEVICE);
	end(&scene);
}

TEST_MAIN("fleet native", TEST(an_absence_is_undone), TEST(absences_are_checked_against_owners),
	  TEST(drift_against_an_absence_is_seen), TEST(a_failure_brings_back_what_was_taken),
	  TEST(an_absence_is_recovered), TEST(the_end_of_an_absence_is_recovered),
	  TEST(unknown_lines_are_refused_unless_the_user_insists),
	  TEST(a_plan_can_accept_unknown_lines), TEST(an_abbreviation_is_told),
	  TEST(what_an_unknown_line_did_is_taken_back),
	  TEST(what_an_unknown_line_did_before_a_refusal_is_taken_back),
	  TEST(what_an_unknown_line_did_is_not_recovered_silently),
	  TEST(what_an_unknown_line_added_is_taken_back),
	  TEST(what_cannot_be_told_apart_needs_attention),
	  TEST(what_is_shown_otherwise_is_told_and_rolled_back),
	  TEST(lines_that_are_shown_otherwise_are_taken_back),
	  TEST(what_was_accepted_counts_as_sent));
