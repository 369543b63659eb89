/* SPDX-License-Identifier: Apache-2.0 */
/* Merging more lines into running, and how people see a change. */
#include <stdio.h>

#include "compiled.h"
#include "dialect_bench.h"
#include "path_dialects.h"

static const struct smd_numbers_form pass = {
	.add = "pass vlan add $#",
	.remove = "pass vlan remove $#",
	.none = "pass vlan none",
};
static const struct smd_rule rules[] = {
	{NULL, "hostname *", SMD_RULE_VALUE, NULL, "test"},
	{NULL, "vlans ...", SMD_RULE_NUMBERS, NULL, "test"},
	{NULL, "route ...", SMD_RULE_MEMBER, NULL, "test"},
	{NULL, "user * secret = ...", SMD_RULE_VALUE, NULL, "test", SMD_RULE_SECRET},
	{NULL, "secret key *", SMD_RULE_MEMBER, NULL, "test", SMD_RULE_SECRET},
	{NULL, "cert =", SMD_RULE_BLOCK, NULL, "test", SMD_RULE_SECRET, .until = "quit"},
	{NULL, "acl *", SMD_RULE_SECTION, NULL, "test"},
	{"acl *", "entry ...", SMD_RULE_ORDERED, NULL, "test"},
	{NULL, "interface *", SMD_RULE_SECTION, NULL, "test"},
	{"interface *", "mtu *", SMD_RULE_VALUE, NULL, "test"},
	{"interface *", "password *", SMD_RULE_VALUE, NULL, "test", SMD_RULE_SECRET},
	{"interface *", "pass vlan ...", SMD_RULE_NUMBERS, NULL, "test", SMD_RULE_REQUIRED,
	 .numbers = &pass},
	{"interface *", "family *", SMD_RULE_SECTION, NULL, "test"},
	{"family *", "route ...", SMD_RULE_MEMBER, NULL, "test"},
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

static void check_merge(const struct smd_dialect *spoken, const char *running, const char *intended,
			const char *wanted)
{
	struct smd_tree *from = parse(spoken, running), *more = parse(spoken, intended);
	struct smd_tree *kept, *end = parse(spoken, wanted), *got = NULL;
	int right;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&kept, from), 0);
	CU_ASSERT_EQUAL_FATAL(
		COMPILED(spoken, NULL, smd_dialect_merge(compiled, from, more, &got, NULL)), 0);
	CU_ASSERT(smd_node_equal(smd_tree_top(from), smd_tree_top(kept)));
	right = smd_node_equal(smd_tree_top(got), smd_tree_top(end));
	if (!right) {
		putchar('\n');
		show("got", got);
		show("wanted", end);
	}
	CU_ASSERT(right);
	smd_tree_free(got);
	smd_tree_free(end);
	smd_tree_free(kept);
	smd_tree_free(more);
	smd_tree_free(from);
}

static const char running[] = "hostname a\nvlans 1-3\nroute x\ncert\n AA\nquit\n"
			      "acl a\n entry 1\n entry 2\n"
			      "interface e\n mtu 9\n pass vlan 1-5\n family v\n  route z\n";

static void a_merge_never_removes(void)
{
	check_merge(&dialect, running, "", running);
	check_merge(&dialect, "", running, running);
	check_merge(&dialect, running, running, running);
	check_merge(&dialect, running, "interface e\nacl a\ninterface f\n mtu 1\nodd\n line\n",
		    "hostname a\nvlans 1-3\nroute x\ncert\n AA\nquit\nacl a\n entry 1\n entry 2\n"
		    "interface e\n mtu 9\n pass vlan 1-5\n family v\n  route z\n"
		    "interface f\n mtu 1\nodd\n line\n");
}

