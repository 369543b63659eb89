/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of indented dialects, with a small dialect of the tests' own. */
#include <pthread.h>
#include <stdio.h>

#include "compiled.h"
#include "dialect_bench.h"
#include "gen.h"

#define ROUNDS 400

static const struct smd_rule rules[] = {
	{NULL, "hostname *", SMD_RULE_VALUE, NULL, "test"},
	{NULL, "interface *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
	{"interface *", "description ...", SMD_RULE_VALUE, "no description", "test"},
	{"interface *", "mtu *", SMD_RULE_VALUE, NULL, "test"},
	{"interface *", "trunk vlan ...", SMD_RULE_NUMBERS, "trunk remove $1", "test"},
	{NULL, "vlan ...", SMD_RULE_NUMBERS, NULL, "test"},
	{NULL, "ip route ...", SMD_RULE_MEMBER, NULL, "test"},
	{NULL, "policy * *", SMD_RULE_SECTION, "delete policy $2 of $1", "test"},
	{"policy * *", "neighbor * as *", SMD_RULE_VALUE, "no neighbor $1", "test"},
	{"policy * *", "family *", SMD_RULE_SECTION, NULL, "test"},
	{NULL, "acl *", SMD_RULE_SECTION, NULL, "test"},
	{"acl *", "entry ...", SMD_RULE_ORDERED, NULL, "test"},
	{"**", "remark ...", SMD_RULE_MEMBER, NULL, "test"},
};
static const char *const closers[] = {"!", "exit", "exit-family", NULL};
static const char *const noise[] = {"Building configuration\\.\\.\\.", "! .*|end", NULL};
static const struct smd_dialect dialect = {
	.size = sizeof(dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 2,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
};

static void lines_become_nodes(void)
{
	check_parse(&dialect,
		    "Building configuration...\r\n"
		    "!\n"
		    "! a remark of the device\n"
		    "hostname r1\n"
		    "vlan 10,20-22\n"
		    "vlan none\n"
		    "ip route 10.0.0.0/8 192.0.2.1\n"
		    "ip  route   10.1.0.0/16  x\n"
		    "interface eth1\n"
		    "   description two  blanks\t\n"
		    "   trunk vlan 1, 5\n"
		    "   no shutdown\n"
		    "!\n"
		    "policy a b\n"
		    " neighbor 192.0.2.9 as 65000\n"
		    " family v4\n"
		    "\tremark x y\n"
		    " exit-family\n"
		    "exit\n"
		    "something new\n"
		    "  with lines\n"
		    "    below\n"
		    "end\n",
		    "/hostname = \"r1\"\n"
		    "/vlan = 10,20-22\n"
		    "/vlan none\n"
		    "/ip route[10.0.0.0\\/8 192.0.2.1]\n"
		    "/ip route[10.1.0.0\\/16  x]\n"
		    "/interface[eth1]/description = \"two  blanks\"\n"
		    "/interface[eth1]/trunk vlan = 1,5\n"
		    "/interface[eth1]/no shutdown\n"
		    "/policy[a][b]/neighbor 192.0.2.9 as = \"65000\"\n"
		    "/policy[a][b]/family[v4]/remark[x y]\n"
		    "/something new/with lines/below\n");
}

static void what_is_said_twice_is_one(void)
{
	check_parse(&dialect,
		    "hostname b\nhostname b\nvlan 1\nvlan 3\nip route x\nip route x\n"
		    "foo\nacl a\n entry 1\nfoo\n bar\nacl a\n entry 2\n entry 1\nfoo\n",
		    "/hostname = \"b\"\n/vlan = 1,3\n/ip route[x]\n"
		    "/acl[a]/entry[1]\n/acl[a]/entry[2]\n/foo/bar\n");
}

/* A device never shows two values of one name: what would be lost is told. */
static void two_values_are_refused(void)
{
	check_broken(&dialect, "hostname a\nvlan 1\nhostname b\n", "line 3");
	check_broken(&dialect, "interface eth1\n mtu 1\ninterface eth2\n mtu 1\n mtu 2\n",
		     "line 5");
}

/* Nothing can stand below a statement that is no section; a text begins at its beginning. */
static void what_stands_too_deep_is_refused(void)
{
	check_broken(&dialect, "hostname r1\n  odd\n", "line 1");
	check_broken(&dialect, " hostname r1\n", "line 1");
	check_broken(&dialect, "!\n mtu 1\nhostname a\n", "line 2");
}

static void a_section_that_stays_is_nothing_when_empty(void)
{
	check_parse(&dialect, "interface eth1\ninterface eth2\n mtu 9000\ninterface eth2\nacl a\n",
		    "/interface[eth2]/mtu = \"9000\"\n/acl[a]/\n");
}

/* The rule says that the line holds nothing, but lines are indented below it. */
static void lines_below_a_plain_line_are_kept(void)
{
	check_parse(&dialect, "strange\n  odd\nip route x\n", "/strange/odd\n/ip route[x]\n");
}

static void what_is_no_configuration_names_its_line(void)
{
	struct smd_error error = {0};
	struct smd_tree *tree;
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&text, "one\nt\0wo\n", 9), 0);
	CU_ASSERT_EQUAL(
		COMPILED(&dialect, &error, smd_dialect_parse(compiled, text, &tree, &error)),
		SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.where, "line 2");
	smd_text_free(text);
	text = empty_text();
	for (int depth = 0; depth < 1100; depth++)
		smd_text_linef(text, "%*sx", depth, "");
	CU_ASSERT_EQUAL(
		COMPILED(&dialect, &error, smd_dialect_parse(compiled, text, &tree, &error)),
		SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "nested"));
	CU_ASSERT_STRING_EQUAL(error.where, "line 1025");
	smd_text_free(text);
}

