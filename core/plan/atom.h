/* SPDX-License-Identifier: Apache-2.0 */
/* Atoms: the parts of a tree that a configuration can own. */
#ifndef SMD_PLAN_ATOM_H
#define SMD_PLAN_ATOM_H

#include <smartdeploy/tree.h>

/*
 * A node, or the numbers of a set node, of which each can be owned alone. They are dealt with
 * together, so that many cost no more than one. The set node itself is an atom too, besides its
 * numbers, because an empty set can mean something else than no set.
 */
struct smd_atom {
	const struct smd_node *node;
	const struct smd_set *numbers; /* NULL: the node itself */
};

/* Called for each atom; a value other than 0 stops the walk and is returned. */
typedef int (*smd_atom_fn)(void *arg, const struct smd_atom *atom);

enum smd_atom_order { SMD_ATOMS_PARENTS_FIRST = 0, SMD_ATOMS_CHILDREN_FIRST = 1 };

/*
 * Call `each` for every atom of the tree except the root: a set node comes before its numbers, or
 * after them where children come first. A NULL tree has none.
 */
int smd_atoms_each(const struct smd_tree *tree, enum smd_atom_order order, smd_atom_fn each,
		   void *arg);

/* The node of `tree` that has the same path; NULL: there is none. */
const struct smd_node *smd_atom_node(const struct smd_tree *tree, const struct smd_node *like);
/* The numbers of the set node of `tree` that has the same path; none: there is no such node. */
const struct smd_set *smd_atom_set(const struct smd_tree *tree, const struct smd_node *like);
/* Does `tree` have the atom, with the same value, or all of the numbers? */
int smd_atom_same(const struct smd_tree *tree, const struct smd_atom *atom);

/* Add the atom to the tree, or set its value. The tree must have its parent. */
int smd_atom_put(struct smd_tree *tree, const struct smd_atom *atom);
/* The same, with the sections around it where the tree lacks them. */
int smd_atom_put_with_sections(struct smd_tree *tree, const struct smd_atom *atom);
/*
 * Remove the atom if it exists. A container with children and a set with numbers are left alone.
 * SMD_E_NO_MEMORY.
 */
int smd_atom_drop(struct smd_tree *tree, const struct smd_atom *atom);

/* The node's canonical path; the caller's (free()). NULL: no memory. */
char *smd_atom_path(const struct smd_node *node);
/* Write the path of a node, or of a number of it; `number` -1: the node. */
void smd_atom_write_path(const struct smd_node *node, int64_t number, char *out, size_t size);

#endif
