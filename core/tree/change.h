/* SPDX-License-Identifier: Apache-2.0 */
/* Where a change is, in the tree we come from and in the one we go to. */
#ifndef SMD_TREE_CHANGE_H
#define SMD_TREE_CHANGE_H

#include <smartdeploy/change.h>

/* The node of another tree at the place of this one; NULL: there is none. */
const struct smd_node *smd_tree_counterpart(const struct smd_tree *tree,
					    const struct smd_node *node);
/* The node right below the root in whose part a change is; the change's own node there. */
const struct smd_node *smd_change_top(const struct smd_change *change);

#endif
