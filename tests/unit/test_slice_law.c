/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Law 5 on random trees: nodes that are not owned never change, and foreign values are restored
 * when the last owner goes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/plan/atom.h"
#include "core/plan/slice.h"
#include "gen.h"
#include "grow.h"
#include "test.h"
#include "wish.h"

#define ROUNDS 300

static const struct gen_shape shape = {.nodes = 60, .width = 6, .depth = 4};

struct pair {
	const struct smd_tree *wanted, *other;
	size_t wrong;
};

static int as_in_other(void *arg, const struct smd_atom *atom)
{
	struct pair *pair = arg;

	struct smd_set unwanted = {0};
	struct smd_atom rest = {atom->node, NULL};
	int judged = !smd_atom_node(pair->wanted, atom->node);

	if (atom->numbers) {
		if (smd_set_minus(&unwanted, atom->numbers, smd_atom_set(pair->wanted, atom->node)))
			abort();
		rest.numbers = &unwanted;
		judged = 1;
	}
	pair->wrong += judged && !smd_atom_same(pair->other, &rest);
	smd_set_done(&unwanted);
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

/* Restoring with a copy is the judge of what is told without one. */
static void is_at(const struct smd_tree *now, const struct smd_tree *before,
		  const struct smd_tree *had, const struct smd_tree *wanted)
{
	struct smd_tree *restored = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_slice_restore(now, before, had, wanted, &restored), 0);
	CU_ASSERT_EQUAL(smd_slice_is_at(now, before, had, wanted), is_same(restored, now));
	smd_tree_free(restored);
}

static void placed(struct gen *gen, const struct smd_tree *running)
{
	struct smd_tree *had = wish(gen, running), *wanted = wish(gen, running);
	struct smd_tree *first = step(running, NULL, had, "a", NULL);
	struct smd_tree *second = step(first, had, wanted, "a", NULL);
	const struct smd_tree *trees[] = {running, first, second};

	for (size_t i = 0; i < SMD_COUNT(trees); i++)
		for (size_t j = 0; j < SMD_COUNT(trees); j++) {
			is_at(trees[i], trees[j], had, wanted);
			is_at(trees[i], trees[j], NULL, wanted);
		}
	smd_tree_free(second);
	smd_tree_free(first);
	smd_tree_free(wanted);
	smd_tree_free(had);
}

static void what_is_in_place_needs_no_copy(void)
{
	for_each_round(placed);
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
	  TEST(what_is_in_place_needs_no_copy), TEST(what_is_common_is_in_both));
