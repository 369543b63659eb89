/* SPDX-License-Identifier: Apache-2.0 */
/* Where a device stands between the old and the new state of a change. */
#ifndef SMD_PLAN_POSITION_H
#define SMD_PLAN_POSITION_H

#include <smartdeploy/tree.h>

/*
 * OLD      Every atom of the change is as in the old state.
 * NEW      Every atom is as in the new state. Where old and new do not differ, NEW.
 * BETWEEN  Every atom is as in one of the two, but not all in the same.
 * THIRD    An atom has a value that is neither the old nor the new one.
 */
enum smd_slice_position {
	SMD_SLICE_OLD = 0,
	SMD_SLICE_NEW = 1,
	SMD_SLICE_BETWEEN = 2,
	SMD_SLICE_THIRD = 3
};

/* A change: its two ends, and the atoms that it is about (had and wanted; either may be NULL). */
struct smd_slice_ends {
	const struct smd_tree *old_tree, *new_tree;
	const struct smd_tree *had, *wanted;
};

/*
 * Find the position of `now`. `by_lines`: each line acts at once, so that a value can be missing
 * between its removal and its return; that is BETWEEN, too. For THIRD, `path` receives the path
 * of the first such atom. Sections and entries that are only there because somebody else has
 * something in them do not count. Returns 0 or SMD_E_NO_MEMORY. Pure; any thread.
 */
int smd_slice_place(const struct smd_tree *now, const struct smd_slice_ends *ends, int by_lines,
		    enum smd_slice_position *position, char *path, size_t size);

/* Is an atom of `now` as in the new state and not as in the old one? Pure; any thread. */
int smd_slice_has_new(const struct smd_tree *now, const struct smd_slice_ends *ends);

#endif
