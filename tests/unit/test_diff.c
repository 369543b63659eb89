/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/change.h>

#include <stdio.h>

#include "gen.h"
#include "test.h"

static const struct gen_shape shapes[] = {{8, 4, 2}, {60, 8, 5}, {300, 60, 4}, {40, 2, 30}};

static struct smd_tree *new_tree(void)
{
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&tree), 0);
	return tree;
}

static struct smd_changes *diff(const struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_changes *changes = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_diff(from, to, &changes), 0);
	return changes;
}

/* Describe a change set, one word for each change. */
static void describe(const struct smd_changes *changes, char *out, size_t size)
{
	static const char signs[] = "?+-=~>";
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < smd_changes_count(changes) && used < size; i++) {
		const struct smd_change *change = smd_changes_get(changes, i);
		char path[128], added[32], removed[32];

		smd_change_path(change, path, sizeof(path));
		used += (size_t)snprintf(out + used, size - used, "%s%c%s", i ? " " : "",
					 signs[change->op], path);
		if (change->op == SMD_CHANGE_NUMBERS && used < size) {
			smd_set_format(&change->added, added, sizeof(added));
			smd_set_format(&change->removed, removed, sizeof(removed));
			used += (size_t)snprintf(out + used, size - used, "+%s-%s", added, removed);
		}
		if (change->after && used < size) {
			smd_node_path(change->after, path, sizeof(path));
			used += (size_t)snprintf(out + used, size - used, "@%s", path);
		}
	}
}

static void assert_diff(const struct smd_tree *from, const struct smd_tree *to,
			const char *expected)
{
	struct smd_changes *changes = diff(from, to);
	char words[512];

	CU_ASSERT_PTR_EQUAL(smd_changes_from(changes), from);
	CU_ASSERT_PTR_EQUAL(smd_changes_to(changes), to);
	describe(changes, words, sizeof(words));
	CU_ASSERT_STRING_EQUAL(words, expected);
	if (strcmp(words, expected))
		printf("\n  is:        %s\n  should be: %s\n", words, expected);
	smd_changes_free(changes);
}

static void says_what_changes(void)
{
	struct smd_tree *from = new_tree(), *to = new_tree();
	struct smd_node *old = smd_node_make(smd_tree_root(from), "port", "eth1");
	struct smd_node *new = smd_node_make(smd_tree_root(to), "port", "eth1");

	smd_node_put_leaf(old, "tag", "10");
	smd_node_put_leaf(new, "tag", "20");
	smd_node_put_leaf(new, "mtu", "9000");
	smd_node_put_numbers(old, "trunks", 1, 10);
	smd_node_put_numbers(new, "trunks", 5, 20);
	smd_node_put_member(old, "shutdown", NULL);
	smd_node_put_leaf(old, "same", "x");
	smd_node_put_leaf(new, "same", "x");
	smd_node_put_leaf(old, "kind", "x");
	smd_node_put_member(new, "kind", NULL);
	smd_node_make(smd_node_make(smd_tree_root(from), "gone", NULL), "below", NULL);
	smd_node_make(smd_node_make(smd_tree_root(to), "come", NULL), "below", NULL);
	assert_diff(from, to,
		    "=/port[eth1]/tag ~/port[eth1]/trunks+11-20-1-4 -/port[eth1]/shutdown "
		    "-/port[eth1]/kind +/port[eth1]/mtu +/port[eth1]/kind -/gone +/come");
	assert_diff(from, from, "");
	smd_tree_free(from);
	smd_tree_free(to);
}

static void put_rule(struct smd_node *parent, const char *name, char letter, const char *value)
{
	const char text[] = {letter, '\0'};
	const char *key = text;
	struct smd_node_spec spec = {
		.kind = SMD_ENTRY, .name = name, .keys = &key, .key_count = 1, .ordered = 1};
	struct smd_node *node;

	CU_ASSERT_EQUAL_FATAL(smd_node_add(parent, &spec, &node), 0);
	if (value)
		CU_ASSERT_EQUAL(smd_node_put_leaf(node, "v", value), 0);
}

