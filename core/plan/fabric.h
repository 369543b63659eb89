/* SPDX-License-Identifier: Apache-2.0 */
/* Effects of a draft on the fabric: loops (law 6), and the ports that it changes. */
#ifndef SMD_PLAN_FABRIC_H
#define SMD_PLAN_FABRIC_H

#include "core/plan/draft.h"

/*
 * Check each VLAN of the draft for loops. Returns 0 when no mixture of old and new state has a
 * loop, 1 when the change is free of loops only in two steps (remove the old path first),
 * SMD_E_UNSAFE when both can have one.
 */
int smd_fabric_check(const struct smd_draft *draft, struct smd_error *error);

/*
 * Add {"vlan", "ports"} to `carriers` for each VLAN of the draft that ports of the task's device
 * carry now; the ports are sorted by name. The plan stores them, because its order was found
 * free of loops for exactly these ports.
 */
int smd_fabric_carriers(const struct smd_draft *draft, const struct smd_task *task,
			cJSON *carriers);

/*
 * Add {"device", "port"} to `ports` for each port of the task's device that the change touches:
 * its configuration differs between running and target, or the VLANs that it carries do. Each
 * port is there once.
 */
int smd_fabric_ports(const struct smd_task *task, cJSON *ports);

/*
 * Add to `used` those of `ports` (as above, of all devices of the draft) that carry a VLAN now.
 * Where the driver cannot tell what ports carry, none of its device is added.
 */
int smd_fabric_in_use(const struct smd_draft *draft, const cJSON *ports, cJSON *used);

#endif
