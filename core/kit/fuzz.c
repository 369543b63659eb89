/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks with damaged text: the driver must return a tree or an error, and never crash. A
 * damaged configuration that gives a tree must also hold law 1, or
 * printing it is refused in words. For lines in random order
 * nothing more is checked, because nobody can say what they mean.
 */
#include <stdio.h>
#include <string.h>

#include "core/kit/check.h"

#define ROUNDS 400
#define FUZZ_ROUNDS 3000
#define LONG_LINE 20000
#define DEEP 300 /* levels of nesting, more than a tree allows */

static const struct smd_text *any_text(struct smd_kit *kit)
{
	struct smd_prng *prng = &kit->prng;
	const struct smd_golden *golden =
		&kit->goldens.list[smd_prng_below(prng, (uint32_t)kit->goldens.count)];

	return smd_prng_percent(prng, 50) ? golden->running_text : golden->intended_text;
}

/* The text's tree; NULL if the driver refuses the text with an error. */
static struct smd_tree *parse(struct smd_kit *kit, const char *where, const struct smd_text *text)
{
	struct smd_bench *bench = &kit->bench;
	struct smd_tree *tree;

	bench->error = (struct smd_error){.code = SMD_OK};
	tree = smd_bench_parse(bench, text);
	if (!smd_kit_hold(kit, tree || *bench->error.message,
			  "%s: a text is refused without a word", where))
		smd_kit_show_text(kit, "text", text);
	return tree;
}

/* Replace some bytes, and sometimes cut off the end. Returns the new size. */
static size_t damage(struct smd_prng *prng, char *bytes, size_t size)
{
	for (unsigned edits = 1 + smd_prng_below(prng, 4); size && edits; edits--)
		bytes[smd_prng_below(prng, (uint32_t)size)] =
			(char)(smd_prng_percent(prng, 50) ? smd_prng_below(prng, 256) : ' ');
	return size && smd_prng_percent(prng, 20) ? smd_prng_below(prng, (uint32_t)size) : size;
}

/* Is it said in words that the tree cannot be printed, as it would be read differently? */
static int is_unprintable(struct smd_kit *kit, const struct smd_tree *tree)
{
	struct smd_bench *bench = &kit->bench;
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;

	bench->error = (struct smd_error){.code = SMD_OK};
	text = smd_bench_print(bench, tree);
	return !text && bench->error.code == SMD_E_INVALID && *bench->error.message;
}

static void check_damaged(struct smd_kit *kit, unsigned round)
{
	const struct smd_text *from = any_text(kit);
	smd_cleanup(free) char *bytes = smd_text_join(from);
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	size_t size = bytes ? damage(&kit->prng, bytes, smd_text_size(from)) : 0;
	char where[32];

	snprintf(where, sizeof(where), "round %u", round);
	smd_kit_at(kit, "%s", where);
	if (!smd_kit_hold(kit, bytes && !smd_text_from(&text, bytes, size), "out of memory"))
		return;
	tree = parse(kit, where, text);
	if (tree && !is_unprintable(kit, tree))
		smd_check_law_1(kit, where, tree);
	smd_kit_show_text(kit, "of the text", text);
}

void smd_check_damage(struct smd_kit *kit)
{
	if (!kit->goldens.count)
		smd_kit_skip(kit, "there are no golden cases");
	for (unsigned i = 0; kit->goldens.count && i < ROUNDS && !kit->failed; i++)
		check_damaged(kit, i);
}

/* Append a random line: one of the golden texts', at any depth, or one that is no command. */

static int add_line(struct smd_prng *prng, struct smd_text *out, const struct smd_text *from)
{
	size_t count = smd_text_count(from), length;
	const char *line =
		count ? smd_text_get(from, smd_prng_below(prng, (uint32_t)count), &length) : "";
	unsigned blanks = smd_prng_percent(prng, 30) ? smd_prng_below(prng, 8) : 0;

	if (smd_prng_percent(prng, 20))
		line += strspn(line, " ");
	return smd_text_linef(out, "%*s%s", (int)blanks, "", line);
}

static int add_run(struct smd_prng *prng, struct smd_text *out, const struct smd_text *from)
{
	size_t count = smd_text_count(from);
	size_t at = count ? smd_prng_below(prng, (uint32_t)count) : 0;
	size_t most = at + 1 + smd_prng_below(prng, 8);
	int err = 0;

	for (; !err && at < count && at < most; at++)
		err = smd_text_line(out, smd_text_get(from, at, NULL));
	return err;
}

static int add_bytes(struct smd_prng *prng, struct smd_text *out)
{
	char bytes[64];
	size_t size = smd_prng_below(prng, sizeof(bytes));

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)smd_prng_below(prng, 256);
	return smd_text_append(out, bytes, size);
}

static int add_long(struct smd_prng *prng, struct smd_text *out, const struct smd_text *from)
{
	unsigned more = smd_prng_below(prng, LONG_LINE);
	int err = add_line(prng, out, from);

	return err ? err : smd_text_linef(out, "%0*d", (int)more + 1, 1);
}

static int add_deep(struct smd_prng *prng, struct smd_text *out)
{
	unsigned depth = smd_prng_below(prng, DEEP);
	int err = 0;

	for (unsigned i = 0; !err && i < depth; i++)
		err = smd_text_linef(out, "%*sx%u", (int)i, "", i);
	return err;
}

static int add_something(struct smd_kit *kit, struct smd_text *out)
{
	struct smd_prng *prng = &kit->prng;
	const struct smd_text *from = any_text(kit);
	unsigned dice = smd_prng_below(prng, 100);

	if (dice < 50)
		return add_run(prng, out, from);
	if (dice < 90)
		return add_line(prng, out, from);
	if (dice < 97)
		return add_bytes(prng, out);
	return dice < 99 ? add_long(prng, out, from) : add_deep(prng, out);
}

static void check_fuzzed(struct smd_kit *kit, unsigned round)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	smd_cleanup(smd_text_free) struct smd_text *printed = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *again = NULL;
	int err = smd_text_new(&text, 0);
	char where[32];

	for (unsigned i = 1 + smd_prng_below(&kit->prng, 20); !err && i; i--)
		err = add_something(kit, text);
	snprintf(where, sizeof(where), "round %u", round);
	smd_kit_at(kit, "%s", where);
	if (smd_kit_hold(kit, !err, "out of memory"))
		tree = parse(kit, where, text);
	printed = tree ? smd_bench_print(&kit->bench, tree) : NULL;
	again = printed ? parse(kit, where, printed) : NULL;
}

void smd_check_fuzz(struct smd_kit *kit)
{
	if (!kit->goldens.count)
		smd_kit_skip(kit, "there are no golden cases");
	for (unsigned i = 0; kit->goldens.count && i < FUZZ_ROUNDS && !kit->failed; i++)
		check_fuzzed(kit, i);
}
