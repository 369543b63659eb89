/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The children of a node: a doubly linked list and, when they are many, an
 * open hash table beside it. Linear probing; removal shifts back, so that there
 * are no tombstones and a look-up never slows down.
 */
#include <stdlib.h>

#include "core/tree/node.h"

#define FEW 8 /* up to this many children are scanned */

void smd_probe_init(struct smd_probe *probe, const struct smd_node *parent, uint32_t hash)
{
	const struct smd_children *children = smd_node_children(parent);

	probe->parent = parent;
	probe->hash = hash;
	probe->scan = NULL;
	probe->slot = 0;
	if (!children)
		return;
	if (children->index)
		probe->slot = hash & (children->slots - 1);
	else
		probe->scan = children->first;
}

static const struct smd_node *scan_next(struct smd_probe *probe)
{
	const struct smd_node *node = probe->scan;

	while (node && node->hash != probe->hash)
		node = node->next;
	probe->scan = node ? node->next : NULL;
	return node;
}

const struct smd_node *smd_probe_next(struct smd_probe *probe)
{
	const struct smd_children *children = smd_node_children(probe->parent);
	const struct smd_node *node;

	if (!children || !children->index)
		return scan_next(probe);
	while ((node = children->index[probe->slot])) {
		probe->slot = (probe->slot + 1) & (children->slots - 1);
		if (node->hash == probe->hash)
			return node;
	}
	return NULL;
}

static void index_put(struct smd_children *children, struct smd_node *node)
{
	uint32_t mask = children->slots - 1;
	uint32_t slot = node->hash & mask;

	while (children->index[slot])
		slot = (slot + 1) & mask;
	children->index[slot] = node;
}

static void index_drop(struct smd_children *children, const struct smd_node *node)
{
	uint32_t mask = children->slots - 1;
	uint32_t hole = node->hash & mask;

	while (children->index[hole] != node)
		hole = (hole + 1) & mask;
	for (uint32_t slot = (hole + 1) & mask; children->index[slot]; slot = (slot + 1) & mask) {
		uint32_t home = children->index[slot]->hash & mask;

		/* It may move into the hole unless its home lies between the hole and it. */
		if (((slot - home) & mask) >= ((slot - hole) & mask)) {
			children->index[hole] = children->index[slot];
			hole = slot;
		}
	}
	children->index[hole] = NULL;
}

/* Make room in the index for one more. */
static int index_grow(struct smd_tree *tree, struct smd_children *children)
{
	uint32_t slots = children->slots ? children->slots * 2 : 4 * FEW;
	struct smd_node **table;

	if (children->count < FEW || children->count < children->slots / 4 * 3)
		return 0;
	if (slots < children->slots)
		return SMD_E_NO_MEMORY;
	table = calloc(slots, sizeof(*table));
	if (!table)
		return SMD_E_NO_MEMORY;
	if (!children->index) {
		children->next_indexed = tree->indexed;
		tree->indexed = children;
	}
	free(children->index);
	children->index = table;
	children->slots = slots;
	for (struct smd_node *node = children->first; node; node = node->next)
		index_put(children, node);
	return 0;
}

static void link_behind(struct smd_children *children, struct smd_node *node,
			struct smd_node *after)
{
	node->prev = after;
	node->next = after ? after->next : children->first;
	*(after ? &after->next : &children->first) = node;
	*(node->next ? &node->next->prev : &children->last) = node;
}

static void unlink_node(struct smd_children *children, struct smd_node *node)
{
	*(node->prev ? &node->prev->next : &children->first) = node->next;
	*(node->next ? &node->next->prev : &children->last) = node->prev;
	node->prev = node->next = NULL;
}

int smd_children_append(struct smd_node *parent, struct smd_node *node)
{
	struct smd_children *children = parent->children;

	if (!children) {
		children = smd_arena_take(&parent->tree->arena, sizeof(*children));
		if (!children)
			return SMD_E_NO_MEMORY;
		*children = (struct smd_children){0};
		parent->children = children;
	}
	if (index_grow(parent->tree, children))
		return SMD_E_NO_MEMORY;
	link_behind(children, node, children->last);
	if (children->index)
		index_put(children, node);
	children->count++;
	children->ordered += node->ordered;
	node->parent = parent;
	return 0;
}

void smd_children_unlink(struct smd_node *node)
{
	struct smd_children *children = node->parent->children;

	if (children->index)
		index_drop(children, node);
	unlink_node(children, node);
	children->count--;
	children->ordered -= node->ordered;
	node->parent = NULL;
}

void smd_children_place(struct smd_node *node, struct smd_node *after)
{
	struct smd_children *children = node->parent->children;

	if (node->prev == after)
		return;
	unlink_node(children, node);
	link_behind(children, node, after);
}
