/* SPDX-License-Identifier: Apache-2.0 */
/* Odd texts of indented configurations, as devices print them. */
#include <stdio.h>

#include "dialect_bench.h"

static const struct smd_rule rules[] = {
	{NULL, "hostname *", SMD_RULE_VALUE, NULL, "test"},
	{NULL, "banner motd ...", SMD_RULE_BLOCK, "no banner motd", "test", .until = "$delimiter"},
	{NULL, "banner login =", SMD_RULE_BLOCK, "no banner login", "test", .until = "EOF"},
	{NULL, "pki chain *", SMD_RULE_SECTION, NULL, "test"},
	{"pki chain *", "certificate * =", SMD_RULE_BLOCK, "no certificate $1", "test",
	 .until = "quit"},
	{NULL, "policy *", SMD_RULE_SECTION, NULL, "test", .until = "end-policy"},
	{"policy *", "if *", SMD_RULE_SECTION, NULL, "test", .until = "endif"},
	{NULL, "user * secret = ...", SMD_RULE_VALUE, NULL, "test",
	 SMD_RULE_REHASHED | SMD_RULE_SECRET},
	{NULL, "vlan *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_EXPAND_LIST,
	 .defines = "vlan $1"},
	{"vlan *", "name ...", SMD_RULE_VALUE, NULL, "test"},
	{NULL, "interface Vlan<number>", SMD_RULE_SECTION, NULL, "test", .uses = "vlan $1"},
	{NULL, "interface <subinterface>", SMD_RULE_SECTION, NULL, "test"},
	{NULL, "interface <interface:Ethernet,Loopback>", SMD_RULE_SECTION, NULL, "test",
	 SMD_RULE_PERMANENT},
	{NULL, "interface <interface>", SMD_RULE_SECTION, NULL, "test"},
	{"interface <interface>;interface <interface:Ethernet,Loopback>", "ip|ipv6 mtu *",
	 SMD_RULE_VALUE, NULL, "test"},
	{"interface <interface:Ethernet,Loopback>", "speed =* forced", SMD_RULE_VALUE, "no speed",
	 "test"},
	{"interface <interface:Ethernet,Loopback>", "no shutdown", SMD_RULE_DEFAULT, NULL, "test"},
	{"interface <interface:Ethernet,Loopback>", "shutdown", SMD_RULE_MEMBER, NULL, "test"},
	{"interface <interface:Ethernet,Loopback>", "unnumbered <interface>", SMD_RULE_VALUE, NULL,
	 "test"},
	{"**", "description ...", SMD_RULE_VALUE, NULL, "test"},
	{"**", "remark ...", SMD_RULE_MEMBER, NULL, "test"},
};
static const char *const closers[] = {"!", "exit", "exit-family", "end-policy", "endif", NULL};
static const char *const noise[] = {"Building configuration\\.\\.\\.",
				    "! .*",
				    "Show: \\(a|junk",
				    "more[(]b|of it",
				    "(no|any) change",
				    "Current configuration : \\d+ bytes",
				    "end",
				    NULL};
static const char *const cut[] = {" +## .*", NULL};
static const char *const signs[] = {"hostname .*", "version \\d+", NULL};
static const char *const types[] = {"GigabitEthernet", "Ethernet", "Loopback", "Vlan",
				    "Port-channel",    "POS",      NULL};
static const struct smd_dialect dialect = {
	.size = sizeof(dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.interfaces = types,
	.signs = signs,
	.cut = cut,
};

static void the_dialect_is_well_formed(void)
{
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_dialect_check(&dialect, &error), 0);
	if (*error.message)
		printf("\n%s\n", error.message);
}

