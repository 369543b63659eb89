/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/link_end.h"

#include <string.h>

int smd_link_end_compare(const void *left, const void *right)
{
	const struct smd_link_end *a = left, *b = right;
	int order = strcmp(a->device, b->device);

	return order ? order : strcmp(a->port, b->port);
}

int smd_link_compare(const void *left, const void *right)
{
	const struct smd_link *a = left, *b = right;
	int order = strcmp(a->a_device, b->a_device);

	order = order ? order : strcmp(a->b_device, b->b_device);
	order = order ? order : strcmp(a->a_port, b->a_port);
	return order ? order : strcmp(a->b_port, b->b_port);
}

struct smd_link_end smd_link_end_at(const struct smd_topology *topology, size_t number)
{
	const struct smd_link *link = &topology->links[number / 2];

	if (number % 2)
		return (struct smd_link_end){link->b_device, link->b_port, link->a_device,
					     link->a_port, number / 2};
	return (struct smd_link_end){link->a_device, link->a_port, link->b_device, link->b_port,
				     number / 2};
}

size_t smd_link_end_number(const struct smd_topology *topology, const struct smd_link_end *end)
{
	return 2 * end->link + (end->device != topology->links[end->link].a_device);
}

int smd_link_ends_make(const struct smd_topology *topology, struct smd_link_end **out)
{
	size_t count = topology->link_count;
	struct smd_link_end *items;

	*out = NULL;
	if (!count)
		return 0;
	if (count > SIZE_MAX / 2)
		return SMD_E_NO_MEMORY;
	items = reallocarray(NULL, 2 * count, sizeof(*items));
	if (!items)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < 2 * count; i++)
		items[i] = smd_link_end_at(topology, i);
	qsort(items, 2 * count, sizeof(*items), smd_link_end_compare);
	*out = items;
	return 0;
}

int smd_link_ends_init(struct smd_link_ends *ends, const struct smd_topology *topology)
{
	*ends = (struct smd_link_ends){.count = 2 * topology->link_count,
				       .borrowed = topology->ends != NULL};
	if (!topology->ends)
		return smd_link_ends_make(topology, &ends->items);
	ends->items = (struct smd_link_end *)topology->ends;
	return 0;
}

void smd_link_ends_done(struct smd_link_ends *ends)
{
	if (!ends->borrowed)
		free(ends->items);
	*ends = (struct smd_link_ends){0};
}

const struct smd_link_end *smd_link_ends_find(const struct smd_link_ends *ends, const char *device,
					      const char *port)
{
	struct smd_link_end like = {.device = device, .port = port};

	return ends->count ? bsearch(&like, ends->items, ends->count, sizeof(like),
				     smd_link_end_compare)
			   : NULL;
}
