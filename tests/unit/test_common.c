/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two texts compared without reading what they have in common: the changes must be
 * those that reading them whole gives, whatever stands twice, is spelled otherwise,
 * takes something back, or looks like the beginning of something else.
 */
#include <smartdeploy/dialect.h>
#include <stdio.h>

#include "gen.h"
#include "test.h"

#define ROUNDS 3000
#define LINES 14

static const struct smd_rule rules[] = {
	{NULL, "hostname *", SMD_RULE_VALUE, "no $name", "test"},
	{NULL, "interface <interface>", SMD_RULE_SECTION, NULL, "test"},
	{"interface <interface>", "description ...", SMD_RULE_VALUE, "no $name"},
	{"interface <interface>", "shutdown", SMD_RULE_MEMBER},
	{"interface <interface>", "address *", SMD_RULE_VALUE},
	{NULL, "no service", SMD_RULE_DEFAULT},
	{NULL, "service", SMD_RULE_MEMBER},
	{NULL, "vlan *", SMD_RULE_SECTION, .flags = SMD_RULE_SPREAD},
	{"vlan *", "name *", SMD_RULE_VALUE},
	{NULL, "route ...", SMD_RULE_MEMBER},
	{NULL, "acl * = ...", SMD_RULE_ORDERED},
	{NULL, "range ...", SMD_RULE_NUMBERS},
	{NULL, "banner * = ...", SMD_RULE_BLOCK, .until = "$delimiter"},
	{NULL, "line *", SMD_RULE_SECTION, .flags = SMD_RULE_STAYS},
	{"line *", "width *", SMD_RULE_VALUE},
	{NULL, "map *", SMD_RULE_SECTION, .defines = "map $1"},
	{"map *", "set *", SMD_RULE_VALUE},
	{"line *", "by *", SMD_RULE_VALUE, .uses = "map $1"},
};
static const char *const closers[] = {"!", "exit", NULL};
static const char *const types[] = {"Ethernet", "Loopback", NULL};
static const struct smd_dialect dialect = {
	.size = sizeof(dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = closers,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.interfaces = types,
};

/* What a text is made of: few pieces, so that they meet. */
static const char *const pieces[] = {
	"hostname a\n",
	"hostname b\n",
	"interface Ethernet1\n description x\n address 1\n",
	"interface Ethernet1\n description y\n",
	"interface eth1\n address 2\n!\n",
	"interface Loopback0\n address 9\n",
	"interface Loopback0\n",
	"description flush\n",
	"shutdown\n",
	"no interface Ethernet1\n",
	"service\n",
	"no service\n",
	"vlan 1\n name a\n",
	"vlan 1,2\n",
	"vlan 2\n name b\n!\n",
	"route 1 2\n",
	"route 3 4\n!\n",
	"no route 1 2\n",
	"acl x permit 1\n",
	"acl x permit 2\n",
	"acl x deny 3\n",
	"range 1-5\n",
	"range 7\n",
	"banner motd #\ninterface Ethernet1\n description no\n#\n",
	"banner motd #hello#\n",
	"line 0\n width 80\n",
	"line 0\n",
	"map m\n set 1\n",
	"map m\n set 2\n",
	"map n\n set 3\n",
	"map n\n",
	"line 1\n by n\n",
	"odd thing\n",
	"odd thing\n below\n",
	"  stray\n",
	"! comment\n",
	"exit\n",
};
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static struct smd_text *text_of(const uint8_t *which, size_t count)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	for (size_t i = 0; i < count; i++)
		CU_ASSERT_EQUAL_FATAL(
			smd_text_append(text, pieces[which[i]], strlen(pieces[which[i]])), 0);
	return text;
}

/* The lines that lead from one tree to the other; the caller's. */
static char *lines_between(const struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_changes *changes;
	struct smd_text *lines;
	struct smd_error error = {0};
	char *joined;

	CU_ASSERT_EQUAL_FATAL(smd_diff(from, to, &changes), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&lines, 0), 0);
	CU_ASSERT_EQUAL(smd_dialect_render(&dialect, changes, lines, &error), 0);
	joined = smd_text_join(lines);
	smd_text_free(lines);
	smd_changes_free(changes);
	return joined;
}

