/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/model: the ends of all links, sorted by port for binary search. */
#ifndef SMD_MODEL_LINK_END_H
#define SMD_MODEL_LINK_END_H

#include "core/model/model.h"

struct smd_link_end {
	const char *device, *port;
	const char *far_device, *far_port;
	size_t link; /* index of the link in the topology */
};

/* The index. Its strings are borrowed from the topology. {0} is empty. */
struct smd_link_ends {
	struct smd_link_end *items; /* sorted by device, port */
	size_t count;
	int borrowed; /* 1: the items are the topology's */
};

/* The ends by number: the first of link n is 2n, the second 2n + 1. */
struct smd_link_end smd_link_end_at(const struct smd_topology *topology, size_t number);
size_t smd_link_end_number(const struct smd_topology *topology, const struct smd_link_end *end);
/* Make the ends of all links, sorted; NULL if there are none. The caller's (free()). */
int smd_link_ends_make(const struct smd_topology *topology, struct smd_link_end **out);

/* Use the index of a topology, or make one. */
int smd_link_ends_init(struct smd_link_ends *ends, const struct smd_topology *topology);
void smd_link_ends_done(struct smd_link_ends *ends);
const struct smd_link_end *smd_link_ends_find(const struct smd_link_ends *ends, const char *device,
					      const char *port);
int smd_link_end_compare(const void *a, const void *b); /* orders by device, port */
int smd_link_compare(const void *a, const void *b);     /* orders links as a topology does */

static inline void smd_cleanup_smd_link_ends(struct smd_link_ends *ends)
{
	smd_link_ends_done(ends);
}

#endif
