/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/fabric.h"

#include <stdio.h>
#include <string.h>

#include "core/base/array.h"
#include "core/tree/own.h"
#include "core/tree/set_ops.h"

/* Add what one entry /vlan[NUMBERS] tells of its ports to /port[NAME]/TAGGING, a set each. */
static int carry(const struct smd_node *vlan, struct smd_tree *carried, struct smd_error *error)
{
	smd_cleanup(smd_set_done) struct smd_set numbers = {0};
	const char *key = smd_node_key(vlan, 0);
	int err = smd_set_parse(&numbers, key ? key : "", key ? strlen(key) : 0, error);

	for (const struct smd_node *p = smd_node_first(vlan); p && !err && numbers.count;
	     p = smd_node_next(p)) {
		const char *tagging = smd_node_leaf(p, "tagging");
		const struct smd_node_spec spec = {.kind = SMD_SET,
						   .name = tagging && *tagging ? tagging : "vlan"};
		struct smd_node *port = smd_node_make(smd_tree_root(carried), "port",
						      smd_node_key(p, 0)),
				*set;

		err = port ? smd_node_add(port, &spec, &set) : SMD_E_NO_MEMORY;
		if (!err || err == SMD_E_EXISTS)
			err = smd_set_add_all(smd_node_numbers(set), &numbers);
	}
	return err;
}

/*
 * What the ports of a device carry, as a tree of /port[NAME]/TAGGING, a set of VLANs each; NULL:
 * the driver cannot tell.
 */
static int discover(const struct smd_task *task, const struct smd_tree *tree,
		    struct smd_tree **carried, struct smd_error *error)
{
	const struct smd_service *service =
		smd_language_service(&task->language, "bridge-domain", 1);
	smd_cleanup(smd_tree_free) struct smd_tree *found = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *out = NULL;
	int err;

	*carried = NULL;
	if (!service || !service->discover)
		return 0;
	if (smd_tree_new(&found) || smd_tree_new(&out))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = service->discover(task->language.state, tree, found, error);
	for (const struct smd_node *v = smd_node_first(smd_tree_top(found)); v && !err;
	     v = smd_node_next(v))
		err = carry(v, out, error);
	if (!err)
		*carried = smd_take(out);
	return err;
}

static int carries(const struct smd_node *port, uint16_t vlan)
{
	for (const struct smd_node *set = smd_node_first(port); set; set = smd_node_next(set))
		if (smd_set_has(smd_node_set(set), vlan))
			return 1;
	return 0;
}

/* The first port from `port` on that carries the VLAN; NULL: there is none. */
static const struct smd_node *next_carrier(const struct smd_node *port, uint16_t vlan)
{
	while (port && !carries(port, vlan))
		port = smd_node_next(port);
	return port;
}

static const struct smd_node *first_carrier(const struct smd_tree *carried, uint16_t vlan)
{
	return carried ? next_carrier(smd_node_first(smd_tree_top(carried)), vlan) : NULL;
}

/* What the ports of all devices carry before and after the change. */
struct fabric {
	const struct smd_draft *draft;
	struct smd_tree **before, **after; /* an element a task; NULL: not known */
};

static void fabric_done(struct fabric *fabric)
{
	for (size_t i = 0; i < fabric->draft->count; i++) {
		if (fabric->before)
			smd_tree_free(fabric->before[i]);
		if (fabric->after)
			smd_tree_free(fabric->after[i]);
	}
	free(fabric->before);
	free(fabric->after);
}

static int discover_all(struct fabric *fabric, struct smd_error *error)
{
	const struct smd_draft *draft = fabric->draft;
	int err = 0;

	fabric->before = calloc(draft->count + 1, sizeof(struct smd_tree *));
	fabric->after = calloc(draft->count + 1, sizeof(struct smd_tree *));
	if (!fabric->before || !fabric->after)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	for (size_t i = 0; i < draft->count && !err; i++) {
		const struct smd_task *task = &draft->tasks[i];

		err = discover(task, task->running, &fabric->before[i], error);
		if (!err)
			err = discover(task, task->target, &fabric->after[i], error);
	}
	return err;
}

/* Ports that carry a VLAN. The names are borrowed. */
struct carriers {
	struct smd_port *ports;
	size_t count, room;
};

