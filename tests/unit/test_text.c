/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/text.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/lines.h"
#include "test.h"

static void lines_cut_anywhere(void)
{
	static const char input[] = "one\r\ntwo\n\nlast";

	for (size_t cut = 0; cut < sizeof(input); cut++) {
		struct smd_text *text;
		char *joined;

		CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
		CU_ASSERT_EQUAL(smd_text_append(text, input, cut), 0);
		CU_ASSERT_EQUAL(smd_text_append(text, input + cut, sizeof(input) - 1 - cut), 0);
		CU_ASSERT_EQUAL(smd_text_count(text), 4);
		CU_ASSERT_STRING_EQUAL(smd_text_get(text, 0, NULL), "one");
		CU_ASSERT_STRING_EQUAL(smd_text_get(text, 2, NULL), "");
		CU_ASSERT_STRING_EQUAL(smd_text_get(text, 3, NULL), "last");
		CU_ASSERT_PTR_NULL(smd_text_get(text, 4, NULL));
		joined = smd_text_join(text);
		CU_ASSERT_STRING_EQUAL(joined, "one\ntwo\n\nlast\n");
		CU_ASSERT_EQUAL(smd_text_size(text), strlen(joined));
		free(joined);
		smd_text_free(text);
	}
}

static void a_line_ends_an_open_one(void)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	smd_text_append(text, "half", 4);
	smd_text_linef(text, "%s %d", "whole", 1);
	CU_ASSERT_EQUAL(smd_text_count(text), 2);
	CU_ASSERT_STRING_EQUAL(smd_text_get(text, 1, NULL), "whole 1");
	smd_text_clear(text);
	CU_ASSERT_EQUAL(smd_text_count(text), 0);
	CU_ASSERT_EQUAL(smd_text_size(text), 0);
	smd_text_free(text);
}

/* Bytes taken as a whole make the same text as bytes appended. */
static void taken_is_as_appended(void)
{
	static const char *const inputs[] = {"",
					     "\n",
					     "\r\n",
					     "\r",
					     "a",
					     "a\r",
					     "one\r\ntwo\n\nlast",
					     "a\r\r\nb\r\nc\n",
					     "\n\nx\r\n\r\ny"};

	for (size_t i = 0; i < SMD_COUNT(inputs); i++) {
		struct smd_text *taken, *appended;
		size_t size = strlen(inputs[i]);
		char *a, *b;

		CU_ASSERT_EQUAL_FATAL(smd_text_new(&appended, 0), 0);
		smd_text_append(appended, inputs[i], size);
		CU_ASSERT_EQUAL_FATAL(smd_text_take(&taken, strdup(inputs[i]), size), 0);
		CU_ASSERT_EQUAL(smd_text_count(taken), smd_text_count(appended));
		CU_ASSERT_EQUAL(taken->open, appended->open);
		a = smd_text_join(appended);
		b = smd_text_join(taken);
		CU_ASSERT_STRING_EQUAL(a, b);
		free(a);
		free(b);
		smd_text_free(appended);
		smd_text_free(taken);
	}
}

static void a_nul_is_counted(void)
{
	struct smd_text *text;
	size_t length;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&text, "a\0b\n", 4), 0);
	CU_ASSERT_PTR_NOT_NULL(smd_text_get(text, 0, &length));
	CU_ASSERT_EQUAL(length, 3);
	smd_text_free(text);
}

static void the_limit_holds(void)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 10), 0);
	CU_ASSERT_EQUAL(smd_text_append(text, "12345", 5), 0);
	CU_ASSERT_EQUAL(smd_text_append(text, "1234567890", 10), SMD_E_NO_MEMORY);
	CU_ASSERT_STRING_EQUAL(smd_text_get(text, 0, NULL), "12345");
	smd_text_free(text);
	smd_text_free(NULL);
}

/* The first bytes of a line, so that a moved one is known. */
static const char *bytes_of(const struct smd_text *text)
{
	return smd_text_get(text, 0, NULL);
}

static void lines_are_moved(void)
{
	struct smd_text *from, *to;
	const char *there;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&from, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&to, 14), 0);
	smd_text_append(from, "one\ntwo\r", 8);
	there = bytes_of(from);
	CU_ASSERT_EQUAL(smd_text_move(to, from), 0);
	CU_ASSERT_PTR_EQUAL(bytes_of(to), there);
	CU_ASSERT_EQUAL(smd_text_count(from), 0);
	CU_ASSERT_STRING_EQUAL(smd_text_get(to, 1, NULL), "two");
	smd_text_append(from, "a\0b", 3);
	CU_ASSERT_EQUAL(smd_text_move(to, from), 0);
	CU_ASSERT_EQUAL(smd_text_count(to), 3);
	CU_ASSERT_EQUAL(smd_text_size(to), 12);
	CU_ASSERT_EQUAL(smd_text_size(from), 0);
	smd_text_append(from, "x", 1);
	CU_ASSERT_EQUAL(smd_text_move(to, from), SMD_E_NO_MEMORY);
	smd_text_clear(to);
	smd_text_append(from, "longer than fourteen", 20);
	CU_ASSERT_EQUAL(smd_text_move(to, from), SMD_E_NO_MEMORY);
	CU_ASSERT_EQUAL(smd_text_count(from), 0);
	smd_text_free(from);
	smd_text_free(to);
}

TEST_MAIN("text", TEST(lines_are_moved), TEST(lines_cut_anywhere), TEST(taken_is_as_appended),
	  TEST(a_line_ends_an_open_one), TEST(a_nul_is_counted), TEST(the_limit_holds));
