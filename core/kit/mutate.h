/* SPDX-License-Identifier: Apache-2.0 */
/* Random mutations of trees; nodes and values come from other trees (donors) of the same vendor. */
#ifndef SMD_KIT_MUTATE_H
#define SMD_KIT_MUTATE_H

#include <smartdeploy/tree.h>

#include "core/kit/prng.h"

struct smd_donors {
	const struct smd_tree *const *trees;
	size_t count; /* at least one */
};

/*
 * A copy of `from` after some random edits: add or remove numbers of sets (never the last one),
 * give leaves a value that a donor has under the same name, add nodes that a donor has under a
 * parent of the same name, remove nodes, move ordered ones. The caller frees it; NULL: no
 * memory.
 */
struct smd_tree *smd_mutate_tree(struct smd_prng *prng, const struct smd_tree *from,
				 const struct smd_donors *donors, unsigned edits);

#endif
