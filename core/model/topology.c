/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/model/link_end.h"
#include "core/model/read.h"

/* The whole memory of a topology: its first member is what smd_topology_read returns. */
struct owner {
	struct smd_topology topology;
	struct smd_alloc alloc;
};

void smd_topology_free(struct smd_topology *topology)
{
	struct owner *owner = (struct owner *)topology;

	if (!owner)
		return;
	smd_arena_done(&owner->alloc.arena);
	free(owner);
}

const struct smd_link *smd_topology_link_at(const struct smd_topology *topology, const char *device,
					    const char *port)
{
	for (size_t i = 0; i < topology->link_count; i++) {
		const struct smd_link *link = &topology->links[i];

		if ((!strcmp(link->a_device, device) && !strcmp(link->a_port, port)) ||
		    (!strcmp(link->b_device, device) && !strcmp(link->b_port, port)))
			return link;
	}
	return NULL;
}

static void read_link(struct smd_alloc *alloc, const struct lyd_node *node, struct smd_link *link)
{
	*link = (struct smd_link){
		.a_device = smd_alloc_leaf(alloc, node, "a-device"),
		.a_port = smd_alloc_leaf(alloc, node, "a-port"),
		.b_device = smd_alloc_leaf(alloc, node, "b-device"),
		.b_port = smd_alloc_leaf(alloc, node, "b-port"),
	};
	if (strcmp(link->a_device, link->b_device) > 0)
		*link = (struct smd_link){link->b_device, link->b_port, link->a_device,
					  link->a_port};
}

static void read_links(struct owner *owner, const struct lyd_node *node)
{
	size_t count = smd_read_count(node, "link"), i = 0;
	struct smd_link *links = smd_alloc_array(&owner->alloc, count, sizeof(*links));

	if (!links)
		return;
	smd_read_each(node, "link", child) read_link(&owner->alloc, child, &links[i++]);
	qsort(links, count, sizeof(*links), smd_link_compare);
	owner->topology.links = links;
	owner->topology.link_count = count;
}

static int no_device(const struct smd_link *link, const char *device, const char *port,
		     const char *what, struct smd_error *error)
{
	smd_fail(error, SMD_E_INVALID, "%s: link %s %s - %s %s: the inventory has no device \"%s\"",
		 what, link->a_device, link->a_port, link->b_device, link->b_port, device);
	smd_error_where(error, "device \"%s\", port \"%s\"", device, port);
	smd_error_hint(error, "add the device to the inventory, or correct its name");
	return SMD_E_INVALID;
}

static int check_devices(const struct smd_topology *topology, const struct smd_inventory *inventory,
			 const char *what, struct smd_error *error)
{
	for (size_t i = 0; i < topology->link_count; i++) {
		const struct smd_link *link = &topology->links[i];

		if (!smd_inventory_device(inventory, link->a_device))
			return no_device(link, link->a_device, link->a_port, what, error);
		if (!smd_inventory_device(inventory, link->b_device))
			return no_device(link, link->b_device, link->b_port, what, error);
	}
	return 0;
}

static int check_ports(const struct smd_topology *topology, const char *what,
		       struct smd_error *error)
{
	smd_cleanup(smd_link_ends) struct smd_link_ends ends = {0};
	int err = smd_link_ends_init(&ends, topology);

	if (err)
		return smd_fail(error, err, "%s: no memory to check it", what);
	for (size_t i = 1; i < ends.count; i++) {
		const struct smd_link_end *a = &ends.items[i - 1], *b = &ends.items[i];

		if (smd_link_end_compare(a, b))
			continue;
		smd_fail(error, SMD_E_INVALID,
			 "%s: port \"%s\" of device \"%s\" is in two links, to %s %s and to %s %s",
			 what, a->port, a->device, a->far_device, a->far_port, b->far_device,
			 b->far_port);
		smd_error_where(error, "device \"%s\", port \"%s\"", a->device, a->port);
		return SMD_E_INVALID;
	}
	return 0;
}

int smd_topology_read(const struct smd_model *model, const struct smd_inventory *inventory,
		      const char *json, size_t size, const char *what, struct smd_topology **out,
		      struct smd_error *error)
{
	static const char *const roots[] = {"topology", NULL};
	smd_cleanup(lyd_free_all) struct lyd_node *tree = NULL;
	smd_cleanup(smd_topology_free) struct smd_topology *topology = NULL;
	struct owner *owner;
	int err = smd_model_parse(model, json, size, what, roots, &tree, error);

	if (err)
		return err;
	owner = calloc(1, sizeof(*owner));
	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	topology = &owner->topology;
	read_links(owner, tree);
	if (owner->alloc.failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	err = check_devices(topology, inventory, what, error);
	if (!err)
		err = check_ports(topology, what, error);
	if (!err)
		*out = smd_take(topology);
	return err;
}
