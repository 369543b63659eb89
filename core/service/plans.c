/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/deploy/proof.h"
#include "core/plan/plan.h"
#include "core/plan/slice.h"
#include "core/service/methods.h"
#include "core/tree/json.h"
#include "core/tree/own.h"

/* Move the members of `from_take` to the call's result and free it. */
static void give_result(struct smd_call *call, cJSON *from_take)
{
	cJSON *member;

	while ((member = from_take->child)) {
		cJSON_DetachItemViaPointer(from_take, member);
		cJSON_AddItemToObject(call->result, member->string, member);
	}
	cJSON_Delete(from_take);
}

static int store_plan(struct smd_call *call, const cJSON *plan)
{
	struct smd_batch batch = {0};

	smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "plan", smd_json_string(plan, "id"), plan);
	return smd_store_thread_apply(call->site->store_thread, &batch, call->error);
}

/* Make a draft; SMD_E_BUSY if a device takes part in a deployment that is still open. */
static int make_draft(struct smd_call *call, struct smd_transition **transitions_take, size_t count,
		      const cJSON *only, struct smd_draft **draft)
{
	int err = smd_draft_make(call->site, transitions_take, count, only, draft, call->error);

	for (size_t i = 0; !err && i < (*draft)->count; i++)
		err = smd_deployment_check_held(call->site, (*draft)->tasks[i].device, call->error);
	return err;
}

/* Make the draft and the plan of transitions, and store the plan. */
static int plan_transitions(struct smd_call *call, struct smd_transition **transitions_take,
			    size_t count, struct smd_draft **draft, cJSON **plan)
{
	int err = make_draft(call, transitions_take, count, NULL, draft);

	if (!err)
		err = smd_plan_write(*draft, plan, call->error);
	return err ? err : store_plan(call, *plan);
}

int smd_plan_make(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	const char *name = smd_call_need(call, "name");
	struct smd_transition **transitions;
	cJSON *plan = NULL;
	int err;

	if (!name)
		return SMD_E_INVALID;
	err = smd_transition_deploy_all(call->site, &name, 1, &transitions, call->error);
	if (!err)
		err = plan_transitions(call, transitions, 1, &draft, &plan);
	if (err)
		cJSON_Delete(plan);
	else
		give_result(call, plan);
	return err;
}

/* Applying plans */

static int execute(struct smd_call *call, struct smd_draft *draft, const cJSON *plan)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	char id[SMD_DEPLOYMENT_ID] = "";
	int err =
		smd_deployment_run(draft, plan, call->principal, &call->listener, id, call->error);

	cJSON_AddStringToObject(call->result, "deployment", id);
	if (!smd_store_thread_get(call->site->store_thread, "deployment", id, &record, NULL, NULL))
		cJSON_AddItemToObject(call->result, "record", smd_take(record));
	return err;
}

static cJSON *devices_of(const cJSON *plan)
{
	cJSON *names = cJSON_CreateArray();
	const cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(plan, "devices")) {
		const char *name = smd_json_string(device, "name");

		if (name)
			cJSON_AddItemToArray(names, cJSON_CreateString(name));
	}
	return names;
}

/* Check that the plan was made with this store and was not applied yet. */
static int check_issued(struct smd_call *call, const cJSON *plan)
{
	smd_cleanup(cJSON_Delete) cJSON *stored = NULL;
	smd_cleanup(cJSON_Delete) cJSON *applied = NULL;
	const char *id = smd_json_string(plan, "id");

	if (smd_store_thread_get(call->site->store_thread, "plan", id, &stored, NULL, NULL)) {
		smd_fail(call->error, SMD_E_UNTRUSTED, "this plan was not issued here");
		smd_error_hint(call->error, "make a new one with `sdctl plan`");
		return SMD_E_UNTRUSTED;
	}
	if (smd_store_thread_get(call->site->store_thread, "applied", id, &applied, NULL, NULL))
		return 0;
	smd_fail(call->error, SMD_E_CONFLICT, "the plan was applied already, by deployment %s",
		 smd_json_string(applied, "deployment"));
	smd_error_hint(call->error, "a plan applies once; make a new one with `sdctl plan`");
	return SMD_E_CONFLICT;
}

static int deploy_again(struct smd_call *call, const cJSON *configurations,
			struct smd_transition ***transitions, size_t *count)
{
	size_t most = (size_t)cJSON_GetArraySize(configurations);
	smd_cleanup(free) const char **names = calloc(most + 1, sizeof(*names));
	const cJSON *one;

	if (!names)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	*count = 0;
	cJSON_ArrayForEach (one, configurations) {
		const char *name = smd_json_string(one, "configuration");

		names[(*count)++] = name ? name : "";
	}
	return smd_transition_deploy_all(call->site, names, *count, transitions, call->error);
}

/* Make the transitions of which the plan was made. */
static int same_transitions(struct smd_call *call, const cJSON *plan,
			    struct smd_transition ***transitions, size_t *count)
{
	const cJSON *configurations = smd_json_array(plan, "configurations");
	const char *undoes = smd_json_string(cJSON_GetArrayItem(configurations, 0), "undoes");

