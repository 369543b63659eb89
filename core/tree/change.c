/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/change.h"

#include "core/tree/node.h"

const struct smd_node *smd_tree_counterpart(const struct smd_tree *tree,
					    const struct smd_node *node)
{
	const struct smd_node *steps[SMD_TREE_DEPTH + 1];
	const struct smd_node *there = smd_tree_top(tree);
	size_t count = 0;

	for (; node->parent; node = node->parent)
		steps[count++] = node;
	while (there && count)
		there = smd_node_match(there, steps[--count]);
	return there;
}

const struct smd_node *smd_change_top(const struct smd_change *change)
{
	const struct smd_node *node = change->parent;

	if (!node->parent)
		return change->from ? change->from : change->to;
	while (node->parent->parent)
		node = node->parent;
	return node;
}