static void a_tree_prints_as_its_text(void)
{
	static const char printed[] = "hostname r1\n"
				      "vlan 10,20-22\n"
				      "interface eth1\n"
				      "  description two  blanks\n"
				      "policy a b\n"
				      "  family v4\n"
				      "    remark x y\n"
				      "foo\n";
	struct smd_tree *tree = parse(&dialect, printed);
	struct smd_text *text = empty_text();

	CU_ASSERT_EQUAL(COMPILED(&dialect, NULL, smd_dialect_print(compiled, tree, text, NULL)), 0);
	check_text(text, printed);
	smd_tree_free(tree);
}

static void a_value_that_is_no_line_is_refused(void)
{
	struct smd_error error = {0};
	struct smd_tree *tree;
	struct smd_text *text = empty_text();

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&tree), 0);
	smd_node_put_leaf(smd_tree_root(tree), "hostname", "a\nno ip route x");
	CU_ASSERT_EQUAL(COMPILED(&dialect, &error, smd_dialect_print(compiled, tree, text, &error)),
			SMD_E_INVALID);
	smd_text_free(text);
	smd_tree_free(tree);
}

static void a_value_is_overwritten(void)
{
	check_render(&dialect, "hostname a\ninterface e\n mtu 1\n description x y\n",
		     "hostname b\ninterface e\n mtu 2\n description z\n",
		     "hostname b\ninterface e\n  mtu 2\n  description z\nexit\n");
	check_render(&dialect, "interface e\n mtu 1\n description x y\nhostname a\n", "",
		     "interface e\n  no mtu 1\n  no description\nexit\nno hostname a\n");
}

static void a_section_goes_as_its_rule_says(void)
{
	check_render(&dialect,
		     "policy a b\n neighbor n as 1\n family v4\n  remark x\n"
		     "policy c d\n neighbor n as 1\n neighbor m as 1\n family v4\nfoo\n bar\n",
		     "policy c d\n neighbor m as 1\n",
		     "delete policy b of a\n"
		     "policy c d\n  no neighbor n\n  no family v4\nexit\n"
		     "no foo\n");
}

static void sections_are_entered_and_left(void)
{
	check_render(&dialect, "policy a b\n family v4\n  remark x\n",
		     "policy a b\n family v4\n  remark y\n"
		     " family v6\n remark z\nacl n\n",
		     "policy a b\n"
		     "  family v4\n    no remark x\n    remark y\n  exit\n"
		     "  family v6\n  exit\n"
		     "  remark z\n"
		     "exit\n"
		     "acl n\nexit\n");
}

static void numbers_join_and_leave(void)
{
	check_render(&dialect, "vlan 1-10\ninterface e\n trunk vlan 5,7\n",
		     "vlan 2-11\ninterface e\n trunk vlan 7-8\n",
		     "no vlan 1\nvlan 11\ninterface e\n  trunk remove 5\n  trunk vlan 8\nexit\n");
	check_render(&dialect, "vlan 1-10\ninterface e\n trunk vlan 5,7\n mtu 1\n",
		     "interface e\n mtu 1\n",
		     "no vlan 1-10\ninterface e\n  trunk remove 5,7\nexit\n");
}

