/* SPDX-License-Identifier: Apache-2.0 */
/* What every store must do; each test runs with all stores. */
#include "gen.h"
#include "store_fixture.h"

static const char *const names[] = {"memory", "sqlite"};

struct fixture {
	const struct smd_store *ops;
	void *store;
};

static void over_all(void (*test)(const struct smd_store *ops, void *store))
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct smd_store *ops = load_store(names[i]);
		struct smd_error error = {.code = SMD_OK};
		struct scratch scratch;
		char where[128];
		void *store = NULL;

		scratch_init(&scratch, "store", where);
		if (ops->open(where, SMD_STORE_OWN, NULL, &store, &error))
			fprintf(stderr, "%s: %s\n", names[i], error.message);
		CU_ASSERT_PTR_NOT_NULL_FATAL(store);
		test(ops, store);
		ops->close(store);
		scratch_done(&scratch);
	}
}

/* Define a test: `STORE_TEST(name) { uses ops and store }`. */
#define STORE_TEST(name)                                                                           \
	static void name##_over(const struct smd_store *ops, void *store);                         \
	static void name(void)                                                                     \
	{                                                                                          \
		over_all(name##_over);                                                             \
	}                                                                                          \
	static void name##_over(const struct smd_store *ops, void *store)

static struct smd_store_item item(enum smd_store_op op, const char *table, const char *key,
				  const char *value)
{
	return (struct smd_store_item){.op = op,
				       .table = table,
				       .key = key,
				       .value = value,
				       .size = value ? strlen(value) : 0};
}

static struct smd_store_item need(struct smd_store_item from, enum smd_store_need what,
				  uint64_t revision)
{
	from.need = what;
	from.revision = revision;
	return from;
}

STORE_TEST(revisions_count_up)
{
	struct smd_store_item gone = item(SMD_STORE_DELETE, "plan", "a", NULL);

	CU_ASSERT_EQUAL(has_record(ops, store, "plan", "a", ""), 0);
	CU_ASSERT_EQUAL(put_record(ops, store, "plan", "a", "one"), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "plan", "a", "one"), 1);
	CU_ASSERT_EQUAL(put_record(ops, store, "plan", "a", "two"), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "plan", "a", "two"), 2);
	CU_ASSERT_EQUAL(put_record(ops, store, "other", "a", "three"), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "other", "a", "three"), 1);
	CU_ASSERT_EQUAL(ops->apply(store, &gone, 1, NULL, NULL), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "plan", "a", ""), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "other", "a", "three"), 1);
	CU_ASSERT_EQUAL(ops->apply(store, &gone, 1, NULL, NULL), 0);
	CU_ASSERT_EQUAL(put_record(ops, store, "plan", "a", "four"), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "plan", "a", "four"), 1);
}

static void conflicts(const struct smd_store *ops, void *store, struct smd_store_item one)
{
	struct smd_error error = {.code = SMD_OK};
	size_t culprit = 99;

	CU_ASSERT_EQUAL(ops->apply(store, &one, 1, &culprit, &error), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(culprit, 0);
	CU_ASSERT_EQUAL(error.code, SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
	CU_ASSERT_EQUAL(ops->apply(store, &one, 1, NULL, NULL), SMD_E_CONFLICT);
}

STORE_TEST(needs)
{
	static const enum smd_store_op all[] = {SMD_STORE_PUT, SMD_STORE_DELETE, SMD_STORE_CHECK};
	struct smd_store_item one;

	for (size_t i = 0; i < 3; i++)
		conflicts(ops, store, need(item(all[i], "t", "a", "x"), SMD_NEED_REVISION, 1));
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "a", ""), 0);
	one = need(item(SMD_STORE_PUT, "t", "a", "x"), SMD_NEED_ABSENT, 0);
	CU_ASSERT_EQUAL(ops->apply(store, &one, 1, NULL, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		conflicts(ops, store, need(item(all[i], "t", "a", "y"), SMD_NEED_ABSENT, 0));
		conflicts(ops, store, need(item(all[i], "t", "a", "y"), SMD_NEED_REVISION, 0));
		conflicts(ops, store, need(item(all[i], "t", "a", "y"), SMD_NEED_REVISION, 2));
	}
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "a", "x"), 1);
	one = need(item(SMD_STORE_CHECK, "t", "a", NULL), SMD_NEED_REVISION, 1);
	CU_ASSERT_EQUAL(ops->apply(store, &one, 1, NULL, NULL), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "a", "x"), 1);
	one = need(item(SMD_STORE_PUT, "t", "a", "z"), SMD_NEED_REVISION, 1);
	CU_ASSERT_EQUAL(ops->apply(store, &one, 1, NULL, NULL), 0);
	one = need(item(SMD_STORE_DELETE, "t", "a", NULL), SMD_NEED_REVISION, 2);
	CU_ASSERT_EQUAL(ops->apply(store, &one, 1, NULL, NULL), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "a", ""), 0);
}

