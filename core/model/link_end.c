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

int smd_link_ends_init(struct smd_link_ends *ends, const struct smd_topology *topology)
{
	size_t count = topology->link_count;

	*ends = (struct smd_link_ends){0};
	if (!count)
		return 0;
	if (count > SIZE_MAX / 2)
		return SMD_E_NO_MEMORY;
	ends->items = calloc(2 * count, sizeof(*ends->items));
	if (!ends->items)
		return SMD_E_NO_MEMORY;
	ends->count = 2 * count;
	for (size_t i = 0; i < count; i++) {
		const struct smd_link *link = &topology->links[i];

		ends->items[2 * i] = (struct smd_link_end){link->a_device, link->a_port,
							   link->b_device, link->b_port, i};
		ends->items[2 * i + 1] = (struct smd_link_end){link->b_device, link->b_port,
							       link->a_device, link->a_port, i};
	}
	qsort(ends->items, ends->count, sizeof(*ends->items), smd_link_end_compare);
	return 0;
}

void smd_link_ends_done(struct smd_link_ends *ends)
{
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
