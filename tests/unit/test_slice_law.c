/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Law 5 on random trees: nodes that are not owned never change, and foreign values are restored
 * when the last owner goes.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/plan/atom.h"
#include "core/plan/slice.h"
#include "gen.h"
#include "grow.h"
#include "test.h"

#define ROUNDS 300

static const struct gen_shape shape = {.nodes = 60, .width = 6, .depth = 4};

/* A hash of the path, so that two owners of the same node want the same value. */
static uint32_t hash_of(const struct smd_node *node)
{
	struct smd_atom atom = {node, -1};
	char *path = smd_atom_path(&atom);
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (const char *p = path; p && *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	free(path);
	return hash;
}

static void add_own(struct gen *gen, struct smd_node *parent)
{
	char key[16];
	const char *keys[] = {key};
	struct smd_node_spec rule = {
		.kind = SMD_MEMBER, .name = "own-rule", .keys = keys, .key_count = 1, .ordered = 1};

	if (gen_chance(gen, 20))
		smd_node_put_leaf(parent, "own-leaf", "v");
	if (gen_chance(gen, 20))
		smd_node_put_numbers(parent, "own-set", gen_below(gen, 5), 5);
	if (gen_chance(gen, 20))
		smd_node_make(parent, "own-entry", "x");
	/* All owners add them in the same order; another order would be a conflict. */
	for (unsigned i = 0; i < 4; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		if (gen_chance(gen, 20))
			smd_node_add(parent, &rule, NULL);
	}
}

/*
 * Change a copy of the running tree into something that an owner may want: remove nodes, change
 * values, add nodes.
 */
static void carve(struct gen *gen, struct smd_tree *tree, struct smd_node *parent)
{
	const struct smd_node *next;

	for (const struct smd_node *c = smd_node_first(parent); c; c = next) {
		struct smd_node *node = smd_node_edit(tree, c);
		enum smd_kind kind = smd_node_kind(c);
		int sectionlike = kind == SMD_SECTION || kind == SMD_ENTRY;

		next = smd_node_next(c);
		if (gen_chance(gen, sectionlike ? 30 : 60)) {
			smd_node_remove(node);
			continue;
		}
		if (sectionlike)
			carve(gen, tree, node);
		else if ((kind == SMD_LEAF || kind == SMD_BLOCK) && hash_of(c) % 2)
			smd_node_set_value(node, "wanted", 6);
		else if (kind == SMD_SET)
			smd_set_add(smd_node_numbers(node), gen_below(gen, 300), 300);
	}
	add_own(gen, parent);
}

static struct smd_tree *wish(struct gen *gen, const struct smd_tree *running)
{
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&tree, running), 0);
	carve(gen, tree, smd_tree_root(tree));
	return tree;
}

struct pair {
	const struct smd_tree *wanted, *other;
	size_t wrong;
};

static int as_in_other(void *arg, const struct smd_atom *atom)
{
	struct pair *pair = arg;

	if (!smd_atom_find(pair->wanted, atom))
		pair->wrong += !smd_atom_same(pair->other, atom);
	return 0;
}

/* Are all atoms of `from` that are not wanted also in `to`, unchanged? */
static int unwanted_are_the_same(const struct smd_tree *from, const struct smd_tree *to,
				 const struct smd_tree *wanted)
{
	struct pair pair = {wanted, to, 0};

	smd_atoms_each(from, SMD_ATOMS_PARENTS_FIRST, as_in_other, &pair);
	return !pair.wrong;
}

/* What the device runs after `owner` has changed from `had` to `wanted`. */
static struct smd_tree *step(const struct smd_tree *running, const struct smd_tree *had,
			     const struct smd_tree *wanted, const char *owner,
			     struct smd_ledger *ledger)
{
	struct smd_tree *out = NULL;
	struct smd_error error = {0};
	struct smd_slice_change change = {.owner = owner, .had = had, .wanted = wanted};
	int err = smd_slice_overlay(running, &change, ledger, &out, &error);

	if (err)
		printf("%s: %s at %s\n", owner, error.message, error.where);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	return out;
}

static void for_each_round(void (*play)(struct gen *gen, const struct smd_tree *running))
{
	unsigned failed = CU_get_number_of_failure_records();
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		struct smd_tree *running = gen_tree(&gen, &shape);

		play(&gen, running);
		smd_tree_free(running);
		if (CU_get_number_of_failure_records() > failed) /* the first failure is enough */
			return;
	}
}

static void one_owner(struct gen *gen, const struct smd_tree *running)
{
	struct smd_ledger ledger = {0};
	struct smd_tree *wanted = wish(gen, running);
	struct smd_tree *target = step(running, NULL, wanted, "a", &ledger), *again, *back;
	char path[256];

	CU_ASSERT(!smd_slice_missing(target, wanted, path, sizeof(path)));
	CU_ASSERT(unwanted_are_the_same(running, target, wanted));
	CU_ASSERT(unwanted_are_the_same(target, running, wanted));
	again = step(target, wanted, wanted, "a", &ledger); /* law 4 */
	CU_ASSERT(is_same(again, target));
	back = step(again, wanted, NULL, "a", &ledger);
	CU_ASSERT(is_same(back, running));
	CU_ASSERT_EQUAL(ledger.count, 0);
	smd_tree_free(back);
	smd_tree_free(again);
	smd_tree_free(target);
	smd_tree_free(wanted);
	smd_ledger_done(&ledger);
}

static void an_owner_comes_and_goes(void)
{
	for_each_round(one_owner);
}

