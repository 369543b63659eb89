/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/model/checked.h"
#include "core/model/link_end.h"
#include "core/model/read.h"

/* The whole memory of a topology: its first member is what smd_topology_read returns. */
struct owner {
	struct smd_topology topology;
	struct smd_alloc alloc;
	struct smd_link_end *ends;
};

void smd_topology_free(struct smd_topology *topology)
{
	struct owner *owner = (struct owner *)topology;

	if (!owner)
		return;
	smd_alloc_done(&owner->alloc);
	free(owner->ends);
	free(owner);
}

const struct smd_link *smd_topology_link_at(const struct smd_topology *topology, const char *device,
					    const char *port)
{
	struct smd_link_ends ends = {(struct smd_link_end *)topology->ends,
				     2 * topology->link_count, 1};
	const struct smd_link_end *end = smd_link_ends_find(&ends, device, port);

	return end ? &topology->links[end->link] : NULL;
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

/* Check that the inventory has the devices of all ends; both are sorted by name. */
static int check_devices(const struct smd_topology *topology, const struct smd_inventory *inventory,
			 const char *what, struct smd_error *error)
{
	const struct smd_link_end *ends = topology->ends;
	size_t device = 0;

	for (size_t i = 0; i < 2 * topology->link_count; i++) {
		int order = -1;

		if (i && !strcmp(ends[i - 1].device, ends[i].device))
			continue;
		while (device < inventory->device_count &&
		       (order = strcmp(inventory->devices[device].name, ends[i].device)) < 0)
			device++;
		if (order)
			return no_device(&topology->links[ends[i].link], ends[i].device,
					 ends[i].port, what, error);
	}
	return 0;
}

static int check_ports(const struct smd_topology *topology, const char *what,
		       struct smd_error *error)
{
	const struct smd_link_end *ends = topology->ends;

	for (size_t i = 1; i < 2 * topology->link_count; i++) {
		const struct smd_link_end *a = &ends[i - 1], *b = &ends[i];

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
	if (smd_link_ends_make(topology, &owner->ends))
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to check it", what);
	topology->ends = owner->ends;
	err = check_devices(topology, inventory, what, error);
	if (!err)
		err = check_ports(topology, what, error);
	if (!err)
		*out = smd_take(topology);
	return err;
}

/* The checked form */

int smd_topology_seal(const struct smd_topology *topology, const char *text, struct smd_record *out,
		      struct smd_error *error)
{
	smd_cleanup(smd_pack) struct smd_pack form = {0};

	smd_pack_text(&form, "topology");
	smd_pack_number(&form, topology->link_count);
	for (size_t i = 0; i < topology->link_count; i++) {
		const struct smd_link *link = &topology->links[i];

		smd_pack_text(&form, link->a_device);
		smd_pack_text(&form, link->a_port);
		smd_pack_text(&form, link->b_device);
		smd_pack_text(&form, link->b_port);
	}
	for (size_t i = 0; i < 2 * topology->link_count; i++)
		smd_pack_number(&form, smd_link_end_number(topology, &topology->ends[i]));
	return smd_checked_seal(&form, text, out, error);
}

static void unpack_links(struct owner *owner, struct smd_unpack *form)
{
	size_t count = smd_unpack_count(form);
	struct smd_link *links = smd_alloc_array(&owner->alloc, count, sizeof(*links));

	for (size_t i = 0; links && i < count && !form->damage; i++) {
		links[i].a_device = smd_unpack_text(form);
		links[i].a_port = smd_unpack_text(form);
		links[i].b_device = smd_unpack_text(form);
		links[i].b_port = smd_unpack_text(form);
		if (strcmp(links[i].a_device, links[i].b_device) >= 0 ||
		    (i && smd_link_compare(&links[i - 1], &links[i]) >= 0))
			smd_unpack_fail(form, "its links are not in order");
	}
	owner->topology.links = links;
	owner->topology.link_count = count;
}

/* Read the index of the ports. In order and without one twice, it has all of them. */
static void unpack_ends(struct owner *owner, struct smd_unpack *form)
{
	size_t count = 2 * owner->topology.link_count;
	struct smd_link_end *ends;

	if (form->damage || owner->alloc.failed || !count)
		return;
	owner->ends = ends = reallocarray(NULL, count, sizeof(*ends));
	owner->alloc.failed = !ends;
	for (size_t i = 0; ends && i < count && !form->damage; i++) {
		ends[i] = smd_link_end_at(&owner->topology, smd_unpack_number(form, 0, count - 1));
		if (i && smd_link_end_compare(&ends[i - 1], &ends[i]) >= 0)
			smd_unpack_fail(form, "its ports are not in order");
	}
	owner->topology.ends = ends;
}

/* Read the form of a record, if it has one; the topology takes the record's memory. */
static int unpack(struct owner *owner, struct smd_checked *checked, const char *what,
		  struct smd_error *error)
{
	struct smd_unpack *form = &checked->form;

	if (strcmp(smd_unpack_text(form), "topology"))
		smd_unpack_fail(form, "it is no topology");
	unpack_links(owner, form);
	unpack_ends(owner, form);
	if (owner->alloc.failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (smd_unpack_end(form))
		return smd_checked_damaged(what, form->damage, error);
	owner->alloc.block = smd_take(checked->block);
	return 0;
}

int smd_topology_load(const struct smd_model *model, const struct smd_inventory *inventory,
		      struct smd_record record_take, const char *what, struct smd_topology **out,
		      struct smd_error *error)
{
	smd_cleanup(smd_checked) struct smd_checked checked = {0};
	smd_cleanup(smd_topology_free) struct smd_topology *topology = NULL;
	struct owner *owner;
	int err = record_take.bytes ? smd_checked_open(record_take, what, &checked, error) : 0;

	if (!err && record_take.bytes && !checked.form.at) {
		err = smd_checked_need_text(&checked, what, error);
		return err ? err
			   : smd_topology_read(model, inventory, checked.text, checked.text_size,
					       what, out, error);
	}
	if (err)
		return err;
	owner = calloc(1, sizeof(*owner));
	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	topology = &owner->topology;
	if (record_take.bytes)
		err = unpack(owner, &checked, what, error);
	if (!err)
		err = check_devices(topology, inventory, what, error);
	if (!err)
		*out = smd_take(topology);
	return err;
}
