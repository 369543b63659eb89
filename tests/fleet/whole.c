/* SPDX-License-Identifier: Apache-2.0 */
#include "whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/json.h"
#include "fleet.h"
#include "starve.h"
#include "store.h"

#define LEARNED ((size_t)4 << 20) /* bytes */
#define FOUND 4096

/* learned: texts, each with a NUL, `used` bytes in all. */
static struct shared {
	int checks;
	size_t used;
	char learned[LEARNED];
	char found[FOUND];
} * shared;

static void find(const char *table, const char *key, const char *what, const char *text)
{
	size_t used = strlen(shared->found);

	snprintf(shared->found + used, FOUND - used, "%s %s: %s: %.400s\n", table, key, what, text);
}

static int is_learned(const char *text)
{
	for (size_t at = 0; at < shared->used; at += strlen(shared->learned + at) + 1)
		if (!strcmp(shared->learned + at, text))
			return 1;
	return 0;
}

static void learn(const char *text)
{
	size_t size = strlen(text) + 1;

	if (size > LEARNED - shared->used)
		abort();
	memcpy(shared->learned + shared->used, text, size);
	shared->used += size;
}

/* Tables in which records have the same values in each run from one image. */
static int is_same_each_time(const char *table)
{
	static const char *const tables[] = {"snapshot", "deployed", "last", "ledger"};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(table, tables[i]))
			return 1;
	return 0;
}

/* Of a value only its type stays. */
static void blank(cJSON *json)
{
	cJSON *item;

	cJSON_ArrayForEach (item, json)
		blank(item);
	if (cJSON_IsString(json))
		json->valuestring[0] = '\0';
	if (cJSON_IsNumber(json))
		cJSON_SetNumberValue(json, 0);
}

/* The end of a deployment; one that was recovered need not have failed. */
static void check_end(const char *key, const cJSON *record, const char *text)
{
	const char *outcome = smd_json_string(record, "outcome");

	if (!outcome || (strcmp(outcome, "running") && !smd_json_string(record, "ended")))
		find("deployment", key, "it lacks its outcome or its end", text);
	if (!smd_json_string(record, "error") != !smd_json_string(record, "error-device") ||
	    !smd_json_string(record, "error") != !smd_json_string(record, "error-where"))
		find("deployment", key, "it lacks its error, or a part of it", text);
}

static void check_device(const char *key, const cJSON *device, const char *text)
{
	static const char *const states[] = {"done", "rolled-back", "attention"};
	const char *outcome = smd_json_string(device, "outcome");
	int has_state = 0;

	for (size_t i = 0; outcome && i < sizeof(states) / sizeof(states[0]); i++)
		has_state |= !strcmp(outcome, states[i]);
	if (!outcome || !smd_json_string(device, "name") ||
	    (has_state && !smd_json_string(device, "state")) ||
	    (!strcmp(outcome, "attention") && !smd_json_string(device, "problem")))
		find("deployment", key, "a device lacks a member", text);
}

/* Judge the members that depend on the end, and remove them from a deployment's record. */
static void take_end(const char *key, cJSON *record, const char *text)
{
	static const char *const members[] = {"outcome",     "ended",      "error", "error-device",
					      "error-where", "not-proven", "proof", "accepted-by"};
	cJSON *device;

	if (shared->checks)
		check_end(key, record, text);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		cJSON_DeleteItemFromObjectCaseSensitive(record, members[i]);
	cJSON_ArrayForEach (device, smd_json_array(record, "devices")) {
		cJSON *name = cJSON_DetachItemFromObjectCaseSensitive(device, "name");

		if (shared->checks) {
			cJSON_AddItemReferenceToObject(device, "name", name);
			check_device(key, device, text);
		}
		while (device->child)
			cJSON_Delete(cJSON_DetachItemViaPointer(device, device->child));
		if (name)
			cJSON_AddItemToObject(device, "name", name);
	}
}

/* The text by which a record is compared: its table and members, and its values if they count. */
static char *text_of(const struct smd_store_item *item)
{
	cJSON *json = cJSON_ParseWithLength(item->value, item->size);
	char *value = json ? cJSON_PrintUnformatted(json) : NULL, *text = NULL;
	int same = is_same_each_time(item->table);

	if (!value)
		abort();
	if (!strcmp(item->table, "deployment"))
		take_end(item->key, json, value);
	if (!same)
		blank(json);
	free(value);
	value = cJSON_PrintUnformatted(json);
	if (!value || asprintf(&text, "%s %s %s", item->table, same ? item->key : "", value) < 0)
		abort();
	cJSON_Delete(json);
	free(value);
	return text;
}

static void watch(const struct smd_store_item *item)
{
	char *text;

	if (shared->checks && !starve_counts())
		return;
	if (!item->size || ((const char *)item->value)[0] != '{')
		return; /* a document, and what was read of it */
	starve_spare(1);
	text = text_of(item);
	if (!is_learned(text)) {
		if (shared->checks)
			find(item->table, item->key, "it is like none when nothing is wrong", text);
		else
			learn(text);
	}
	free(text);
	starve_spare(0);
}

void whole_init(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		abort();
	store_watch = watch;
}

void whole_check(void)
{
	shared->checks = 1;
	shared->found[0] = '\0';
}

const char *whole_found(void)
{
	return shared->found;
}