static void changing_owner(struct gen *gen, const struct smd_tree *running)
{
	struct smd_ledger ledger = {0};
	struct smd_tree *first = wish(gen, running), *second = wish(gen, running);
	struct smd_tree *once = step(running, NULL, first, "a", &ledger);
	struct smd_tree *twice = step(once, first, second, "a", &ledger);
	struct smd_tree *back = step(twice, second, NULL, "a", &ledger);
	char path[256];

	CU_ASSERT(!smd_slice_missing(twice, second, path, sizeof(path)));
	CU_ASSERT(unwanted_are_the_same(running, twice, second));
	CU_ASSERT(unwanted_are_the_same(twice, running, second));
	CU_ASSERT(is_same(back, running));
	CU_ASSERT_EQUAL(ledger.count, 0);
	smd_tree_free(back);
	smd_tree_free(twice);
	smd_tree_free(once);
	smd_tree_free(first);
	smd_tree_free(second);
	smd_ledger_done(&ledger);
}

static void an_owner_changes_its_mind(void)
{
	for_each_round(changing_owner);
}

static void two_owners(struct gen *gen, const struct smd_tree *running)
{
	struct smd_ledger ledger = {0}, copy = {0};
	struct smd_tree *a = wish(gen, running), *b = wish(gen, running);
	struct smd_tree *one = step(running, NULL, a, "a", &ledger);
	struct smd_tree *both = step(one, NULL, b, "b", &ledger);
	struct smd_tree *without_a, *without_b, *back;
	char path[256];

	CU_ASSERT(!smd_slice_missing(both, a, path, sizeof(path)));
	CU_ASSERT(!smd_slice_missing(both, b, path, sizeof(path)));
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&copy, &ledger), 0);
	without_b = step(both, b, NULL, "b", &ledger);
	CU_ASSERT(is_same(without_b, one));
	back = step(without_b, a, NULL, "a", &ledger);
	CU_ASSERT(is_same(back, running));
	CU_ASSERT_EQUAL(ledger.count, 0);
	smd_tree_free(back);

	without_a = step(both, a, NULL, "a", &copy);
	CU_ASSERT(!smd_slice_missing(without_a, b, path, sizeof(path)));
	CU_ASSERT(unwanted_are_the_same(without_a, running, b));
	back = step(without_a, b, NULL, "b", &copy);
	CU_ASSERT(is_same(back, running));
	CU_ASSERT_EQUAL(copy.count, 0);
	smd_tree_free(back);
	smd_tree_free(without_a);
	smd_tree_free(without_b);
	smd_tree_free(both);
	smd_tree_free(one);
	smd_tree_free(a);
	smd_tree_free(b);
	smd_ledger_done(&ledger);
	smd_ledger_done(&copy);
}

static void two_owners_leave_in_any_order(void)
{
	for_each_round(two_owners);
}

static int same_there(const struct smd_tree *a, const struct smd_tree *b,
		      const struct smd_tree *wanted)
{
	char path[256];

	return !smd_slice_compare(a, b, NULL, wanted, path, sizeof(path));
}

static void restored(struct gen *gen, const struct smd_tree *running)
{
	struct smd_tree *wanted = wish(gen, running), *target = NULL, *back = NULL, *forth = NULL;

	target = step(running, NULL, wanted, "a", NULL);
	CU_ASSERT_EQUAL_FATAL(smd_slice_restore(target, running, NULL, wanted, &back), 0);
	CU_ASSERT(is_same(back, running));
	CU_ASSERT_EQUAL_FATAL(smd_slice_restore(back, target, NULL, wanted, &forth), 0);
	CU_ASSERT(is_same(forth, target));
	CU_ASSERT(same_there(back, running, wanted));
	CU_ASSERT_EQUAL(same_there(target, running, wanted),
			smd_node_equal(smd_tree_top(target), smd_tree_top(running)));
	smd_tree_free(back);
	smd_tree_free(forth);
	/* Somebody else adds a node */
	smd_node_make(smd_tree_root(target), "stranger", "x");
	CU_ASSERT_EQUAL_FATAL(smd_slice_restore(target, running, NULL, wanted, &back), 0);
	CU_ASSERT_PTR_NOT_NULL(smd_node_find(smd_tree_top(back), "stranger", "x"));
	CU_ASSERT(same_there(back, running, wanted));
	smd_tree_free(back);
	smd_tree_free(target);
	smd_tree_free(wanted);
}

static void what_was_is_restored(void)
{
	for_each_round(restored);
}

static void split(struct gen *gen, const struct smd_tree *running)
{
	struct smd_tree *had = wish(gen, running), *wanted = wish(gen, running), *common = NULL;
	char path[256];

	CU_ASSERT_EQUAL_FATAL(smd_slice_common(had, wanted, &common), 0);
	CU_ASSERT(!smd_slice_missing(had, common, path, sizeof(path)));
	CU_ASSERT(!smd_slice_missing(wanted, common, path, sizeof(path)));
	smd_tree_free(common);
	CU_ASSERT_EQUAL_FATAL(smd_slice_common(had, had, &common), 0);
	CU_ASSERT(!smd_slice_missing(common, had, path, sizeof(path)));
	smd_tree_free(common);
	smd_tree_free(had);
	smd_tree_free(wanted);
}

static void what_is_common_is_in_both(void)
{
	for_each_round(split);
}

TEST_MAIN("law 5", TEST(an_owner_comes_and_goes), TEST(an_owner_changes_its_mind),
	  TEST(two_owners_leave_in_any_order), TEST(what_was_is_restored),
	  TEST(what_is_common_is_in_both));
