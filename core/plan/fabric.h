/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft does to the fabric: loops (law 6), and the ports that it touches. */
#ifndef SMD_PLAN_FABRIC_H
#define SMD_PLAN_FABRIC_H

#include "core/plan/draft.h"

/*
 * Is the draft's VLAN free of loops whatever mixture of old and new is in force
 * (then 0), only when old is broken before new is made (then 1), or not at all
 * (SMD_E_UNSAFE)?
 */
int smd_fabric_check(const struct smd_draft *draft, struct smd_error *error);

/*
 * Add the name of each port that carries the VLAN on the task's device now. A
 * plan is bound to them, for its order was found free of loops with these.
 */
int smd_fabric_carriers(const struct smd_task *task, uint16_t vlan, cJSON *names);

/* Add {"device", "port"} to `ports` for each port of the task that gets or loses the VLAN. */
int smd_fabric_ports(const struct smd_task *task, uint16_t vlan, cJSON *ports);

#endif
