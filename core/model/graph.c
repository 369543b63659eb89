/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/graph.h"

#include <string.h>

#include "core/base/cleanup.h"

#define FAR UINT64_MAX
#define NO_EDGE SIZE_MAX

/* Heap item: a path of this length to `node`; outdated if a shorter one has been found since. */
struct item {
	uint64_t length;
	uint32_t node;
};

/*
 * The state of the search. It is continued while the tree grows: nodes that join the tree get
 * length 0, so lengths only ever decrease.
 */
struct search {
	const struct smd_graph *graph;
	uint8_t *passable;
	uint8_t *wanted; /* per node: a goal that is not in the tree yet */
	uint8_t *in_tree;
	uint64_t *length;
	size_t *via; /* per node: last edge of the shortest path to it */
	struct item *heap;
	size_t heap_count, heap_room;
};

int smd_graph_index(struct smd_graph *graph)
{
	size_t nodes = graph->node_count, *place;

	graph->first = calloc(nodes + 2, sizeof(*graph->first));
	graph->around = calloc(graph->edge_count + 1, 2 * sizeof(*graph->around));
	if (!graph->first || !graph->around)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < graph->edge_count; i++) {
		graph->first[graph->edges[i].a + 2]++;
		graph->first[graph->edges[i].b + 2]++;
	}
	for (size_t n = 2; n < nodes + 2; n++)
		graph->first[n] += graph->first[n - 1];
	place = graph->first + 1; /* ends up at the start of the next node */
	for (size_t i = 0; i < graph->edge_count; i++) {
		graph->around[place[graph->edges[i].a]++] = i;
		graph->around[place[graph->edges[i].b]++] = i;
	}
	return 0;
}

void smd_graph_done(struct smd_graph *graph)
{
	free(graph->edges);
	free(graph->first);
	free(graph->around);
	*graph = (struct smd_graph){0};
}

uint64_t smd_graph_weight(const struct smd_graph *graph, const uint8_t *chosen)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < graph->edge_count; i++)
		if (chosen[i])
			sum += graph->edges[i].weight;
	return sum;
}

static uint32_t other_end(const struct smd_edge *edge, uint32_t node)
{
	return edge->a == node ? edge->b : edge->a;
}

static int nearer(const struct item *a, const struct item *b)
{
	return a->length != b->length ? a->length < b->length : a->node < b->node;
}

static void swap(struct item *a, struct item *b)
{
	struct item kept = *a;

	*a = *b;
	*b = kept;
}

static int push(struct search *search, uint64_t length, uint32_t node)
{
	struct item *heap = search->heap;
	size_t at = search->heap_count;

	if (at == search->heap_room) {
		size_t room = at ? 2 * at : 64;

		heap = reallocarray(heap, room, sizeof(*heap));
		if (!heap)
			return SMD_E_NO_MEMORY;
		search->heap = heap;
		search->heap_room = room;
	}
	heap[at] = (struct item){length, node};
	search->heap_count++;
	for (; at && nearer(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&heap[at], &heap[(at - 1) / 2]);
	return 0;
}

static struct item pop(struct search *search)
{
	struct item *heap = search->heap, top = heap[0];
	size_t count = --search->heap_count, at = 0;

	heap[0] = heap[count];
	for (size_t low; (low = 2 * at + 1) < count; at = low) {
		if (low + 1 < count && nearer(&heap[low + 1], &heap[low]))
			low++;
		if (!nearer(&heap[low], &heap[at]))
			break;
		swap(&heap[low], &heap[at]);
	}
	return top;
}

/* Update the lengths of all neighbours of `node`. */
static int relax(struct search *search, uint32_t node)
{
	const struct smd_graph *graph = search->graph;

	for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
		size_t index = graph->around[i];
		const struct smd_edge *edge = &graph->edges[index];
		uint32_t next = other_end(edge, node);
		uint64_t length = search->length[node] + edge->weight;

		if (!search->passable[next] || length >= search->length[next])
			continue;
		search->length[next] = length;
		search->via[next] = index;
		if (push(search, length, next))
			return SMD_E_NO_MEMORY;
	}
	return 0;
}