static void a_merge_overwrites_and_joins(void)
{
	check_merge(&dialect, "hostname a\nroute x\n", "hostname b\nroute y\n",
		    "hostname b\nroute x\nroute y\n");
	check_merge(&dialect, "vlans 1-3\n", "vlans 3-5,9\n", "vlans 1-5,9\n");
	check_merge(&dialect, "cert\n AA\nquit\n", "cert\n BB\nquit\n", "cert\n BB\nquit\n");
	check_merge(&dialect, "interface e\n mtu 9\n pass vlan 1-5\n",
		    "interface e\n pass vlan 9\n", "interface e\n mtu 9\n pass vlan 1-5,9\n");
	check_merge(&dialect, "acl a\n entry 1\n entry 2\n", "acl a\n entry 0\n entry 3\n",
		    "acl a\n entry 1\n entry 2\n entry 0\n entry 3\n");
}

/* After a merge the path leads nowhere, but `kept`, if given, still does. */
static void check_taken(const char *had, const char *intended, const char *path, const char *kept)
{
	struct smd_tree *from = parse(&dialect, had), *more = parse(&dialect, intended);
	struct smd_tree *got = NULL;

	CU_ASSERT_EQUAL_FATAL(
		COMPILED(&dialect, NULL, smd_dialect_merge(compiled, from, more, &got, NULL)), 0);
	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(from, path, NULL, NULL));
	CU_ASSERT_PTR_NULL(smd_tree_at(got, path, NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(got, kept, NULL, NULL));
	smd_tree_free(got);
	smd_tree_free(more);
	smd_tree_free(from);
}

static void only_a_negation_takes_away(void)
{
	check_taken("route x\nroute y\n", "no route x\n", "/route[x]", "/route[y]");
	check_taken("hostname a\nroute y\n", "no hostname a\n", "/hostname", "/route[y]");
	check_taken("acl a\n entry 1\nroute y\n", "no acl a\n", "/acl[a]", "/route[y]");
	check_taken("acl a\n entry 1\n entry 2\n", "acl a\n no entry 1\n", "/acl[a]/entry[1]",
		    "/acl[a]/entry[2]");
	check_taken("interface e\n mtu 9\n family v\n", "interface e\n no mtu 9\n",
		    "/interface[e]/mtu", "/interface[e]/family[v]");
	check_taken("odd\nroute y\n", "no odd\n", "/odd", "/route[y]");
	check_merge(&dialect, "route y\n", "no odd\n", "route y\nno odd\n");
}

static void a_negation_is_entered_like_any_line(void)
{
	check_merge(&dialect, "vlans 1-3\n", "no vlans 2\n", "vlans 1,3\n");
	check_taken("hostname a\nvlans 1-3\n", "no vlans 7\nno hostname a\n", "/hostname",
		    "/vlans[2]");
	check_merge(&dialect, "interface e\n pass vlan 1-3\n", "interface e\n no pass vlan 2\n",
		    "interface e\n pass vlan 1,3\n");
	check_merge(&dialect, "interface e\n pass vlan 1-3\n", "interface e\n pass vlan remove 2\n",
		    "interface e\n pass vlan 1,3\n");
	check_merge(&dialect, "no odd\nroute y\n", "odd\n", "route y\n");
	check_merge(&dialect, "route x\nroute y\n", "no route x\nroute z\n", "route y\nroute z\n");
}

static void paths_are_merged_too(void)
{
	check_merge(&braced, "system { host-name a; server x; }\n", "system server y;\n",
		    "system { host-name a; server x; server y; }\n");
	check_merge(&braced, "group g { apply a; apply b; }\n", "group g { apply c; }\n",
		    "group g { apply a; apply b; apply c; }\n");
	check_merge(&braced, "policy p { term a { then x; } }\n",
		    "policy p { term b { then y; } term a { then z; } }\n",
		    "policy p { term a { then z; } term b { then y; } }\n");
	check_merge(&plain, "system server a\nsystem server b\n", "no system server a\n",
		    "system server b\n");
	check_merge(&plain, "system server a\nsystem server b\n",
		    "system server c\nno system server a\nno system server d\n",
		    "system server b\nsystem server c\n");
	check_merge(&plain, "system server a\nsystem host-name b\n", "no system\n", "");
}

