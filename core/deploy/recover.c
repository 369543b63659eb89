/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery: deployments that a dead controller left open are completed or rolled back.
 *
 * The draft is rebuilt from the snapshots that were taken before anything was sent, not from
 * what devices run now. Then the devices are read and brought to the old state or, if the
 * decision to go forward was stored, to the new one.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/deploy/device_run.h"
#include "core/site/snapshot.h"
#include "core/tree/own.h"

/* Ids of open deployments */

struct ids {
	char (*ids)[SMD_DEPLOYMENT_ID];
	size_t count;
};

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct ids *ids = arg;
	char(*more)[SMD_DEPLOYMENT_ID] = reallocarray(ids->ids, ids->count + 1, sizeof(*ids->ids));

	(void)value;
	(void)size;
	(void)revision;
	if (!more)
		return SMD_E_NO_MEMORY;
	ids->ids = more;
	snprintf(ids->ids[ids->count++], SMD_DEPLOYMENT_ID, "%s", key);
	return 0;
}

/* Rebuilding the draft */

/* Make the transition of one configuration of the record. */
static int old_transition(const cJSON *entry, struct smd_transition **out)
{
	struct smd_transition *transition = calloc(1, sizeof(*transition));
	const char *undoes = smd_json_string(entry, "undoes");
	const cJSON *from = smd_json_object(entry, "from");
	const cJSON *to = smd_json_object(entry, "to");
	const char *configuration = smd_json_string(entry, "configuration");

	if (!transition || !configuration) {
		free(transition);
		return SMD_E_IO;
	}
	/* Both directions lead to a state on record, as a rollback does */
	transition->goal = SMD_GOAL_ROLL_BACK;
	transition->configuration = strdup(configuration);
	transition->undoes = undoes ? strdup(undoes) : NULL;
	transition->from = from ? cJSON_Duplicate(from, 1) : NULL;
	transition->to = to ? cJSON_Duplicate(to, 1) : NULL;
	transition->revision = smd_json_number(entry, "revision", 0);
	*out = transition;
	return 0;
}

static int old_transitions(cJSON *record, struct smd_transition ***out, size_t *count,
			   struct smd_error *error)
{
	const cJSON *configurations = smd_record_configurations(record), *entry;
	size_t most = (size_t)cJSON_GetArraySize(configurations);
	struct smd_transition **all = calloc(most + 1, sizeof(*all));
	int err = all && most ? 0 : SMD_E_IO;

	*count = 0;
	cJSON_ArrayForEach (entry, configurations)
		if (!err)
			err = old_transition(entry, &all[(*count)++]);
	if (!err) {
		*out = all;
		return 0;
	}
	smd_transitions_free(all, *count);
	return smd_fail(error, err, "the deployment's record is damaged");
}

static int compute_from_snapshot(struct smd_draft *draft, const char *id, unsigned steps,
				 struct smd_error *error)
{
	int err = 0;

	draft->steps = steps;
	for (size_t i = 0; i < draft->count && !err; i++) {
		struct smd_task *task = &draft->tasks[i];

		err = smd_snapshot_read(draft->site, id, draft->fetches[i].remote, &task->native,
					error);
		if (!err)
			err = smd_task_compute(task, error);
		if (!err && steps == 2)
			err = smd_task_split(task, error);
	}
	return err;
}

static cJSON *device_names(const cJSON *record)
{
	cJSON *names = cJSON_CreateArray();
	const cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(record, "devices"))
		cJSON_AddItemToArray(names, cJSON_CreateString(smd_json_string(device, "name")));
	return names;
}

static int old_draft(struct smd_site *site, const char *id, cJSON *record, struct smd_draft **out,
		     struct smd_error *error)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *only = device_names(record);
	unsigned steps = (unsigned)smd_json_number(record, "steps", 0);
	struct smd_transition **transitions;
	size_t count;
	int err;

	if (!steps)
		return smd_fail(error, SMD_E_UNSUPPORTED,
				"another version of this program began the deployment; finish it "
				"with that one");
	err = old_transitions(record, &transitions, &count, error);
	if (!err)
		err = smd_draft_open(site, transitions, count, only, &draft, error);
	if (!err)
		err = compute_from_snapshot(draft, id, steps, error);
	if (!err)
		*out = smd_take(draft);
	return err;
}

/* Forward */

static const struct smd_tree *as_intended(const struct device_run *run)
{
	return run->task->target;
}

static const struct smd_tree *after_first_step(const struct device_run *run)
{
	return run->task->steps[0].to;
}

static void converge_forward(struct deployment *deployment)
{
	converge(deployment, "recover", as_intended, go_forward);
}

static void first_step_made(struct deployment *deployment)
{
	/* Without the second step; the deployment ends as "attention" */
	if (needs_attention(deployment))
		go_forward(deployment);
	else
		converge_forward(deployment);
}

static void go_to_intended(struct deployment *deployment)
{
	deployment->forward = 1;
	if (deployment->draft->steps == 2)
		converge(deployment, "recover", after_first_step, first_step_made);
	else
		converge_forward(deployment);
}

/*
 * State of a pass over a dead controller's journal, which finds out how long each device may
 * still act on what was sent.
 */

struct journal_reader {
	struct deployment *deployment;
	unsigned last; /* number of the last entry read */
};

static struct device_run *run_of(struct deployment *deployment, const char *device)
{
	for (size_t i = 0; device && i < deployment->count; i++)
		if (!strcmp(deployment->runs[i].task->device, device))
			return &deployment->runs[i];
	return NULL;
}

