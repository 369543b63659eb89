/* SPDX-License-Identifier: Apache-2.0 */
/* Ordered children: their groups, and the fewest moves from one order to another. */
#ifndef SMD_TREE_ORDER_H
#define SMD_TREE_ORDER_H

#include "core/tree/node.h"

struct smd_placed {
	const struct smd_node *node;
	size_t at; /* index among the ordered children of all names */
};

/*
 * The ordered children grouped by name, the groups sorted by name (bytes),
 * each in its order. `*out` is the caller's (free()), NULL if there are none.
 */
int smd_order_collect(const struct smd_node *parent, struct smd_placed **out, size_t *count);

/*
 * Mark in `keep` a longest increasing subsequence of `count` distinct numbers;
 * what is not marked is the fewest that must move. O(n log n).
 */
int smd_order_longest(const size_t *numbers, size_t count, uint8_t *keep);

/* The place of an ordered child in the tree we go to. */
struct smd_order_place {
	const struct smd_node *after; /* the ordered one of its name before it, or NULL */
	int moved;                    /* it is in the tree we come from, too, in another place */
};

/* Both arrays have one element per ordered child, in the order of the siblings. */
struct smd_order {
	uint8_t *from_moved;
	struct smd_order_place *to;
};

/* How the ordered children of `from` become those of `to`. {0} when there are none. */
int smd_order_init(struct smd_order *order, const struct smd_node *from, const struct smd_node *to);
void smd_order_done(struct smd_order *order);

/* Whether `to` is the same thing as `from`, changed; if not, it replaces it. */
static inline int smd_node_continues(const struct smd_node *from, const struct smd_node *to)
{
	return from->kind == to->kind && from->ordered == to->ordered;
}

#endif
