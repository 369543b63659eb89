/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deployment: one execution of a plan on all its devices, all or nothing.
 *
 * The executor is a state machine on one loop. Each step is recorded durably before it is
 * carried out. A phase begins when the one before is finished on all devices:
 *
 * begin    store the plan's start, the snapshots and the mark "open"
 * baseline find out which hosts can take part in the proof
 * probe    check that no commit of somebody else is pending
 * prepare  load and check the candidates on all devices
 * commit   activate the change, in one or two steps
 * verify   read every device and compare it with the intended configuration
 * prove    test by traffic: hosts of the domain reach each other, others hear nothing
 * decide   store the decision; after it the deployment is only completed, never undone
 * confirm  stop the revert timers, then save running to startup
 * end      store outcome, ledger and history in one batch
 *
 * A failure before the first commit aborts the candidates. After the first commit, every
 * touched device is read, the difference to its old state is computed and pushed, and it is
 * read again. A device that cannot be brought back ends as "needs attention".
 */
#ifndef SMD_DEPLOY_DEPLOYMENT_H
#define SMD_DEPLOY_DEPLOYMENT_H

#include <stdatomic.h>

#include "core/plan/draft.h"

/*
 * Receives progress events, as JSON objects that are borrowed during the call. Called on a
 * loop's thread, so it must not block.
 */
typedef void (*smd_event_fn)(void *arg, const cJSON *event);

/*
 * Whom to inform. stop: NULL, or a flag; once it is set, the deployment rolls back at the next
 * barrier between phases.
 */
struct smd_listener {
	smd_event_fn event;
	void *arg;
	const atomic_int *stop;
};

enum smd_outcome { SMD_OUTCOME_DONE = 1, SMD_OUTCOME_ROLLED_BACK = 2, SMD_OUTCOME_ATTENTION = 3 };

const char *smd_outcome_name(enum smd_outcome outcome); /* "done", "rolled-back", "attention" */

#define SMD_DEPLOYMENT_ID 32

/*
 * Execute a draft whose plan was checked and stored. Blocks until the end. `principal` is noted
 * in the record. Returns 0 when the change is deployed; SMD_E_ROLLED_BACK or SMD_E_ATTENTION
 * with the first cause as the message; any other error means that nothing was sent.
 */
int smd_deployment_run(struct smd_draft *draft, const cJSON *plan, const char *principal,
		       const struct smd_listener *listener, char id[SMD_DEPLOYMENT_ID],
		       struct smd_error *error);

/*
 * Recover: complete or roll back every deployment that a controller left open when it died.
 * `*count` is their number. Deployments already marked "needs attention" are tried again only
 * if `all` is set, so that they do not delay work on other devices. Returns the worst outcome,
 * as smd_deployment_run does, but counts SMD_E_ROLLED_BACK as success.
 */
int smd_deployment_recover(struct smd_site *site, int all, const struct smd_listener *listener,
			   size_t *count, struct smd_error *error);

/*
 * SMD_E_BUSY, naming the deployment, when the device takes part in a deployment that is still
 * open because it could not be recovered; 0 when the device is free.
 */
int smd_deployment_check_held(struct smd_site *site, const char *device, struct smd_error *error);

#endif
