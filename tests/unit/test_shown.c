/* SPDX-License-Identifier: Apache-2.0 */
/* Sent and shown: pairs are found behind a change, and taken for the same from then on. */
#include "core/plan/shown.h"

#include <stdio.h>

#include "core/plan/slice.h"
#include "core/tree/own.h"
#include "test.h"
#include "tiny.h"

static struct smd_tree *tree_of(const char *text)
{
	struct smd_language language = tiny_language(&tiny_driver);
	struct smd_text *lines = tiny_text(text);
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_language_parse(&language, lines, &tree, NULL), 0);
	smd_text_free(lines);
	return tree;
}

static int same(const struct smd_tree *a, const struct smd_tree *b)
{
	char path[SMD_ERROR_WHERE] = "";
	int differs = smd_tree_compare(a, b, path, sizeof(path));

	if (differs)
		printf("\ndiffers at %s\n", path);
	return !differs;
}

/*
 * Find pairs where a device that ran `before` was sent `wanted` and shows `now`; with them it runs
 * what was sent. `pairs`: "SENT > SHOWN", a line each.
 */
static void check(const char *before, const char *wanted, const char *now, const char *pairs)
{
	struct smd_language language = tiny_language(&tiny_driver);
	const char *release = "1.0";
	smd_cleanup(smd_tree_free) struct smd_tree *old = tree_of(before);
	smd_cleanup(smd_tree_free) struct smd_tree *slice = tree_of(wanted);
	smd_cleanup(smd_tree_free) struct smd_tree *shown_tree = tree_of(now);
	smd_cleanup(smd_tree_free) struct smd_tree *other = tree_of(now);
	smd_cleanup(smd_tree_free) struct smd_tree *unchanged = tree_of(now);
	smd_cleanup(smd_tree_free) struct smd_tree *goal = NULL;
	struct smd_slice_change change = {.owner = "a", .wanted = slice};
	struct smd_shown shown = {NULL, 0};
	char found[1000] = "";

	CU_ASSERT_EQUAL_FATAL(smd_slice_overlay(old, &change, NULL, &goal, NULL), 0);
	CU_ASSERT_EQUAL(smd_shown_find(&(struct smd_shown_search){&language, release, old, goal,
								  slice, shown_tree},
				       &shown),
			0);
	for (size_t i = 0; i < shown.count; i++)
		sprintf(found + strlen(found), "%s > %s\n", shown.pairs[i].sent,
			shown.pairs[i].shown);
	CU_ASSERT_STRING_EQUAL(found, pairs);
	if (strcmp(found, pairs) != 0)
		printf("\n%s", found);
	CU_ASSERT_EQUAL(smd_shown_apply(&shown, release, slice, shown_tree), 0);
	CU_ASSERT(same(shown_tree, goal));
	/* another release, or another slice, and nothing is the same */
	CU_ASSERT_EQUAL(smd_shown_apply(&shown, "1.1", slice, other), 0);
	CU_ASSERT_EQUAL(smd_shown_apply(&shown, release, NULL, other), 0);
	CU_ASSERT(same(other, unchanged));
	smd_shown_done(&shown);
}

static void another_value(void)
{
	check("vlan 10\n name a\n", "vlan 10\n name Blue\n", "vlan 10\n name blue\n",
	      "/vlan[10]/name = Blue > /vlan[10]/name = blue\n");
}

static void another_line_of_the_same_words(void)
{
	check("ntp server one\n", "ntp server TWO\nclock utc\n",
	      "ntp server one\nntp server two\nclock utc\n", "/ntp server TWO > /ntp server two\n");
}

static void lines_that_the_device_adds(void)
{
	check("", "interface e0\n mtu 9000\n", "interface e0\n mtu 9000\n fault LINK\n",
	      " > /interface[e0]/fault = LINK\n");
}

/* What stood there before, or is intended, is not shown in place of something else. */
static void what_is_not_new_is_no_pair(void)
{
	struct smd_language language = tiny_language(&tiny_driver);
	smd_cleanup(smd_tree_free) struct smd_tree *old = tree_of("ntp server one\n");
	smd_cleanup(smd_tree_free) struct smd_tree *goal =
		tree_of("ntp server one\nntp server b\n");
	smd_cleanup(smd_tree_free) struct smd_tree *wanted = tree_of("ntp server b\n");
	struct smd_shown shown = {NULL, 0};

	CU_ASSERT_EQUAL(
		smd_shown_find(&(struct smd_shown_search){&language, "", old, goal, wanted, old},
			       &shown),
		0);
	CU_ASSERT_EQUAL(shown.count, 0);
	smd_shown_done(&shown);
}

/* An abbreviation has changed what is somebody else's: that is no way to show it. */
static void what_had_another_value_is_no_pair(void)
{
	struct smd_language language = tiny_language(&tiny_driver);
	smd_cleanup(smd_tree_free) struct smd_tree *old = tree_of("interface e0\n mtu 9000\n");
	smd_cleanup(smd_tree_free) struct smd_tree *now = tree_of("interface e0\n mtu 1500\n");
	smd_cleanup(smd_tree_free) struct smd_tree *wanted = tree_of("interface e0\n mt 1500\n");
	smd_cleanup(smd_tree_free) struct smd_tree *goal =
		tree_of("interface e0\n mtu 9000\n mt 1500\n");
	struct smd_shown shown = {NULL, 0};

	CU_ASSERT_EQUAL(
		smd_shown_find(&(struct smd_shown_search){&language, "", old, goal, wanted, now},
			       &shown),
		0);
	CU_ASSERT_EQUAL(shown.count, 0);
	smd_shown_done(&shown);
}

/* A line that has not acted, for its old value stands, is shown in no other way. */
static void what_has_its_old_value_is_no_pair(void)
{
	struct smd_language language = tiny_language(&tiny_driver);
	smd_cleanup(smd_tree_free) struct smd_tree *old = tree_of("interface e0\n access vlan 5\n");
	smd_cleanup(smd_tree_free) struct smd_tree *goal =
		tree_of("interface e0\n access vlan 6\n");
	smd_cleanup(smd_tree_free) struct smd_tree *now =
		tree_of("interface e0\n access vlan 5\n access map theirs\n");
	struct smd_shown shown = {NULL, 0};

	CU_ASSERT_EQUAL(
		smd_shown_find(&(struct smd_shown_search){&language, "", old, goal, goal, now},
			       &shown),
		0);
	for (size_t i = 0; i < shown.count; i++)
		CU_ASSERT_STRING_EQUAL(shown.pairs[i].sent, "");
	smd_shown_done(&shown);
}

TEST_MAIN("shown", TEST(another_value), TEST(another_line_of_the_same_words),
	  TEST(lines_that_the_device_adds), TEST(what_is_not_new_is_no_pair),
	  TEST(what_had_another_value_is_no_pair), TEST(what_has_its_old_value_is_no_pair));
