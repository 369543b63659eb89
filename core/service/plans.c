/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/service/planning.h"
#include "core/tree/own.h"

/* Move the members of `from_take` to the call's result and free it. */
int smd_plan_give(struct smd_call *call, cJSON *from_take)
{
	cJSON *member;
	int err = 0;

	while ((member = from_take->child)) {
		cJSON_DetachItemViaPointer(from_take, member);
		smd_json_put(call->result, member->string, member, &err);
	}
	cJSON_Delete(from_take);
	return err ? smd_fail(call->error, err, "out of memory") : 0;
}

static int store_plan(struct smd_call *call, const struct smd_draft *draft, const cJSON *plan)
{
	struct smd_batch batch = {0};

	smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "plan", smd_json_string(plan, "id"), plan);
	smd_seen_put(draft, &batch);
	return smd_store_thread_apply(call->site->store_thread, &batch, call->error);
}

int smd_plan_recovers(const struct smd_call *call)
{
	return cJSON_IsTrue(smd_json_member(call->request, "recover"));
}

/*
 * SMD_E_BUSY if an open deployment holds a device of the draft. If that is wanted, the
 * deployment is recovered and `*recovered` is set: the draft is no longer of what is there.
 */
static int free_devices(struct smd_call *call, const struct smd_wanted *wanted,
			const struct smd_draft *draft, int *recovered)
{
	const struct smd_recovery recovery = {.principal = call->principal};
	char id[SMD_DEPLOYMENT_ID];
	int err = 0;

	for (size_t i = 0; !err && i < draft->count; i++)
		err = smd_deployment_check_held(call->site, draft->tasks[i].device, id,
						call->error);
	if (err != SMD_E_BUSY || !wanted->recovers)
		return err;
	*recovered = 1;
	return smd_deployment_recover(call->site, id, &recovery, &call->listener, call->error);
}

/* Make a draft of free devices. */
static int make_draft(struct smd_call *call, const struct smd_wanted *wanted,
		      struct smd_draft **draft)
{
	int recovered, err;

	do {
		struct smd_transition **transitions;
		size_t count;

		recovered = 0;
		smd_draft_free(smd_take(*draft));
		err = wanted->make(call, wanted->what, &transitions, &count);
		if (!err)
			err = smd_draft_open(call->site, transitions, count, wanted->only,
					     wanted->access, draft, call->error);
		if (!err)
			err = free_devices(call, wanted, *draft, &recovered);
	} while (!err && recovered);
	if (err)
		return err;
	smd_call_tell_reading(call, (*draft)->count);
	return smd_draft_read(*draft, call->error);
}

/* Make the draft and the plan of what is wanted, and store the plan. */
int smd_plan_draft(struct smd_call *call, const struct smd_wanted *wanted, struct smd_draft **draft,
		   cJSON **plan)
{
	int err = make_draft(call, wanted, draft);

	if (!err)
		(*draft)->accepts_unknown = smd_json_bool(call->request, "accept-unknown", 0);
	if (!err)
		err = smd_plan_write(*draft, plan, call->error);
	return err ? err : store_plan(call, *draft, *plan);
}

static int deploy_one(struct smd_call *call, const void *name, struct smd_transition ***transitions,
		      size_t *count)
{
	const char *configuration = name;

	*count = 1;
	return smd_transition_deploy_all(call->site, &configuration, 1, transitions, call->error);
}

int smd_plan_make(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	struct smd_wanted wanted = {.make = deploy_one,
				    .what = smd_json_string(call->request, "name"),
				    .access = SMD_ACCESS_READ};
	cJSON *plan = NULL;
	int err = smd_plan_draft(call, &wanted, &draft, &plan);

	if (!err)
		return smd_plan_give(call, plan);
	cJSON_Delete(plan);
	return err;
}

/* Applying plans */

int smd_plan_not_begun(struct smd_call *call, int err)
{
	if (err != SMD_E_UNREACHABLE)
		return err;
	smd_error_prefix(call->error, "given up before anything was sent");
	call->error->code = SMD_E_ROLLED_BACK;
	return SMD_E_ROLLED_BACK;
}

/* The most bytes of a comment */
#define COMMENT_MOST 255

/* The comment of the request; NULL if there is none. */
static const char *comment_of(const struct smd_call *call)
{
	const char *comment = smd_json_string(call->request, "comment");

	return comment && *comment ? comment : NULL;
}

/* A comment goes to devices and terminals, so it is one line, without anything that acts there. */
int smd_plan_check_comment(const struct smd_call *call)
{
	const char *comment = comment_of(call);
	char clean[COMMENT_MOST + 1];

	if (!comment)
		return 0;
	if (strlen(comment) > COMMENT_MOST)
		return smd_fail(call->error, SMD_E_INVALID, "the comment is longer than %d bytes",
				COMMENT_MOST);
	snprintf(clean, sizeof(clean), "%s", comment);
	if (strcmp(smd_sanitize(clean), comment))
		return smd_fail(call->error, SMD_E_INVALID,
				"the comment has a control character or a line break");
	return 0;
}

