/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices are numbered in the inventory's order, links in the topology's, so low numbers are
 * low names. Of parallel links between two devices only one is used: one in place, else the
 * first. A link not in place weighs more than all links in place together, so existing links
 * are kept.
 */
#include "core/model/path.h"

#include <stdio.h>
#include <string.h>

#include "core/model/graph.h"
#include "core/model/link_end.h"
#include "core/model/read.h"

/* Number of transit devices from which a tree is grown, besides one device with an endpoint. */
#define STARTS 64

struct owner {
	struct smd_path path;
	struct smd_alloc alloc;
};

/* The state of one search. */
struct finder {
	const struct smd_bridge_domain *domain;
	const struct smd_inventory *inventory;
	const struct smd_topology *topology;
	struct smd_link_ends ends;
	struct smd_graph graph;
	uint8_t *in_place; /* per link: bits for the ends that carry the VLAN now */
	uint8_t *allowed;  /* per device: whether it may carry transit */
	uint32_t *goals;   /* devices with an endpoint, ascending; the tree connects them */
	size_t goal_count;
	uint32_t *starts;
	size_t start_count;
	uint8_t *best, *trial; /* per edge: the best tree so far; the tree being tried */
};

static void smd_cleanup_finder(struct finder *finder)
{
	smd_link_ends_done(&finder->ends);
	smd_graph_done(&finder->graph);
	free(finder->in_place);
	free(finder->allowed);
	free(finder->goals);
	free(finder->starts);
	free(finder->best);
	free(finder->trial);
}

static const char *name_of(const struct finder *finder, uint32_t node)
{
	return finder->inventory->devices[node].name;
}

/* The number of a device; UINT32_MAX: it is not in the inventory. */
static uint32_t number_of(const struct finder *finder, const char *name)
{
	const struct smd_device *device = smd_inventory_device(finder->inventory, name);

	return device ? (uint32_t)(device - finder->inventory->devices) : UINT32_MAX;
}

static void at_endpoint(struct smd_error *error, const struct smd_endpoint *endpoint)
{
	smd_error_where(error, "/bridge-domain/endpoint[device='%s'][port='%s']", endpoint->device,
			endpoint->port);
}

/* Check the endpoints and collect their devices. Both lists are sorted by name. */
static int find_goals(struct finder *finder, struct smd_error *error)
{
	for (size_t i = 0; i < finder->domain->endpoint_count; i++) {
		const struct smd_endpoint *endpoint = &finder->domain->endpoints[i];
		const struct smd_link_end *end =
			smd_link_ends_find(&finder->ends, endpoint->device, endpoint->port);
		uint32_t number = number_of(finder, endpoint->device);

		if (number == UINT32_MAX) {
			smd_fail(error, SMD_E_INVALID,
				 "bridge domain \"%s\": the inventory has no device \"%s\"",
				 finder->domain->name, endpoint->device);
			smd_error_hint(error,
				       "add the device to the inventory, or correct its name");
			at_endpoint(error, endpoint);
			return SMD_E_INVALID;
		}
		if (end) {
			smd_fail(error, SMD_E_INVALID,
				 "bridge domain \"%s\": port \"%s\" of device \"%s\" is a link to "
				 "%s %s, not a port for hosts",
				 finder->domain->name, endpoint->port, endpoint->device,
				 end->far_device, end->far_port);
			smd_error_hint(error, "links carry the domain by themselves where needed");
			at_endpoint(error, endpoint);
			return SMD_E_INVALID;
		}
		if (!finder->goal_count || finder->goals[finder->goal_count - 1] != number)
			finder->goals[finder->goal_count++] = number;
	}
	return 0;
}

static void mark_in_place(struct finder *finder, const struct smd_port *ports, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct smd_link_end *end =
			smd_link_ends_find(&finder->ends, ports[i].device, ports[i].port);

		if (!end)
			continue;
		finder->in_place[end->link] |=
			strcmp(end->device, finder->topology->links[end->link].a_device) ? 2 : 1;
	}
}

/*
 * The numbers of the devices at the ends of all links, the caller's (free()); UINT32_MAX: it is
 * not in the inventory. One walk, since ends and devices are sorted by device.
 */
static int number_ends(const struct finder *finder, uint32_t **out)
{
	const struct smd_inventory *inventory = finder->inventory;
	const struct smd_link_ends *ends = &finder->ends;
	uint32_t *numbers = calloc(ends->count + 1, sizeof(*numbers));
	uint32_t device = 0, number = UINT32_MAX;

	*out = numbers;
	for (size_t i = 0; numbers && i < ends->count; i++) {
		const struct smd_link_end *end = &ends->items[i];

		if (!i || strcmp(ends->items[i - 1].device, end->device)) {
			int order = -1;

			while (device < inventory->device_count &&
			       (order = strcmp(inventory->devices[device].name, end->device)) < 0)
				device++;
			number = order ? UINT32_MAX : device;
		}
		numbers[smd_link_end_number(finder->topology, end)] = number;
	}
	return numbers ? 0 : SMD_E_NO_MEMORY;
}

