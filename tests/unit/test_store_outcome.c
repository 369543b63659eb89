/* SPDX-License-Identifier: Apache-2.0 */
/* A store that has lost the outcome of a write: it is read back. */
#include "watched_store.h"

/* A batch that writes one record and deletes another, of which the store loses the outcome. */
static int change_unknown(struct smd_store_thread *store_thread, int writes,
			  struct smd_error *error)
{
	struct smd_batch batch = {0};

	watch_put(store_thread, "a", "1", NULL);
	watch_put(store_thread, "b", "1", NULL);
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
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(change_unknown(store_thread, 1, &error), 0);
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", NULL), -1);
	watch_end(store_thread);
	store_thread = watch_begin();
	CU_ASSERT_EQUAL(change_unknown(store_thread, 0, &error), SMD_E_IO);
	CU_ASSERT_EQUAL(error.code, SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "nothing was written: the server was lost");
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", NULL), 1);
	watch_end(store_thread);
}

/* The value is the same before and after, but the revision tells. */
static void a_revision_tells_that_nothing_was_written(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_batch batch = {0};

	for (int writes = 0; writes < 2; writes++) {
		watch_put(store_thread, "a", "1", NULL);
		smd_batch_put(&batch, SMD_NEED_REVISION, (uint64_t)writes + 1, "thing", "a", "1",
			      1);
		watched.unknown = 1;
		watched.writes = writes;
		CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL),
				writes ? 0 : SMD_E_IO);
	}
	watch_end(store_thread);
}

static void what_cannot_be_read_back_stays_unknown(void)
{
	struct smd_store_thread *store_thread = watch_begin();
	struct smd_error error = {0};

	watched.unreadable = 1;
	CU_ASSERT_EQUAL(change_unknown(store_thread, 1, &error), SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(error.code, SMD_E_UNKNOWN);
	CU_ASSERT_STRING_EQUAL(error.message, "the server was lost");
	watch_end(store_thread);
}

/* Queue three batches that are applied as one, whose outcome is lost. */
static void lose_a_group(struct smd_store_thread *store_thread, int writes, int unreadable)
{
	line_begin();
	line_shut_gate(store_thread);
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "a", "1");
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "a", "2");
	line_queue(store_thread, SMD_NEED_NOTHING, 0, "b", "3");
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
	struct smd_store_thread *store_thread = watch_begin();
	uint64_t revision;

	lose_a_group(store_thread, 1, 0);
	expect_group(SMD_OK);
	CU_ASSERT_EQUAL(watched.applies, 2); /* the gate and the group: none is written again */
	CU_ASSERT_EQUAL(watch_number(store_thread, "a", &revision), 2);
	CU_ASSERT_EQUAL(revision, 2);
	watch_end(store_thread);
	store_thread = watch_begin();
	lose_a_group(store_thread, 0, 0);
	expect_group(SMD_OK);
	CU_ASSERT_EQUAL(watched.applies, 5); /* not written: one by one */
	CU_ASSERT_EQUAL(watch_number(store_thread, "b", &revision), 3);
	CU_ASSERT_EQUAL(revision, 1);
	watch_end(store_thread);
	store_thread = watch_begin();
	lose_a_group(store_thread, 1, 1);
	expect_group(SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(watched.applies, 2);
	watch_end(store_thread);
}

TEST_MAIN("store_outcome", TEST(an_unknown_outcome_is_read_back),
	  TEST(a_revision_tells_that_nothing_was_written),
	  TEST(what_cannot_be_read_back_stays_unknown), TEST(a_group_is_read_back_as_one));
