/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of records by deployment: they sort by number, and lead back to the id. */
#include "core/site/deployment_key.h"

#include <stdio.h>

#include "gen.h"
#include "test.h"

#define OLD "20261130-155103084-c2d3" /* ids of earlier versions */
#define LARGEST 999999999999u

static const char *key_of(const char *id, const char *rest)
{
	static char keys[2][SMD_STORE_KEY];
	static unsigned turn;
	char *key = keys[turn++ % 2];

	smd_deployment_key(id, rest, key);
	return key;
}

static int leads_back(const char *id, const char *expected)
{
	char back[SMD_DEPLOYMENT_ID];

	smd_deployment_id(key_of(id, NULL), back);
	return !strcmp(back, expected);
}

static void an_id_comes_back(void)
{
	CU_ASSERT(leads_back("1", "1"));
	CU_ASSERT(leads_back("10", "10"));
	CU_ASSERT(leads_back("999999999999", "999999999999"));
	CU_ASSERT(leads_back("1234567890123", "1234567890123")); /* more than it has room for */
	CU_ASSERT(leads_back(OLD, OLD));
	CU_ASSERT(leads_back("", ""));
}

static void zeros_in_front_mean_nothing(void)
{
	CU_ASSERT(leads_back("017", "17"));
	CU_ASSERT_STRING_EQUAL(key_of("017", NULL), key_of("17", NULL));
	CU_ASSERT_STRING_EQUAL(key_of("000000000017", "r1"), key_of("17", "r1"));
	CU_ASSERT(leads_back("0", "0"));
	CU_ASSERT(leads_back("000", "0"));
}

static void only_digits_are_a_number(void)
{
	static const char *const others[] = {"1a", "-1", "+1", " 1", "1 ", "0x1", "1.0"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		CU_ASSERT(leads_back(others[i], others[i]));
		CU_ASSERT_STRING_NOT_EQUAL(key_of(others[i], NULL), key_of("1", NULL));
	}
}

static void a_rest_follows(void)
{
	const char *key = key_of("17", NULL), *with = key_of("17", "r1");
	size_t length = strlen(key);

	CU_ASSERT_EQUAL(strncmp(with, key, length), 0);
	CU_ASSERT_STRING_EQUAL(with + length, " r1");
	/* The prefix of all its records is that of no other deployment's */
	CU_ASSERT_EQUAL(strncmp(key_of("17", "r1"), key_of("17", ""), length + 1), 0);
	CU_ASSERT_NOT_EQUAL(strncmp(key_of("170", "r1"), key_of("17", ""), length + 1), 0);
	CU_ASSERT_STRING_EQUAL(key_of(OLD, "r1"), OLD " r1");
}

static void old_ids_come_first(void)
{
	CU_ASSERT(strcmp(key_of(OLD, NULL), key_of("1", NULL)) < 0);
	CU_ASSERT(strcmp(key_of(OLD, "zzz"), key_of("1", NULL)) < 0);
}

static uint64_t any_number(struct gen *gen)
{
	uint64_t number = (uint64_t)gen_below(gen, 1000000) * 1000000 + gen_below(gen, 1000000);

	for (unsigned i = gen_below(gen, 12); i; i--)
		number /= 10;
	return number;
}

static void keys_sort_by_number(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(1000); i < rounds; i++) {
		uint64_t a = any_number(&gen), b = i % 4 ? any_number(&gen) : a + 1;
		char first[24], second[24];
		int order;

		snprintf(first, sizeof(first), "%llu", (unsigned long long)a);
		snprintf(second, sizeof(second), "%llu", (unsigned long long)b);
		if (b > LARGEST)
			continue;
		order = strcmp(key_of(first, NULL), key_of(second, NULL));
		CU_ASSERT_EQUAL((order > 0) - (order < 0), (a > b) - (a < b));
		CU_ASSERT(leads_back(first, first));
	}
}

TEST_MAIN("deployment key", TEST(an_id_comes_back), TEST(zeros_in_front_mean_nothing),
	  TEST(only_digits_are_a_number), TEST(a_rest_follows), TEST(old_ids_come_first),
	  TEST(keys_sort_by_number));
