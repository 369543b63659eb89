/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The risk of a draft: what a person should know before applying it, beyond the commands.
 *
 * Each reason has a weight of its own; the level is that of the heaviest, and HIGH as well when
 * three reasons of medium weight meet.
 *
 *     traffic is interrupted, because the old path is removed first   high
 *     ports that carry VLANs now are changed                         medium
 *     devices that nothing takes back if the controller dies         medium
 *     a bridge domain that no host can prove                         medium
 *     more than ten devices                                          medium
 *
 * In use are ports of which the driver tells that they carry a VLAN; how much traffic that is, no
 * driver tells yet.
 */
#ifndef SMD_PLAN_RISK_H
#define SMD_PLAN_RISK_H

#include "core/plan/draft.h"

/*
 * Make {"level": "low" | "medium" | "high", "reasons": [sentence, ...]}. The sentences are for
 * people, and the same in every output. `ports`: as smd_fabric_ports adds them, of all devices.
 * `*err` becomes SMD_E_NO_MEMORY where something is missing; the result is the caller's.
 */
cJSON *smd_risk_json(const struct smd_draft *draft, const cJSON *ports, int *err);

#endif
