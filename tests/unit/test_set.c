/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/set_ops.h"

#include "gen.h"
#include "test.h"

static void assert_reads(const char *text, const char *expected)
{
	struct smd_set set = {0};
	char out[128];

	CU_ASSERT_EQUAL(smd_set_parse(&set, text, strlen(text), NULL), 0);
	CU_ASSERT_EQUAL(smd_set_format(&set, out, sizeof(out)), strlen(expected));
	CU_ASSERT_STRING_EQUAL(out, expected);
	smd_set_done(&set);
}

static void reads_what_users_write(void)
{
	assert_reads("", "");
	assert_reads("  ", "");
	assert_reads("7", "7");
	assert_reads("1,10-20", "1,10-20");
	assert_reads(" 10-20 ,\t1 ", "1,10-20");
	assert_reads("3,1,2", "1-3");
	assert_reads("1-5,3-9,9,11", "1-9,11");
	assert_reads("1-9,2-3", "1-9");
	assert_reads("0,4294967295", "0,4294967295");
	assert_reads("0-4294967295,5", "0-4294967295");
	assert_reads("4294967294,4294967295", "4294967294-4294967295");
	assert_reads("007", "7");
}

static void refuses_what_is_no_set(void)
{
	static const char *const bad[] = {
		",",     "1,",   ",1",    "1,,2",       "-",
		"1-",    "-1",   "5-4",   "1 2",        "one",
		"1-2-3", "0x10", "1 - 3", "4294967296", "99999999999999999999",
		"+1"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct smd_set set = {0};
		struct smd_error error = {0};

		CU_ASSERT_EQUAL(smd_set_add(&set, 5, 6), 0);
		CU_ASSERT_EQUAL(smd_set_parse(&set, bad[i], strlen(bad[i]), &error), SMD_E_INVALID);
		CU_ASSERT_EQUAL(error.code, SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\""));
		CU_ASSERT_EQUAL(smd_set_size(&set), 2);
		smd_set_done(&set);
	}
}

static void reads_no_further_than_told(void)
{
	struct smd_set set = {0};

	CU_ASSERT_EQUAL(smd_set_parse(&set, "12345", 2, NULL), 0);
	CU_ASSERT_TRUE(smd_set_has(&set, 12));
	CU_ASSERT_EQUAL(smd_set_size(&set), 1);
	smd_set_done(&set);
}

static void writes_as_snprintf_does(void)
{
	struct smd_set set = {0};
	char out[8] = "xxxxxxx";

	CU_ASSERT_EQUAL(smd_set_parse(&set, "1,10-20,300", 11, NULL), 0);
	CU_ASSERT_EQUAL(smd_set_format(&set, NULL, 0), 11);
	CU_ASSERT_EQUAL(smd_set_format(&set, out, sizeof(out)), 11);
	CU_ASSERT_STRING_EQUAL(out, "1,10-20");
	CU_ASSERT_EQUAL(smd_set_format(&set, out, 4), 11);
	CU_ASSERT_STRING_EQUAL(out, "1,1");
	smd_set_done(&set);
}

#define SPAN 64

static void assert_like(const struct smd_set *set, const unsigned char *model, uint32_t base)
{
	uint64_t size = 0;

	for (uint32_t i = 0; i < SPAN; i++) {
		CU_ASSERT_EQUAL(smd_set_has(set, base + i), model[i]);
		size += model[i];
	}
	CU_ASSERT_EQUAL(smd_set_size(set), size);
	for (size_t i = 0; i < set->count; i++) { /* ranges are sorted, disjoint and not adjacent */
		CU_ASSERT_TRUE(set->ranges[i].first <= set->ranges[i].last);
		CU_ASSERT_TRUE(!i || (uint64_t)set->ranges[i - 1].last + 1 < set->ranges[i].first);
	}
}

static void change(struct gen *gen, struct smd_set *set, unsigned char *model, uint32_t base)
{
	uint32_t first = gen_below(gen, SPAN), last = first + gen_below(gen, SPAN - first);
	int add = gen_chance(gen, 50);

	if (gen_chance(gen, 50))
		last = first;
	CU_ASSERT_EQUAL(add ? smd_set_add(set, base + first, base + last)
			    : smd_set_remove(set, base + first, base + last),
			0);
	memset(model + first, add, last - first + 1);
}

