/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/plan: what transitions forward and back share (transition.c, rollback.c). */
#ifndef SMD_PLAN_INTERNAL_H
#define SMD_PLAN_INTERNAL_H

#include "core/plan/transition.h"

/* An empty transition; NULL: no memory. */
struct smd_transition *smd_transition_new(enum smd_goal goal, const char *configuration);
/* Read the record `deployed NAME`. `*out` stays NULL, without an error, when there is none. */
int smd_deployed_read(struct smd_site *site, const char *configuration, cJSON **out,
		      struct smd_error *error);
/*
 * SMD_E_CONFLICT when another configuration has the VLAN or a port of this record by now. NULL:
 * nothing is wanted.
 */
int smd_deployed_check(struct smd_site *site, const char *configuration, const cJSON *record,
		       struct smd_error *error);

#endif
