/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/store_thread.h"

#include <string.h>

#include "core/base/crash_point.h"
#include "core/store/read_back.h"

struct smd_store_thread {
	struct smd_clock *clock;
	const struct smd_store *ops;
	void *store;
	uv_thread_t thread;
	uv_mutex_t mutex; /* guards the queue and `ending` */
	uv_cond_t filled;
	struct smd_save *first, **last;
	int ending;
};

static void answer_save(struct smd_store_thread *store_thread, struct smd_save *save);

static struct smd_save *wait_for_work(struct smd_store_thread *store_thread)
{
	struct smd_save *all;

	uv_mutex_lock(&store_thread->mutex);
	while (!store_thread->first && !store_thread->ending)
		uv_cond_wait(&store_thread->filled, &store_thread->mutex);
	all = store_thread->first;
	store_thread->first = NULL;
	store_thread->last = &store_thread->first;
	uv_mutex_unlock(&store_thread->mutex);
	return all;
}

/*
 * The store says that the batch may or may not have been written: read it back. Returns 0 if it
 * was, SMD_E_IO if it was not, and SMD_E_UNKNOWN if that cannot be read.
 */
static int find_outcome(struct smd_store_thread *store_thread, const struct smd_batch *batch,
			struct smd_error *error)
{
	int there = smd_store_read_back(store_thread->ops, store_thread->store, batch->items,
					batch->count, NULL);

	if (there < 0)
		return SMD_E_UNKNOWN;
	if (error && there)
		*error = (struct smd_error){0};
	if (error && !there) {
		error->code = SMD_E_IO;
		smd_error_prefix(error, "nothing was written");
	}
	return there ? 0 : SMD_E_IO;
}

static int apply_batch(struct smd_store_thread *store_thread, const struct smd_batch *batch,
		       struct smd_error *error)
{
	int err;

	if (batch->err)
		return smd_fail(error, batch->err, "out of memory while preparing to save");
	if (!batch->count)
		return 0;
	smd_crash_point("journal", "before");
	err = store_thread->ops->apply(store_thread->store, batch->items, batch->count, NULL,
				       error);
	smd_crash_point("journal", "after");
	return err == SMD_E_UNKNOWN ? find_outcome(store_thread, batch, error) : err;
}

/*
 * Apply the batches from `first` up to, not including, `end` as one batch. Returns 0 when the
 * store has written all of them, SMD_E_UNKNOWN with `error` when that is not known; else it has
 * written none.
 */
static int apply_together(struct smd_store_thread *store_thread, struct smd_save *first,
			  struct smd_save *end, struct smd_error *error)
{
	smd_cleanup(free) struct smd_store_item *items = NULL;
	struct smd_batch all = {0};

	for (struct smd_save *save = first; save != end; save = save->next) {
		all.count += save->batch.count;
		if (save->batch.err)
			return save->batch.err;
	}
	items = all.items = calloc(all.count + 1, sizeof(*items));
	if (!items)
		return SMD_E_NO_MEMORY;
	all.count = 0;
	for (struct smd_save *save = first; save != end; save = save->next) {
		if (save->batch.count)
			memcpy(items + all.count, save->batch.items,
			       save->batch.count * sizeof(*items));
		all.count += save->batch.count;
	}
	return apply_batch(store_thread, &all, error);
}

/*
 * Whether the batch must be applied by itself: it has needs (expected revisions). The store
 * checks all needs before it writes, so an earlier batch in the same write would not count yet.
 */
static int stands_alone(const struct smd_save *save)
{
	for (size_t i = 0; i < save->batch.count; i++)
		if (save->batch.items[i].need != SMD_NEED_NOTHING)
			return 1;
	return 0;
}

static struct smd_save *end_of_group(struct smd_save *save)
{
	struct smd_save *end = save->next;

	if (stands_alone(save))
		return end;
	while (end && !end->call && !stands_alone(end))
		end = end->next;
	return end;
}

static void apply_group(struct smd_store_thread *store_thread, struct smd_save *first,
			struct smd_save *end)
{
	struct smd_error error = {0};
	struct smd_save *next;
	int one_by_one = first->next == end, err = 0;

	if (!one_by_one)
		err = apply_together(store_thread, first, end, &error);
	if (err && err != SMD_E_UNKNOWN)
		one_by_one = 1;
	for (struct smd_save *save = first; save != end; save = next) {
		next = save->next;
		save->err =
			one_by_one ? apply_batch(store_thread, &save->batch, &save->error) : err;
		if (!one_by_one)
			save->error = error;
		smd_batch_done(&save->batch);
		answer_save(store_thread, save);
	}
}

