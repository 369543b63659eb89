/* SPDX-License-Identifier: Apache-2.0 */
/* Random FRRouting configurations with lists, route maps, BGP, OSPF and static routes. */
#ifndef SMD_TESTS_DRIVERS_POLICY_H
#define SMD_TESTS_DRIVERS_POLICY_H

#include <smartdeploy/text.h>

#include "gen.h"

#define POLICY_PICKS 256

/*
 * A random configuration. Each optional line has a pick: 0 for no line, else one of its
 * variants.
 */
struct policy {
	uint8_t picks[POLICY_PICKS];
};

void policy_make(struct policy *policy, struct gen *gen);
/* Draw `count` of the picks again. */
void policy_change(struct policy *policy, struct gen *gen, unsigned count);
/* Append the lines in the form in which the router prints them. */
void policy_print(const struct policy *policy, struct smd_text *text);

#endif
