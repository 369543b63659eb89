/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery: deployments that a dead controller left open are completed or undone.
 *
 * The draft is made again from the snapshots that were taken before anything was sent, not from
 * what devices run now. The journal tells which devices something was sent to, and until when
 * they may act on it. Then the devices are read and brought to the old state or, if the decision
 * to go forward is on record, to the new one.
 */
#include <stdio.h>
#include <string.h>

#include "core/deploy/damage.h"
#include "core/plan/plan.h"
#include "core/site/snapshot.h"

/* Rebuilding the draft */

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

/* The transition of one configuration of the record. */
static int old_transition(const cJSON *entry, struct smd_transition **out)
{
	smd_cleanup(smd_transition_free) struct smd_transition *transition =
		calloc(1, sizeof(*transition));
	const char *configuration = smd_json_string(entry, "configuration");
	const char *undoes = smd_json_string(entry, "undoes");
	const cJSON *from = smd_json_object(entry, "from");
	const cJSON *to = smd_json_object(entry, "to");

	if (!configuration)
		return SMD_E_IO;
	if (!transition)
		return SMD_E_NO_MEMORY;
	/* Both directions lead to a state on record, as a rollback does */
	transition->goal = SMD_GOAL_ROLL_BACK;
	transition->configuration = strdup(configuration);
	transition->undoes = undoes ? strdup(undoes) : NULL;
	transition->from = from ? cJSON_Duplicate(from, 1) : NULL;
	transition->to = to ? cJSON_Duplicate(to, 1) : NULL;
	transition->revision = smd_json_number(entry, "revision", 0);
	if (!transition->configuration || !undoes != !transition->undoes ||
	    !from != !transition->from || !to != !transition->to)
		return SMD_E_NO_MEMORY;
	*out = smd_take(transition);
	return 0;
}

static int old_transitions(cJSON *record, struct smd_transition ***out, size_t *count,
			   struct smd_error *error)
{
	const cJSON *configurations = smd_record_configurations(record), *entry;
	size_t most = (size_t)cJSON_GetArraySize(configurations);
	struct smd_transition **all = calloc(most + 1, sizeof(*all));
	int err = !all ? SMD_E_NO_MEMORY : most ? 0 : SMD_E_IO;

	*count = 0;
	cJSON_ArrayForEach (entry, configurations)
		if (!err)
			err = old_transition(entry, &all[(*count)++]);
	if (!err) {
		*out = all;
		return 0;
	}
	if (all)
		smd_transitions_free(all, *count);
	return smd_fail(error, err, "%s",
			err == SMD_E_NO_MEMORY ? "out of memory"
					       : "the deployment's record is damaged");
}

static cJSON *device_names(const cJSON *record, int *err)
{
	cJSON *names = cJSON_CreateArray();
	const cJSON *device;

	if (!names)
		*err = SMD_E_NO_MEMORY;
	cJSON_ArrayForEach (device, smd_json_array(record, "devices"))
		smd_json_append(names, cJSON_CreateString(smd_json_string(device, "name")), err);
	return names;
}

static int old_draft(struct smd_site *site, const char *id, cJSON *record, struct smd_draft **out,
		     struct smd_error *error)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *only = NULL;
	unsigned steps = (unsigned)smd_json_number(record, "steps", 0);
	struct smd_transition **transitions = NULL;
	size_t count = 0;
	int err = 0;

	if (!steps || steps > 2)
		return smd_fail(error, SMD_E_UNSUPPORTED,
				"another version of this program began the deployment; finish it "
				"with that one");
	only = device_names(record, &err);
	if (err)
		return smd_fail(error, err, "out of memory");
	err = old_transitions(record, &transitions, &count, error);
	if (!err)
		err = smd_draft_open(site, transitions, count, only, SMD_ACCESS_WRITE, &draft,
				     error);
	if (!err)
		err = compute_from_snapshot(draft, id, steps, error);
	if (!err)
		*out = smd_take(draft);
	return err;
}

