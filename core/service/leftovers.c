/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deployments that are open although nobody works on them: their controller died, or they need
 * attention. Every method tells them, and only those that are asked to act do something about it.
 */
#include <string.h>

#include "core/service/methods.h"

const char *smd_call_running(const struct smd_call *call)
{
	int at_work = !call->alone && smd_store_thread_is_owned(call->site->store_thread, NULL) > 0;

	return at_work ? smd_outcome_name(0) : "interrupted";
}

cJSON *smd_call_open_deployments(const struct smd_call *call, struct smd_error *error)
{
	const char *running = smd_call_running(call);
	cJSON *list = NULL, *one;

	if (smd_deployment_open(call->site, &list, error))
		return NULL;
	cJSON_ArrayForEach (one, list) {
		const char *outcome = smd_json_string(one, "outcome");
		int runs = outcome && !strcmp(outcome, smd_outcome_name(0));

		cJSON_AddStringToObject(one, "state",
					runs      ? running
					: outcome ? outcome
						  : "damaged");
		cJSON_DeleteItemFromObjectCaseSensitive(one, "outcome");
	}
	return list;
}

static int is_running(const cJSON *deployment)
{
	const char *state = smd_json_string(deployment, "state");

	return state && !strcmp(state, "running");
}

void smd_call_tell_leftovers(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *open = smd_call_open_deployments(call, NULL);
	cJSON *leftovers = cJSON_CreateArray();

	while (open && open->child) {
		cJSON *one = cJSON_DetachItemViaPointer(open, open->child);

		if (is_running(one))
			cJSON_Delete(one);
		else
			cJSON_AddItemToArray(leftovers, one);
	}
	if (leftovers->child)
		cJSON_AddItemToObject(call->result, "leftovers", leftovers);
	else
		cJSON_Delete(leftovers);
}