static void tabs_and_line_ends_do_not_count(void)
{
	static const char plain[] =
		"hostname r1\ninterface Ethernet1\n ip mtu 9\n speed 10 forced\n";

	check_same(&dialect, plain,
		   "hostname r1\r\ninterface Ethernet1\r\n\tip mtu 9\r\n\tspeed 10 forced\r\n");
	check_same(
		&dialect, plain,
		"\n\nhostname r1  \t\ninterface Ethernet1\t\n    ip mtu 9 \n    speed 10 forced");
	check_same(&dialect, plain,
		   "hostname   r1\ninterface\tEthernet1\n ip  mtu 9\n\n speed 10  forced\n");
	check_parse(&dialect, "a\n\tb\n\t\tc\n\td\n", "/a/b/c\n/a/d\n");
}

/* Escape sequences for colours are cleaned off; no word between them is lost. */
static void colours_are_kept(void)
{
	check_again(&dialect, "\033[1mhostname r1\033[0m\ninterface Ethernet1\n \033[31mx\033[m\n");
	check_again(&dialect, "interface Ethernet1\n description \033[1;32mup\033[0m\n");
}

static void comments_and_noise_are_no_content(void)
{
	check_same(&dialect, "hostname r1\ninterface Loopback0\n ip mtu 9\n ipv6 mtu 8\n",
		   "Building configuration...\n\nCurrent configuration : 1234 bytes\n!\n"
		   "! Last change at noon\nhostname r1\n!\ninterface Loopback0\n ip mtu 9\n"
		   " ! a comment\n ipv6 mtu 8\n exit-family\nexit\n!\nend\n");
	check_parse(&dialect, "Building configuration... now\n! x\n",
		    "/Building configuration... now\n");
	check_parse(&dialect, "hostname r1 ## was r0\nremark a ## b\nx ##y\n",
		    "/hostname = \"r1\"\n/remark[a]\n/x ##y\n");
}

static void sections_may_stand_flush_left(void)
{
	check_same(&dialect, "policy a\n pass\n if x\n  drop\nhostname r\n",
		   "policy a\npass\nif x\ndrop\nendif\nend-policy\nhostname r\n");
	check_same(&dialect, "policy a\n pass\n if x\n  drop\nhostname r\n",
		   "policy a\n  pass\n  if x\n    drop\n  endif\nend-policy\n!\nhostname r\n");
	check_parse(&dialect, "policy a\npass\nend-policy\npolicy b\nend-policy\nhostname r\n",
		    "/policy[a]/pass\n/policy[b]/\n/hostname = \"r\"\n");
	check_again(&dialect, "policy a\npass\nif x\ndrop\nendif\ndone\nend-policy\nhostname r\n");
	check_way(&dialect, "policy a\npass\nend-policy\nhostname r\n",
		  "policy a\npass\nif x\ndrop\nendif\nend-policy\n");
}

static void a_banner_ends_at_its_delimiter(void)
{
	static const char *const banners[] = {
		"banner motd #\nhello\n  two  blanks\n!\nhostname no\n#\n",
		"banner motd #\nhello\n#\n",
		"banner motd #hello\nthere#\n",
		"banner motd #hello#\n",
		"banner motd %hello # 1%\n",
		"banner motd #hello\n\n there\n#\n",
		"banner login\nhello\n!\ninterface Ethernet9\nEOF\n",
		"banner login\nhello EOF\n EOFx\nEOF\n",
	};

	for (size_t i = 0; i < sizeof(banners) / sizeof(banners[0]); i++) {
		char text[160];
		struct smd_tree *tree;

		snprintf(text, sizeof(text), "%shostname r1\n", banners[i]);
		check_print(&dialect, text, text);
		tree = parse(&dialect, text);
		CU_ASSERT_STRING_EQUAL(smd_node_leaf(smd_tree_top(tree), "hostname"), "r1");
		CU_ASSERT_PTR_NOT_NULL(smd_node_first(smd_tree_top(tree)));
		CU_ASSERT_EQUAL(smd_node_kind(smd_node_first(smd_tree_top(tree))), SMD_BLOCK);
		smd_tree_free(tree);
		check_way(&dialect, "hostname r1\n", text);
		check_way(&dialect, banners[(i + 1) % 6], text);
	}
	check_parse(&dialect, "banner motd #hello#\n", "/banner motd = \"#hello#\"\n");
	/* the delimiter is no content: \003 is typed, and shown as ^C */
	check_same(&dialect, "banner motd ^Ca\n b\n^C\n", "banner motd #a\n b\n#\n");
	check_same(&dialect, "banner motd \003a\n b\n\003\n", "banner motd @a\n b\n@ rest\n");
	check_same(&dialect, "banner motd ^Go away^\n", "banner motd #Go away#\n");
	check_print(&dialect, "banner motd ^\n# 1 ^\n", "banner motd %\n# 1 %\n");
	check_parse(&dialect, "banner motd #\nhel\rlo\r\r\n#\r\r\n",
		    "/banner motd = \"#\\nhel lo\\n#\"\n");
}