static void order_is_made_by_entering_anew(void)
{
	check_render(&dialect, "acl a\n entry 1\n entry 2\n entry 3\n entry 4\n",
		     "acl a\n entry 1\n entry 3\n entry 5\n entry 2\n entry 6\n",
		     "acl a\n  entry 5\n  no entry 2\n  entry 2\n  entry 6\n  no entry 4\nexit\n");
	check_render(&dialect, "acl a\n entry 1\n entry 2\n",
		     "acl a\n entry 1\n entry 2\n entry 3\n", "acl a\n  entry 3\nexit\n");
	check_render(&dialect, "acl a\n entry 2\n", "acl a\n entry 1\n entry 2\n",
		     "acl a\n  entry 1\n  no entry 2\n  entry 2\nexit\n");
}

static void an_unknown_line_turns_into_a_section(void)
{
	check_render(&dialect, "foo\nbar\n", "foo\n below\nbar\n", "foo\n  below\nexit\n");
	check_render(&dialect, "foo\n below\n it\n", "foo\n", "foo\n  no below\n  no it\nexit\n");
}

static void a_negation_is_taken_back(void)
{
	check_render(&dialect, "no forwarding\ninterface e\n mtu 1\n no shutdown\n",
		     "interface e\n mtu 1\n", "forwarding\ninterface e\n  shutdown\nexit\n");
	check_render(&dialect, "", "no forwarding\n", "no forwarding\n");
	check_render(&dialect, "no forwarding\n", "forwarding\n", "forwarding\n");
	check_render(&dialect, "forwarding\n", "no forwarding\n", "no forwarding\n");
	check_render(&dialect, "interface e\n shutdown\n speed 10\n",
		     "interface e\n no shutdown\n no speed 10\n",
		     "interface e\n  no shutdown\n  no speed 10\nexit\n");
}

static void the_device_climbs_out_of_sections(void)
{
	check_simulate(&dialect, "", "interface e\nmtu 1\nip route x\nmtu 2\n",
		       "/interface[e]/mtu = \"1\"\n/ip route[x]\n/mtu 2\n");
	check_simulate(&dialect, "policy a b\n family v4\n  remark x\n neighbor n as 1\n",
		       "policy a b\nfamily v4\nno neighbor n\nhostname h\n",
		       "/policy[a][b]/family[v4]/remark[x]\n/hostname = \"h\"\n");
	/* An unknown section takes any line: none leaves it. */
	check_simulate(&dialect, "", "foo\n  ip route x\nexit\n", "/foo/ip route x\n");
}

static void the_device_refuses(void)
{
	check_refused(&dialect, "", "interface e\nexit\nexit\n", "line 3 of the payload");
	check_refused(&dialect, "interface e\n mtu 1\n", "!\nno interface e\n",
		      "line 2 of the payload");
}

static void what_was_not_there_leaves_a_trace(void)
{
	check_simulate(&dialect, "", "no ip route x\ninterface e\nno description\n",
		       "/no ip route x\n/interface[e]/no description\n");
}

struct steps {
	size_t lines[8], nodes[8], count, stop;
};

static int on_step(void *arg, const struct smd_tree *tree, size_t line)
{
	struct steps *steps = arg;
	const struct smd_node *node = smd_node_first(smd_tree_top(tree));

	steps->lines[steps->count] = line;
	for (; node; node = smd_node_next(node))
		steps->nodes[steps->count]++;
	return ++steps->count == steps->stop ? 77 : 0;
}

static void it_rests_behind_each_line_that_acts(void)
{
	static const size_t lines[] = {0, 1, 3, 5}, nodes[] = {1, 1, 2, 1};
	struct smd_text *payload = text_of("acl a\n  entry 1\nexit\nhostname x\n!\nno acl a\n");
	struct smd_tree *tree = parse(&dialect, "");
	struct steps steps = {.stop = 0}, stopped = {.stop = 2};

	CU_ASSERT_EQUAL(
		COMPILED(&dialect, NULL,
			 smd_dialect_simulate(compiled, tree, payload, on_step, &steps, NULL)),
		0);
	CU_ASSERT_EQUAL_FATAL(steps.count, 4);
	CU_ASSERT_EQUAL(memcmp(steps.lines, lines, sizeof(lines)), 0);
	CU_ASSERT_EQUAL(memcmp(steps.nodes, nodes, sizeof(nodes)), 0);
	CU_ASSERT_EQUAL(
		COMPILED(&dialect, NULL,
			 smd_dialect_simulate(compiled, tree, payload, on_step, &stopped, NULL)),
		77);
	CU_ASSERT_EQUAL(stopped.count, 2);
	smd_text_free(payload);
	smd_tree_free(tree);
}

