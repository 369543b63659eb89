/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying a patch: which states in between are reported as unsafe, and at which line. */
#include <stddef.h>
#include <stdio.h>

#include "compiled.h"
#include "dialect_bench.h"

static const struct smd_rule rules[] = {
	{NULL, "vlan <number>", SMD_RULE_SECTION, NULL, "test", .defines = "vlan $1"},
	{NULL, "vlans ...", SMD_RULE_NUMBERS, NULL, "test", .defines = "vlan $#"},
	{NULL, "acl *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_REQUIRED, .defines = "acl $1"},
	{"acl *", "<number> = ...", SMD_RULE_VALUE, "no $1", "test", SMD_RULE_REMOVE_FIRST},
	{NULL, "interface *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
	{"interface *", "access vlan *", SMD_RULE_VALUE, NULL, "test", .uses = "vlan $1"},
	{"interface *", "trunk vlan ...", SMD_RULE_NUMBERS, NULL, "test", SMD_RULE_REQUIRED,
	 .uses = "vlan $#"},
	{"interface *", "filter =* in", SMD_RULE_VALUE, "no filter in", "test", SMD_RULE_REQUIRED,
	 .uses = "acl $1"},
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

static void check_hazard(const struct smd_dialect *spoken, const char *from, const char *to,
			 const char *lines, size_t line)
{
	struct hazards hazards;

	verify_patch(spoken, from, to, lines, &hazards);
	if (!hazards.count || hazards.line != line)
		printf("\n%zu hazards, the first at line %zu: %s\n", hazards.count, hazards.line,
		       hazards.what);
	CU_ASSERT_EQUAL(hazards.result, 0);
	CU_ASSERT(hazards.count > 0);
	CU_ASSERT_EQUAL(hazards.line, line);
	CU_ASSERT(*hazards.what != '\0' && !strchr(hazards.what, '\n'));
}

static const char one_entry[] = "acl a\n 10 permit x\n";
static const char other_entry[] = "acl a\n 10 permit y\n";
static const char bound[] = "acl a\n 10 permit x\ninterface e\n filter a in\n";
static const char rebound[] = "acl a\n 10 permit x\nacl b\n 10 permit x\n"
			      "interface e\n filter b in\n";

static void an_unsafe_state_is_told_with_its_line(void)
{
	struct hazards hazards;

	verify_patch(&dialect, one_entry, other_entry, "acl a\n no 10\n 10 permit y\nexit\n",
		     &hazards);
	CU_ASSERT_EQUAL(hazards.count, 1);
	CU_ASSERT_EQUAL(hazards.line, 1);
	check_hazard(&dialect, one_entry, other_entry, NULL, 1);
}

static void an_opened_port_is_told(void)
{
	static const char trunk[] = "interface e\n trunk vlan 5\n";
	static const char trunk6[] = "interface e\n trunk vlan 6\n";

	check_hazard(&dialect, bound, rebound,
		     "acl b\n 10 permit x\nexit\ninterface e\n no filter in\n filter b in\nexit\n",
		     4);
	check_hazard(&dialect, trunk, trunk6,
		     "interface e\n no trunk vlan 5\n trunk vlan 6\nexit\n", 1);
}

/* Check the line of the hazard, and that its sentence has the name in quotes. */
static void check_dangling(const char *from, const char *to, const char *lines, size_t line,
			   const char *name)
{
	struct hazards hazards;

	check_hazard(&dialect, from, to, lines, line);
	verify_patch(&dialect, from, to, lines, &hazards);
	CU_ASSERT_PTR_NOT_NULL(strstr(hazards.what, name));
}

static void a_use_of_what_is_not_there_is_told(void)
{
	check_dangling(bound, "", "no acl a\ninterface e\n no filter in\nexit\n", 0, "\"acl a\"");
	check_dangling("", bound, "interface e\n filter a in\nexit\nacl a\n 10 permit x\n", 1,
		       "\"acl a\"");
	check_dangling("", "vlan 5\ninterface e\n access vlan 5\n",
		       "interface e\n access vlan 5\nexit\nvlan 5\nexit\n", 1, "\"vlan 5\"");
}

/* Who uses it may stand where nothing changes, and may be left with nothing in the end. */
static void a_user_that_stays_is_told(void)
{
	static const char used[] = "acl a\n 10 permit x\ninterface e\n filter a in\n";
	static const char kept[] = "interface e\n filter a in\n";
	struct smd_dialect other = dialect;
	struct hazards hazards;

	check_dangling(used, kept, "no acl a\n", 0, "\"acl a\" is used by \"interface e\"");
	check_dangling(used, "acl a\n 20 permit y\ninterface e\n filter a in\n",
		       "no acl a\nacl a\n 20 permit y\nexit\n", 0, "\"acl a\"");
	check_dangling(kept, used,
		       "acl a\n 10 permit x\nexit\nno acl a\nacl a\n 10 permit x\nexit\n", 3,
		       "\"acl a\"");
	other.candidate = 1;
	check_hazard(&other, used, kept, "no acl a\n", 0);
	verify_patch(&other, used, "acl b\n 1 x\ninterface e\n filter b in\n", NULL, &hazards);
	CU_ASSERT_EQUAL(hazards.count, 0);
}

static void a_use_of_a_number_that_is_not_there_is_told(void)
{
	static const char lists[] = "interface e\n trunk vlan 5\nvlans 5\n";
	static const char port[] = "interface e\n access vlan 5\nvlans 5\n";

	check_dangling("", lists, "interface e\n trunk vlan 5\nexit\nvlans 5\n", 1, "\"vlan 5\"");
	check_dangling(port, "", "no vlans 5\ninterface e\n no access vlan 5\nexit\n", 0,
		       "\"vlan 5\"");
	check_dangling(port, "interface e\n access vlan 6\nvlans 6\n",
		       "no vlans 5\nvlans 6\ninterface e\n access vlan 6\nexit\n", 0, "\"vlan 5\"");
}

/* A line that does more than a line of a person does is looked at to its end. */
static void all_that_one_line_does_is_looked_at(void)
{
	static const struct smd_rule dropping_rules[] = {
		{NULL, "interface *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
		{"interface *", "mode *", SMD_RULE_VALUE, NULL, "test", .invalidates = "filter *"},
		{"interface *", "filter *", SMD_RULE_MEMBER, NULL, "test", SMD_RULE_REQUIRED},
	};
	static const char port[] = "interface e\n access vlan 290\nvlans 1-300\n";
	struct smd_dialect dropping = dialect;
	char text[2][4000], *at[2];
	struct hazards hazards;

	check_dangling(port, "interface e\n access vlan 301\nvlans 301\n",
		       "no vlans 1-300\nvlans 301\ninterface e\n access vlan 301\nexit\n", 0,
		       "\"vlan 290\"");
	dropping.rules = dropping_rules;
	dropping.rule_count = sizeof(dropping_rules) / sizeof(dropping_rules[0]);
	for (size_t i = 0; i < 2; i++) {
		at[i] = text[i] + sprintf(text[i], "interface e\n mode %zu\n", i);
		for (int filter = 0; filter < 200; filter++)
			at[i] += sprintf(at[i], " filter %d\n", filter);
	}
	verify_patch(&dropping, text[0], text[1], text[1], &hazards);
	CU_ASSERT_EQUAL(hazards.result, 0);
	CU_ASSERT_EQUAL(hazards.count, 200);
	CU_ASSERT_EQUAL(hazards.line, 1);
}

static void check_safe(const struct smd_dialect *spoken, const char *from, const char *to,
		       const char *lines)
{
	struct hazards hazards;

	verify_patch(spoken, from, to, lines, &hazards);
	CU_ASSERT_EQUAL(hazards.result, 0);
	CU_ASSERT_EQUAL(hazards.count, 0);
}

static void what_neither_tree_has_is_no_hazard(void)
{
	check_safe(&dialect, "", "interface e\n access vlan 5\n",
		   "interface e\n access vlan 5\nexit\n");
	check_safe(&dialect, "interface e\n filter a in\n", "", "interface e\n no filter in\n");
	check_safe(&dialect, one_entry, "", "no acl a\n");
	check_safe(&dialect, "", one_entry, "acl a\n 10 permit x\n");
}

static void a_candidate_has_no_state_between(void)
{
	static const char lines[] = "acl a\n no 10\n 10 permit y\nexit\n";
	struct smd_dialect candidate = dialect;

	candidate.candidate = 1;
	check_safe(&candidate, one_entry, other_entry, lines);
	check_safe(&candidate, one_entry, other_entry, NULL);
	check_safe(&candidate, bound, "", "no acl a\ninterface e\n no filter in\nexit\n");
	/* A driver of an older build has no member `candidate`. */
	candidate.size = offsetof(struct smd_dialect, candidate);
	check_hazard(&candidate, one_entry, other_entry, lines, 1);
}

static void lines_that_lead_elsewhere_are_unsafe(void)
{
	static const char *const lines[] = {"", "acl a\n 10 permit z\n", "no acl a\n",
					    "acl a\n no 10\n 10 permit y\nexit\nvlan 7\n"};
	struct smd_dialect candidate = dialect;
	struct hazards hazards;

	candidate.candidate = 1;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		verify_patch(&dialect, one_entry, other_entry, lines[i], &hazards);
		CU_ASSERT_EQUAL(hazards.result, SMD_E_UNSAFE);
		verify_patch(&candidate, one_entry, other_entry, lines[i], &hazards);
		CU_ASSERT_EQUAL(hazards.result, SMD_E_UNSAFE);
	}
}

static void nobody_need_listen(void)
{
	struct smd_tree *from = parse(&dialect, one_entry), *to = parse(&dialect, other_entry);
	struct smd_text *lines = render(&dialect, from, to);
	struct smd_changes *changes;

	CU_ASSERT_EQUAL_FATAL(smd_diff(from, to, &changes), 0);
	CU_ASSERT_EQUAL(
		COMPILED(&dialect, NULL,
			 smd_dialect_verify_patch(compiled, changes, lines, NULL, NULL, NULL)),
		0);
	smd_changes_free(changes);
	smd_text_free(lines);
	smd_tree_free(from);
	smd_tree_free(to);
}

TEST_MAIN("dialect verify patch", TEST(the_dialect_is_well_formed),
	  TEST(an_unsafe_state_is_told_with_its_line), TEST(an_opened_port_is_told),
	  TEST(a_use_of_what_is_not_there_is_told), TEST(a_user_that_stays_is_told),
	  TEST(a_use_of_a_number_that_is_not_there_is_told),
	  TEST(all_that_one_line_does_is_looked_at), TEST(what_neither_tree_has_is_no_hazard),
	  TEST(a_candidate_has_no_state_between), TEST(lines_that_lead_elsewhere_are_unsafe),
	  TEST(nobody_need_listen));
