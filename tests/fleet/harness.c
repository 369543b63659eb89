/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connector.h"
#include "core/base/json.h"
#include "core/service/methods.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

struct child {
	struct harness *harness;
	struct smd_clock *clock;
	struct smd_loader *loader;
	struct smd_controller *controller;
};

/* For the fleet, which asks for the time without an argument: the one child of this process. */
static struct child *present;

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "harness: %s\n", what);
	abort();
}

/* The controller of a child */

static uint64_t present_time(void)
{
	return present->harness->shared->before + smd_clock_now(present->clock);
}

static void register_parts(struct child *child)
{
	const char *lacks = child->harness->lacks;
	struct smd_error error;

	must(!smd_loader_new("/nonexistent", &child->loader), "no memory");
	for (size_t i = 0; fleet_drivers[i]; i++)
		if (!lacks || strcmp(fleet_drivers[i]->self.name, lacks) != 0)
			must(!smd_loader_register_driver(child->loader, fleet_drivers[i], &error),
			     error.message);
	for (size_t i = 0; fleet_plugins[i]; i++)
		must(!smd_loader_register_plugin(child->loader, fleet_plugins[i], &error),
		     error.message);
}

static void start_controller(struct child *child)
{
	struct smd_controller_spec spec = {.home = child->harness->home,
					   .parts = "/nonexistent",
					   .yang = SMD_SOURCE_DIR "/share/yang"};
	struct smd_seams seams;
	struct smd_error error;

	register_parts(child);
	seams = (struct smd_seams){
		.loader = child->loader, .clock = child->clock, .connector = &memory_connector};
	must(!smd_controller_new_on(&spec, &seams, &child->controller, &error), error.message);
}

struct smd_site *child_site(struct child *child)
{
	struct smd_site_spec spec = {.home = child->harness->home,
				     .yang = SMD_SOURCE_DIR "/share/yang",
				     .mode = SMD_STORE_OWN,
				     .clock = child->clock,
				     .connector = &memory_connector};
	struct smd_site *site;
	struct smd_error error;

	child_restart(child);
	register_parts(child);
	spec.loader = child->loader;
	must(!smd_site_open(&spec, &site, &error), error.message);
	return site;
}

void child_restart(struct child *child)
{
	smd_controller_free(child->controller);
	smd_loader_free(child->loader);
	child->controller = NULL;
	child->loader = NULL;
}

int child_calls_first(const char *method)
{
	const struct harness_shared *shared = present ? present->harness->shared : NULL;

	return shared && !shared->count && !strcmp(shared->calling, method);
}

struct harness *child_harness(struct child *child)
{
	return child->harness;
}

static size_t keep_text(struct harness_shared *shared, const char *text)
{
	size_t at = shared->used, size = strlen(text) + 1;

	must(size <= sizeof(shared->texts) - at, "the answers are too long");
	memcpy(shared->texts + at, text, size);
	shared->used += size;
	return at;
}

static void keep_reply(struct harness_shared *shared, const char *method, const cJSON *result,
		       const struct smd_error *error)
{
	struct reply *reply = &shared->replies[shared->count];
	char *text = result ? cJSON_PrintUnformatted(result) : strdup("{}"); /* no memory for one */

	must(text && shared->count < HARNESS_REPLIES, "too many answers");
	*reply = (struct reply){.error = *error, .json = keep_text(shared, text)};
	snprintf(reply->method, sizeof(reply->method), "%s", method);
	free(text);
	shared->count++;
}

const struct reply *child_call(struct child *child, const char *method, cJSON *request_take)
{
	struct harness_shared *shared = child->harness->shared;
	struct smd_error error = {0};
	cJSON *result = NULL;

	if (!child->controller)
		start_controller(child);
	snprintf(shared->calling, sizeof(shared->calling), "%s", method);
	if (!smd_controller_call(child->controller, "tester", method, request_take, NULL, NULL,
				 &result, &error))
		error = (struct smd_error){0};
	shared->calling[0] = '\0';
	keep_reply(shared, method, result, &error);
	cJSON_Delete(result);
	return &shared->replies[shared->count - 1];
}

const struct reply *child_ask(struct child *child, const char *method, const char *member,
			      const char *value)
{
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, member, value);
	return child_call(child, method, request);
}

void child_look(struct child *child, enum sight sight)
{
	struct harness *harness = child->harness;

	fleet_lock(harness->fleet);
	for (size_t i = 0; i < harness->count; i++)
		harness->shared->sights[sight][i] = *fleet_device_at(harness->fleet, i);
	if (sight == SIGHT_DONE)
		harness->shared->log_end = strlen(fleet_log(harness->fleet));
	fleet_unlock(harness->fleet);
}

void child_reboot(struct child *child, uint64_t down)
{
	uint64_t now = present_time() + down;

	fleet_clock_reboot(child->clock, down);
	child->harness->shared->before = now - smd_clock_now(child->clock);
	fleet_advance(child->harness->fleet, now);
}

