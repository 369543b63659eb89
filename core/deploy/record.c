/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records that a deployment writes, by table and key:
 *
 * meta counter                    number of the newest deployment
 * deployment ID                   the deployment's record, which users see
 * open ID                         present until it has ended without needing attention;
 *                                 recovery starts from it
 * applied PLAN                    the plan was applied, by this deployment
 * snapshot ID DEVICE              the device's configuration before, in native text
 * journal ID NUMBER               what is about to be sent (law 7), see journal.c
 * decision ID                     {direction, unit, epoch, at}: "forward" or "back"
 * deployed, last NAME; ledger, absence ... what is in force now, with the outcome
 * shown DRIVER DIGEST             accepted pairs of sent and shown, with the decision
 * undone NAME                     {revision, deployment}: the newest revision, if it is undone,
 *                                 and the last rollback; until the next deployment
 *
 * ID in a key is padded, so that keys sort by number (smd_deployment_key).
 */
#include <stdio.h>
#include <string.h>

#include "core/deploy/engine.h"
#include "core/plan/plan.h"

const char *smd_outcome_name(enum smd_outcome outcome)
{
	static const char *const names[] = {"running",   "done",    "rolled-back",
					    "attention", "refused", "accepted"};

	return names[outcome];
}

static void add_time(struct smd_clock *clock, cJSON *json, const char *name, int *err)
{
	char now[SMD_TIME_TEXT];

	smd_time_text(clock, now);
	smd_json_put_string(json, name, now, err);
}

/* The beginning */

/* Take the next number of the store for this deployment. */
static int take_number(struct deployment *deployment, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	struct smd_site *site = deployment->site;
	uint64_t revision = 0;
	int64_t number;
	int err = smd_store_thread_get(site->store_thread, "meta", "counter", &json, &revision,
				       error);

	if (err && err != SMD_E_NOT_FOUND)
		return err;
	number = smd_json_number(json, "deployment", 0) + 1;
	snprintf(deployment->id, sizeof(deployment->id), "%lld", (long long)number);
	snprintf(deployment->tag, sizeof(deployment->tag), "%.8s-%s", site->id, deployment->id);
	cJSON_Delete(json);
	json = cJSON_CreateObject();
	smd_json_put_number(json, "deployment", (double)number, &deployment->save.batch.err);
	smd_batch_put_json(&deployment->save.batch, err ? SMD_NEED_ABSENT : SMD_NEED_REVISION,
			   revision, "meta", "counter", json);
	return 0;
}

static cJSON *devices_json(const struct deployment *deployment, int *err)
{
	cJSON *devices = cJSON_CreateArray();

	for (size_t i = 0; i < deployment->count; i++) {
		cJSON *device = cJSON_CreateObject();

		smd_json_put_string(device, "name", deployment->runs[i].task->device, err);
		smd_json_put_string(device, "release", deployment->runs[i].task->facts.version,
				    err);
		if (has_unknown(deployment->runs[i].task))
			smd_json_put(device, "unknown", cJSON_CreateTrue(), err);
		smd_json_put_string(device, "outcome", "running", err);
		smd_json_append(devices, device, err);
	}
	return devices;
}

/*
 * Find the id of the deployment that produced the configuration's present state; NULL: none. The
 * caller frees it.
 */
