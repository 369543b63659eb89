/* SPDX-License-Identifier: Apache-2.0 */
/* Dialects whose statements are paths: one with braces, one with lines from the root. */
#include <stdio.h>

#include "compiled.h"
#include "dialect_bench.h"
#include "path_dialects.h"

static void the_dialects_are_well_formed(void)
{
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_dialect_check(&braced, &error), 0);
	CU_ASSERT_EQUAL(smd_dialect_check(&plain, &error), 0);
	if (*error.message)
		printf("\n%s\n", error.message);
}

static void a_mark_that_lacks_a_word_is_named(void)
{
	static const struct smd_mark lacking[][2] = {
		{{"inactive:", NULL, "activate"}, {NULL}},
		{{"inactive:", "deactivate", NULL}, {NULL}},
	};

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		struct smd_dialect other = braced;
		struct smd_error error = {0};

		other.marks = lacking[i];
		CU_ASSERT_EQUAL(smd_dialect_check(&other, &error), SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "inactive:"));
	}
}

static const char small[] = "system {\n    host-name r1;\n    server a;\n    server b;\n}\n"
			    "interfaces {\n    port ge1 {\n        mtu 9000;\n    }\n}\n"
			    "policy p {\n    term a {\n        then x;\n    }\n}\n";
static const char flat[] = "set system host-name r1\nset system server a\nset system server b\n"
			   "set interfaces port ge1 mtu 9000\nset policy p term a then x\n";

static void check_flatten(const struct smd_dialect *dialect, const char *bytes, const char *wanted)
{
	struct smd_tree *tree = parse(dialect, bytes);
	struct smd_text *text = empty_text();

	CU_ASSERT_EQUAL(COMPILED(dialect, NULL, smd_dialect_flatten(compiled, tree, text, NULL)),
			0);
	check_text(text, wanted);
	smd_tree_free(tree);
}

static void braces_and_paths_are_one_tree(void)
{
	static const char nodes[] = "/system/host-name = \"r1\"\n/system/server[a]\n"
				    "/system/server[b]\n/interfaces/port[ge1]/mtu = \"9000\"\n"
				    "/policy[p]/term[a]/then = \"x\"\n";

	check_parse(&braced, small, nodes);
	check_print(&braced, small, small);
	check_flatten(&braced, small, flat);
	check_simulate(&braced, "", flat, nodes);
	check_same(&braced, small, flat);
	check_same(&braced, small,
		   "system{host-name r1;server a;\nserver b;}interfaces{port ge1{mtu 9000;}}\n"
		   "policy p term a then x;\n");
	check_parse(&plain,
		    "system host-name r1\nsystem\n  server a\n  server b\n!\n"
		    "interfaces port ge1\n  mtu 9000\npolicy p term a then x\n",
		    nodes);
	check_flatten(&plain,
		      "system\n  host-name r1\n  server a\ninterfaces\n  port g\n    mtu 9\n",
		      "system host-name r1\nsystem server a\ninterfaces port g mtu 9\n");
}

/* A value with lines below it: flattened, these would be read as standing beside it. */
static void what_would_be_read_differently_is_not_flattened(void)
{
	struct smd_tree *tree = parse(&plain, "system\n  host-name a\n    server x\n");
	struct smd_text *text = empty_text();
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(COMPILED(&plain, &error, smd_dialect_flatten(compiled, tree, text, &error)),
			SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "host-name"));
	smd_text_free(text);
	smd_tree_free(tree);
	check_again(&plain, "system\n  host-name a\n    server x\n");
}

