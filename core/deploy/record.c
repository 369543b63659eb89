/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records that a deployment writes, by table and key:
 *
 * deployment ID                         the deployment's record, which users see
 * open ID                               present while the deployment is under way; recovery
 *                                       starts from it
 * plan ID                               mark "applied", with the deployment's id
 * snapshot ID DEVICE                    the device's configuration before, in native text
 * journal ID NUMBER                     what is about to be sent (law 7)
 * decision ID                           "forward" or "back"
 * deployed NAME, last NAME, ledger ...  written together with the outcome
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/hash.h"
#include "core/deploy/device_run.h"
#include "core/plan/plan.h"

const char *smd_outcome_name(enum smd_outcome outcome)
{
	static const char *const names[] = {"running", "done", "rolled-back", "attention"};

	return names[outcome];
}

static void add_time(const struct deployment *deployment, cJSON *json, const char *name)
{
	char now[SMD_TIME_TEXT];

	smd_time_text(deployment->site->clock, now);
	cJSON_AddStringToObject(json, name, now);
}

/*
 * Id of the deployment that produced the configuration's present state; NULL: none. The caller
 * frees it.
 */
static char *last_deployment(const struct deployment *deployment, const char *configuration)
{
	smd_cleanup(cJSON_Delete) cJSON *last = NULL;
	const char *id = NULL;

	if (!smd_store_thread_get(deployment->site->store_thread, "last", configuration, &last,
				  NULL, NULL))
		id = smd_json_string(last, "deployment");
	return id ? strdup(id) : NULL;
}

static cJSON *or_null(cJSON *json)
{
	return json ? json : cJSON_CreateNull();
}

/* What the record says of one configuration; see smd_record_configurations(). */
static int add_configuration(const struct deployment *deployment,
			     const struct smd_transition *transition, cJSON *list)
{
	smd_cleanup(free) char *previous = last_deployment(deployment, transition->configuration);
	cJSON *json = cJSON_CreateObject();
	cJSON *to = NULL;

	if (smd_draft_record(deployment->draft, transition, deployment->id, &to) || !json) {
		cJSON_Delete(json);
		return SMD_E_NO_MEMORY;
	}
	cJSON_AddStringToObject(json, "configuration", transition->configuration);
	cJSON_AddStringToObject(json, "goal", smd_goal_name(transition->goal));
	cJSON_AddNumberToObject(json, "revision", (double)transition->revision);
	if (transition->undoes)
		cJSON_AddStringToObject(json, "undoes", transition->undoes);
	if (transition->returns_to)
		cJSON_AddStringToObject(json, "returns-to", transition->returns_to);
	if (previous)
		cJSON_AddStringToObject(json, "previous", previous);
	cJSON_AddItemToObject(
		json, "from",
		or_null(transition->from ? cJSON_Duplicate(transition->from, 1) : NULL));
	cJSON_AddItemToObject(json, "to", or_null(to));
	return cJSON_AddItemToArray(list, json) ? 0 : SMD_E_NO_MEMORY;
}

int make_record(struct deployment *deployment, struct smd_error *error)
{
	const struct smd_draft *draft = deployment->draft;
	cJSON *record = deployment->record = cJSON_CreateObject();
	cJSON *configurations, *devices;
	int err = record ? 0 : SMD_E_NO_MEMORY;

	cJSON_AddStringToObject(record, "id", deployment->id);
	cJSON_AddStringToObject(record, "plan", smd_json_string(deployment->plan, "id"));
	cJSON_AddStringToObject(record, "principal", deployment->principal);
	configurations = cJSON_AddArrayToObject(record, "configurations");
	for (size_t i = 0; i < draft->transition_count && !err; i++)
		err = add_configuration(deployment, draft->transitions[i], configurations);
	if (err)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_AddNumberToObject(record, "steps", draft->steps);
	devices = cJSON_AddArrayToObject(record, "devices");
	for (size_t i = 0; i < deployment->count; i++) {
		cJSON *device = cJSON_CreateObject();

		cJSON_AddStringToObject(device, "name", deployment->runs[i].task->device);
		cJSON_AddStringToObject(device, "outcome", "running");
		cJSON_AddItemToArray(devices, device);
	}
	cJSON_AddStringToObject(record, "outcome", "running");
	add_time(deployment, record, "started");
	return 0;
}