static void a_certificate_ends_at_quit(void)
{
	static const char chain[] = "pki chain a\n"
				    " certificate 01\n  30820201 AAAA\n  0A0B\n  \tquit\n"
				    " certificate 02\n  30820202 BBBB\n  quit\n"
				    "hostname r1\n";
	struct smd_tree *tree = parse(&dialect, chain);
	const struct smd_node *node = smd_node_find(smd_tree_top(tree), "pki chain", "a");

	CU_ASSERT_STRING_EQUAL(smd_node_leaf(smd_tree_top(tree), "hostname"), "r1");
	CU_ASSERT_PTR_NOT_NULL_FATAL(node);
	node = smd_node_find(node, "certificate 02", NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(node);
	CU_ASSERT_EQUAL(smd_node_kind(node), SMD_BLOCK);
	CU_ASSERT_PTR_NOT_NULL(strstr(smd_node_value(node, NULL), "30820202 BBBB"));
	smd_tree_free(tree);
	check_again(&dialect, chain);
	check_way(&dialect, "pki chain a\n certificate 02\n  30820202 BBBB\n  quit\nhostname r1\n",
		  chain);
	check_before(&dialect, chain,
		     "pki chain a\n certificate 01\n  30820201 AAAA\n  0A0B\n"
		     "  \tquit\n",
		     "pki chain a", "no certificate 02");
}

static void a_block_without_its_end_names_its_line(void)
{
	check_broken(&dialect, "hostname r\nbanner motd ^C\nhello\n", "line 2");
	check_broken(&dialect, "banner login\nhello\n EOFx\n", "line 1");
	check_broken(&dialect, "pki chain a\n certificate 01\n  3082\n  0A\n", "line 2");
}

static void noise_is_found_by_any_of_its_patterns(void)
{
	check_same(&dialect, "Show: (a\njunk\nmore(b\nof it\nany change\nhostname r\n",
		   "hostname r\n");
}

static void a_list_of_sections_is_one_of_each(void)
{
	check_parse(&dialect, "vlan 10,20-22\n",
		    "/vlan[10]/\n/vlan[20]/\n/vlan[21]/\n/vlan[22]/\n");
	check_parse(&dialect, "vlan 10-11\nvlan 11\n name b\n",
		    "/vlan[10]/\n/vlan[11]/name = \"b\"\n");
	check_again(&dialect, "vlan 10,20-22,4094\nvlan 21\n name b\n");
	check_way(&dialect, "vlan 10,20-22\n", "vlan 11,20,22\nvlan 20\n name c\n");
	check_simulate(&dialect, "vlan 11\n", "vlan 10,12\n",
		       "/vlan[11]/\n/vlan[10]/\n/vlan[12]/\n");
	check_same(&dialect, "vlan 10,20\n name a\n", "vlan 10\n name a\nvlan 20\n name a\n");
	check_same(&dialect, "vlan 20\nvlan 10-12,20\n name a\nhostname r\n",
		   "vlan 10\n name a\nvlan 11\n name a\nvlan 12\n name a\nvlan 20\n name a\n"
		   "hostname r\n");
	check_same(&dialect, "vlan 1-3\n! so\n name a\n!\nvlan 4\n name b\n",
		   "vlan 1\n name a\nvlan 2\n name a\nvlan 3\n name a\nvlan 4\n name b\n");
	check_broken(&dialect, "vlan 1-3\n name a\n!\nvlan 3-4\n name b\n", "line 5");
	check_simulate(&dialect, "vlan 10-12\n", "no vlan 10,12\n", "/vlan[11]/\n");
	check_same(&dialect, "vlan 9\nno vlan 12-13\n", "vlan 9\nno vlan 12\nno vlan 13\n");
}

static void too_long_a_list_names_its_line(void)
{
	char text[4096] = "hostname r\nvlan 2-4000\n";

	for (int i = 0; i < 100; i++)
		strcat(text, " name a\n");
	check_broken(&dialect, text, "line 2");
}

static void either_word_will_do(void)
{
	check_parse(
		&dialect, "interface Ethernet1\n ip mtu 3\n ipv6 mtu 2\n ip mtu 3\n",
		"/interface[Ethernet1]/ip mtu = \"3\"\n/interface[Ethernet1]/ipv6 mtu = \"2\"\n");
	check_render(&dialect, "interface Ethernet1\n ip mtu 1\n ipv6 mtu 2\n",
		     "interface Ethernet1\n ip mtu 1\n ipv6 mtu 3\n",
		     "interface Ethernet1\n ipv6 mtu 3\nexit\n");
}

static void an_interface_has_one_spelling(void)
{
	static const char *const names[][2] = {
		{"gi0/1", "GigabitEthernet0/1"},
		{"G0/1", "GigabitEthernet0/1"},
		{"GIGABIT0/1", "GigabitEthernet0/1"},
		{"e1", "Ethernet1"},
		{"eth1/2/3", "Ethernet1/2/3"},
		{"lo0", "Loopback0"},
		{"Por7", "Port-channel7"},
		{"pos1", "POS1"},
		{"vl7", "Vlan7"},
		{"ETHERNET1", "Ethernet1"},
	};
	char one[64], other[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(one, sizeof(one), "interface %s\n ip mtu 9\n", names[i][0]);
		snprintf(other, sizeof(other), "interface %s\n ip mtu 9\n", names[i][1]);
		check_same(&dialect, one, other);
		snprintf(one, sizeof(one), "interface lo0\n unnumbered %s\n", names[i][0]);
		snprintf(other, sizeof(other), "interface lo0\n unnumbered %s\n", names[i][1]);
		check_same(&dialect, one, other);
	}
	/* short for two types, Port-channel and POS: kept as it is */
	check_parse(&dialect, "interface lo0\n unnumbered po1\n",
		    "/interface[Loopback0]/unnumbered = \"po1\"\n");
	check_simulate(&dialect, "interface gi1\n ip mtu 9\n", "no interface GIG1\n", "");
}

/* A PERMANENT section counts as absent when empty, but only for these types. */
static void a_rule_may_be_of_some_types(void)
{
	check_parse(&dialect, "interface e1\ninterface lo0\ninterface gi1\n",
		    "/interface[GigabitEthernet1]/\n");
	check_parse(&dialect, "interface eth1.7\n", "/interface[Ethernet1.7]/\n");
	check_parse(&dialect, "interface gi1\n speed 10 forced\n",
		    "/interface[GigabitEthernet1]/speed 10 forced\n");
	check_before(&dialect, "", "interface Vlan7\n remark x\nvlan 7\n", "vlan 7",
		     "interface Vlan7");
	check_way(&dialect, "", "interface Vlan7\n remark x\nvlan 7\n");
	check_again(&dialect, "interface vlan7\n remark x\n");
}

static void a_value_may_stand_within_its_line(void)
{
	check_parse(&dialect, "interface Ethernet1\n speed 100 forced\n",
		    "/interface[Ethernet1]/speed * forced = \"100\"\n");
	check_broken(&dialect, "interface Ethernet1\n speed 10 forced\n speed 100 forced\n",
		     "line 3");
	check_render(&dialect, "interface Ethernet1\n speed 10 forced\n",
		     "interface Ethernet1\n speed 100 forced\n",
		     "interface Ethernet1\n speed 100 forced\nexit\n");
	check_way(&dialect, "interface Ethernet1\n speed 10 forced\n", "");
	check_print(&dialect, "interface Ethernet1\n speed 10 forced\n",
		    "interface Ethernet1\n speed 10 forced\n");
}

static void a_default_is_as_good_as_not_there(void)
{
	check_same(&dialect, "interface Ethernet1\n ip mtu 9\n no shutdown\n",
		   "interface Ethernet1\n ip mtu 9\n");
	check_same(&dialect, "interface Ethernet1\n no shutdown\n", "");
	check_render(&dialect, "interface Ethernet1\n shutdown\n",
		     "interface Ethernet1\n no shutdown\n",
		     "interface Ethernet1\n no shutdown\nexit\n");
	check_render(&dialect, "", "interface Ethernet1\n shutdown\n",
		     "interface Ethernet1\n shutdown\nexit\n");
	check_simulate(&dialect, "interface Ethernet1\n shutdown\n",
		       "interface Ethernet1\n no shutdown\n", "");
	check_simulate(&dialect, "", "interface Ethernet1\n no shutdown\n", "");
}

static void a_value_that_is_hashed_anew_is_the_same(void)
{
	check_same(&dialect, "user a secret 5 $1$x\n", "user a secret 5 $1$y\n");
	check_same(&dialect, "user a secret 5 $1$x\n", "user a secret plain text\n");
	check_render(&dialect, "user a secret x\n", "user b secret  5 y z\n",
		     "no user a secret x\nuser b secret 5 y z\n");
	check_print(&dialect, "user a secret 5 $1$x\n", "user a secret 5 $1$x\n");
	check_way(&dialect, "user a secret x\nhostname r\n", "user b secret y\nuser a secret z\n");
}

static void a_negation_stands_beside_what_it_negates(void)
{
	check_parse(&dialect, "no routing\nrouting x\nno hostname\nno description\n",
		    "/no routing\n/routing x\n/no hostname\n/no description\n");
	check_again(&dialect, "no routing\ninterface Ethernet1\n no routing\n no description\n");
	check_way(&dialect, "no routing\n", "routing\n");
	check_way(&dialect, "no routing\n", "");
	check_way(&dialect, "routing\n", "");
	check_way(&dialect, "no hostname\n", "hostname r1\n");
	check_way(&dialect, "interface Ethernet1\n no description\n",
		  "interface Ethernet1\n description x y\n");
}

static void a_run_of_blanks_may_be_one(void)
{
	struct smd_dialect other = dialect;

	check_parse(&dialect, "description a  b\n", "/description = \"a  b\"\n");
	other.squeeze = 1;
	check_parse(&other, "description a  b\nfoo   bar\n", "/description = \"a b\"\n/foo bar\n");
	check_same(&other, "remark a   b\n", "remark a b\n");
}

static unsigned likeness(const char *bytes)
{
	struct smd_text *text = text_of(bytes);
	unsigned like = smd_dialect_likeness(&dialect, text);

	smd_text_free(text);
	return like;
}

static void signs_tell_whose_text_it_is(void)
{
	CU_ASSERT_EQUAL(likeness("hostname a\nversion 15\n"), 1000);
	CU_ASSERT_EQUAL(likeness("hostname a\nb\nc\nd\n"), 250);
	CU_ASSERT_EQUAL(likeness("hostname a\n version 15\r\nversion x\nmy hostname a\n"), 500);
	CU_ASSERT_EQUAL(likeness("a\nb\n"), 0);
	CU_ASSERT_EQUAL(likeness(""), 0);
}

static void check_bad(const struct smd_rule *bad, size_t count, const char *named)
{
	struct smd_dialect other = dialect;
	struct smd_error error = {0};

	other.rules = bad;
	other.rule_count = count;
	CU_ASSERT_EQUAL(smd_dialect_check(&other, &error), SMD_E_INVALID);
	if (!strstr(error.message, named))
		printf("\ngot \"%s\", wanted \"%s\"\n", error.message, named);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, named));
}

