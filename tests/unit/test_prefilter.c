/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing two texts without parsing what they have in common. The changes must be the same as
 * after parsing everything, also with lines that occur twice, are spelled differently, remove
 * something, or look like the beginning of something else.
 */
#include <smartdeploy/dialect.h>
#include <stdio.h>

#include "compiled.h"
#include "core/dialect/pair.h"
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
	{NULL, "vlan *", SMD_RULE_SECTION, .flags = SMD_RULE_EXPAND_LIST},
	{"vlan *", "name *", SMD_RULE_VALUE},
	{NULL, "route ...", SMD_RULE_MEMBER},
	{NULL, "acl * = ...", SMD_RULE_ORDERED},
	{NULL, "range ...", SMD_RULE_NUMBERS},
	{NULL, "banner * = ...", SMD_RULE_BLOCK, .until = "$delimiter"},
	{NULL, "line *", SMD_RULE_SECTION, .flags = SMD_RULE_PERMANENT},
	{"line *", "width *", SMD_RULE_VALUE},
	{NULL, "map *", SMD_RULE_SECTION, .defines = "map $1"},
	{"map *", "set *", SMD_RULE_VALUE},
	{"line *", "by *", SMD_RULE_VALUE, .uses = "map $1"},
	{NULL, "router *", SMD_RULE_SECTION},
	{"router *", "peer * as *", SMD_RULE_VALUE, "no peer $1", .defines = "peer $1"},
	{"router *", "peer * group *", SMD_RULE_VALUE, .defines = "peer $1"},
	{"router *", "peer * text ...", SMD_RULE_VALUE, "no peer $1 text", .uses = "peer $1"},
	{"router *", "net *", SMD_RULE_MEMBER},
	{"router *", "table *", SMD_RULE_VALUE, .invalidates = "net *; peer ..."},
	{"router *", "no bridged", SMD_RULE_MEMBER, "bridged", .invalidates = "addr *; table *"},
	{"router *", "addr *", SMD_RULE_VALUE, .flags = SMD_RULE_UNIQUE | SMD_RULE_REMOVE_FIRST},
	{"router *", "area *", SMD_RULE_SECTION, .flags = SMD_RULE_EMPTY_IS_ABSENT},
	{"router *", "zone *", SMD_RULE_SECTION, .flags = SMD_RULE_PERMANENT},
	{"router *", "seq *", SMD_RULE_SECTION, .flags = SMD_RULE_ORDERED_SECTION},
	{"area *;zone *;seq *", "net *", SMD_RULE_MEMBER},
	{"area *;zone *;seq *", "cost *", SMD_RULE_VALUE, "no cost"},
	{"**", "remark ...", SMD_RULE_MEMBER},
	{"router *", "entry ...", SMD_RULE_ORDERED},
	{"router *", "ports *", SMD_RULE_NUMBERS},
	{"router *", "family *", SMD_RULE_SECTION, .until = "exit-family"},
	{"family *", "net *", SMD_RULE_MEMBER},
	{"family *", "active *", SMD_RULE_MEMBER},
	{"router *", "key = ...", SMD_RULE_BLOCK, .until = "quit"},
	{NULL, "enable", SMD_RULE_MEMBER, "disable"},
	{NULL, "disable", SMD_RULE_MEMBER, "enable"},
	{NULL, "speed *", SMD_RULE_VALUE, "default speed"},
	{NULL, "mtu 1500", SMD_RULE_DEFAULT},
	{NULL, "mtu *", SMD_RULE_VALUE},
	{"interface <interface>", "no shutdown", SMD_RULE_DEFAULT},
	{"interface <interface>", "note = ...", SMD_RULE_BLOCK, .until = "$delimiter"},
	{"zone *", "no cost", SMD_RULE_DEFAULT},
	{NULL, "<number> text = ...", SMD_RULE_BLOCK, .until = "quit"},
	{NULL, "<number> remark ...", SMD_RULE_MEMBER},
	{NULL, "<number> = permit ...", SMD_RULE_VALUE, "no $1", .flags = SMD_RULE_REMOVE_FIRST,
	 .invalidates = "$1 remark ..."},
	{NULL, "match ...", SMD_RULE_MEMBER, .flags = SMD_RULE_EXPAND_LIST, .uses = "map $1"},
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

