/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/keeper.h"

#include <string.h>

#include "core/base/point.h"

struct smd_keeper {
	const struct smd_store *ops;
	void *store;
	uv_thread_t thread;
	uv_mutex_t mutex; /* guards the queue and `ending` */
	uv_cond_t filled;
	struct smd_save *first, **last;
	int ending;
};

static void answer(struct smd_save *save);

static struct smd_save *wait_for_work(struct smd_keeper *keeper)
{
	struct smd_save *all;

	uv_mutex_lock(&keeper->mutex);
	while (!keeper->first && !keeper->ending)
		uv_cond_wait(&keeper->filled, &keeper->mutex);
	all = keeper->first;
	keeper->first = NULL;
	keeper->last = &keeper->first;
	uv_mutex_unlock(&keeper->mutex);
	return all;
}

static int apply(struct smd_keeper *keeper, const struct smd_batch *batch, struct smd_error *error)
{
	int err;

	if (batch->err)
		return smd_fail(error, batch->err, "out of memory while preparing to save");
	if (!batch->count)
		return 0;
	smd_point("journal", "before");
	err = keeper->ops->apply(keeper->store, batch->items, batch->count, NULL, error);
	smd_point("journal", "after");
	return err;
}

/* The batches from `first` up to, not including, `end`, as one; 0 when all of them hold. */
static int apply_together(struct smd_keeper *keeper, struct smd_save *first, struct smd_save *end)
{
	smd_cleanup(free) struct smd_store_item *items = NULL;
	struct smd_batch all = {0};
	int err;

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
	err = apply(keeper, &all, NULL);
	return err;
}

/*
 * A store looks at all needs before it writes anything, so a batch that needs
 * something must not be joined with one that may have written it.
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

static void apply_group(struct smd_keeper *keeper, struct smd_save *first, struct smd_save *end)
{
	struct smd_save *next;
	int together = first->next != end && !apply_together(keeper, first, end);

	for (struct smd_save *save = first; save != end; save = next) {
		next = save->next;
		save->err = together ? 0 : apply(keeper, &save->batch, &save->error);
		smd_batch_done(&save->batch);
		answer(save);
	}
}

static void run(void *arg)
{
	struct smd_keeper *keeper = arg;
	struct smd_save *save, *end;

	while ((save = wait_for_work(keeper))) {
		for (; save; save = end) {
			end = save->call ? save->next : end_of_group(save);
			if (save->call) {
				save->call(keeper, save);
				answer(save);
			} else {
				apply_group(keeper, save, end);
			}
		}
	}
}

static void tell(void *arg)
{
	struct smd_save *save = arg;

	save->done(save);
}

/* Whoever waits may free the structure at once. */
static void answer(struct smd_save *save)
{
	if (save->waiter) {
		uv_sem_post(save->waiter);
		return;
	}
	save->message.function = tell;
	save->message.arg = save;
	smd_loop_post(save->reply, &save->message);
}

void smd_keeper_save(struct smd_keeper *keeper, struct smd_save *save)
{
	save->next = NULL;
	save->err = 0;
	uv_mutex_lock(&keeper->mutex);
	*keeper->last = save;
	keeper->last = &save->next;
	uv_cond_signal(&keeper->filled);
	uv_mutex_unlock(&keeper->mutex);
}

static int wait_for(struct smd_keeper *keeper, struct smd_save *save, struct smd_error *error)
{
	uv_sem_t waiter;

	uv_sem_init(&waiter, 0);
	save->waiter = &waiter;
	smd_keeper_save(keeper, save);
	uv_sem_wait(&waiter);
	uv_sem_destroy(&waiter);
	if (save->err && error && save->error.code) /* else a reader of `each` has filled it */
		*error = save->error;
	return save->err;
}

int smd_keeper_apply(struct smd_keeper *keeper, struct smd_batch *batch, struct smd_error *error)
{
	struct smd_save save = {.batch = *batch};

	*batch = (struct smd_batch){0};
	return wait_for(keeper, &save, error);
}

struct reading {
	struct smd_save save; /* first: what the keeper is given */
	const char *table, *key;
	void *value;
	size_t size;
	uint64_t revision;
	smd_store_each_fn each;
	void *arg;
};

static void read_one(struct smd_keeper *keeper, struct smd_save *save)
{
	struct reading *reading = (struct reading *)save;

	save->err = keeper->ops->get(keeper->store, reading->table, reading->key, &reading->value,
				     &reading->size, &reading->revision, &save->error);
}

int smd_keeper_get(struct smd_keeper *keeper, const char *table, const char *key, cJSON **value,
		   uint64_t *revision, struct smd_error *error)
{
	struct reading reading = {.save = {.call = read_one}, .table = table, .key = key};
	int err = wait_for(keeper, &reading.save, error);

	if (err == SMD_E_NOT_FOUND)
		return smd_fail(error, err, "there is no %s \"%s\"", table, key);
	if (!err && revision)
		*revision = reading.revision;
	if (!err)
		err = smd_json_parse(reading.value, reading.size, table, value, error);
	free(reading.value);
	return err;
}

static void read_each(struct smd_keeper *keeper, struct smd_save *save)
{
	struct reading *reading = (struct reading *)save;

	save->err = keeper->ops->each(keeper->store, reading->table, reading->key, reading->each,
				      reading->arg, &save->error);
}

int smd_keeper_each(struct smd_keeper *keeper, const char *table, const char *prefix,
		    smd_store_each_fn each, void *arg, struct smd_error *error)
{
	struct reading reading = {.save = {.call = read_each},
				  .table = table,
				  .key = prefix,
				  .each = each,
				  .arg = arg};
	int err;

	if (error)
		error->code = SMD_OK;
	err = wait_for(keeper, &reading.save, error);
	if (err && error && !error->code) /* `each` gave up without a word */
		smd_fail(error, err, "a record of \"%s\" cannot be read", table);
	return err;
}

int smd_keeper_new(const struct smd_store *ops, const struct smd_settings *settings,
		   const char *where, enum smd_store_mode mode, struct smd_keeper **out,
		   struct smd_error *error)
{
	struct smd_keeper *keeper = calloc(1, sizeof(*keeper));
	int err;

	if (!keeper)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	keeper->ops = ops;
	keeper->last = &keeper->first;
	err = ops->open(where, mode, settings, &keeper->store, error);
	if (err) {
		free(keeper);
		return err;
	}
	uv_mutex_init(&keeper->mutex);
	uv_cond_init(&keeper->filled);
	if (uv_thread_create(&keeper->thread, run, keeper)) {
		ops->close(keeper->store);
		free(keeper);
		return smd_fail(error, SMD_E_IO, "cannot start a thread");
	}
	*out = keeper;
	return 0;
}

void smd_keeper_free(struct smd_keeper *keeper)
{
	if (!keeper)
		return;
	uv_mutex_lock(&keeper->mutex);
	keeper->ending = 1;
	uv_cond_signal(&keeper->filled);
	uv_mutex_unlock(&keeper->mutex);
	uv_thread_join(&keeper->thread);
	keeper->ops->close(keeper->store);
	uv_cond_destroy(&keeper->filled);
	uv_mutex_destroy(&keeper->mutex);
	free(keeper);
}