/*
 * A tree with one ordered entry for each letter; capital letters have another name than small
 * ones.
 */
static struct smd_tree *letters(const char *word)
{
	struct smd_tree *tree = new_tree();

	for (; *word; word++)
		put_rule(smd_tree_root(tree), *word < 'a' ? "B" : "a", *word, NULL);
	return tree;
}

static void assert_moves(const char *old, const char *new, const char *expected)
{
	struct smd_tree *from = letters(old), *to = letters(new);

	assert_diff(from, to, expected);
	smd_tree_free(from);
	smd_tree_free(to);
}

static void moves_are_fewest(void)
{
	assert_moves("abcd", "bcda", ">/a[a]@/a[d]");
	assert_moves("abcd", "dabc", ">/a[d]");
	assert_moves("abcd", "abcd", "");
	assert_moves("abcd", "axd", "-/a[b] -/a[c] +/a[x]@/a[a]");
	assert_moves("abcd", "xdbcy", "-/a[a] +/a[x] >/a[d]@/a[x] +/a[y]@/a[c]");
	/* Order matters only among entries with the same name. */
	assert_moves("aAbBC", "BabCA", ">/B[A]@/B[C]");
	assert_moves("aAbB", "ABab", "");
}

static void content_follows_a_move(void)
{
	struct smd_tree *from = new_tree(), *to = new_tree();

	put_rule(smd_tree_root(from), "a", '1', "x");
	put_rule(smd_tree_root(from), "a", '2', "x");
	put_rule(smd_tree_root(from), "a", '3', "x");
	put_rule(smd_tree_root(to), "a", '3', "y");
	put_rule(smd_tree_root(to), "a", '1', "x");
	put_rule(smd_tree_root(to), "a", '2', "z");
	assert_diff(from, to, "=/a[2]/v >/a[3] =/a[3]/v");
	smd_tree_free(from);
	smd_tree_free(to);
}

#define LETTERS 6

/* The minimum number of moves, found by trying every subset of entries that could stay. */
static unsigned fewest_moves(const char *word)
{
	unsigned best = 0;

	for (unsigned subset = 0; subset < 1u << LETTERS; subset++) {
		unsigned size = 0;
		char last = '\0';
		int rising = 1;

		for (unsigned i = 0; i < LETTERS; i++)
			if (subset >> i & 1) {
				rising = rising && word[i] > last;
				last = word[i];
				size++;
			}
		if (rising && size > best)
			best = size;
	}
	return LETTERS - best;
}

static void assert_becomes(struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_changes *changes = diff(from, to), *none;

	CU_ASSERT_EQUAL(smd_changes_apply(changes, from), 0);
	CU_ASSERT_TRUE(smd_node_equal(smd_tree_top(from), smd_tree_top(to)));
	none = diff(from, to);
	CU_ASSERT_EQUAL(smd_changes_count(none), 0);
	smd_changes_free(none);
	smd_changes_free(changes);
}

static void check_permutation(const char *word)
{
	struct smd_tree *from = letters("abcdef"), *to = letters(word);
	struct smd_changes *changes = diff(from, to);

	CU_ASSERT_EQUAL(smd_changes_count(changes), fewest_moves(word));
	smd_changes_free(changes);
	assert_becomes(from, to);
	smd_tree_free(from);
	smd_tree_free(to);
}

static void permute(char *word, unsigned fixed)
{
	if (fixed == LETTERS)
		check_permutation(word);
	for (unsigned i = fixed; i < LETTERS; i++) {
		char keep = word[fixed];

		word[fixed] = word[i];
		word[i] = keep;
		permute(word, fixed + 1);
		word[i] = word[fixed];
		word[fixed] = keep;
	}
}