static void run_thread(void *arg)
{
	struct smd_store_thread *store_thread = arg;
	struct smd_save *save, *end;

	while ((save = wait_for_work(store_thread))) {
		for (; save; save = end) {
			end = save->call ? save->next : end_of_group(save);
			if (save->call) {
				save->call(store_thread, save);
				answer_save(store_thread, save);
			} else {
				apply_group(store_thread, save, end);
			}
		}
	}
}

static void call_done(void *arg)
{
	struct smd_save *save = arg;

	save->done(save);
}

/* Send the reply to the submitter, which may free `save` at once. */
static void answer_save(struct smd_store_thread *store_thread, struct smd_save *save)
{
	if (save->waiter) {
		smd_latch_post(save->waiter);
	} else {
		save->message.function = call_done;
		save->message.arg = save;
		smd_loop_post(save->reply, &save->message);
	}
	smd_clock_release(store_thread->clock); /* held since the submission */
}

void smd_store_thread_save(struct smd_store_thread *store_thread, struct smd_save *save)
{
	smd_clock_hold(store_thread->clock);
	save->next = NULL;
	save->err = 0;
	uv_mutex_lock(&store_thread->mutex);
	*store_thread->last = save;
	store_thread->last = &save->next;
	uv_cond_signal(&store_thread->filled);
	uv_mutex_unlock(&store_thread->mutex);
}

static int wait_for(struct smd_store_thread *store_thread, struct smd_save *save,
		    struct smd_error *error)
{
	struct smd_latch waiter;

	smd_latch_init(&waiter, store_thread->clock);
	save->waiter = &waiter;
	smd_store_thread_save(store_thread, save);
	smd_latch_wait(&waiter);
	smd_latch_done(&waiter);
	/* Otherwise the reader's function has filled the error */
	if (save->err && error && save->error.code)
		*error = save->error;
	return save->err;
}

int smd_store_thread_apply(struct smd_store_thread *store_thread, struct smd_batch *batch,
			   struct smd_error *error)
{
	struct smd_save save = {.batch = *batch};

	*batch = (struct smd_batch){0};
	return wait_for(store_thread, &save, error);
}

struct read_request {
	struct smd_save save; /* first member: `save` is what the store thread receives */
	const char *table, *key;
	void *value;
	size_t size;
	uint64_t revision;
};

static void read_one(struct smd_store_thread *store_thread, struct smd_save *save)
{
	struct read_request *request = (struct read_request *)save;

	save->err = store_thread->ops->get(store_thread->store, request->table, request->key,
					   &request->value, &request->size, &request->revision,
					   &save->error);
}

int smd_store_thread_get_bytes(struct smd_store_thread *store_thread, const char *table,
			       const char *key, void **value, size_t *size, uint64_t *revision,
			       struct smd_error *error)
{
	struct read_request request = {.save = {.call = read_one}, .table = table, .key = key};
	int err = wait_for(store_thread, &request.save, error);

	if (err == SMD_E_NOT_FOUND)
		return smd_fail(error, err, "there is no %s \"%s\"", table, key);
	if (err)
		return err;
	*value = request.value;
	*size = request.size;
	if (revision)
		*revision = request.revision;
	return 0;
}

int smd_store_thread_get(struct smd_store_thread *store_thread, const char *table, const char *key,
			 cJSON **value, uint64_t *revision, struct smd_error *error)
{
	smd_cleanup(free) void *bytes = NULL;
	size_t size;
	int err = smd_store_thread_get_bytes(store_thread, table, key, &bytes, &size, revision,
					     error);

	if (err)
		return err;
	err = smd_json_parse(bytes, size, table, value, error);
	if (!err || err == SMD_E_NO_MEMORY)
		return err;
	return smd_fail(error, SMD_E_IO, "the record %s \"%s\" is damaged", table, key);
}

struct list_request {
	struct smd_save save; /* first member, as above */
	const struct smd_store_range *range;
	struct smd_rows *rows;
};

static void read_list(struct smd_store_thread *store_thread, struct smd_save *save)
{
	struct list_request *request = (struct list_request *)save;

	save->err = smd_rows_read(store_thread->ops, store_thread->store, request->range,
				  request->rows, &save->error);
}

int smd_store_thread_list(struct smd_store_thread *store_thread,
			  const struct smd_store_range *range, struct smd_rows *rows,
			  struct smd_error *error)
{
	struct list_request request = {.save = {.call = read_list}, .range = range, .rows = rows};

	return wait_for(store_thread, &request.save, error);
}

/* Does the store say that the record is damaged? */
static int is_damaged(struct smd_store_thread *store_thread, const char *table, const char *key)
{
	const struct smd_store_range range = {.table = table, .prefix = key, .limit = 1};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};

	return !smd_store_thread_list(store_thread, &range, &rows, NULL) && rows.count &&
	       !strcmp(rows.rows[0].key, key) && rows.rows[0].damaged;
}

