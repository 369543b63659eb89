/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/ledger.h"

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/base/hash.h"
#include "core/plan/slice.h"
#include "gen.h"
#include "ledgers.h"
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

static void rows_are_found(void)
{
	static const char *const paths[] = {"/m", "/a", "/z", "/a/b", "/a[1]", "/", "/a"};
	struct smd_ledger ledger = {0};
	int fresh;

	for (size_t i = 0; i < SMD_COUNT(paths); i++) {
		struct smd_ledger_row *row = smd_ledger_add(&ledger, paths[i], &fresh);

		CU_ASSERT_PTR_NOT_NULL_FATAL(row);
		CU_ASSERT_STRING_EQUAL(row->path, paths[i]);
		CU_ASSERT_EQUAL(fresh, i != 6);
		if (strcmp(paths[i], "/a/b") != 0)
			CU_ASSERT_EQUAL(smd_ledger_row_add_owner(row, "x"), 0);
	}
	CU_ASSERT_EQUAL(ledger.count, 6);
	for (size_t i = 0; i < SMD_COUNT(paths); i++) {
		struct smd_ledger_row *row = smd_ledger_find(&ledger, paths[i]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(row);
		CU_ASSERT_STRING_EQUAL(row->path, paths[i]);
	}
	CU_ASSERT_PTR_NULL(smd_ledger_find(&ledger, "/a/"));
	CU_ASSERT_EQUAL(smd_ledger_prune(&ledger), 0);
	CU_ASSERT_EQUAL(ledger.count, 5);
	CU_ASSERT_PTR_NULL(smd_ledger_find(&ledger, "/a/b"));
	CU_ASSERT_PTR_NOT_NULL(smd_ledger_find(&ledger, "/a[1]"));
	CU_ASSERT_PTR_NOT_NULL(smd_ledger_find(&ledger, "/"));
	smd_ledger_done(&ledger);
	CU_ASSERT_EQUAL(ledger.count, 0);
}

/* Remove the row of a path. */
static void drop(struct smd_ledger *ledger, const char *path)
{
	struct smd_ledger_row *row = smd_ledger_find(ledger, path);

	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	while (row->owner_count)
		smd_ledger_row_remove_owner(row, row->owners[0].name);
	CU_ASSERT_EQUAL(smd_ledger_prune(ledger), 0);
}

static void owners_come_once_and_go(void)
{
	struct smd_ledger ledger = {0};
	struct smd_ledger_row *row;

	own(&ledger, "/a", "y", NULL);
	own(&ledger, "/a", "y", NULL);
	own(&ledger, "/a", "z", NULL);
	own(&ledger, "/a", "x", NULL);
	CU_ASSERT(owns(&ledger, "/a", "x", 3));
	CU_ASSERT(owns(&ledger, "/a", "y", 3));
	CU_ASSERT(owns(&ledger, "/a", "z", 3));
	row = smd_ledger_find(&ledger, "/a");
	smd_ledger_row_remove_owner(row, "x");
	smd_ledger_row_remove_owner(row, "nobody");
	CU_ASSERT(!owns(&ledger, "/a", "x", 2));
	CU_ASSERT(owns(&ledger, "/a", "y", 2));
	smd_ledger_row_remove_owner(row, "y");
	CU_ASSERT(!owns(&ledger, "/a", "y", 1));
	CU_ASSERT(owns(&ledger, "/a", "z", 1));
	smd_ledger_done(&ledger);
}

static void must_read(struct smd_set *set, const char *text)
{
	CU_ASSERT_EQUAL_FATAL(smd_set_parse(set, text, strlen(text), NULL), 0);
}

static int is_set(const struct smd_set *set, const char *text)
{
	char out[64];

	smd_set_format(set, out, sizeof(out));
	return !strcmp(out, text);
}

/* Give numbers of a set node to an owner; `there`: what the device has. */
static void own_numbers(struct smd_ledger *ledger, const char *path, const char *owner,
			const char *numbers, const char *there)
{
	struct smd_set set = {0}, device = {0};

	must_read(&set, numbers);
	must_read(&device, there);
	own(ledger, path, owner, NULL);
	CU_ASSERT_EQUAL(
		smd_ledger_row_add_numbers(smd_ledger_find(ledger, path), owner, &set, &device), 0);
	smd_set_done(&set);
	smd_set_done(&device);
}

/* Take numbers from an owner; `lost`: what the device shall lose. */
static void disown(struct smd_ledger_row *row, const char *owner, const char *numbers,
		   const char *lost)
{
	struct smd_set set = {0}, out = {0};

	must_read(&set, numbers);
	CU_ASSERT_EQUAL(smd_ledger_row_remove_numbers(row, owner, &set, &out), 0);
	CU_ASSERT(is_set(&out, lost));
	smd_set_done(&set);
	smd_set_done(&out);
}

static void numbers_are_owned_as_ranges(void)
{
	struct smd_ledger ledger = {0};
	struct smd_ledger_row *row;
	struct smd_set set = {0};

	own_numbers(&ledger, "/v", "x", "1-4094", "5,10-20,5000");
	own_numbers(&ledger, "/v", "y", "15-30,5000", "1-5000");
	row = smd_ledger_find(&ledger, "/v");
	CU_ASSERT_EQUAL(row->owner_count, 2);
	CU_ASSERT(is_set(&row->owners[0].numbers, "1-4094"));
	CU_ASSERT(is_set(&row->owners[1].numbers, "15-30,5000"));
	CU_ASSERT(is_set(&row->foreign_numbers, "5,10-20,5000"));
	CU_ASSERT_EQUAL(smd_ledger_row_add_numbers(row, "z", &set, &set), SMD_E_NOT_FOUND);
	disown(row, "z", "1-4094", "");
	disown(row, "x", "1-17", "1-4,6-9");
	CU_ASSERT(is_set(&row->owners[0].numbers, "18-4094"));
	CU_ASSERT(is_set(&row->foreign_numbers, "15-20,5000"));
	disown(row, "y", "1-5000", "");
	CU_ASSERT(is_set(&row->foreign_numbers, "18-20"));
	disown(row, "x", "0-4294967295", "21-4094");
	CU_ASSERT(is_set(&row->foreign_numbers, ""));
	smd_ledger_done(&ledger);
}

static void a_copy_stands_alone(void)
{
	struct smd_ledger ledger = {0}, copy, none = {0};

	own(&ledger, "/a", "x", "old");
	own(&ledger, "/b", "y", NULL);
	own_numbers(&ledger, "/v", "y", "1,7-9", "8");
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&copy, &ledger), 0);
	CU_ASSERT(same_ledger(&copy, &ledger));
	drop(&ledger, "/a");
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
	own_numbers(&one, "/v", "x", "1-4094", "3");
	save(store_thread, &none, &one, "leaf1", 5);
	CU_ASSERT(is_stored(store_thread, &one, "leaf1"));
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&two, &one), 0);
	save(store_thread, &one, &two, "leaf1", 0);
	own(&two, "/b", "y", NULL);
	own(&two, "/d", "y", NULL);
	drop(&two, "/c");
	own_numbers(&two, "/v", "y", "2", "");
	save(store_thread, &one, &two, "leaf1", 4);
	CU_ASSERT(is_stored(store_thread, &two, "leaf1"));
	save(store_thread, &two, &none, "leaf1", 5);
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
	static const char *const records[] = {"{",
					      "[]",
					      "{}",
					      "{\"path\":7}",
					      "{\"path\":\"/a\",\"owners\":[7]}",
					      "{\"path\":\"/a/[7]\",\"owners\":[7]}",
					      "{\"path\":\"/a\",\"owners\":[\"x\"],"
					      "\"numbers\":{\"y\":\"1\"}}",
					      "{\"path\":\"/a\",\"owners\":[\"x\"],"
					      "\"numbers\":{\"x\":\"2-1\"}}",
					      "{\"path\":\"/a\",\"owners\":[\"x\"],"
					      "\"numbers\":{\"x\":1}}",
					      "{\"path\":\"/a\",\"foreign-numbers\":[]}"};

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