STORE_TEST(all_or_nothing)
{
	struct smd_store_item batch[] = {
		item(SMD_STORE_PUT, "t", "new", "1"),
		item(SMD_STORE_DELETE, "t", "old", NULL),
		item(SMD_STORE_PUT, "t", "kept", "2"),
		need(item(SMD_STORE_CHECK, "t", "last", NULL), SMD_NEED_ABSENT, 0),
	};
	size_t culprit = 99;

	put_record(ops, store, "t", "old", "0");
	put_record(ops, store, "t", "kept", "0");
	put_record(ops, store, "t", "last", "0");
	CU_ASSERT_EQUAL(ops->apply(store, batch, 4, &culprit, NULL), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(culprit, 3);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "new", ""), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "old", "0"), 1);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "kept", "0"), 1);
	CU_ASSERT_EQUAL(ops->apply(store, batch, 3, NULL, NULL), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "new", "1"), 1);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "old", ""), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "kept", "2"), 2);
	CU_ASSERT_EQUAL(ops->apply(store, NULL, 0, NULL, NULL), 0);
}

/* A need is about the state before the batch, even if an earlier item changes the record. */
STORE_TEST(needs_look_before)
{
	struct smd_store_item batch[] = {
		need(item(SMD_STORE_PUT, "t", "a", "1"), SMD_NEED_ABSENT, 0),
		need(item(SMD_STORE_PUT, "t", "a", "2"), SMD_NEED_ABSENT, 0),
	};

	CU_ASSERT_EQUAL(ops->apply(store, batch, 2, NULL, NULL), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "a", "2"), 2);
}

static void is_refused(const struct smd_store *ops, void *store, struct smd_store_item bad)
{
	struct smd_store_item batch[] = {item(SMD_STORE_PUT, "t", "good", "1"), bad};
	struct smd_error error = {.code = SMD_OK};

	CU_ASSERT_EQUAL(ops->apply(store, batch, 2, NULL, &error), SMD_E_INVALID);
	CU_ASSERT_EQUAL(error.code, SMD_E_INVALID);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", "good", ""), 0);
}

static int count_them(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	(void)key;
	(void)value;
	(void)size;
	(void)revision;
	++*(size_t *)arg;
	return 0;
}

STORE_TEST(bad_names_are_refused)
{
	char key[SMD_STORE_KEY + 2];
	struct smd_store_item huge = item(SMD_STORE_PUT, "t", "k", "x");
	size_t seen = 0;

	memset(key, 'k', sizeof(key));
	key[SMD_STORE_KEY + 1] = '\0';
	huge.size = SMD_STORE_VALUE + 1;
	is_refused(ops, store, huge);
	is_refused(ops, store, item(SMD_STORE_PUT, "t", key, "x"));
	is_refused(ops, store, item(SMD_STORE_PUT, "t", NULL, "x"));
	is_refused(ops, store, item(SMD_STORE_PUT, "", "k", "x"));
	is_refused(ops, store, item(SMD_STORE_PUT, NULL, "k", "x"));
	is_refused(ops, store, item(SMD_STORE_PUT, "Plan", "k", "x"));
	is_refused(ops, store, item(SMD_STORE_PUT, "a;b", "k", "x"));
	is_refused(ops, store, item((enum smd_store_op)7, "t", "k", "x"));
	is_refused(ops, store, need(item(SMD_STORE_PUT, "t", "k", "x"), (enum smd_store_need)7, 0));
	CU_ASSERT_EQUAL(ops->get(store, "T", "k", NULL, NULL, NULL, NULL), SMD_E_INVALID);
	CU_ASSERT_EQUAL(ops->each(store, "t", key, count_them, &seen, NULL), SMD_E_INVALID);
	key[SMD_STORE_KEY] = '\0';
	CU_ASSERT_EQUAL(put_record(ops, store, "t", key, "longest"), 0);
	CU_ASSERT_EQUAL(has_record(ops, store, "t", key, "longest"), 1);
	CU_ASSERT_EQUAL(ops->each(store, "t", key, count_them, &seen, NULL), 0);
	CU_ASSERT_EQUAL(seen, 1);
}

