/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/position.h"

#include "core/plan/atom.h"
#include "core/plan/slice.h"
#include "core/tree/set_ops.h"

struct search {
	const struct smd_tree *now;
	const struct smd_slice_ends *ends;
	int by_lines;
	char *path;
	size_t size;
};

/* Do two trees agree in the node: neither has it, or both have it with the same value? */
static int same_in(const struct smd_tree *a, const struct smd_tree *b, const struct smd_atom *atom)
{
	struct smd_atom there = {smd_atom_node(b, atom->node), NULL};

	return there.node ? smd_atom_same(a, &there) : !smd_atom_node(a, atom->node);
}

/* A section or entry that the device has may be there for others. */
static int has_place(const struct search *search, const struct smd_atom *atom)
{
	const struct smd_slice_ends *ends = search->ends;
	enum smd_kind kind = smd_node_kind(atom->node);
	const struct smd_node *here = smd_atom_node(search->now, atom->node);

	if ((kind == SMD_SECTION || kind == SMD_ENTRY) && here)
		return 1;
	return same_in(search->now, ends->old_tree, atom) ||
	       same_in(search->now, ends->new_tree, atom) || (search->by_lines && !here);
}

/* In which of the trees a run of numbers is. */
enum { IN_NOW = 1, IN_OLD = 2, IN_NEW = 4 };

static struct smd_set_walk walk_numbers(const struct smd_tree *now,
					const struct smd_slice_ends *ends,
					const struct smd_atom *atom)
{
	return (struct smd_set_walk){.set = atom->numbers,
				     .others = {smd_atom_set(now, atom->node),
						smd_atom_set(ends->old_tree, atom->node),
						smd_atom_set(ends->new_tree, atom->node)}};
}

/* The first number that is neither as in the old state nor as in the new one; -1: none. */
static int64_t third_number(const struct search *search, const struct smd_atom *atom)
{
	struct smd_set_walk walk = walk_numbers(search->now, search->ends, atom);

	while (smd_set_walk_next(&walk))
		if (walk.in == IN_NOW || (walk.in == (IN_OLD | IN_NEW) && !search->by_lines))
			return walk.run.first;
	return -1;
}

static int find_third(void *arg, const struct smd_atom *atom)
{
	struct search *search = arg;
	int64_t number = atom->numbers ? third_number(search, atom) : -1;

	if (atom->numbers ? number < 0 : has_place(search, atom))
		return 0;
	smd_atom_write_path(atom->node, number, search->path, search->size);
	return 1;
}

int smd_slice_place(const struct smd_tree *now, const struct smd_slice_ends *ends, int by_lines,
		    enum smd_slice_position *position, char *path, size_t size)
{
	struct search search = {now, ends, by_lines, path, size};
	int at_new = smd_slice_is_at(now, ends->new_tree, ends->had, ends->wanted), at_old;

	*position = SMD_SLICE_NEW;
	if (at_new)
		return at_new < 0 ? at_new : 0;
	at_old = smd_slice_is_at(now, ends->old_tree, ends->had, ends->wanted);
	*position = SMD_SLICE_OLD;
	if (at_old)
		return at_old < 0 ? at_old : 0;
	*position = SMD_SLICE_BETWEEN;
	if (smd_atoms_each(ends->had, SMD_ATOMS_PARENTS_FIRST, find_third, &search) ||
	    smd_atoms_each(ends->wanted, SMD_ATOMS_PARENTS_FIRST, find_third, &search))
		*position = SMD_SLICE_THIRD;
	return 0;
}

struct witness {
	const struct smd_tree *now;
	const struct smd_slice_ends *ends;
};

static int has_new_number(const struct witness *witness, const struct smd_atom *atom)
{
	struct smd_set_walk walk = walk_numbers(witness->now, witness->ends, atom);

	while (smd_set_walk_next(&walk))
		if (walk.in == (IN_NOW | IN_NEW) || walk.in == IN_OLD)
			return 1;
	return 0;
}

static int is_new_alone(void *arg, const struct smd_atom *atom)
{
	const struct witness *witness = arg;
	enum smd_kind kind = smd_node_kind(atom->node);

	if (atom->numbers)
		return has_new_number(witness, atom);
	if (kind == SMD_SECTION || kind == SMD_ENTRY)
		return 0;
	return same_in(witness->now, witness->ends->new_tree, atom) &&
	       !same_in(witness->now, witness->ends->old_tree, atom);
}

int smd_slice_has_new(const struct smd_tree *now, const struct smd_slice_ends *ends)
{
	struct witness witness = {now, ends};

	return smd_atoms_each(ends->had, SMD_ATOMS_PARENTS_FIRST, is_new_alone, &witness) ||
	       smd_atoms_each(ends->wanted, SMD_ATOMS_PARENTS_FIRST, is_new_alone, &witness);
}