int smd_plan_execute(struct smd_call *call, struct smd_draft *draft, const cJSON *plan)
{
	const struct smd_deployment_options options = {
		.principal = call->principal,
		.comment = comment_of(call),
		.require_proof = cJSON_IsTrue(smd_json_member(call->request, "require-proof")),
		.accept_shown = cJSON_IsTrue(smd_json_member(call->request, "accept-shown")),
	};
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	char id[SMD_DEPLOYMENT_ID] = "", key[SMD_STORE_KEY];
	int err = smd_deployment_run(draft, plan, &options, &call->listener, id, call->error);
	int cut = 0; /* what became of it is told all the same */

	smd_json_put_string(call->result, "deployment", id, &cut);
	smd_deployment_key(id, NULL, key);
	if (*id &&
	    !smd_store_thread_get(call->site->store_thread, "deployment", key, &record, NULL, NULL))
		smd_json_put(call->result, "record", smd_take(record), &cut);
	return *id ? err : smd_plan_not_begun(call, err);
}

/* All devices of the plan: those that need no change are read too. */
static cJSON *devices_of(const cJSON *plan, int *err)
{
	cJSON *names = cJSON_CreateArray();
	const cJSON *device;

	if (!names)
		*err = SMD_E_NO_MEMORY;
	cJSON_ArrayForEach (device, smd_json_array(plan, "devices")) {
		const char *name = smd_json_string(device, "name");

		if (name)
			smd_json_append(names, cJSON_CreateString(name), err);
	}
	cJSON_ArrayForEach (device, smd_json_array(plan, "unchanged"))
		if (cJSON_IsString(device))
			smd_json_append(names, cJSON_CreateString(device->valuestring), err);
	return names;
}

/*
 * Check that the plan was made with this store and was not applied yet. What cannot be read is
 * never taken for "no".
 */
static int check_issued(struct smd_call *call, const cJSON *plan)
{
	smd_cleanup(cJSON_Delete) cJSON *stored = NULL;
	smd_cleanup(cJSON_Delete) cJSON *applied = NULL;
	struct smd_store_thread *store = call->site->store_thread;
	const char *id = smd_json_string(plan, "id");
	int err = smd_store_thread_get(store, "plan", id, &stored, NULL, call->error);

	if (err == SMD_E_NOT_FOUND) {
		smd_fail(call->error, SMD_E_UNTRUSTED, "this plan was not issued here%s%s%s",
			 call->site->home ? ", by the store in \"" : "",
			 call->site->home ? call->site->home : "", call->site->home ? "\"" : "");
		smd_error_hint(call->error, "make a new one with `sdctl plan`");
		return SMD_E_UNTRUSTED;
	}
	if (!err)
		err = smd_store_thread_get(store, "applied", id, &applied, NULL, call->error);
	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
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

static int return_again(struct smd_call *call, const cJSON *configurations,
			struct smd_transition ***transitions, size_t *count)
{
	struct smd_transition **all =
		calloc((size_t)cJSON_GetArraySize(configurations) + 1, sizeof(*all));
	const cJSON *one;
	int err = all ? 0 : smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");

	*count = 0;
	cJSON_ArrayForEach (one, configurations) {
		const char *name = smd_json_string(one, "configuration");

		if (!err)
			err = smd_transition_return(call->site, name ? name : "",
						    smd_json_string(one, "returns-to"),
						    &all[(*count)++], call->error);
	}
	if (!err)
		*transitions = all;
	else
		smd_transitions_free(all, *count);
	return err;
}

/* Make the transitions of which the plan was made. */
static int same_transitions(struct smd_call *call, const void *plan,
			    struct smd_transition ***transitions, size_t *count)
{
	const cJSON *configurations = smd_json_array(plan, "configurations");

	if (smd_json_string(cJSON_GetArrayItem(configurations, 0), "undoes"))
		return return_again(call, configurations, transitions, count);
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

/* Is all deployed as the draft wants it, on the devices and on record? */
static int changes_nothing(const struct smd_draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		if (!smd_task_idle(&draft->tasks[i]))
			return 0;
	for (size_t i = 0; i < draft->transition_count; i++) {
		const struct smd_transition *transition = draft->transitions[i];
		int64_t deployed = smd_json_number(transition->from, "revision", 0);

		if (transition->goal == SMD_GOAL_ROLL_BACK || deployed != transition->revision ||
		    (transition->from != NULL) != (transition->goal == SMD_GOAL_DEPLOY))
			return 0;
	}
	return 1;
}

int smd_plan_apply(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *only = NULL;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	struct smd_wanted wanted = {.make = same_transitions,
				    .access = SMD_ACCESS_WRITE,
				    .recovers = smd_plan_recovers(call)};
	int err = smd_plan_check_comment(call);

	if (!err)
		err = read_plan(call, &plan);
	if (!err)
		err = smd_plan_check(call->site, plan, call->error);
	if (!err)
		err = check_issued(call, plan);
	if (!err && !cJSON_IsTrue(smd_json_member(call->request, "accept-unknown")))
		err = smd_plan_refuse_unknown(plan, call->error);
	if (err)
		return err;
	wanted.what = plan;
	wanted.only = only = devices_of(plan, &err);
	if (err)
		return smd_fail(call->error, err, "out of memory");
	err = make_draft(call, &wanted, &draft);
	if (err)
		return smd_plan_not_begun(call, err);
	err = smd_plan_compare(plan, draft, call->error);
	if (err)
		return err;
	if (!changes_nothing(draft))
		return smd_plan_execute(call, draft, plan);
	smd_json_put_bool(call->result, "nothing-to-do", 1, &err);
	return err ? smd_fail(call->error, err, "out of memory") : 0;
}