/* Write a record as earlier builds did: under the digest of its path. */
static void put_old(struct smd_batch *batch, const char *device, const char *path,
		    const char *members)
{
	char digest[SMD_SHA256_HEX], key[128], text[256];

	CU_ASSERT_EQUAL_FATAL(smd_sha256_hex(path, strlen(path), digest), 0);
	snprintf(key, sizeof(key), "%s %s", device, digest);
	snprintf(text, sizeof(text), "{\"path\":\"%s\",%s}", path, members);
	smd_batch_put(batch, SMD_NEED_NOTHING, 0, "ledger", key, text, strlen(text));
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

static size_t count_records(struct smd_store_thread *store_thread)
{
	size_t count = 0;

	CU_ASSERT_EQUAL(
		smd_store_thread_each(store_thread, "ledger", "", count_record, &count, NULL), 0);
	return count;
}

/*
 * A record a number becomes one a node. A member without a name cannot be, so `/x/[7]` is always
 * a number; an entry with the key 7 is none.
 */
static void old_records_become_ranges(void)
{
	struct smd_store_thread *store_thread = open_store_thread();
	struct smd_batch batch = {0};
	struct smd_ledger old, saved, expected = {0};
	char path[32];

	put_old(&batch, "leaf1", "/v", "\"owners\":[\"x\",\"y\"],\"foreign\":true");
	for (unsigned n = 4094; n > 0; n--) {
		snprintf(path, sizeof(path), "/v/[%u]", n);
		put_old(&batch, "leaf1", path,
			n == 9 ? "\"owners\":[\"y\",\"x\"],\"foreign\":true"
			       : "\"owners\":[\"x\"],\"foreign\":false");
	}
	put_old(&batch, "leaf1", "/e[7]", "\"owners\":[\"y\"],\"foreign\":true,\"was\":\"o\"");
	put_old(&batch, "leaf10", "/v/[7]", "\"owners\":[\"x\"],\"foreign\":false");
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
	own_numbers(&expected, "/v", "y", "9", "1-10");
	own_numbers(&expected, "/v", "x", "1-4094", "");
	smd_ledger_find(&expected, "/v")->foreign = 1;
	own(&expected, "/e[7]", "y", "o");
	CU_ASSERT(is_stored(store_thread, &expected, "leaf1"));
	CU_ASSERT_EQUAL(count_records(store_thread), 4097);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_load(&old, store_thread, "leaf1", NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&saved, &old), 0);
	save(store_thread, &old, &saved, "leaf1", 4095); /* nothing but the shape changes */
	CU_ASSERT_EQUAL(count_records(store_thread), 3);
	CU_ASSERT(is_stored(store_thread, &expected, "leaf1"));
	smd_ledger_done(&old);
	smd_ledger_done(&saved);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_load(&saved, store_thread, "leaf1", NULL), 0);
	save(store_thread, &saved, &saved, "leaf1", 0);
	smd_ledger_done(&saved);
	smd_ledger_done(&expected);
	smd_store_thread_free(store_thread);
}

