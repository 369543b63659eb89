/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/store_thread.h"

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "test.h"

/*
 * A store in memory that counts writes. While `shut` is set, a write waits inside, so that a
 * test can decide what is queued behind it.
 */
static struct {
	const struct smd_store *ops;
	int shut;
	uv_sem_t entered, go;
	size_t applies, items; /* number of writes; number of items in the last one */
	size_t kept;           /* number of records when it is closed */
	size_t reserved;       /* what the last reserve asked for */
	unsigned unknown;      /* so many writes from now on end with SMD_E_UNKNOWN */
	int writes;            /* what these do: they write, or not */
	int unreadable;        /* records cannot be read */
} watched;

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

static const struct smd_store watch = {
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

/* The same store, which keeps room for 1,000 bytes. */
static const struct smd_store roomy = {
	.open = watch_open,
	.close = watch_close,
	.apply = watch_apply,
	.get = watch_get,
	.each = watch_each,
	.reserve = watch_reserve,
};

static struct smd_store_thread *begin_with(const struct smd_store *ops)
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

static struct smd_store_thread *begin(void)
{
	return begin_with(&watch);
}

static void end(struct smd_store_thread *store_thread)
{
	smd_store_thread_free(store_thread);
	uv_sem_destroy(&watched.entered);
	uv_sem_destroy(&watched.go);
}

static int put(struct smd_store_thread *store_thread, const char *key, const char *json,
	       struct smd_error *error)
{
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", key, json, strlen(json));
	return smd_store_thread_apply(store_thread, &batch, error);
}

/* Saves that do not block, and their results in the order of completion. */
#define MOST 128
static struct {
	struct smd_loop *loop;
	struct smd_save saves[MOST];
	size_t order[MOST];
	size_t queued, answered, elsewhere; /* completed on a thread other than the loop's */
	uv_sem_t all;
} line;

static void on_saved(struct smd_save *save)
{
	line.elsewhere += !smd_loop_here(line.loop);
	line.order[line.answered++] = (size_t)(save - line.saves);
	uv_sem_post(&line.all);
}

static void line_begin(void)
{
	memset(&line, 0, sizeof(line));
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &line.loop, NULL), 0);
	uv_sem_init(&line.all, 0);
}

static void line_wait(void)
{
	for (size_t i = 0; i < line.queued; i++)
		uv_sem_wait(&line.all);
}

static void line_end(void)
{
	smd_loop_free(line.loop);
	uv_sem_destroy(&line.all);
}

static struct smd_save *queue(struct smd_store_thread *store_thread, enum smd_store_need need,
			      uint64_t revision, const char *key, const char *json)
{
	struct smd_save *save = &line.saves[line.queued++];

	*save = (struct smd_save){.reply = line.loop, .done = on_saved};
	smd_batch_put(&save->batch, need, revision, "thing", key, json, strlen(json));
	smd_store_thread_save(store_thread, save);
	return save;
}

/* Make the store thread wait inside the store, by a first save. */
static void shut_gate(struct smd_store_thread *store_thread)
{
	watched.shut = 1;
	queue(store_thread, SMD_NEED_NOTHING, 0, "gate", "0");
	uv_sem_wait(&watched.entered);
}

static double number_of(struct smd_store_thread *store_thread, const char *key, uint64_t *revision)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;

	if (smd_store_thread_get(store_thread, "thing", key, &json, revision, NULL))
		return -1;
	return json->valuedouble;
}

static int collect(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	char *text = arg;

	(void)revision;
	sprintf(text + strlen(text), "%s=%.*s ", key, (int)size, (const char *)value);
	return !strcmp(key, "stop") ? 7 : 0;
}

static void what_was_kept_is_read(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_error error = {0};
	char text[100] = "";
	cJSON *json = NULL;
	uint64_t revision = 0;

	CU_ASSERT_EQUAL(put(store_thread, "b", "1", NULL), 0);
	CU_ASSERT_EQUAL(put(store_thread, "b", "2", NULL), 0);
	CU_ASSERT_EQUAL(put(store_thread, "a", "3", NULL), 0);
	CU_ASSERT_EQUAL(number_of(store_thread, "b", &revision), 2);
	CU_ASSERT_EQUAL(revision, 2);
	CU_ASSERT_EQUAL(smd_store_thread_each(store_thread, "thing", "", collect, text, NULL), 0);
	CU_ASSERT_STRING_EQUAL(text, "a=3 b=2 ");
	CU_ASSERT_EQUAL(smd_store_thread_get(store_thread, "thing", "c", &json, NULL, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"c\""));
	CU_ASSERT_PTR_NULL(json);
	end(store_thread);
}

