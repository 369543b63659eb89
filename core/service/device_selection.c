/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that a request means: by names, patterns of names, and labels. */
#include <fnmatch.h>
#include <string.h>

#include "core/service/methods.h"

const struct smd_device *smd_call_device(const struct smd_call *call, const char *name)
{
	const struct smd_device *device = smd_inventory_device(call->site->inventory, name);

	if (!device) {
		smd_fail(call->error, SMD_E_NOT_FOUND, "there is no device \"%s\" in the inventory",
			 name);
		smd_error_hint(call->error, "`sdctl device list` shows those that there are");
	}
	return device;
}

/* A label is meant by itself, or one with a value by its key. */
static int is_label(const char *label, const char *wanted)
{
	size_t length = strlen(wanted);

	return !strncmp(label, wanted, length) &&
	       (!label[length] || (label[length] == '=' && !strchr(wanted, '=')));
}

static int has_label(const struct smd_device *device, const char *wanted)
{
	for (size_t i = 0; i < device->label_count; i++)
		if (is_label(device->labels[i], wanted))
			return 1;
	return 0;
}

static int has_labels(const struct smd_device *device, const cJSON *wanted)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, wanted)
		if (!has_label(device, one->valuestring))
			return 0;
	return 1;
}

static int is_named(const struct smd_device *device, const cJSON *patterns)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, patterns)
		if (!fnmatch(one->valuestring, device->name, 0))
			return 1;
	return !patterns;
}

static int all_texts(struct smd_call *call, const cJSON *list, const char *name)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, list)
		if (!cJSON_IsString(one))
			return smd_fail(call->error, SMD_E_INVALID,
					"\"%s\" of the request has something else than texts",
					name);
	return 0;
}

/* Every name and pattern means something, so that a slip of the pen is noticed. */
static int all_found(struct smd_call *call, const cJSON *patterns)
{
	const struct smd_inventory *inventory = call->site->inventory;
	const cJSON *one;

	cJSON_ArrayForEach (one, patterns) {
		size_t i = 0;

		if (!strpbrk(one->valuestring, "*?[")) {
			if (!smd_call_device(call, one->valuestring))
				return SMD_E_NOT_FOUND;
			continue;
		}
		while (i < inventory->device_count &&
		       fnmatch(one->valuestring, inventory->devices[i].name, 0))
			i++;
		if (i == inventory->device_count)
			return smd_fail(call->error, SMD_E_NOT_FOUND,
					"no device has a name like \"%s\"", one->valuestring);
	}
	return 0;
}

int smd_call_select_devices(struct smd_call *call, const struct smd_device ***out, size_t *count)
{
	const struct smd_inventory *inventory = call->site->inventory;
	const cJSON *patterns = smd_json_array(call->request, "devices");
	const cJSON *labels = smd_json_array(call->request, "label");
	int err = all_texts(call, patterns, "devices");

	if (!err)
		err = all_texts(call, labels, "label");
	if (!err)
		err = all_found(call, patterns);
	if (err)
		return err;
	*out = calloc(inventory->device_count + 1, sizeof(const struct smd_device *));
	if (!*out)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	*count = 0;
	for (size_t i = 0; i < inventory->device_count; i++)
		if (is_named(&inventory->devices[i], patterns) &&
		    has_labels(&inventory->devices[i], labels))
			(*out)[(*count)++] = &inventory->devices[i];
	if (*count || !labels)
		return 0;
	free(smd_take(*out));
	return smd_fail(call->error, SMD_E_NOT_FOUND, "no device has these labels");
}