static void several_leaves_may_stand_on_one_line(void)
{
	static const char both[] = "/interfaces/port[g]/tags/outer = \"100\"\n"
				   "/interfaces/port[g]/tags/inner = \"20\"\n";

	check_parse(&braced, "interfaces { port g { tags outer 100 inner 20; } }\n", both);
	check_parse(&braced, "interfaces { port g { tags { outer 100; inner 20; } } }\n", both);
	check_parse(&plain, "interfaces port g tags outer 100 inner 20\n", both);
	check_simulate(&braced, "", "set interfaces port g tags outer 100 inner 20\n", both);
	check_again(&braced, "interfaces { port g { tags outer 100 inner 20; mtu 9; } }\n");
	check_way(&braced, "interfaces port g tags outer 1;\n",
		  "interfaces port g tags outer 2 inner 3;\n");
	check_simulate(&plain, "system host-name a\n", "system host-name b server x\n",
		       "/system/host-name = \"b\"\n/system/server[x]\n");
}

static void an_unknown_word_is_a_section_of_its_own(void)
{
	check_same(&braced, "odd { words { here; } }\n", "odd words here;\n");
	check_again(&braced, "odd { words { here; and there; } }\nodd more;\n");
	check_way(&braced, "odd words here;\n", "odd words there;\nodd { more; }\n");
	check_way(&plain, "odd words here\n", "odd words there\nodd more\n");
}

static void a_mark_is_content(void)
{
	static const char *const marked[] = {
		"inactive: system { host-name r1; }\n",
		"system { inactive: host-name r1; }\n",
		"system { host-name r1; }\ninactive: interfaces { port g { mtu 9; } }\n",
		"interfaces { inactive: port g { mtu 9; } }\n",
		"policy p { inactive: term a { then x; } term b { then y; } }\n",
	};
	static const char none[] = "system { host-name r1; }\n";

	for (size_t i = 0; i < sizeof(marked) / sizeof(marked[0]); i++) {
		check_again(&braced, marked[i]);
		if (i > 0)
			check_way(&braced, none, marked[i]);
		else
			check_way(&braced, none, marked[i]);
		check_way(&braced, "", marked[i]);
		check_way(&braced, marked[i], marked[(i + 1) % 5]);
	}
	check_render(&braced, none, marked[0], "deactivate system\n");
	check_render(&braced, marked[0], none, "activate system\n");
	check_render(&braced, none, marked[1], "deactivate system host-name\n");
	check_same(&braced, marked[0], "set system host-name r1\ndeactivate system\n");
}

static void brackets_hold_several(void)
{
	check_same(&braced, "interfaces port g members [ a b c ];\n",
		   "interfaces { port g { members a; members b; members c; } }\n");
	check_same(&braced, "group g { apply [ a b ]; }\n", "group g { apply a; apply b; }\n");
	check_simulate(&braced, "", "set group g apply [ b a ]\n",
		       "/group[g]/apply[b]\n/group[g]/apply[a]\n");
	check_again(&braced, "group g { apply [ c a b ]; }\n");
	check_simulate(&braced, "group g { apply a; }\n", "set group g apply a\n",
		       "/group[g]/apply[a]\n");
	check_way(&braced, "", "group g { apply a; apply b; apply a; }\n");
}

static void quotes_make_one_word(void)
{
	check_same(&braced, "system { host-name \"r1\"; }\n", "system { host-name r1; }\n");
	check_same(&braced, "\"system\" { server \"a\"; }\n", "system { server a; }\n");
	check_same(&braced, "interfaces { port g { description \"a b; { c } # d\"; mtu 9; } }\n",
		   "interfaces port g mtu 9;\ninterfaces port g description \"a b; { c } # d\";\n");
	check_print(&braced, "system { host-name \"r1\"; }\n", "system {\n    host-name r1;\n}\n");
	check_again(&braced, "interfaces { port \"g 1\" { description \"\"; } }\n");
	check_way(&braced, "interfaces port \"g 1\" description \"a b\";\n",
		  "interfaces port \"g 2\" description \"a  b\";\n");
	check_simulate(&braced, "", "set system server \"x y\"\n", "/system/server[\"x y\"]\n");
	check_flatten(&braced, "interfaces { port g { description \"a b\"; } }\n",
		      "set interfaces port g description \"a b\"\n");
}