static void a_reader_may_stop(void)
{
	struct smd_store_thread *store_thread = begin();
	char text[100] = "";

	put(store_thread, "again", "1", NULL);
	put(store_thread, "stop", "2", NULL);
	put(store_thread, "unread", "3", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_each(store_thread, "thing", "", collect, text, NULL), 7);
	CU_ASSERT_STRING_EQUAL(text, "again=1 stop=2 ");
	end(store_thread);
}

static void what_is_no_json_is_named(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_error error = {0};
	cJSON *json = NULL;

	put(store_thread, "bad", "{", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_get(store_thread, "thing", "bad", &json, NULL, &error),
			SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "the record thing \"bad\" is damaged");
	CU_ASSERT_PTR_NULL(json);
	CU_ASSERT_NOT_EQUAL(error.message[0], '\0');
	end(store_thread);
}

static void damage_is_no_error_of_the_store(void)
{
	struct smd_store_thread *store_thread = begin();
	cJSON *json = NULL;
	int damaged = 0;

	put(store_thread, "bad", "{", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_get_or_damaged(store_thread, "thing", "bad", &json,
							&damaged, NULL),
			0);
	CU_ASSERT(damaged && !json);
	CU_ASSERT_EQUAL(smd_store_thread_get_or_damaged(store_thread, "thing", "none", &json,
							&damaged, NULL),
			SMD_E_NOT_FOUND);
	CU_ASSERT(!damaged && !json);
	put(store_thread, "good", "{}", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_get_or_damaged(store_thread, "thing", "good", &json,
							&damaged, NULL),
			0);
	CU_ASSERT(!damaged && cJSON_IsObject(json));
	cJSON_Delete(json);
	end(store_thread);
}

static void those_that_wait_are_applied_as_one(void)
{
	struct smd_store_thread *store_thread = begin();

	line_begin();
	shut_gate(store_thread);
	for (int i = 0; i < 20; i++)
		queue(store_thread, SMD_NEED_NOTHING, 0, "same", i == 19 ? "19" : "0");
	uv_sem_post(&watched.go);
	line_wait();
	CU_ASSERT_EQUAL(line.elsewhere, 0);
	CU_ASSERT_EQUAL(watched.applies, 2);
	CU_ASSERT_EQUAL(watched.items, 20);
	CU_ASSERT_EQUAL(number_of(store_thread, "same", NULL), 19); /* the last one submitted */
	for (size_t i = 0; i < line.queued; i++) {
		CU_ASSERT_EQUAL(line.saves[i].err, 0);
		CU_ASSERT_EQUAL(line.order[i], i);
		CU_ASSERT_EQUAL(line.saves[i].batch.count, 0);
		CU_ASSERT_PTR_NULL(line.saves[i].batch.items);
	}
	line_end();
	end(store_thread);
}

