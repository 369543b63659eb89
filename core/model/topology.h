/* SPDX-License-Identifier: Apache-2.0 */
/* The topology: the links between devices, which form the fabric. */
#ifndef SMD_MODEL_TOPOLOGY_H
#define SMD_MODEL_TOPOLOGY_H

#include <smartdeploy/error.h>

#include "core/base/cleanup.h"

struct smd_inventory;
struct smd_link_end;
struct smd_model;
struct smd_record;

/* A cable. `a` is the end whose device name is lower. */
struct smd_link {
	const char *a_device;
	const char *a_port;
	const char *b_device;
	const char *b_port;
};

/*
 * Links, sorted by a_device, b_device, a_port, b_port. Two devices may have several links. `ends`
 * is the index of their ports (link_end.h) of a topology that was read, else NULL.
 */
struct smd_topology {
	const struct smd_link *links;
	size_t link_count;
	const struct smd_link_end *ends;
};

/*
 * Read a topology; arguments and errors as smd_document_read. SMD_E_INVALID also for: a port
 * with two links, a link from a device to itself, a device that is not in `inventory`. The
 * result borrows nothing from the inventory.
 */
int smd_topology_read(const struct smd_model *model, const struct smd_inventory *inventory,
		      const char *json, size_t size, const char *what, struct smd_topology **out,
		      struct smd_error *error);
void smd_topology_free(struct smd_topology *topology); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_topology *, smd_topology_free);

/* As smd_inventory_seal and smd_inventory_load; the devices are checked again. */
int smd_topology_seal(const struct smd_topology *topology, const char *text, struct smd_record *out,
		      struct smd_error *error);
int smd_topology_load(const struct smd_model *model, const struct smd_inventory *inventory,
		      struct smd_record record_take, const char *what, struct smd_topology **out,
		      struct smd_error *error);

/* The link at a port, borrowed; NULL: the port is not part of the fabric. For one that was read. */
const struct smd_link *smd_topology_link_at(const struct smd_topology *topology, const char *device,
					    const char *port);

#endif