static int join_tree(struct search *search, uint32_t node)
{
	search->in_tree[node] = 1;
	search->wanted[node] = 0;
	search->length[node] = 0;
	return push(search, 0, node);
}

/* Add the path from the tree to `goal`. */
static int add_way(struct search *search, uint32_t goal, uint8_t *chosen)
{
	for (uint32_t node = goal; !search->in_tree[node];) {
		size_t via = search->via[node];

		chosen[via] = 1;
		if (join_tree(search, node))
			return SMD_E_NO_MEMORY;
		node = other_end(&search->graph->edges[via], node);
	}
	return 0;
}

static int grow(struct search *search, size_t missing, uint8_t *chosen)
{
	int err = 0;

	while (!err && missing && search->heap_count) {
		struct item item = pop(search);

		if (item.length != search->length[item.node])
			continue;
		if (search->wanted[item.node]) {
			missing--;
			err = add_way(search, item.node, chosen);
		} else {
			err = relax(search, item.node);
		}
	}
	return err;
}

/* Remove edges to leaves of the tree that are not goals, repeatedly, beginning at `tip`. */
static void prune(const struct smd_graph *graph, const uint8_t *is_goal, uint32_t tip,
		  uint8_t *chosen)
{
	while (!is_goal[tip]) {
		size_t only = NO_EDGE, degree = 0;

		for (size_t i = graph->first[tip]; i < graph->first[tip + 1]; i++) {
			if (!chosen[graph->around[i]])
				continue;
			only = graph->around[i];
			degree++;
		}
		if (degree != 1)
			return;
		chosen[only] = 0;
		tip = other_end(&graph->edges[only], tip);
	}
}

static int begin_search(struct search *search, const uint8_t *allowed, const uint32_t *goals,
			size_t goal_count, uint32_t start)
{
	size_t nodes = search->graph->node_count;

	search->passable = calloc(nodes, 3);
	search->length = calloc(nodes, sizeof(*search->length));
	search->via = calloc(nodes, sizeof(*search->via));
	if (!search->passable || !search->length || !search->via)
		return SMD_E_NO_MEMORY;
	search->wanted = search->passable + nodes;
	search->in_tree = search->wanted + nodes;
	memcpy(search->passable, allowed, nodes);
	for (size_t i = 0; i < goal_count; i++)
		search->passable[goals[i]] = search->wanted[goals[i]] = 1;
	for (size_t n = 0; n < nodes; n++)
		search->length[n] = FAR;
	return join_tree(search, start);
}

int smd_graph_span(const struct smd_graph *graph, const uint8_t *allowed, const uint32_t *goals,
		   size_t goal_count, uint32_t start, uint8_t *chosen, uint32_t *unreached)
{
	struct search search = {.graph = graph};
	size_t missing = 0;
	int err = begin_search(&search, allowed, goals, goal_count, start);

	memset(chosen, 0, graph->edge_count);
	for (size_t i = 0; !err && i < goal_count; i++)
		missing += search.wanted[goals[i]];
	if (!err)
		err = grow(&search, missing, chosen);
	for (size_t i = 0; !err && i < goal_count; i++) {
		if (search.wanted[goals[i]]) {
			*unreached = goals[i];
			err = SMD_E_NOT_FOUND;
		}
	}
	if (!err) {
		/* Every path ends at a goal, so only the start can be a leaf that is no goal. */
		for (size_t i = 0; i < goal_count; i++)
			search.wanted[goals[i]] = 1;
		prune(graph, search.wanted, start, chosen);
	}
	free(search.passable);
	free(search.length);
	free(search.via);
	free(search.heap);
	return err;
}
