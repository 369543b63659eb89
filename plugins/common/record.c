/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <inttypes.h>
#include <string.h>

int record_check_name(const char *table, const char *key, struct smd_error *error)
{
	size_t length = table ? strspn(table, "abcdefghijklmnopqrstuvwxyz") : 0;

	if (!length || table[length])
		return smd_fail(error, SMD_E_INVALID, "cannot use a table \"%s\": not [a-z]+",
				table ? table : "");
	if (!key || strnlen(key, SMD_STORE_KEY + 1) > SMD_STORE_KEY)
		return smd_fail(error, SMD_E_INVALID,
				"cannot use a key of table \"%s\": none, or longer than %d bytes",
				table, SMD_STORE_KEY);
	return 0;
}

static int check_item(const struct smd_store_item *item, struct smd_error *error)
{
	int err = record_check_name(item->table, item->key, error);

	if (err)
		return err;
	if (item->op < SMD_STORE_PUT || item->op > SMD_STORE_CHECK ||
	    (unsigned)item->need > SMD_NEED_REVISION)
		return smd_fail(error, SMD_E_INVALID,
				"cannot apply to %s \"%s\": unknown operation", item->table,
				item->key);
	if (item->op != SMD_STORE_PUT)
		return 0;
	if (item->size > SMD_STORE_VALUE)
		return smd_fail(error, SMD_E_INVALID,
				"cannot keep %s \"%s\": %zu bytes are more than %zu", item->table,
				item->key, item->size, SMD_STORE_VALUE);
	if (!item->value && item->size)
		return smd_fail(error, SMD_E_INVALID, "cannot keep %s \"%s\": no value",
				item->table, item->key);
	return 0;
}

int record_check_items(const struct smd_store_item *items, size_t count, struct smd_error *error)
{
	for (size_t i = 0; i < count; i++) {
		int err = check_item(&items[i], error);

		if (err)
			return err;
	}
	return 0;
}

int record_check_need(const struct smd_store_item *item, uint64_t revision, struct smd_error *error)
{
	if (item->need == SMD_NEED_ABSENT && revision)
		return smd_fail(error, SMD_E_CONFLICT, "%s \"%s\" is there already", item->table,
				item->key);
	if (item->need != SMD_NEED_REVISION || item->revision == revision)
		return 0;
	if (!revision)
		return smd_fail(error, SMD_E_CONFLICT, "%s \"%s\" is gone", item->table, item->key);
	return smd_fail(error, SMD_E_CONFLICT,
			"%s \"%s\" has changed: revision %" PRIu64 " instead of %" PRIu64,
			item->table, item->key, revision, item->revision);
}
