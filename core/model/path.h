/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path of a bridge domain through the fabric, and the check for VLAN loops.
 *
 * All functions are pure and may run on any thread. The result does not depend on the order of
 * the input.
 */
#ifndef SMD_MODEL_PATH_H
#define SMD_MODEL_PATH_H

#include "core/model/model.h"

/* A port that carries a VLAN; strings are borrowed. */
struct smd_port {
	const char *device;
	const char *port;
};

/*
 * A path: a tree of devices and links, so there is one link fewer than devices, and every leaf
 * of the tree has an endpoint. Devices, transit included, are sorted by name; links as in a
 * topology. Owns its strings.
 */
struct smd_path {
	const char *const *devices;
	size_t device_count;
	const struct smd_link *links;
	size_t link_count;
};

/*
 * Find the path of a domain. `in_place`: the ports that carry its VLAN now (none for a new
 * domain; ports outside of the fabric are ignored). A link with both ends among them is in
 * place. Preference: first links in place, then few links, then low names. A device of role
 * "leaf" carries no transit.
 *
 * SMD_E_INVALID, with the endpoint as `where`: a device that is not in the inventory, an
 * endpoint on a fabric port, or two devices that no path connects.
 */
int smd_path_find(const struct smd_bridge_domain *domain, const struct smd_inventory *inventory,
		  const struct smd_topology *topology, const struct smd_port *in_place,
		  size_t in_place_count, struct smd_path **out, struct smd_error *error);
void smd_path_free(struct smd_path *path); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_path *, smd_path_free);

/* Is the device on the path? */
int smd_path_has(const struct smd_path *path, const char *device);

/*
 * Check that the VLAN has no loop (law 6), in whatever order the change takes effect on the
 * devices. `ports`: those that carry the VLAN before or after the change; duplicates are fine.
 * `read`: the devices whose ports are all known. A link counts as active if both its ends carry
 * the VLAN, or if one does and the other device was not read. SMD_E_UNSAFE names the links of a
 * loop.
 */
int smd_loop_check(const struct smd_topology *topology, uint16_t vlan, const struct smd_port *ports,
		   size_t port_count, const char *const *read, size_t read_count,
		   struct smd_error *error);

#endif