static int make_edges(struct finder *finder, struct smd_error *error)
{
	const struct smd_topology *topology = finder->topology;
	struct smd_graph *graph = &finder->graph;
	uint64_t heavy = finder->inventory->device_count + 1;
	smd_cleanup(free) uint32_t *numbers = NULL;

	graph->node_count = finder->inventory->device_count;
	if (number_ends(finder, &numbers))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to find a path");
	for (size_t i = 0; i < topology->link_count; i++) {
		const struct smd_link *link = &topology->links[i];
		struct smd_edge edge = {numbers[2 * i], numbers[2 * i + 1],
					finder->in_place[i] == 3 ? 1 : heavy, i};
		struct smd_edge *last =
			graph->edge_count ? &graph->edges[graph->edge_count - 1] : NULL;

		if (edge.a == UINT32_MAX || edge.b == UINT32_MAX)
			return smd_fail(error, SMD_E_INVALID,
					"topology: link %s %s - %s %s has a device that the "
					"inventory lacks",
					link->a_device, link->a_port, link->b_device, link->b_port);
		if (!last || last->a != edge.a || last->b != edge.b)
			graph->edges[graph->edge_count++] = edge;
		else if (edge.weight < last->weight)
			*last = edge;
	}
	if (smd_graph_index(graph))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to find a path");
	return 0;
}

/*
 * Collect the devices from which trees are grown: the first with an endpoint, and those that
 * can be the centre of a star.
 */
static void find_starts(struct finder *finder)
{
	finder->starts[finder->start_count++] = finder->goals[0];
	for (uint32_t n = 0; n < finder->graph.node_count; n++) {
		const size_t *first = finder->graph.first;

		if (finder->start_count == STARTS + 1)
			return;
		if (finder->allowed[n] && first[n + 1] - first[n] > 1)
			finder->starts[finder->start_count++] = n;
	}
}

static int finder_init(struct finder *finder, struct smd_error *error)
{
	size_t devices = finder->inventory->device_count, links = finder->topology->link_count;

	finder->in_place = calloc(links + 1, 1);
	finder->allowed = calloc(devices + 1, 1);
	finder->goals = calloc(devices + 1, sizeof(*finder->goals));
	finder->starts = calloc(STARTS + 1, sizeof(*finder->starts));
	finder->best = calloc(links + 1, 1);
	finder->trial = calloc(links + 1, 1);
	finder->graph.edges = calloc(links + 1, sizeof(*finder->graph.edges));
	if (!finder->in_place || !finder->allowed || !finder->goals || !finder->starts ||
	    !finder->best || !finder->trial || !finder->graph.edges ||
	    smd_link_ends_init(&finder->ends, finder->topology))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to find a path");
	for (size_t i = 0; i < devices; i++)
		finder->allowed[i] = strcmp(finder->inventory->devices[i].role, "leaf") != 0;
	return 0;
}

/*
 * For the error message: the first leaf device on a path from `from` to `to` that would exist
 * if leaf devices carried transit; NULL: there is no such path.
 */
static const char *leaf_between(struct finder *finder, uint32_t from, uint32_t to)
{
	uint32_t goal[] = {from, to}, unreached;

	for (size_t i = 0; i < finder->goal_count; i++)
		finder->allowed[finder->goals[i]] = 1;
	for (size_t i = 0; i < finder->graph.node_count; i++)
		finder->allowed[i] |= 2;
	if (smd_graph_span(&finder->graph, finder->allowed, goal, 2, from, finder->trial,
			   &unreached))
		return NULL;
	for (size_t i = 0; i < finder->graph.edge_count; i++) {
		const struct smd_edge *edge = &finder->graph.edges[i];

		if (!finder->trial[i])
			continue;
		if (finder->allowed[edge->a] == 2)
			return name_of(finder, edge->a);
		if (finder->allowed[edge->b] == 2)
			return name_of(finder, edge->b);
	}
	return NULL;
}

static int no_path(struct finder *finder, uint32_t unreached, struct smd_error *error)
{
	const char *from = name_of(finder, finder->goals[0]), *to = name_of(finder, unreached);
	const char *leaf = leaf_between(finder, finder->goals[0], unreached);
	const struct smd_endpoint *endpoint = finder->domain->endpoints;

	while (strcmp(endpoint->device, to))
		endpoint++;
	if (leaf)
		smd_fail(error, SMD_E_INVALID,
			 "bridge domain \"%s\": no path joins devices \"%s\" and \"%s\": every way "
			 "runs through a leaf without an endpoint, as \"%s\"",
			 finder->domain->name, from, to, leaf);
	else
		smd_fail(error, SMD_E_INVALID,
			 "bridge domain \"%s\": no path joins devices \"%s\" and \"%s\": the "
			 "topology has no links between them",
			 finder->domain->name, from, to);
	smd_error_hint(error, "add the missing links to the topology, or correct the endpoint");
	at_endpoint(error, endpoint);
	return SMD_E_INVALID;
}