static char *compare_whole(const struct smd_text *a, const struct smd_text *b)
{
	struct smd_tree *from, *to;
	char *lines;

	CU_ASSERT_EQUAL_FATAL(smd_dialect_parse(&dialect, a, &from, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_dialect_parse(&dialect, b, &to, NULL), 0);
	lines = lines_between(from, to);
	smd_tree_free(from);
	smd_tree_free(to);
	return lines;
}

static char *compare_rest(const struct smd_text *a, const struct smd_text *b)
{
	struct smd_tree *from, *to;
	char *lines;

	CU_ASSERT_EQUAL_FATAL(smd_dialect_parse_pair(&dialect, a, b, &from, &to, NULL), 0);
	lines = lines_between(from, to);
	smd_tree_free(from);
	smd_tree_free(to);
	return lines;
}

static int check(const struct smd_text *a, const struct smd_text *b)
{
	char *whole = compare_whole(a, b), *rest = compare_rest(a, b);
	int same = !strcmp(whole, rest);

	if (!same) {
		char *x = smd_text_join(a), *y = smd_text_join(b);

		printf("\n--- a\n%s--- b\n%s--- whole\n%s--- rest\n%s", x, y, whole, rest);
		free(x);
		free(y);
	}
	CU_ASSERT_TRUE(same);
	free(whole);
	free(rest);
	return same;
}

static void it_gives_what_reading_all_gives(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint8_t a[LINES], b[LINES];
		size_t count = 1 + gen_below(&gen, LINES - 1), b_count = count;
		struct smd_text *x, *y;
		int same;

		for (size_t i = 0; i < count; i++)
			a[i] = b[i] = (uint8_t)gen_below(&gen, PIECES);
		for (unsigned edits = gen_below(&gen, 4); edits && count; edits--) {
			size_t at = gen_below(&gen, (uint32_t)count);

			if (gen_chance(&gen, 30) && b_count == count && at + 1 == count)
				b_count--;
			else
				b[at] = (uint8_t)gen_below(&gen, PIECES);
		}
		x = text_of(a, count);
		y = text_of(b, b_count);
		same = check(x, y);
		smd_text_free(x);
		smd_text_free(y);
		if (!same)
			return;
	}
}

static size_t count_nodes(const struct smd_tree *tree)
{
	const struct smd_node *node = smd_node_first(smd_tree_top(tree));
	size_t count = 0;

	for (; node; node = smd_node_next(node))
		count++;
	return count;
}

static void what_is_alike_is_in_neither(void)
{
	static const uint8_t which_a[] = {2, 5, 15, 12, 0}, which_b[] = {2, 5, 15, 12, 1};
	struct smd_text *a = text_of(which_a, 5), *b = text_of(which_b, 5);
	struct smd_tree *from, *to;

	CU_ASSERT_EQUAL_FATAL(smd_dialect_parse_pair(&dialect, a, b, &from, &to, NULL), 0);
	/* the VLAN may be meant by a list elsewhere, and is read */
	CU_ASSERT_EQUAL(count_nodes(from), 2);
	CU_ASSERT_EQUAL(count_nodes(to), 2);
	smd_tree_free(from);
	smd_tree_free(to);
	smd_text_free(a);
	smd_text_free(b);
}

static void what_cannot_be_read_names_its_line(void)
{
	static const char broken[] = "hostname a\nbanner motd #\nno end\n";
	struct smd_error error = {0};
	struct smd_tree *from, *to;
	struct smd_text *a = text_of((const uint8_t[]){0}, 1), *b;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&b, broken, sizeof(broken) - 1), 0);
	CU_ASSERT_EQUAL(smd_dialect_parse_pair(&dialect, a, b, &from, &to, &error), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.where, "line 2");
	smd_text_free(a);
	smd_text_free(b);
}

TEST_MAIN("common", TEST(it_gives_what_reading_all_gives), TEST(what_is_alike_is_in_neither),
	  TEST(what_cannot_be_read_names_its_line));