	if (undoes)
		return smd_transition_roll_back(call->site, undoes, transitions, count,
						call->error);
	return deploy_again(call, configurations, transitions, count);
}

/* Turn SMD_E_UNREACHABLE into SMD_E_ROLLED_BACK: nothing was sent, so everything is as before. */
static int not_begun(struct smd_call *call, int err)
{
	if (err != SMD_E_UNREACHABLE)
		return err;
	smd_error_prefix(call->error, "given up before anything was sent");
	call->error->code = SMD_E_ROLLED_BACK;
	return SMD_E_ROLLED_BACK;
}

static int read_plan(struct smd_call *call, cJSON **plan)
{
	const char *text = smd_json_string(call->request, "text");
	const char *what = smd_json_string(call->request, "what");
	int err;

	if (!text)
		return smd_fail(call->error, SMD_E_INVALID, "the request lacks \"text\"");
	err = smd_json_parse(text, strlen(text), what ? what : "plan", plan, call->error);
	if (err) {
		smd_error_prefix(call->error, "this is no plan, or not the whole of it");
		smd_error_hint(call->error, "give the file that `sdctl plan NAME -o FILE` wrote");
	}
	return err;
}

int smd_plan_apply(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *only = NULL;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	struct smd_transition **transitions;
	size_t count;
	int err = read_plan(call, &plan);

	if (!err)
		err = smd_plan_check(call->site, plan, call->error);
	if (!err)
		err = check_issued(call, plan);
	if (!err)
		err = same_transitions(call, plan, &transitions, &count);
	if (err)
		return err;
	only = devices_of(plan);
	err = make_draft(call, transitions, count, only, &draft);
	if (err)
		return not_begun(call, err);
	err = smd_plan_compare(plan, draft, call->error);
	return err ? err : execute(call, draft, plan);
}

static int is_rollback(cJSON *record)
{
	const cJSON *configurations = smd_record_configurations(record);

	return smd_json_string(cJSON_GetArrayItem(configurations, 0), "undoes") != NULL;
}

/* Find the newest of all deployments, for `rollback last`. */
static int on_deployment(void *arg, const char *key, const void *value, size_t size,
			 uint64_t revision)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	char *last = arg;

	(void)revision;
	if (smd_json_parse(value, size, key, &record, NULL))
		return 0;
	if (smd_json_string(record, "outcome") && !is_rollback(record) &&
	    !strcmp(smd_json_string(record, "outcome"), "done"))
		snprintf(last, SMD_DEPLOYMENT_ID, "%s", key);
	return 0;
}

static int find_last(struct smd_call *call, char last[SMD_DEPLOYMENT_ID])
{
	int err = smd_store_thread_each(call->site->store_thread, "deployment", "", on_deployment,
					last, call->error);

	if (err || *last)
		return err;
	smd_fail(call->error, SMD_E_NOT_FOUND, "there is no deployment that could be rolled back");
	smd_error_hint(call->error, "`sdctl history` shows all that there are");
	return SMD_E_NOT_FOUND;
}

/* Remove devices that have nothing to do from the draft. */
static void drop_idle(struct smd_draft *draft)
{
	size_t kept = 0;

	for (size_t i = 0; i < draft->count; i++) {
		if (smd_task_idle(&draft->tasks[i])) {
			smd_task_done(&draft->tasks[i]);
			smd_remote_close(draft->fetches[i].remote, NULL);
			smd_fetch_jobs_done(&draft->fetches[i], 1);
			continue;
		}
		if (kept != i) {
			draft->tasks[kept] = draft->tasks[i];
			draft->fetches[kept] = draft->fetches[i];
		}
		kept++;
	}
	draft->count = kept;
}

int smd_deployment_roll_back(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	const char *id = smd_call_need(call, "id");
	char last[SMD_DEPLOYMENT_ID] = "";
	struct smd_transition **transitions;
	size_t count;
	int err;

	if (!id)
		return SMD_E_INVALID;
	if (!strcmp(id, "last")) {
		err = find_last(call, last);
		if (err)
			return err;
		id = last;
	}
	err = smd_transition_roll_back(call->site, id, &transitions, &count, call->error);
	if (err == SMD_E_NOT_FOUND)
		smd_error_hint(call->error, "`sdctl history` shows those that there are");
	if (!err)
		err = plan_transitions(call, transitions, count, &draft, &plan);
	if (err)
		return not_begun(call, err);
	drop_idle(draft);
	return execute(call, draft, plan);
}

/* Verifying: compare what devices run with the last deployment, and test traffic */

/*
 * fetch  The device's fetch; NULL: it could not be started, see `error`.
 */
struct verification {
	const char *device;
	struct smd_tree *slice;
	const struct smd_fetch_job *fetch;
	struct smd_error error;
	int differs;
	char where[SMD_ERROR_WHERE];
};

