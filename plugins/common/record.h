/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of names and batches that all stores share, so that all refuse the same. */
#ifndef SMD_PLUGINS_COMMON_RECORD_H
#define SMD_PLUGINS_COMMON_RECORD_H

#include <smartdeploy/store.h>

/* SMD_E_INVALID unless `table` is a name `[a-z]+` and `key` is not longer than SMD_STORE_KEY. */
int record_check_name(const char *table, const char *key, struct smd_error *error);

/* SMD_E_INVALID unless every item of the batch is well formed, whatever the store contains. */
int record_check_items(const struct smd_store_item *items, size_t count, struct smd_error *error);

/*
 * Check the need of an item. `revision`: that of the present record, 0 if there is none.
 * SMD_E_CONFLICT with a message, else 0.
 */
int record_check_need(const struct smd_store_item *item, uint64_t revision,
		      struct smd_error *error);

#endif
