/* SPDX-License-Identifier: Apache-2.0 */
/* Where a device stands between the old and the new state of a change. */
#include "core/plan/position.h"

#include <stdio.h>

#include "core/plan/atom.h"
#include "core/plan/slice.h"
#include "grow.h"
#include "test.h"
#include "wish.h"

/*
 * A change in words (grow.h): its ends, and the atoms that it is about. An end is what the device
 * ran then, others' parts included.
 */
struct change {
	const char *old, *new, *had, *wanted;
};

static const char *name_of(enum smd_slice_position position)
{
	static const char *const names[] = {"old", "new", "between", "third"};

	return names[position];
}

/* The position of `now`, with the path of a third value: "third /a". */
static const char *place(const struct change *change, const char *now, int by_lines)
{
	static char text[SMD_ERROR_WHERE + 16];
	struct smd_tree *trees[] = {grow(change->old), grow(change->new),
				    grow(change->had ? change->had : ""),
				    grow(change->wanted ? change->wanted : ""), grow(now)};
	struct smd_slice_ends ends = {trees[0], trees[1], trees[2], trees[3]};
	enum smd_slice_position position;
	char path[SMD_ERROR_WHERE] = "";

	CU_ASSERT_EQUAL_FATAL(
		smd_slice_place(trees[4], &ends, by_lines, &position, path, sizeof(path)), 0);
	snprintf(text, sizeof(text), "%s%s%s", name_of(position), *path ? " " : "", path);
	for (size_t i = 0; i < SMD_COUNT(trees); i++)
		smd_tree_free(trees[i]);
	return text;
}

#define IS(change, now, by_lines, expected)                                                        \
	CU_ASSERT_STRING_EQUAL(place(change, now, by_lines), expected)

static void leaves(void)
{
	static const struct change change = {
		.old = "a=1 b=1 x=7", .new = "a=2 b=2 x=7", .had = "a=1 b=1", .wanted = "a=2 b=2"};

	IS(&change, "a=1 b=1 x=7", 0, "old");
	IS(&change, "a=2 b=2 x=7", 0, "new");
	IS(&change, "a=2 b=1 x=7", 0, "between");
	IS(&change, "a=3 b=2 x=7", 0, "third /a");
	IS(&change, "a=1 b=3 x=7", 0, "third /b");
}

static void what_others_do_does_not_count(void)
{
	static const struct change change = {
		.old = "a=1 x=7", .new = "a=2 x=7", .had = "a=1", .wanted = "a=2"};

	IS(&change, "a=1 x=8", 0, "old");
	IS(&change, "a=2", 0, "new");
	IS(&change, "a=2 y=1 z/q=1", 0, "new");
	IS(&change, "a=3 x=8", 0, "third /a");
}

/* A line that takes another's place is gone for a moment, where each line acts at once. */
static void a_missing_value(void)
{
	static const struct change change = {
		.old = "a=1 b=1", .new = "a=2 b=1", .had = "a=1 b=1", .wanted = "a=2 b=1"};

	IS(&change, "b=1", 1, "between");
	IS(&change, "b=1", 0, "third /a");
	IS(&change, "a=2", 1, "between");
	IS(&change, "a=2", 0, "third /b");
	IS(&change, "a=3", 1, "third /a");
}

static void come_and_go(void)
{
	static const struct change comes = {.old = "x=7", .new = "x=7 a=1", .wanted = "a=1"};
	static const struct change goes = {.old = "x=7 a=1", .new = "x=7", .had = "a=1"};

	IS(&comes, "x=7", 0, "old");
	IS(&comes, "x=7 a=1", 0, "new");
	IS(&comes, "x=7 a=2", 0, "third /a");
	IS(&goes, "x=7 a=1", 0, "old");
	IS(&goes, "x=7", 0, "new");
	IS(&goes, "x=7 a=2", 0, "third /a");
}

static void nothing_changes(void)
{
	static const struct change change = {
		.old = "a=1", .new = "a=1", .had = "a=1", .wanted = "a=1"};
	static const struct change none = {.old = "a=1", .new = "a=1"};

	IS(&change, "a=1", 0, "new");
	IS(&change, "a=2", 0, "third /a");
	IS(&none, "b=1", 0, "new");
}

