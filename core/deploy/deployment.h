/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deployment: one execution of a plan, all or nothing.
 *
 * The executor is a state machine on one loop: an event is recorded, then
 * acted upon. Phases have a barrier between them:
 *
 *   begin    what is about to happen, the state before, and that it is open
 *   probe    nobody else's commit may be pending
 *   prepare  candidates are loaded and checked, everywhere
 *   commit   step by step: it acts
 *   verify   every device is read back and compared with the intention
 *   prove    hosts ping each other; others must not be heard
 *   decide   one durable record: from here on it goes forward
 *   confirm  timers stopped; then running to startup
 *   end      outcome, ledger and history, as one
 *
 * A failure before the first commit aborts; after it, what was touched is read,
 * brought back by a diff from what it runs then, read again and compared with
 * what it was. What cannot be brought back ends in "needs attention".
 */
#ifndef SMD_DEPLOY_DEPLOYMENT_H
#define SMD_DEPLOY_DEPLOYMENT_H

#include <stdatomic.h>

#include "core/plan/draft.h"

/* Events for people and programs; the JSON is borrowed. Called on a loop's thread. */
typedef void (*smd_event_fn)(void *arg, const cJSON *event);

/* stop: may be NULL; once it is set, a deployment goes back at its next barrier. */
struct smd_listener {
	smd_event_fn event;
	void *arg;
	const atomic_int *stop;
};

enum smd_outcome { SMD_OUTCOME_DONE = 1, SMD_OUTCOME_ROLLED_BACK = 2, SMD_OUTCOME_ATTENTION = 3 };

const char *smd_outcome_name(enum smd_outcome outcome); /* "done", "rolled-back", "attention" */

#define SMD_DEPLOYMENT_ID 32

/*
 * Execute a draft whose plan was checked and is stored. Blocks. `principal` is
 * noted in the record. 0: done. SMD_E_ROLLED_BACK, SMD_E_ATTENTION: as they say,
 * with the first cause in the message. Anything else: nothing was sent.
 */
int smd_deployment_run(struct smd_draft *draft, const cJSON *plan, const char *principal,
		       const struct smd_listener *listener, char id[SMD_DEPLOYMENT_ID],
		       struct smd_error *error);

/*
 * Finish or undo every deployment that a dead controller left open; `*count`
 * is how many there were. Those known to need attention only if `all` is set:
 * they were tried already, and must not hold up work on other devices. The worst outcome is
 * returned, as above, but SMD_E_ROLLED_BACK counts as success here.
 */
int smd_deployment_recover(struct smd_site *site, int all, const struct smd_listener *listener,
			   size_t *count, struct smd_error *error);

/*
 * Is the device part of a deployment that is still open, because it could not
 * be recovered? SMD_E_BUSY says which. What is held is left alone; all other
 * devices can be worked on.
 */
int smd_deployment_check_held(struct smd_site *site, const char *device, struct smd_error *error);

#endif