static int last_deployment(const struct deployment *deployment, const char *configuration,
			   char **out, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *last = NULL;
	const char *id;
	int err = smd_store_thread_get(deployment->site->store_thread, "last", configuration, &last,
				       NULL, error);

	*out = NULL;
	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
	id = smd_json_string(last, "deployment");
	*out = id ? strdup(id) : NULL;
	return !id || *out ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

static cJSON *copy_or_null(const cJSON *json)
{
	return json ? cJSON_Duplicate(json, 1) : cJSON_CreateNull();
}

/* What the record says of one configuration, see smd_record_configurations. */
static int add_configuration(const struct deployment *deployment,
			     const struct smd_transition *transition, cJSON *list,
			     struct smd_error *error)
{
	smd_cleanup(free) char *previous = NULL;
	cJSON *json, *to = NULL;
	int err = last_deployment(deployment, transition->configuration, &previous, error);

	if (err)
		return err;
	json = cJSON_CreateObject();
	err = smd_draft_record(deployment->draft, transition, deployment->id, &to);
	smd_json_put_string(json, "configuration", transition->configuration, &err);
	smd_json_put_string(json, "goal", smd_goal_name(transition->goal), &err);
	smd_json_put_number(json, "revision", (double)transition->revision, &err);
	smd_json_put_string(json, "undoes", transition->undoes, &err);
	smd_json_put_string(json, "returns-to", transition->returns_to, &err);
	if (transition->undone)
		smd_json_put_number(json, "undone", (double)transition->undone, &err);
	smd_json_put_string(json, "previous", previous, &err);
	smd_json_put(json, "from", copy_or_null(transition->from), &err);
	smd_json_put(json, "to", to ? to : cJSON_CreateNull(), &err);
	smd_json_append(list, json, &err);
	return err ? smd_fail(error, err, "out of memory") : 0;
}

static int make_record(struct deployment *deployment, struct smd_error *error)
{
	const struct smd_draft *draft = deployment->draft;
	cJSON *record = deployment->record = cJSON_CreateObject();
	int err = 0;
	cJSON *list = smd_json_put_array(record, "configurations", &err);

	if (err)
		return smd_fail(error, err, "out of memory");
	for (size_t i = 0; i < draft->transition_count && !err; i++)
		err = add_configuration(deployment, draft->transitions[i], list, error);
	if (err)
		return err;
	smd_json_put_string(record, "id", deployment->id, &err);
	smd_json_put_string(record, "plan", smd_json_string(deployment->plan, "id"), &err);
	smd_json_put_string(record, "principal", deployment->principal, &err);
	if (deployment->comment)
		smd_json_put_string(record, "comment", deployment->comment, &err);
	smd_json_put_number(record, "steps", draft->steps, &err);
	smd_json_put(record, "devices", devices_json(deployment, &err), &err);
	smd_json_put_string(record, "outcome", smd_outcome_name(0), &err);
	add_time(deployment->site->clock, record, "started", &err);
	return err ? smd_fail(error, err, "out of memory") : 0;
}

static void put_snapshot(struct deployment *deployment, const struct device_run *run)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	smd_cleanup(free) char *native = smd_text_join(run->task->native);
	struct smd_batch *batch = &deployment->save.batch;
	size_t size = smd_text_size(run->task->native);
	char key[SMD_STORE_KEY];

	smd_json_put(json, "native", native ? smd_json_bytes(native, size) : NULL, &batch->err);
	smd_remote_note_driver(run->remote, json, &batch->err);
	smd_deployment_key(deployment->id, run->task->device, key);
	smd_batch_put_json(batch, SMD_NEED_ABSENT, 0, "snapshot", key, json);
}

static void put_applied(struct deployment *deployment)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	struct smd_batch *batch = &deployment->save.batch;

	smd_json_put_string(json, "deployment", deployment->id, &batch->err);
	smd_batch_put_json(batch, SMD_NEED_ABSENT, 0, "applied",
			   smd_json_string(deployment->plan, "id"), json);
}

int prepare_begin(struct deployment *deployment, struct smd_error *error)
{
	struct smd_batch *batch = &deployment->save.batch;
	char key[SMD_STORE_KEY];
	int err = smd_site_epoch(deployment->site, batch, error);

	if (!err)
		err = take_number(deployment, error);
	if (!err)
		err = make_record(deployment, error);
	if (err)
		return err;
	smd_deployment_key(deployment->id, NULL, key);
	smd_batch_put_json(batch, SMD_NEED_ABSENT, 0, "deployment", key, deployment->record);
	smd_batch_put(batch, SMD_NEED_ABSENT, 0, "open", key, "{}", 2);
	put_applied(deployment);
	for (size_t i = 0; i < deployment->count; i++)
		put_snapshot(deployment, &deployment->runs[i]);
	return batch->err ? smd_fail(error, batch->err, "out of memory") : 0;
}

/*
 * For each device: a journal entry before and behind each line of its way back, and what the
 * stages around it write. For the whole: the decision, the record with its end, and the ledger.
 */
int way_back_size(const struct deployment *deployment, size_t *out)
{
	static const size_t entry = 640, stages = 12, ends = (size_t)64 << 10;
	smd_cleanup(free) char *record = cJSON_PrintUnformatted(deployment->record);
	size_t size = ends;

	if (!record)
		return SMD_E_NO_MEMORY;
	size += 2 * strlen(record);
	for (size_t i = 0; i < deployment->count; i++) {
		const struct smd_task *task = deployment->runs[i].task;

		size += stages * entry;
		for (unsigned step = 0; step < task->step_count; step++)
			size += entry * smd_text_count(task->steps[step].undo);
	}
	*out = size;
	return 0;
}

