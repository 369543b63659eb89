/* SPDX-License-Identifier: Apache-2.0 */
#include "watched_store.h"

struct watched watched;
struct line line;

static int watch_open(const char *where, enum smd_store_mode mode,
		      const struct smd_settings *settings, void **store, struct smd_error *error)
{
	return watched.ops->open(where, mode, settings, store, error);
}

static int count_record(void *arg, const char *key, const void *value, size_t size,
			uint64_t revision)
{
	(void)key;
	(void)value;
	(void)size;
	(void)revision;
	++*(size_t *)arg;
	return 0;
}

static void watch_close(void *store)
{
	watched.ops->each(store, "thing", "", count_record, &watched.kept, NULL);
	watched.ops->close(store);
}

static int watch_apply(void *store, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	unsigned unknown = watched.unknown;

	watched.applies++;
	watched.items = count;
	watched.unknown -= unknown > 0;
	if (watched.shut) {
		watched.shut = 0;
		uv_sem_post(&watched.entered);
		uv_sem_wait(&watched.go);
	}
	if (!unknown)
		return watched.ops->apply(store, items, count, culprit, error);
	if (watched.writes)
		watched.ops->apply(store, items, count, culprit, error);
	return smd_fail(error, SMD_E_UNKNOWN, "the server was lost");
}

static int watch_get(void *store, const char *table, const char *key, void **value, size_t *size,
		     uint64_t *revision, struct smd_error *error)
{
	if (watched.unreadable)
		return smd_fail(error, SMD_E_IO, "the server is still lost");
	return watched.ops->get(store, table, key, value, size, revision, error);
}

static int watch_each(void *store, const char *table, const char *prefix, smd_store_each_fn each,
		      void *arg, struct smd_error *error)
{
	return watched.ops->each(store, table, prefix, each, arg, error);
}

const struct smd_store watch = {
	.open = watch_open,
	.close = watch_close,
	.apply = watch_apply,
	.get = watch_get,
	.each = watch_each,
};

static int watch_reserve(void *store, size_t bytes, struct smd_error *error)
{
	(void)store;
	if (bytes > 1000)
		return smd_fail(error, SMD_E_IO, "the place is full");
	watched.reserved = bytes;
	return 0;
}

const struct smd_store roomy = {
	.open = watch_open,
	.close = watch_close,
	.apply = watch_apply,
	.get = watch_get,
	.each = watch_each,
	.reserve = watch_reserve,
};

struct smd_store_thread *watch_begin_with(const struct smd_store *ops)
{
	struct smd_store_thread_spec spec = {.ops = ops, .where = "", .mode = SMD_STORE_OWN};
	struct smd_store_thread *store_thread = NULL;

	watched.ops = smd_plugin_entry()->store;
	watched.shut = watched.unreadable = 0;
	watched.unknown = 0;
	watched.applies = watched.items = watched.kept = watched.reserved = 0;
	uv_sem_init(&watched.entered, 0);
	uv_sem_init(&watched.go, 0);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &store_thread, NULL), 0);
	return store_thread;
}

struct smd_store_thread *watch_begin(void)
{
	return watch_begin_with(&watch);
}

void watch_end(struct smd_store_thread *store_thread)
{
	smd_store_thread_free(store_thread);
	uv_sem_destroy(&watched.entered);
	uv_sem_destroy(&watched.go);
}

int watch_put(struct smd_store_thread *store_thread, const char *key, const char *json,
	      struct smd_error *error)
{
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", key, json, strlen(json));
	return smd_store_thread_apply(store_thread, &batch, error);
}

void line_saved(struct smd_save *save)
{
	line.elsewhere += !smd_loop_here(line.loop);
	line.order[line.answered++] = (size_t)(save - line.saves);
	uv_sem_post(&line.all);
}

void line_begin(void)
{
	memset(&line, 0, sizeof(line));
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &line.loop, NULL), 0);
	uv_sem_init(&line.all, 0);
}

void line_wait(void)
{
	for (size_t i = 0; i < line.queued; i++)
		uv_sem_wait(&line.all);
}

void line_end(void)
{
	smd_loop_free(line.loop);
	uv_sem_destroy(&line.all);
}

struct smd_save *line_queue(struct smd_store_thread *store_thread, enum smd_store_need need,
			    uint64_t revision, const char *key, const char *json)
{
	struct smd_save *save = &line.saves[line.queued++];

	*save = (struct smd_save){.reply = line.loop, .done = line_saved};
	smd_batch_put(&save->batch, need, revision, "thing", key, json, strlen(json));
	smd_store_thread_save(store_thread, save);
	return save;
}

void line_shut_gate(struct smd_store_thread *store_thread)
{
	watched.shut = 1;
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "gate", "0");
	uv_sem_wait(&watched.entered);
}

double watch_number(struct smd_store_thread *store_thread, const char *key, uint64_t *revision)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;

	if (smd_store_thread_get(store_thread, "thing", key, &json, revision, NULL))
		return -1;
	return json->valuedouble;
}
