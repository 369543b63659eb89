/* SPDX-License-Identifier: Apache-2.0 */
/* Which deployments are open, and which devices they hold. */
#include <stdio.h>
#include <string.h>

#include "core/deploy/deployment.h"
#include "core/deploy/engine.h"

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	(void)value;
	(void)size;
	(void)revision;
	return cJSON_AddItemToArray(arg, cJSON_CreateString(key)) ? 0 : SMD_E_NO_MEMORY;
}

/* The keys of the open deployments, oldest first. */
static int open_keys(struct smd_site *site, cJSON *keys, struct smd_error *error)
{
	return smd_store_thread_each(site->store_thread, "open", "", on_open, keys, error);
}

/* A record that cannot be read is listed as such, so that it does not hide the others. */
static cJSON *describe(struct smd_site *site, const char *key)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	cJSON *json = cJSON_CreateObject(), *names;
	char id[SMD_DEPLOYMENT_ID];
	const cJSON *entry;

	smd_deployment_id(key, id);
	cJSON_AddStringToObject(json, "id", id);
	if (smd_store_thread_get(site->store_thread, "deployment", key, &record, NULL, NULL)) {
		cJSON_AddStringToObject(json, "outcome", "damaged");
		return json;
	}
	smd_json_copy_string(json, record, "started");
	smd_json_copy_string(json, record, "outcome");
	names = cJSON_AddArrayToObject(json, "configurations");
	cJSON_ArrayForEach (entry, smd_record_configurations(record))
		cJSON_AddItemToArray(names,
				     cJSON_CreateString(smd_json_string(entry, "configuration")));
	return json;
}

int smd_deployment_open(struct smd_site *site, cJSON **list, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *keys = cJSON_CreateArray();
	const cJSON *key;
	int err = open_keys(site, keys, error);

	if (err)
		return err;
	*list = cJSON_CreateArray();
	cJSON_ArrayForEach (key, keys)
		if (!cJSON_AddItemToArray(*list, describe(site, key->valuestring)))
			err = SMD_E_NO_MEMORY;
	if (!err && *list)
		return 0;
	cJSON_Delete(*list);
	*list = NULL;
	return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

/*
 * Does the device take part in the deployment? Judged by its snapshot, because the record itself
 * may be damaged.
 */
static int held_by(struct smd_site *site, const char *key, const char *device,
		   char id[SMD_DEPLOYMENT_ID], struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *snapshot = NULL;
	char snapshot_key[SMD_STORE_KEY], name[SMD_DEPLOYMENT_ID];
	int err;

	snprintf(snapshot_key, sizeof(snapshot_key), "%.64s %s", key, device);
	err = smd_store_thread_get(site->store_thread, "snapshot", snapshot_key, &snapshot, NULL,
				   NULL);
	if (err == SMD_E_NOT_FOUND)
		return 0;
	smd_deployment_id(key, name);
	if (id)
		memcpy(id, name, sizeof(name));
	smd_fail(error, SMD_E_BUSY, "held by deployment %s, which is not finished", name);
	smd_error_device(error, device);
	smd_error_hint(error, "`sdctl status %s` says why; `sdctl recover` finishes or undoes it",
		       name);
	return SMD_E_BUSY;
}

int smd_deployment_check_held(struct smd_site *site, const char *device, char id[SMD_DEPLOYMENT_ID],
			      struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *keys = cJSON_CreateArray();
	const cJSON *key;
	int err = open_keys(site, keys, error);

	cJSON_ArrayForEach (key, keys)
		if (!err)
			err = held_by(site, key->valuestring, device, id, error);
	return err;
}
