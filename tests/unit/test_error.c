/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/error.h>

#include "test.h"

static void fills_completely(void)
{
	struct smd_error error = {.hint = "old", .where = "old", .device = "old"};

	CU_ASSERT_EQUAL(smd_fail(&error, SMD_E_INVALID, "vlan %d", 5000), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.message, "vlan 5000");
	CU_ASSERT_STRING_EQUAL(error.hint, "");
	CU_ASSERT_STRING_EQUAL(error.where, "");
	CU_ASSERT_STRING_EQUAL(error.device, "");
	CU_ASSERT_EQUAL(smd_fail(NULL, SMD_E_IO, "nobody listens"), SMD_E_IO);
}

static void long_text_is_cut(void)
{
	struct smd_error error;
	char text[2 * SMD_ERROR_MESSAGE];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	smd_fail(&error, SMD_E_IO, "%s", text);
	CU_ASSERT_EQUAL(strlen(error.message), SMD_ERROR_MESSAGE - 1);
	CU_ASSERT_STRING_EQUAL(error.message + SMD_ERROR_MESSAGE - 4, "...");
}

static void control_characters_never_pass(void)
{
	struct smd_error error;

	smd_fail(&error, SMD_E_DEVICE, "said \"%s\"", "\033[2Jboo\r\n\x7f");
	CU_ASSERT_STRING_EQUAL(error.message, "said \"?[2Jboo???\"");
}

static void no_trick_of_unicode_passes(void)
{
	char c1[] = "a\xc2\x9b"
		    "2Jb",
	     bidi[] = "a\xe2\x80\xae"
		      "b",
	     broken[] = "a\xff"
			"b\xc3";
	char good[] = "caf\xc3\xa9 \xe2\x82\xac";
	struct smd_error error;
	char text[SMD_ERROR_MESSAGE + 8];

	CU_ASSERT_STRING_EQUAL(smd_sanitize(c1), "a\?\?2Jb");
	CU_ASSERT_STRING_EQUAL(smd_sanitize(bidi), "a\?\?\?b");
	CU_ASSERT_STRING_EQUAL(smd_sanitize(broken), "a\?b\?");
	CU_ASSERT_STRING_EQUAL(smd_sanitize(good), "caf\xc3\xa9 \xe2\x82\xac");
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	/* The message is cut in the middle of this character */
	memcpy(text + SMD_ERROR_MESSAGE - 5, "\xc3\xa9", 2);
	smd_fail(&error, SMD_E_IO, "%s", text);
	CU_ASSERT_STRING_EQUAL(error.message + strlen(error.message) - 4, "x...");
}

static void prefix_goes_before(void)
{
	struct smd_error error;

	smd_fail(&error, SMD_E_IO, "disk full");
	smd_error_prefix(&error, "while saving %s", "plan");
	CU_ASSERT_STRING_EQUAL(error.message, "while saving plan: disk full");
}

static void exit_statuses_are_the_documented_ones(void)
{
	CU_ASSERT_EQUAL(smd_err_exit(SMD_OK), 0);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_UNREACHABLE), 1);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_INVALID), 3);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_CONFLICT), 3);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_UNSAFE), 3);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_ROLLED_BACK), 4);
	CU_ASSERT_EQUAL(smd_err_exit(SMD_E_ATTENTION), 5);
	CU_ASSERT_STRING_EQUAL(smd_err_name(SMD_E_NOT_FOUND), "not-found");
	CU_ASSERT_EQUAL(smd_err_http(SMD_E_NOT_FOUND), 404);
}

TEST_MAIN("error", TEST(fills_completely), TEST(long_text_is_cut),
	  TEST(control_characters_never_pass), TEST(no_trick_of_unicode_passes),
	  TEST(prefix_goes_before), TEST(exit_statuses_are_the_documented_ones));