static void take_entry(struct device_run *run, const cJSON *entry, unsigned number)
{
	int64_t until = smd_json_number(entry, "until-ms", 0);
	int64_t quiesce_ms = smd_json_number(entry, "quiesce-ms", 0);
	int64_t answers = smd_json_number(entry, "answers", 0);
	struct timespec now;
	int64_t left;

	if (answers) {
		if ((unsigned)answers >= run->entry)
			run->quiesce_until = 0;
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	left = until - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	/* The sender is dead, so it is never longer than quiesce_ms from now */
	left = left > quiesce_ms ? quiesce_ms : left;
	run->entry = number;
	run->quiesce_until = left > 0 ? uv_hrtime() + (uint64_t)left * 1000000 : 0;
}

static int on_entry(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct journal_reader *reader = arg;
	smd_cleanup(cJSON_Delete) cJSON *entry = NULL;
	struct device_run *run;

	(void)revision;
	reader->last = (unsigned)strtoul(strrchr(key, ' ') + 1, NULL, 10);
	if (smd_json_parse(value, size, key, &entry, NULL))
		return 0;
	run = run_of(reader->deployment, smd_json_string(entry, "device"));
	if (run)
		take_entry(run, entry, reader->last);
	return 0;
}

static int read_journal(struct deployment *deployment, struct smd_error *error)
{
	struct journal_reader reader = {.deployment = deployment};
	char prefix[SMD_DEPLOYMENT_ID + 2];
	int err;

	snprintf(prefix, sizeof(prefix), "%s ", deployment->id);
	err = smd_store_thread_each(deployment->site->store_thread, "journal", prefix, on_entry,
				    &reader, error);
	atomic_store(&deployment->entries, reader.last + 1);
	return err;
}

/*
 * Read the stored decision. 1: forward; 0: back or none. An error is returned as such, never
 * taken for "none".
 */
static int decided_forward(struct smd_site *site, const char *id, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	const char *direction;
	int err = smd_store_thread_get(site->store_thread, "decision", id, &json, NULL, error);

	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
	direction = smd_json_string(json, "direction");
	return direction && !strcmp(direction, "forward");
}

static int finish_deployment(struct smd_site *site, struct smd_draft *draft, cJSON *record_take,
			     const char *id, const struct smd_listener *listener,
			     struct smd_error *error)
{
	struct deployment deployment = {
		.record = record_take, .principal = "recovery", .listener = listener};
	int err = open_deployment(&deployment, draft);

	if (err) {
		cJSON_Delete(record_take);
		return smd_fail(error, err, "out of memory");
	}
	snprintf(deployment.id, sizeof(deployment.id), "%s", id);
	/* Not known after a crash, so assume both */
	for (size_t i = 0; i < deployment.count; i++)
		deployment.runs[i].touched = deployment.runs[i].prepared = 1;
	err = read_journal(&deployment, error);
	if (!err)
		err = decided_forward(site, id, error);
	if (err >= 0) {
		run_deployment(&deployment, err ? go_to_intended : go_back);
		err = deployment_result(&deployment, error);
	}
	close_deployment(&deployment);
	return err == SMD_E_ROLLED_BACK ? 0 : err;
}

static int needs_somebody(const cJSON *record)
{
	const char *outcome = smd_json_string(record, "outcome");

	return outcome && !strcmp(outcome, smd_outcome_name(SMD_OUTCOME_ATTENTION));
}

static int recover_one(struct smd_site *site, const char *id, int all,
		       const struct smd_listener *listener, struct smd_error *error)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	int err = smd_store_thread_get(site->store_thread, "deployment", id, &record, NULL, error);

	if (!err && !all && needs_somebody(record))
		return 0;
	if (!err)
		err = old_draft(site, id, record, &draft, error);
	if (!err)
		err = finish_deployment(site, draft, smd_take(record), id, listener, error);
	if (err)
		smd_error_prefix(error, "deployment %s cannot be recovered", id);
	return err;
}

int smd_deployment_recover(struct smd_site *site, int all, const struct smd_listener *listener,
			   size_t *count, struct smd_error *error)
{
	struct ids ids = {0};
	int worst = smd_store_thread_each(site->store_thread, "open", "", on_open, &ids, error);

	for (size_t i = 0; i < ids.count; i++) {
		struct smd_error one = {0};
		int err = recover_one(site, ids.ids[i], all, listener, &one);

		if (err && error)
			*error = one;
		worst = err ? err : worst;
	}
	*count = ids.count;
	free(ids.ids);
	return worst;
}

/* Holding */

/*
 * Does the device take part in the deployment? Judged by its snapshot, since the record itself
 * may be damaged.
 */
static int held_by(struct smd_site *site, const char *id, const char *device,
		   struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *snapshot = NULL;
	char key[SMD_STORE_KEY];

	snprintf(key, sizeof(key), "%s %s", id, device);
	if (smd_store_thread_get(site->store_thread, "snapshot", key, &snapshot, NULL, NULL) ==
	    SMD_E_NOT_FOUND)
		return 0;
	smd_fail(error, SMD_E_BUSY, "held by deployment %s, which needs attention", id);
	smd_error_device(error, device);
	smd_error_hint(error, "`sdctl status %s` says why; then run `sdctl recover`", id);
	return SMD_E_BUSY;
}

int smd_deployment_check_held(struct smd_site *site, const char *device, struct smd_error *error)
{
	struct ids ids = {0};
	int err = smd_store_thread_each(site->store_thread, "open", "", on_open, &ids, error);

	for (size_t i = 0; i < ids.count && !err; i++)
		err = held_by(site, ids.ids[i], device, error);
	free(ids.ids);
	return err;
}