/* When the row goes, the records of its numbers go. */
static void old_records_go_with_their_row(void)
{
	struct smd_store_thread *store_thread = open_store_thread();
	struct smd_batch batch = {0};
	struct smd_ledger old, none = {0};

	put_old(&batch, "leaf1", "/v", "\"owners\":[\"x\"],\"foreign\":false");
	put_old(&batch, "leaf1", "/v/[0]", "\"owners\":[\"x\"],\"foreign\":false");
	put_old(&batch, "leaf1", "/v/[4294967295]", "\"owners\":[\"x\"],\"foreign\":false");
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_load(&old, store_thread, "leaf1", NULL), 0);
	CU_ASSERT_EQUAL(old.count, 1);
	CU_ASSERT(owns_number(&old, "/v", UINT32_MAX, "x", 1));
	save(store_thread, &old, &none, "leaf1", 3);
	CU_ASSERT_EQUAL(count_records(store_thread), 0);
	smd_ledger_done(&old);
	smd_store_thread_free(store_thread);
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

TEST_MAIN("ledger", TEST(rows_are_found), TEST(owners_come_once_and_go),
	  TEST(numbers_are_owned_as_ranges), TEST(old_records_become_ranges),
	  TEST(old_records_go_with_their_row), TEST(a_copy_stands_alone),
	  TEST(only_what_differs_is_written), TEST(devices_are_kept_apart),
	  TEST(a_damaged_record_is_named), TEST(any_tree_is_kept));