static void one_that_fails_fails_alone(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_save *bad, *broken;

	line_begin();
	shut_gate(store_thread);
	queue(store_thread, SMD_NEED_NOTHING, 0, "b", "1");
	bad = queue(store_thread, SMD_NEED_REVISION, 9, "b", "2");
	queue(store_thread, SMD_NEED_NOTHING, 0, "c", "3");
	broken = &line.saves[line.queued++];
	*broken = (struct smd_save){.reply = line.loop, .done = on_saved};
	broken->batch.err = SMD_E_NO_MEMORY;
	smd_store_thread_save(store_thread, broken);
	queue(store_thread, SMD_NEED_NOTHING, 0, "d", "4");
	uv_sem_post(&watched.go);
	line_wait();
	for (size_t i = 0; i < line.queued; i++)
		if (&line.saves[i] != bad && &line.saves[i] != broken)
			CU_ASSERT_EQUAL(line.saves[i].err, 0);
	CU_ASSERT_EQUAL(bad->err, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(bad->error.code, SMD_E_CONFLICT);
	CU_ASSERT_NOT_EQUAL(bad->error.message[0], '\0');
	CU_ASSERT_EQUAL(broken->err, SMD_E_NO_MEMORY);
	CU_ASSERT_NOT_EQUAL(broken->error.message[0], '\0');
	CU_ASSERT_EQUAL(number_of(store_thread, "b", NULL), 1);
	CU_ASSERT_EQUAL(number_of(store_thread, "d", NULL), 4);
	line_end();
	end(store_thread);
}

/*
 * The needs of a batch are checked after the batches before it, also if these are written
 * together.
 */
static void needs_hold_one_behind_the_other(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_save *first, *second, *third, *fourth;

	put(store_thread, "old", "0", NULL);
	line_begin();
	shut_gate(store_thread);
	first = queue(store_thread, SMD_NEED_ABSENT, 0, "new", "1");
	second = queue(store_thread, SMD_NEED_ABSENT, 0, "new", "2");
	third = queue(store_thread, SMD_NEED_REVISION, 1, "old", "3");
	fourth = queue(store_thread, SMD_NEED_REVISION, 1, "old", "4");
	uv_sem_post(&watched.go);
	line_wait();
	CU_ASSERT_EQUAL(first->err, 0);
	CU_ASSERT_EQUAL(second->err, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(third->err, 0);
	CU_ASSERT_EQUAL(fourth->err, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(number_of(store_thread, "new", NULL), 1);
	CU_ASSERT_EQUAL(number_of(store_thread, "old", NULL), 3);
	line_end();
	end(store_thread);
}

static void a_need_may_be_met_by_one_in_front(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_save *second;

	line_begin();
	shut_gate(store_thread);
	queue(store_thread, SMD_NEED_ABSENT, 0, "new", "1");
	second = queue(store_thread, SMD_NEED_REVISION, 1, "new", "2");
	uv_sem_post(&watched.go);
	line_wait();
	CU_ASSERT_EQUAL(second->err, 0);
	CU_ASSERT_EQUAL(number_of(store_thread, "new", NULL), 2);
	line_end();
	end(store_thread);
}

static void a_reading_sees_what_was_queued_before(void)
{
	struct smd_store_thread *store_thread = begin();

	line_begin();
	shut_gate(store_thread);
	queue(store_thread, SMD_NEED_NOTHING, 0, "b", "1");
	queue(store_thread, SMD_NEED_NOTHING, 0, "b", "2");
	uv_sem_post(&watched.go);
	CU_ASSERT_EQUAL(number_of(store_thread, "b", NULL), 2);
	line_wait();
	line_end();
	end(store_thread);
}

static void nothing_to_write_is_fine(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_batch batch = {0};
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, &error), 0);
	CU_ASSERT_EQUAL(watched.applies, 0);
	batch.err = SMD_E_NO_MEMORY;
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, &error), SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(error.code, SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(batch.err, 0);
	CU_ASSERT_EQUAL(watched.applies, 0);
	end(store_thread);
	smd_store_thread_free(NULL);
}

static void a_batch_is_all_or_nothing(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_batch batch = {0};
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateNumber(5);

	smd_batch_put_json(&batch, SMD_NEED_ABSENT, 0, "thing", "a", json);
	smd_batch_check(&batch, SMD_NEED_REVISION, 3, "thing", "b");
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(batch.count, 0);
	CU_ASSERT_EQUAL(number_of(store_thread, "a", NULL), -1);
	put(store_thread, "b", "1", NULL);
	smd_batch_put_json(&batch, SMD_NEED_ABSENT, 0, "thing", "a", json);
	smd_batch_check(&batch, SMD_NEED_REVISION, 1, "thing", "b");
	smd_batch_delete(&batch, "thing", "b");
	smd_batch_delete(&batch, "thing", "never there");
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
	CU_ASSERT_EQUAL(number_of(store_thread, "a", NULL), 5);
	CU_ASSERT_EQUAL(number_of(store_thread, "b", NULL), -1);
	end(store_thread);
}

static void a_batch_that_lost_something_is_not_applied(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", "a", "1", 1);
	smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "thing", "b", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(number_of(store_thread, "a", NULL), -1);
	end(store_thread);
}

static void what_is_queued_is_written_before_the_end(void)
{
	struct smd_store_thread *store_thread = begin();
	char key[16];

	line_begin();
	shut_gate(store_thread);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		queue(store_thread, SMD_NEED_ABSENT, 0, key, "1");
	}
	uv_sem_post(&watched.go);
	smd_store_thread_free(store_thread);
	CU_ASSERT_EQUAL(watched.kept, 101);
	smd_loop_free(line.loop); /* runs the messages that were posted */
	line.loop = NULL;
	CU_ASSERT_EQUAL(line.answered, 101);
	line_end();
	end(NULL);
}