/* A set behaves like an array of bits, also at the lowest and highest numbers. */
static void behaves_as_bits_do(void)
{
	static const uint32_t bases[] = {0, 1000, UINT32_MAX - SPAN + 1};
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(300); round < rounds; round++) {
		uint32_t base = bases[round % 3];
		unsigned char model[2][SPAN] = {{0}};
		struct smd_set set[2] = {{0}}, rest = {0}, copy = {0};

		for (unsigned i = 0; i < 12; i++) {
			change(&gen, &set[i % 2], model[i % 2], base);
			assert_like(&set[i % 2], model[i % 2], base);
		}
		CU_ASSERT_EQUAL(smd_set_minus(&rest, &set[0], &set[1]), 0);
		CU_ASSERT_EQUAL(smd_set_copy(&copy, &set[0]), 0);
		CU_ASSERT_TRUE(smd_set_equal(&copy, &set[0]));
		CU_ASSERT_EQUAL(smd_set_equal(&set[0], &set[1]), !memcmp(model[0], model[1], SPAN));
		for (unsigned i = 0; i < SPAN; i++)
			model[0][i] = model[0][i] && !model[1][i];
		assert_like(&rest, model[0], base);
		smd_set_done(&rest);
		smd_set_done(&copy);
		smd_set_done(&set[0]);
		smd_set_done(&set[1]);
	}
}

static void wrong_ranges_are_refused(void)
{
	struct smd_set set = {0};

	CU_ASSERT_EQUAL(smd_set_add(&set, 2, 1), SMD_E_INVALID);
	CU_ASSERT_EQUAL(smd_set_remove(&set, 2, 1), SMD_E_INVALID);
	CU_ASSERT_EQUAL(smd_set_size(&set), 0);
	CU_ASSERT_EQUAL(smd_set_add(&set, 0, UINT32_MAX), 0);
	CU_ASSERT_EQUAL(smd_set_size(&set), (uint64_t)UINT32_MAX + 1);
	smd_set_done(&set);
}

/* A walk over all numbers sees each once, in order, with the sets that have it. */
static void assert_walked(const struct smd_set *sets, unsigned char model[3][SPAN], uint32_t base)
{
	struct smd_set_walk walk = {.set = &sets[0], .others = {&sets[1], &sets[2]}};
	unsigned char seen[SPAN] = {0};
	uint64_t next = 0;

	while (smd_set_walk_next(&walk)) {
		CU_ASSERT_TRUE(walk.run.first >= next && walk.run.first <= walk.run.last);
		next = (uint64_t)walk.run.last + 1;
		for (uint64_t n = walk.run.first; n < next; n++) {
			seen[n - base] = 1;
			CU_ASSERT_EQUAL(walk.in, model[1][n - base] + 2u * model[2][n - base]);
		}
	}
	CU_ASSERT_EQUAL(memcmp(seen, model[0], SPAN), 0);
}

typedef int (*set_op)(struct smd_set *set, const struct smd_set *other);

/* `bits`: what the operation leaves, by whether the first set, and the other one, had a number. */
static void assert_op(set_op op, const char *bits, const struct smd_set *sets,
		      unsigned char model[3][SPAN], uint32_t base)
{
	struct smd_set result = {0};
	unsigned char expected[SPAN];

	for (unsigned i = 0; i < SPAN; i++)
		expected[i] = bits[2 * model[0][i] + model[1][i]] == '1';
	CU_ASSERT_EQUAL(smd_set_copy(&result, &sets[0]), 0);
	CU_ASSERT_EQUAL(op(&result, &sets[1]), 0);
	assert_like(&result, expected, base);
	smd_set_done(&result);
}

static void whole_sets_behave_as_bits_do(void)
{
	static const uint32_t bases[] = {0, 1000, UINT32_MAX - SPAN + 1};
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(300); round < rounds; round++) {
		uint32_t base = bases[round % 3];
		unsigned char model[3][SPAN] = {{0}};
		struct smd_set sets[3] = {{0}};

		for (unsigned i = gen_below(&gen, 30); i; i--)
			change(&gen, &sets[i % 3], model[i % 3], base);
		assert_walked(sets, model, base);
		assert_op(smd_set_add_all, "0111", sets, model, base);
		assert_op(smd_set_remove_all, "0010", sets, model, base);
		assert_op(smd_set_keep_all, "0001", sets, model, base);
		for (unsigned i = 0; i < 3; i++)
			smd_set_done(&sets[i]);
	}
}

TEST_MAIN("set", TEST(reads_what_users_write), TEST(refuses_what_is_no_set),
	  TEST(reads_no_further_than_told), TEST(writes_as_snprintf_does), TEST(behaves_as_bits_do),
	  TEST(whole_sets_behave_as_bits_do), TEST(wrong_ranges_are_refused));
