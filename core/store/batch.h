/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be written together: the items of one store->apply, with their bytes. */
#ifndef SMD_STORE_BATCH_H
#define SMD_STORE_BATCH_H

#include <cjson/cJSON.h>
#include <smartdeploy/store.h>

/* {0} is empty. A failed addition is remembered and fails the batch when it is applied. */
struct smd_batch {
	struct smd_store_item *items;
	size_t count, room;
	int err;
};

void smd_batch_done(struct smd_batch *batch);
/* Keys are formatted; values are copied (bytes) or printed (JSON, borrowed). */
void smd_batch_put(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
		   const char *table, const char *key, const void *value, size_t size);
void smd_batch_put_json(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
			const char *table, const char *key, const cJSON *value);
void smd_batch_delete(struct smd_batch *batch, const char *table, const char *key);
void smd_batch_check(struct smd_batch *batch, enum smd_store_need need, uint64_t revision,
		     const char *table, const char *key);

#endif
