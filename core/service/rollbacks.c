/* SPDX-License-Identifier: Apache-2.0 */
/* Rollbacks: plans that lead to an earlier state. */
#include <stdio.h>
#include <string.h>

#include "core/plan/slice.h"
#include "core/service/planning.h"
#include "core/tree/own.h"

static int is_rollback(cJSON *record)
{
	const cJSON *configurations = smd_record_configurations(record);

	return smd_json_string(cJSON_GetArrayItem(configurations, 0), "undoes") != NULL;
}

/*
 * The newest deployment that has changed anything. damaged: key of the newest record after it
 * that cannot be read, or "".
 */
struct last {
	char *id;
	int is_rollback;
	char damaged[SMD_STORE_KEY];
};

static int on_deployment(void *arg, const char *key, cJSON *record)
{
	struct last *last = arg;
	const char *outcome = record ? smd_json_string(record, "outcome") : NULL;

	if (!outcome && !last->damaged[0])
		snprintf(last->damaged, sizeof(last->damaged), "%s", key);
	if (!outcome || strcmp(outcome, "done") != 0)
		return 0;
	smd_deployment_id(key, last->id);
	last->is_rollback = is_rollback(record);
	return 1;
}

static int fail_not_last(struct smd_call *call, const struct last *last)
{
	if (!*last->id) {
		smd_fail(call->error, SMD_E_NOT_FOUND,
			 "there is no deployment that could be rolled back");
		smd_error_hint(call->error, "`sdctl history` shows all that there are");
		return SMD_E_NOT_FOUND;
	}
	smd_fail(call->error, SMD_E_CONFLICT,
		 "the last deployment, %s, was a rollback itself: say what is to be rolled back",
		 last->id);
	smd_error_hint(call->error, "`sdctl rollback NAME` takes a configuration one deployment "
				    "back; `sdctl history` shows which there are");
	return SMD_E_CONFLICT;
}

/* Find the newest of all deployments, for `rollback last`: SMD_E_CONFLICT if it is a rollback. */
static int find_last(struct smd_call *call, char id[SMD_DEPLOYMENT_ID])
{
	struct last last = {.id = id};
	int err = smd_call_each_deployment(call, NULL, on_deployment, &last);

	if (!err && last.damaged[0]) {
		smd_fail(call->error, SMD_E_IO,
			 "the record deployment \"%s\" is damaged, so that it is not known which "
			 "deployment is the last",
			 last.damaged);
		smd_error_hint(call->error, "`sdctl rollback NAME` says which configuration is "
					    "meant; `sdctl history` shows which there are");
		return SMD_E_IO;
	}
	if (err)
		return err;
	return !*id || last.is_rollback ? fail_not_last(call, &last) : 0;
}

static int is_touched(const struct smd_task *task, char *path, size_t size)
{
	for (size_t i = 0; i < task->share_count; i++)
		if (smd_slice_missing(task->running, task->shares[i].had, path, size))
			return 1;
	return 0;
}

/*
 * What somebody has changed by hand in what is to be taken back is not overwritten by the way: a
 * plan of the configuration itself shows it.
 */
static int check_untouched(struct smd_call *call, const struct smd_draft *draft)
{
	char path[SMD_ERROR_WHERE];

	for (size_t i = 0; i < draft->count; i++) {
		const struct smd_task *task = &draft->tasks[i];

		if (!is_touched(task, path, sizeof(path)))
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

/* What a request for a rollback says. */
struct undoing {
	const char *id, *to;
};

static struct undoing undoing_of(const struct smd_call *call)
{
	return (struct undoing){smd_json_string(call->request, "id"),
				smd_json_string(call->request, "to")};
}

/* Is there a configuration of that name? An error is returned as such. */
static int is_configuration(struct smd_call *call, const char *name)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	int err = smd_store_thread_get(call->site->store_thread, "configuration", name, &head, NULL,
				       call->error);

	return err == SMD_E_NOT_FOUND ? 0 : err ? err : 1;
}

static int return_one(struct smd_call *call, const struct undoing *undoing,
		      struct smd_transition ***transitions, size_t *count)
{
	struct smd_transition **one = calloc(1, sizeof(*one));
	int err;

	if (!one)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	err = smd_transition_return(call->site, undoing->id, undoing->to, &one[0], call->error);
	*count = !err;
	if (!err)
		*transitions = one;
	else
		free(one);
	return err;
}

static int undo_deployment(struct smd_call *call, const char *id,
			   struct smd_transition ***transitions, size_t *count)
{
	int err = smd_transition_roll_back(call->site, id, transitions, count, call->error);

	return err == SMD_E_NOT_FOUND ? smd_call_no_deployment(call, id) : err;
}

/*
 * The way back of a configuration, of a deployment, or of the last one of all, which can be
 * another one when an open one was recovered. A name that is a deployment's number as well means
 * the deployment, as everywhere; with `to` it can only be the configuration.
 */
static int undo(struct smd_call *call, const void *what, struct smd_transition ***transitions,
		size_t *count)
{
	const struct undoing *undoing = what;
	char last[SMD_DEPLOYMENT_ID] = "";
	int is_number = strspn(undoing->id, "0123456789") == strlen(undoing->id);
	int err = !undoing->to && is_number ? 0 : is_configuration(call, undoing->id);

	if (err < 0)
		return err;
	if (err || undoing->to)
		return return_one(call, undoing, transitions, count);
	if (strcmp(undoing->id, "last") != 0)
		return undo_deployment(call, undoing->id, transitions, count);
	err = find_last(call, last);
	return err ? err : undo_deployment(call, last, transitions, count);
}

int smd_plan_rollback(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	const struct undoing undoing = undoing_of(call);
	struct smd_wanted wanted = {.make = undo, .what = &undoing, .access = SMD_ACCESS_READ};
	int err = smd_plan_draft(call, &wanted, &draft, &plan);

	if (!err)
		err = check_untouched(call, draft);
	return err ? err : smd_plan_give(call, smd_take(plan));
}

int smd_deployment_roll_back(struct smd_call *call)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	const struct undoing undoing = undoing_of(call);
	struct smd_wanted wanted = {.make = undo,
				    .what = &undoing,
				    .access = SMD_ACCESS_WRITE,
				    .recovers = smd_plan_recovers(call)};
	int err = smd_plan_check_comment(call);

	if (!err)
		err = smd_plan_draft(call, &wanted, &draft, &plan);
	if (!err)
		err = check_untouched(call, draft);
	if (err)
		return smd_plan_not_begun(call, err);
	return smd_plan_execute(call, draft, plan);
}
