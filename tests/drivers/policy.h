/* SPDX-License-Identifier: Apache-2.0 */
/* Random configurations of lists, route maps, BGP, OSPF and static routes for FRRouting. */
#ifndef SMD_TESTS_DRIVERS_POLICY_H
#define SMD_TESTS_DRIVERS_POLICY_H

#include <smartdeploy/text.h>

#include "gen.h"

#define POLICY_PICKS 256

/* Each line that may be there is a pick: 0 is none of it, else one of its ways. */
struct policy {
	uint8_t picks[POLICY_PICKS];
};

void policy_make(struct policy *policy, struct gen *gen);
/* Pick some lines anew. */
void policy_change(struct policy *policy, struct gen *gen, unsigned count);
/* Append the lines, as the router prints them. */
void policy_print(const struct policy *policy, struct smd_text *text);

#endif
