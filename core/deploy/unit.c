/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/unit.h"

#include <string.h>

#include "core/base/point.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

/* Events */

static void tell(struct deployment *deployment, cJSON *event_take)
{
	const struct smd_listener *listener = deployment->listener;

	cJSON_AddStringToObject(event_take, "deployment", deployment->id);
	if (listener && listener->event)
		listener->event(listener->arg, event_take);
	cJSON_Delete(event_take);
}

void tell_phase(struct deployment *deployment, const char *phase)
{
	cJSON *event = cJSON_CreateObject();

	smd_point("phase", phase);
	deployment->phase = phase;
	cJSON_AddStringToObject(event, "event", "phase");
	cJSON_AddStringToObject(event, "phase", phase);
	tell(deployment, event);
}

void tell_unit(const struct unit *unit, const char *state, const char *message)
{
	cJSON *event = cJSON_CreateObject();

	cJSON_AddStringToObject(event, "event", "device");
	cJSON_AddStringToObject(event, "device", unit->task->device);
	cJSON_AddStringToObject(event, "phase", unit->deployment->phase);
	cJSON_AddStringToObject(event, "state", state);
	cJSON_AddStringToObject(event, "message", message);
	tell(unit->deployment, event);
}

void note_failure(struct deployment *deployment, const struct smd_error *error)
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

void unit_over(struct unit *unit)
{
	one_less(unit->deployment);
}

void run_phase(struct deployment *deployment, const char *phase, int (*part)(const struct unit *),
	       void (*start)(struct unit *), phase_fn next)
{
	deployment->next = next;
	deployment->phase = phase;
	deployment->left = 1; /* for ourselves, so that the end is seen once */
	for (size_t i = 0; i < deployment->count; i++)
		deployment->left += (size_t) !!part(&deployment->units[i]);
	if (deployment->left > 1)
		tell_phase(deployment, phase);
	for (size_t i = 0; i < deployment->count; i++)
		if (part(&deployment->units[i]))
			start(&deployment->units[i]);
	one_less(deployment);
}

static void stage_done(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (unit->sent && job->err == SMD_E_UNKNOWN) {
		unit->rest = uv_hrtime() + unit->rest_time * 1000000;
	} else if (unit->sent) {
		unit->rest = 0;
		save_answer(unit);
	}
	unit->stage_done(job);
}

void mask_payload(struct unit *unit, const struct smd_text *payload)
{
	smd_text_free(smd_take(unit->shown));
	if (!payload || smd_text_new(&unit->shown, 0))
		return;
	if (smd_language_mask(&unit->task->language, payload, unit->shown, NULL))
		smd_text_clear(unit->shown); /* then nothing is told */
}

void run_stage(struct unit *unit, const struct stage *stage)
{
	mask_payload(unit, stage->payload);
	unit->stage = stage->name;
	unit->stage_done = stage->done;
	unit->sent = 0;
	unit->recorder.record = record_exchanges;
	unit->job = (struct smd_job){
		.next = stage->next,
		.run = {.state = unit->task->language.state,
			.device = unit->task->device,
			.tag = unit->deployment->id,
			.payload = stage->payload,
			.shown = unit->shown,
			.result = stage->result,
			.timer = stage->timer},
		.recorder = &unit->recorder,
		.reply = unit->deployment->loop,
		.done = stage_done,
		.arg = unit,
	};
	tell_unit(unit, "started", "");
	smd_session_submit(unit->peer->session, &unit->job);
}

/* Reading back */

static int parse(struct smd_reading *reading, struct smd_error *error)
{
	struct unit *unit = reading->arg;

	smd_tree_free(smd_take(unit->now));
	return smd_language_parse(&unit->task->language, reading->native, &unit->now, error);
}

static void read_done(void *arg)
{
	struct unit *unit = arg;

	unit->err = unit->reading.err;
	unit->error = unit->reading.error;
	if (!unit->err)
		unit->task->facts = unit->reading.facts; /* in recovery they are learnt only now */
	unit->was_read(unit);
}

/* On the device's loop: back to the deployment's. */
static void was_read(struct smd_reading *reading)
{
	struct unit *unit = reading->arg;

	unit->message.function = read_done;
	unit->message.arg = unit;
	smd_loop_post(unit->deployment->loop, &unit->message);
}

static void read_now(struct unit *unit)
{
	unit->rest = 0;
	unit->reading.peer = unit->peer;
	unit->reading.work = parse;
	unit->reading.arg = unit;
	smd_reading_start(&unit->reading, was_read);
}

/* A stage that only lets the time pass in which the device may still act. */
static void rest_next(struct smd_run *run, const struct smd_answer *answer,
		      struct smd_action *action)
{
	const struct unit *unit = run->state;
	uint64_t now = uv_hrtime();

	(void)answer;
	action->act = now < unit->rest ? SMD_ACT_WAIT : SMD_ACT_DONE;
	if (now < unit->rest)
		action->wait = (uint32_t)((unit->rest - now) / 1000000 + 1);
}

static void has_rested(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (!job->err) {
		read_now(unit);
		return;
	}
	unit->err = job->err;
	unit->error = job->error;
	unit->was_read(unit);
}

void read_unit(struct unit *unit, void (*done)(struct unit *unit))
{
	unit->was_read = done;
	if (uv_hrtime() >= unit->rest) {
		read_now(unit);
		return;
	}
	tell_unit(unit, "waiting", "it may still act on what was sent");
	unit->job = (struct smd_job){
		.next = rest_next,
		.run = {.state = unit, .device = unit->task->device, .tag = unit->deployment->id},
		.reply = unit->deployment->loop,
		.done = has_rested,
		.arg = unit,
	};
	smd_session_submit(unit->peer->session, &unit->job);
}

int check_unit(struct unit *unit, const struct smd_tree *wanted)
{
	const struct smd_task *task = unit->task;
	char path[SMD_ERROR_WHERE] = "";
	int err = smd_slice_compare(unit->now, wanted, task->had, task->wanted, path, sizeof(path));

	unit->note[0] = '\0';
	if (!err && smd_tree_compare(unit->now, wanted, unit->note, sizeof(unit->note)))
		smd_clean(unit->note);
	unit->err = err;
	if (!err)
		return 0;
	smd_fail(&unit->error, err, "the device took the commands but does not run what they say");
	smd_error_device(&unit->error, task->device);
	smd_error_where(&unit->error, "%s", path);
	return err;
}
