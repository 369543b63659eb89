/* SPDX-License-Identifier: Apache-2.0 */
/* Atoms: the smallest parts of a tree that a configuration can own. */
#ifndef SMD_PLAN_ATOM_H
#define SMD_PLAN_ATOM_H

#include <smartdeploy/tree.h>

/*
 * A node, or one number of a set node. The set node itself is an atom too, besides its numbers,
 * because an empty set can mean something else than no set.
 */
struct smd_atom {
	const struct smd_node *node;
	int64_t number; /* -1: the node itself */
};

/* Called for each atom; a value other than 0 stops the walk and is returned. */
typedef int (*smd_atom_fn)(void *arg, const struct smd_atom *atom);

enum smd_atom_order { SMD_ATOMS_PARENTS_FIRST = 0, SMD_ATOMS_CHILDREN_FIRST = 1 };

/* Call `each` for every atom of the tree except the root. A NULL tree has none. */
int smd_atoms_each(const struct smd_tree *tree, enum smd_atom_order order, smd_atom_fn each,
		   void *arg);

/* The node of `tree` that has the same path, whatever the atom's number; NULL: there is none. */
const struct smd_node *smd_atom_node(const struct smd_tree *tree, const struct smd_node *like);
/* The node of `tree` that has the same atom, number included; NULL: there is none. */
const struct smd_node *smd_atom_find(const struct smd_tree *tree, const struct smd_atom *atom);
/* Does `tree` have the atom, with the same value? */
int smd_atom_same(const struct smd_tree *tree, const struct smd_atom *atom);

/* Add the atom to the tree, or set its value. The tree must have its parent. */
int smd_atom_put(struct smd_tree *tree, const struct smd_atom *atom);
/* Remove the atom if it exists. A container with children and a set with numbers are left alone. */
void smd_atom_drop(struct smd_tree *tree, const struct smd_atom *atom);

/* The atom's canonical path; the caller's (free()). NULL: no memory. */
char *smd_atom_path(const struct smd_atom *atom);
/*
 * The atom's key in the ledger: its path or, for a number, `SET/[NUMBER]`. That is no node's
 * path, so it differs from a member of the same name with the number as its key. The caller's
 * (free()); NULL: no memory.
 */
char *smd_atom_key(const struct smd_atom *atom);

#endif
