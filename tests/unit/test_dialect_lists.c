/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of numbers: the VLANs of a trunk, and what the absence of a list means. */
#include <stdio.h>

#include "compiled.h"
#include "dialect_bench.h"

static const struct smd_numbers_form pass = {
	.add = "pass vlan add $#",
	.remove = "pass vlan remove $#",
	.none = "pass vlan none",
	.all = "pass vlan all",
	.except = "pass vlan except $#",
	.first = 1,
	.last = 4094,
	.longest = 30,
};
static const struct smd_numbers_form tagged = {.remove = "untag $#"};
static const struct smd_numbers_form grouped = {
	.add = "group $1 vlan add $#",
	.remove = "group $1 vlan remove $#",
};
static const struct smd_rule rules[] = {
	{NULL, "interface *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
	{"interface *", "mtu *", SMD_RULE_VALUE, NULL, "test"},
	{"interface *", "pass vlan ...", SMD_RULE_NUMBERS, "no pass vlan", "test",
	 SMD_RULE_REQUIRED, .numbers = &pass},
	{"interface *", "tag ...", SMD_RULE_NUMBERS, "no tag", "test", SMD_RULE_REQUIRED,
	 .numbers = &tagged},
	{NULL, "group * vlan ...", SMD_RULE_NUMBERS, "no group $1 vlan", "test",
	 .numbers = &grouped},
};
static const char *const closers[] = {"!", "exit", NULL};
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
};

static void the_dialect_is_well_formed(void)
{
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_dialect_check(&dialect, &error), 0);
	if (*error.message)
		printf("\n%s\n", error.message);
}

static void all_forms_of_a_list_are_read(void)
{
	static const char *const texts[][2] = {
		{"pass vlan 1-5", "1-5"},
		{"pass vlan 5,1,2,3-4", "1-5"},
		{"pass vlan 1\n pass vlan 5-6", "5-6"},
		{"pass vlan 1\n pass vlan add 5-6\n pass vlan add 9", "1,5-6,9"},
		{"pass vlan except 10,20-30", "1-9,11-19,31-4094"},
		{"pass vlan none", ""},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char text[128], wanted[128];

		snprintf(text, sizeof(text), "interface e\n %s\n", texts[i][0]);
		snprintf(wanted, sizeof(wanted), "/interface[e]/pass vlan = %s\n", texts[i][1]);
		check_parse(&dialect, text, wanted);
	}
	check_parse(&dialect, "group a vlan 1\ngroup b vlan 2\ngroup a vlan add 3\n",
		    "/group a vlan = 1,3\n/group b vlan = 2\n");
	check_parse(&dialect, "interface e\n tag 1\n tag 5\n", "/interface[e]/tag = 1,5\n");
}

static void everything_is_what_absence_says(void)
{
	check_same(&dialect, "interface e\n mtu 1\n pass vlan all\n", "interface e\n mtu 1\n");
	check_same(&dialect, "interface e\n pass vlan all\n", "");
	check_way(&dialect, "interface e\n mtu 1\n", "interface e\n mtu 1\n pass vlan 3\n");
	check_way(&dialect, "interface e\n mtu 1\n", "interface e\n mtu 1\n pass vlan none\n");
}

static void forms_are_entered_as_they_are_read(void)
{
	static const char from[] = "interface e\n pass vlan 1-5\ngroup a vlan 7\n";

	check_simulate(&dialect, from, "interface e\n pass vlan add 8\n pass vlan remove 2-3\n",
		       "/interface[e]/pass vlan = 1,4-5,8\n/group a vlan = 7\n");
	check_simulate(&dialect, from, "interface e\n pass vlan 9\n",
		       "/interface[e]/pass vlan = 9\n/group a vlan = 7\n");
	check_simulate(&dialect, from, "interface e\n pass vlan none\n",
		       "/interface[e]/pass vlan = \n/group a vlan = 7\n");
	check_simulate(&dialect, from, "interface e\n pass vlan all\n", "/group a vlan = 7\n");
	check_simulate(&dialect, from, "interface e\n no pass vlan\n", "/group a vlan = 7\n");
	check_simulate(&dialect, from, "interface e\n pass vlan except 2-4093\n",
		       "/interface[e]/pass vlan = 1,4094\n/group a vlan = 7\n");
	check_simulate(&dialect, from,
		       "interface e\n tag 1\n tag 2\n untag 1\nexit\n"
		       "group a vlan add 9\ngroup a vlan remove 7\n",
		       "/interface[e]/pass vlan = 1-5\n/interface[e]/tag = 2\n/group a vlan = 9\n");
}

static void what_joins_and_leaves_is_all_that_is_sent(void)
{
	check_way(&dialect, "interface e\n pass vlan 1-10\n", "interface e\n pass vlan 2-11\n");
	check_lacks(&dialect, "interface e\n pass vlan 1-10\n", "interface e\n pass vlan 2-11\n",
		    "pass vlan 2-11");
	check_render(&dialect, "interface e\n pass vlan 1-10\n", "interface e\n pass vlan 1-11\n",
		     "interface e\n pass vlan add 11\nexit\n");
	check_render(&dialect, "interface e\n pass vlan 1-10\n", "interface e\n pass vlan 1-9\n",
		     "interface e\n pass vlan remove 10\nexit\n");
	check_render(&dialect, "group a vlan 1-10\n", "group a vlan 1-9\n",
		     "group a vlan remove 10\n");
	check_same(&dialect, "interface e\n pass vlan 1-5\n",
		   "interface e\n pass vlan 5,4\n pass vlan add 1-3\n");
}

