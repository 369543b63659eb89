/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/atom.h"

#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/tree/node.h"
#include "core/tree/set_ops.h"

static int numbers(const struct smd_node *node, smd_atom_fn each, void *arg)
{
	struct smd_atom atom = {node, smd_node_set(node)};

	return atom.numbers && atom.numbers->count ? each(arg, &atom) : 0;
}

static int walk_atoms(const struct smd_node *node, enum smd_atom_order order, smd_atom_fn each,
		      void *arg)
{
	struct smd_atom atom = {node, NULL};
	int err = 0;

	if (order == SMD_ATOMS_PARENTS_FIRST)
		err = each(arg, &atom);
	if (!err)
		err = numbers(node, each, arg);
	for (const struct smd_node *c = smd_node_first(node); c && !err; c = smd_node_next(c))
		err = walk_atoms(c, order, each, arg);
	if (!err && order == SMD_ATOMS_CHILDREN_FIRST)
		err = each(arg, &atom);
	return err;
}

int smd_atoms_each(const struct smd_tree *tree, enum smd_atom_order order, smd_atom_fn each,
		   void *arg)
{
	int err = 0;

	if (!tree)
		return 0;
	for (const struct smd_node *c = smd_node_first(smd_tree_top(tree)); c && !err;
	     c = smd_node_next(c))
		err = walk_atoms(c, order, each, arg);
	return err;
}

const struct smd_node *smd_atom_node(const struct smd_tree *tree, const struct smd_node *like)
{
	const struct smd_node *parent = smd_node_parent(like);

	if (!parent)
		return smd_tree_top(tree);
	parent = smd_atom_node(tree, parent);
	return parent ? smd_node_match(parent, like) : NULL;
}

const struct smd_set *smd_atom_set(const struct smd_tree *tree, const struct smd_node *like)
{
	static const struct smd_set none;
	const struct smd_node *node = smd_atom_node(tree, like);

	return node && smd_node_kind(node) == SMD_SET ? smd_node_set(node) : &none;
}

static int has_numbers(const struct smd_set *set, const struct smd_set *numbers)
{
	struct smd_set_walk walk = {.set = numbers, .others = {set}};

	while (smd_set_walk_next(&walk))
		if (!walk.in)
			return 0;
	return 1;
}

int smd_atom_same(const struct smd_tree *tree, const struct smd_atom *atom)
{
	const struct smd_node *node = smd_atom_node(tree, atom->node);

	if (atom->numbers)
		return has_numbers(smd_atom_set(tree, atom->node), atom->numbers);
	if (!node)
		return 0;
	if (!smd_node_valued(atom->node))
		return 1;
	return smd_node_valued(node) && smd_node_same_text(node, atom->node);
}

static int add_node(struct smd_node *parent, const struct smd_node *like)
{
	const char *keys[16];
	struct smd_node_spec spec = {.kind = smd_node_kind(like),
				     .name = smd_node_name(like),
				     .keys = keys,
				     .key_count = smd_node_key_count(like),
				     .ordered = smd_node_ordered(like),
				     .flags = smd_node_flags(like)};
	int err;

	if (spec.key_count > SMD_COUNT(keys))
		return SMD_E_UNSUPPORTED;
	for (size_t i = 0; i < spec.key_count; i++)
		keys[i] = smd_node_key(like, i);
	spec.value = smd_node_value(like, &spec.value_size);
	err = smd_node_add(parent, &spec, NULL);
	return err == SMD_E_EXISTS ? 0 : err;
}

static int is_ordered_like(const struct smd_node *node, const struct smd_node *like)
{
	return smd_node_ordered(node) && !strcmp(smd_node_name(node), smd_node_name(like));
}

/* The sibling right before `node`, or NULL. */
static const struct smd_node *before(const struct smd_node *parent, const struct smd_node *node)
{
	const struct smd_node *last = NULL;

	for (const struct smd_node *c = smd_node_first(parent); c && c != node;
	     c = smd_node_next(c))
		last = c;
	return last;
}

static int stands_behind(const struct smd_node *node, const struct smd_node *other)
{
	while (other && other != node)
		other = smd_node_next(other);
	return other != NULL;
}

/*
 * Move an ordered node to its place among its siblings: behind the nearest one before `like`
 * that the tree has too, or else in front of the nearest one after it.
 */
