/* SPDX-License-Identifier: Apache-2.0 */
/* Random mutations of trees that a vendor wrote: what stands in one moves to another. */
#ifndef SMD_KIT_MUTATE_H
#define SMD_KIT_MUTATE_H

#include <smartdeploy/tree.h>

#include "core/kit/prng.h"

struct smd_donors {
	const struct smd_tree *const *trees;
	size_t count; /* at least one */
};

/*
 * A copy of `from` with some edits: numbers join or leave sets (never the
 * last), leaves take values seen elsewhere under that name, nodes seen
 * elsewhere under a parent of that name appear, nodes go, ordered ones move.
 * The caller frees it; NULL: no memory.
 */
struct smd_tree *smd_mutate_tree(struct smd_prng *prng, const struct smd_tree *from,
				 const struct smd_donors *donors, unsigned edits);

#endif