#define WRITERS 4
#define EACH 50

struct writer {
	uv_thread_t thread;
	struct smd_store_thread *store_thread;
	int failed; /* counted here, because CUnit may be called on one thread only */
};

static void write_many(void *arg)
{
	struct writer *writer = arg;
	char key[64];

	for (int i = 0; i < EACH; i++) {
		snprintf(key, sizeof(key), "%p %d", arg, i);
		writer->failed += put(writer->store_thread, key, "1", NULL) != 0;
		writer->failed += number_of(writer->store_thread, key, NULL) != 1;
	}
}

static void many_threads_write(void)
{
	struct smd_store_thread *store_thread = begin();
	struct writer writers[WRITERS];

	for (size_t i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.store_thread = store_thread};
		CU_ASSERT_EQUAL_FATAL(uv_thread_create(&writers[i].thread, write_many, &writers[i]),
				      0);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		uv_thread_join(&writers[i].thread);
		CU_ASSERT_EQUAL(writers[i].failed, 0);
	}
	end(store_thread);
	CU_ASSERT_EQUAL(watched.kept, (size_t)WRITERS * EACH);
	CU_ASSERT(watched.applies <= (size_t)WRITERS * EACH);
}

static void a_store_that_does_not_open_says_why(void)
{
	struct smd_store_thread_spec spec = {.ops = &watch, .where = "", .mode = SMD_STORE_LOOK};
	struct smd_store_thread *store_thread = NULL;
	struct smd_error error = {0};

	watched.ops = smd_plugin_entry()->store;
	CU_ASSERT_EQUAL(smd_store_thread_new(&spec, &store_thread, &error), SMD_E_UNSUPPORTED);
	CU_ASSERT_EQUAL(error.code, SMD_E_UNSUPPORTED);
	CU_ASSERT_PTR_NULL(store_thread);
}

static void room_is_kept_where_the_store_can(void)
{
	struct smd_store_thread *store_thread = begin_with(&roomy);
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 1000, &error), 0);
	CU_ASSERT_EQUAL(watched.reserved, 1000);
	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 1001, &error), SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "the place is full");
	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 0, NULL), 0);
	CU_ASSERT_EQUAL(watched.reserved, 0);
	end(store_thread);
	store_thread = begin();
	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 1000, NULL), 0);
	CU_ASSERT_EQUAL(watched.reserved, 0);
	end(store_thread);
}

/* A batch that writes one record and deletes another, of which the store loses the outcome. */
static int change_unknown(struct smd_store_thread *store_thread, int writes,
			  struct smd_error *error)
{
	struct smd_batch batch = {0};

	put(store_thread, "a", "1", NULL);
	put(store_thread, "b", "1", NULL);
	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", "a", "0", 1);
	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", "a", "1", 1);
	smd_batch_check(&batch, SMD_NEED_REVISION, 1, "thing", "b");
	smd_batch_delete(&batch, "thing", "b");
	watched.unknown = 1;
	watched.writes = writes;
	return smd_store_thread_apply(store_thread, &batch, error);
}

static void an_unknown_outcome_is_read_back(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(change_unknown(store_thread, 1, &error), 0);
	CU_ASSERT_EQUAL(number_of(store_thread, "b", NULL), -1);
	end(store_thread);
	store_thread = begin();
	CU_ASSERT_EQUAL(change_unknown(store_thread, 0, &error), SMD_E_IO);
	CU_ASSERT_EQUAL(error.code, SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "nothing was written: the server was lost");
	CU_ASSERT_EQUAL(number_of(store_thread, "b", NULL), 1);
	end(store_thread);
}

