/* SPDX-License-Identifier: Apache-2.0 */
/* What a new inventory and topology change, for people. */
#ifndef SMD_MODEL_INVENTORY_CHANGES_H
#define SMD_MODEL_INVENTORY_CHANGES_H

#include "core/base/json.h"
#include "core/model/inventory.h"
#include "core/model/topology.h"

/*
 * Compare two inventories with their topologies. `*out` is the caller's:
 *
 *     credentials, devices, hosts   {added [NAME], changed [{name, members [NAME]}], dropped
 * [NAME]} links                         {added [LINK], dropped [LINK]}, LINK as "leaf1 1 - spine1
 * 2" known-hosts                   true, if it names another file equal true, if nothing of all
 * that differs
 *
 * Values are compared as they are meant: a default that is written out is no change, and the order
 * of entries neither. SMD_E_NO_MEMORY.
 */
int smd_inventory_changes(const struct smd_inventory *before,
			  const struct smd_topology *links_before,
			  const struct smd_inventory *after, const struct smd_topology *links_after,
			  cJSON **out, struct smd_error *error);

#endif
