/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A draft: a plan in the making, with everything alive that executing it
 * needs: open sessions, trees, payloads. Making one reads the devices
 * concerned, all at once; it changes nothing anywhere.
 */
#ifndef SMD_PLAN_DRAFT_H
#define SMD_PLAN_DRAFT_H

#include "core/plan/fetch_job.h"
#include "core/plan/task.h"
#include "core/plan/transition.h"

/*
 * tasks, fetches   One each a device, sorted by name; fetches[i].remote is its session.
 * steps            1, or 2 where a loop has to be broken before the rest is made.
 */
struct smd_draft {
	struct smd_site *site;
	struct smd_transition *transition;
	struct smd_task *tasks;
	struct smd_fetch_job *fetches;
	size_t count;
	unsigned steps;
	struct smd_text *scope; /* configuration, and what devices call broken */
};

/*
 * Make the draft of a transition, which it takes over, in failure too. `only`
 * (may be NULL) limits it to devices that an earlier draft found concerned.
 * Blocks while devices are read. Errors: whatever a device, a driver, the
 * ledger or a law says; SMD_E_UNSAFE when no order is free of loops.
 */
int smd_draft_make(struct smd_site *site, struct smd_transition *transition_take, const cJSON *only,
		   struct smd_draft **out, struct smd_error *error);
/* The same without reading anything: tasks with what is given, sessions that are not yet open. */
int smd_draft_open(struct smd_site *site, struct smd_transition *transition_take, const cJSON *only,
		   struct smd_draft **out, struct smd_error *error);
void smd_draft_free(struct smd_draft *draft); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_draft *, smd_draft_free);

/* Milliseconds from the first connect to the last confirmation, by what the fetch took. */
int64_t smd_draft_estimate(const struct smd_draft *draft);
/* The deployed record that belongs to the result; NULL: nothing is deployed then. */
int smd_draft_record(const struct smd_draft *draft, const char *deployment, cJSON **out);

#endif
