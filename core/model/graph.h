/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/model: small trees that span some nodes of a weighted graph. */
#ifndef SMD_MODEL_GRAPH_H
#define SMD_MODEL_GRAPH_H

#include <smartdeploy/error.h>

#include <stdint.h>

/* At most one edge joins two nodes. The weight is at least 1. */
struct smd_edge {
	uint32_t a, b;
	uint64_t weight;
	size_t link; /* the caller's own */
};

/* `edges` and the counts are the caller's to set, then smd_graph_index. */
struct smd_graph {
	size_t node_count, edge_count;
	struct smd_edge *edges; /* sorted by a, b for a result that does not depend on order */
	size_t *first;          /* edges around node n: around[first[n]] to around[first[n + 1]] */
	size_t *around;         /* indices of edges */
};

int smd_graph_index(struct smd_graph *graph);
void smd_graph_done(struct smd_graph *graph); /* frees the edges, too */

/*
 * Mark the edges of a tree that joins all goals and runs through nodes that are
 * allowed (goals always are), of small total weight. It grows from `start`,
 * each time by the shortest way to the nearest goal not yet reached (Takahashi
 * and Matsuyama, Math. Japonica 24, 1980), and has no tip that is not a goal.
 * Of nodes equally far the lowest number goes first. `chosen` has a byte an edge. Returns 0;
 * SMD_E_NOT_FOUND with the first goal that cannot be reached; SMD_E_NO_MEMORY.
 */
int smd_graph_span(const struct smd_graph *graph, const uint8_t *allowed, const uint32_t *goals,
		   size_t goal_count, uint32_t start, uint8_t *chosen, uint32_t *unreached);

/* Sum of the weights of the edges that are marked. */
uint64_t smd_graph_weight(const struct smd_graph *graph, const uint8_t *chosen);

#endif
