/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/fabric.h"

#include <stdio.h>
#include <string.h>

#include "core/tree/own.h"

/* Ports that carry the VLAN. The names are borrowed from the trees. */
struct carriers {
	struct smd_port *ports;
	size_t count, room;
	struct smd_tree **trees;
	size_t tree_count;
};

static void carriers_done(struct carriers *carriers)
{
	for (size_t i = 0; i < carriers->tree_count; i++)
		smd_tree_free(carriers->trees[i]);
	free(carriers->trees);
	free(carriers->ports);
}

/*
 * The ports that carry the VLAN on a device, as a tree of /port[NAME]; NULL: the driver cannot
 * tell.
 */
static int discover(const struct smd_task *task, const struct smd_tree *tree,
		    struct smd_tree **found, struct smd_error *error)
{
	const struct smd_service *service =
		smd_language_service(&task->language, "bridge-domain", 1);
	int err;

	*found = NULL;
	if (!service || !service->discover)
		return 0;
	err = smd_tree_new(found);
	return err ? err : service->discover(task->language.state, tree, *found, error);
}

static const struct smd_node *ports_of(const struct smd_tree *found, uint16_t vlan)
{
	char number[8];

	if (!found)
		return NULL;
	snprintf(number, sizeof(number), "%u", vlan);
	return smd_node_find(smd_tree_top(found), "vlan", number);
}

static int add_port(struct carriers *carriers, const char *device, const char *port)
{
	if (carriers->count == carriers->room) {
		size_t room = carriers->room ? carriers->room * 2 : 32;
		struct smd_port *ports = reallocarray(carriers->ports, room, sizeof(*ports));

		if (!ports)
			return SMD_E_NO_MEMORY;
		carriers->ports = ports;
		carriers->room = room;
	}
	carriers->ports[carriers->count++] = (struct smd_port){device, port};
	return 0;
}

static int add_device(struct carriers *carriers, const struct smd_task *task,
		      const struct smd_tree *tree, uint16_t vlan, struct smd_error *error)
{
	struct smd_tree *found = NULL;
	const struct smd_node *ports;
	int err = discover(task, tree, &found, error);

	if (found)
		carriers->trees[carriers->tree_count++] = found;
	if (err)
		return err;
	ports = ports_of(found, vlan);
	for (const struct smd_node *p = ports ? smd_node_first(ports) : NULL; p && !err;
	     p = smd_node_next(p))
		err = add_port(carriers, task->device, smd_node_key(p, 0));
	return err;
}

/* Add the links that a deployed record names and the topology does not have. */
static void add_old_links(const struct smd_topology *topology, const cJSON *record,
			  struct smd_link *links, size_t *count)
{
	const cJSON *json;

	cJSON_ArrayForEach (json, smd_json_array(record, "links")) {
		struct smd_link link = {
			smd_json_string(json, "a-device"), smd_json_string(json, "a-port"),
			smd_json_string(json, "b-device"), smd_json_string(json, "b-port")};

		if (link.a_device && link.a_port && link.b_device && link.b_port &&
		    !smd_topology_link_at(topology, link.a_device, link.a_port) &&
		    !smd_topology_link_at(topology, link.b_device, link.b_port))
			links[(*count)++] = link;
	}
}

/*
 * The links to check for loops: those of the topology, and those that the old or the new state
 * uses although the topology has dropped them. A cable can be removed from the document and
 * still be plugged in.
 */
static int links_that_matter(const struct smd_draft *draft, struct smd_topology *out)
{
	const struct smd_topology *topology = draft->site->topology;
	const struct smd_transition *transition = draft->transition;
	size_t most = topology->link_count +
		      (size_t)cJSON_GetArraySize(smd_json_array(transition->from, "links")) +
		      (size_t)cJSON_GetArraySize(smd_json_array(transition->to, "links"));
	struct smd_link *links = calloc(most + 1, sizeof(*links));

	out->links = links;
	out->link_count = topology->link_count;
	if (!links)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < topology->link_count; i++)
		links[i] = topology->links[i];
	add_old_links(topology, transition->from, links, &out->link_count);
	add_old_links(topology, transition->to, links, &out->link_count);
	return 0;
}

