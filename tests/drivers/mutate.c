/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#define TRIES 20

static uint32_t count(const struct smd_node *node)
{
	uint32_t sum = 1;

	for (const struct smd_node *child = smd_node_first(node); child;
	     child = smd_node_next(child))
		sum += count(child);
	return sum;
}

/* The node at `*index` in depth-first order, or NULL with what is left of the index. */
static const struct smd_node *at(const struct smd_node *node, uint32_t *index)
{
	if (!(*index)--)
		return node;
	for (const struct smd_node *child = smd_node_first(node); child;
	     child = smd_node_next(child)) {
		const struct smd_node *found = at(child, index);

		if (found)
			return found;
	}
	return NULL;
}

/* Any node but the root; NULL in an empty tree. Containers are rarely wanted. */
static const struct smd_node *pick(struct gen *gen, const struct smd_tree *tree)
{
	const struct smd_node *top = smd_tree_top(tree), *node = NULL;
	uint32_t all = count(top);

	for (unsigned i = 0; all > 1 && i < TRIES; i++) {
		uint32_t index = 1 + gen_below(gen, all - 1);

		node = at(top, &index);
		if ((smd_node_kind(node) != SMD_SECTION && smd_node_kind(node) != SMD_ENTRY) ||
		    gen_chance(gen, 3))
			return node;
	}
	return node;
}

static const struct smd_node *pick_donor(struct gen *gen, const struct donors *donors)
{
	return pick(gen, donors->trees[gen_below(gen, (uint32_t)donors->count)]);
}

static void change_numbers(struct gen *gen, struct smd_node *node)
{
	struct smd_set *set = smd_node_numbers(node);
	uint32_t first = 1 + gen_below(gen, 4000), last = first + gen_below(gen, 3);

	if (gen_chance(gen, 60)) {
		if (smd_set_add(set, first, last))
			abort();
		return;
	}
	first = set->count ? set->ranges[gen_below(gen, (uint32_t)set->count)].first : 0;
	if (smd_set_size(set) > 1 && smd_set_remove(set, first, first))
		abort();
}

static void change_value(struct gen *gen, const struct donors *donors, struct smd_node *node)
{
	for (unsigned i = 0; i < TRIES; i++) {
		const struct smd_node *donor = pick_donor(gen, donors);
		const char *value;
		size_t size;

		if (!donor || smd_node_kind(donor) != smd_node_kind(node) ||
		    strcmp(smd_node_name(donor), smd_node_name(node)) != 0)
			continue;
		value = smd_node_value(donor, &size);
		if (smd_node_set_value(node, value, size))
			abort();
		return;
	}
}

static int takes_children(const struct smd_node *node)
{
	return smd_node_kind(node) == SMD_SECTION || smd_node_kind(node) == SMD_ENTRY;
}

/* Bring a donor's node under a parent of the same name. */
static void transplant(struct gen *gen, const struct donors *donors, struct smd_tree *tree)
{
	const struct smd_node *top = smd_tree_top(tree);
	const struct smd_node *donor = pick_donor(gen, donors);
	uint32_t all = count(top);

	for (unsigned i = 0; donor && i < TRIES; i++) {
		uint32_t index = gen_below(gen, all);
		const struct smd_node *parent = at(top, &index);

		if (!takes_children(parent) ||
		    strcmp(smd_node_name(parent), smd_node_name(smd_node_parent(donor))) != 0)
			continue;
		smd_node_graft(smd_node_edit(tree, parent), donor, NULL);
		return;
	}
}

static void edit(struct gen *gen, const struct donors *donors, struct smd_tree *tree)
{
	const struct smd_node *node = pick(gen, tree);

	if (!node || gen_chance(gen, 35)) {
		transplant(gen, donors, tree);
	} else if (gen_chance(gen, 20)) {
		smd_node_remove(smd_node_edit(tree, node));
	} else if (smd_node_ordered(node)) {
		smd_node_move(smd_node_edit(tree, node), NULL);
	} else if (smd_node_kind(node) == SMD_SET) {
		change_numbers(gen, smd_node_edit(tree, node));
	} else if (smd_node_kind(node) == SMD_LEAF || smd_node_kind(node) == SMD_BLOCK) {
		change_value(gen, donors, smd_node_edit(tree, node));
	}
}

struct smd_tree *mutate(struct gen *gen, const struct smd_tree *from, const struct donors *donors,
			unsigned edits)
{
	struct smd_tree *tree;

	if (smd_tree_copy(&tree, from))
		abort();
	while (edits--)
		edit(gen, donors, tree);
	return tree;
}