static void place(struct smd_tree *tree, const struct smd_node *node, const struct smd_node *like)
{
	const struct smd_node *parent = smd_node_parent(node), *earlier = NULL, *later = NULL;
	int passed = 0;

	for (const struct smd_node *s = smd_node_first(smd_node_parent(like)); s && !later;
	     s = smd_node_next(s)) {
		const struct smd_node *here =
			is_ordered_like(s, like) ? smd_node_match(parent, s) : NULL;

		passed |= s == like;
		if (here && here != node)
			*(passed ? &later : &earlier) = here;
	}
	if (earlier && !stands_behind(node, earlier))
		smd_node_move(smd_node_edit(tree, node), smd_node_edit(tree, earlier));
	else if (!earlier && later && !stands_behind(later, node)) {
		const struct smd_node *last = before(parent, later);

		smd_node_move(smd_node_edit(tree, node), last ? smd_node_edit(tree, last) : NULL);
	}
}

/* Move a node that was just added at the end: it goes right behind its predecessor. */
static void place_new(struct smd_tree *tree, const struct smd_node *parent,
		      const struct smd_node *like)
{
	const struct smd_node *node = smd_node_match(parent, like), *earlier = NULL;

	for (const struct smd_node *s = smd_node_first(smd_node_parent(like)); s != like;
	     s = smd_node_next(s))
		if (is_ordered_like(s, like) && smd_node_match(parent, s))
			earlier = smd_node_match(parent, s);
	if (earlier)
		smd_node_move(smd_node_edit(tree, node), smd_node_edit(tree, earlier));
	else
		place(tree, node, like);
}

static int put_numbers(struct smd_node *above, const struct smd_atom *atom)
{
	const char *name = smd_node_name(atom->node);
	const struct smd_range *range = atom->numbers->ranges;
	struct smd_set *set;
	int err;

	if (!atom->numbers->count)
		return 0;
	err = smd_node_put_numbers(above, name, range->first, range->last); /* makes the node */
	if (err)
		return err;
	set = smd_node_numbers((struct smd_node *)smd_node_find(above, name, NULL));
	return smd_set_add_all(set, atom->numbers);
}

int smd_atom_put(struct smd_tree *tree, const struct smd_atom *atom)
{
	const struct smd_node *node = smd_atom_node(tree, atom->node);
	const struct smd_node *above = smd_atom_node(tree, smd_node_parent(atom->node));
	const char *value;
	size_t size;

	if (!above)
		return SMD_E_NOT_FOUND;
	if (atom->numbers)
		return put_numbers(smd_node_edit(tree, above), atom);
	if (!node) {
		int err = add_node(smd_node_edit(tree, above), atom->node);

		if (!err && smd_node_ordered(atom->node))
			place_new(tree, above, atom->node);
		return err;
	}
	if (smd_node_ordered(atom->node))
		place(tree, node, atom->node);
	value = smd_node_value(atom->node, &size);
	return value ? smd_node_set_value(smd_node_edit(tree, node), value, size) : 0;
}

int smd_atom_put_with_sections(struct smd_tree *tree, const struct smd_atom *atom)
{
	struct smd_atom section = {smd_node_parent(atom->node), NULL};
	int err = 0;

	if (smd_node_parent(section.node) && !smd_atom_node(tree, section.node))
		err = smd_atom_put_with_sections(tree, &section);
	return err ? err : smd_atom_put(tree, atom);
}

int smd_atom_drop(struct smd_tree *tree, const struct smd_atom *atom)
{
	const struct smd_node *node = smd_atom_node(tree, atom->node);
	int is_set = node && smd_node_kind(node) == SMD_SET;
	struct smd_node *edit;

	if (!node || smd_node_first(node))
		return 0;
	edit = smd_node_edit(tree, node);
	if (atom->numbers)
		return is_set ? smd_set_remove_all(smd_node_numbers(edit), atom->numbers) : 0;
	if (!is_set || !smd_node_set(node)->count)
		smd_node_remove(edit);
	return 0;
}

char *smd_atom_path(const struct smd_node *node)
{
	size_t size = smd_node_path(node, NULL, 0) + 1;
	char *path = malloc(size);

	if (path)
		smd_node_path(node, path, size);
	return path;
}

void smd_atom_write_path(const struct smd_node *node, int64_t number, char *out, size_t size)
{
	size_t used = smd_node_path(node, out, size);

	if (number >= 0 && used < size)
		snprintf(out + used, size - used, "[%u]", (unsigned)number);
}
