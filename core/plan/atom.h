/* SPDX-License-Identifier: Apache-2.0 */
/* Atoms: the smallest things of a tree that can be owned. */
#ifndef SMD_PLAN_ATOM_H
#define SMD_PLAN_ATOM_H

#include <smartdeploy/tree.h>

/*
 * A node, or one number of a set node. A set is an atom of its own beside its
 * numbers, for an empty one can mean another thing than none.
 */
struct smd_atom {
	const struct smd_node *node;
	int64_t number; /* -1: the node itself */
};

/* Non-zero stops and is returned. */
typedef int (*smd_atom_fn)(void *arg, const struct smd_atom *atom);

enum smd_atom_order { SMD_ATOMS_PARENTS_FIRST = 0, SMD_ATOMS_CHILDREN_FIRST = 1 };

/* Every atom of a tree but the root; none for NULL. */
int smd_atoms_each(const struct smd_tree *tree, enum smd_atom_order order, smd_atom_fn each,
		   void *arg);

/* The node of another tree that has the same path, number or not; NULL: none. */
const struct smd_node *smd_atom_node(const struct smd_tree *tree, const struct smd_node *like);
/* The same atom of another tree: its node, NULL where the atom is not there. */
const struct smd_node *smd_atom_find(const struct smd_tree *tree, const struct smd_atom *atom);
/* Is the atom there with the same value? */
int smd_atom_same(const struct smd_tree *tree, const struct smd_atom *atom);

/* Put the atom into a tree that has its parent: add it, or give it this value. */
int smd_atom_put(struct smd_tree *tree, const struct smd_atom *atom);
/* Take it out, if it is there; a container only without children, a set only without numbers. */
void smd_atom_drop(struct smd_tree *tree, const struct smd_atom *atom);

/* Its canonical path; the caller's (free()). NULL: no memory. */
char *smd_atom_path(const struct smd_atom *atom);
/*
 * The same, but for a number `SET/[NUMBER]`, which is the path of no node: a
 * member of the set's name may stand beside it with the number as its key.
 */
char *smd_atom_key(const struct smd_atom *atom);

#endif
