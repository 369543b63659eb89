/* SPDX-License-Identifier: Apache-2.0 */
/* Records that are read from the store at once, and seen on the caller's thread. */
#include <smartdeploy/plugin.h>

#include "core/store/store_thread.h"
#include "test.h"

static uv_thread_t own_thread;

static int is_here(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	uv_thread_t now = uv_thread_self();

	(void)key;
	(void)value;
	(void)size;
	(void)revision;
	CU_ASSERT_TRUE(uv_thread_equal(&now, &own_thread));
	++*(size_t *)arg;
	return 0;
}

static struct smd_store_thread *begin(const struct smd_store *ops)
{
	struct smd_store_thread_spec spec = {.ops = ops, .where = "", .mode = SMD_STORE_OWN};
	struct smd_store_thread *store_thread = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &store_thread, NULL), 0);
	return store_thread;
}

static void fill(struct smd_store_thread *store_thread)
{
	struct smd_batch batch = {0};

	for (const char *key = "abcdefg"; *key; key++)
		smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", (char[]){*key, '\0'}, key, 1);
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
}

static void lists(struct smd_store_thread *store_thread, struct smd_store_range range,
		  const char *expected)
{
	struct smd_rows rows = {0};
	char text[64] = "";

	range.table = "thing";
	range.prefix = "";
	CU_ASSERT_EQUAL(smd_store_thread_list(store_thread, &range, &rows, NULL), 0);
	for (size_t i = 0; i < rows.count; i++) {
		strcat(text, rows.rows[i].key);
		CU_ASSERT_EQUAL(rows.rows[i].value == NULL, range.keys || rows.rows[i].damaged);
	}
	CU_ASSERT_STRING_EQUAL(text, expected);
	smd_rows_done(&rows);
}

/* By the store's `list`, and without one, as in an older store. */
static void listed_either_way(void)
{
	struct smd_store ops = *smd_plugin_entry()->store;
	struct smd_store_thread *store_thread;
	size_t seen = 0;

	own_thread = uv_thread_self();
	for (int i = 0; i < 2; i++) {
		ops.list = i ? NULL : ops.list;
		store_thread = begin(&ops);
		fill(store_thread);
		lists(store_thread, (struct smd_store_range){.limit = 3}, "abc");
		lists(store_thread, (struct smd_store_range){.backward = 1, .limit = 3}, "gfe");
		lists(store_thread, (struct smd_store_range){.backward = 1, .beyond = "c"}, "ba");
		lists(store_thread, (struct smd_store_range){.keys = 1, .beyond = "e"}, "fg");
		CU_ASSERT_EQUAL(
			smd_store_thread_each(store_thread, "thing", "", is_here, &seen, NULL), 0);
		smd_store_thread_free(store_thread);
	}
	CU_ASSERT_EQUAL(seen, 14);
}

/* A store one of whose records is damaged. */
static int list_damaged(void *store, const struct smd_store_range *range, smd_store_row_fn row,
			void *arg, struct smd_error *error)
{
	const struct smd_store_row rows[] = {{.key = "a", .value = "1", .size = 1, .revision = 1},
					     {.key = "b", .damaged = 1},
					     {.key = "c", .value = "3", .size = 1, .revision = 1}};
	int err = 0;

	(void)store;
	(void)range;
	(void)error;
	for (size_t i = 0; i < 3 && !err; i++)
		err = row(arg, &rows[i]);
	return err;
}

static void damage_is_told_by_name(void)
{
	struct smd_store ops = *smd_plugin_entry()->store;
	struct smd_store_thread *store_thread;
	struct smd_error error = {0};
	size_t seen = 0;

	ops.list = list_damaged;
	store_thread = begin(&ops);
	lists(store_thread, (struct smd_store_range){0}, "abc");
	CU_ASSERT_EQUAL(smd_store_thread_each(store_thread, "thing", "", is_here, &seen, &error),
			SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "the record thing \"b\" is damaged");
	CU_ASSERT_EQUAL(seen, 1);
	smd_store_thread_free(store_thread);
}

TEST_MAIN("rows", TEST(listed_either_way), TEST(damage_is_told_by_name));
