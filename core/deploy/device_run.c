/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/device_run.h"

#include <string.h>

#include "core/base/crash_point.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

/* Events */

static void report_event(struct deployment *deployment, cJSON *event_take)
{
	const struct smd_listener *listener = deployment->listener;

	cJSON_AddStringToObject(event_take, "deployment", deployment->id);
	if (listener && listener->event)
		listener->event(listener->arg, event_take);
	cJSON_Delete(event_take);
}

void report_phase(struct deployment *deployment, const char *phase)
{
	cJSON *event = cJSON_CreateObject();

	smd_crash_point("phase", phase);
	deployment->phase = phase;
	cJSON_AddStringToObject(event, "event", "phase");
	cJSON_AddStringToObject(event, "phase", phase);
	report_event(deployment, event);
}

void report_device(const struct device_run *run, const char *state, const char *message)
{
	cJSON *event = cJSON_CreateObject();

	cJSON_AddStringToObject(event, "event", "device");
	cJSON_AddStringToObject(event, "device", run->task->device);
	cJSON_AddStringToObject(event, "phase", run->deployment->phase);
	cJSON_AddStringToObject(event, "state", state);
	cJSON_AddStringToObject(event, "message", message);
	report_event(run->deployment, event);
}

void record_first_failure(struct deployment *deployment, const struct smd_error *error)
{
	if (!deployment->failed)
		deployment->error = *error;
	deployment->failed = 1;
}

/* Phases */

static void one_less(struct deployment *deployment)
{
	if (!--deployment->left)
		deployment->next(deployment);
}

void device_over(struct device_run *run)
{
	one_less(run->deployment);
}

void run_phase(struct deployment *deployment, const char *phase,
	       int (*part)(const struct device_run *), void (*start)(struct device_run *),
	       phase_fn next)
{
	deployment->next = next;
	deployment->phase = phase;
	deployment->left = 1; /* one for this function, so that the count reaches 0 only once */
	for (size_t i = 0; i < deployment->count; i++)
		deployment->left += (size_t) !!part(&deployment->runs[i]);
	if (deployment->left > 1)
		report_phase(deployment, phase);
	for (size_t i = 0; i < deployment->count; i++)
		if (part(&deployment->runs[i]))
			start(&deployment->runs[i]);
	one_less(deployment);
}

static void stage_done(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (run->sent && job->err == SMD_E_UNKNOWN) {
		run->quiesce_until = uv_hrtime() + run->quiesce_ms * 1000000;
	} else if (run->sent) {
		run->quiesce_until = 0;
		save_answer(run);
	}
	run->stage_done(job);
}

void mask_payload(struct device_run *run, const struct smd_text *payload)
{
	smd_text_free(smd_take(run->shown));
	if (!payload || smd_text_new(&run->shown, 0))
		return;
	/* Out of memory: then the payload is not shown at all */
	if (smd_language_mask(&run->task->language, payload, run->shown, NULL))
		smd_text_clear(run->shown);
}

void run_stage(struct device_run *run, const struct stage *stage)
{
	mask_payload(run, stage->payload);
	run->stage = stage->name;
	run->stage_done = stage->done;
	run->sent = 0;
	run->recorder.record = record_exchanges;
	run->job = (struct smd_job){
		.next = stage->next,
		.run = {.state = run->task->language.state,
			.device = run->task->device,
			.tag = run->deployment->id,
			.payload = stage->payload,
			.shown = run->shown,
			.result = stage->result,
			.timer = stage->timer},
		.recorder = &run->recorder,
		.reply = run->deployment->loop,
		.done = stage_done,
		.arg = run,
	};
	report_device(run, "started", "");
	smd_session_submit(run->remote->session, &run->job);
}

/* Reading back */

static int parse(struct smd_fetch_job *fetch, struct smd_error *error)
{
	struct device_run *run = fetch->arg;

	smd_tree_free(smd_take(run->now));
	return smd_language_parse(&run->task->language, fetch->native, &run->now, error);
}

static void read_done(void *arg)
{
	struct device_run *run = arg;

	run->err = run->fetch.err;
	run->error = run->fetch.error;
	/* Recovery starts without facts: take those of this session */
	if (!run->err)
		run->task->facts = run->fetch.facts;
	run->was_read(run);
}

/* The device was read. Runs on the device's loop and continues on the deployment's loop. */
static void was_read(struct smd_fetch_job *fetch)
{
	struct device_run *run = fetch->arg;

	run->message.function = read_done;
	run->message.arg = run;
	smd_loop_post(run->deployment->loop, &run->message);
}

static void read_now(struct device_run *run)
{
	run->quiesce_until = 0;
	run->fetch.remote = run->remote;
	run->fetch.work = parse;
	run->fetch.arg = run;
	smd_fetch_start(&run->fetch, was_read);
}

/* A stage that sends nothing and waits until the device can no longer act on earlier commands. */
static void quiesce_next(struct smd_run *stage_run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	const struct device_run *run = stage_run->state;
	uint64_t now = uv_hrtime();

	(void)answer;
	action->act = now < run->quiesce_until ? SMD_ACT_WAIT : SMD_ACT_DONE;
	if (now < run->quiesce_until)
		action->wait = (uint32_t)((run->quiesce_until - now) / 1000000 + 1);
}

static void quiesced(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (!job->err) {
		read_now(run);
		return;
	}
	run->err = job->err;
	run->error = job->error;
	run->was_read(run);
}

void read_device(struct device_run *run, void (*done)(struct device_run *run))
{
	run->was_read = done;
	if (uv_hrtime() >= run->quiesce_until) {
		read_now(run);
		return;
	}
	report_device(run, "waiting", "it may still act on what was sent");
	run->job = (struct smd_job){
		.next = quiesce_next,
		.run = {.state = run, .device = run->task->device, .tag = run->deployment->id},
		.reply = run->deployment->loop,
		.done = quiesced,
		.arg = run,
	};
	smd_session_submit(run->remote->session, &run->job);
}

int check_device(struct device_run *run, const struct smd_tree *wanted)
{
	const struct smd_task *task = run->task;
	char path[SMD_ERROR_WHERE] = "";
	int err = smd_slice_compare(run->now, wanted, task->had, task->wanted, path, sizeof(path));

	run->note[0] = '\0';
	if (!err && smd_tree_compare(run->now, wanted, run->note, sizeof(run->note)))
		smd_sanitize(run->note);
	run->err = err;
	if (!err)
		return 0;
	smd_fail(&run->error, err, "the device took the commands but does not run what they say");
	smd_error_device(&run->error, task->device);
	smd_error_where(&run->error, "%s", path);
	return err;
}
