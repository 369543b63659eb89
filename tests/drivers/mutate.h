/* SPDX-License-Identifier: Apache-2.0 */
/* Random neighbours of trees that a vendor wrote: what stands in one moves to another. */
#ifndef SMD_TESTS_DRIVERS_MUTATE_H
#define SMD_TESTS_DRIVERS_MUTATE_H

#include "gen.h"

struct donors {
	const struct smd_tree *const *trees;
	size_t count; /* at least one */
};

/*
 * A copy of `from` with some edits: numbers join or leave sets (never the
 * last), leaves take values seen elsewhere under that name, nodes seen
 * elsewhere under a parent of that name appear, nodes go, ordered ones move.
 * The caller frees it.
 */
struct smd_tree *mutate(struct gen *gen, const struct smd_tree *from, const struct donors *donors,
			unsigned edits);

#endif
