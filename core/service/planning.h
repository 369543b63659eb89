/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/service: how plans are made and carried out (plans.c), forward and back. */
#ifndef SMD_SERVICE_PLANNING_H
#define SMD_SERVICE_PLANNING_H

#include "core/plan/plan.h"
#include "core/service/methods.h"

/*
 * Of what a draft is made. `make` makes the transitions anew each time, of `what`, which is its
 * own; only: NULL, or the devices to which the draft is limited. access: as whom to log in.
 * recovers: what holds a device is recovered first, if the request says so; only what acts does
 * that.
 */
struct smd_wanted {
	int (*make)(struct smd_call *call, const void *what, struct smd_transition ***transitions,
		    size_t *count);
	const void *what;
	const cJSON *only;
	enum smd_access access;
	int recovers;
};

/* Does the request say that what holds a device is recovered first? */
int smd_plan_recovers(const struct smd_call *call);
/* SMD_E_INVALID if the request's comment is too long, or not one line of plain text. */
int smd_plan_check_comment(const struct smd_call *call);
/* Add to the batch which product and release each device of the draft was seen to run. */
void smd_seen_put(const struct smd_draft *draft, struct smd_batch *batch);
/* Make the draft and the plan of what is wanted, and store the plan; both are the caller's. */
int smd_plan_draft(struct smd_call *call, const struct smd_wanted *wanted, struct smd_draft **draft,
		   cJSON **plan);
/* Move the members of a plan to the call's result, and free it. */
int smd_plan_give(struct smd_call *call, cJSON *from_take);
/* Turn SMD_E_UNREACHABLE into SMD_E_ROLLED_BACK: nothing was sent, so everything is as before. */
int smd_plan_not_begun(struct smd_call *call, int err);
/* Deploy a draft by its plan; the result receives the deployment and its record. */
int smd_plan_execute(struct smd_call *call, struct smd_draft *draft, const cJSON *plan);

#endif