static void numbers(void)
{
	static const struct change change = {.old = "if[e0]/vlans#5,10-11",
					     .new = "if[e0]/vlans#5,11-12",
					     .had = "if[e0]/vlans#10-11",
					     .wanted = "if[e0]/vlans#11-12"};

	IS(&change, "if[e0]/vlans#5,10-11", 0, "old");
	IS(&change, "if[e0]/vlans#5,11-12", 0, "new");
	IS(&change, "if[e0]/vlans#11-12,77", 0, "new"); /* 5 and 77 are not ours */
	IS(&change, "if[e0]/vlans#5,10-12", 0, "between");
	IS(&change, "if[e0]/vlans#5,11", 0, "between");
	IS(&change, "if[e0]/vlans#5,10,12", 0, "third /if[e0]/vlans[11]");
	IS(&change, "if[e0]/vlans#5,10,12", 1, "between");
}

/* A number that both ends have, and somebody took away together with the whole set. */
static void a_set_that_is_gone(void)
{
	static const struct change change = {.old = "if[e0]/vlans#10",
					     .new = "if[e0]/vlans#10-11",
					     .had = "if[e0]/vlans#10",
					     .wanted = "if[e0]/vlans#10-11"};

	IS(&change, "if[e0]", 0, "third /if[e0]/vlans");
	IS(&change, "if[e0]", 1, "between");
}

static void members(void)
{
	static const struct change change = {.old = "acl[x]/+permit[a] acl[x]/+permit[b]",
					     .new = "acl[x]/+permit[b] acl[x]/+permit[c]",
					     .had = "acl[x]/+permit[a]",
					     .wanted = "acl[x]/+permit[c]"};

	IS(&change, "acl[x]/+permit[b] acl[x]/+permit[a]", 0, "old");
	IS(&change, "acl[x]/+permit[c]", 0, "new");
	IS(&change, "acl[x]/+permit[a] acl[x]/+permit[c]", 0, "between");
	IS(&change, "acl[x]/+permit[b]", 0, "between");
}

static void ordered_members(void)
{
	static const struct change change = {.old = "acl[x]/!rule[a] acl[x]/!rule[b]",
					     .new = "acl[x]/!rule[b] acl[x]/!rule[a]",
					     .had = "acl[x]/!rule[a] acl[x]/!rule[b]",
					     .wanted = "acl[x]/!rule[b] acl[x]/!rule[a]"};

	IS(&change, "acl[x]/!rule[a] acl[x]/!rule[b]", 0, "old");
	IS(&change, "acl[x]/!rule[b] acl[x]/!rule[a]", 0, "new");
	IS(&change, "acl[x]/!rule[b]", 1, "between");
	IS(&change, "acl[x]/!rule[b]", 0, "third /acl[x]/rule[a]");
	IS(&change, "acl[x]/!rule[z] acl[x]/!rule[b] acl[x]/!rule[a]", 0, "new");
}

/* A section that we made stays while somebody else has something in it. */
static void sections_that_others_keep(void)
{
	static const struct change goes = {
		.old = "vlan[10]/name=x b=1", .new = "b=1", .had = "vlan[10]/name=x"};
	static const struct change comes = {
		.old = "b=1", .new = "vlan[10]/name=x b=1", .wanted = "vlan[10]/name=x"};
	/* What we had there was gone before the change began */
	static const struct change gone = {.old = "b=1 c=1",
					   .new = "b=2 c=2",
					   .had = "vlan[10]/name=x log/name=x b=1 c=1",
					   .wanted = "b=2 c=2"};

	IS(&goes, "vlan[10]/theirs=1 b=1", 0, "new");
	IS(&goes, "vlan[10] b=1", 0, "between"); /* nobody keeps it */
	IS(&comes, "vlan[10]/theirs=1 b=1", 0, "old");
	IS(&comes, "vlan[10]/theirs=1 vlan[10]/name=x", 0, "new");
	IS(&comes, "vlan[10]/name=y", 0, "third /vlan[10]/name");
	IS(&gone, "vlan[10]/theirs=1 b=1 c=2", 0, "between");
	IS(&gone, "log/theirs=1 b=1 c=2", 0, "between");
	IS(&gone, "log/name=x b=1 c=2", 0, "third /log/name");
}

/* An entry has no value, but it can be missing. */
static void entries(void)
{
	static const struct change change = {.old = "vlan[10] vlan[20]",
					     .new = "vlan[10] vlan[30]",
					     .had = "vlan[10] vlan[20]",
					     .wanted = "vlan[10] vlan[30]"};

	IS(&change, "vlan[10] vlan[20] vlan[30]", 0, "between");
	IS(&change, "vlan[10]", 0, "between");
	IS(&change, "vlan[30]", 0, "third /vlan[10]");
	IS(&change, "vlan[30]", 1, "between");
}

