/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deployment: one execution of a plan on all its devices, all or nothing.
 *
 * It goes through phases (phases.c has their table). All devices finish a phase before the next
 * one begins, and between any two one barrier asks what may stop it. Each action that can change
 * a device is recorded durably before it is carried out.
 *
 * probe     a commit or a candidate of somebody else is in the way: refused
 * baseline  which hosts answer, for the proof by traffic
 * begin     store the record, the snapshots and the mark "open"
 * prepare   load and check the candidates
 * recheck   a last look where a commit does not carry its precondition
 * commit    activate the change, in one or two steps
 * verify    read all devices and compare them with what is intended
 * prove     test by traffic
 * decide    store the decision; behind it the deployment is only completed
 * confirm   stop the revert timers, and read back
 * persist   save running to startup
 * end       store outcome, ledger and history in one batch
 *
 * A failure before the decision leads back: candidates are aborted; every device on which
 * something acted is read, the difference to its old state is pushed, and it is read again. What
 * runs on a device and is neither old nor new nor between the two is never overwritten.
 */
#ifndef SMD_DEPLOY_DEPLOYMENT_H
#define SMD_DEPLOY_DEPLOYMENT_H

#include <stdatomic.h>

#include "core/plan/draft.h"
#include "core/site/deployment_key.h"

/* Receives progress events, as JSON objects that are borrowed. On a loop's thread; must not block.
 */
typedef void (*smd_event_fn)(void *arg, const cJSON *event);

/*
 * Whom to inform. stop: NULL, or a flag; once it is set, the deployment goes back at the next
 * barrier, unless it is decided.
 */
struct smd_listener {
	smd_event_fn event;
	void *arg;
	const atomic_int *stop;
};

/*
 * DONE         All devices run the new state.
 * ROLLED_BACK  All devices run the old state; something had acted, or may have.
 * ATTENTION    A person has to look. The deployment stays open and holds its devices.
 * REFUSED      Somebody or something was in the way; nothing has acted.
 * ACCEPTED     It needed attention, and somebody took what the devices run as it is.
 */
enum smd_outcome {
	SMD_OUTCOME_DONE = 1,
	SMD_OUTCOME_ROLLED_BACK = 2,
	SMD_OUTCOME_ATTENTION = 3,
	SMD_OUTCOME_REFUSED = 4,
	SMD_OUTCOME_ACCEPTED = 5
};

/* "done", "rolled-back", "attention", "refused", "accepted"; 0 is "running" */
const char *smd_outcome_name(enum smd_outcome outcome);

/* Size of a deployment's tag on devices: the store's id and the deployment's. */
#define SMD_DEPLOYMENT_TAG 48

/*
 * principal      Who asked for it; noted in the record, and left on devices that keep history.
 * comment        Why, in the user's words; likewise. NULL: there is none.
 * require_proof  Claims that cannot be tested, and having no hosts to test with, are failures.
 * accept_shown   What a device shows otherwise than it was sent counts as sent, from now on, for
 *                its driver and release.
 */
struct smd_deployment_options {
	const char *principal;
	const char *comment;
	int require_proof, accept_shown;
};

/*
 * Execute a draft whose plan was checked and stored. Blocks until the end; not on a loop's
 * thread. `id` receives the deployment's id, "" if it has not begun. Returns 0 when the change
 * is deployed; SMD_E_ROLLED_BACK or SMD_E_ATTENTION; any other error means that nothing acted.
 */
int smd_deployment_run(struct smd_draft *draft, const cJSON *plan,
		       const struct smd_deployment_options *options,
		       const struct smd_listener *listener, char id[SMD_DEPLOYMENT_ID],
		       struct smd_error *error);

/*
 * accept  What the devices run is taken as it is: nothing is sent, and the deployment is closed.
 *         SMD_E_CONFLICT if recovery was not tried before, unless a record of it is damaged.
 *         Where the deployment cannot be made again of what is on record, its record gets
 *         "state-left": what was on record as deployed stays as it was.
 */
struct smd_recovery {
	const char *principal;
	int accept;
};

/*
 * Complete or undo a deployment that a dead controller left open, or that needed attention.
 * Returns 0 when it is closed, SMD_E_ATTENTION when it still needs attention: also if a record of
 * it is damaged, or something that it needs is not there. Its record then says why in
 * "not-recovered", and has "damaged": true if that is the reason.
 */
int smd_deployment_recover(struct smd_site *site, const char *id,
			   const struct smd_recovery *recovery, const struct smd_listener *listener,
			   struct smd_error *error);

/*
 * The deployments that are open, oldest first: `*list` is an array of {id, configurations [],
 * started, outcome}, where `outcome` is "running" for one that is under way or whose controller
 * is dead, and "damaged" for one of which a record is; the caller's (cJSON_Delete).
 */
int smd_deployment_open(struct smd_site *site, cJSON **list, struct smd_error *error);

/*
 * Does an open deployment hold the device? SMD_E_BUSY, naming it, with its id in `id` (may be
 * NULL); 0 when the device is free.
 */
int smd_deployment_check_held(struct smd_site *site, const char *device, char id[SMD_DEPLOYMENT_ID],
			      struct smd_error *error);

#endif