/* Writing, and what follows it */

static void was_saved(struct smd_save *save)
{
	struct deployment *deployment = save->arg;

	if (save->err) {
		smd_error_prefix(&save->error, "the store cannot be written");
		record_first_failure(deployment, &save->error);
	}
	deployment->saved(deployment);
}

static void save(struct deployment *deployment, void (*saved)(struct deployment *deployment))
{
	deployment->saved = saved;
	deployment->save.reply = deployment->loop;
	deployment->save.done = was_saved;
	deployment->save.arg = deployment;
	smd_store_thread_save(deployment->site->store_thread, &deployment->save);
}

void save_begin(struct deployment *deployment, void (*saved)(struct deployment *deployment))
{
	save(deployment, saved);
}

/* With the decision, so that recovery knows what was accepted. */
static void put_accepted(struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++) {
		const struct device_run *run = &deployment->runs[i];

		smd_shown_save(&run->pairs, driver_of(run)->self.name, &deployment->save.batch);
	}
}

void save_decision(struct deployment *deployment, const char *direction,
		   void (*saved)(struct deployment *deployment))
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	struct smd_batch *batch = &deployment->save.batch;
	char key[SMD_STORE_KEY];

	smd_deployment_key(deployment->id, NULL, key);
	smd_json_put_string(json, "direction", direction, &batch->err);
	smd_json_put_number(json, "unit", 1, &batch->err);
	smd_json_put_number(json, "epoch", (double)deployment->site->epoch, &batch->err);
	add_time(deployment->site->clock, json, "at", &batch->err);
	smd_site_fence(deployment->site, batch);
	smd_batch_check(batch, SMD_NEED_REVISION, 1, "open", key);
	smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "decision", key, json);
	if (deployment->accept_shown && !strcmp(direction, "forward"))
		put_accepted(deployment);
	save(deployment, saved);
}

/* The end */

/*
 * Set a member of the record; NULL: it shall not have it. It may exist already: recovery ends a
 * deployment a second time when it needed attention.
 */
static void set_text(cJSON *json, const char *name, const char *text, int *err)
{
	cJSON_DeleteItemFromObjectCaseSensitive(json, name);
	smd_json_put_string(json, name, text, err);
}

static const char *text_or_none(const char *text)
{
	return *text ? text : NULL;
}

static void finish_device(const struct deployment *deployment, const struct device_run *run,
			  cJSON *device, int *err)
{
	int forward = deployment->decided && deployment->forward;
	cJSON *later;

	set_text(device, "outcome",
		 device_outcome_name(device_outcome_of(run->state, run->problem)), err);
	set_text(device, "state", device_state_name(run->state), err);
	set_text(device, "problem", run->problem ? device_problem_name(run->problem) : NULL, err);
	/* What was told before stays until the device runs the new state, or there is news */
	if (run->err || forward) {
		set_text(device, "error", run->err ? run->error.message : NULL, err);
		set_text(device, "error-where", run->err ? text_or_none(run->error.where) : NULL,
			 err);
	}
	set_text(device, "also-differs", text_or_none(run->elsewhere), err);
	if (run->overwritten[0])
		set_text(device, "overwritten", run->overwritten, err);
	if (run->reading.strays_stay)
		smd_json_replace(device, "strays", cJSON_CreateTrue(), err);
	if (run->pairs.count)
		smd_json_replace(device, "shown", smd_shown_json(&run->pairs), err);
	set_text(device, "snapshot", forward ? text_or_none(run->task->snapshot) : NULL, err);
	later = forward ? smd_task_later_json(run->task, err) : NULL;
	cJSON_DeleteItemFromObjectCaseSensitive(device, "later-work");
	if (later)
		smd_json_put(device, "later-work", later, err);
}

/* The device in the deployment; NULL: recovery found nothing of it to change or to take back. */
static const struct device_run *run_of(const struct deployment *deployment, const char *name)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (name && !strcmp(deployment->runs[i].task->device, name))
			return &deployment->runs[i];
	return NULL;
}

static void finish_devices(const struct deployment *deployment, int *err)
{
	cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(deployment->record, "devices")) {
		const struct device_run *run = run_of(deployment, smd_json_string(device, "name"));

		if (run)
			finish_device(deployment, run, device, err);
		else
			set_text(device, "outcome", device_outcome_name(DEVICE_UNTOUCHED), err);
	}
}