static void bad_rules_are_named(void)
{
	static const struct smd_rule bad[] = {
		{NULL, "a ... b", SMD_RULE_MEMBER, NULL, "test"},
		{NULL, "", SMD_RULE_MEMBER, NULL, "test"},
		{NULL, "a", SMD_RULE_NUMBERS, NULL, "test"},
		{NULL, "* a", SMD_RULE_VALUE, NULL, "test"},
		{NULL, "a *", SMD_RULE_MEMBER, "", "test"},
		{NULL, "a *", SMD_RULE_SECTION, "no a $2", "test"},
		{NULL, "a ...", SMD_RULE_SECTION, "no $1 a", "test"},
		{NULL, "a * * * * * * * * * *", SMD_RULE_SECTION, NULL, "test"},
		{"... a", "a", SMD_RULE_MEMBER, NULL, "test"},
		{NULL, "a", (enum smd_rule_kind)9, NULL, "test"},
	};
	static const char *const pattern[] = {"(", NULL};
	struct smd_dialect other = dialect;
	struct smd_text *text = text_of("a\n");
	struct smd_error error = {0};
	struct smd_tree *tree;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		other.rules = &bad[i];
		other.rule_count = 1;
		CU_ASSERT_EQUAL(smd_dialect_check(&other, &error), SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, bad[i].line));
	}
	other = dialect;
	other.noise = pattern;
	CU_ASSERT_EQUAL(COMPILED(&other, &error, smd_dialect_parse(compiled, text, &tree, &error)),
			SMD_E_INVALID);
	other.family = (enum smd_family)7;
	CU_ASSERT_EQUAL(COMPILED(&other, &error, smd_dialect_parse(compiled, text, &tree, &error)),
			SMD_E_UNSUPPORTED);
	smd_text_free(text);
}

/* Compiled */

struct reading {
	const struct smd_compiled *compiled;
	const struct smd_text *text;
};

static void *read_often(void *arg)
{
	const struct reading *reading = arg;
	struct smd_tree *tree;
	size_t read = 0;

	for (size_t i = 0; i < 200; i++) {
		if (smd_dialect_parse(reading->compiled, reading->text, &tree, NULL))
			continue;
		read += smd_node_first(smd_tree_top(tree)) != NULL;
		smd_tree_free(tree);
	}
	return (void *)read;
}

/* More threads than idle grammars are kept, so that some are made and freed. */
static void a_compiled_dialect_serves_all_threads(void)
{
	struct smd_text *text = text_of("hostname a\npolicy a b\n  family v4\n    remark x\n");
	struct smd_compiled *compiled = NULL;
	struct reading reading;
	pthread_t threads[6];
	void *read;

	CU_ASSERT_EQUAL_FATAL(smd_dialect_compile(&dialect, &compiled, NULL), 0);
	reading = (struct reading){compiled, text};
	for (size_t i = 0; i < 6; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, read_often, &reading), 0);
	for (size_t i = 0; i < 6; i++) {
		pthread_join(threads[i], &read);
		CU_ASSERT_EQUAL((size_t)read, 200);
	}
	smd_dialect_free(compiled);
	smd_dialect_free(NULL);
	smd_text_free(text);
}

static void what_is_not_well_formed_is_not_compiled(void)
{
	struct smd_dialect other = dialect;
	struct smd_compiled *compiled = NULL;
	struct smd_error error = {0};

	other.negation = NULL;
	CU_ASSERT_EQUAL(smd_dialect_compile(&other, &compiled, &error), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.message, "the dialect has no negation");
	CU_ASSERT_PTR_NULL(compiled);
}

/* Random configurations: known and unknown lines, each where its kind may stand. */

struct writer {
	struct gen *gen;
	struct smd_text *text;
	unsigned indent; /* blanks a level */
};

static const char *word(struct gen *gen)
{
	static const char *const words[] = {"a",   "b2",        "10.0.0.0/8", "x:y",
					    "[z]", "b\xc3\xb6", "1"};

	return words[gen_below(gen, sizeof(words) / sizeof(words[0]))];
}

static void write_line(const struct writer *writer, unsigned depth, const char *line)
{
	if (gen_chance(writer->gen, 10))
		smd_text_line(writer->text, gen_chance(writer->gen, 50) ? "!" : "");
	smd_text_linef(writer->text, "%*s%s%s", (int)(depth * writer->indent), "", line,
		       gen_chance(writer->gen, 10) ? " \t" : "");
}

/* Write an unknown line, negated or not; in one text always the same way. */
static void write_unknown(const struct writer *writer, unsigned depth, int negated)
{
	char line[64];

	snprintf(line, sizeof(line), "%sodd %s %s", negated ? "no " : "", word(writer->gen),
		 word(writer->gen));
	write_line(writer, depth, line);
	if (depth < 4 && !negated && gen_chance(writer->gen, 30))
		for (unsigned i = 1 + gen_below(writer->gen, 3); i; i--)
			write_unknown(writer, depth + 1, depth % 2 == 0);
}

