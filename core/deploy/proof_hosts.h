/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which hosts take part in a proof by traffic.
 *
 * 1. All hosts at endpoints of the new or the old state: they are what the change is about.
 * 2. Of the others at most as many as there are of the first, and 8 more. A frame of the domain
 *    is only on devices of its path, so it can leave the domain only by a port of one of these,
 *    to a host there or to a neighbour. So they are taken in this order: one host of each device
 *    of the path (new or old), a second one of each, one of each neighbour of such a device, one
 *    of each neighbour of these.
 *
 * So a domain of n endpoints needs at most 2n + 8 sessions, whatever the inventory holds. What
 * this can miss: a single port of a device with several hosts that leaks when its host was not
 * chosen, and a leak that ends more than two devices beyond the path.
 */
#ifndef SMD_DEPLOY_PROOF_HOSTS_H
#define SMD_DEPLOY_PROOF_HOSTS_H

#include "core/base/json.h"
#include "core/model/inventory.h"
#include "core/model/topology.h"

#define SMD_PROOF_OTHERS 8 /* outsiders that a domain may have beyond the number of its hosts */

/*
 * A configuration that changes: its deployed record before and after; NULL: nothing is deployed
 * then. What is no bridge domain is ignored. All is borrowed.
 */
struct smd_proof_entry {
	const char *configuration;
	const cJSON *before, *after;
};

enum smd_proof_role {
	SMD_PROOF_NONE = 0,
	SMD_PROOF_ENDPOINT, /* its port is an endpoint before, after, or both */
	SMD_PROOF_OTHER     /* chosen to show that nothing leaks */
};

/* The VLAN of an entry: that after, else that before. 0: it is no bridge domain. */
uint16_t smd_proof_vlan(const struct smd_proof_entry *entry);
/* "access" or "tagged" if the record has an endpoint at the host's port, else NULL. */
const char *smd_proof_tagging(const cJSON *record, const struct smd_host *host);
/*
 * Set roles[i] of each host of the inventory in the entry; `roles` has a byte for each. Hosts
 * without an address for tests or a known port have none. SMD_E_NO_MEMORY.
 */
int smd_proof_choose(const struct smd_proof_entry *entry, const struct smd_inventory *inventory,
		     const struct smd_topology *topology, uint8_t *roles);

#endif