/* Writing, and what follows it */

static void was_saved(struct smd_save *save)
{
	struct deployment *deployment = save->arg;

	if (!save->err) {
		deployment->next(deployment);
		return;
	}
	smd_error_prefix(&save->error, "the store cannot be written");
	record_first_failure(deployment, &save->error);
	deployment->otherwise(deployment);
}

static void save(struct deployment *deployment, phase_fn next, phase_fn otherwise)
{
	deployment->next = next;
	deployment->otherwise = otherwise;
	deployment->save.reply = deployment->loop;
	deployment->save.done = was_saved;
	deployment->save.arg = deployment;
	smd_store_thread_save(deployment->site->store_thread, &deployment->save);
}

static void put_snapshot(struct deployment *deployment, const struct device_run *run)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	smd_cleanup(free) char *native = smd_text_join(run->task->native);
	char key[SMD_STORE_KEY];

	if (!native ||
	    !cJSON_AddItemToObject(json, "native",
				   smd_json_bytes(native, smd_text_size(run->task->native))))
		deployment->save.batch.err = SMD_E_NO_MEMORY;
	smd_remote_note_driver(run->remote, json);
	snprintf(key, sizeof(key), "%s %s", deployment->id, run->task->device);
	smd_batch_put_json(&deployment->save.batch, SMD_NEED_ABSENT, 0, "snapshot", key, json);
}

static void put_plan(struct deployment *deployment)
{
	const char *id = smd_json_string(deployment->plan, "id");
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "deployment", deployment->id);
	smd_batch_put_json(&deployment->save.batch, SMD_NEED_ABSENT, 0, "applied", id, json);
}

void save_begin(struct deployment *deployment, phase_fn next, phase_fn otherwise)
{
	struct smd_batch *batch = &deployment->save.batch;

	smd_batch_put_json(batch, SMD_NEED_ABSENT, 0, "deployment", deployment->id,
			   deployment->record);
	smd_batch_put(batch, SMD_NEED_ABSENT, 0, "open", deployment->id, "{}", 2);
	put_plan(deployment);
	for (size_t i = 0; i < deployment->count; i++)
		put_snapshot(deployment, &deployment->runs[i]);
	save(deployment, next, otherwise);
}

void save_decision(struct deployment *deployment, const char *direction, phase_fn next,
		   phase_fn otherwise)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "direction", direction);
	add_time(deployment, json, "at");
	smd_batch_put_json(&deployment->save.batch, SMD_NEED_NOTHING, 0, "decision", deployment->id,
			   json);
	save(deployment, next, otherwise);
}

static const char *device_outcome(const struct deployment *deployment, const struct device_run *run)
{
	if (run->attention)
		return "attention";
	if (deployment->outcome == SMD_OUTCOME_DONE)
		return "done";
	return run->touched ? "rolled-back" : "untouched";
}

/*
 * Set a member of the record. The member may exist already: recovery ends a deployment a second
 * time when it needed attention.
 */
static void set_item(cJSON *json, const char *name, cJSON *item_take)
{
	cJSON_DeleteItemFromObjectCaseSensitive(json, name);
	cJSON_AddItemToObject(json, name, item_take);
}

