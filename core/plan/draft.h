/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A draft: a plan under construction, with everything that is needed to execute it: open
 * sessions, trees, payloads. Making a draft reads the devices concerned, all at once, and
 * changes nothing.
 */
#ifndef SMD_PLAN_DRAFT_H
#define SMD_PLAN_DRAFT_H

#include "core/plan/fetch_job.h"
#include "core/plan/task.h"
#include "core/plan/transition.h"

/*
 * transitions     One for each configuration, sorted by its name; owned.
 * tasks, fetches  Arrays of `count`, one element a device, sorted by name; fetches[i].remote is
 *                 the session.
 * steps           1; or 2 when a loop must be broken on all devices before the new path is
 *                 made.
 * accepts_unknown The plan says that lines which a driver does not know are sent.
 */
struct smd_draft {
	struct smd_site *site;
	struct smd_transition **transitions;
	size_t transition_count;
	struct smd_task *tasks;
	struct smd_fetch_job *fetches;
	size_t count;
	unsigned steps;
	int accepts_unknown;
	/* Paths to fetch: the configuration and the device's own fault reports */
	struct smd_text *scope;
};

/*
 * Make the draft of `count` transitions, each of another configuration. The draft owns the
 * array, which is on the heap, and the transitions, also on failure. `only` (may be NULL):
 * devices to which it is limited, as an earlier draft found them. `access`: SMD_ACCESS_WRITE if the
 * draft is to be executed. Blocks while devices are read.
 * Fails with the error of a device, driver, ledger or law; SMD_E_UNSAFE when every order of the
 * change could form a loop.
 */
int smd_draft_make(struct smd_site *site, struct smd_transition **transitions_take, size_t count,
		   const cJSON *only, enum smd_access access, struct smd_draft **out,
		   struct smd_error *error);
/*
 * As smd_draft_make, but nothing is read: tasks have their inputs only, sessions are not open
 * yet.
 */
int smd_draft_open(struct smd_site *site, struct smd_transition **transitions_take, size_t count,
		   const cJSON *only, enum smd_access access, struct smd_draft **out,
		   struct smd_error *error);
/* Read the devices of an open draft and compute their tasks; the second part of smd_draft_make. */
int smd_draft_read(struct smd_draft *draft, struct smd_error *error);
void smd_draft_free(struct smd_draft *draft); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_draft *, smd_draft_free);

/*
 * Estimated milliseconds from the first connect to the last confirmation, from the time that
 * the fetch took.
 */
int64_t smd_draft_estimate(const struct smd_draft *draft);
/*
 * The `deployed` record of the state to which the draft leads the configuration of a transition
 * of it; the caller's. NULL: nothing of it is deployed then.
 */
int smd_draft_record(const struct smd_draft *draft, const struct smd_transition *transition,
		     const char *deployment, cJSON **out);

#endif