static void check_mask(const struct smd_dialect *spoken, const char *lines, const char *wanted)
{
	struct smd_text *text = text_of(lines), *shown = empty_text();

	CU_ASSERT_EQUAL(COMPILED(spoken, NULL, smd_dialect_mask(compiled, text, shown, NULL)), 0);
	check_text(shown, wanted);
	smd_text_free(text);
}

/* Each line is judged in its own section, and by its words where no rule of it knows the line. */
static void commands_are_shown_without_secrets(void)
{
	check_mask(&dialect, "user a secret 9 abc\nhostname b\nsecret key abc\n",
		   "user a secret ******\nhostname b\nsecret key ******\n");
	check_mask(&dialect, "no user a secret abc\n", "no user a secret ******\n");
	check_mask(&dialect, "interface e\n password abc\n mtu 9\nexit\npassword abc\n",
		   "interface e\n password ******\n mtu 9\nexit\npassword ******\n");
	check_mask(&dialect, "interface e\n family v\n  route password x\n exit\n password abc\n",
		   "interface e\n family v\n  route password ******\n exit\n password ******\n");
	check_mask(&dialect, "interface e\n family v\n  user a secret b\n",
		   "interface e\n family v\n  user a secret ******\n");
	check_mask(&dialect, "cert\nabc\n def\nquit\nhostname b\n",
		   "cert\n******\n ******\n******\nhostname b\n");
	check_mask(&dialect, "frob api-token abc def\nfrob key-chain abc\n",
		   "frob api-token ******\nfrob key-chain abc\n");
	check_mask(&dialect, "", "");
}

static void what_a_node_says_may_be_a_secret(void)
{
	struct smd_tree *tree = parse(&dialect, "hostname b\nuser a secret c\nsecret key d\n");
	const struct smd_node *node = smd_node_first(smd_tree_top(tree));

	CU_ASSERT(!COMPILED(&dialect, NULL, smd_dialect_is_secret(compiled, node)));
	CU_ASSERT(COMPILED(&dialect, NULL, smd_dialect_is_secret(compiled, smd_node_next(node))));
	CU_ASSERT(COMPILED(&dialect, NULL,
			   smd_dialect_is_secret(compiled, smd_node_next(smd_node_next(node)))));
	smd_tree_free(tree);
}

struct seen {
	struct smd_text *text;
	size_t count, stop;
};

static int see(void *arg, char mark, unsigned depth, const char *text)
{
	struct seen *seen = arg;

	smd_text_linef(seen->text, "%c%u %s", mark, depth, text);
	return ++seen->count == seen->stop ? 77 : 0;
}

static struct smd_text *previewed(const struct smd_dialect *spoken, const char *from,
				  const char *to, size_t stop)
{
	struct smd_tree *a = parse(spoken, from), *b = parse(spoken, to);
	struct seen seen = {empty_text(), 0, stop};
	struct smd_changes *changes;

	CU_ASSERT_EQUAL_FATAL(smd_diff(a, b, &changes), 0);
	CU_ASSERT_EQUAL(
		COMPILED(spoken, NULL, smd_dialect_preview(compiled, changes, see, &seen, NULL)),
		stop ? 77 : 0);
	CU_ASSERT(!stop || seen.count == stop);
	smd_changes_free(changes);
	smd_tree_free(a);
	smd_tree_free(b);
	return seen.text;
}

static void check_preview(const struct smd_dialect *spoken, const char *from, const char *to,
			  const char *wanted)
{
	check_text(previewed(spoken, from, to, 0), wanted);
}

static void marks_say_what_comes_and_goes(void)
{
	check_preview(&dialect, running, running, "");
	check_preview(&dialect, "", "route x\n", "+0 route x\n");
	check_preview(&dialect, "route x\n", "", "-0 route x\n");
	check_preview(&dialect, "hostname a\n", "hostname b\n", "-0 hostname a\n+0 hostname b\n");
	check_preview(&dialect, "interface e\n mtu 1\n family v\n  route x\n",
		      "interface e\n mtu 1\n family v\n  route y\n",
		      " 0 interface e\n 1 family v\n-2 route x\n+2 route y\n");
	check_preview(&dialect, "", "interface e\n mtu 1\n family v\n  route y\n",
		      "+0 interface e\n+1 mtu 1\n+1 family v\n+2 route y\n");
	check_preview(&dialect, "interface e\n mtu 1\n family v\n  route y\n", "",
		      "-0 interface e\n-1 mtu 1\n-1 family v\n-2 route y\n");
}

