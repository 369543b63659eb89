/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store in memory: an array of records, sorted by table and key. A batch first allocates
 * everything that it needs, so that the rest cannot fail.
 */
#include <smartdeploy/plugin.h>

#include <stdlib.h>
#include <string.h>

#include "../common/record.h"

struct record {
	char *table, *key;
	void *value;
	size_t size;
	uint64_t revision;
};

struct store {
	struct record *records;
	size_t count, room;
	unsigned readers; /* number of each() calls that are running */
};

static void record_done(struct record *record)
{
	if (record->value)
		explicit_bzero(record->value, record->size);
	free(record->value);
	free(record->table);
	free(record->key);
}

static int memory_open(const char *where, enum smd_store_mode mode,
		       const struct smd_settings *settings, void **out, struct smd_error *error)
{
	struct store *store;

	(void)where;
	(void)settings;
	if (mode != SMD_STORE_OWN)
		return smd_fail(error, SMD_E_UNSUPPORTED,
				"cannot look into a store in memory: it is its owner's alone");
	store = calloc(1, sizeof(*store));
	if (!store)
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot open a store: out of memory");
	*out = store;
	return 0;
}

static void memory_close(void *opaque)
{
	struct store *store = opaque;

	if (!store)
		return;
	for (size_t i = 0; i < store->count; i++)
		record_done(&store->records[i]);
	free(store->records);
	free(store);
}

