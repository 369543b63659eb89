/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a patch: used names are defined, and REQUIRED lines are never missing. */
#include <stdio.h>
#include <stdlib.h>

#include "compiled.h"
#include "dialect_bench.h"
#include "gen.h"

#define ROUNDS 400

static const struct smd_rule rules[] = {
	{NULL, "vlan <number>", SMD_RULE_SECTION, NULL, "test", .defines = "vlan $1"},
	{"vlan <number>", "name *", SMD_RULE_VALUE, NULL, "test"},
	{NULL, "vlans ...", SMD_RULE_NUMBERS, NULL, "test", .defines = "vlan $#"},
	{NULL, "vrf *", SMD_RULE_SECTION, NULL, "test", .defines = "vrf $1; table $1"},
	{"vrf *", "rd *", SMD_RULE_VALUE, NULL, "test", .defines = "rd $^1"},
	{NULL, "acl *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_REQUIRED, .defines = "acl $1"},
	{"acl *", "<number> = ...", SMD_RULE_VALUE, "no $1", "test", SMD_RULE_REMOVE_FIRST},
	{NULL, "map *", SMD_RULE_SECTION, NULL, "test", .defines = "map $1"},
	{"map *", "match *", SMD_RULE_MEMBER, NULL, "test", .uses = "acl $1"},
	{NULL, "router *", SMD_RULE_SECTION, NULL, "test"},
	{"router *", "redistribute *", SMD_RULE_MEMBER, NULL, "test", .uses = "map $1"},
	{"router *", "peer * group *", SMD_RULE_VALUE, "no peer $1 group", "test",
	 SMD_RULE_REMOVE_FIRST, .invalidates = "peer $1 ..."},
	{"router *", "peer * text ...", SMD_RULE_VALUE, "no peer $1 text", "test"},
	{"router *", "table *", SMD_RULE_VALUE, NULL, "test", .uses = "table $1; rd $1"},
	{NULL, "node *", SMD_RULE_SECTION, NULL, "test", .defines = "node $1"},
	{"node *", "peer *", SMD_RULE_MEMBER, NULL, "test", .uses = "node $1"},
	{NULL, "interface *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
	{"interface *", "vrf member *", SMD_RULE_VALUE, NULL, "test", .uses = "vrf $1",
	 .invalidates = "ip address *; ipv6 address *"},
	{"interface *", "no bridged", SMD_RULE_MEMBER, "bridged", "test",
	 .invalidates = "vrf member *; ip address *; ipv6 address *"},
	{"interface *", "ip address *", SMD_RULE_VALUE, NULL, "test", SMD_RULE_UNIQUE},
	{"interface *", "ipv6 address *", SMD_RULE_MEMBER, NULL, "test"},
	{"interface *", "main *", SMD_RULE_VALUE, NULL, "test", .defines = "main $^1"},
	{"interface *", "more *", SMD_RULE_MEMBER, NULL, "test", .uses = "main $^1"},
	{"interface *", "access vlan *", SMD_RULE_VALUE, NULL, "test", .uses = "vlan $1"},
	{"interface *", "trunk vlan ...", SMD_RULE_NUMBERS, NULL, "test", SMD_RULE_REQUIRED,
	 .uses = "vlan $#"},
	{"interface *", "filter =* in", SMD_RULE_VALUE, "no filter in", "test", SMD_RULE_REQUIRED,
	 .uses = "acl $1"},
	{NULL, "ntp server * ...", SMD_RULE_MEMBER, "no ntp server $1", "test"},
	{NULL, "ntp server *", SMD_RULE_MEMBER, NULL, "test"},
	{"**", "note *", SMD_RULE_MEMBER, NULL, "test"},
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

/* A text with a definition and its use, a text without, and the first lines of each. */
struct pair {
	const char *both;
	const char *without;
	const char *defined;
	const char *used;
	const char *undefined; /* the line that removes the definition */
	const char *unused;
};

static const struct pair pairs[] = {
	{"interface e\n access vlan 5\nvlan 5\n", "", "vlan 5", "access vlan 5", "no vlan 5",
	 "no access vlan 5"},
	{"acl a\n 10 permit x\ninterface e\n filter a in\n", "", "acl a", "filter a in", "no acl a",
	 "no filter in"},
	{"interface e\n filter a in\nacl a\n 10 permit x\n", "", "10 permit x", "filter a in",
	 "no acl a", "no filter in"},
	{"interface e\n vrf member a\nvrf a\n", "", "vrf a", "vrf member a", "no vrf a",
	 "no vrf member a"},
	{"router r\n note x\n redistribute m\nmap m\n", "router r\n note x\n", "map m",
	 "redistribute m", "no map m", "no redistribute m"},
	{"interface e\n trunk vlan 5\nvlans 5\n", "", "vlans 5", "trunk vlan 5", "no vlans 5",
	 "no trunk vlan 5"},
};

static void what_is_used_is_there_before_and_goes_behind(void)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct pair *pair = &pairs[i];

		check_before(&dialect, pair->without, pair->both, pair->defined, pair->used);
		check_before(&dialect, pair->both, pair->without, pair->unused, pair->undefined);
		check_way(&dialect, pair->without, pair->both);
	}
}

static void a_use_moves_to_what_is_new(void)
{
	static const char from[] = "interface e\n access vlan 5\n filter a in\nvlan 5\n"
				   "acl a\n 10 permit x\n";
	static const char to[] = "interface e\n access vlan 6\n filter b in\nvlan 6\n"
				 "acl b\n 10 permit x\n";

	check_way(&dialect, from, to);
	check_before(&dialect, from, to, "vlan 6", "access vlan 6");
	check_before(&dialect, from, to, "access vlan 6", "no vlan 5");
	check_before(&dialect, from, to, "10 permit x", "filter b in");
	check_before(&dialect, from, to, "filter b in", "no acl a");
	check_lacks(&dialect, from, to, "no filter in");
	check_lacks(&dialect, from, to, "no access vlan 5");
}

static void a_trunk_lets_go_of_a_vlan_before_it_goes(void)
{
	static const char from[] = "interface e\n trunk vlan 5-8\nvlan 5\nvlan 8\n";
	static const char to[] = "interface e\n trunk vlan 6-9\nvlan 8\nvlan 9\n";

	check_before(&dialect, from, to, "vlan 9", "trunk vlan 9");
	check_before(&dialect, from, to, "no trunk vlan 5", "no vlan 5");
	check_before(&dialect, from, "", "no trunk vlan 5-8", "no vlan 5");
	check_way(&dialect, from, to);
}

static void a_number_is_defined_before_its_use(void)
{
	static const char from[] = "interface e\n trunk vlan 5-9\nvlans 5-9\n";
	static const char to[] = "interface e\n trunk vlan 6-10\nvlans 6-10\n";
	static const char five[] = "interface e\n access vlan 5\nvlans 5\n";
	static const char ten[] = "interface e\n access vlan 10\nvlans 10\n";

	check_way(&dialect, from, "vlans 5-6\n");
	check_before(&dialect, from, to, "no trunk vlan 5", "no vlans 5");
	check_before(&dialect, five, ten, "access vlan 10", "no vlans 5");
	check_before(&dialect, from, to, "vlans 10", "trunk vlan 10");
	check_before(&dialect, five, ten, "vlans 10", "access vlan 10");
	check_way(&dialect, from, to);
	check_way(&dialect, five, ten);
}

static void chains_are_built_up_and_taken_down(void)
{
	static const char chain[] = "router r\n note x\n redistribute m\nmap m\n match a\n"
				    "acl a\n 10 permit x\n";
	static const char other[] = "router r\n note x\n redistribute n\nmap n\n match b\n"
				    "acl b\n 10 permit x\n";
	static const char none[] = "router r\n note x\n";

	check_way(&dialect, none, chain);
	check_before(&dialect, none, chain, "10 permit x", "match a");
	check_before(&dialect, none, chain, "map m", "redistribute m");
	check_before(&dialect, chain, none, "no redistribute m", "no map m");
	check_before(&dialect, chain, none, "no map m", "no acl a");
	check_way(&dialect, chain, other);
	check_before(&dialect, chain, other, "10 permit x", "match b");
	check_before(&dialect, chain, other, "match b", "redistribute n");
	check_before(&dialect, chain, other, "no redistribute m", "no map m");
	check_before(&dialect, chain, other, "no map m", "no acl a");
}

/* Uses in a ring have no right order, but ordering them must end. */
static void cycles_end(void)
{
	static const char ring[] = "node a\n peer b\nnode b\n peer c\nnode c\n peer a\n";
	static const char turned[] = "node a\n peer c\nnode c\n peer b\nnode b\n peer a\n";
	struct smd_tree *from = parse(&dialect, ring), *none = parse(&dialect, "");

	CU_ASSERT(lands(&dialect, none, from));
	CU_ASSERT(lands(&dialect, from, none));
	smd_tree_free(none);
	smd_tree_free(from);
	check_way(&dialect, ring, turned);
	check_way(&dialect, "", "node a\n peer a\n");
}

static void the_key_around_is_what_others_name(void)
{
	static const char none[] = "vrf a\nrouter r\n note x\n";
	static const char both[] = "router r\n note x\n table a\nvrf a\n rd 1:1\n";

	check_before(&dialect, none, both, "rd 1:1", "table a");
	check_before(&dialect, both, none, "no table a", "no rd 1:1");
	check_way(&dialect, none, both);
	check_way(&dialect, "router r\n note x\n", both);
}

/* Behind each line: no two interfaces have the same address. */
static int addresses_differ(void *arg, const struct smd_tree *tree, size_t line)
{
	const struct smd_node *a = smd_node_first(smd_tree_top(tree)), *b;

	(void)arg;
	for (; a; a = smd_node_next(a)) {
		const char *one = smd_node_leaf(a, "ip address");

		for (b = smd_node_next(a); one && b; b = smd_node_next(b)) {
			const char *other = smd_node_leaf(b, "ip address");

			if (other && strcmp(one, other) == 0) {
				printf("\n%s twice behind line %zu\n", one, line);
				return 1;
			}
		}
	}
	return 0;
}

static void check_unique(const char *from, const char *to)
{
	struct smd_text *lines = render_texts(&dialect, from, to);
	struct smd_tree *tree = parse(&dialect, from);

	CU_ASSERT_EQUAL(
		COMPILED(&dialect, NULL,
			 smd_dialect_simulate(compiled, tree, lines, addresses_differ, NULL, NULL)),
		0);
	smd_tree_free(tree);
	smd_text_free(lines);
	check_way(&dialect, from, to);
}

static void a_unique_value_is_let_go_first(void)
{
	static const char *const texts[] = {
		"interface a\n ip address 1\ninterface b\n ip address 2\ninterface c\n ip address "
		"3\n",
		"interface a\n ip address 2\ninterface b\n ip address 1\ninterface c\n ip address "
		"3\n",
		"interface a\n ip address 2\ninterface b\n ip address 3\ninterface c\n ip address "
		"1\n",
		"interface a\n ip address 3\ninterface b\n ip address 1\ninterface c\n ip address "
		"2\n",
		"interface a\n ip address 2\ninterface b\n ip address 3\ninterface c\n ip address "
		"4\n",
		"interface c\n ip address 1\n",
		"interface b\n ip address 1\ninterface d\n ip address 2\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
			check_unique(texts[i], texts[j]);
}

static void an_emptied_section_lets_go_of_names_first(void)
{
	check_render(&dialect, "interface e\n main 1\n more 2\n note x\n", "",
		     "interface e\n no more 2\n no note x\n no main 1\nexit\n");
}

static void it_invalidates_what_is_of_the_same_name(void)
{
	static const char others[] = " peer b text u\n peer c group x\n peer c text v\n";
	static const char *const cases[][3] = {
		{" peer a group x\n peer a text t\n", " peer a group y\n peer a text t\n",
		 " no peer a group\n peer a group y\n peer a text t\n"},
		{" peer a group x\n peer a text t\n", " peer a text t\n",
		 " no peer a group\n peer a text t\n"},
		{" peer a group x\n peer a text t\n", "", " no peer a group\n"},
		{" peer a group x\n", " peer a text t\n", " no peer a group\n peer a text t\n"},
		{" peer a text t\n", " peer a group x\n peer a text t\n",
		 " peer a group x\n peer a text t\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char from[160], to[160], wanted[160];

		snprintf(from, sizeof(from), "router 1\n%s%s", cases[i][0], others);
		snprintf(to, sizeof(to), "router 1\n%s%s", cases[i][1], others);
		snprintf(wanted, sizeof(wanted), "router 1\n%sexit\n", cases[i][2]);
		check_render(&dialect, from, to, wanted);
	}
}

static void what_is_invalidated_is_entered_again(void)
{
	static const char vrfs[] = "vrf a\nvrf b\n";
	static const struct {
		const char *from, *to, *wanted;
	} cases[] = {
		{" vrf member a\n ip address 1\n", " vrf member b\n ip address 1\n",
		 " vrf member b\n ip address 1\n"},
		{" vrf member a\n ip address 1\n", " vrf member b\n", " vrf member b\n"},
		{" vrf member a\n ip address 1\n", " vrf member b\n ip address 2\n",
		 " vrf member b\n ip address 2\n"},
		{" vrf member a\n ip address 1\n", " ip address 1\n",
		 " no vrf member a\n ip address 1\n"},
		{" ip address 1\n", " vrf member a\n ip address 1\n",
		 " vrf member a\n ip address 1\n"},
		{" vrf member a\n ipv6 address 1\n ipv6 address 2\n",
		 " vrf member b\n ipv6 address 2\n ipv6 address 3\n",
		 " vrf member b\n ipv6 address 2\n ipv6 address 3\n"},
		{" vrf member a\n", " ip address 1\n", " no vrf member a\n ip address 1\n"},
		/* the line that invalidates the other comes first */
		{" no bridged\n ip address 1\n", " vrf member a\n ip address 1\n",
		 " bridged\n vrf member a\n ip address 1\n"},
		{" vrf member a\n ip address 1\n", " no bridged\n ip address 1\n",
		 " no bridged\n ip address 1\n"},
	};

	check_render(&dialect, vrfs,
		     "vrf a\nvrf b\ninterface e\n vrf member a\n ip address 1\n no bridged\n",
		     "interface e\n no bridged\n vrf member a\n ip address 1\nexit\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char from[160], to[160], wanted[160];

		snprintf(from, sizeof(from), "%sinterface e\n%s", vrfs, cases[i].from);
		snprintf(to, sizeof(to), "%sinterface e\n%s", vrfs, cases[i].to);
		snprintf(wanted, sizeof(wanted), "interface e\n%sexit\n", cases[i].wanted);
		check_render(&dialect, from, to, wanted);
		check_way(&dialect, from, to);
	}
}

/* In one section more lines that make others go than a device has in earnest. */
#define MANY 40

static const struct smd_rule many_rules[] = {
	{NULL, "port *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
	{"port *", "peer *", SMD_RULE_MEMBER, NULL, "test", .invalidates = "text $1 *"},
	{"port *", "text * *", SMD_RULE_MEMBER, NULL, "test"},
	{"port *", "mode *", SMD_RULE_VALUE, NULL, "test", .invalidates = "peer *"},
	{"port *", "shape *", SMD_RULE_VALUE, NULL, "test", .invalidates = "speed *"},
	{"port *", "speed *", SMD_RULE_VALUE, NULL, "test", .invalidates = "text *"},
	{"port *", "turbo *", SMD_RULE_VALUE, NULL, "test", .invalidates = "speed fast"},
};

/* A port with many peers, and lines before and behind them. */
static char *many_peers(const char *before, const char *behind)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	fprintf(file, "port 1\n%s", before);
	for (int i = 0; i < MANY; i++)
		fprintf(file, " peer %d\n", i);
	fprintf(file, "%s", behind);
	fclose(file);
	return text;
}

static void many_that_make_others_go_are_ordered(void)
{
	struct smd_dialect many = dialect;
	char *moded = many_peers("", " mode x\n"), *shaped = many_peers("", " shape a\n speed b\n");

	many.rules = many_rules;
	many.rule_count = sizeof(many_rules) / sizeof(many_rules[0]);
	/* in a section that is there, and in one that comes */
	check_before(&many, "port 1\n text a b\n", moded, "mode x", "peer 0");
	check_way(&many, "port 1\n text a b\n", moded);
	check_before(&many, "", moded, "mode x", "peer 0");
	check_way(&many, "", moded);
	/* in one that is emptied: what one of them drops is not removed once more */
	check_lacks(&many, shaped, "", "no speed b");
	check_way(&many, shaped, "");
	free(moded);
	free(shaped);
}

/* Two that make each other go; blanks around the slash of a path do not matter. */
static void of_rivals_the_last_one_counts(void)
{
	static const struct smd_rule rivals[] = {
		{NULL, "box *", SMD_RULE_SECTION, NULL, "test"},
		{"box *", "port *", SMD_RULE_SECTION, NULL, "test"},
		{"box * / port *", "speed *", SMD_RULE_VALUE, NULL, "test",
		 .invalidates = "rate *"},
		{"box *  /  port *", "rate *", SMD_RULE_VALUE, NULL, "test",
		 .invalidates = "speed *"},
	};
	struct smd_dialect two = dialect;

	two.rules = rivals;
	two.rule_count = sizeof(rivals) / sizeof(rivals[0]);
	check_parse(&two, "box 1\n port 1\n  speed 1\n  rate 1\n",
		    "/box[1]/port[1]/rate = \"1\"\n");
	check_parse(&two, "box 1\n port 1\n  rate 1\n  speed 1\n",
		    "/box[1]/port[1]/speed = \"1\"\n");
}

/* Among many lines one that came, or became what is dropped, after others were dropped. */
static void what_came_among_many_is_dropped(void)
{
	static const char *const cases[][3] = {
		/* of the running text, the payload, of the intended text */
		{" text 3 a\n text 4 a\n", " no peer 3\n text 4 b\n no peer 4\n peer 3\n peer 4\n",
		 ""},
		{" turbo a\n speed slow\n", " turbo b\n speed fast\n turbo c\n", " turbo c\n"},
		{" turbo a\n speed slow\n", " turbo b\n speed fast\n turbo b\n",
		 " turbo b\n speed fast\n"},
		{" speed slow\n", " turbo a\n no speed slow\n speed fast\n turbo b\n",
		 " turbo b\n"},
	};
	struct smd_dialect many = dialect;
	struct hazards hazards;

	many.rules = many_rules;
	many.rule_count = sizeof(many_rules) / sizeof(many_rules[0]);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *from = many_peers("", cases[i][0]), *to = many_peers("", cases[i][2]);
		char payload[200];

		snprintf(payload, sizeof(payload), "port 1\n%sexit\n", cases[i][1]);
		verify_patch(&many, from, to, payload, &hazards);
		CU_ASSERT_EQUAL(hazards.result, 0);
		free(from);
		free(to);
	}
}

static void an_implicit_removal_is_simulated(void)
{
	static const char from[] = "interface e\n vrf member a\n ip address 1\n note x\n"
				   "interface f\n ip address 2\n";
	static const char rest[] = "/interface[e]/note[x]\n/interface[f]/ip address = \"2\"\n";
	char wanted[128];

	check_simulate(&dialect, from, "interface e\n no vrf member a\n", rest);
	snprintf(wanted, sizeof(wanted), "/interface[e]/vrf member = \"b\"\n%s", rest);
	check_simulate(&dialect, from, "interface e\n vrf member b\n", wanted);
}

/* A line that was just added is not removed again. */
static void a_line_that_negates_its_like_comes_first(void)
{
	check_before(&dialect, "ntp server x prefer\n", "ntp server x version 4\n",
		     "no ntp server x", "ntp server x version 4");
	check_way(&dialect, "ntp server x prefer\n", "ntp server x version 4\n");
	check_way(&dialect, "ntp server x prefer\n", "ntp server x\n");
	check_way(&dialect, "ntp server x prefer\nntp server y\n", "ntp server y prefer\n");
}

/* A random configuration in which all used names are defined. */
static struct smd_text *random_text(struct gen *gen)
{
	struct smd_text *text = empty_text();
	uint32_t vlans = gen_below(gen, 16), acls = gen_below(gen, 16), maps = gen_below(gen, 16);

	for (uint32_t i = 0; i < 4; i++) {
		uint32_t bit = 1u << i, pick = gen_below(gen, 4);

		smd_text_linef(text, "interface e%u", i);
		smd_text_linef(text, " note n%u", gen_below(gen, 2));
		if (vlans & 1u << pick)
			smd_text_linef(text, " access vlan %u", pick + 1);
		if (acls & 1u << pick && gen_chance(gen, 70))
			smd_text_linef(text, " filter a%u in", pick);
		if (vlans & bit)
			smd_text_linef(text, "vlan %u", i + 1);
		if (maps & bit)
			smd_text_linef(text, "map m%u", i);
		if (maps & bit && acls & 1u << pick)
			smd_text_linef(text, " match a%u", pick);
		if (acls & bit)
			smd_text_linef(text, "acl a%u\n 10 permit x\n %u deny y", i, pick + 20);
		smd_text_linef(text, "router r%u\n note x", i);
		if (maps & 1u << pick)
			smd_text_linef(text, " redistribute m%u", pick);
	}
	return text;
}

static void check_used(const struct smd_tree *tree, const char *name, const char *key, size_t line,
		       int *wrong)
{
	if (!key || smd_node_find(smd_tree_top(tree), name, key))
		return;
	printf("\nno %s %s behind line %zu\n", name, key, line);
	*wrong = 1;
}

/* Behind each line: all used names are defined. */
static int is_whole(void *arg, const struct smd_tree *tree, size_t line)
{
	int *wrong = arg;

	for (const struct smd_node *at = smd_node_first(smd_tree_top(tree)); at;
	     at = smd_node_next(at)) {
		check_used(tree, "vlan", smd_node_leaf(at, "access vlan"), line, wrong);
		check_used(tree, "acl", smd_node_leaf(at, "filter * in"), line, wrong);
		for (const struct smd_node *n = smd_node_first(at); n; n = smd_node_next(n)) {
			if (!strcmp(smd_node_name(n), "match"))
				check_used(tree, "acl", smd_node_key(n, 0), line, wrong);
			if (!strcmp(smd_node_name(n), "redistribute"))
				check_used(tree, "map", smd_node_key(n, 0), line, wrong);
		}
	}
	return 0;
}

static void nothing_dangles_in_random_changes(void)
{
	struct gen gen;
	int wrong = 0;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds && !wrong; i++) {
		struct smd_text *one = random_text(&gen), *other = random_text(&gen);
		struct smd_tree *from = parse_text(&dialect, one),
				*to = parse_text(&dialect, other);
		struct smd_text *lines = render(&dialect, from, to);

		CU_ASSERT(lands(&dialect, from, to));
		CU_ASSERT_EQUAL(COMPILED(&dialect, NULL,
					 smd_dialect_simulate(compiled, from, lines, is_whole,
							      &wrong, NULL)),
				0);
		if (wrong) {
			show_text("from", one);
			show_text("to", other);
			show_text("payload", lines);
		}
		smd_text_free(lines);
		smd_tree_free(from);
		smd_tree_free(to);
		smd_text_free(one);
		smd_text_free(other);
	}
	CU_ASSERT(!wrong);
}

TEST_MAIN("dialect order", TEST(the_dialect_is_well_formed),
	  TEST(what_is_used_is_there_before_and_goes_behind), TEST(a_use_moves_to_what_is_new),
	  TEST(a_trunk_lets_go_of_a_vlan_before_it_goes), TEST(a_number_is_defined_before_its_use),
	  TEST(chains_are_built_up_and_taken_down), TEST(cycles_end),
	  TEST(the_key_around_is_what_others_name), TEST(a_unique_value_is_let_go_first),
	  TEST(what_is_invalidated_is_entered_again), TEST(it_invalidates_what_is_of_the_same_name),
	  TEST(an_emptied_section_lets_go_of_names_first),
	  TEST(many_that_make_others_go_are_ordered), TEST(what_came_among_many_is_dropped),
	  TEST(of_rivals_the_last_one_counts), TEST(an_implicit_removal_is_simulated),
	  TEST(a_line_that_negates_its_like_comes_first), TEST(nothing_dangles_in_random_changes));