static int compare(struct smd_fetch_job *fetch, struct smd_error *error)
{
	struct verification *verification = fetch->arg;
	smd_cleanup(smd_tree_free) struct smd_tree *running = NULL;
	int err = smd_language_parse(&fetch->remote->language, fetch->native, &running, error);

	if (!err)
		verification->differs =
			smd_slice_missing(running, verification->slice, verification->where,
					  sizeof(verification->where));
	return err;
}

/* Prepare the fetch of a device. Returns 0 if that fails, see verification->error. */
static int begin_verification(struct smd_call *call, const cJSON *slice,
			      struct smd_fetch_job *fetch, struct verification *verification)
{
	int err;

	verification->device = slice->string;
	err = smd_tree_from_json(slice, &verification->slice, &verification->error);
	if (!err)
		err = smd_remote_open_device(call->site, slice->string, &fetch->remote,
					     &verification->error);
	if (err)
		return 0;
	fetch->work = compare;
	fetch->arg = verification;
	verification->fetch = fetch;
	return 1;
}

static void report_device(cJSON *list, const struct verification *verification,
			  const struct smd_error *error)
{
	cJSON *json = cJSON_CreateObject();
	const char *state = verification->differs ? "differs" : "ok";

	cJSON_AddStringToObject(json, "name", verification->device);
	cJSON_AddStringToObject(json, "state", error ? smd_err_name(error->code) : state);
	cJSON_AddStringToObject(json, "where", verification->where);
	if (error)
		cJSON_AddStringToObject(json, "error", error->message);
	cJSON_AddItemToArray(list, json);
}

static int fail_verification(struct smd_call *call, const struct verification *verification)
{
	smd_fail(call->error, SMD_E_DEVICE, "the device does not run what was deployed");
	smd_error_device(call->error, verification->device);
	smd_error_where(call->error, "%s", verification->where);
	smd_error_hint(call->error, "`sdctl plan` shows how to bring it back");
	return SMD_E_DEVICE;
}

/*
 * Add all devices to the result. The error is that of the first device that differs or could
 * not be read.
 */
static int report(struct smd_call *call, const struct verification *verifications, size_t count)
{
	cJSON *list = cJSON_AddArrayToObject(call->result, "devices");
	int err = 0;

	for (size_t i = 0; i < count; i++) {
		const struct verification *verification = &verifications[i];
		const struct smd_fetch_job *fetch = verification->fetch;
		const struct smd_error *error = NULL;

		if (!fetch)
			error = &verification->error;
		else if (fetch->err)
			error = &fetch->error;
		report_device(list, verification, error);
		if (err)
			continue;
		if (error) {
			err = error->code;
			*call->error = *error;
			smd_error_device(call->error, verification->device);
		} else if (verification->differs) {
			err = fail_verification(call, verification);
		}
	}
	return err;
}

static int verify_slices(struct smd_call *call, const cJSON *deployed)
{
	const cJSON *slices = smd_json_object(deployed, "slices"), *slice;
	size_t most = (size_t)cJSON_GetArraySize(slices) + 1, count = 0, open = 0;
	smd_cleanup(free) struct smd_fetch_job *fetches = calloc(most, sizeof(*fetches));
	smd_cleanup(free) struct verification *verifications = calloc(most, sizeof(*verifications));
	int err;

	if (!fetches || !verifications)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_ArrayForEach (slice, slices)
		open += (size_t)begin_verification(call, slice, &fetches[open],
						   &verifications[count++]);
	smd_fetch_all(fetches, open);
	err = report(call, verifications, count);
	for (size_t i = 0; i < count; i++)
		smd_tree_free(verifications[i].slice);
	for (size_t i = 0; i < open; i++)
		smd_remote_close(fetches[i].remote, NULL);
	smd_fetch_jobs_done(fetches, open);
	return err;
}

/* Without a baseline: a host that is silent now leaves its claims unproven. */
static int verify_by_traffic(struct smd_call *call, const char *name, const cJSON *deployed)
{
	smd_cleanup(smd_proof_free) struct smd_proof *proof = NULL;
	const struct smd_proof_entry entry = {.configuration = name, .after = deployed};
	int require = cJSON_IsTrue(cJSON_GetObjectItem(call->request, "require-proof"));
	cJSON *result = NULL;
	int err = smd_proof_new(call->site, &entry, 1, &proof, call->error);

	if (err)
		return err;
	smd_proof_run(proof, SMD_PROOF_AFTER);
	err = smd_proof_result(proof, require, &result, call->error);
	if (result)
		cJSON_AddItemToObject(call->result, "proof", result);
	return err;
}

int smd_verify(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *deployed = NULL;
	const char *name = smd_call_need(call, "name");
	int err;

	if (!name)
		return SMD_E_INVALID;
	err = smd_store_thread_get(call->site->store_thread, "deployed", name, &deployed, NULL,
				   call->error);
	if (err == SMD_E_NOT_FOUND) {
		smd_fail(call->error, SMD_E_NOT_FOUND, "nothing of \"%s\" is deployed", name);
		smd_error_hint(call->error, "`sdctl config list` shows what is");
	}
	if (!err)
		err = verify_slices(call, deployed);
	return err ? err : verify_by_traffic(call, name, deployed);
}