/* The pieces from which random texts are made; few, so that both texts share some. */
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
	"enable\n",
	"disable\n",
	"no foo\n",
	"speed 10\n",
	"default speed\n",
	"mtu 9000\n",
	"mtu 1500\n",
	"interface Ethernet1\n no shutdown\n",
	"address 7\n",
	"interface Ethernet1\n note #\nhostname a\n#\n",
	" no hostname\n",
	"\033[K!\n",
	"!\a\n",
	"interface Loopback0\n description z\n\b!\n shutdown\n",
	"banner login \003\nno hostname a\n\003\n",
	"10 text a\nhostname a\nquit\n",
	"vlan 1,2\n name c\n",
	"no vlan 1,3\n",
	"match m n\n",
	"match n\n",
	"20 permit a\n",
	"20 permit b\n",
	"20 remark x\n",
	"20 remark y\n",
	"30 permit a\n30 remark x\n",
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

/* The lines that lead from one tree to the other; the caller frees them. */
static char *lines_between(const struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_changes *changes;
	struct smd_text *lines;
	struct smd_error error = {0};
	char *joined;

	CU_ASSERT_EQUAL_FATAL(smd_diff(from, to, &changes), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&lines, 0), 0);
	CU_ASSERT_EQUAL(
		COMPILED(&dialect, &error, smd_dialect_render(compiled, changes, lines, &error)),
		0);
	joined = smd_text_join(lines);
	smd_text_free(lines);
	smd_changes_free(changes);
	return joined;
}

/* NULL: one of them is refused, as a text that says two values of one name is. */
static char *compare_whole(const struct smd_text *a, const struct smd_text *b)
{
	struct smd_tree *from = NULL, *to = NULL;
	char *lines = NULL;

	if (!COMPILED(&dialect, NULL, smd_dialect_parse(compiled, a, &from, NULL)) &&
	    !COMPILED(&dialect, NULL, smd_dialect_parse(compiled, b, &to, NULL)))
		lines = lines_between(from, to);
	smd_tree_free(from);
	smd_tree_free(to);
	return lines;
}

static int read_pair(const struct smd_text *a, const struct smd_text *b, struct smd_tree_pair *out,
		     struct smd_error *error)
{
	return COMPILED(&dialect, error, smd_dialect_read_pair(compiled, a, b, NULL, out, error));
}

static char *compare_rest(const struct smd_text *a, const struct smd_text *b)
{
	struct smd_tree_pair pair = {NULL};
	char *lines;

	CU_ASSERT_EQUAL_FATAL(read_pair(a, b, &pair, NULL), 0);
	lines = lines_between(pair.from, pair.to);
	smd_tree_pair_done(&pair);
	return lines;
}

static unsigned compared; /* pairs of texts that are not refused */

