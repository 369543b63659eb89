/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store thread: the one thread that uses the store.
 *
 * Batches without needs that wait at the same time are applied as one (group
 * commit), so that a thousand devices' journal records cost a few synchronous
 * writes. If the store does not take them together, they are applied one by one.
 */
#ifndef SMD_STORE_STORE_THREAD_H
#define SMD_STORE_STORE_THREAD_H

#include "core/base/json.h"
#include "core/run/loop.h"
#include "core/store/batch.h"

struct smd_store_thread;

/*
 * Open the store and start the thread. `ops` and the settings of the store outlive
 * the thread. Errors as store->open.
 */
int smd_store_thread_new(const struct smd_store *ops, const struct smd_settings *settings,
			 const char *where, enum smd_store_mode mode, struct smd_store_thread **out,
			 struct smd_error *error);
/* What was submitted is carried out first. NULL is fine. */
void smd_store_thread_free(struct smd_store_thread *store_thread);
SMD_CLEANUP_DEFINE(struct smd_store_thread *, smd_store_thread_free);

/* These block until done. Any thread that owns no loop. The batch is emptied. */
int smd_store_thread_apply(struct smd_store_thread *store_thread, struct smd_batch *batch,
			   struct smd_error *error);
/* SMD_E_NOT_FOUND says which record is missing. `*value` is the caller's. `revision` may be NULL.
 */
int smd_store_thread_get(struct smd_store_thread *store_thread, const char *table, const char *key,
			 cJSON **value, uint64_t *revision, struct smd_error *error);
int smd_store_thread_each(struct smd_store_thread *store_thread, const char *table,
			  const char *prefix, smd_store_each_fn each, void *arg,
			  struct smd_error *error);

/*
 * Apply without blocking: `done(save)` is called on `reply` when it is durable
 * or has failed. The caller keeps the structure until then; the batch is
 * emptied. Any thread.
 */
struct smd_save {
	struct smd_batch batch;
	struct smd_loop *reply;
	void (*done)(struct smd_save *save);
	void *arg;
	int err;
	struct smd_error error;
	/* The thread's own. */
	struct smd_save *next;
	uv_sem_t *waiter;
	/* Not a batch: a read. */
	void (*call)(struct smd_store_thread *store_thread, struct smd_save *save);
	struct smd_message message;
};
void smd_store_thread_save(struct smd_store_thread *store_thread, struct smd_save *save);

#endif