static void finish_record(struct deployment *deployment)
{
	cJSON *record = deployment->record;
	cJSON *devices = smd_json_array(record, "devices");

	for (size_t i = 0; i < deployment->count; i++) {
		const struct device_run *run = &deployment->runs[i];
		cJSON *device = cJSON_GetArrayItem(devices, (int)i);

		set_item(device, "outcome", cJSON_CreateString(device_outcome(deployment, run)));
		cJSON_DeleteItemFromObjectCaseSensitive(device, "error");
		cJSON_DeleteItemFromObjectCaseSensitive(device, "also-differs");
		if (run->err)
			cJSON_AddStringToObject(device, "error", run->error.message);
		if (run->task->snapshot[0] && deployment->outcome == SMD_OUTCOME_DONE)
			set_item(device, "snapshot", cJSON_CreateString(run->task->snapshot));
		if (run->note[0])
			cJSON_AddStringToObject(device, "also-differs", run->note);
	}
	set_item(record, "outcome", cJSON_CreateString(smd_outcome_name(deployment->outcome)));
	if (deployment->failed) {
		set_item(record, "error", cJSON_CreateString(deployment->error.message));
		set_item(record, "error-device", cJSON_CreateString(deployment->error.device));
		set_item(record, "error-where", cJSON_CreateString(deployment->error.where));
	}
	if (deployment->rollback_unproven)
		set_item(record, "rollback-not-proven",
			 cJSON_CreateString(deployment->rollback_proof_error.message));
	if (deployment->evidence)
		set_item(record, "proof", cJSON_Duplicate(deployment->evidence, 1));
	cJSON_DeleteItemFromObjectCaseSensitive(record, "ended");
	add_time(deployment, record, "ended");
}

/* Add the new deployed state of one configuration to the batch. */
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
		cJSON_AddStringToObject(last, "deployment", id);
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "last", name, last);
	} else {
		smd_batch_delete(batch, "last", name);
	}
}

/* Add the new deployed state and the ledgers to the batch. */
static void put_result(struct deployment *deployment)
{
	struct smd_batch *batch = &deployment->save.batch;
	const cJSON *configuration;

	cJSON_ArrayForEach (configuration, smd_record_configurations(deployment->record))
		put_deployed(deployment, configuration);
	for (size_t i = 0; i < deployment->count; i++) {
		const struct smd_task *task = deployment->runs[i].task;

		smd_ledger_save(&task->before, &task->after, task->device, batch);
	}
}

void save_end(struct deployment *deployment, phase_fn next, phase_fn otherwise)
{
	struct smd_batch *batch = &deployment->save.batch;

	finish_record(deployment);
	smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "deployment", deployment->id,
			   deployment->record);
	if (deployment->outcome != SMD_OUTCOME_ATTENTION)
		smd_batch_delete(batch, "open", deployment->id);
	if (deployment->outcome == SMD_OUTCOME_DONE)
		put_result(deployment);
	save(deployment, next, otherwise);
}

/*
 * The journal
 *
 * One entry is written before exchanges are sent: what is sent and until when the device may
 * act on it. A second entry is written when the answer has come. From both, recovery knows how
 * long to wait before a reading of the device can be relied on.
 */

/*
 * How long the device may act on exchanges that are about to be sent, in milliseconds. `all`:
 * when all of them are sent, each after the answer to the one before. `one`: after the last one
 * sent, when the controller dies or the connection is lost.
 */
struct allowance {
	uint64_t all, one;
};