/* Keys, sorted, that are misplaced if bytes are compared as signed, as text or as patterns. */
static const char *const odd_keys[] = {
	"",      "\x01",      " ",         "%",     "'",        "*",     "A",
	"B",     "_",         "a",         "a\x01", "a%",       "a/",    "a/1",
	"a/10",  "a/2",       "aB",        "aa",    "a\x7f",    "a\x80", "a\xc3\xa4",
	"a\xff", "a\xff\x01", "a\xff\xff", "b",     "\xc3\x84", "\xff",  "\xff\xff",
};
#define ODD (sizeof(odd_keys) / sizeof(odd_keys[0]))

struct listing {
	const char *prefix;
	size_t next, wrong;
};

/* The next odd key with this prefix must be the one passed. */
static int expect_next(void *arg, const char *key, const void *value, size_t size,
		       uint64_t revision)
{
	struct listing *listing = arg;
	size_t length = strlen(listing->prefix);

	while (listing->next < ODD &&
	       strncmp(odd_keys[listing->next], listing->prefix, length) != 0)
		listing->next++;
	if (listing->next == ODD || strcmp(odd_keys[listing->next], key) != 0 ||
	    size != strlen(key) || memcmp(value, key, size) != 0 || revision != 1)
		listing->wrong++;
	listing->next++;
	return 0;
}

STORE_TEST(prefixes_in_key_order)
{
	for (size_t i = 0; i < ODD; i++) {
		const char *key =
			odd_keys[i * 11 % ODD]; /* 11 and ODD are coprime: each key once */

		CU_ASSERT_EQUAL(put_record(ops, store, "t", key, key), 0);
		CU_ASSERT_EQUAL(put_record(ops, store, "s", key, "s"), 0);
		CU_ASSERT_EQUAL(put_record(ops, store, "ta", key, "ta"), 0);
	}
	for (size_t i = 0; i < ODD; i++) {
		struct listing listing = {.prefix = odd_keys[i]};
		size_t expected = 0, seen = 0;

		for (size_t k = 0; k < ODD; k++)
			if (strncmp(odd_keys[k], odd_keys[i], strlen(odd_keys[i])) == 0)
				expected++;
		CU_ASSERT_EQUAL(ops->each(store, "t", odd_keys[i], expect_next, &listing, NULL), 0);
		CU_ASSERT_EQUAL(listing.wrong, 0);
		CU_ASSERT_EQUAL(ops->each(store, "t", odd_keys[i], count_them, &seen, NULL), 0);
		CU_ASSERT_EQUAL(seen, expected);
	}
}

struct nest {
	const struct smd_store *ops;
	void *store;
	size_t seen, below;
	int write;
};

static int read_within(void *arg, const char *key, const void *value, size_t size,
		       uint64_t revision)
{
	struct nest *nest = arg;

	(void)value;
	(void)size;
	nest->seen++;
	CU_ASSERT_EQUAL(has_record(nest->ops, nest->store, "t", key, key), (int64_t)revision);
	CU_ASSERT_EQUAL(nest->ops->each(nest->store, "t", "", count_them, &nest->below, NULL), 0);
	nest->write = put_record(nest->ops, nest->store, "t", "new", "new");
	return nest->seen == 2 ? 42 : 0;
}

STORE_TEST(callbacks_may_read_and_stop)
{
	struct nest nest = {.ops = ops, .store = store};

	put_record(ops, store, "t", "a", "a");
	put_record(ops, store, "t", "b", "b");
	put_record(ops, store, "t", "c", "c");
	CU_ASSERT_EQUAL(ops->each(store, "t", "", read_within, &nest, NULL), 42);
	CU_ASSERT_EQUAL(nest.seen, 2);
	CU_ASSERT_EQUAL(nest.below, 6);
	CU_ASSERT_EQUAL(nest.write, SMD_E_INTERNAL);
	CU_ASSERT_EQUAL(put_record(ops, store, "t", "new", "new"), 0);
}