static void finish_record(struct deployment *deployment, int *err)
{
	const struct smd_error *error = &deployment->error;
	cJSON *record = deployment->record;

	if (!deployment->accepted)
		finish_devices(deployment, err);
	set_text(record, "outcome", smd_outcome_name(deployment->outcome), err);
	if (deployment->outcome == SMD_OUTCOME_DONE) { /* at last, if it was recovered */
		set_text(record, "error", NULL, err);
		set_text(record, "error-device", NULL, err);
		set_text(record, "error-where", NULL, err);
	} else if (deployment->failed) {
		set_text(record, "error", error->message, err);
		set_text(record, "error-device", error->device, err);
		set_text(record, "error-where", error->where, err);
	}
	set_text(record, "not-proven",
		 deployment->unproven ? deployment->proof_error.message : NULL, err);
	if (deployment->evidence) {
		cJSON_DeleteItemFromObjectCaseSensitive(record, "proof");
		smd_json_put(record, "proof", cJSON_Duplicate(deployment->evidence, 1), err);
	}
	if (deployment->accepted)
		set_text(record, "accepted-by", deployment->principal, err);
	cJSON_DeleteItemFromObjectCaseSensitive(record, "ended");
	add_time(deployment->site->clock, record, "ended", err);
}

/* Note that a rollback has undone the newest revision; a deployment makes that forgotten. */
static void put_undone(struct deployment *deployment, const cJSON *configuration)
{
	struct smd_batch *batch = &deployment->save.batch;
	const char *name = smd_json_string(configuration, "configuration");
	double revision = (double)smd_json_number(configuration, "undone", 0);
	smd_cleanup(cJSON_Delete) cJSON *undone = NULL;

	if (revision <= 0) {
		smd_batch_delete(batch, "undone", name);
		return;
	}
	undone = cJSON_CreateObject();
	smd_json_put_number(undone, "revision", revision, &batch->err);
	smd_json_put_string(undone, "deployment", deployment->id, &batch->err);
	smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "undone", name, undone);
}

/* Add the state of one configuration that is in force from now on. */
static void put_deployed(struct deployment *deployment, const cJSON *configuration)
{
	struct smd_batch *batch = &deployment->save.batch;
	const char *name = smd_json_string(configuration, "configuration");
	const cJSON *to = smd_json_object(configuration, "to");
	smd_cleanup(cJSON_Delete) cJSON *last = cJSON_CreateObject();
	const char *id = smd_json_string(configuration, "undoes")
				 ? smd_json_string(configuration, "returns-to")
				 : deployment->id;

	if (to)
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "deployed", name, to);
	else
		smd_batch_delete(batch, "deployed", name);
	if (id) {
		smd_json_put_string(last, "deployment", id, &batch->err);
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "last", name, last);
	} else {
		smd_batch_delete(batch, "last", name);
	}
}

static void put_result(struct deployment *deployment)
{
	const cJSON *configuration;

	cJSON_ArrayForEach (configuration, smd_record_configurations(deployment->record)) {
		put_deployed(deployment, configuration);
		put_undone(deployment, configuration);
	}
	for (size_t i = 0; i < deployment->count; i++) {
		const struct smd_task *task = deployment->runs[i].task;

		smd_ledger_save(&task->before, &task->after, task->device, &deployment->save.batch);
		smd_absences_save(&task->absences, &task->removal.after, task->device,
				  &deployment->save.batch);
	}
}

/* Make the batch of the end. On the pool: a record can be large. */
static void make_end(void *arg)
{
	struct deployment *deployment = arg;
	struct smd_batch *batch = &deployment->save.batch;
	char key[SMD_STORE_KEY];

	finish_record(deployment, &batch->err);
	smd_deployment_key(deployment->id, NULL, key);
	smd_site_fence(deployment->site, batch);
	smd_batch_check(batch, SMD_NEED_REVISION, 1, "open", key);
	smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "deployment", key, deployment->record);
	if (deployment->outcome != SMD_OUTCOME_ATTENTION)
		smd_batch_delete(batch, "open", key);
	/* Until a deployment is closed, recovery needs what was in force before it */
	if (deployment->forward && deployment->outcome != SMD_OUTCOME_ATTENTION)
		put_result(deployment);
}

static void end_made(void *arg)
{
	struct deployment *deployment = arg;

	save(deployment, deployment->saved);
}

void save_end(struct deployment *deployment, void (*saved)(struct deployment *deployment))
{
	deployment->saved = saved;
	deployment->work = (struct smd_work){.work = make_end, .done = end_made, .arg = deployment};
	smd_loop_work(deployment->loop, &deployment->work);
}