static void a_section_is_told_in_one_piece(void)
{
	check_preview(&dialect, "interface e\n mtu 1\ninterface f\n mtu 1\n",
		      "interface e\n mtu 2\ninterface f\n mtu 1\n family v\nroute x\n",
		      " 0 interface e\n-1 mtu 1\n+1 mtu 2\n 0 interface f\n+1 family v\n"
		      "+0 route x\n");
	check_preview(&braced, "system host-name a;\ninterfaces port g mtu 1;\n",
		      "system host-name b;\ninterfaces port g mtu 1;\n",
		      " 0 system\n-1 host-name a\n+1 host-name b\n");
}

static void a_list_that_changes_is_told_as_such(void)
{
	struct smd_text *text = previewed(&dialect, "vlans 1-9\n", "vlans 2-10\n", 0);

	CU_ASSERT(smd_text_count(text) > 0);
	for (size_t i = 0; i < smd_text_count(text); i++)
		CU_ASSERT_EQUAL(strncmp(smd_text_get(text, i, NULL), "~0 vlans", 8), 0);
	smd_text_free(text);
	check_preview(&dialect, "", "vlans 2-10\n", "+0 vlans 2-10\n");
	check_preview(&dialect, "vlans 2-10\n", "", "-0 vlans 2-10\n");
}

static void check_masked(const struct smd_dialect *spoken, const char *from, const char *to)
{
	struct smd_text *text = previewed(spoken, from, to, 0);
	char *joined = smd_text_join(text);

	CU_ASSERT(smd_text_count(text) > 0);
	if (strstr(joined, "hunter"))
		show_text("a secret is shown", text);
	CU_ASSERT_PTR_NULL(strstr(joined, "hunter"));
	free(joined);
	smd_text_free(text);
}

static void secrets_are_masked(void)
{
	static const char *const secrets[] = {
		"user a secret hunter2\n",
		"user a secret 5 hunter3 hunter4\n",
		"cert\n hunter2\nquit\n",
		"interface e\n password hunter2\n mtu 9\n",
		"interface e\n family v\n  route x\n mtu 1\n password hunter3\n",
		"secret key hunter2\n",
	};
	size_t count = sizeof(secrets) / sizeof(secrets[0]);

	for (size_t i = 0; i < count; i++) {
		check_masked(&dialect, "", secrets[i]);
		check_masked(&dialect, secrets[i], "");
		check_masked(&dialect, secrets[i], secrets[(i + 1) % count]);
	}
	check_masked(&braced, "", "system key hunter2;\n");
	check_masked(&braced, "system { key hunter2; }\n", "system { key \"hunter 3\"; }\n");
}

static void who_has_seen_enough_stops(void)
{
	smd_text_free(previewed(&dialect, running, "", 2));
	smd_text_free(previewed(&dialect, "hostname a\n", "hostname b\n", 1));
}

TEST_MAIN("dialect merge", TEST(the_dialect_is_well_formed), TEST(a_merge_never_removes),
	  TEST(a_merge_overwrites_and_joins), TEST(only_a_negation_takes_away),
	  TEST(a_negation_is_entered_like_any_line), TEST(paths_are_merged_too),
	  TEST(marks_say_what_comes_and_goes), TEST(a_section_is_told_in_one_piece),
	  TEST(a_list_that_changes_is_told_as_such), TEST(secrets_are_masked),
	  TEST(who_has_seen_enough_stops), TEST(commands_are_shown_without_secrets),
	  TEST(what_a_node_says_may_be_a_secret));
