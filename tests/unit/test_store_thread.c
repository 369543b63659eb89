/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "watched_store.h"

static int collect(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	char *text = arg;

	(void)revision;
	sprintf(text + strlen(text), "%s=%.*s ", key, (int)size, (const char *)value);
	return !strcmp(key, "stop") ? 7 : 0;
}

static void what_was_kept_is_read(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_error error = {0};
	char text[100] = "";
	cJSON *json = NULL;
	uint64_t revision = 0;

	CU_ASSERT_EQUAL(watch_put(store_thread, "b", "1", NULL), 0);
	CU_ASSERT_EQUAL(watch_put(store_thread, "b", "2", NULL), 0);
	CU_ASSERT_EQUAL(watch_put(store_thread, "a", "3", NULL), 0);
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", &revision), 2);
	CU_ASSERT_EQUAL(revision, 2);
	CU_ASSERT_EQUAL(smd_store_thread_each(store_thread, "thing", "", collect, text, NULL), 0);
	CU_ASSERT_STRING_EQUAL(text, "a=3 b=2 ");
	CU_ASSERT_EQUAL(smd_store_thread_get(store_thread, "thing", "c", &json, NULL, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"c\""));
	CU_ASSERT_PTR_NULL(json);
	watch_end(store_thread);
}

static void a_reader_may_stop(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	char text[100] = "";

	watch_put(store_thread, "again", "1", NULL);
	watch_put(store_thread, "stop", "2", NULL);
	watch_put(store_thread, "unread", "3", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_each(store_thread, "thing", "", collect, text, NULL), 7);
	CU_ASSERT_STRING_EQUAL(text, "again=1 stop=2 ");
	watch_end(store_thread);
}

static void what_is_no_json_is_named(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_error error = {0};
	cJSON *json = NULL;

	watch_put(store_thread, "bad", "{", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_get(store_thread, "thing", "bad", &json, NULL, &error),
			SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "the record thing \"bad\" is damaged");
	CU_ASSERT_PTR_NULL(json);
	CU_ASSERT_NOT_EQUAL(error.message[0], '\0');
	watch_end(store_thread);
}

static void damage_is_no_error_of_the_store(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	cJSON *json = NULL;
	int damaged = 0;

	watch_put(store_thread, "bad", "{", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_get_or_damaged(store_thread, "thing", "bad", &json,
							&damaged, NULL),
			0);
	CU_ASSERT(damaged && !json);
	CU_ASSERT_EQUAL(smd_store_thread_get_or_damaged(store_thread, "thing", "none", &json,
							&damaged, NULL),
			SMD_E_NOT_FOUND);
	CU_ASSERT(!damaged && !json);
	watch_put(store_thread, "good", "{}", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_get_or_damaged(store_thread, "thing", "good", &json,
							&damaged, NULL),
			0);
	CU_ASSERT(!damaged && cJSON_IsObject(json));
	cJSON_Delete(json);
	watch_end(store_thread);
}

static void those_that_wait_are_applied_as_one(void)
{
	struct smd_store_thread *store_thread = watch_begin();

	line_begin();
	line_shut_gate(store_thread);
	for (int i = 0; i < 20; i++)
		line_queue(store_thread, SMD_NEED_NOTHING, 0, "same", i == 19 ? "19" : "0");
	uv_sem_post(&watched.go);
	line_wait();
	CU_ASSERT_EQUAL(line.elsewhere, 0);
	CU_ASSERT_EQUAL(watched.applies, 2);
	CU_ASSERT_EQUAL(watched.items, 20);
	CU_ASSERT_EQUAL(watch_number(store_thread, "same", NULL), 19); /* the last one submitted */
	for (size_t i = 0; i < line.queued; i++) {
		CU_ASSERT_EQUAL(line.saves[i].err, 0);
		CU_ASSERT_EQUAL(line.order[i], i);
		CU_ASSERT_EQUAL(line.saves[i].batch.count, 0);
		CU_ASSERT_PTR_NULL(line.saves[i].batch.items);
	}
	line_end();
	watch_end(store_thread);
}

static void one_that_fails_fails_alone(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_save *bad, *broken;

	line_begin();
	line_shut_gate(store_thread);
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "b", "1");
	bad = line_queue(store_thread, SMD_NEED_REVISION, 9, "b", "2");
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "c", "3");
	broken = &line.saves[line.queued++];
	*broken = (struct smd_save){.reply = line.loop, .done = line_saved};
	broken->batch.err = SMD_E_NO_MEMORY;
	smd_store_thread_save(store_thread, broken);
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "d", "4");
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
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", NULL), 1);
	CU_ASSERT_EQUAL(watch_number(store_thread, "d", NULL), 4);
	line_end();
	watch_end(store_thread);
}

/*
 * The needs of a batch are checked after the batches before it, also if these are written
 * together.
 */
