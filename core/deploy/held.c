/* SPDX-License-Identifier: Apache-2.0 */
/* Which deployments are open, and which devices they hold. */
#include <stdio.h>
#include <string.h>

#include "core/deploy/damage.h"

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	int err = 0;

	(void)value;
	(void)size;
	(void)revision;
	smd_json_append(arg, cJSON_CreateString(key), &err);
	return err;
}

/* The keys of the open deployments, oldest first. */
static int open_keys(struct smd_site *site, cJSON *keys, struct smd_error *error)
{
	return smd_store_thread_each(site->store_thread, "open", "", on_open, keys, error);
}

/*
 * Read the record of an open deployment; `*record` is NULL if that cannot be read. 1: it is
 * damaged, or recovery has found a record of it to be. Or an error of the store.
 */
static int read_open(struct smd_site *site, const char *key, cJSON **record,
		     struct smd_error *error)
{
	int err = read_record(site, key, record, error);

	return err ? err : smd_json_bool(*record, "damaged", 0);
}

/* Add a deployment to the list, also one whose record cannot be read. */
static int describe(struct smd_site *site, const char *key, cJSON *list, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	cJSON *json, *names;
	char id[SMD_DEPLOYMENT_ID];
	const cJSON *entry;
	int damaged = read_open(site, key, &record, error);
	int err = 0;

	if (damaged < 0)
		return damaged;
	json = cJSON_CreateObject();
	smd_deployment_id(key, id);
	smd_json_put_string(json, "id", id, &err);
	smd_json_put_string(json, "started", smd_json_string(record, "started"), &err);
	smd_json_put_string(json, "outcome",
			    damaged ? "damaged" : smd_json_string(record, "outcome"), &err);
	names = smd_json_put_array(json, "configurations", &err);
	cJSON_ArrayForEach (entry, smd_record_configurations(record)) {
		const char *name = smd_json_string(entry, "configuration");

		if (name)
			smd_json_append(names, cJSON_CreateString(name), &err);
	}
	smd_json_append(list, json, &err);
	return err ? smd_fail(error, err, "out of memory") : 0;
}

int smd_deployment_open(struct smd_site *site, cJSON **list, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *keys = cJSON_CreateArray();
	const cJSON *key;
	int err = open_keys(site, keys, error);

	if (err)
		return err;
	*list = cJSON_CreateArray();
	if (!*list)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_ArrayForEach (key, keys)
		if (!err)
			err = describe(site, key->valuestring, *list, error);
	if (err)
		cJSON_Delete(smd_take(*list));
	return err;
}

/* Fill the error for a device that the deployment holds. */
static int tell_held(struct smd_site *site, const char *key, const char *device,
		     const char id[SMD_DEPLOYMENT_ID], struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	int damaged = read_open(site, key, &record, error);

	if (damaged < 0)
		return damaged;
	smd_fail(error, SMD_E_BUSY, "held by deployment %s, which is %s", id,
		 damaged ? "damaged on record" : "not finished");
	smd_error_device(error, device);
	if (damaged)
		smd_error_hint(error,
			       "`sdctl recover %s` says what of it is damaged; `sdctl recover %s "
			       "--accept` closes it",
			       id, id);
	else
		smd_error_hint(error,
			       "`sdctl status %s` says why; `sdctl recover` finishes or undoes it",
			       id);
	return SMD_E_BUSY;
}

/*
 * Does the device take part in the deployment? Judged by its snapshot, whatever that says, because
 * the record itself may be damaged.
 */
static int held_by(struct smd_site *site, const char *key, const char *device,
		   char id[SMD_DEPLOYMENT_ID], struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *snapshot = NULL;
	char snapshot_key[SMD_STORE_KEY], name[SMD_DEPLOYMENT_ID];
	int damaged, err;

	snprintf(snapshot_key, sizeof(snapshot_key), "%.64s %s", key, device);
	err = smd_store_thread_get_or_damaged(site->store_thread, "snapshot", snapshot_key,
					      &snapshot, &damaged, error);
	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
	smd_deployment_id(key, name);
	if (id)
		memcpy(id, name, sizeof(name));
	return tell_held(site, key, device, name, error);
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