void child_rest(struct child *child, uint64_t milliseconds, int clears)
{
	struct fleet *fleet = child->harness->fleet;

	fleet_clock_advance(child->clock, milliseconds);
	fleet_advance(fleet, present_time());
	if (!clears)
		return;
	fleet_lock(fleet);
	for (size_t i = 0; i < child->harness->count; i++)
		fleet_device_at(fleet, i)->fault_count = 0;
	fleet_unlock(fleet);
	fleet_arm_store(fleet, 0, STORE_GOOD, 0);
}

/* Children */

static void on_alarm(int number)
{
	(void)number;
	_exit(HARNESS_HUNG);
}

/* Tell where it crashed; addr2line(1) makes lines of the addresses. */
static void on_crash(int number)
{
	void *frames[32];

	signal(number, SIG_DFL);
	backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
	raise(number);
}

static int has_leaked(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return __lsan_do_recoverable_leak_check();
#else
	return 0;
#endif
}

_Noreturn static void be_child(struct harness *harness, harness_script script, void *arg)
{
	struct child child = {.harness = harness};

	signal(SIGALRM, on_alarm);
	signal(SIGSEGV, on_crash);
	signal(SIGABRT, on_crash);
	alarm(HARNESS_PATIENCE);
	child.clock = fleet_clock_new(&harness->shared->time);
	present = &child;
	fleet_now = present_time;
	fleet_use(harness->fleet);
	script(&child, arg);
	child_restart(&child);
	fleet_clock_free(child.clock);
	_exit(has_leaked() ? HARNESS_LEAKED : HARNESS_ENDED);
}

/* A process that ends takes its connections along. */
static void close_sessions(struct harness *harness)
{
	uint64_t now = harness->shared->before + harness->shared->time.now;

	for (size_t i = 0; i < harness->count; i++) {
		struct device *device = fleet_device_at(harness->fleet, i);

		for (unsigned n = 0; n < DEVICE_SESSIONS; n++)
			if (device->sessions[n].id)
				device_logout(device, now, device->sessions[n].id);
	}
}

enum harness_end harness_run(struct harness *harness, harness_script script, void *arg)
{
	pid_t child;
	int status = 0;

	fflush(NULL);
	child = fork();
	must(child >= 0, "cannot fork");
	if (!child)
		be_child(harness, script, arg);
	must(waitpid(child, &status, 0) == child, "cannot wait");
	close_sessions(harness);
	if (!WIFEXITED(status))
		return HARNESS_CRASHED;
	switch (WEXITSTATUS(status)) {
	case HARNESS_ENDED:
	case HARNESS_DIED:
	case HARNESS_LEAKED:
	case HARNESS_HUNG:
		return (enum harness_end)WEXITSTATUS(status);
	default:
		return HARNESS_CRASHED;
	}
}

const char *harness_end_name(enum harness_end end)
{
	switch (end) {
	case HARNESS_ENDED:
		return "ended";
	case HARNESS_DIED:
		return "died where it was told to";
	case HARNESS_LEAKED:
		return "left memory behind";
	case HARNESS_HUNG:
		return "hung";
	default:
		return "crashed";
	}
}

/* Answers */

const struct reply *harness_reply(const struct harness *harness, const char *method)
{
	for (unsigned i = harness->shared->count; i > 0; i--)
		if (!strcmp(harness->shared->replies[i - 1].method, method))
			return &harness->shared->replies[i - 1];
	return NULL;
}

cJSON *harness_result(const struct harness *harness, const struct reply *reply)
{
	return reply ? cJSON_Parse(harness->shared->texts + reply->json) : NULL;
}

int reply_exit(const struct reply *reply)
{
	return reply->error.code ? smd_err_exit(reply->error.code) : 0;
}

void harness_forget(struct harness *harness)
{
	struct harness_shared *shared = harness->shared;

	shared->count = 0;
	shared->used = 0;
	shared->calling[0] = '\0';
}

const char *harness_log(const struct harness *harness)
{
	return fleet_log(harness->fleet) + harness->log_start;
}

void harness_print(const struct harness *harness)
{
	const struct harness_shared *shared = harness->shared;

	printf("%s", harness_log(harness));
	for (unsigned i = 0; i < shared->count; i++) {
		const struct reply *reply = &shared->replies[i];

		printf("%s: exit %d %s: %s (%s, %s; %s)\n  %s\n", reply->method, reply_exit(reply),
		       reply->error.code ? smd_err_name(reply->error.code) : "",
		       reply->error.message, reply->error.device, reply->error.where,
		       reply->error.hint, shared->texts + reply->json);
	}
	if (shared->calling[0])
		printf("%s: no answer\n", shared->calling);
}

void harness_reset(struct harness *harness, enum image image)
{
	harness_forget(harness);
	fleet_reset(harness->fleet, harness->images[image]);
	harness->shared->time = harness->times[image];
	harness->shared->before = 0;
	harness->lacks = NULL;
	harness->log_start = harness->logged[image];
	for (size_t i = 0; i < harness->count; i++) {
		struct device *device = fleet_device_at(harness->fleet, i);

		memset(device->counts, 0, sizeof(device->counts));
	}
	fleet_arm_store(harness->fleet, 0, STORE_GOOD, 0);
	fleet_arm_death(harness->fleet, 0);
}
