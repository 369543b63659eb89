/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices: the part of a device's tree that a configuration owns.
 *
 * A slice is itself a tree. The unit of ownership is an *atom* (atom.h). All functions are pure
 * and may run on any thread; trees that they return are the caller's.
 */
#ifndef SMD_PLAN_SLICE_H
#define SMD_PLAN_SLICE_H

#include <smartdeploy/tree.h>

#include "core/plan/ledger.h"

/*
 * A change of what one configuration owns on a device. All is borrowed.
 *
 * owner        The configuration.
 * had, wanted  What it owns now and what it shall own; NULL: nothing.
 * later        Owners whose own changes follow in the same plan; NULL: none. What they own now
 *              is no conflict: that is found when their turn comes.
 */
struct smd_slice_change {
	const char *owner;
	const struct smd_tree *had;
	const struct smd_tree *wanted;
	const char *const *later;
	size_t later_count;
};

/*
 * Compute what the device shall run after the change. The result is `running` plus the atoms
 * that are wanted, minus the atoms of `had` that are no longer wanted by any owner; foreign
 * nodes get back their old value. `ledger` (may be NULL) is updated to match. SMD_E_CONFLICT:
 * another configuration wants another value for the same node; the message names both.
 */
int smd_slice_overlay(const struct smd_tree *running, const struct smd_slice_change *change,
		      struct smd_ledger *ledger, struct smd_tree **out, struct smd_error *error);

/* A copy of `now` in which every atom of `had` and `wanted` is as in `before`. */
int smd_slice_restore(const struct smd_tree *now, const struct smd_tree *before,
		      const struct smd_tree *had, const struct smd_tree *wanted,
		      struct smd_tree **out);
/*
 * Would smd_slice_restore return `now` as it is? 1, 0, or an error. Needs no copy of the tree,
 * unless what is in place is ordered.
 */
int smd_slice_is_at(const struct smd_tree *now, const struct smd_tree *before,
		    const struct smd_tree *had, const struct smd_tree *wanted);

/*
 * The part of `tree` that a change of these atoms reads or writes: the atoms, and the leaves,
 * sets, members and blocks next to them in the same entry, because those can change their
 * meaning. A plan stores the fingerprint of this part.
 */
int smd_slice_affected(const struct smd_tree *tree, const struct smd_tree *had,
		       const struct smd_tree *wanted, struct smd_tree **out);

/*
 * Compare two trees in the part that a change of these atoms affects. SMD_E_DEVICE: they
 * differ, and `path` gets the path of the first difference.
 */
int smd_slice_compare(const struct smd_tree *a, const struct smd_tree *b,
		      const struct smd_tree *had, const struct smd_tree *wanted, char *path,
		      size_t size);
/* The same for whole trees. */
int smd_tree_compare(const struct smd_tree *a, const struct smd_tree *b, char *path, size_t size);

/*
 * Does `tree` lack an atom of `slice`, or have another value for it? `path` gets that atom's
 * path.
 */
int smd_slice_missing(const struct smd_tree *tree, const struct smd_tree *slice, char *path,
		      size_t size);

/*
 * The atoms of all slices; NULL among them is an empty one. Where two have another value for the
 * same atom, the result has that of the later one.
 */
int smd_slice_union(const struct smd_tree *const *slices, size_t count, struct smd_tree **out);

/* The atoms of `had` that are also in `wanted`. */
int smd_slice_common(const struct smd_tree *had, const struct smd_tree *wanted,
		     struct smd_tree **out);

#endif
