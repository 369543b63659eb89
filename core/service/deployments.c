/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/plan/transition.h"
#include "core/service/methods.h"

struct listing {
	cJSON *list;
	const char *configuration; /* NULL: of all configurations */
};

static void copy_text(cJSON *to, const cJSON *from, const char *name)
{
	const char *text = smd_json_string(from, name);

	if (text)
		cJSON_AddStringToObject(to, name, text);
}

/* List a damaged record as such, so that it does not hide the others. */
static int add_damaged(struct listing *listing, const char *id)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "id", id);
	cJSON_AddStringToObject(json, "outcome", "damaged");
	cJSON_AddStringToObject(json, "error", "the record cannot be read");
	cJSON_AddItemToArray(listing->list, json);
	return 0;
}

/* Has the listed deployment to do with the configuration? NULL: with any. */
static int is_of(const cJSON *configurations, const char *name)
{
	const cJSON *one;

	if (!name)
		return 1;
	cJSON_ArrayForEach (one, configurations) {
		const char *text = smd_json_string(one, "configuration");

		if (text && !strcmp(text, name))
			return 1;
	}
	return 0;
}

static void add_configurations(cJSON *json, const cJSON *configurations)
{
	static const char *const shown[] = {"configuration", "goal", "undoes"};
	cJSON *list = cJSON_AddArrayToObject(json, "configurations");
	const cJSON *one;

	cJSON_ArrayForEach (one, configurations) {
		cJSON *copy = cJSON_CreateObject();

		for (size_t i = 0; i < SMD_COUNT(shown); i++)
			copy_text(copy, one, shown[i]);
		cJSON_AddNumberToObject(copy, "revision",
					(double)smd_json_number(one, "revision", 0));
		cJSON_AddItemToArray(list, copy);
	}
}

static int on_deployment(void *arg, const char *key, const void *value, size_t size,
			 uint64_t revision)
{
	static const char *const shown[] = {"id",    "outcome", "started",
					    "ended", "error",   "principal"};
	struct listing *listing = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	const cJSON *configurations;
	cJSON *json;

	(void)revision;
	if (smd_json_parse(value, size, key, &record, NULL))
		return add_damaged(listing, key);
	configurations = smd_record_configurations(record);
	if (configurations && !is_of(configurations, listing->configuration))
		return 0;
	json = cJSON_CreateObject();
	for (size_t i = 0; i < SMD_COUNT(shown); i++)
		copy_text(json, record, shown[i]);
	add_configurations(json, configurations);
	cJSON_AddItemToArray(listing->list, json);
	return 0;
}

int smd_deployment_list(struct smd_call *call)
{
	struct listing listing = {cJSON_AddArrayToObject(call->result, "deployments"),
				  smd_json_string(call->request, "configuration")};

	return smd_store_thread_each(call->site->store_thread, "deployment", "", on_deployment,
				     &listing, call->error);
}

static int on_entry(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	cJSON *json = NULL;

	(void)revision;
	if (!smd_json_parse(value, size, key, &json, NULL))
		cJSON_AddItemToArray(arg, json);
	return 0;
}

/* Find the newest deployment of a configuration. */
static int newest_of(struct smd_call *call, const char *configuration, char id[SMD_DEPLOYMENT_ID])
{
	smd_cleanup(cJSON_Delete) cJSON *list = cJSON_CreateArray();
	struct listing listing = {list, configuration};
	const cJSON *newest;
	int err = smd_store_thread_each(call->site->store_thread, "deployment", "", on_deployment,
					&listing, call->error);

	newest = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
	if (!err && newest)
		snprintf(id, SMD_DEPLOYMENT_ID, "%s", smd_json_string(newest, "id"));
	return err;
}

int smd_deployment_show(struct smd_call *call)
{
	const char *name = smd_call_need(call, "id");
	char id[SMD_DEPLOYMENT_ID] = "", prefix[SMD_DEPLOYMENT_ID + 1];
	cJSON *record = NULL, *journal;
	int err;

	if (!name)
		return SMD_E_INVALID;
	err = newest_of(call, name, id);
	if (err)
		return err;
	err = smd_store_thread_get(call->site->store_thread, "deployment", id[0] ? id : name,
				   &record, NULL, call->error);
	if (err) {
		smd_error_hint(call->error, "`sdctl history` shows those that there are");
		return err;
	}
	smd_record_configurations(record); /* a record of old gets them */
	cJSON_AddItemToObject(call->result, "record", record);
	journal = cJSON_AddArrayToObject(call->result, "journal");
	snprintf(prefix, sizeof(prefix), "%s ", id[0] ? id : name);
	return smd_store_thread_each(call->site->store_thread, "journal", prefix, on_entry, journal,
				     call->error);
}

int smd_deployment_recover_all(struct smd_call *call)
{
	size_t count = 0;
	int err = smd_deployment_recover(call->site, 1, &call->listener, &count, call->error);

	cJSON_AddNumberToObject(call->result, "count", (double)count);
	return err;
}
