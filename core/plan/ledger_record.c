/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of a ledger: one a row.
 *
 *   {"path": PATH, "owners": [OWNER...], "foreign": true, "was": BYTES,
 *    "numbers": {OWNER: "1,10-20"}, "foreign-numbers": "10"}
 *
 * Each member that has nothing to say is left out, except the first three. Earlier builds
 * had a record for each number of a set besides that of the node: its path is the node's path, `/`
 * and the number in brackets, which is no node's path. Such records are read as part of the row,
 * and deleted when the row is saved.
 */
#include "core/plan/ledger.h"

#include <stdio.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/hash.h"
#include "core/tree/set_ops.h"

/* Writing */

static cJSON *set_json(const struct smd_set *set)
{
	size_t size = smd_set_format(set, NULL, 0) + 1;
	smd_cleanup(free) char *text = malloc(size);

	if (!text)
		return NULL;
	smd_set_format(set, text, size);
	return cJSON_CreateString(text);
}

/* Consumes the item; 0: no memory. */
static int put_take(cJSON *object, const char *name, cJSON *item)
{
	if (item && cJSON_AddItemToObject(object, name, item))
		return 1;
	cJSON_Delete(item);
	return 0;
}

static int put_owners(cJSON *json, const struct smd_ledger_row *row)
{
	cJSON *owners = cJSON_AddArrayToObject(json, "owners"), *numbers = NULL;
	int good = owners != NULL;

	for (size_t i = 0; i < row->owner_count && good; i++) {
		const struct smd_ledger_owner *owner = &row->owners[i];
		cJSON *name = cJSON_CreateString(owner->name);

		good = name && cJSON_AddItemToArray(owners, name);
		if (!good || !owner->numbers.count)
			continue;
		if (!numbers)
			numbers = cJSON_AddObjectToObject(json, "numbers");
		good = numbers && put_take(numbers, owner->name, set_json(&owner->numbers));
	}
	return good;
}

/* The caller's; NULL: no memory. */
static cJSON *row_json(const struct smd_ledger_row *row)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	int good = json && cJSON_AddStringToObject(json, "path", row->path) &&
		   put_owners(json, row) && cJSON_AddBoolToObject(json, "foreign", row->foreign);

	if (good && row->was)
		good = put_take(json, "was", smd_json_bytes(row->was, row->was_size));
	if (good && row->foreign_numbers.count)
		good = put_take(json, "foreign-numbers", set_json(&row->foreign_numbers));
	return good ? smd_take(json) : NULL;
}

/* The record's key has the path's digest, because a path can be longer than a key. */
static void record_key(const char *device, const char *path, char *out, size_t size)
{
	char digest[SMD_SHA256_HEX] = "";

	if (smd_sha256_hex(path, strlen(path), digest))
		digest[0] = '\0';
	snprintf(out, size, "%s %s", device, digest);
}

static int same_owners(const struct smd_ledger_row *a, const struct smd_ledger_row *b)
{
	if (a->owner_count != b->owner_count)
		return 0;
	for (size_t i = 0; i < a->owner_count; i++)
		if (strcmp(a->owners[i].name, b->owners[i].name) != 0 ||
		    !smd_set_equal(&a->owners[i].numbers, &b->owners[i].numbers))
			return 0;
	return 1;
}

static int same_row(const struct smd_ledger_row *a, const struct smd_ledger_row *b)
{
	int same_value = !a->was == !b->was && a->was_size == b->was_size &&
			 (!a->was || !memcmp(a->was, b->was, a->was_size));

	return same_value && a->foreign == b->foreign &&
	       smd_set_equal(&a->foreign_numbers, &b->foreign_numbers) && same_owners(a, b);
}

static void save_row(const struct smd_ledger_row *row, const char *device, struct smd_batch *batch)
{
	smd_cleanup(cJSON_Delete) cJSON *json = row_json(row);
	char key[SMD_STORE_KEY];

	if (!json) {
		batch->err = SMD_E_NO_MEMORY;
		return;
	}
	record_key(device, row->path, key, sizeof(key));
	smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "ledger", key, json);
}

