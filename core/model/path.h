/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a bridge domain runs through the fabric, and whether a VLAN loops.
 *
 * All functions are pure, may run on any thread, and give the same result in
 * whatever order their input comes.
 */
#ifndef SMD_MODEL_PATH_H
#define SMD_MODEL_PATH_H

#include "core/model/model.h"

/* A port that carries a VLAN. Borrowed strings. */
struct smd_port {
	const char *device;
	const char *port;
};

/*
 * A tree: `link_count` is one less than `device_count`, and every device at
 * its tips has an endpoint. Devices sorted by name, transit included; links as
 * in a topology. Owns its strings.
 */
struct smd_path {
	const char *const *devices;
	size_t device_count;
	const struct smd_link *links;
	size_t link_count;
};

/*
 * Find the path of a domain. `in_place` are the ports that carry its VLAN now
 * (none for a new one; ports that are not of the fabric do not matter): a link
 * of which both ends do is in place. Preferred are, in this order: links in
 * place, few links, low names. A device of role "leaf" carries no transit.
 *
 * SMD_E_INVALID, with the endpoint in `where`: a device that the inventory
 * lacks, an endpoint on a port of the fabric, or two devices that no path joins.
 */
int smd_path_find(const struct smd_bridge_domain *domain, const struct smd_inventory *inventory,
		  const struct smd_topology *topology, const struct smd_port *in_place,
		  size_t in_place_count, struct smd_path **out, struct smd_error *error);
void smd_path_free(struct smd_path *path); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_path *, smd_path_free);

/* Has the device a part in the path? */
int smd_path_has(const struct smd_path *path, const char *device);

/*
 * Law 6: is the VLAN free of loops, whatever of `ports` is in force? `ports`
 * are those that carry the VLAN before or after a change (duplicates are fine);
 * `read` are the devices of which that is known completely. A link is taken as
 * active when both ends carry the VLAN, or one does and the other's device was
 * not read. SMD_E_UNSAFE names the links of a loop.
 */
int smd_loop_check(const struct smd_topology *topology, uint16_t vlan, const struct smd_port *ports,
		   size_t port_count, const char *const *read, size_t read_count,
		   struct smd_error *error);

#endif