static int check(const struct smd_text *a, const struct smd_text *b)
{
	char *whole = compare_whole(a, b), *rest;
	int same;

	if (!whole)
		return 1;
	compared++;
	rest = compare_rest(a, b);
	same = !strcmp(whole, rest);

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
	compared = 0;
	for (unsigned round = 0, rounds = gen_rounds(ROUNDS); round < rounds; round++) {
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
	CU_ASSERT(compared > ROUNDS / 20);
}

/* Lines of a section whose contents are recognised by indentation or by a closing line. */
static const char *const body[] = {
	" peer 1 as 1\n",
	" peer 2 as 1\n",
	" peer 3 as 1\n",
	" peer 1 as 9\n",
	" peer 1 text x\n",
	" peer 2 text y\n",
	" peer 2 group g\n",
	" no peer 1\n",
	" no peer 2 text\n",
	" net 1\n",
	" net 2\n",
	" net 3\n",
	" no net 2\n",
	" table t\n",
	" entry a\n",
	" entry b\n",
	" entry c\n",
	" ports 1-3\n",
	" ports 5\n",
	" family v\n  net 1\n  active 1\n  active 2\n  active 3\n  active 4\n exit-family\n",
	" family v\n  net 1\n  active 1\n  active 2\n  active 3\n  active 5\n exit-family\n",
	" family w\n  active 1\n",
	" family w\n",
	" active 7\n",
	" no bridged\n",
	" bridged\n",
	" addr 1\n",
	" addr 2\n",
	" no addr\n",
	" remark a\n",
	" no remark a\n",
	" table u\n",
	" no table\n",
	" area 1\n  net 1\n  net 2\n  cost 1\n  net 3\n  net 4\n  remark x\n",
	" area 1\n  net 1\n  net 2\n  cost 2\n  net 3\n  net 4\n",
	" area 1\n  no cost\n",
	" area 2\n",
	" zone 1\n  net 1\n  net 2\n  cost 1\n  net 3\n  net 4\n  remark x\n",
	" zone 1\n  net 1\n  net 2\n  cost 2\n  net 3\n  net 4\n",
	" zone 2\n",
	" seq 1\n  net 1\n  net 2\n  cost 1\n  net 3\n  net 4\n  remark x\n",
	" seq 2\n  net 1\n  net 2\n  cost 2\n  net 3\n  net 4\n  net 5\n",
	" seq 2\n  net 1\n  net 2\n  cost 2\n  net 3\n  net 4\n",
	" exit-family\n",
	" key a\n net 1\n net 2\nquit\n",
	" odd\n",
	" odd\n  net 1\n",
	" !\n",
	" exit\n",
	"!\n",
	"  net 4\n",
	"router 2\n",
	"router 1\n",
};
#define BODY (sizeof(body) / sizeof(body[0]))
#define BODY_LINES 24

static struct smd_text *section_of(const uint8_t *which, size_t count)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_append(text, "router 1\n", 9), 0);
	for (size_t i = 0; i < count; i++)
		CU_ASSERT_EQUAL_FATAL(smd_text_append(text, body[which[i]], strlen(body[which[i]])),
				      0);
	CU_ASSERT_EQUAL_FATAL(smd_text_append(text, "end of it\n", 10), 0);
	return text;
}

/* Differences within a section that both texts have. Half of the texts have common lines only. */
static void it_looks_into_sections(void)
{
	struct gen gen;

	gen_init(&gen);
	compared = 0;
	for (unsigned round = 0, rounds = gen_rounds(ROUNDS); round < rounds; round++) {
		uint32_t usual = gen_chance(&gen, 50) ? 12 : BODY;
		size_t count = 6 + gen_below(&gen, BODY_LINES - 6);
		uint8_t a[BODY_LINES], b[BODY_LINES];
		struct smd_text *x, *y;
		int same;

		for (size_t i = 0; i < count; i++)
			a[i] = b[i] = (uint8_t)gen_below(&gen, usual);
		for (unsigned edits = 1 + gen_below(&gen, 3); edits; edits--)
			b[gen_below(&gen, (uint32_t)count)] = (uint8_t)gen_below(&gen, usual);
		x = section_of(a, count);
		y = section_of(b, count);
		same = check(x, y);
		smd_text_free(x);
		smd_text_free(y);
		if (!same)
			return;
	}
	CU_ASSERT(compared > ROUNDS / 20);
}

