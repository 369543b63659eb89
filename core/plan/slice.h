/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices: the part of a device's tree that a configuration owns.
 *
 * A slice is itself a tree. What can be owned is an *atom*: a node, or a single
 * number of a set. All functions are pure; trees they give are the caller's.
 */
#ifndef SMD_PLAN_SLICE_H
#define SMD_PLAN_SLICE_H

#include <smartdeploy/tree.h>

#include "core/plan/ledger.h"

/*
 * What the device shall run when `owner` wants `wanted` of it and had `had`
 * before: `running` with what is wanted and missing added, what was had and is
 * wanted no longer taken away unless somebody else owns it too, and the value
 * a foreign node had given back. `ledger` (may be NULL) is brought to the state
 * that belongs to the result. SMD_E_CONFLICT: another configuration wants
 * another value of the same node. `had`, `wanted`: NULL is nothing.
 */
int smd_slice_overlay(const struct smd_tree *running, const struct smd_tree *had,
		      const struct smd_tree *wanted, const char *owner, struct smd_ledger *ledger,
		      struct smd_tree **out, struct smd_error *error);

/* `now` with every atom of `had` and `wanted` as it is in `before`. */
int smd_slice_restore(const struct smd_tree *now, const struct smd_tree *before,
		      const struct smd_tree *had, const struct smd_tree *wanted,
		      struct smd_tree **out);

/*
 * The part of `tree` that a change of these atoms reads or writes: the atoms
 * themselves, and what stands beside them in the same entry, for it can give
 * them another meaning. Plans are bound to its fingerprint.
 */
int smd_slice_affected(const struct smd_tree *tree, const struct smd_tree *had,
		       const struct smd_tree *wanted, struct smd_tree **out);

/*
 * Are both trees equal as far as a change of the same atoms is concerned? 0, or SMD_E_DEVICE
 * and the path of the first difference.
 */
int smd_slice_compare(const struct smd_tree *a, const struct smd_tree *b,
		      const struct smd_tree *had, const struct smd_tree *wanted, char *path,
		      size_t size);
/* The same for whole trees. */
int smd_tree_compare(const struct smd_tree *a, const struct smd_tree *b, char *path, size_t size);

/* Does `tree` lack an atom of `slice`, or have another value there? `path` gets the first one's. */
int smd_slice_missing(const struct smd_tree *tree, const struct smd_tree *slice, char *path,
		      size_t size);

/* What of `had` is also in `wanted`, atom by atom. */
int smd_slice_common(const struct smd_tree *had, const struct smd_tree *wanted,
		     struct smd_tree **out);

#endif