int smd_store_thread_get_or_damaged(struct smd_store_thread *store_thread, const char *table,
				    const char *key, cJSON **value, int *damaged,
				    struct smd_error *error)
{
	smd_cleanup(free) void *bytes = NULL;
	struct smd_error why = {0};
	size_t size;
	int err = smd_store_thread_get_bytes(store_thread, table, key, &bytes, &size, NULL, &why);

	*value = NULL;
	*damaged = err == SMD_E_IO && is_damaged(store_thread, table, key);
	if (*damaged)
		return 0;
	if (err) {
		if (error)
			*error = why;
		return err;
	}
	err = smd_json_parse(bytes, size, table, value, NULL);
	*damaged = err && err != SMD_E_NO_MEMORY;
	return *damaged || !err ? 0 : smd_fail(error, err, "out of memory");
}

int smd_store_thread_each(struct smd_store_thread *store_thread, const char *table,
			  const char *prefix, smd_store_each_fn each, void *arg,
			  struct smd_error *error)
{
	const struct smd_store_range range = {.table = table, .prefix = prefix};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	int err = smd_store_thread_list(store_thread, &range, &rows, error);

	if (err)
		return err;
	if (error)
		error->code = SMD_OK;
	for (size_t i = 0; i < rows.count && !err; i++) {
		const struct smd_row *row = &rows.rows[i];

		if (row->damaged)
			return smd_fail(error, SMD_E_IO, "the record %s \"%s\" is damaged", table,
					row->key);
		err = each(arg, row->key, row->value, row->size, row->revision);
	}
	if (err && error && !error->code) /* `each` stopped without filling the error */
		smd_fail(error, err, "a record of \"%s\" cannot be read", table);
	return err;
}

struct reserve_request {
	struct smd_save save; /* first member, as above */
	size_t bytes;
};

static void reserve(struct smd_store_thread *store_thread, struct smd_save *save)
{
	const struct reserve_request *request = (const struct reserve_request *)save;

	save->err = store_thread->ops->reserve(store_thread->store, request->bytes, &save->error);
}

int smd_store_thread_reserve(struct smd_store_thread *store_thread, size_t bytes,
			     struct smd_error *error)
{
	struct reserve_request request = {.save = {.call = reserve}, .bytes = bytes};

	return store_thread->ops->reserve ? wait_for(store_thread, &request.save, error) : 0;
}

struct owned_request {
	struct smd_save save; /* first member, as above */
	int owned;
};

static void ask_owned(struct smd_store_thread *store_thread, struct smd_save *save)
{
	struct owned_request *request = (struct owned_request *)save;

	request->owned = store_thread->ops->is_owned(store_thread->store, &save->error);
	save->err = request->owned < 0 ? request->owned : 0;
}

int smd_store_thread_is_owned(struct smd_store_thread *store_thread, struct smd_error *error)
{
	struct owned_request request = {.save = {.call = ask_owned}};
	int err;

	if (!store_thread->ops->is_owned)
		return 0;
	err = wait_for(store_thread, &request.save, error);
	return err ? err : request.owned;
}

int smd_store_thread_new(const struct smd_store_thread_spec *spec, struct smd_store_thread **out,
			 struct smd_error *error)
{
	struct smd_store_thread *store_thread = calloc(1, sizeof(*store_thread));
	int err;

	if (!store_thread)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	store_thread->clock = spec->clock ? spec->clock : smd_real_clock();
	store_thread->ops = spec->ops;
	store_thread->last = &store_thread->first;
	err = spec->ops->open(spec->where, spec->mode, spec->settings, &store_thread->store, error);
	if (err) {
		free(store_thread);
		return err;
	}
	uv_mutex_init(&store_thread->mutex);
	uv_cond_init(&store_thread->filled);
	if (uv_thread_create(&store_thread->thread, run_thread, store_thread)) {
		spec->ops->close(store_thread->store);
		free(store_thread);
		return smd_fail(error, SMD_E_IO, "cannot start a thread");
	}
	*out = store_thread;
	return 0;
}

void smd_store_thread_free(struct smd_store_thread *store_thread)
{
	if (!store_thread)
		return;
	uv_mutex_lock(&store_thread->mutex);
	store_thread->ending = 1;
	uv_cond_signal(&store_thread->filled);
	uv_mutex_unlock(&store_thread->mutex);
	uv_thread_join(&store_thread->thread);
	store_thread->ops->close(store_thread->store);
	uv_cond_destroy(&store_thread->filled);
	uv_mutex_destroy(&store_thread->mutex);
	free(store_thread);
}