/* Behind each line: every interface with a list at both ends has one, and it is not empty. */
static int keeps_its_lists(void *arg, const struct smd_tree *tree, size_t line)
{
	const struct smd_node *port = smd_node_find(smd_tree_top(tree), "interface", "e");
	const struct smd_node *list = port ? smd_node_find(port, arg, NULL) : NULL;

	if (!list)
		printf("\nno %s behind line %zu\n", (const char *)arg, line);
	return list ? 0 : 1;
}

static void check_kept(const char *from, const char *to, const char *name)
{
	struct smd_text *lines = render_texts(&dialect, from, to);
	struct smd_tree *tree = parse(&dialect, from);

	CU_ASSERT_EQUAL(COMPILED(&dialect, NULL,
				 smd_dialect_simulate(compiled, tree, lines, keeps_its_lists,
						      (void *)name, NULL)),
			0);
	smd_tree_free(tree);
	smd_text_free(lines);
	check_way(&dialect, from, to);
}

static void a_list_never_passes_through_everything(void)
{
	static const char *const lists[] = {"1", "2", "1-10", "5,7,9", "4000-4094", "1-4094"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (size_t j = 0; j < sizeof(lists) / sizeof(lists[0]); j++) {
			char from[64], to[64];

			snprintf(from, sizeof(from), "interface e\n pass vlan %s\n", lists[i]);
			snprintf(to, sizeof(to), "interface e\n pass vlan %s\n", lists[j]);
			check_kept(from, to, "pass vlan");
			check_lacks(&dialect, from, to, "no pass vlan");
			check_lacks(&dialect, from, to, "pass vlan all");
			snprintf(from, sizeof(from), "interface e\n tag %s\n", lists[i]);
			snprintf(to, sizeof(to), "interface e\n tag %s\n", lists[j]);
			check_kept(from, to, "tag");
			check_lacks(&dialect, from, to, "no tag");
		}
	}
}

static void an_emptied_list_is_not_everything(void)
{
	static const char full[] = "interface e\n pass vlan 1-5\n";
	static const char empty[] = "interface e\n pass vlan none\n";

	check_kept(full, empty, "pass vlan");
	check_kept(empty, full, "pass vlan");
	check_lacks(&dialect, full, empty, "no pass vlan");
	check_lacks(&dialect, full, empty, "pass vlan all");
	check_again(&dialect, empty);
}

/* Without a line for the empty list. */
static void an_emptied_list_is_removed(void)
{
	check_simulate(&dialect, "group a vlan 1-5\n", "group a vlan remove 1-5\n", "");
	check_way(&dialect, "group a vlan 1-5\ngroup b vlan 2\n", "group b vlan 2\n");
	check_way(&dialect, "interface e\n mtu 1\n tag 5\n", "interface e\n mtu 1\n");
}

static void check_longest(const struct smd_text *text)
{
	for (size_t i = 0; i < smd_text_count(text); i++) {
		const char *line = smd_text_get(text, i, NULL);

		CU_ASSERT(strlen(line + strspn(line, " ")) <= pass.longest);
	}
}

static void a_long_list_goes_on_in_further_lines(void)
{
	static const char many[] = "interface e\n"
				   " pass vlan 1001,1003,1005,1007,1009,1011,1013,1015,1017,1019\n"
				   " pass vlan add 2001-2005,3001-3005\n";
	struct smd_text *lines = render_texts(&dialect, "", many);

	check_longest(lines);
	CU_ASSERT(smd_text_count(lines) > 4);
	check_again(&dialect, many);
	check_way(&dialect, "", many);
	check_way(&dialect, "interface e\n pass vlan 1002,1004\n", many);
	check_kept("interface e\n pass vlan 1002,1004\n", many, "pass vlan");
	smd_text_free(lines);
}

static void a_replaced_list_comes_and_goes(void)
{
	check_render(&dialect, "", "interface e\n pass vlan 1-5\n",
		     "interface e\n pass vlan 1-5\nexit\n");
	check_way(&dialect, "", "group a vlan 1-5\n");
	check_way(&dialect, "group a vlan 1-5\n", "group a vlan 6\ngroup b vlan 1-5\n");
	check_way(&dialect, "interface e\n pass vlan 1-5\n", "interface f\n pass vlan 1-5\n");
}

/*
 * A line that removes all lists, entered before and after the only one is added. `bands` is a line
 * of its own, too, which the first removal removes.
 */
static void removals_find_long_lists_too(void)
{
	static const struct smd_rule own[] = {
		{NULL, "band * vlan ...", SMD_RULE_NUMBERS, "no bands", "test"},
		{NULL, "bands", SMD_RULE_MEMBER, NULL, "test"},
	};
	struct smd_dialect bands = dialect;

	bands.rules = own;
	bands.rule_count = sizeof(own) / sizeof(own[0]);
	check_simulate(&bands, "bands\n", "no bands\nband a vlan 1-4000\nno bands\n", "");
	check_simulate(&bands, "bands\n", "no bands\nband a vlan 1-5000\nno bands\n", "");
}

TEST_MAIN("dialect lists", TEST(the_dialect_is_well_formed), TEST(all_forms_of_a_list_are_read),
	  TEST(everything_is_what_absence_says), TEST(forms_are_entered_as_they_are_read),
	  TEST(what_joins_and_leaves_is_all_that_is_sent),
	  TEST(a_list_never_passes_through_everything), TEST(an_emptied_list_is_not_everything),
	  TEST(an_emptied_list_is_removed), TEST(a_long_list_goes_on_in_further_lines),
	  TEST(a_replaced_list_comes_and_goes), TEST(removals_find_long_lists_too));