static struct allowance allowance_of(const struct device_run *run,
				     const struct smd_exchange *exchanges, size_t count)
{
	const struct smd_session_profile *profile = run->remote->spec.profile;
	uint64_t ahead = profile->window > 1 ? profile->window : 1;
	struct allowance allowance = {0};

	for (size_t i = 0; i < count; i++) {
		uint64_t deadline = exchanges[i].deadline ? exchanges[i].deadline
				    : profile->deadline   ? profile->deadline
							  : 30000;

		allowance.all += deadline;
		if (deadline * ahead > allowance.one)
			allowance.one = deadline * ahead;
	}
	return allowance;
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * SHA-256 of the lines to be sent. The journal holds it instead of the lines, for these can
 * contain secrets.
 */
static int digest_of(const struct smd_exchange *exchanges, size_t count, char out[SMD_SHA256_HEX])
{
	struct smd_text *text = NULL;
	smd_cleanup(free) char *joined = NULL;
	int err = smd_text_new(&text, 0);

	for (size_t i = 0; i < count && !err; i++)
		err = smd_text_line(text, exchanges[i].send);
	joined = err ? NULL : smd_text_join(text);
	smd_text_free(text);
	return joined ? smd_sha256_hex(joined, strlen(joined), out) : SMD_E_NO_MEMORY;
}

static void entry(struct device_run *run, const struct smd_exchange *exchanges, size_t count,
		  const struct allowance *allowance)
{
	struct deployment *deployment = run->deployment;
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	char digest[SMD_SHA256_HEX] = "", key[SMD_STORE_KEY];

	if (digest_of(exchanges, count, digest))
		run->save.batch.err = SMD_E_NO_MEMORY;
	run->entry = atomic_fetch_add(&deployment->entries, 1);
	cJSON_AddStringToObject(json, "device", run->task->device);
	cJSON_AddStringToObject(json, "phase", deployment->phase);
	cJSON_AddStringToObject(json, "stage", run->stage);
	cJSON_AddNumberToObject(json, "step", deployment->step);
	cJSON_AddNumberToObject(json, "exchanges", (double)count);
	cJSON_AddStringToObject(json, "sha256", digest);
	cJSON_AddNumberToObject(json, "until-ms", (double)(clock_ms() + (int64_t)allowance->all));
	cJSON_AddNumberToObject(json, "quiesce-ms", (double)allowance->one);
	add_time(deployment, json, "at");
	snprintf(key, sizeof(key), "%s %08u", deployment->id, run->entry);
	smd_batch_put_json(&run->save.batch, SMD_NEED_NOTHING, 0, "journal", key, json);
}

static void was_recorded(struct smd_save *save)
{
	struct device_run *run = save->arg;

	smd_job_recorded(&run->job, save->err, &save->error);
}

/*
 * Write the journal entries of one action: one entry for a payload that acts as a whole, one a
 * line where each line acts at once. All entries are one write.
 */
void record_exchanges(struct smd_recorder *recorder, struct smd_job *job,
		      const struct smd_exchange *exchanges, size_t count)
{
	struct device_run *run =
		(struct device_run *)((char *)recorder - offsetof(struct device_run, recorder));
	const struct smd_facts *facts = job->run.facts;
	int whole = facts->atomic || facts->candidate != SMD_CANDIDATE_NONE;
	struct allowance allowance = allowance_of(run, exchanges, count);

	run->touched = run->sent = 1;
	run->quiesce_ms = allowance.one;
	if (whole)
		entry(run, exchanges, count, &allowance);
	for (size_t i = 0; i < count && !whole; i++)
		entry(run, &exchanges[i], 1, &allowance);
	run->save.reply = smd_session_loop(run->remote->session);
	run->save.done = was_recorded;
	run->save.arg = run;
	smd_store_thread_save(run->deployment->site->store_thread, &run->save);
}

static void answer_saved(struct smd_save *save)
{
	struct device_run *run = save->arg;

	run->answering = 0;
}

void save_answer(struct device_run *run)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	char key[SMD_STORE_KEY];

	if (run->answering) /* Best effort: without this entry recovery only waits longer. */
		return;
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "device", run->task->device);
	cJSON_AddNumberToObject(json, "answers", run->entry);
	add_time(run->deployment, json, "at");
	snprintf(key, sizeof(key), "%s %08u", run->deployment->id,
		 atomic_fetch_add(&run->deployment->entries, 1));
	smd_batch_put_json(&run->answer.batch, SMD_NEED_NOTHING, 0, "journal", key, json);
	run->answering = 1;
	run->answer.reply = run->deployment->loop;
	run->answer.done = answer_saved;
	run->answer.arg = run;
	smd_store_thread_save(run->deployment->site->store_thread, &run->answer);
}