static void a_rule_that_is_within_no_section_is_named(void)
{
	static const struct smd_rule bad[] = {
		{NULL, "acl *", SMD_RULE_SECTION, NULL, "test"},
		{"acl <number>", "entry *", SMD_RULE_VALUE, NULL, "test"},
	};
	static const struct smd_rule also_bad[] = {
		{NULL, "a *", SMD_RULE_SECTION, NULL, "test"},
		{"a *", "b *", SMD_RULE_SECTION, NULL, "test"},
		{"b * / a *", "deep *", SMD_RULE_VALUE, NULL, "test"},
	};
	static const struct smd_rule plain[] = {
		{NULL, "a *", SMD_RULE_VALUE, NULL, "test"},
		{"a *", "in a value *", SMD_RULE_VALUE, NULL, "test"},
	};

	check_bad(bad, 2, "entry *");
	check_bad(also_bad, 3, "deep *"); /* both exist, never one within the other */
	check_bad(plain, 2, "in a value *");
}

/* The rules of an older build end before members that were added since. */
static void rules_of_an_older_build_are_read(void)
{
	static const struct old_rule {
		const char *within, *line;
		enum smd_rule_kind kind;
		const char *negate, *source;
		unsigned flags;
	} old[] = {
		{NULL, "acl *", SMD_RULE_SECTION, NULL, "test", 0},
		{"acl *", "entry ...", SMD_RULE_ORDERED, "no $1", "test", 0},
		{NULL, "hostname *", SMD_RULE_VALUE, NULL, "test", 0},
	};
	struct smd_dialect other = dialect;

	other.rules = (const struct smd_rule *)(const void *)old;
	other.rule_count = sizeof(old) / sizeof(old[0]);
	other.rule_size = sizeof(old[0]);
	CU_ASSERT_EQUAL(smd_dialect_check(&other, NULL), 0);
	check_broken(&other, "hostname a\nhostname b\n", "line 2");
	check_parse(&other, "hostname b\nacl a\n entry 1 2\n",
		    "/hostname = \"b\"\n/acl[a]/entry[1 2]\n");
	check_render(&other, "acl a\n entry 1 2\n entry 3\n", "acl a\n entry 3\n",
		     "acl a\n no 1 2\nexit\n");
}

TEST_MAIN("dialect text", TEST(the_dialect_is_well_formed), TEST(tabs_and_line_ends_do_not_count),
	  TEST(colours_are_kept), TEST(comments_and_noise_are_no_content),
	  TEST(sections_may_stand_flush_left), TEST(a_banner_ends_at_its_delimiter),
	  TEST(a_certificate_ends_at_quit), TEST(a_block_without_its_end_names_its_line),
	  TEST(noise_is_found_by_any_of_its_patterns), TEST(a_list_of_sections_is_one_of_each),
	  TEST(too_long_a_list_names_its_line), TEST(either_word_will_do),
	  TEST(an_interface_has_one_spelling), TEST(a_rule_may_be_of_some_types),
	  TEST(a_value_may_stand_within_its_line), TEST(a_default_is_as_good_as_not_there),
	  TEST(a_value_that_is_hashed_anew_is_the_same),
	  TEST(a_negation_stands_beside_what_it_negates), TEST(a_run_of_blanks_may_be_one),
	  TEST(signs_tell_whose_text_it_is), TEST(a_rule_that_is_within_no_section_is_named),
	  TEST(rules_of_an_older_build_are_read));
