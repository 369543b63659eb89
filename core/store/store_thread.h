/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store thread: the only thread that calls the store.
 *
 * Batches without needs that are waiting at the same time are applied as one (group commit), so
 * that the journal records of a thousand devices cost a few synchronous writes. If the store
 * refuses the joined batch, they are applied one by one.
 *
 * If the store does not know whether it has written a batch (SMD_E_UNKNOWN), the batch is read
 * back: the result is then 0, or SMD_E_IO for a batch that was not written and may be tried
 * again. Only if it cannot be read the result is SMD_E_UNKNOWN.
 */
#ifndef SMD_STORE_STORE_THREAD_H
#define SMD_STORE_STORE_THREAD_H

#include "core/base/json.h"
#include "core/run/loop.h"
#include "core/store/batch.h"
#include "core/store/rows.h"

struct smd_store_thread;

/*
 * clock     Held from a submission until its answer; NULL: the machine's.
 * ops       The store's operations; these, the clock and the settings must outlive the thread.
 * where     As store->open takes it; borrowed during the call, as `mode`.
 */
struct smd_store_thread_spec {
	struct smd_clock *clock;
	const struct smd_store *ops;
	const struct smd_settings *settings;
	const char *where;
	enum smd_store_mode mode;
};

/* Open the store and start the thread. Errors as store->open. */
int smd_store_thread_new(const struct smd_store_thread_spec *spec, struct smd_store_thread **out,
			 struct smd_error *error);
/* End the thread after everything that was submitted is carried out. NULL is fine. */
void smd_store_thread_free(struct smd_store_thread *store_thread);
SMD_CLEANUP_DEFINE(struct smd_store_thread *, smd_store_thread_free);

/*
 * The functions that follow block until done. Call them on any thread that runs no loop. The
 * batch is emptied.
 */
int smd_store_thread_apply(struct smd_store_thread *store_thread, struct smd_batch *batch,
			   struct smd_error *error);
/*
 * Read one record. `*value` is the caller's (cJSON_Delete); `revision` may be NULL.
 * SMD_E_NOT_FOUND: `error` names the missing record. SMD_E_IO: it is damaged, which it names too.
 */
int smd_store_thread_get(struct smd_store_thread *store_thread, const char *table, const char *key,
			 cJSON **value, uint64_t *revision, struct smd_error *error);
/*
 * The same, where damage is no error: `*damaged` is then 1 and `*value` NULL. So what the store
 * cannot do is never taken for a damaged record.
 */
int smd_store_thread_get_or_damaged(struct smd_store_thread *store_thread, const char *table,
				    const char *key, cJSON **value, int *damaged,
				    struct smd_error *error);
/* The same with the bytes as they are, the caller's (free()); a NUL follows them. */
int smd_store_thread_get_bytes(struct smd_store_thread *store_thread, const char *table,
			       const char *key, void **value, size_t *size, uint64_t *revision,
			       struct smd_error *error);
/*
 * Read the records of a range at once, from one consistent state; they are added to `rows`.
 * Damaged ones are among them, marked.
 */
int smd_store_thread_list(struct smd_store_thread *store_thread,
			  const struct smd_store_range *range, struct smd_rows *rows,
			  struct smd_error *error);
/*
 * Call `each` for all records whose key begins with `prefix`, on the caller's thread: they are all
 * read before, so a table that grows is for smd_store_thread_list. SMD_E_IO: one is damaged, and
 * `error` names it. Else what `each` returns.
 */
int smd_store_thread_each(struct smd_store_thread *store_thread, const char *table,
			  const char *prefix, smd_store_each_fn each, void *arg,
			  struct smd_error *error);
/*
 * Does another controller own the store now? 1, 0, or an error. A store that cannot tell is
 * taken for owned by none.
 */
int smd_store_thread_is_owned(struct smd_store_thread *store_thread, struct smd_error *error);
/*
 * Keep room for `bytes` bytes of later records; 0 gives it up. Errors as store->reserve. A store
 * that cannot keep room: success, and nothing is kept.
 */
int smd_store_thread_reserve(struct smd_store_thread *store_thread, size_t bytes,
			     struct smd_error *error);

/*
 * Apply without blocking: `done(save)` is called on the loop `reply` when the batch is durable
 * or has failed. The caller keeps the structure until then; the batch is emptied. Any thread.
 */
struct smd_save {
	struct smd_batch batch;
	struct smd_loop *reply;
	void (*done)(struct smd_save *save);
	void *arg;
	int err;
	struct smd_error error;
	/* Used by the store thread only. */
	struct smd_save *next;
	struct smd_latch *waiter;
	/* For reads: called instead of applying a batch. */
	void (*call)(struct smd_store_thread *store_thread, struct smd_save *save);
	struct smd_message message;
};
void smd_store_thread_save(struct smd_store_thread *store_thread, struct smd_save *save);

#endif
