/* SPDX-License-Identifier: Apache-2.0 */
/* What every store asks of names and batches, so that all of them refuse the same. */
#ifndef SMD_PLUGINS_COMMON_RECORD_H
#define SMD_PLUGINS_COMMON_RECORD_H

#include <smartdeploy/store.h>

/* Whether `table` is a name `[a-z]+` and `key` is no longer than SMD_STORE_KEY. */
int record_check_name(const char *table, const char *key, struct smd_error *error);

/* Whether every item of a batch is well formed; the state of the store does not matter. */
int record_check_items(const struct smd_store_item *items, size_t count, struct smd_error *error);

/*
 * Whether the need of an item holds: `revision` is that of its record, 0 where
 * there is none. SMD_E_CONFLICT with a message, else 0.
 */
int record_check_need(const struct smd_store_item *item, uint64_t revision,
		      struct smd_error *error);

#endif