/* Write the rule's line with random words for its wildcards. */
static void fill_line(struct gen *gen, const struct smd_rule *rule, char *line, size_t size)
{
	const char *at = rule->line;
	size_t used = 0;

	while (*at) {
		size_t length = strcspn(at, " ");
		int wild = *at == '*' || *at == '.';
		uint32_t first = gen_below(gen, 30);

		used += (size_t)snprintf(line + used, size - used, "%s", used ? " " : "");
		if (wild && rule->kind == SMD_RULE_NUMBERS && gen_chance(gen, 90))
			used += (size_t)snprintf(line + used, size - used, "%u,%u-%u", first,
						 first + 5, first + gen_below(gen, 9) + 6);
		else
			used += (size_t)snprintf(line + used, size - used, "%.*s",
						 (int)(wild ? 99 : length), wild ? word(gen) : at);
		at += length;
		at += *at == ' ';
	}
}

static void write_rule(const struct writer *writer, unsigned depth, const char *section);

static void write_below(const struct writer *writer, unsigned depth, const char *section)
{
	for (unsigned i = gen_below(writer->gen, 5); i; i--)
		write_rule(writer, depth, section);
}

/* Write a random line of a rule of this section, or an unknown one. */
static void write_rule(const struct writer *writer, unsigned depth, const char *section)
{
	const struct smd_rule *rule = &rules[gen_below(writer->gen, dialect.rule_count)];
	char line[256];

	if (strcmp(rule->within ? rule->within : "", section) != 0 && gen_chance(writer->gen, 80))
		return;
	if (strcmp(rule->within ? rule->within : "", section) != 0) {
		write_unknown(writer, depth, 0);
		return;
	}
	fill_line(writer->gen, rule, line, sizeof(line));
	write_line(writer, depth, line);
	if (rule->kind == SMD_RULE_SECTION)
		write_below(writer, depth + 1,
			    !strncmp(rule->line, "policy", 6) ? "policy ..." : rule->line);
}

static struct smd_tree *random_tree(struct gen *gen)
{
	struct smd_tree *tree = NULL;

	while (!tree) { /* until none has two values */
		struct writer writer = {gen, empty_text(), 1 + gen_below(gen, 4)};

		for (unsigned i = gen_below(gen, 60); i; i--)
			write_rule(&writer, 0, "");
		COMPILED(&dialect, NULL, smd_dialect_parse(compiled, writer.text, &tree, NULL));
		smd_text_free(writer.text);
	}
	return tree;
}

static void the_laws_hold(void)
{
	size_t nodes = 0;
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		struct smd_tree *a = random_tree(&gen), *b = random_tree(&gen);
		struct smd_text *nothing = render(&dialect, a, a);
		int held =
			prints_again(&dialect, a) && lands(&dialect, a, b) && lands(&dialect, b, a);

		CU_ASSERT(held);
		CU_ASSERT_EQUAL(smd_text_count(nothing), 0);
		for (const struct smd_node *n = smd_node_first(smd_tree_top(a)); n;
		     n = smd_node_next(n))
			nodes++;
		smd_text_free(nothing);
		smd_tree_free(a);
		smd_tree_free(b);
		if (!held)
			break;
	}
	CU_ASSERT(nodes > ROUNDS); /* else nothing was tested */
}

TEST_MAIN("dialect", TEST(lines_become_nodes), TEST(what_is_said_twice_is_one),
	  TEST(two_values_are_refused), TEST(what_stands_too_deep_is_refused),
	  TEST(a_section_that_stays_is_nothing_when_empty), TEST(lines_below_a_plain_line_are_kept),
	  TEST(what_is_no_configuration_names_its_line), TEST(a_tree_prints_as_its_text),
	  TEST(a_value_that_is_no_line_is_refused), TEST(a_value_is_overwritten),
	  TEST(a_section_goes_as_its_rule_says), TEST(sections_are_entered_and_left),
	  TEST(numbers_join_and_leave), TEST(order_is_made_by_entering_anew),
	  TEST(an_unknown_line_turns_into_a_section), TEST(a_negation_is_taken_back),
	  TEST(the_device_climbs_out_of_sections), TEST(the_device_refuses),
	  TEST(what_was_not_there_leaves_a_trace), TEST(it_rests_behind_each_line_that_acts),
	  TEST(bad_rules_are_named), TEST(a_compiled_dialect_serves_all_threads),
	  TEST(what_is_not_well_formed_is_not_compiled), TEST(the_laws_hold));