/* The tree with the lowest weight of all starts; of equal ones, the one with the lowest edges. */
static int find_best(struct finder *finder, struct smd_error *error)
{
	size_t size = finder->graph.edge_count;
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < finder->start_count; i++) {
		uint32_t unreached;
		uint64_t weight;
		int err = smd_graph_span(&finder->graph, finder->allowed, finder->goals,
					 finder->goal_count, finder->starts[i], finder->trial,
					 &unreached);

		if (err == SMD_E_NO_MEMORY)
			return smd_fail(error, err, "no memory to find a path");
		if (err && !i)
			return no_path(finder, unreached, error);
		if (err)
			continue;
		weight = smd_graph_weight(&finder->graph, finder->trial);
		if (weight > least ||
		    (weight == least && memcmp(finder->trial, finder->best, size) <= 0))
			continue;
		least = weight;
		memcpy(finder->best, finder->trial, size);
	}
	return 0;
}

static void keep_links(struct owner *owner, const struct finder *finder, uint8_t *used)
{
	const struct smd_graph *graph = &finder->graph;
	size_t count = 0, at = 0;
	struct smd_link *links;

	for (size_t i = 0; i < graph->edge_count; i++)
		count += finder->best[i];
	links = smd_alloc_array(&owner->alloc, count, sizeof(*links));
	for (size_t i = 0; links && i < graph->edge_count; i++) {
		const struct smd_edge *edge = &graph->edges[i];
		const struct smd_link *link = &finder->topology->links[edge->link];

		if (!finder->best[i])
			continue;
		used[edge->a] = used[edge->b] = 1;
		links[at++] = (struct smd_link){
			.a_device = smd_alloc_text(&owner->alloc, link->a_device),
			.a_port = smd_alloc_text(&owner->alloc, link->a_port),
			.b_device = smd_alloc_text(&owner->alloc, link->b_device),
			.b_port = smd_alloc_text(&owner->alloc, link->b_port),
		};
	}
	owner->path.links = links;
	owner->path.link_count = count;
}

static void keep_devices(struct owner *owner, const struct finder *finder, const uint8_t *used)
{
	size_t count = 0, at = 0;
	const char **devices;

	for (size_t i = 0; i < finder->graph.node_count; i++)
		count += used[i];
	devices = smd_alloc_array(&owner->alloc, count, sizeof(*devices));
	for (uint32_t i = 0; devices && i < finder->graph.node_count; i++)
		if (used[i])
			devices[at++] = smd_alloc_text(&owner->alloc, name_of(finder, i));
	owner->path.devices = devices;
	owner->path.device_count = count;
}

static int keep_path(const struct finder *finder, struct smd_path **out, struct smd_error *error)
{
	smd_cleanup(smd_path_free) struct smd_path *path = NULL;
	smd_cleanup(free) uint8_t *used = calloc(finder->graph.node_count + 1, 1);
	struct owner *owner = calloc(1, sizeof(*owner));

	path = owner ? &owner->path : NULL;
	if (!owner || !used)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to keep a path");
	for (size_t i = 0; i < finder->goal_count; i++)
		used[finder->goals[i]] = 1;
	keep_links(owner, finder, used);
	keep_devices(owner, finder, used);
	if (owner->alloc.failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to keep a path");
	*out = smd_take(path);
	return 0;
}

int smd_path_find(const struct smd_bridge_domain *domain, const struct smd_inventory *inventory,
		  const struct smd_topology *topology, const struct smd_port *in_place,
		  size_t in_place_count, struct smd_path **out, struct smd_error *error)
{
	smd_cleanup(finder) struct finder finder = {
		.domain = domain, .inventory = inventory, .topology = topology};
	int err = finder_init(&finder, error);

	if (!err)
		err = find_goals(&finder, error);
	if (err)
		return err;
	mark_in_place(&finder, in_place, in_place_count);
	err = make_edges(&finder, error);
	if (err)
		return err;
	find_starts(&finder);
	err = find_best(&finder, error);
	return err ? err : keep_path(&finder, out, error);
}

void smd_path_free(struct smd_path *path)
{
	struct owner *owner = (struct owner *)path;

	if (!owner)
		return;
	smd_arena_done(&owner->alloc.arena);
	free(owner);
}

int smd_path_has(const struct smd_path *path, const char *device)
{
	return smd_read_find(path->devices, path->device_count, sizeof(*path->devices), device) !=
	       NULL;
}
