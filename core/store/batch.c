/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/batch.h"

#include <string.h>

#include "core/base/json.h"

void smd_batch_done(struct smd_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct smd_store_item *item = &batch->items[i];

		if (item->value)
			explicit_bzero((void *)item->value, item->size);
		free((void *)item->value);
		free((char *)item->table);
		free((char *)item->key);
	}
	free(batch->items);
	*batch = (struct smd_batch){0};
}

static struct smd_store_item *new_item(struct smd_batch *batch)
{
	if (batch->count == batch->room) {
		size_t room = batch->room ? batch->room * 2 : 8;
		struct smd_store_item *items = reallocarray(batch->items, room, sizeof(*items));

		if (!items)
			return NULL;
		batch->items = items;
		batch->room = room;
	}
	return memset(&batch->items[batch->count++], 0, sizeof(*batch->items));
}

static struct smd_store_item *add_item(struct smd_batch *batch, enum smd_store_op op,
				       const char *table, const char *key)
{
	struct smd_store_item *item = new_item(batch);

	if (!item) {
		batch->err = SMD_E_NO_MEMORY;
		return NULL;
	}
	item->op = op;
	item->table = strdup(table);
	item->key = strdup(key);
	if (!item->table || !item->key)
		batch->err = SMD_E_NO_MEMORY;
	return item;
}

void smd_batch_put(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
		   const char *table, const char *key, const void *value, size_t size)
{
	struct smd_store_item *item = add_item(batch, SMD_STORE_PUT, table, key);
	void *copy;

	if (!item)
		return;
	copy = malloc(size + 1);
	if (!copy) {
		batch->err = SMD_E_NO_MEMORY;
		return;
	}
	memcpy(copy, value, size);
	item->value = copy;
	item->size = size;
	item->need = need;
	item->revision = revision;
}

/*
 * Replace invalid UTF-8 by `?`, in place, so that the JSON can be parsed again when it is read
 * back.
 */
static void mend(char *text)
{
	size_t left = strlen(text), length;

	for (; left; text += length, left -= length) {
		length = smd_utf8_length(text, left);
		if (length)
			continue;
		*text = '?';
		length = 1;
	}
}

void smd_batch_put_json(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
			const char *table, const char *key, const cJSON *value)
{
	smd_cleanup(free) char *text = value ? cJSON_PrintUnformatted(value) : NULL;

	if (text)
		mend(text);
	if (text)
		smd_batch_put(batch, need, revision, table, key, text, strlen(text));
	else
		batch->err = SMD_E_NO_MEMORY;
}

void smd_batch_delete(struct smd_batch *batch, const char *table, const char *key)
{
	add_item(batch, SMD_STORE_DELETE, table, key);
}

void smd_batch_check(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
		     const char *table, const char *key)
{
	struct smd_store_item *item = add_item(batch, SMD_STORE_CHECK, table, key);

	if (!item)
		return;
	item->need = need;
	item->revision = revision;
}