static int has_word(const struct smd_text *lines, const char *word)
{
	int there = 0;

	for (size_t i = 0; i < smd_text_count(lines); i++)
		there |= !strncmp(smd_text_get(lines, i, NULL), word, strlen(word));
	return there;
}

static void check_inserted(const char *from, const char *to, const char *never)
{
	struct smd_text *lines = render_texts(&braced, from, to);

	CU_ASSERT(has_word(lines, "insert "));
	CU_ASSERT(!has_word(lines, never));
	smd_text_free(lines);
	check_way(&braced, from, to);
}

static void what_moves_is_inserted(void)
{
	static const char abc[] = "policy p { term a { then x; } term b { then y; } "
				  "term c { then z; } }\n";
	static const char cab[] = "policy p { term c { then z; } term a { then x; } "
				  "term b { then y; } }\n";
	static const char adbc[] = "policy p { term a { then x; } term d { then w; } "
				   "term b { then y; } term c { then z; } }\n";

	check_inserted(abc, cab, "delete");
	check_inserted(cab, abc, "delete");
	check_inserted(abc, adbc, "delete");
	check_inserted("group g { apply a; apply b; }\n", "group g { apply b; apply a; }\n",
		       "delete");
	check_inserted("group g { apply a; apply b; }\n", "group g { apply c; apply b; }\n",
		       "delete group g apply b");
	check_simulate(&braced, abc, "insert policy p term c before term a\n",
		       "/policy[p]/term[c]/then = \"z\"\n/policy[p]/term[a]/then = \"x\"\n"
		       "/policy[p]/term[b]/then = \"y\"\n");
	check_simulate(&braced, "group g { apply a; apply b; apply c; }\n",
		       "insert group g apply a after apply b\n",
		       "/group[g]/apply[b]\n/group[g]/apply[a]\n/group[g]/apply[c]\n");
}

static void an_empty_section_may_be_none(void)
{
	check_same(&braced, "interfaces { port g; }\n", "interfaces;\n");
	check_same(&braced, "group g;\nsystem { server a; }\n", "system { server a; }\n");
	check_same(&braced, "group g { }\n", "");
	check_render(&braced, "group g { apply a; }\n", "", "delete group g\n");
	check_lacks(&braced, "interfaces { port g { mtu 9; } port h { mtu 9; } }\n",
		    "interfaces { port h { mtu 9; } }\n", "delete interfaces port g");
	check_way(&braced, "interfaces { port g { mtu 9; } port h { mtu 9; } }\n",
		  "interfaces { port h { mtu 9; } }\ngroup g { apply a; }\n");
	check_again(&braced, "policy p;\nsystem { }\n");
}

static void broken_braces_name_their_line(void)
{
	check_broken(&braced, "system {\n    host-name r1;\n}\n}\n", "line 4");
	check_broken(&braced, "system { server a; } }\nsystem { server b; }\n", "line 1");
	check_broken(&braced, "policy p;\nsystem {\n    host-name r1;\n", "line 2");
}

static void an_unknown_verb_is_refused(void)
{
	check_refused(&braced, "", "set system host-name r1\nfrobnicate system\n",
		      "line 2 of the payload");
	check_refused(&braced, small, "system host-name r1\n", "line 1 of the payload");
	check_refused(&braced, small, "\nset\n", "line 2 of the payload");
}

TEST_MAIN("dialect paths", TEST(the_dialects_are_well_formed),
	  TEST(a_mark_that_lacks_a_word_is_named), TEST(braces_and_paths_are_one_tree),
	  TEST(what_would_be_read_differently_is_not_flattened),
	  TEST(several_leaves_may_stand_on_one_line), TEST(an_unknown_word_is_a_section_of_its_own),
	  TEST(a_mark_is_content), TEST(brackets_hold_several), TEST(quotes_make_one_word),
	  TEST(what_moves_is_inserted), TEST(an_empty_section_may_be_none),
	  TEST(broken_braces_name_their_line), TEST(an_unknown_verb_is_refused));