static void needs_hold_one_behind_the_other(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_save *first, *second, *third, *fourth;

	watch_put(store_thread, "old", "0", NULL);
	line_begin();
	line_shut_gate(store_thread);
	first = line_queue(store_thread, SMD_NEED_ABSENT, 0, "new", "1");
	second = line_queue(store_thread, SMD_NEED_ABSENT, 0, "new", "2");
	third = line_queue(store_thread, SMD_NEED_REVISION, 1, "old", "3");
	fourth = line_queue(store_thread, SMD_NEED_REVISION, 1, "old", "4");
	uv_sem_post(&watched.go);
	line_wait();
	CU_ASSERT_EQUAL(first->err, 0);
	CU_ASSERT_EQUAL(second->err, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(third->err, 0);
	CU_ASSERT_EQUAL(fourth->err, SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(watch_number(store_thread, "new", NULL), 1);
	CU_ASSERT_EQUAL(watch_number(store_thread, "old", NULL), 3);
	line_end();
	watch_end(store_thread);
}

static void a_need_may_be_met_by_one_in_front(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_save *second;

	line_begin();
	line_shut_gate(store_thread);
	line_queue(store_thread, SMD_NEED_ABSENT, 0, "new", "1");
	second = line_queue(store_thread, SMD_NEED_REVISION, 1, "new", "2");
	uv_sem_post(&watched.go);
	line_wait();
	CU_ASSERT_EQUAL(second->err, 0);
	CU_ASSERT_EQUAL(watch_number(store_thread, "new", NULL), 2);
	line_end();
	watch_end(store_thread);
}

static void a_reading_sees_what_was_queued_before(void)
{
	struct smd_store_thread *store_thread = watch_begin();

	line_begin();
	line_shut_gate(store_thread);
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "b", "1");
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "b", "2");
	uv_sem_post(&watched.go);
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", NULL), 2);
	line_wait();
	line_end();
	watch_end(store_thread);
}

static void nothing_to_write_is_fine(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_batch batch = {0};
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, &error), 0);
	CU_ASSERT_EQUAL(watched.applies, 0);
	batch.err = SMD_E_NO_MEMORY;
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, &error), SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(error.code, SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(batch.err, 0);
	CU_ASSERT_EQUAL(watched.applies, 0);
	watch_end(store_thread);
	smd_store_thread_free(NULL);
}

static void a_batch_is_all_or_nothing(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_batch batch = {0};
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateNumber(5);

	smd_batch_put_json(&batch, SMD_NEED_ABSENT, 0, "thing", "a", json);
	smd_batch_check(&batch, SMD_NEED_REVISION, 3, "thing", "b");
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(batch.count, 0);
	CU_ASSERT_EQUAL(watch_number(store_thread, "a", NULL), -1);
	watch_put(store_thread, "b", "1", NULL);
	smd_batch_put_json(&batch, SMD_NEED_ABSENT, 0, "thing", "a", json);
	smd_batch_check(&batch, SMD_NEED_REVISION, 1, "thing", "b");
	smd_batch_delete(&batch, "thing", "b");
	smd_batch_delete(&batch, "thing", "never there");
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
	CU_ASSERT_EQUAL(watch_number(store_thread, "a", NULL), 5);
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", NULL), -1);
	watch_end(store_thread);
}

static void a_batch_that_lost_something_is_not_applied(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", "a", "1", 1);
	smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "thing", "b", NULL);
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(watch_number(store_thread, "a", NULL), -1);
	watch_end(store_thread);
}

static void what_is_queued_is_written_before_the_end(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	char key[16];

	line_begin();
	line_shut_gate(store_thread);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		line_queue(store_thread, SMD_NEED_ABSENT, 0, key, "1");
	}
	uv_sem_post(&watched.go);
	smd_store_thread_free(store_thread);
	CU_ASSERT_EQUAL(watched.kept, 101);
	smd_loop_free(line.loop); /* runs the messages that were posted */
	line.loop = NULL;
	CU_ASSERT_EQUAL(line.answered, 101);
	line_end();
	watch_end(NULL);
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
		writer->failed += watch_put(writer->store_thread, key, "1", NULL) != 0;
		writer->failed += watch_number(writer->store_thread, key, NULL) != 1;
	}
}

static void many_threads_write(void)
{
	struct smd_store_thread *store_thread = watch_begin();
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
	watch_end(store_thread);
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
	struct smd_store_thread *store_thread = watch_begin_with(&roomy);
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 1000, &error), 0);
	CU_ASSERT_EQUAL(watched.reserved, 1000);
	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 1001, &error), SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "the place is full");
	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 0, NULL), 0);
	CU_ASSERT_EQUAL(watched.reserved, 0);
	watch_end(store_thread);
	store_thread = watch_begin();
	CU_ASSERT_EQUAL(smd_store_thread_reserve(store_thread, 1000, NULL), 0);
	CU_ASSERT_EQUAL(watched.reserved, 0);
	watch_end(store_thread);
}

TEST_MAIN("store_thread", TEST(what_was_kept_is_read), TEST(a_reader_may_stop),
	  TEST(what_is_no_json_is_named), TEST(damage_is_no_error_of_the_store),
	  TEST(those_that_wait_are_applied_as_one), TEST(one_that_fails_fails_alone),
	  TEST(needs_hold_one_behind_the_other), TEST(a_need_may_be_met_by_one_in_front),
	  TEST(a_reading_sees_what_was_queued_before), TEST(nothing_to_write_is_fine),
	  TEST(a_batch_is_all_or_nothing), TEST(a_batch_that_lost_something_is_not_applied),
	  TEST(what_is_queued_is_written_before_the_end), TEST(many_threads_write),
	  TEST(a_store_that_does_not_open_says_why), TEST(room_is_kept_where_the_store_can));
