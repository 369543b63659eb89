/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include "fleet.h"
#include "plugins/common/record.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A record in the arena: this, table NUL, key NUL, value. */
struct record {
	uint32_t size; /* of all of it, a multiple of 8 */
	uint32_t value_at, value_size;
	uint32_t key_at;
	uint64_t revision;
	char bytes[];
};

struct handle {
	struct fleet *fleet;
	struct store_block *block;
	enum smd_store_mode mode;
};

void (*store_watch)(const struct smd_store_item *item);

void store_init(struct store_block *block, size_t size)
{
	memset(block, 0, sizeof(*block));
	block->size = size;
	block->room = STORE_RECORDS;
	block->used = (sizeof(*block) + STORE_RECORDS * sizeof(block->index[0]) + 7) / 8 * 8;
}

static struct record *record_of(const struct store_block *block, size_t index)
{
	return (struct record *)((char *)block + block->index[index]);
}

static int compare_record(const struct record *record, const char *table, const char *key)
{
	int order = strcmp(record->bytes, table);

	return order ? order : strcmp(record->bytes + record->key_at, key);
}

/* Index of the first record that is not before table and key. */
static size_t lower_bound(const struct store_block *block, const char *table, const char *key)
{
	size_t low = 0, high = block->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_record(record_of(block, middle), table, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct record *find_record(const struct store_block *block, const char *table,
				  const char *key)
{
	size_t index = lower_bound(block, table, key);

	if (index == block->count || compare_record(record_of(block, index), table, key) != 0)
		return NULL;
	return record_of(block, index);
}

const char *store_get(const struct store_block *block, const char *table, const char *key,
		      size_t *size)
{
	const struct record *record = find_record(block, table, key);

	if (!record)
		return NULL;
	*size = record->value_size;
	return record->bytes + record->value_at;
}

static size_t arena_start(const struct store_block *block)
{
	return (sizeof(*block) + block->room * sizeof(block->index[0]) + 7) / 8 * 8;
}

static int by_offset(const void *a, const void *b)
{
	uint32_t left = **(uint32_t *const *)a, right = **(uint32_t *const *)b;

	return left < right ? -1 : left > right;
}

/* Move the records together, in the order in which they lie. Returns 0 without memory. */
static int compact(struct store_block *block)
{
	uint32_t **order = malloc((block->count + 1) * sizeof(*order));
	size_t used = arena_start(block);

	if (!order)
		return 0;
	for (size_t i = 0; i < block->count; i++)
		order[i] = &block->index[i];
	qsort(order, block->count, sizeof(*order), by_offset);
	for (size_t i = 0; i < block->count; i++) {
		size_t size = ((struct record *)((char *)block + *order[i]))->size;

		memmove((char *)block + used, (char *)block + *order[i], size);
		*order[i] = (uint32_t)used;
		used += size;
	}
	block->used = used;
	free(order);
	return 1;
}

static size_t item_size(const struct smd_store_item *item)
{
	if (item->op != SMD_STORE_PUT)
		return 0;
	return (sizeof(struct record) + strlen(item->table) + strlen(item->key) + 2 + item->size +
		7) /
	       8 * 8;
}

/* Make room for all items before the first is written. */
static int has_room(struct store_block *block, const struct smd_store_item *items, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += item_size(&items[i]);
	if (block->count + count > block->room)
		return 0;
	if (block->used + size > block->size && !compact(block))
		return 0;
	return block->used + size <= block->size;
}

static void delete_item(struct store_block *block, const struct smd_store_item *item)
{
	size_t index = lower_bound(block, item->table, item->key);

	if (index == block->count ||
	    compare_record(record_of(block, index), item->table, item->key) != 0)
		return;
	memmove(&block->index[index], &block->index[index + 1],
		(block->count - index - 1) * sizeof(block->index[0]));
	block->count--;
}

static void put_item(struct store_block *block, const struct smd_store_item *item)
{
	const struct record *old = find_record(block, item->table, item->key);
	struct record *record = (struct record *)((char *)block + block->used);
	size_t index;

	record->size = (uint32_t)item_size(item);
	record->revision = old ? old->revision + 1 : 1;
	record->key_at = (uint32_t)strlen(item->table) + 1;
	record->value_at = record->key_at + (uint32_t)strlen(item->key) + 1;
	record->value_size = (uint32_t)item->size;
	memcpy(record->bytes, item->table, record->key_at);
	memcpy(record->bytes + record->key_at, item->key, strlen(item->key) + 1);
	if (item->size)
		memcpy(record->bytes + record->value_at, item->value, item->size);
	delete_item(block, item);
	index = lower_bound(block, item->table, item->key);
	memmove(&block->index[index + 1], &block->index[index],
		(block->count - index) * sizeof(block->index[0]));
	block->index[index] = (uint32_t)block->used;
	block->count++;
	block->used += record->size;
	if (store_watch)
		store_watch(item);
}

static int check_needs(const struct store_block *block, const struct smd_store_item *items,
		       size_t count, size_t *culprit, struct smd_error *error)
{
	for (size_t i = 0; i < count; i++) {
		const struct record *record = find_record(block, items[i].table, items[i].key);
		int err = record_check_need(&items[i], record ? record->revision : 0, error);

		if (!err)
			continue;
		if (culprit)
			*culprit = i;
		return err;
	}
	return 0;
}

static enum store_fault next_fault(struct store_block *block)
{
	block->applies++;
	if (!block->fault_at || block->applies < block->fault_at ||
	    (block->applies > block->fault_at && !block->always))
		return STORE_GOOD;
	return block->fault;
}

/* Whether a place that is crowded by others has room for the items: what was kept is used up. */
static int takes_kept(struct store_block *block, const struct smd_store_item *items, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		if (items[i].op == SMD_STORE_PUT)
			size += strlen(items[i].key) + items[i].size;
	if (size > block->spare) {
		block->spare += block->kept;
		block->kept = 0;
	}
	if (size > block->spare)
		return 0;
	block->spare -= size;
	return 1;
}

static int write_items(struct store_block *block, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	enum store_fault fault = next_fault(block);
	int err = check_needs(block, items, count, culprit, error);

	if (err)
		return err;
	if (fault == STORE_FULL || !has_room(block, items, count) ||
	    (fault == STORE_CROWDED && !takes_kept(block, items, count)))
		return smd_fail(error, SMD_E_IO, "cannot write to the store: no space is left");
	for (size_t i = 0; i < count && fault != STORE_UNKNOWN_LOST; i++)
		if (items[i].op == SMD_STORE_PUT)
			put_item(block, &items[i]);
		else if (items[i].op == SMD_STORE_DELETE)
			delete_item(block, &items[i]);
	if (fault == STORE_GOOD || fault == STORE_CROWDED)
		return 0;
	return smd_fail(error, SMD_E_UNKNOWN, "the store was lost while it was writing");
}

static int store_apply(void *store, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	struct handle *handle = store;
	int err = record_check_items(items, count, error);

	if (err)
		return err;
	if (handle->mode != SMD_STORE_OWN)
		return smd_fail(error, SMD_E_DENIED, "cannot write to a store opened to look");
	fleet_lock(handle->fleet);
	if (handle->block->readers) {
		err = smd_fail(error, SMD_E_INTERNAL, "cannot write to a store while reading it");
	} else {
		fleet_point(handle->fleet, "store-before", "");
		err = write_items(handle->block, items, count, culprit, error);
		fleet_point(handle->fleet, "store-after", "");
	}
	fleet_unlock(handle->fleet);
	return err;
}

static int check_readable(const struct store_block *block, const char *table,
			  struct smd_error *error)
{
	if (strcmp(block->unreadable, table) != 0)
		return 0;
	return smd_fail(error, SMD_E_IO, "cannot read the store's table %s", table);
}

static int store_read(void *store, const char *table, const char *key, void **value, size_t *size,
		      uint64_t *revision, struct smd_error *error)
{
	struct handle *handle = store;
	int err = record_check_name(table, key, error);
	const struct record *record;
	char *copy = NULL;

	if (!err)
		err = check_readable(handle->block, table, error);
	if (err)
		return err;
	fleet_lock(handle->fleet);
	record = find_record(handle->block, table, key);
	if (record && value)
		copy = calloc(1, record->value_size + (size_t)1);
	if (!record)
		err = SMD_E_NOT_FOUND;
	else if (value && !copy)
		err = smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (copy)
		*value = memcpy(copy, record->bytes + record->value_at, record->value_size);
	if (!err && size)
		*size = record->value_size;
	if (!err && revision)
		*revision = record->revision;
	fleet_unlock(handle->fleet);
	return err;
}

static int store_each(void *store, const char *table, const char *prefix, smd_store_each_fn each,
		      void *arg, struct smd_error *error)
{
	struct handle *handle = store;
	struct store_block *block = handle->block;
	int err = record_check_name(table, prefix, error);

	if (!err)
		err = check_readable(block, table, error);
	if (err)
		return err;
	fleet_lock(handle->fleet);
	block->readers++;
	for (size_t i = lower_bound(block, table, prefix); i < block->count && !err; i++) {
		const struct record *record = record_of(block, i);
		const char *key = record->bytes + record->key_at;

		if (strcmp(record->bytes, table) != 0 || strncmp(key, prefix, strlen(prefix)) != 0)
			break;
		err = each(arg, key, record->bytes + record->value_at, record->value_size,
			   record->revision);
	}
	block->readers--;
	fleet_unlock(handle->fleet);
	return err;
}

/* Room is kept by numbers alone: STORE_CROWDED and STORE_FULL say when there is no other. */
static int store_reserve(void *store, size_t bytes, struct smd_error *error)
{
	struct handle *handle = store;
	struct store_block *block = handle->block;
	int is_full, err = 0;

	fleet_lock(handle->fleet);
	is_full = block->fault_at && block->applies >= block->fault_at && block->always &&
		  (block->fault == STORE_FULL || block->fault == STORE_CROWDED);
	if (is_full && bytes > block->kept)
		err = smd_fail(error, SMD_E_IO, "cannot keep room: no space is left");
	else
		block->kept = bytes;
	fleet_unlock(handle->fleet);
	return err;
}

static int is_alive(int32_t process)
{
	return process && (process == getpid() || !kill(process, 0) || errno == EPERM);
}

static int store_open(const char *where, enum smd_store_mode mode,
		      const struct smd_settings *settings, void **store, struct smd_error *error)
{
	struct fleet *fleet = fleet_in_use();
	struct handle *handle = calloc(1, sizeof(*handle));
	int err = 0;

	(void)where;
	(void)settings;
	if (!handle)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	*handle = (struct handle){fleet, fleet_store_block(fleet), mode};
	fleet_lock(fleet);
	if (mode == SMD_STORE_OWN && is_alive(handle->block->owner)) {
		err = smd_fail(error, SMD_E_BUSY, "the store is in use by process %d",
			       handle->block->owner);
	} else if (mode == SMD_STORE_OWN) {
		handle->block->owner = getpid();
		handle->block->readers = 0;
	}
	fleet_unlock(fleet);
	if (err)
		free(handle);
	else
		*store = handle;
	return err;
}

static void store_close(void *store)
{
	struct handle *handle = store;

	if (!handle)
		return;
	fleet_lock(handle->fleet);
	if (handle->mode == SMD_STORE_OWN && handle->block->owner == getpid()) {
		handle->block->owner = 0;
		handle->block->kept = handle->block->spare = 0;
	}
	fleet_unlock(handle->fleet);
	free(handle);
}

const struct smd_store fleet_store = {
	.open = store_open,
	.close = store_close,
	.apply = store_apply,
	.get = store_read,
	.each = store_each,
	.reserve = store_reserve,
};