/* A foreign value that we replaced comes back when we go. */
static void foreign_values(void)
{
	static const struct change goes = {
		.old = "if[e0]/mtu=9000", .new = "if[e0]/mtu=1500", .had = "if[e0]/mtu=9000"};

	IS(&goes, "if[e0]/mtu=9000", 0, "old");
	IS(&goes, "if[e0]/mtu=1500", 0, "new");
	IS(&goes, "if[e0]/mtu=1400", 0, "third /if[e0]/mtu");
	IS(&goes, "if[e0]", 1, "between");
}

/* Random trees */

#define ROUNDS 300

static const struct gen_shape shape = {.nodes = 60, .width = 6, .depth = 4};

struct scene {
	struct gen gen;
	struct smd_tree *base, *old, *new, *had, *wanted;
	struct smd_slice_ends ends;
};

static struct smd_tree *change_to(const struct smd_tree *running, const struct smd_tree *had,
				  const struct smd_tree *wanted)
{
	struct smd_slice_change change = {.owner = "a", .had = had, .wanted = wanted};
	struct smd_tree *out = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_slice_overlay(running, &change, NULL, &out, NULL), 0);
	return out;
}

static void set_scene(struct scene *scene)
{
	scene->base = gen_tree(&scene->gen, &shape);
	scene->had = wish(&scene->gen, scene->base);
	scene->wanted = wish(&scene->gen, scene->base);
	scene->old = change_to(scene->base, NULL, scene->had);
	scene->new = change_to(scene->old, scene->had, scene->wanted);
	scene->ends = (struct smd_slice_ends){scene->old, scene->new, scene->had, scene->wanted};
}

static void clear_scene(struct scene *scene)
{
	smd_tree_free(scene->base);
	smd_tree_free(scene->had);
	smd_tree_free(scene->wanted);
	smd_tree_free(scene->old);
	smd_tree_free(scene->new);
}

static enum smd_slice_position position_of(const struct scene *scene, const struct smd_tree *now,
					   int by_lines, char path[SMD_ERROR_WHERE])
{
	enum smd_slice_position position = SMD_SLICE_THIRD;

	path[0] = '\0';
	CU_ASSERT_EQUAL_FATAL(
		smd_slice_place(now, &scene->ends, by_lines, &position, path, SMD_ERROR_WHERE), 0);
	return position;
}

static void for_each_scene(void (*play)(struct scene *scene))
{
	unsigned failed = CU_get_number_of_failure_records();
	struct scene scene;

	gen_init(&scene.gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		set_scene(&scene);
		play(&scene);
		clear_scene(&scene);
		if (CU_get_number_of_failure_records() > failed) /* the first failure is enough */
			return;
	}
}

static int is_same_tree(const struct smd_tree *a, const struct smd_tree *b)
{
	return smd_node_equal(smd_tree_top(a), smd_tree_top(b));
}

static void both_ends(struct scene *scene)
{
	int equal = is_same_tree(scene->old, scene->new);
	char path[SMD_ERROR_WHERE];

	for (int by_lines = 0; by_lines < 2; by_lines++) {
		CU_ASSERT_EQUAL(position_of(scene, scene->new, by_lines, path), SMD_SLICE_NEW);
		CU_ASSERT_EQUAL(position_of(scene, scene->old, by_lines, path),
				equal ? SMD_SLICE_NEW : SMD_SLICE_OLD);
	}
	smd_node_make(smd_tree_root(scene->new), "stranger", "x");
	CU_ASSERT_EQUAL(position_of(scene, scene->new, 0, path), SMD_SLICE_NEW);
}

static void the_ends_are_old_and_new(void)
{
	for_each_scene(both_ends);
}

/* Some atoms are as in the new state, and the others as in the old one. */
static void a_part(struct scene *scene)
{
	struct smd_tree *part = wish(&scene->gen, scene->new), *chosen = NULL, *now = NULL;
	enum smd_slice_position position;
	char path[SMD_ERROR_WHERE];

	CU_ASSERT_EQUAL_FATAL(smd_slice_common(scene->wanted, part, &chosen), 0);
	CU_ASSERT_EQUAL_FATAL(smd_slice_restore(scene->old, scene->new, NULL, chosen, &now), 0);
	position = position_of(scene, now, 0, path);
	if (is_same_tree(now, scene->new))
		CU_ASSERT_EQUAL(position, SMD_SLICE_NEW)
	else if (is_same_tree(now, scene->old))
		CU_ASSERT_EQUAL(position, SMD_SLICE_OLD)
	else
		CU_ASSERT_EQUAL(position, SMD_SLICE_BETWEEN);
	smd_tree_free(now);
	smd_tree_free(chosen);
	smd_tree_free(part);
}

