/* SPDX-License-Identifier: Apache-2.0 */
/* Finding nodes and changes in the tree we come from and in the one we go to. */
#ifndef SMD_TREE_CHANGE_H
#define SMD_TREE_CHANGE_H

#include <smartdeploy/change.h>

/* The node of another tree with the same path; NULL: there is none. */
const struct smd_node *smd_tree_counterpart(const struct smd_tree *tree,
					    const struct smd_node *node);
/* The node right below the root in which a change is, or which itself changes. */
const struct smd_node *smd_change_top(const struct smd_change *change);

#endif
