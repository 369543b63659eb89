/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.check: log in to devices, read, and report what they can do. All at once: each is told as
 * soon as it has answered, or failed, so that a slow one holds up no other.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/plan/fetch_job.h"
#include "core/plan/task.h"
#include "core/service/methods.h"
#include "core/tree/own.h"

/*
 * The devices under check. `left` counts those under way, and one more until all have been
 * started.
 */
struct checks {
	struct smd_call *call;
	struct check *all;
	size_t count;
	atomic_size_t left;
	struct smd_latch over;
};

/* report: made when the device has ended; NULL before. */
struct check {
	struct smd_fetch_job fetch;
	const struct smd_device *device;
	struct checks *checks;
	cJSON *report;
};

static int parse_only(struct smd_fetch_job *fetch, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;

	return smd_language_parse(&fetch->remote->language, fetch->native, &tree, error);
}

static void add_facts(cJSON *json, const struct smd_fetch_job *fetch)
{
	struct smd_task task = {.facts = fetch->facts};
	char level[2] = {(char)smd_task_level(&task), '\0'};

	cJSON_AddStringToObject(json, "product", fetch->facts.product);
	cJSON_AddStringToObject(json, "version", fetch->facts.version);
	cJSON_AddStringToObject(json, "level", level);
	cJSON_AddStringToObject(json, "undone-by", smd_level_text(smd_task_level(&task)));
	cJSON_AddNumberToObject(json, "connect-ms", (double)(fetch->connect / 1000));
	cJSON_AddNumberToObject(json, "read-ms", (double)(fetch->took / 1000));
}

static cJSON *report_of(const struct check *check)
{
	const struct smd_fetch_job *fetch = &check->fetch;
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", check->device->name);
	cJSON_AddStringToObject(json, "state", fetch->err ? smd_err_name(fetch->err) : "ok");
	if (fetch->err) {
		cJSON_AddStringToObject(json, "error", fetch->error.message);
		cJSON_AddStringToObject(json, "hint", fetch->error.hint);
	} else {
		add_facts(json, fetch);
	}
	return json;
}

/* Tell a device's end at once. Events are queued, so several loops may do this at a time. */
static void tell(const struct check *check)
{
	const struct smd_listener *listener = &check->checks->call->listener;
	cJSON *event = cJSON_CreateObject();

	cJSON_AddStringToObject(event, "event", "checked");
	cJSON_AddItemReferenceToObject(event, "device", check->report);
	if (listener->event)
		listener->event(listener->arg, event);
	cJSON_Delete(event);
}

static void one_less(struct checks *checks)
{
	if (atomic_fetch_sub(&checks->left, 1) == 1)
		smd_latch_post(&checks->over);
}

static void on_end(struct smd_fetch_job *fetch)
{
	struct check *check = fetch->arg;

	check->report = report_of(check);
	tell(check);
	one_less(check->checks);
}

/* A device whose driver or credentials cannot be had has ended already. */
static void start(struct check *check)
{
	struct smd_fetch_job *fetch = &check->fetch;

	fetch->arg = check;
	fetch->work = parse_only;
	fetch->err = smd_remote_open_device(check->checks->call->site, check->device->name,
					    SMD_ACCESS_READ, &fetch->remote, &fetch->error);
	if (fetch->err)
		on_end(fetch);
	else
		smd_fetch_start(fetch, on_end);
}

static void run_all(struct checks *checks)
{
	atomic_init(&checks->left, checks->count + 1);
	smd_latch_init(&checks->over, checks->call->site->clock);
	for (size_t i = 0; i < checks->count; i++)
		start(&checks->all[i]);
	one_less(checks);
	smd_latch_wait(&checks->over);
	smd_latch_done(&checks->over);
}

/* Of a device alone its own error, of several how many have failed, and the first names. */
static int result_of(const struct checks *checks)
{
	struct smd_error *error = checks->call->error;
	const struct check *first = NULL;
	size_t failed = 0, used = 0;
	char names[256] = "";

	for (size_t i = 0; i < checks->count; i++) {
		const struct check *check = &checks->all[i];

		if (!check->fetch.err)
			continue;
		first = first ? first : check;
		if (used < sizeof(names))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
						 failed ? ", " : "", check->device->name);
		failed++;
	}
	if (!failed)
		return 0;
	if (checks->count > 1)
		return smd_fail(error, SMD_E_DEVICE, "%zu of %zu devices failed: %s", failed,
				checks->count, names);
	*error = first->fetch.error;
	smd_error_device(error, first->device->name);
	return first->fetch.err;
}

static void give_reports(struct checks *checks)
{
	cJSON *list = cJSON_AddArrayToObject(checks->call->result, "devices");

	for (size_t i = 0; i < checks->count; i++) {
		struct check *check = &checks->all[i];

		cJSON_AddItemToArray(list, smd_take(check->report));
		smd_fetch_jobs_done(&check->fetch, 1);
		smd_remote_close(check->fetch.remote, NULL);
	}
}

int smd_device_check(struct smd_call *call)
{
	smd_cleanup(free) const struct smd_device **devices = NULL;
	smd_cleanup(free) struct check *all = NULL;
	struct checks checks = {.call = call};
	int err = smd_call_select_devices(call, &devices, &checks.count);

	if (err)
		return err;
	all = checks.all = calloc(checks.count + 1, sizeof(*all));
	if (!all)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	for (size_t i = 0; i < checks.count; i++) {
		all[i].device = devices[i];
		all[i].checks = &checks;
	}
	run_all(&checks);
	give_reports(&checks);
	return result_of(&checks);
}