static void every_permutation_moves_least(void)
{
	char word[] = "abcdef";

	permute(word, 0);
}

static void applying_the_diff_gives_the_other(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(800); round < rounds; round++) {
		struct smd_tree *a = gen_tree(&gen, &shapes[round % 4]), *copy;
		struct smd_tree *b = round % 8 < 4 ? gen_variant(&gen, a, gen_below(&gen, 30))
						   : gen_tree(&gen, &shapes[round % 4]);
		struct smd_changes *changes = diff(a, b), *none = diff(a, a);

		CU_ASSERT_EQUAL(smd_changes_count(none), 0);
		CU_ASSERT_EQUAL(!smd_changes_count(changes),
				smd_node_equal(smd_tree_top(a), smd_tree_top(b)));
		CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&copy, a), 0);
		CU_ASSERT_EQUAL(smd_changes_apply(changes, copy), 0);
		CU_ASSERT_TRUE(smd_node_equal(smd_tree_top(copy), smd_tree_top(b)));
		assert_becomes(copy, a);
		smd_changes_free(none);
		smd_changes_free(changes);
		/* The same tree, without the nodes that were removed meanwhile */
		assert_becomes(a, b);
		smd_tree_free(a);
		smd_tree_free(b);
		smd_tree_free(copy);
	}
}

static int is_within(const struct smd_node *node, const struct smd_node *above)
{
	while (node && node != above)
		node = smd_node_parent(node);
	return node != NULL;
}

/* Assert what change.h documents about every change. */
static void assert_well_formed(const struct smd_changes *changes, const struct smd_tree *from,
			       const struct smd_tree *to)
{
	const struct smd_change *change;

	for (size_t i = 0; (change = smd_changes_get(changes, i)); i++) {
		CU_ASSERT_EQUAL(!change->from, change->op == SMD_CHANGE_ADD);
		CU_ASSERT_EQUAL(!change->to, change->op == SMD_CHANGE_REMOVE);
		CU_ASSERT_TRUE(is_within(change->parent, smd_tree_top(from)));
		CU_ASSERT_TRUE(!change->from || smd_node_parent(change->from) == change->parent);
		CU_ASSERT_TRUE(!change->to || is_within(change->to, smd_tree_top(to)));
		CU_ASSERT_TRUE(!change->after ||
			       (smd_node_ordered(change->to) &&
				smd_node_parent(change->after) == smd_node_parent(change->to)));
		if (change->op == SMD_CHANGE_NUMBERS)
			CU_ASSERT_TRUE(change->added.count || change->removed.count);
	}
	CU_ASSERT_PTR_NULL(smd_changes_get(changes, smd_changes_count(changes)));
}

static void changes_are_well_formed(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(200); round < rounds; round++) {
		struct smd_tree *a = gen_tree(&gen, &shapes[round % 4]);
		struct smd_tree *b = gen_variant(&gen, a, 20);
		struct smd_changes *changes = diff(a, b);

		assert_well_formed(changes, a, b);
		smd_changes_free(changes);
		smd_tree_free(a);
		smd_tree_free(b);
	}
}

static void a_stale_diff_is_refused(void)
{
	struct smd_tree *from = letters("abc"), *to = letters("cb"), *other = letters("b");
	struct smd_changes *changes = diff(from, to);

	CU_ASSERT_EQUAL(smd_changes_apply(changes, other), SMD_E_CONFLICT);
	smd_changes_free(changes);
	smd_changes_free(NULL);
	smd_tree_free(from);
	smd_tree_free(to);
	smd_tree_free(other);
}

TEST_MAIN("diff", TEST(says_what_changes), TEST(moves_are_fewest), TEST(content_follows_a_move),
	  TEST(every_permutation_moves_least), TEST(applying_the_diff_gives_the_other),
	  TEST(changes_are_well_formed), TEST(a_stale_diff_is_refused));
