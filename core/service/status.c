/* SPDX-License-Identifier: Apache-2.0 */
/* The state of the whole: what is going on, what needs attention, what is not deployed yet. */
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/json.h"
#include "core/service/methods.h"

/* Does a configuration ask for nothing? */
static int is_settled(const cJSON *configuration)
{
	const char *state = smd_json_string(configuration, "state");

	return state && !smd_json_object(configuration, "deployment") &&
	       (!strcmp(state, "deployed") || !strcmp(state, "removed"));
}

/* Keep of the list only what is not settled; returns how many are deployed as wanted. */
static int keep_unsettled(cJSON *list)
{
	cJSON *next;
	int deployed = 0;

	for (cJSON *one = list->child; one; one = next) {
		next = one->next;
		if (!is_settled(one))
			continue;
		deployed += !strcmp(smd_json_string(one, "state"), "deployed");
		cJSON_Delete(cJSON_DetachItemViaPointer(list, one));
	}
	return deployed;
}

int smd_site_status(struct smd_call *call)
{
	cJSON *open = NULL;
	int err = smd_configuration_list(call), deployed;

	if (!err)
		err = smd_call_open_deployments(call, &open, call->error);
	if (err)
		return err;
	deployed = keep_unsettled(smd_json_array(call->result, "configurations"));
	smd_json_put(call->result, "open", open, &err);
	smd_json_put_number(call->result, "as-wanted", deployed, &err);
	smd_json_put_number(call->result, "devices", (double)call->site->inventory->device_count,
			    &err);
	return err ? smd_fail(call->error, err, "out of memory") : 0;
}