static int add_ports(struct carriers *carriers, const char *device, const struct smd_tree *carried,
		     uint16_t vlan)
{
	for (const struct smd_node *p = first_carrier(carried, vlan); p;
	     p = next_carrier(smd_node_next(p), vlan)) {
		if (smd_make_room(&carriers->ports, carriers->count, &carriers->room,
				  sizeof(*carriers->ports)))
			return SMD_E_NO_MEMORY;
		carriers->ports[carriers->count++] = (struct smd_port){device, smd_node_key(p, 0)};
	}
	return 0;
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
static int links_that_matter(const struct smd_topology *topology,
			     const struct smd_transition *transition, struct smd_topology *out)
{
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

/* Check the VLAN of a transition: what is after the change, and what is before it if `mixed`. */
static int check(const struct fabric *fabric, const struct smd_transition *transition, int mixed,
		 struct smd_error *error)
{
	const struct smd_draft *draft = fabric->draft;
	uint16_t vlan = smd_transition_vlan(transition);
	struct carriers carriers = {0};
	smd_cleanup(free) const char **read = calloc(draft->count + 1, sizeof(*read));
	struct smd_topology links = {0};
	int err = links_that_matter(draft->site->topology, transition, &links);

	if (!read)
		err = SMD_E_NO_MEMORY;
	for (size_t i = 0; i < draft->count && !err; i++) {
		read[i] = draft->tasks[i].device;
		if (mixed)
			err = add_ports(&carriers, read[i], fabric->before[i], vlan);
		if (!err)
			err = add_ports(&carriers, read[i], fabric->after[i], vlan);
	}
	if (!err)
		err = smd_loop_check(&links, vlan, carriers.ports, carriers.count, read,
				     draft->count, error);
	free((void *)links.links);
	free(carriers.ports);
	return err;
}

/* As smd_fabric_check, for the VLAN of one transition. */
static int check_vlan(const struct fabric *fabric, const struct smd_transition *transition,
		      struct smd_error *error)
{
	int err;

	if (!smd_transition_vlan(transition))
		return 0;
	err = check(fabric, transition, 1, error);
	if (err != SMD_E_UNSAFE)
		return err;
	err = check(fabric, transition, 0, error);
	return err ? err : 1;
}

static int has_vlan(const struct smd_draft *draft)
{
	for (size_t i = 0; i < draft->transition_count; i++)
		if (smd_transition_vlan(draft->transitions[i]))
			return 1;
	return 0;
}

int smd_fabric_check(const struct smd_draft *draft, struct smd_error *error)
{
	struct fabric fabric = {.draft = draft};
	int err, split = 0;

	if (!has_vlan(draft))
		return 0;
	err = discover_all(&fabric, error);
	for (size_t i = 0; i < draft->transition_count && !err; i++) {
		err = check_vlan(&fabric, draft->transitions[i], error);
		if (err > 0) {
			split = 1;
			err = 0;
		}
	}
	fabric_done(&fabric);
	return err ? err : split;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the ports that carry a VLAN, sorted; NULL: no memory. */
static cJSON *sorted_names(const struct smd_tree *carried, uint16_t vlan)
{
	smd_cleanup(free) const char **sorted = NULL;
	size_t count = 0, room = 0;

	for (const struct smd_node *p = first_carrier(carried, vlan); p;
	     p = next_carrier(smd_node_next(p), vlan)) {
		if (smd_make_room(&sorted, count, &room, sizeof(*sorted)))
			return NULL;
		sorted[count++] = smd_node_key(p, 0);
	}
	if (count)
		qsort(sorted, count, sizeof(*sorted), by_text);
	return cJSON_CreateStringArray(sorted, (int)count);
}

static int add_carriers(const struct smd_tree *carried, uint16_t vlan, cJSON *carriers)
{
	cJSON *json = cJSON_CreateObject();
	int err = 0;

	smd_json_put_number(json, "vlan", vlan, &err);
	smd_json_put(json, "ports", sorted_names(carried, vlan), &err);
	smd_json_append(carriers, json, &err);
	return err;
}

int smd_fabric_carriers(const struct smd_draft *draft, const struct smd_task *task, cJSON *carriers)
{
	smd_cleanup(smd_tree_free) struct smd_tree *carried = NULL;
	int err = has_vlan(draft) ? discover(task, task->running, &carried, NULL) : 0;

	for (size_t i = 0; i < draft->transition_count && !err; i++) {
		uint16_t vlan = smd_transition_vlan(draft->transitions[i]);

		if (first_carrier(carried, vlan))
			err = add_carriers(carried, vlan, carriers);
	}
	return err;
}

/* Ports that a change touches */

/* touched: /port[NAME] for each of them. known: the same for all ports of the device. */
struct touch {
	struct smd_tree *touched;
	struct smd_tree *known;
};

static int touch_port(const struct touch *touch, const char *name)
{
	return smd_node_make(smd_tree_root(touch->touched), "port", name) ? 0 : SMD_E_NO_MEMORY;
}

static const char *port_name(const struct touch *touch, const struct smd_node *node)
{
	const char *key = smd_node_kind(node) == SMD_ENTRY ? smd_node_key(node, 0) : NULL;

	return key && smd_node_find(smd_tree_top(touch->known), "port", key) ? key : NULL;
}

/* Touch the ports among the node and all below it. */
static int touch_below(const struct touch *touch, const struct smd_node *node)
{
	const char *name = port_name(touch, node);
	int err = name ? touch_port(touch, name) : 0;

	for (const struct smd_node *c = smd_node_first(node); c && !err; c = smd_node_next(c))
		err = touch_below(touch, c);
	return err;
}

/* Touch the port to which the changed node belongs, or else the ports that came or went with it. */
static int touch_by_change(const struct touch *touch, const struct smd_change *change)
{
	const struct smd_node *node = change->to ? change->to : change->from;

	for (const struct smd_node *n = node; n; n = smd_node_parent(n))
		if (port_name(touch, n))
			return touch_port(touch, port_name(touch, n));
	return touch_below(touch, node);
}

/* Touch the ports that carry VLANs in `a` and do not, or with another tagging, in `b`. */
static int touch_carriers(const struct touch *touch, const struct smd_tree *a,
			  const struct smd_tree *b)
{
	const struct smd_node *port = a ? smd_node_first(smd_tree_top(a)) : NULL;
	int err = 0;

	for (; port && !err; port = smd_node_next(port)) {
		const struct smd_node *other = b ? smd_node_match(smd_tree_top(b), port) : NULL;

		if (!other || !smd_node_equal(port, other))
			err = touch_port(touch, smd_node_key(port, 0));
	}
	return err;
}

static int touch_by_vlans(const struct touch *touch, const struct smd_task *task)
{
	smd_cleanup(smd_tree_free) struct smd_tree *before = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *after = NULL;
	int err = discover(task, task->running, &before, NULL);

	if (!err)
		err = discover(task, task->target, &after, NULL);
	if (!err)
		err = touch_carriers(touch, after, before);
	return err ? err : touch_carriers(touch, before, after);
}

/* Find all ports that the device has before or after the change. */
static int find_known(const struct touch *touch, const struct smd_task *task)
{
	const struct smd_service *service =
		smd_language_service(&task->language, "bridge-domain", 1);
	int err;

	if (!service || !service->ports)
		return 0;
	err = service->ports(task->language.state, task->running, touch->known, NULL);
	return err ? err : service->ports(task->language.state, task->target, touch->known, NULL);
}

static int add_touched(const struct touch *touch, const char *device, cJSON *ports)
{
	const struct smd_node *port = smd_node_first(smd_tree_top(touch->touched));
	int err = 0;

	for (; port && !err; port = smd_node_next(port)) {
		cJSON *json = cJSON_CreateObject();

		smd_json_put_string(json, "device", device, &err);
		smd_json_put_string(json, "port", smd_node_key(port, 0), &err);
		smd_json_append(ports, json, &err);
	}
	return err;
}

int smd_fabric_ports(const struct smd_task *task, cJSON *ports)
{
	smd_cleanup(smd_tree_free) struct smd_tree *touched = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *known = NULL;
	int err = smd_tree_new(&touched) || smd_tree_new(&known) ? SMD_E_NO_MEMORY : 0;
	struct touch touch = {touched, known};

	if (!err)
		err = find_known(&touch, task);
	for (size_t i = 0; i < smd_changes_count(task->changes) && !err; i++)
		err = touch_by_change(&touch, smd_changes_get(task->changes, i));
	if (!err)
		err = touch_by_vlans(&touch, task);
	return err ? err : add_touched(&touch, task->device, ports);
}

static int add_used(const struct smd_task *task, const cJSON *ports, cJSON *used)
{
	smd_cleanup(smd_tree_free) struct smd_tree *carried = NULL;
	const cJSON *port;
	int err = discover(task, task->running, &carried, NULL);

	cJSON_ArrayForEach (port, ports) {
		const char *device = smd_json_string(port, "device");
		const char *name = smd_json_string(port, "port");

		if (err || !device || !name || strcmp(device, task->device))
			continue;
		if (carried && smd_node_find(smd_tree_top(carried), "port", name))
			smd_json_append(used, cJSON_Duplicate(port, 1), &err);
	}
	return err;
}

int smd_fabric_in_use(const struct smd_draft *draft, const cJSON *ports, cJSON *used)
{
	int err = 0;

	for (size_t i = 0; i < draft->count && !err; i++)
		err = add_used(&draft->tasks[i], ports, used);
	return err;
}
