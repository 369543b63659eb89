/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/model: small trees that connect some nodes of a weighted graph. */
#ifndef SMD_MODEL_GRAPH_H
#define SMD_MODEL_GRAPH_H

#include <smartdeploy/error.h>

#include <stdint.h>

/* An edge. Two nodes have at most one; the weight is at least 1. */
struct smd_edge {
	uint32_t a, b;
	uint64_t weight;
	size_t link; /* for the caller's use */
};

/* A graph. The caller sets the edges and the counts, then calls smd_graph_index. */
struct smd_graph {
	size_t node_count, edge_count;
	/* Sorted by a, b, so that the result does not depend on the input's order */
	struct smd_edge *edges;
	size_t *first;  /* edges around node n: around[first[n]] to around[first[n + 1]] */
	size_t *around; /* indices of edges */
};

int smd_graph_index(struct smd_graph *graph);
void smd_graph_done(struct smd_graph *graph); /* frees the edges, too */

/*
 * Mark the edges of a tree that connects all goals over allowed nodes (goals are always
 * allowed), with a small total weight. Heuristic of Takahashi and Matsuyama (Math. Japonica 24,
 * 1980): the tree grows from `start` by the shortest path to the nearest goal not yet reached;
 * of goals equally near, the lowest number is next. Every leaf of the tree is a goal. `chosen`
 * has one byte an edge. Returns 0; SMD_E_NOT_FOUND with the first goal that cannot be reached
 * in `unreached`; SMD_E_NO_MEMORY.
 */
int smd_graph_span(const struct smd_graph *graph, const uint8_t *allowed, const uint32_t *goals,
		   size_t goal_count, uint32_t start, uint8_t *chosen, uint32_t *unreached);

/* Sum of the weights of the marked edges. */
uint64_t smd_graph_weight(const struct smd_graph *graph, const uint8_t *chosen);

#endif
