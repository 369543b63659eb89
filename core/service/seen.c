/* SPDX-License-Identifier: Apache-2.0 */
/* What devices were when they were last read for a plan: product, release, and when. */
#include <string.h>

#include "core/service/planning.h"

/* The names of what must be the same, so that a record is of the device that there is now. */
static const char *const identity[] = {"driver", "address"};

void smd_seen_put(const struct smd_draft *draft, struct smd_batch *batch)
{
	char now[SMD_TIME_TEXT];

	smd_time_text(draft->site->clock, now);
	for (size_t i = 0; i < draft->count; i++) {
		const struct smd_task *task = &draft->tasks[i];
		const struct smd_device *device =
			smd_inventory_device(draft->site->inventory, task->device);
		smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();

		if (!device || !*task->facts.product)
			continue;
		smd_json_put_string(json, "driver", device->driver, &batch->err);
		smd_json_put_string(json, "address", device->address, &batch->err);
		smd_json_put_string(json, "product", task->facts.product, &batch->err);
		smd_json_put_string(json, "version", task->facts.version, &batch->err);
		smd_json_put_string(json, "at", now, &batch->err);
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "seen", device->name, json);
	}
}

int smd_seen_add(const struct smd_call *call, const struct smd_device *device, cJSON *result)
{
	const char *const present[] = {device->driver, device->address};
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	struct smd_error error = {0};
	int damaged = 0;
	int err = smd_store_thread_get_or_damaged(call->site->store_thread, "seen", device->name,
						  &json, &damaged, &error);

	if (err == SMD_E_NOT_FOUND || damaged)
		return 0;
	if (err) {
		*call->error = error;
		return err;
	}
	for (size_t i = 0; i < SMD_COUNT(identity); i++) {
		const char *then = smd_json_string(json, identity[i]);

		if (!then || strcmp(then, present[i]) != 0)
			return 0;
		cJSON_DeleteItemFromObject(json, identity[i]);
	}
	smd_json_put(result, "seen", smd_take(json), &err);
	return err ? smd_fail(call->error, err, "out of memory") : 0;
}