/* Delete the records of numbers that an earlier build has written. */
static void delete_apart(const struct smd_ledger_row *row, const char *device,
			 struct smd_batch *batch)
{
	size_t size = strlen(row->path) + sizeof("/[4294967295]");
	struct smd_set_walk walk = {.set = &row->apart};
	smd_cleanup(free) char *path = row->apart.count ? malloc(size) : NULL;
	char key[SMD_STORE_KEY];

	if (row->apart.count && !path) {
		batch->err = SMD_E_NO_MEMORY;
		return;
	}
	while (smd_set_walk_next(&walk))
		for (uint64_t n = walk.run.first; n <= walk.run.last; n++) {
			snprintf(path, size, "%s/[%u]", row->path, (unsigned)n);
			record_key(device, path, key, sizeof(key));
			smd_batch_delete(batch, "ledger", key);
		}
}

void smd_ledger_save(const struct smd_ledger *before, const struct smd_ledger *after,
		     const char *device, struct smd_batch *batch)
{
	char key[SMD_STORE_KEY];

	for (size_t i = 0; i < before->count; i++) {
		record_key(device, before->rows[i].path, key, sizeof(key));
		if (!smd_ledger_find(after, before->rows[i].path))
			smd_batch_delete(batch, "ledger", key);
		delete_apart(&before->rows[i], device, batch);
	}
	for (size_t i = 0; i < after->count; i++) {
		const struct smd_ledger_row *row = &after->rows[i];
		const struct smd_ledger_row *old = smd_ledger_find(before, row->path);

		if (!old || old->apart.count || !same_row(old, row))
			save_row(row, device, batch);
	}
}

/* Reading */

static int read_set(const cJSON *json, struct smd_set *out)
{
	if (!cJSON_IsString(json))
		return SMD_E_INVALID;
	return smd_set_parse(out, json->valuestring, strlen(json->valuestring), NULL);
}

static int read_owners(const cJSON *json, struct smd_ledger_row *row)
{
	const cJSON *owner;
	int err = 0;

	cJSON_ArrayForEach (owner, smd_json_array(json, "owners"))
		err = err                     ? err
		      : cJSON_IsString(owner) ? smd_ledger_row_add_owner(row, owner->valuestring)
					      : SMD_E_INVALID;
	return err;
}

static int read_numbers(const cJSON *json, struct smd_ledger_row *row)
{
	static const struct smd_set nobodys;
	const cJSON *foreign = smd_json_member(json, "foreign-numbers"), *numbers;
	int err = foreign ? read_set(foreign, &row->foreign_numbers) : 0;

	cJSON_ArrayForEach (numbers, smd_json_object(json, "numbers")) {
		smd_cleanup(smd_set_done) struct smd_set set = {0};

		if (!err)
			err = read_set(numbers, &set);
		if (!err)
			err = smd_ledger_row_add_numbers(row, numbers->string, &set, &nobodys);
	}
	return err;
}

/* A number that has a record of its own. */
struct apart {
	struct smd_ledger_row row; /* its path is that of the node */
	uint32_t number;
};

struct loading {
	struct smd_ledger *ledger;
	struct apart *aparts;
	size_t count, room;
	struct smd_error *error;
};

/* Cut `/[NUMBER]` off a path. 0: it does not end so, so it is a node's path. */
static int cut_number(char *path, uint32_t *number)
{
	size_t length = strlen(path), digits = 0, first;
	uint64_t value = 0;

	if (!length || path[length - 1] != ']')
		return 0;
	first = length - 1;
	while (first && path[first - 1] >= '0' && path[first - 1] <= '9') {
		first--;
		digits++;
	}
	if (!digits || digits > 10 || first < 2 || path[first - 1] != '[' || path[first - 2] != '/')
		return 0;
	for (size_t i = first; i < length - 1; i++)
		value = value * 10 + (uint64_t)(path[i] - '0');
	if (value > UINT32_MAX)
		return 0;
	path[first - 2] = '\0';
	*number = (uint32_t)value;
	return 1;
}

