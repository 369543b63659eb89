/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/ledger.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"

static void row_done(struct smd_ledger_row *row)
{
	for (size_t i = 0; i < row->owner_count; i++)
		free(row->owners[i]);
	free(row->owners);
	free(row->path);
	free(row->was);
}

void smd_ledger_done(struct smd_ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		row_done(&ledger->rows[i]);
	free(ledger->rows);
	*ledger = (struct smd_ledger){0};
}

/* The index of the path's row, or the index at which it must be inserted. */
static size_t find_place(const struct smd_ledger *ledger, const char *path, int *there)
{
	size_t low = 0, high = ledger->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(ledger->rows[middle].path, path);

		if (!order) {
			*there = 1;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = 0;
	return low;
}

struct smd_ledger_row *smd_ledger_find(const struct smd_ledger *ledger, const char *path)
{
	int there;
	size_t at = find_place(ledger, path, &there);

	return there ? &ledger->rows[at] : NULL;
}

struct smd_ledger_row *smd_ledger_add(struct smd_ledger *ledger, const char *path, int *fresh)
{
	int there;
	size_t at = find_place(ledger, path, &there);
	char *copy;

	*fresh = !there;
	if (there)
		return &ledger->rows[at];
	if (ledger->count == ledger->room) {
		size_t room = ledger->room ? ledger->room * 2 : 16;
		struct smd_ledger_row *rows = reallocarray(ledger->rows, room, sizeof(*rows));

		if (!rows)
			return NULL;
		ledger->rows = rows;
		ledger->room = room;
	}
	copy = strdup(path);
	if (!copy)
		return NULL;
	memmove(&ledger->rows[at + 1], &ledger->rows[at],
		(ledger->count - at) * sizeof(*ledger->rows));
	ledger->count++;
	ledger->rows[at] = (struct smd_ledger_row){.path = copy};
	return &ledger->rows[at];
}

void smd_ledger_drop(struct smd_ledger *ledger, const char *path)
{
	int there;
	size_t at = find_place(ledger, path, &there);

	if (!there)
		return;
	row_done(&ledger->rows[at]);
	ledger->count--;
	memmove(&ledger->rows[at], &ledger->rows[at + 1],
		(ledger->count - at) * sizeof(*ledger->rows));
}

int smd_ledger_row_owned_by(const struct smd_ledger_row *row, const char *owner)
{
	for (size_t i = 0; i < row->owner_count; i++)
		if (!strcmp(row->owners[i], owner))
			return 1;
	return 0;
}

int smd_ledger_row_add_owner(struct smd_ledger_row *row, const char *owner)
{
	char **owners;

	if (smd_ledger_row_owned_by(row, owner))
		return 0;
	owners = reallocarray(row->owners, row->owner_count + 1, sizeof(*owners));
	if (!owners)
		return SMD_E_NO_MEMORY;
	row->owners = owners;
	owners[row->owner_count] = strdup(owner);
	if (!owners[row->owner_count])
		return SMD_E_NO_MEMORY;
	row->owner_count++;
	return 0;
}

void smd_ledger_row_remove_owner(struct smd_ledger_row *row, const char *owner)
{
	for (size_t i = 0; i < row->owner_count; i++) {
		if (strcmp(row->owners[i], owner))
			continue;
		free(row->owners[i]);
		row->owners[i] = row->owners[--row->owner_count];
		return;
	}
}

/* Records */

static cJSON *row_json(const struct smd_ledger_row *row)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *owners = cJSON_AddArrayToObject(json, "owners");

	cJSON_AddStringToObject(json, "path", row->path);
	for (size_t i = 0; i < row->owner_count; i++)
		cJSON_AddItemToArray(owners, cJSON_CreateString(row->owners[i]));
	cJSON_AddBoolToObject(json, "foreign", row->foreign);
	if (row->was)
		cJSON_AddItemToObject(json, "was", smd_json_bytes(row->was, row->was_size));
	return json;
}

static int add_json(struct smd_ledger *ledger, const cJSON *json)
{
	const char *path = smd_json_string(json, "path");
	const cJSON *was = smd_json_member(json, "was");
	const cJSON *owner;
	struct smd_ledger_row *row;
	int fresh, err = 0;

	row = path ? smd_ledger_add(ledger, path, &fresh) : NULL;
	if (!row)
		return SMD_E_NO_MEMORY;
	row->foreign = smd_json_bool(json, "foreign", 0);
	if (was && !row->was)
		err = smd_json_read_bytes(was, &row->was, &row->was_size);
	cJSON_ArrayForEach (owner, smd_json_array(json, "owners"))
		err = err                     ? err
		      : cJSON_IsString(owner) ? smd_ledger_row_add_owner(row, owner->valuestring)
					      : SMD_E_INVALID;
	return err;
}

/* The record's key has the path's digest, because a path can be longer than a key. */
static void record_key(const char *device, const char *path, char *out, size_t size)
{
	char digest[SMD_SHA256_HEX] = "";

	if (smd_sha256_hex(path, strlen(path), digest))
		digest[0] = '\0';
	snprintf(out, size, "%s %s", device, digest);
}

struct loading {
	struct smd_ledger *ledger;
	struct smd_error *error;
};

static int on_record(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct loading *loading = arg;
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	int err = smd_json_parse(value, size, key, &json, loading->error);

	(void)revision;
	if (err)
		return err;
	err = add_json(loading->ledger, json);
	return err ? smd_fail(loading->error, err, "the ledger's record \"%s\" is damaged", key)
		   : 0;
}

int smd_ledger_load(struct smd_ledger *out, struct smd_store_thread *store_thread,
		    const char *device, struct smd_error *error)
{
	struct loading loading = {out, error};
	char prefix[SMD_STORE_KEY];
	int err;

	*out = (struct smd_ledger){0};
	snprintf(prefix, sizeof(prefix), "%s ", device);
	err = smd_store_thread_each(store_thread, "ledger", prefix, on_record, &loading, error);
	if (err)
		smd_ledger_done(out);
	return err;
}

int smd_ledger_copy(struct smd_ledger *out, const struct smd_ledger *from)
{
	*out = (struct smd_ledger){0};
	for (size_t i = 0; i < from->count; i++) {
		smd_cleanup(cJSON_Delete) cJSON *json = row_json(&from->rows[i]);

		if (!json || add_json(out, json)) {
			smd_ledger_done(out);
			return SMD_E_NO_MEMORY;
		}
	}
	return 0;
}

static int same_row(const struct smd_ledger_row *a, const struct smd_ledger_row *b)
{
	smd_cleanup(cJSON_Delete) cJSON *one = row_json(a);
	smd_cleanup(cJSON_Delete) cJSON *other = row_json(b);

	return cJSON_Compare(one, other, 1);
}

void smd_ledger_save(const struct smd_ledger *before, const struct smd_ledger *after,
		     const char *device, struct smd_batch *batch)
{
	char key[SMD_STORE_KEY];

	for (size_t i = 0; i < before->count; i++) {
		record_key(device, before->rows[i].path, key, sizeof(key));
		if (!smd_ledger_find(after, before->rows[i].path))
			smd_batch_delete(batch, "ledger", key);
	}
	for (size_t i = 0; i < after->count; i++) {
		const struct smd_ledger_row *row = &after->rows[i];
		const struct smd_ledger_row *old = smd_ledger_find(before, row->path);
		smd_cleanup(cJSON_Delete) cJSON *json = NULL;

		if (old && same_row(old, row))
			continue;
		json = row_json(row);
		record_key(device, row->path, key, sizeof(key));
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "ledger", key, json);
	}
}