/*
 * Read the decision that is on record. 1: forward; 0: back, or none. An error is returned as
 * such, never taken for "none".
 */
static int decided_forward(struct smd_site *site, const char *id, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	char key[SMD_STORE_KEY];
	int direction, err;

	smd_deployment_key(id, NULL, key);
	err = smd_store_thread_get(site->store_thread, "decision", key, &json, NULL, error);
	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
	direction = decided_direction(json);
	return direction >= 0 ? direction
			      : smd_fail(error, SMD_E_IO, "its direction is neither forward nor back");
}

static int store_epoch(struct smd_site *site, struct smd_error *error)
{
	struct smd_batch batch = {0};
	int err = smd_site_epoch(site, &batch, error);

	if (!err && batch.count)
		err = smd_store_thread_apply(site->store_thread, &batch, error);
	smd_batch_done(&batch);
	return err;
}

/* The sequence of phases that ends an open deployment. */
typedef void (*sequence_fn)(struct deployment *deployment);

static sequence_fn choose_sequence(struct deployment *deployment)
{
	if (deployment->accepted)
		return go_to_end;
	return deployment->forward ? go_forward : go_back;
}

/* Make the deployment again of what is on record. Nothing is written or sent. */
static int rebuild(struct deployment *deployment, struct smd_draft **draft, struct smd_error *error)
{
	struct smd_site *site = deployment->site;
	int err = decided_forward(site, deployment->id, error);

	deployment->forward = err > 0;
	if (err >= 0)
		err = old_draft(site, deployment->id, deployment->record, draft, error);
	if (err)
		return err;
	if (open_deployment(deployment, *draft))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	snprintf(deployment->tag, sizeof(deployment->tag), "%.8s-%s", site->id, deployment->id);
	err = read_journal(deployment, error);
	return err ? err : prepare_proof(deployment, error);
}

static int finish_deployment(struct deployment *deployment, struct smd_error *error)
{
	int err = deployment->accepted ? check_accept(deployment->record, error) : 0;

	if (!err)
		err = store_epoch(deployment->site, error);
	if (err)
		return err;
	/* What an earlier attempt has noted holds no longer */
	cJSON_DeleteItemFromObjectCaseSensitive(deployment->record, "damaged");
	cJSON_DeleteItemFromObjectCaseSensitive(deployment->record, "not-recovered");
	run_deployment(deployment, choose_sequence(deployment));
	err = deployment_result(deployment, error);
	return err == SMD_E_ROLLED_BACK ? 0 : err;
}

static int recover(struct deployment *deployment, struct smd_error *error)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	struct smd_error why = {0};
	char key[SMD_STORE_KEY];
	int err;

	smd_deployment_key(deployment->id, NULL, key);
	err = read_record(deployment->site, key, &deployment->record, error);
	if (err < 0)
		return err;
	if (!err)
		err = rebuild(deployment, &draft, &why);
	if (err < 0 && !why.code) /* memory is short, deep below */
		smd_fail(&why, err, "%s", smd_err_name(err));
	err = err ? settle_unrecoverable(deployment, &why, error)
		  : finish_deployment(deployment, error);
	close_deployment(deployment);
	return err;
}

int smd_deployment_recover(struct smd_site *site, const char *id,
			   const struct smd_recovery *recovery, const struct smd_listener *listener,
			   struct smd_error *error)
{
	struct deployment deployment = {
		.site = site,
		.principal = recovery->principal,
		.accepted = recovery->accept,
		.recovering = 1,
		.begun = 1,
		.listener = listener,
	};
	struct smd_error own;
	int err;

	error = error ? error : &own;
	snprintf(deployment.id, sizeof(deployment.id), "%s", id);
	err = recover(&deployment, error);
	if (err)
		smd_error_prefix(error, "deployment %s cannot be recovered", id);
	return err;
}