static int read_apart(struct loading *loading, const cJSON *json, char *path_take, uint32_t number)
{
	struct apart *apart;

	if (smd_make_room(&loading->aparts, loading->count, &loading->room, sizeof(*apart))) {
		free(path_take);
		return SMD_E_NO_MEMORY;
	}
	apart = &loading->aparts[loading->count++];
	*apart = (struct apart){.row = {.path = path_take}, .number = number};
	apart->row.foreign = smd_json_bool(json, "foreign", 0);
	return read_owners(json, &apart->row);
}

static int read_row(struct loading *loading, const cJSON *json)
{
	const char *path = smd_json_string(json, "path");
	const cJSON *was = smd_json_member(json, "was");
	smd_cleanup(free) char *copy = path ? strdup(path) : NULL;
	struct smd_ledger_row *row;
	uint32_t number;
	int fresh, err = 0;

	if (!copy)
		return path ? SMD_E_NO_MEMORY : SMD_E_INVALID;
	if (cut_number(copy, &number))
		return read_apart(loading, json, smd_take(copy), number);
	row = smd_ledger_add(loading->ledger, path, &fresh);
	if (!row)
		return SMD_E_NO_MEMORY;
	row->foreign = smd_json_bool(json, "foreign", 0);
	if (was && !row->was)
		err = smd_json_read_bytes(was, &row->was, &row->was_size);
	if (!err)
		err = read_owners(json, row);
	return err ? err : read_numbers(json, row);
}

static int on_record(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct loading *loading = arg;
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	int err = smd_json_parse(value, size, key, &json, loading->error);

	(void)revision;
	if (err)
		return err;
	err = read_row(loading, json);
	return err ? smd_fail(loading->error, err, "the ledger's record \"%s\" is damaged", key)
		   : 0;
}

/* Lower numbers first, so that each is added at the end. */
static int by_number(const void *a, const void *b)
{
	const struct apart *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int join_apart(struct smd_ledger *ledger, const struct apart *apart)
{
	static const struct smd_set nobodys;
	struct smd_set number = {.ranges = &(struct smd_range){apart->number, apart->number},
				 .count = 1};
	int fresh, err;
	struct smd_ledger_row *row = smd_ledger_add(ledger, apart->row.path, &fresh);

	if (!row)
		return SMD_E_NO_MEMORY;
	err = smd_set_add_all(&row->apart, &number);
	for (size_t i = 0; i < apart->row.owner_count && !err; i++) {
		const char *owner = apart->row.owners[i].name;

		err = smd_ledger_row_add_owner(row, owner);
		if (!err)
			err = smd_ledger_row_add_numbers(row, owner, &number, &nobodys);
	}
	if (!err && apart->row.foreign && apart->row.owner_count)
		err = smd_set_add_all(&row->foreign_numbers, &number);
	return err;
}

static int join_aparts(struct loading *loading)
{
	int err = 0;

	if (loading->count)
		qsort(loading->aparts, loading->count, sizeof(*loading->aparts), by_number);
	for (size_t i = 0; i < loading->count && !err; i++)
		err = join_apart(loading->ledger, &loading->aparts[i]);
	return err ? smd_fail(loading->error, err, "out of memory") : 0;
}

static void loading_done(struct loading *loading)
{
	for (size_t i = 0; i < loading->count; i++)
		smd_ledger_row_done(&loading->aparts[i].row);
	free(loading->aparts);
}

int smd_ledger_load(struct smd_ledger *out, struct smd_store_thread *store_thread,
		    const char *device, struct smd_error *error)
{
	struct loading loading = {.ledger = out, .error = error};
	char prefix[SMD_STORE_KEY];
	int err;

	*out = (struct smd_ledger){0};
	snprintf(prefix, sizeof(prefix), "%s ", device);
	err = smd_store_thread_each(store_thread, "ledger", prefix, on_record, &loading, error);
	if (!err)
		err = join_aparts(&loading);
	loading_done(&loading);
	if (err)
		smd_ledger_done(out);
	return err;
}