static void a_part_of_the_change_is_between(void)
{
	for_each_scene(a_part);
}

struct pick {
	struct gen *gen;
	const struct smd_tree *now;
	const struct smd_node *node;
	unsigned seen;
};

/* Choose a leaf or block that `now` has, each as likely. */
static int pick_value(void *arg, const struct smd_atom *atom)
{
	enum smd_kind kind = smd_node_kind(atom->node);
	struct pick *pick = arg;

	if ((kind == SMD_LEAF || kind == SMD_BLOCK) && smd_atom_node(pick->now, atom->node) &&
	    !gen_below(pick->gen, ++pick->seen))
		pick->node = smd_atom_node(pick->now, atom->node);
	return 0;
}

/* Choose any node that `now` has. */
static int pick_any(void *arg, const struct smd_atom *atom)
{
	struct pick *pick = arg;

	if (!atom->numbers && smd_atom_node(pick->now, atom->node) &&
	    !gen_below(pick->gen, ++pick->seen))
		pick->node = smd_atom_node(pick->now, atom->node);
	return 0;
}

/* One value of ours is neither the old nor the new one, on a device anywhere between the two. */
static void a_third(struct scene *scene)
{
	struct smd_tree *now = gen_chance(&scene->gen, 50) ? scene->old : scene->new;
	struct pick pick = {&scene->gen, now, NULL, 0};
	char path[SMD_ERROR_WHERE], *expected;
	int by_lines = gen_chance(&scene->gen, 50);
	struct smd_tree *changed = NULL;
	const struct smd_node *node;

	smd_atoms_each(scene->had, SMD_ATOMS_PARENTS_FIRST, pick_value, &pick);
	smd_atoms_each(scene->wanted, SMD_ATOMS_PARENTS_FIRST, pick_value, &pick);
	if (!pick.node)
		return;
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&changed, now), 0);
	node = smd_atom_node(changed, pick.node);
	smd_node_set_value(smd_node_edit(changed, node), "by nobody", 9);
	expected = smd_atom_path(node);
	CU_ASSERT_EQUAL(position_of(scene, changed, by_lines, path), SMD_SLICE_THIRD);
	CU_ASSERT_STRING_EQUAL(path, expected);
	free(expected);
	smd_tree_free(changed);
}

static void a_value_of_neither_is_third(void)
{
	for_each_scene(a_third);
}

/* Where lines act at once, a value that is gone is on its way. */
static void a_missing(struct scene *scene)
{
	struct pick pick = {&scene->gen, scene->old, NULL, 0};
	enum smd_slice_position position;
	char path[SMD_ERROR_WHERE];
	struct smd_tree *changed = NULL;

	smd_atoms_each(scene->wanted, SMD_ATOMS_PARENTS_FIRST, pick_any, &pick);
	if (!pick.node || !smd_atom_node(scene->new, pick.node))
		return;
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&changed, scene->old), 0);
	smd_node_remove(smd_node_edit(changed, smd_atom_node(changed, pick.node)));
	position = position_of(scene, changed, 1, path);
	CU_ASSERT_EQUAL(position, SMD_SLICE_BETWEEN);
	CU_ASSERT_EQUAL(position_of(scene, changed, 0, path), SMD_SLICE_THIRD);
	smd_tree_free(changed);
}

static void a_value_that_is_gone(void)
{
	for_each_scene(a_missing);
}

TEST_MAIN("position", TEST(leaves), TEST(what_others_do_does_not_count), TEST(a_missing_value),
	  TEST(come_and_go), TEST(nothing_changes), TEST(numbers), TEST(a_set_that_is_gone),
	  TEST(members), TEST(ordered_members), TEST(sections_that_others_keep), TEST(entries),
	  TEST(foreign_values), TEST(the_ends_are_old_and_new),
	  TEST(a_part_of_the_change_is_between), TEST(a_value_of_neither_is_third),
	  TEST(a_value_that_is_gone));
