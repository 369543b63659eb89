/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole sets of numbers together, in time linear in their ranges, however many numbers these have.
 * A set of one range is added and removed without a look at all ranges. Pure; any thread.
 */
#ifndef SMD_TREE_SET_OPS_H
#define SMD_TREE_SET_OPS_H

#include <smartdeploy/set.h>

/* Example: `smd_cleanup(smd_set_done) struct smd_set set = {0};` */
static inline void smd_cleanup_smd_set_done(struct smd_set *set)
{
	smd_set_done(set);
}

/* Add or remove all numbers of another set. SMD_E_NO_MEMORY: only some of them. */
SMD_MUST_USE int smd_set_add_all(struct smd_set *set, const struct smd_set *more);
SMD_MUST_USE int smd_set_remove_all(struct smd_set *set, const struct smd_set *less);
/* Remove all numbers that another set does not have. SMD_E_NO_MEMORY leaves the set as it was. */
SMD_MUST_USE int smd_set_keep_all(struct smd_set *set, const struct smd_set *kept);

#define SMD_SET_WALK_MAX 4 /* sets that are compared with one */

/*
 * A walk over the numbers of a set in runs, in ascending order: each run is as long as all its
 * numbers are in the same ones of the other sets. The sets must stay as they are.
 */
struct smd_set_walk {
	const struct smd_set *set;
	const struct smd_set *others[SMD_SET_WALK_MAX]; /* the first NULL ends them */
	struct smd_range run;
	unsigned in; /* bit N: the run is in others[N] */
	size_t at, others_at[SMD_SET_WALK_MAX];
	uint64_t next; /* the first number that is not walked yet */
};

/* Go to the next run, or from {set, {others}} to the first; 0: there is none. */
int smd_set_walk_next(struct smd_set_walk *walk);

#endif
