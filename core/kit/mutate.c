/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kit/mutate.h"

#include <stdlib.h>
#include <string.h>

#define TRIES 20

static uint32_t count_nodes(const struct smd_node *node)
{
	uint32_t sum = 1;

	for (const struct smd_node *child = smd_node_first(node); child;
	     child = smd_node_next(child))
		sum += count_nodes(child);
	return sum;
}

/*
 * The node at `*index` in depth-first order. NULL: the subtree has fewer; `*index` is reduced
 * by their number.
 */
static const struct smd_node *node_at(const struct smd_node *node, uint32_t *index)
{
	if (!(*index)--)
		return node;
	for (const struct smd_node *child = smd_node_first(node); child;
	     child = smd_node_next(child)) {
		const struct smd_node *found = node_at(child, index);

		if (found)
			return found;
	}
	return NULL;
}

/* A random node other than the root; rarely a section or entry. NULL: the tree is empty. */
static const struct smd_node *pick(struct smd_prng *prng, const struct smd_tree *tree)
{
	const struct smd_node *top = smd_tree_top(tree), *node = NULL;
	uint32_t all = count_nodes(top);

	for (unsigned i = 0; all > 1 && i < TRIES; i++) {
		uint32_t index = 1 + smd_prng_below(prng, all - 1);

		node = node_at(top, &index);
		if ((smd_node_kind(node) != SMD_SECTION && smd_node_kind(node) != SMD_ENTRY) ||
		    smd_prng_percent(prng, 3))
			return node;
	}
	return node;
}

static const struct smd_node *pick_donor(struct smd_prng *prng, const struct smd_donors *donors)
{
	return pick(prng, donors->trees[smd_prng_below(prng, (uint32_t)donors->count)]);
}

static int change_numbers(struct smd_prng *prng, struct smd_node *node)
{
	struct smd_set *set = smd_node_numbers(node);
	uint32_t first = 1 + smd_prng_below(prng, 4000), last = first + smd_prng_below(prng, 3);

	if (smd_prng_percent(prng, 60))
		return smd_set_add(set, first, last);
	first = set->count ? set->ranges[smd_prng_below(prng, (uint32_t)set->count)].first : 0;
	return smd_set_size(set) > 1 ? smd_set_remove(set, first, first) : 0;
}

static int change_value(struct smd_prng *prng, const struct smd_donors *donors,
			struct smd_node *node)
{
	for (unsigned i = 0; i < TRIES; i++) {
		const struct smd_node *donor = pick_donor(prng, donors);
		const char *value;
		size_t size;

		if (!donor || smd_node_kind(donor) != smd_node_kind(node) ||
		    strcmp(smd_node_name(donor), smd_node_name(node)) != 0)
			continue;
		value = smd_node_value(donor, &size);
		return smd_node_set_value(node, value, size);
	}
	return 0;
}

static int takes_children(const struct smd_node *node)
{
	return smd_node_kind(node) == SMD_SECTION || smd_node_kind(node) == SMD_ENTRY;
}

/* Copy a random node of a donor tree to a parent of the same name. */
static int transplant(struct smd_prng *prng, const struct smd_donors *donors, struct smd_tree *tree)
{
	const struct smd_node *top = smd_tree_top(tree);
	const struct smd_node *donor = pick_donor(prng, donors);
	uint32_t all = count_nodes(top);

	for (unsigned i = 0; donor && i < TRIES; i++) {
		uint32_t index = smd_prng_below(prng, all);
		const struct smd_node *parent = node_at(top, &index);

		if (!takes_children(parent) ||
		    strcmp(smd_node_name(parent), smd_node_name(smd_node_parent(donor))) != 0)
			continue;
		return smd_node_graft(smd_node_edit(tree, parent), donor, NULL);
	}
	return 0;
}

static int edit_tree(struct smd_prng *prng, const struct smd_donors *donors, struct smd_tree *tree)
{
	const struct smd_node *node = pick(prng, tree);

	if (!node || smd_prng_percent(prng, 35))
		return transplant(prng, donors, tree);
	if (smd_prng_percent(prng, 20))
		smd_node_remove(smd_node_edit(tree, node));
	else if (smd_node_ordered(node))
		smd_node_move(smd_node_edit(tree, node), NULL);
	else if (smd_node_kind(node) == SMD_SET)
		return change_numbers(prng, smd_node_edit(tree, node));
	else if (smd_node_kind(node) == SMD_LEAF || smd_node_kind(node) == SMD_BLOCK)
		return change_value(prng, donors, smd_node_edit(tree, node));
	return 0;
}

struct smd_tree *smd_mutate_tree(struct smd_prng *prng, const struct smd_tree *from,
				 const struct smd_donors *donors, unsigned edits)
{
	struct smd_tree *tree = NULL;

	if (smd_tree_copy(&tree, from))
		return NULL;
	while (edits--) {
		if (edit_tree(prng, donors, tree) != SMD_E_NO_MEMORY)
			continue; /* done, or the edit was not possible, which is no failure */
		smd_tree_free(tree);
		return NULL;
	}
	return tree;
}
