/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/ledger.h"

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/plan/slice.h"
#include "gen.h"
#include "grow.h"
#include "test.h"

static struct smd_store_thread *open_store_thread(void)
{
	struct smd_store_thread_spec spec = {
		.ops = smd_plugin_entry()->store, .where = "", .mode = SMD_STORE_OWN};
	struct smd_store_thread *store_thread = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &store_thread, NULL), 0);
	return store_thread;
}

/* Add a row; `was` may be NULL. */
static void own(struct smd_ledger *ledger, const char *path, const char *owner, const char *was)
{
	int fresh;
	struct smd_ledger_row *row = smd_ledger_add(ledger, path, &fresh);

	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	if (fresh && was) {
		row->foreign = 1;
		row->was = strdup(was);
		row->was_size = strlen(was);
	}
	CU_ASSERT_EQUAL(smd_ledger_row_add_owner(row, owner), 0);
}

static int same_row(const struct smd_ledger_row *a, const struct smd_ledger_row *b)
{
	if (strcmp(a->path, b->path) != 0 || a->foreign != b->foreign ||
	    a->owner_count != b->owner_count || !a->was != !b->was || a->was_size != b->was_size)
		return 0;
	if (a->was && memcmp(a->was, b->was, a->was_size) != 0)
		return 0;
	for (size_t i = 0; i < a->owner_count; i++)
		if (!smd_ledger_row_owned_by(b, a->owners[i]))
			return 0;
	return 1;
}

static int same_ledger(const struct smd_ledger *a, const struct smd_ledger *b)
{
	if (a->count != b->count)
		return 0;
	for (size_t i = 0; i < a->count; i++)
		if (!same_row(&a->rows[i], &b->rows[i]))
			return 0;
	return 1;
}

static void rows_are_sorted_and_found(void)
{
	static const char *const paths[] = {"/m", "/a", "/z", "/a/b", "/a[1]", "/", "/a"};
	struct smd_ledger ledger = {0};
	int fresh;

	for (size_t i = 0; i < SMD_COUNT(paths); i++) {
		struct smd_ledger_row *row = smd_ledger_add(&ledger, paths[i], &fresh);

		CU_ASSERT_PTR_NOT_NULL_FATAL(row);
		CU_ASSERT_STRING_EQUAL(row->path, paths[i]);
		CU_ASSERT_EQUAL(fresh, i != 6);
	}
	CU_ASSERT_EQUAL(ledger.count, 6);
	for (size_t i = 1; i < ledger.count; i++)
		CU_ASSERT(strcmp(ledger.rows[i - 1].path, ledger.rows[i].path) < 0);
	for (size_t i = 0; i < SMD_COUNT(paths); i++) {
		struct smd_ledger_row *row = smd_ledger_find(&ledger, paths[i]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(row);
		CU_ASSERT_STRING_EQUAL(row->path, paths[i]);
	}
	CU_ASSERT_PTR_NULL(smd_ledger_find(&ledger, "/a/"));
	smd_ledger_drop(&ledger, "/a/b");
	smd_ledger_drop(&ledger, "/never");
	CU_ASSERT_EQUAL(ledger.count, 5);
	CU_ASSERT_PTR_NULL(smd_ledger_find(&ledger, "/a/b"));
	smd_ledger_done(&ledger);
	CU_ASSERT_EQUAL(ledger.count, 0);
}

static void owners_come_once_and_go(void)
{
	struct smd_ledger ledger = {0};
	struct smd_ledger_row *row;

	own(&ledger, "/a", "x", NULL);
	own(&ledger, "/a", "x", NULL);
	own(&ledger, "/a", "y", NULL);
	own(&ledger, "/a", "z", NULL);
	row = smd_ledger_find(&ledger, "/a");
	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	CU_ASSERT_EQUAL(row->owner_count, 3);
	smd_ledger_row_remove_owner(row, "x");
	smd_ledger_row_remove_owner(row, "nobody");
	CU_ASSERT_EQUAL(row->owner_count, 2);
	CU_ASSERT(!smd_ledger_row_owned_by(row, "x"));
	CU_ASSERT(smd_ledger_row_owned_by(row, "y"));
	smd_ledger_row_remove_owner(row, "y");
	CU_ASSERT(!smd_ledger_row_owned_by(row, "y"));
	CU_ASSERT_STRING_EQUAL(row->owners[0], "z");
	smd_ledger_done(&ledger);
}

static void a_copy_stands_alone(void)
{
	struct smd_ledger ledger = {0}, copy, none = {0};

	own(&ledger, "/a", "x", "old");
	own(&ledger, "/b", "y", NULL);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&copy, &ledger), 0);
	CU_ASSERT(same_ledger(&copy, &ledger));
	smd_ledger_drop(&ledger, "/a");
	CU_ASSERT_PTR_NOT_NULL(smd_ledger_find(&copy, "/a"));
	smd_ledger_done(&ledger);
	smd_ledger_done(&copy);
	CU_ASSERT_EQUAL(smd_ledger_copy(&copy, &none), 0);
	CU_ASSERT_EQUAL(copy.count, 0);
}