/* The value is the same before and after, but the revision tells. */
static void a_revision_tells_that_nothing_was_written(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_batch batch = {0};

	for (int writes = 0; writes < 2; writes++) {
		put(store_thread, "a", "1", NULL);
		smd_batch_put(&batch, SMD_NEED_REVISION, (uint64_t)writes + 1, "thing", "a", "1",
			      1);
		watched.unknown = 1;
		watched.writes = writes;
		CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL),
				writes ? 0 : SMD_E_IO);
	}
	end(store_thread);
}

static void what_cannot_be_read_back_stays_unknown(void)
{
	struct smd_store_thread *store_thread = begin();
	struct smd_error error = {0};

	watched.unreadable = 1;
	CU_ASSERT_EQUAL(change_unknown(store_thread, 1, &error), SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(error.code, SMD_E_UNKNOWN);
	CU_ASSERT_STRING_EQUAL(error.message, "the server was lost");
	end(store_thread);
}

/* Queue three batches that are applied as one, whose outcome is lost. */
static void lose_a_group(struct smd_store_thread *store_thread, int writes, int unreadable)
{
	line_begin();
	shut_gate(store_thread);
	queue(store_thread, SMD_NEED_NOTHING, 0, "a", "1");
	queue(store_thread, SMD_NEED_NOTHING, 0, "a", "2");
	queue(store_thread, SMD_NEED_NOTHING, 0, "b", "3");
	watched.unknown = 1;
	watched.writes = writes;
	watched.unreadable = unreadable;
	uv_sem_post(&watched.go);
	line_wait();
}

static void expect_group(enum smd_err code)
{
	for (size_t i = 1; i < line.queued; i++) {
		CU_ASSERT_EQUAL(line.saves[i].err, (int)code);
		CU_ASSERT_EQUAL(line.saves[i].error.code, code);
	}
	line_end();
}

static void a_group_is_read_back_as_one(void)
{
	struct smd_store_thread *store_thread = begin();
	uint64_t revision;

	lose_a_group(store_thread, 1, 0);
	expect_group(SMD_OK);
	CU_ASSERT_EQUAL(watched.applies, 2); /* the gate and the group: none is written again */
	CU_ASSERT_EQUAL(number_of(store_thread, "a", &revision), 2);
	CU_ASSERT_EQUAL(revision, 2);
	end(store_thread);
	store_thread = begin();
	lose_a_group(store_thread, 0, 0);
	expect_group(SMD_OK);
	CU_ASSERT_EQUAL(watched.applies, 5); /* not written: one by one */
	CU_ASSERT_EQUAL(number_of(store_thread, "b", &revision), 3);
	CU_ASSERT_EQUAL(revision, 1);
	end(store_thread);
	store_thread = begin();
	lose_a_group(store_thread, 1, 1);
	expect_group(SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(watched.applies, 2);
	end(store_thread);
}

TEST_MAIN("store_thread", TEST(what_was_kept_is_read), TEST(a_reader_may_stop),
	  TEST(what_is_no_json_is_named), TEST(damage_is_no_error_of_the_store),
	  TEST(those_that_wait_are_applied_as_one), TEST(one_that_fails_fails_alone),
	  TEST(needs_hold_one_behind_the_other), TEST(a_need_may_be_met_by_one_in_front),
	  TEST(a_reading_sees_what_was_queued_before), TEST(nothing_to_write_is_fine),
	  TEST(a_batch_is_all_or_nothing), TEST(a_batch_that_lost_something_is_not_applied),
	  TEST(what_is_queued_is_written_before_the_end), TEST(many_threads_write),
	  TEST(a_store_that_does_not_open_says_why), TEST(room_is_kept_where_the_store_can),
	  TEST(an_unknown_outcome_is_read_back), TEST(a_revision_tells_that_nothing_was_written),
	  TEST(what_cannot_be_read_back_stays_unknown), TEST(a_group_is_read_back_as_one));