STORE_TEST(values_of_all_sizes)
{
	static const size_t sizes[] = {0, 1, 4096, 65537, (size_t)8 << 20};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct smd_store_item one = item(SMD_STORE_PUT, "t", "k", NULL);
		unsigned char *bytes = malloc(sizes[i] + 1);
		void *value = NULL;
		size_t size = 99;

		for (size_t k = 0; k < sizes[i]; k++)
			bytes[k] = (unsigned char)(k * 31 + (k >> 8)); /* NULs included */
		one.value = sizes[i] ? bytes : NULL;
		one.size = sizes[i];
		CU_ASSERT_EQUAL(ops->apply(store, &one, 1, NULL, NULL), 0);
		CU_ASSERT_EQUAL_FATAL(ops->get(store, "t", "k", &value, &size, NULL, NULL), 0);
		CU_ASSERT_EQUAL_FATAL(size, sizes[i]);
		CU_ASSERT_EQUAL(memcmp(value, bytes, size), 0);
		CU_ASSERT_EQUAL(((char *)value)[size], '\0');
		free(value);
		free(bytes);
	}
}

STORE_TEST(absence_is_told_apart)
{
	struct smd_error error = {.code = SMD_OK};
	size_t seen = 0;

	CU_ASSERT_EQUAL(ops->get(store, "t", "k", NULL, NULL, NULL, &error), SMD_E_NOT_FOUND);
	CU_ASSERT_EQUAL(ops->each(store, "t", "", count_them, &seen, &error), 0);
	CU_ASSERT_EQUAL(seen, 0);
	ops->close(NULL);
}

#define KEYS 12
#define BATCH 6

static void random_item(struct gen *gen, struct smd_store_item *out, char keys[][4])
{
	*out = item((enum smd_store_op)(1 + gen_below(gen, 3)), gen_below(gen, 4) ? "t" : "s",
		    keys[gen_below(gen, KEYS)], NULL);
	if (gen_chance(gen, 25))
		*out = need(*out, (enum smd_store_need)gen_below(gen, 3), gen_below(gen, 4));
	out->value = "0123456789abcdef";
	out->size = gen_below(gen, 17);
}

static int print_record(void *arg, const char *key, const void *value, size_t size,
			uint64_t revision)
{
	fprintf(arg, "%s=%.*s@%" PRIu64 "\n", key, (int)size, (const char *)value, revision);
	return 0;
}

static char *print_store(const struct fixture *fixture)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_EQUAL(fixture->ops->each(fixture->store, "s", "", print_record, out, NULL), 0);
	CU_ASSERT_EQUAL(fixture->ops->each(fixture->store, "t", "", print_record, out, NULL), 0);
	fclose(out);
	return text;
}

static void same_batch(const struct fixture fixtures[2], struct gen *gen, char keys[][4])
{
	struct smd_store_item batch[BATCH];
	size_t count = 1 + gen_below(gen, BATCH), culprits[2] = {99, 99};
	struct smd_error errors[2] = {0};
	char *states[2];
	int results[2];

	for (size_t i = 0; i < count; i++)
		random_item(gen, &batch[i], keys);
	for (size_t i = 0; i < 2; i++) {
		results[i] = fixtures[i].ops->apply(fixtures[i].store, batch, count, &culprits[i],
						    &errors[i]);
		states[i] = print_store(&fixtures[i]);
	}
	CU_ASSERT_EQUAL(results[0], results[1]);
	CU_ASSERT_EQUAL(culprits[0], culprits[1]);
	CU_ASSERT_STRING_EQUAL(errors[0].message, errors[1].message);
	CU_ASSERT_STRING_EQUAL(states[0], states[1]);
	free(states[0]);
	free(states[1]);
}

/* Random batches have the same effect on both stores. */
static void both_agree(void)
{
	struct gen gen;
	struct scratch scratch;
	struct fixture fixtures[2];
	char where[128], keys[KEYS][4];

	gen_init(&gen);
	scratch_init(&scratch, "store", where);
	for (size_t i = 0; i < KEYS; i++)
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
	for (size_t i = 0; i < 2; i++) {
		fixtures[i].ops = load_store(names[i]);
		CU_ASSERT_EQUAL_FATAL(
			fixtures[i].ops->open(where, SMD_STORE_OWN, NULL, &fixtures[i].store, NULL),
			0);
	}
	for (unsigned i = 0, rounds = gen_rounds(400); i < rounds; i++)
		same_batch(fixtures, &gen, keys);
	for (size_t i = 0; i < 2; i++)
		fixtures[i].ops->close(fixtures[i].store);
	scratch_done(&scratch);
}