static void save(struct smd_store_thread *store_thread, const struct smd_ledger *before,
		 const struct smd_ledger *after, const char *device, size_t writes)
{
	struct smd_batch batch = {0};

	smd_ledger_save(before, after, device, &batch);
	CU_ASSERT_EQUAL(batch.count, writes);
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
}

static int is_stored(struct smd_store_thread *store_thread, const struct smd_ledger *ledger,
		     const char *device)
{
	struct smd_ledger loaded;
	struct smd_error error = {0};
	int same, err = smd_ledger_load(&loaded, store_thread, device, &error);

	if (err)
		printf("%s %s\n", error.message, error.where);
	same = !err && same_ledger(&loaded, ledger);
	smd_ledger_done(&loaded);
	return same;
}

static void only_what_differs_is_written(void)
{
	struct smd_store_thread *store_thread = open_store_thread();
	struct smd_ledger none = {0}, one = {0}, two;

	own(&one, "/a", "x", "old");
	own(&one, "/b", "x", NULL);
	own(&one, "/c", "x", NULL);
	own(&one, "/empty", "x", "");
	save(store_thread, &none, &one, "leaf1", 4);
	CU_ASSERT(is_stored(store_thread, &one, "leaf1"));
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&two, &one), 0);
	save(store_thread, &one, &two, "leaf1", 0);
	own(&two, "/b", "y", NULL);
	own(&two, "/d", "y", NULL);
	smd_ledger_drop(&two, "/c");
	save(store_thread, &one, &two, "leaf1", 3);
	CU_ASSERT(is_stored(store_thread, &two, "leaf1"));
	save(store_thread, &two, &none, "leaf1", 4);
	CU_ASSERT(is_stored(store_thread, &none, "leaf1"));
	smd_ledger_done(&one);
	smd_ledger_done(&two);
	smd_store_thread_free(store_thread);
}

/* A device's name can be the beginning of another's. */
static void devices_are_kept_apart(void)
{
	struct smd_store_thread *store_thread = open_store_thread();
	struct smd_ledger none = {0}, one = {0}, other = {0};

	own(&one, "/a", "x", NULL);
	own(&other, "/a", "y", NULL);
	own(&other, "/b", "y", NULL);
	save(store_thread, &none, &one, "leaf1", 1);
	save(store_thread, &none, &other, "leaf10", 2);
	CU_ASSERT(is_stored(store_thread, &one, "leaf1"));
	CU_ASSERT(is_stored(store_thread, &other, "leaf10"));
	CU_ASSERT(is_stored(store_thread, &none, "leaf"));
	smd_ledger_done(&one);
	smd_ledger_done(&other);
	smd_store_thread_free(store_thread);
}

static void a_damaged_record_is_named(void)
{
	static const char *const records[] = {"{", "[]", "{}", "{\"path\":7}",
					      "{\"path\":\"/a\",\"owners\":[7]}"};

	for (size_t i = 0; i < SMD_COUNT(records); i++) {
		struct smd_store_thread *store_thread = open_store_thread();
		struct smd_batch batch = {0};
		struct smd_ledger ledger;
		struct smd_error error = {0};

		smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "ledger", "leaf1 x", records[i],
			      strlen(records[i]));
		CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
		CU_ASSERT_NOT_EQUAL(smd_ledger_load(&ledger, store_thread, "leaf1", &error), 0);
		CU_ASSERT_EQUAL(ledger.count, 0);
		CU_ASSERT_NOT_EQUAL(error.code, 0);
		CU_ASSERT_NOT_EQUAL(error.message[0], '\0');
		smd_store_thread_free(store_thread);
	}
}

/* Paths and values with any bytes are stored and read back unchanged. */
static void any_tree_is_kept(void)
{
	static const struct gen_shape shape = {.nodes = 60, .width = 6, .depth = 4};
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(50); i < rounds; i++) {
		struct smd_store_thread *store_thread = open_store_thread();
		struct smd_tree *running = gen_tree(&gen, &shape), *out = NULL, *more = NULL;
		struct smd_slice_change a = {.owner = "a", .wanted = running};
		struct smd_slice_change b = {.owner = "b", .wanted = running};
		struct smd_ledger none = {0}, one = {0}, two;

		CU_ASSERT_EQUAL_FATAL(smd_slice_overlay(running, &a, &one, &out, NULL), 0);
		save(store_thread, &none, &one, "leaf1", one.count);
		CU_ASSERT(is_stored(store_thread, &one, "leaf1"));
		CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&two, &one), 0);
		CU_ASSERT(same_ledger(&one, &two));
		CU_ASSERT_EQUAL_FATAL(smd_slice_overlay(out, &b, &two, &more, NULL), 0);
		save(store_thread, &one, &two, "leaf1", two.count);
		CU_ASSERT(is_stored(store_thread, &two, "leaf1"));
		smd_ledger_done(&one);
		smd_ledger_done(&two);
		smd_tree_free(running);
		smd_tree_free(out);
		smd_tree_free(more);
		smd_store_thread_free(store_thread);
	}
}

TEST_MAIN("ledger", TEST(rows_are_sorted_and_found), TEST(owners_come_once_and_go),
	  TEST(a_copy_stands_alone), TEST(only_what_differs_is_written),
	  TEST(devices_are_kept_apart), TEST(a_damaged_record_is_named), TEST(any_tree_is_kept));