enum { BEFORE = 1, AFTER = 2 };

static int check(const struct smd_draft *draft, int when, struct smd_error *error)
{
	uint16_t vlan = smd_transition_vlan(draft->transition);
	struct carriers carriers = {.trees = calloc(2 * draft->count + 1, sizeof(void *))};
	smd_cleanup(free) const char **read = calloc(draft->count + 1, sizeof(*read));
	struct smd_topology links = {0};
	int err = carriers.trees && read ? links_that_matter(draft, &links) : SMD_E_NO_MEMORY;

	for (size_t i = 0; i < draft->count && !err; i++) {
		const struct smd_task *task = &draft->tasks[i];

		read[i] = task->device;
		if (when & BEFORE)
			err = add_device(&carriers, task, task->running, vlan, error);
		if (!err && when & AFTER)
			err = add_device(&carriers, task, task->target, vlan, error);
	}
	if (!err)
		err = smd_loop_check(&links, vlan, carriers.ports, carriers.count, read,
				     draft->count, error);
	free((void *)links.links);
	carriers_done(&carriers);
	return err;
}

int smd_fabric_check(const struct smd_draft *draft, struct smd_error *error)
{
	int err;

	if (!smd_transition_vlan(draft->transition))
		return 0;
	err = check(draft, BEFORE | AFTER, error);
	if (err != SMD_E_UNSAFE)
		return err;
	err = check(draft, AFTER, error);
	return err ? err : 1;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int smd_fabric_carriers(const struct smd_task *task, uint16_t vlan, cJSON *names)
{
	smd_cleanup(smd_tree_free) struct smd_tree *found = NULL;
	const struct smd_node *ports, *port;
	smd_cleanup(free) const char **sorted = NULL;
	size_t count = 0, room = 0;
	int err = discover(task, task->running, &found, NULL);

	ports = err ? NULL : ports_of(found, vlan);
	port = ports ? smd_node_first(ports) : NULL;
	for (const struct smd_node *p = port; p; p = smd_node_next(p))
		room++;
	sorted = calloc(room + 1, sizeof(*sorted));
	if (err || !sorted)
		return err ? err : SMD_E_NO_MEMORY;
	for (; port; port = smd_node_next(port))
		sorted[count++] = smd_node_key(port, 0);
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(names, cJSON_CreateString(sorted[i]));
	return 0;
}

static int add_touched(const char *device, const struct smd_node *port, cJSON *ports)
{
	cJSON *json = cJSON_CreateObject();

	if (!json || !cJSON_AddStringToObject(json, "device", device) ||
	    !cJSON_AddStringToObject(json, "port", smd_node_key(port, 0)) ||
	    !cJSON_AddItemToArray(ports, json)) {
		cJSON_Delete(json);
		return SMD_E_NO_MEMORY;
	}
	return 0;
}

/* Add the ports of `a` that `b` lacks and, if `changed`, those whose tagging differs. */
static int add_missing(const char *device, const struct smd_node *a, const struct smd_node *b,
		       int changed, cJSON *ports)
{
	int err = 0;

	for (const struct smd_node *p = a ? smd_node_first(a) : NULL; p && !err;
	     p = smd_node_next(p)) {
		const struct smd_node *other = b ? smd_node_match(b, p) : NULL;

		if (!other || (changed && !smd_node_equal(p, other)))
			err = add_touched(device, p, ports);
	}
	return err;
}

int smd_fabric_ports(const struct smd_task *task, uint16_t vlan, cJSON *ports)
{
	smd_cleanup(smd_tree_free) struct smd_tree *before = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *after = NULL;
	int err = discover(task, task->running, &before, NULL);

	if (!err)
		err = discover(task, task->target, &after, NULL);
	if (!err)
		err = add_missing(task->device, ports_of(after, vlan), ports_of(before, vlan), 1,
				  ports);
	if (!err)
		err = add_missing(task->device, ports_of(before, vlan), ports_of(after, vlan), 0,
				  ports);
	return err;
}
