/* SPDX-License-Identifier: Apache-2.0 */
/* A batch: items that the store writes together or not at all, with their bytes. */
#ifndef SMD_STORE_BATCH_H
#define SMD_STORE_BATCH_H

#include <cjson/cJSON.h>
#include <smartdeploy/store.h>

/*
 * A batch under construction; {0} is empty. If an item cannot be added, `err` keeps the error
 * and applying the batch returns it.
 */
struct smd_batch {
	struct smd_store_item *items;
	size_t count, room;
	int err;
};

void smd_batch_done(struct smd_batch *batch);
/*
 * Add a record to be written. `key` is a format; bytes are copied, JSON is printed and stays
 * the caller's.
 */
void smd_batch_put(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
		   const char *table, const char *key, const void *value, size_t size);
void smd_batch_put_json(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
			const char *table, const char *key, const cJSON *value);
void smd_batch_delete(struct smd_batch *batch, const char *table, const char *key);
void smd_batch_check(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
		     const char *table, const char *key);

#endif
