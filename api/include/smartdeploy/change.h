/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Change sets: the edits that lead from one tree of a device to another.
 */
#ifndef SMARTDEPLOY_CHANGE_H
#define SMARTDEPLOY_CHANGE_H

#include <smartdeploy/tree.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_change_op {
	SMD_CHANGE_ADD = 1,     /* `to` and all below it is added */
	SMD_CHANGE_REMOVE = 2,  /* `from` and all below it is removed */
	SMD_CHANGE_VALUE = 3,   /* the value of a leaf or block changes */
	SMD_CHANGE_NUMBERS = 4, /* numbers are added to a set that stays, or removed */
	SMD_CHANGE_MOVE = 5     /* an ordered node moves; changes of its content follow */
};

/*
 * from    The node in the tree we come from; NULL for ADD.
 * to      The node in the tree we go to; NULL for REMOVE.
 * parent  The parent in the tree we come from; never NULL, for an ADD covers all
 *         below the node that it adds.
 * after   MOVE, and ADD of an ordered node: the sibling in the tree we go to
 *         behind which it is placed; NULL: first of its name.
 * added, removed  NUMBERS: the numbers that are added and removed.
 */
struct smd_change {
	enum smd_change_op op;
	const struct smd_node *from;
	const struct smd_node *to;
	const struct smd_node *parent;
	const struct smd_node *after;
	struct smd_set added;
	struct smd_set removed;
};

/* Borrows both trees, which must outlive it unchanged. */
struct smd_changes;

/*
 * Compute the edits from `from` to `to`. Linear in the size of both, except
 * among ordered siblings, where moves are fewest. Order: depth first, in the
 * order of `from`, removals of a parent's children before its additions.
 * Applying them to `from` (smd_changes_apply) gives `to`.
 */
SMD_EXPORT int smd_diff(const struct smd_tree *from, const struct smd_tree *to,
			struct smd_changes **out);
SMD_EXPORT void smd_changes_free(struct smd_changes *changes); /* NULL is fine */
/* The trees they were computed from, for a driver that writes whole configurations. */
SMD_EXPORT const struct smd_tree *smd_changes_from(const struct smd_changes *changes);
SMD_EXPORT const struct smd_tree *smd_changes_to(const struct smd_changes *changes);
SMD_EXPORT size_t smd_changes_count(const struct smd_changes *changes);
SMD_EXPORT const struct smd_change *smd_changes_get(const struct smd_changes *changes,
						    size_t index);
/* The path of the node that changes: `to`, or `from` if it is removed. As snprintf. */
SMD_EXPORT size_t smd_change_path(const struct smd_change *change, char *out, size_t size);
/* Apply the changes to a tree with the same content as the one they were computed from. */
SMD_EXPORT int smd_changes_apply(const struct smd_changes *changes, struct smd_tree *tree);

#ifdef __cplusplus
}
#endif
#endif
