/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/order.h"

#include <string.h>

#include "core/base/cleanup.h"

static int by_name(const void *a, const void *b)
{
	const struct smd_placed *x = a, *y = b;
	int order = strcmp(x->node->name->bytes, y->node->name->bytes);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

int smd_order_collect(const struct smd_node *parent, struct smd_placed **out, size_t *count)
{
	const struct smd_children *children = smd_node_children(parent);
	struct smd_placed *placed;
	size_t at = 0;
	int sorted = 1;

	*out = NULL;
	*count = children ? children->ordered : 0;
	if (!*count)
		return 0;
	placed = calloc(*count, sizeof(*placed));
	if (!placed)
		return SMD_E_NO_MEMORY;
	for (const struct smd_node *node = children->first; node; node = node->next) {
		if (!node->ordered)
			continue;
		placed[at] = (struct smd_placed){node, at};
		sorted = sorted && (!at || by_name(&placed[at - 1], &placed[at]) < 0);
		at++;
	}
	if (!sorted)
		qsort(placed, *count, sizeof(*placed), by_name);
	*out = placed;
	return 0;
}

/* Patience sorting: tails[k] ends the best increasing sequence of k + 1 numbers so far. */
int smd_order_longest(const size_t *numbers, size_t count, uint8_t *keep)
{
	smd_cleanup(free) size_t *tails = calloc(count + 1, sizeof(*tails));
	smd_cleanup(free) size_t *before = calloc(count + 1, sizeof(*before));
	size_t length = 0;

	if (!tails || !before)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = length;

		if (length && numbers[tails[length - 1]] < numbers[i])
			low = length; /* the usual case: nothing has moved */
		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (numbers[tails[middle]] < numbers[i])
				low = middle + 1;
			else
				high = middle;
		}
		before[i] = low ? tails[low - 1] : SIZE_MAX;
		tails[low] = i;
		if (low == length)
			length++;
	}
	memset(keep, 0, count);
	for (size_t i = length ? tails[length - 1] : SIZE_MAX; i != SIZE_MAX; i = before[i])
		keep[i] = 1;
	return 0;
}

struct rank {
	const struct smd_node *node;
	size_t rank;
};

/* Ranks of the ordered children of the tree we go to: their indexes in `to`. */
struct ranks {
	const struct smd_placed *to;
	size_t count, next;
	struct rank *by_address; /* made when two orders are found to differ */
};

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct rank *)a)->node;
	uintptr_t y = (uintptr_t)((const struct rank *)b)->node;

	return (x > y) - (x < y);
}

static int ranks_sort(struct ranks *ranks)
{
	ranks->by_address = calloc(ranks->count, sizeof(*ranks->by_address));
	if (!ranks->by_address)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < ranks->count; i++)
		ranks->by_address[i] = (struct rank){ranks->to[i].node, i};
	qsort(ranks->by_address, ranks->count, sizeof(*ranks->by_address), by_address);
	return 0;
}

static int rank_of(struct ranks *ranks, const struct smd_node *node, size_t *out)
{
	struct rank key = {.node = node};
	const struct rank *found;

	if (ranks->next < ranks->count && ranks->to[ranks->next].node == node) {
		*out = ranks->next++;
		return 0;
	}
	if (!ranks->by_address && ranks_sort(ranks))
		return SMD_E_NO_MEMORY;
	found = bsearch(&key, ranks->by_address, ranks->count, sizeof(key), by_address);
	if (!found)
		return SMD_E_INTERNAL;
	*out = found->rank;
	ranks->next = found->rank + 1;
	return 0;
}

/*
 * Groups come sorted by name on both sides, so the longest increasing
 * subsequence of all is that of each group, one behind the other.
 */
static int mark_moves(struct smd_order *order, const struct smd_node *to_parent,
		      const struct smd_placed *from, size_t from_count, const struct smd_placed *to,
		      size_t to_count)
{
	smd_cleanup(free) size_t *rank = calloc(from_count + 1, sizeof(*rank));
	smd_cleanup(free) size_t *at = calloc(from_count + 1, sizeof(*at));
	smd_cleanup(free) uint8_t *keep = calloc(from_count + 1, 1);
	struct ranks ranks = {.to = to, .count = to_count};
	const struct smd_node *cursor = NULL;
	size_t count = 0;
	int err = 0;

	if (!rank || !at || !keep)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < from_count && !err; i++) {
		const struct smd_node *node = smd_node_match_near(to_parent, from[i].node, &cursor);

		if (!node || !smd_node_continues(from[i].node, node))
			continue;
		err = rank_of(&ranks, node, &rank[count]);
		at[count++] = from[i].at;
	}
	free(ranks.by_address);
	if (!err)
		err = smd_order_longest(rank, count, keep);
	for (size_t i = 0; i < count && !err; i++)
		if (!keep[i])
			order->from_moved[at[i]] = order->to[to[rank[i]].at].moved = 1;
	return err;
}

static void mark_places(struct smd_order *order, const struct smd_placed *to, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (smd_string_equal(to[i - 1].node->name, to[i].node->name))
			order->to[to[i].at].after = to[i - 1].node;
}

int smd_order_init(struct smd_order *order, const struct smd_node *from, const struct smd_node *to)
{
	smd_cleanup(free) struct smd_placed *from_placed = NULL;
	smd_cleanup(free) struct smd_placed *to_placed = NULL;
	size_t from_count, to_count;
	int err;

	*order = (struct smd_order){0};
	if (smd_order_collect(from, &from_placed, &from_count) ||
	    smd_order_collect(to, &to_placed, &to_count))
		return SMD_E_NO_MEMORY;
	if (!from_count && !to_count)
		return 0;
	order->from_moved = calloc(from_count + 1, sizeof(*order->from_moved));
	order->to = calloc(to_count + 1, sizeof(*order->to));
	err = order->from_moved && order->to ? 0 : SMD_E_NO_MEMORY;
	if (!err) {
		mark_places(order, to_placed, to_count);
		err = mark_moves(order, to, from_placed, from_count, to_placed, to_count);
	}
	if (err)
		smd_order_done(order);
	return err;
}

void smd_order_done(struct smd_order *order)
{
	free(order->from_moved);
	free(order->to);
	*order = (struct smd_order){0};
}
