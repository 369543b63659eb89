/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/read_back.h"

#include <string.h>

#include "core/base/cleanup.h"

static int changes_same(const struct smd_store_item *a, const struct smd_store_item *b)
{
	return b->op != SMD_STORE_CHECK && !strcmp(a->key, b->key) && !strcmp(a->table, b->table);
}

/* Does a later item of the batch change the record again? */
static int is_replaced(const struct smd_store_item *items, size_t count, size_t index)
{
	for (size_t i = index + 1; i < count; i++)
		if (changes_same(&items[index], &items[i]))
			return 1;
	return 0;
}

/* Returns 1, 0 or an error code, as smd_store_read_back. */
static int is_as_item_says(const struct smd_store *ops, void *store,
			   const struct smd_store_item *item, struct smd_error *error)
{
	smd_cleanup(free) void *value = NULL;
	uint64_t revision;
	size_t size;
	int same, err = ops->get(store, item->table, item->key, &value, &size, &revision, error);

	if (err == SMD_E_NOT_FOUND)
		return item->op == SMD_STORE_DELETE;
	if (err)
		return err;
	same = item->op == SMD_STORE_PUT && size == item->size &&
	       (!size || !memcmp(value, item->value, size)) &&
	       (item->need != SMD_NEED_REVISION || revision != item->revision);
	explicit_bzero(value, size);
	return same;
}

int smd_store_read_back(const struct smd_store *ops, void *store,
			const struct smd_store_item *items, size_t count, struct smd_error *error)
{
	int same = 1;

	for (size_t i = 0; i < count && same == 1; i++)
		if (items[i].op != SMD_STORE_CHECK && !is_replaced(items, count, i))
			same = is_as_item_says(ops, store, &items[i], error);
	return same;
}
