/* SPDX-License-Identifier: Apache-2.0 */
/* Random statements in braces, as paths and flattened: all give the same tree. */
#include <stdio.h>

#include "compiled.h"
#include "dialect_bench.h"
#include "gen.h"
#include "path_dialects.h"

#define ROUNDS 400

/* Random statements, each written in braces and as a path at once. */
struct writer {
	struct gen *gen;
	struct smd_text *braces;
	struct smd_text *paths;
	const char *verb; /* before a path */
	int quoted;       /* may words hold blanks? */
	char around[128]; /* the open sections, as words */
};

static const char *word(const struct writer *writer)
{
	static const char *const words[] = {"a",   "b", "ge-0/0/1",      "10.0.0.1/24",
					    "x:y", "7", "\"two words\"", "\"semi; {brace}\""};

	return words[gen_below(writer->gen, writer->quoted ? 8 : 6)];
}

static void say(const struct writer *writer, const char *name, const char *value)
{
	smd_text_linef(writer->braces, "%s %s;", name, value);
	smd_text_linef(writer->paths, "%s%s%s %s", writer->verb, writer->around, name, value);
}

static size_t enter(struct writer *writer, const char *name, const char *key)
{
	size_t length = strlen(writer->around);

	smd_text_linef(writer->braces, "%s %s {", name, key);
	snprintf(writer->around + length, sizeof(writer->around) - length, "%s%s%s ", name,
		 *key ? " " : "", key);
	return length;
}

static void leave(struct writer *writer, size_t length)
{
	smd_text_line(writer->braces, "}");
	writer->around[length] = '\0';
}

static void say_some(struct writer *writer, const char *name)
{
	for (uint32_t i = gen_below(writer->gen, 3); i; i--)
		say(writer, name, word(writer));
}

static void say_tags(struct writer *writer)
{
	const char *outer = word(writer), *inner = word(writer);
	char value[64];
	size_t length;

	if (gen_chance(writer->gen, 50)) {
		snprintf(value, sizeof(value), "outer %s inner %s", outer, inner);
		say(writer, "tags", value);
		return;
	}
	length = enter(writer, "tags", "");
	say(writer, "outer", outer);
	say(writer, "inner", inner);
	leave(writer, length);
}

static void say_port(struct writer *writer)
{
	size_t all = enter(writer, "interfaces", ""), one = enter(writer, "port", word(writer));

	say_some(writer, "mtu");
	say_some(writer, "members");
	if (writer->quoted)
		say(writer, "description", "\"a b\"");
	say_tags(writer);
	leave(writer, one);
	leave(writer, all);
}

static void say_policy(struct writer *writer)
{
	size_t all = enter(writer, "policy", word(writer)), one;

	for (uint32_t i = 1 + gen_below(writer->gen, 3); i; i--) {
		one = enter(writer, "term", word(writer));
		say(writer, "then", word(writer));
		say_some(writer, "from");
		leave(writer, one);
	}
	leave(writer, all);
}

static void say_system(struct writer *writer)
{
	size_t length = enter(writer, "system", "");

	say(writer, "host-name", word(writer));
	say_some(writer, "server");
	say_some(writer, "odd");
	leave(writer, length);
}

/* Write statements of one group, all different. */
static void say_group(struct writer *writer)
{
	static const char *const names[] = {"a", "b", "c", "ge-0/0/1", "7"};
	size_t length = enter(writer, "group", word(writer));
	uint32_t first = gen_below(writer->gen, 5), step = 1 + gen_below(writer->gen, 4);

	for (uint32_t i = 1 + gen_below(writer->gen, 4), at = first; i; i--, at += step)
		say(writer, "apply", names[at % 5]);
	leave(writer, length);
}

static void write_both(struct writer *writer, struct gen *gen, const char *verb, int quoted)
{
	static void (*const parts[])(struct writer *) = {say_port, say_policy, say_system,
							 say_group};

	*writer = (struct writer){gen, empty_text(), empty_text(), verb, quoted, ""};
	for (uint32_t i = gen_below(gen, 8); i; i--)
		parts[gen_below(gen, 4)](writer);
}

static struct smd_tree *enter_lines(const struct smd_dialect *dialect, const struct smd_text *lines)
{
	struct smd_tree *tree = parse(dialect, "");
	struct smd_error error = {0};

	if (COMPILED(dialect, &error,
		     smd_dialect_simulate(compiled, tree, lines, NULL, NULL, &error)))
		printf("\n%s %s\n", error.where, error.message);
	return tree;
}

/* Whether the trees are equal; frees the second one. */
static int are_one(const struct smd_tree *a, struct smd_tree *b, const char *how)
{
	int same = smd_node_equal(smd_tree_top(a), smd_tree_top(b));

	if (!same) {
		printf("\nbraces and %s differ\n", how);
		show("braces", a);
		show(how, b);
	}
	smd_tree_free(b);
	return same;
}

static struct smd_tree *written(struct gen *gen, const struct smd_dialect *dialect, int quoted)
{
	struct writer writer;
	struct smd_tree *tree = NULL;
	struct smd_text *lines = empty_text();
	int right;

	for (;;) { /* until none has two values */
		write_both(&writer, gen, *dialect->enter ? "set " : "", quoted);
		if (!COMPILED(&braced, NULL,
			      smd_dialect_parse(compiled, writer.braces, &tree, NULL)))
			break;
		smd_text_free(writer.braces);
		smd_text_free(writer.paths);
	}
	CU_ASSERT_EQUAL(COMPILED(dialect, NULL, smd_dialect_flatten(compiled, tree, lines, NULL)),
			0);
	right = are_one(tree, enter_lines(dialect, writer.paths), "paths") &&
		are_one(tree, enter_lines(dialect, lines), "flattened") &&
		are_one(tree, parse_text(dialect, writer.paths), "paths as a text") &&
		prints_again(dialect, tree);
	if (!right)
		show_text("written", writer.braces);
	CU_ASSERT(right);
	smd_text_free(lines);
	smd_text_free(writer.braces);
	smd_text_free(writer.paths);
	return tree;
}

static void all_forms_are_one_tree(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS);
	     i < rounds && !CU_get_number_of_failures(); i++) {
		const struct smd_dialect *dialect = i % 2 ? &plain : &braced;
		struct smd_tree *a = written(&gen, dialect, dialect == &braced);
		struct smd_tree *b = written(&gen, dialect, dialect == &braced);

		CU_ASSERT(lands(dialect, a, b));
		CU_ASSERT(lands(dialect, b, a));
		smd_tree_free(a);
		smd_tree_free(b);
	}
}

TEST_MAIN("dialect forms", TEST(all_forms_are_one_tree));
