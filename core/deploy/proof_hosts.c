/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/proof_hosts.h"

#include <string.h>

#include "core/base/array.h"

/* Devices where outsiders are looked for: those of the path, then ever further ones. */
struct devices {
	struct found {
		const char *name;
		unsigned taken; /* hosts chosen so far */
	} * found;
	size_t count, room;
	int err;
};

static const char *member(const cJSON *object, const char *name)
{
	const char *text = smd_json_string(object, name);

	return text ? text : "";
}

uint16_t smd_proof_vlan(const struct smd_proof_entry *entry)
{
	const cJSON *record = entry->after ? entry->after : entry->before;

	return (uint16_t)smd_json_number(record, "vlan", 0);
}

const char *smd_proof_tagging(const cJSON *record, const struct smd_host *host)
{
	const cJSON *endpoint;

	cJSON_ArrayForEach (endpoint, smd_json_array(record, "endpoints"))
		if (!strcmp(member(endpoint, "device"), host->device) &&
		    !strcmp(member(endpoint, "port"), host->device_port))
			return smd_json_string(endpoint, "tagging");
	return NULL;
}

static struct found *find_device(const struct devices *devices, const char *name, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(devices->found[i].name, name))
			return &devices->found[i];
	return NULL;
}

static void add_device(struct devices *devices, const char *name)
{
	if (devices->err || !*name || find_device(devices, name, devices->count))
		return;
	devices->err = smd_make_room(&devices->found, devices->count, &devices->room,
				     sizeof(*devices->found));
	if (!devices->err)
		devices->found[devices->count++] = (struct found){name, 0};
}

static void add_path(struct devices *devices, const cJSON *record)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, smd_json_array(record, "endpoints"))
		add_device(devices, member(one, "device"));
	cJSON_ArrayForEach (one, smd_json_array(record, "links")) {
		add_device(devices, member(one, "a-device"));
		add_device(devices, member(one, "b-device"));
	}
}

/* Add all neighbours of the devices that there are. Returns how many there were. */
static size_t add_neighbours(struct devices *devices, const struct smd_topology *topology)
{
	size_t known = devices->count;

	for (size_t i = 0; i < topology->link_count; i++) {
		const struct smd_link *link = &topology->links[i];

		if (find_device(devices, link->a_device, known))
			add_device(devices, link->b_device);
		else if (find_device(devices, link->b_device, known))
			add_device(devices, link->a_device);
	}
	return known;
}

static int is_usable(const struct smd_host *host)
{
	return host->ip[0] && host->device[0];
}

static size_t choose_endpoints(const struct smd_proof_entry *entry,
			       const struct smd_inventory *inventory, uint8_t *roles)
{
	size_t count = 0;

	for (size_t i = 0; i < inventory->host_count; i++) {
		const struct smd_host *host = &inventory->hosts[i];

		if (!is_usable(host) || (!smd_proof_tagging(entry->after, host) &&
					 !smd_proof_tagging(entry->before, host)))
			continue;
		roles[i] = SMD_PROOF_ENDPOINT;
		count++;
	}
	return count;
}

/*
 * Choose one host more of each of the devices from `first` to `last` that has one, and has at
 * most `taken` already. Returns how many of `left` are still to be chosen.
 */
static size_t choose_one_of_each(struct devices *devices, size_t first, size_t last, unsigned taken,
				 const struct smd_inventory *inventory, uint8_t *roles, size_t left)
{
	for (size_t i = 0; i < inventory->host_count && left; i++) {
		const struct smd_host *host = &inventory->hosts[i];
		struct found *found = find_device(devices, host->device, last);

		if (roles[i] || !is_usable(host) || !found || found < &devices->found[first] ||
		    found->taken > taken)
			continue;
		roles[i] = SMD_PROOF_OTHER;
		found->taken = taken + 1;
		left--;
	}
	return left;
}

int smd_proof_choose(const struct smd_proof_entry *entry, const struct smd_inventory *inventory,
		     const struct smd_topology *topology, uint8_t *roles)
{
	struct devices devices = {0};
	size_t endpoints, path, near, left;

	memset(roles, SMD_PROOF_NONE, inventory->host_count);
	if (!smd_proof_vlan(entry))
		return 0;
	endpoints = choose_endpoints(entry, inventory, roles);
	if (!endpoints)
		return 0; /* nobody whom an outsider could hear */
	add_path(&devices, entry->after);
	add_path(&devices, entry->before);
	path = add_neighbours(&devices, topology);
	near = add_neighbours(&devices, topology);
	left = endpoints + SMD_PROOF_OTHERS;
	if (!devices.err) {
		left = choose_one_of_each(&devices, 0, path, 0, inventory, roles, left);
		left = choose_one_of_each(&devices, 0, path, 1, inventory, roles, left);
		left = choose_one_of_each(&devices, path, near, 0, inventory, roles, left);
		choose_one_of_each(&devices, near, devices.count, 0, inventory, roles, left);
	}
	free(devices.found);
	return devices.err;
}