/* Index of the first record that is not before table and key. */
static size_t lower_bound(const struct store *store, const char *table, const char *key)
{
	size_t low = 0, high = store->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct record *record = &store->records[middle];
		int order = strcmp(record->table, table);

		if (!order)
			order = strcmp(record->key, key);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The record at `index` if it has this table and key, else NULL. */
static struct record *record_at(const struct store *store, size_t index, const char *table,
				const char *key)
{
	struct record *record = index < store->count ? &store->records[index] : NULL;

	if (!record || strcmp(record->table, table) != 0 || strcmp(record->key, key) != 0)
		return NULL;
	return record;
}

static struct record *find_record(const struct store *store, const char *table, const char *key)
{
	return record_at(store, lower_bound(store, table, key), table, key);
}

static int check_needs(const struct store *store, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	for (size_t i = 0; i < count; i++) {
		const struct record *record = find_record(store, items[i].table, items[i].key);
		int err = record_check_need(&items[i], record ? record->revision : 0, error);

		if (!err)
			continue;
		if (culprit)
			*culprit = i;
		return err;
	}
	return 0;
}

static int reserve(struct store *store, size_t more)
{
	size_t room = store->room;
	struct record *records;

	if (more > SIZE_MAX / 2 - store->count)
		return SMD_E_NO_MEMORY;
	if (store->count + more <= room)
		return 0;
	room = 2 * (store->count + more);
	records = reallocarray(store->records, room, sizeof(*records));
	if (!records)
		return SMD_E_NO_MEMORY;
	store->records = records;
	store->room = room;
	return 0;
}

/* Copy the key and value of an item that is to be written. */
static int copy_item(const struct smd_store_item *item, struct record *copy)
{
	if (item->op != SMD_STORE_PUT)
		return 0;
	copy->table = strdup(item->table);
	copy->key = strdup(item->key);
	copy->value = malloc(item->size + 1);
	if (!copy->table || !copy->key || !copy->value)
		return SMD_E_NO_MEMORY;
	if (item->size)
		memcpy(copy->value, item->value, item->size);
	copy->size = item->size;
	return 0;
}

static int copy_items(const struct smd_store_item *items, size_t count, struct record **out)
{
	struct record *copies = calloc(count + 1, sizeof(*copies));
	int err = copies ? 0 : SMD_E_NO_MEMORY;

	for (size_t i = 0; i < count && !err; i++)
		err = copy_item(&items[i], &copies[i]);
	*out = copies;
	return err;
}

static void put_record(struct store *store, struct record *copy_take)
{
	size_t index = lower_bound(store, copy_take->table, copy_take->key);
	struct record *place = record_at(store, index, copy_take->table, copy_take->key);

	copy_take->revision = place ? place->revision + 1 : 1;
	if (place) {
		record_done(place);
	} else {
		place = &store->records[index];
		memmove(place + 1, place, (store->count - index) * sizeof(*place));
		store->count++;
	}
	*place = *copy_take;
	*copy_take = (struct record){0};
}

static void drop(struct store *store, const char *table, const char *key)
{
	struct record *place = find_record(store, table, key);
	size_t behind;

	if (!place)
		return;
	behind = store->count - (size_t)(place - store->records) - 1;
	record_done(place);
	memmove(place, place + 1, behind * sizeof(*place));
	store->count--;
}

static int memory_apply(void *opaque, const struct smd_store_item *items, size_t count,
			size_t *culprit, struct smd_error *error)
{
	struct store *store = opaque;
	struct record *copies = NULL;
	int err;

	if (store->readers)
		return smd_fail(error, SMD_E_INTERNAL, "cannot write to a store while reading it");
	err = record_check_items(items, count, error);
	if (!err)
		err = check_needs(store, items, count, culprit, error);
	if (err)
		return err;
	err = copy_items(items, count, &copies);
	if (!err)
		err = reserve(store, count);
	if (err)
		smd_fail(error, err, "cannot write to the store: out of memory");
	for (size_t i = 0; i < count && !err; i++)
		if (items[i].op == SMD_STORE_PUT)
			put_record(store, &copies[i]);
		else if (items[i].op == SMD_STORE_DELETE)
			drop(store, items[i].table, items[i].key);
	for (size_t i = 0; i < count && copies; i++)
		record_done(&copies[i]);
	free(copies);
	return err;
}

static int memory_get(void *opaque, const char *table, const char *key, void **value, size_t *size,
		      uint64_t *revision, struct smd_error *error)
{
	const struct record *record;
	char *copy;
	int err = record_check_name(table, key, error);

	if (err)
		return err;
	record = find_record(opaque, table, key);
	if (!record)
		return SMD_E_NOT_FOUND;
	if (value) {
		copy = malloc(record->size + 1);
		if (!copy)
			return smd_fail(error, SMD_E_NO_MEMORY,
					"cannot read %s \"%s\": out of memory", table, key);
		memcpy(copy, record->value, record->size);
		copy[record->size] = '\0';
		*value = copy;
	}
	if (size)
		*size = record->size;
	if (revision)
		*revision = record->revision;
	return 0;
}

static int memory_each(void *opaque, const char *table, const char *prefix, smd_store_each_fn each,
		       void *arg, struct smd_error *error)
{
	struct store *store = opaque;
	int err = record_check_name(table, prefix, error);

	if (err)
		return err;
	store->readers++;
	for (size_t i = lower_bound(store, table, prefix); i < store->count && !err; i++) {
		const struct record *record = &store->records[i];

		if (strcmp(record->table, table) != 0 ||
		    strncmp(record->key, prefix, strlen(prefix)) != 0)
			break;
		err = each(arg, record->key, record->value, record->size, record->revision);
	}
	store->readers--;
	return err;
}

/* Does the record belong to the table, and its key begin with the prefix? */
static int is_in(const struct record *record, const struct smd_store_range *range)
{
	return strcmp(record->table, range->table) == 0 &&
	       strncmp(record->key, range->prefix, strlen(range->prefix)) == 0;
}

/* The first record behind the range; behind `beyond` when going backward. */
static size_t upper_bound(const struct store *store, const struct smd_store_range *range)
{
	size_t index = lower_bound(store, range->table, range->prefix), end;

	while (index < store->count && is_in(&store->records[index], range))
		index++;
	if (!range->backward || !range->beyond)
		return index;
	end = lower_bound(store, range->table, range->beyond);
	return end < index ? end : index;
}

static size_t first_of(const struct store *store, const struct smd_store_range *range)
{
	size_t index = lower_bound(store, range->table, range->prefix), next;

	if (range->backward || !range->beyond)
		return index;
	next = lower_bound(store, range->table, range->beyond);
	next += record_at(store, next, range->table, range->beyond) != NULL;
	return next > index ? next : index;
}

static int memory_list(void *opaque, const struct smd_store_range *range, smd_store_row_fn row,
		       void *arg, struct smd_error *error)
{
	struct store *store = opaque;
	size_t first, end, count;
	int err = record_check_name(range->table, range->prefix, error);

	if (!err && range->beyond)
		err = record_check_name(range->table, range->beyond, error);
	if (err)
		return err;
	first = first_of(store, range);
	end = upper_bound(store, range);
	count = end > first ? end - first : 0;
	if (range->limit && count > range->limit)
		count = range->limit;
	store->readers++;
	for (size_t i = 0; i < count && !err; i++) {
		const struct record *at =
			&store->records[range->backward ? end - 1 - i : first + i];
		struct smd_store_row one = {.key = at->key};

		if (!range->keys) {
			one.value = at->value;
			one.size = at->size;
			one.revision = at->revision;
		}
		err = row(arg, &one);
	}
	store->readers--;
	return err;
}

static const struct smd_store ops = {
	.open = memory_open,
	.close = memory_close,
	.apply = memory_apply,
	.get = memory_get,
	.each = memory_each,
	.list = memory_list,
};

static const struct smd_plugin plugin = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "memory",
		 .summary = "Store that is forgotten with the process", .version = "1.0"},
	.kind = SMD_PLUGIN_STORE,
	.ops_size = sizeof(ops),
	.store = &ops,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	return &plugin;
}