/* What a listing gives, as "key=value@revision " or, of keys only, "key ". */
struct printed {
	char text[512];
};

static int print_row(void *arg, const struct smd_store_row *row)
{
	struct printed *printed = arg;
	size_t used = strlen(printed->text);

	CU_ASSERT_EQUAL(row->damaged, 0);
	if (row->value)
		snprintf(printed->text + used, sizeof(printed->text) - used, "%s=%.*s@%" PRIu64 " ",
			 row->key, (int)row->size, (const char *)row->value, row->revision);
	else
		snprintf(printed->text + used, sizeof(printed->text) - used, "%s ", row->key);
	return strcmp(row->key, "stop") ? 0 : 42;
}

static void lists(const struct smd_store *ops, void *store, struct smd_store_range range,
		  const char *expected)
{
	struct printed printed = {""};

	range.table = "t";
	CU_ASSERT_EQUAL(ops->list(store, &range, print_row, &printed, NULL), 0);
	CU_ASSERT_STRING_EQUAL(printed.text, expected);
}

#define LISTS(expected, ...) lists(ops, store, (struct smd_store_range){__VA_ARGS__}, expected)

STORE_TEST(listings_go_both_ways_by_page)
{
	static const char *const keys[] = {"a", "b", "b1", "b2", "b\xff", "b\xff\xff", "c"};
	struct smd_store_range bad = {.table = "T", .prefix = ""};
	struct printed printed = {""};

	if (!ops->list) /* as before ABI 1.1 */
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		put_record(ops, store, "t", keys[i], "x");
		put_record(ops, store, "s", keys[i], "s");
		put_record(ops, store, "u", keys[i], "u");
	}
	put_record(ops, store, "t", "b1", "y");
	LISTS("a=x@1 b=x@1 b1=y@2 ", .prefix = "", .limit = 3);
	LISTS("c b\xff\xff b\xff b2 b1 b a ", .prefix = "", .keys = 1, .backward = 1);
	LISTS("b\xff\xff b\xff b2 b1 b ", .prefix = "b", .keys = 1, .backward = 1);
	LISTS("b\xff\xff b\xff ", .prefix = "b\xff", .keys = 1, .backward = 1);
	LISTS("b1=y@2 b=x@1 ", .prefix = "b", .beyond = "b2", .backward = 1);
	LISTS("b1=y@2 ", .prefix = "b", .beyond = "b2", .backward = 1, .limit = 1);
	LISTS("b2 b\xff b\xff\xff ", .prefix = "b", .beyond = "b1", .keys = 1);
	LISTS("b1 b2 ", .prefix = "b", .beyond = "b0", .keys = 1, .limit = 2);
	LISTS("b b1 ", .prefix = "b", .beyond = "a", .keys = 1, .limit = 2);
	LISTS("b\xff\xff ", .prefix = "b", .beyond = "z", .keys = 1, .limit = 1, .backward = 1);
	LISTS("", .prefix = "b", .beyond = "c", .keys = 1);
	LISTS("", .prefix = "b", .beyond = "b", .keys = 1, .backward = 1);
	LISTS("", .prefix = "x", .keys = 1);
	CU_ASSERT_EQUAL(ops->list(store, &bad, print_row, &printed, NULL), SMD_E_INVALID);
	put_record(ops, store, "t", "stop", "x");
	bad = (struct smd_store_range){.table = "t", .prefix = "", .keys = 1, .backward = 1};
	CU_ASSERT_EQUAL(ops->list(store, &bad, print_row, &printed, NULL), 42);
	CU_ASSERT_STRING_EQUAL(printed.text, "stop ");
}

TEST_MAIN("store", TEST(listings_go_both_ways_by_page), TEST(revisions_count_up), TEST(needs),
	  TEST(all_or_nothing), TEST(needs_look_before), TEST(bad_names_are_refused),
	  TEST(prefixes_in_key_order), TEST(callbacks_may_read_and_stop), TEST(values_of_all_sizes),
	  TEST(absence_is_told_apart), TEST(both_agree));
