/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deployments that are open although nobody works on them: their controller died, or they need
 * attention. Every method tells them, and only those that are asked to act do something about it.
 */
#include <string.h>

#include "core/service/methods.h"

int smd_call_running(const struct smd_call *call, const char **running, struct smd_error *error)
{
	int owned = call->alone ? 0 : smd_store_thread_is_owned(call->site->store_thread, error);

	if (owned < 0)
		return owned;
	*running = owned ? smd_outcome_name(0) : "interrupted";
	return 0;
}

int smd_call_open_deployments(const struct smd_call *call, cJSON **list, struct smd_error *error)
{
	const char *running;
	cJSON *one;
	int err = smd_call_running(call, &running, error);

	if (!err)
		err = smd_deployment_open(call->site, list, error);
	if (err)
		return err;
	cJSON_ArrayForEach (one, *list) {
		const char *outcome = smd_json_string(one, "outcome");
		int runs = outcome && !strcmp(outcome, smd_outcome_name(0));

		if (!smd_json_string(one, "id"))
			err = SMD_E_NO_MEMORY;
		smd_json_put_string(one, "state",
				    runs      ? running
				    : outcome ? outcome
					      : "damaged",
				    &err);
		cJSON_DeleteItemFromObjectCaseSensitive(one, "outcome");
	}
	return err ? smd_fail(error, err, "out of memory") : 0;
}

static int is_running(const cJSON *deployment)
{
	const char *state = smd_json_string(deployment, "state");

	return state && !strcmp(state, "running");
}

void smd_call_tell_leftovers(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *open = NULL;
	struct smd_error error = {0};
	cJSON *leftovers = cJSON_CreateArray();
	int err = 0;

	if (smd_call_open_deployments(call, &open, &error))
		cJSON_AddStringToObject(call->result, "leftovers-error", error.message);
	while (open && open->child) {
		cJSON *one = cJSON_DetachItemViaPointer(open, open->child);

		if (is_running(one))
			cJSON_Delete(one);
		else
			smd_json_append(leftovers, one, &err);
	}
	if (leftovers && leftovers->child)
		smd_json_put(call->result, "leftovers", leftovers, &err);
	else
		cJSON_Delete(leftovers);
}
