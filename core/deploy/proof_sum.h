/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/deploy: what the claims of a proof come to. */
#ifndef SMD_DEPLOY_PROOF_SUM_H
#define SMD_DEPLOY_PROOF_SUM_H

#include <smartdeploy/tree.h>

#include "core/base/json.h"

/*
 * Sum up the sections /claim[TEXT] below `claims` (NULL: there are none) of a proof with so many
 * hosts. Result, errors and `require` as smd_proof_result.
 */
int smd_proof_sum(const struct smd_node *claims, size_t hosts, int require, cJSON **result,
		  struct smd_error *error);

#endif