/* Lines that do not belong to the section in which they seem to be. */
static void what_belongs_elsewhere_is_seen(void)
{
	static const char *const pairs[][2] = {
		{"no foo\nenable\ndisable\n", "no foo\ndisable\nenable\n"},
		{"no foo\ndefault speed\nspeed 10\n", "no foo\nspeed 10\n"},
		{"mtu 9000\nhostname a\n", "mtu 9000\nmtu 1500\nhostname a\n"},
		{"interface Ethernet1\n no shutdown\n",
		 "interface Ethernet1\n no shutdown\naddress 1\n"},
		{"odd\n!\n no hostname\nhostname a\n", "odd\nhostname a\n"},
		{"interface Ethernet1\n note #\nhostname a\n#\n", "hostname a\n"},
		{"hostname a\nbanner m #x#\n  no hostname\n", "hostname a\n"},
		{"remark a\nexit-family\n", "router 1\nfamily w\nremark a\nexit-family\n"},
		{"interface Ethernet1\n description x\n!\a\n address 3\n",
		 "interface Ethernet1\n description x\n!\a\n address 4\n"},
		{"\033[Kbanner m #\nhostname b\n#\n", "hostname b\n"},
		{"hostname a\nbanner m \003\nno hostname a\n\003\n", "hostname a\n"},
		{"10 text a\nhostname a\nquit\n", "hostname a\n"},
		{"router 1\n zone 1\n  no cost\n net 2\n net 3\n net 5\n",
		 "odd\nrouter 1\n zone 1\n  no cost\n net 2\n net 3\n addr 1\n net 5\n"},
		{"router 1\n odd\n odd\n odd\n odd\n odd\n odd\n net 1\n",
		 "router 1\n odd\n net 1\n odd\n odd\n"},
		{"a long line of more than sixty-four bytes, that ends in some few of them: abc\n"
		 "hostname a\n",
		 "a long line of more than sixty-four bytes, that ends in some few of them: abd\n"
		 "hostname a\n"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		for (int back = 0; back < 2; back++) {
			struct smd_text *a, *b;

			CU_ASSERT_EQUAL_FATAL(
				smd_text_from(&a, pairs[i][back], strlen(pairs[i][back])), 0);
			CU_ASSERT_EQUAL_FATAL(
				smd_text_from(&b, pairs[i][!back], strlen(pairs[i][!back])), 0);
			compared = 0;
			CU_ASSERT(check(a, b) && compared);
			smd_text_free(a);
			smd_text_free(b);
		}
}

/* Number of nodes without children. */
static size_t count_nodes(const struct smd_tree *tree)
{
	struct smd_text *flat;
	size_t count;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&flat, 0), 0);
	CU_ASSERT_EQUAL(smd_tree_flatten(tree, flat), 0);
	count = smd_text_count(flat);
	smd_text_free(flat);
	return count;
}

/* Assert the number of nodes of each tree after reading the texts as a pair; frees the texts. */
static void check_counts(struct smd_text *a, struct smd_text *b, size_t nodes)
{
	struct smd_tree_pair pair = {NULL};

	CU_ASSERT_EQUAL_FATAL(read_pair(a, b, &pair, NULL), 0);
	CU_ASSERT_EQUAL(count_nodes(pair.from), nodes);
	CU_ASSERT_EQUAL(count_nodes(pair.to), nodes);
	smd_tree_pair_done(&pair);
	smd_text_free(a);
	smd_text_free(b);
}

static void what_is_alike_is_in_neither(void)
{
	static const uint8_t top_a[] = {2, 5, 15, 12, 0}, top_b[] = {2, 5, 15, 12, 1};
	/* The entries of the router, and one of the lines that are alike */
	static const uint8_t in_a[] = {0, 1, 9, 10, 11, 14}, in_b[] = {0, 1, 9, 10, 11, 15};

	check_counts(text_of(top_a, 5), text_of(top_b, 5), 1);
	check_counts(section_of(in_a, 6), section_of(in_b, 6), 3);
}

/* A text of more lines than fit a first piece of memory, against one without lines. */
static void all_may_be_removed(void)
{
	for (int back = 0; back < 2; back++) {
		struct smd_text *texts[2];

		CU_ASSERT_EQUAL_FATAL(smd_text_new(&texts[0], 0), 0);
		CU_ASSERT_EQUAL_FATAL(smd_text_new(&texts[1], 0), 0);
		for (int i = 0; i < 200; i++)
			CU_ASSERT_EQUAL_FATAL(smd_text_linef(texts[0], "route 1 %d", i), 0);
		CU_ASSERT(check(texts[back], texts[!back]));
		smd_text_free(texts[0]);
		smd_text_free(texts[1]);
	}
}

static void what_cannot_be_read_names_its_line(void)
{
	static const char broken[] = "hostname a\nbanner motd #\nno end\n";
	struct smd_error error = {0};
	struct smd_tree_pair pair = {NULL};
	struct smd_text *a = text_of((const uint8_t[]){0}, 1), *b;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&b, broken, sizeof(broken) - 1), 0);
	CU_ASSERT_EQUAL(read_pair(a, b, &pair, &error), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.where, "line 2");
	smd_tree_pair_done(&pair);
	smd_text_free(a);
	smd_text_free(b);
}

TEST_MAIN("common", TEST(it_gives_what_reading_all_gives), TEST(it_looks_into_sections),
	  TEST(what_belongs_elsewhere_is_seen), TEST(what_is_alike_is_in_neither),
	  TEST(all_may_be_removed), TEST(what_cannot_be_read_names_its_line));
