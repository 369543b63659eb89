/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/plan/plan.h"
#include "core/plan/slice.h"
#include "core/service/methods.h"
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

static int recovers(const struct smd_call *call)
{
	return cJSON_IsTrue(smd_json_member(call->request, "recover"));
}

/*
 * SMD_E_BUSY if an open deployment holds the device. If the request allows it, that is recovered
 * first.
 */
static int free_device(struct smd_call *call, const char *device)
{
	char id[SMD_DEPLOYMENT_ID];
	const struct smd_recovery recovery = {.principal = call->principal};
	int err = smd_deployment_check_held(call->site, device, id, call->error);

	while (err == SMD_E_BUSY && recovers(call)) {
		err = smd_deployment_recover(call->site, id, &recovery, &call->listener,
					     call->error);
		if (!err)
			err = smd_deployment_check_held(call->site, device, id, call->error);
	}
	return err;
}

/* Make a draft, once its devices are known to be free. */
static int make_draft(struct smd_call *call, struct smd_transition **transitions_take, size_t count,
		      const cJSON *only, struct smd_draft **draft)
{
	int err = smd_draft_open(call->site, transitions_take, count, only, draft, call->error);

	for (size_t i = 0; !err && i < (*draft)->count; i++)
		err = free_device(call, (*draft)->tasks[i].device);
	return err ? err : smd_draft_read(*draft, call->error);
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

/* Turn SMD_E_UNREACHABLE into SMD_E_ROLLED_BACK: nothing was sent, so everything is as before. */
static int not_begun(struct smd_call *call, int err)
{
	if (err != SMD_E_UNREACHABLE)
		return err;
	smd_error_prefix(call->error, "given up before anything was sent");
	call->error->code = SMD_E_ROLLED_BACK;
	return SMD_E_ROLLED_BACK;
}

static int execute(struct smd_call *call, struct smd_draft *draft, const cJSON *plan)
{
	const struct smd_deployment_options options = {
		.principal = call->principal,
		.require_proof = cJSON_IsTrue(smd_json_member(call->request, "require-proof")),
	};
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	char id[SMD_DEPLOYMENT_ID] = "", key[SMD_STORE_KEY];
	int err = smd_deployment_run(draft, plan, &options, &call->listener, id, call->error);

	cJSON_AddStringToObject(call->result, "deployment", id);
	smd_deployment_key(id, NULL, key);
	if (*id &&
	    !smd_store_thread_get(call->site->store_thread, "deployment", key, &record, NULL, NULL))
		cJSON_AddItemToObject(call->result, "record", smd_take(record));
	return *id ? err : not_begun(call, err);
}

/* All devices of the plan: those that need no change are read too. */
static cJSON *devices_of(const cJSON *plan)
{
	cJSON *names = cJSON_CreateArray();
	const cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(plan, "devices")) {
		const char *name = smd_json_string(device, "name");

		if (name)
			cJSON_AddItemToArray(names, cJSON_CreateString(name));
	}
	cJSON_ArrayForEach (device, smd_json_array(plan, "unchanged"))
		if (cJSON_IsString(device))
			cJSON_AddItemToArray(names, cJSON_CreateString(device->valuestring));
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
		smd_deployment_id(key, last);
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

/*
 * A rollback is executed without showing its plan, so it must not meet what somebody changed by
 * hand in what it takes back.
 */
static int check_untouched(struct smd_call *call, const struct smd_draft *draft)
{
	char path[SMD_ERROR_WHERE];

	for (size_t i = 0; i < draft->count; i++) {
		const struct smd_task *task = &draft->tasks[i];

		if (!task->had || !smd_slice_missing(task->running, task->had, path, sizeof(path)))
			continue;
		smd_fail(call->error, SMD_E_CONFLICT, "somebody changed what is to be rolled back");
		smd_error_device(call->error, task->device);
		smd_error_where(call->error, "%s", path);
		smd_error_hint(call->error,
			       "`sdctl plan %s` shows it and brings it back; then roll back",
			       draft->transitions[0]->configuration);
		return SMD_E_CONFLICT;
	}
	return 0;
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
	if (!err)
		err = check_untouched(call, draft);
	if (err)
		return not_begun(call, err);
	return execute(call, draft, plan);
}
