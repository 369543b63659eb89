/* SPDX-License-Identifier: Apache-2.0 */
/* What is left with a commit, by vendor: the alphabets and lengths are those of their manuals. */
#include <ctype.h>
#include <smartdeploy/driver.h>
#include <stdio.h>

#include "core/base/cleanup.h"
#include "core/run/steps.h"
#include "gen.h"
#include "test.h"

#define TAG "0f4b6c7d-17"

/*
 * What the command lines of vendors take, in the words of their manuals.
 *
 * junos        `commit comment "TEXT"`: one line in quotes; no length is told (Junos CLI User
 * Guide) dnos         `commit log "TEXT"`: 1 to 512 bytes iosxr        `commit comment LINE`: "Max
 * 60 characters", without quotes, to the end of the line iosxr-label  `commit label WORD`: a word;
 * no length is told, so it is kept short nxos         `checkpoint NAME description TEXT`: 80
 * characters, blanks among them nxos-name    `checkpoint NAME`: 32 characters on the least (Nexus
 * 5500), no blanks
 */
static const struct form {
	const char *name, *others;
	size_t most;
} forms[] = {
	{"junos", " -_.,:;/()+=@#", 255},
	{"dnos", " -_.,:;/()+=@#", 512},
	{"iosxr", " -_.,:/()", 60},
	{"iosxr-label", "-_", 30},
	{"nxos", " -_", 80},
	{"nxos-name", "-_", 32},
};

static void expect(const char *name, const char *principal, const char *comment,
		   const char *expected)
{
	const struct form *form = forms;
	struct smd_run_core core;
	struct smd_run run = {
		.tag = TAG, .principal = principal, .comment = comment, .core = &core};
	const char *text;

	while (strcmp(form->name, name))
		form++;
	smd_run_core_init(&core);
	text = smd_run_comment(&run, form->others, form->most);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_STRING_EQUAL(text, expected);
	if (strcmp(text, expected))
		printf("%s: %s\n", name, text);
	smd_run_core_done(&core);
}

static void each_vendor_gets_its_alphabet(void)
{
	static const char comment[] = "CHG-1042: move \"h1\" to VLAN 200 (ok?)";

	expect("junos", "alice", comment, TAG ": alice: CHG-1042: move -h1- to VLAN 200 (ok-)");
	expect("dnos", "alice", comment, TAG ": alice: CHG-1042: move -h1- to VLAN 200 (ok-)");
	expect("iosxr", "alice", comment, TAG ": alice: CHG-1042: move -h1- to VLAN 200 (ok-)");
	expect("iosxr-label", "alice", comment, TAG "-alice-CHG-1042-mov");
	expect("nxos", "alice", comment, TAG " alice CHG-1042- move -h1- to VLAN 200 -ok");
	expect("nxos-name", "alice", comment, TAG "-alice-CHG-1042-move");
}

static void what_is_too_long_is_cut_behind_the_tag(void)
{
	expect("iosxr", "alice", "a comment that is much longer than what this vendor takes",
	       TAG ": alice: a comment that is much longer than what");
	expect("iosxr-label", "a.very.long.name.of.a.principal", "x", TAG "-a-very-long-name-o");
	expect("iosxr-label", "aaaaaaaaaaaaaaaaaa", "x", TAG "-aaaaaaaaaaaaaaaaaa");
	expect("iosxr-label", "aaaaaaaaaaaaaaaa", "xyz", TAG "-aaaaaaaaaaaaaaaa-x");
	expect("iosxr-label", "aaaaaaaaaaaaaaaaa", "xyz", TAG "-aaaaaaaaaaaaaaaaa");
}

static void other_scripts_become_one_stroke(void)
{
	expect("junos", "j\u00f6rg", "\u00c4nderung \u65e5\u672c\u8a9e 7",
	       TAG ": j-rg: nderung - 7");
	expect("junos", "\u65e5", "\u65e5\u672c", TAG);
	expect("nxos-name", "root", "\xff\xfe bad", TAG "-root-bad");
}

static void nobody_and_nothing_leave_the_tag(void)
{
	expect("junos", NULL, NULL, TAG);
	expect("junos", "", "", TAG);
	expect("junos", "", "why", TAG ": why");
}

static void a_tag_is_never_cut(void)
{
	struct smd_run_core core;
	struct smd_run run = {.tag = TAG, .comment = "x", .core = &core};

	smd_run_core_init(&core);
	CU_ASSERT_PTR_NULL(smd_run_comment(&run, "-_", strlen(TAG) - 1));
	CU_ASSERT_PTR_NULL(smd_run_comment(&run, "_", 80));
	CU_ASSERT_STRING_EQUAL(smd_run_comment(&run, "-_", strlen(TAG)), TAG);
	run.tag = "";
	CU_ASSERT_STRING_EQUAL(smd_run_comment(&run, "-_", 80), "");
	smd_run_core_done(&core);
}

/* Whatever the comment: in the alphabet, no longer than allowed, and it begins with the tag. */
static void any_bytes_stay_within_the_form(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = gen_rounds(5000); round; round--) {
		const struct form *form = &forms[gen_below(&gen, SMD_COUNT(forms))];
		char comment[80];
		struct smd_run_core core;
		struct smd_run run = {
			.tag = TAG, .principal = "root", .comment = comment, .core = &core};
		size_t length = gen_below(&gen, sizeof(comment)), good = 0;
		const char *text;

		for (size_t i = 0; i < length; i++)
			comment[i] = (char)(1 + gen_below(&gen, 255));
		comment[length] = '\0';
		smd_run_core_init(&core);
		text = smd_run_comment(&run, form->others, form->most);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		while (isalnum((unsigned char)text[good]) ||
		       (text[good] && strchr(form->others, text[good])))
			good++;
		CU_ASSERT_EQUAL(good, strlen(text));
		CU_ASSERT(strlen(text) <= form->most);
		CU_ASSERT(!strncmp(text, TAG, strlen(TAG)));
		smd_run_core_done(&core);
	}
}

TEST_MAIN("commit_comment", TEST(each_vendor_gets_its_alphabet),
	  TEST(what_is_too_long_is_cut_behind_the_tag), TEST(other_scripts_become_one_stroke),
	  TEST(nobody_and_nothing_leave_the_tag), TEST(a_tag_is_never_cut),
	  TEST(any_bytes_stay_within_the_form));
