/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traffic test: hosts send and listen through a bridge domain. Hosts in it must reach each
 * other; hosts outside must not be heard.
 */
#ifndef SMD_DEPLOY_TRAFFIC_H
#define SMD_DEPLOY_TRAFFIC_H

#include "core/base/json.h"
#include "core/site/remote.h"

struct smd_traffic;

/*
 * Prepare a test that the network is in the state of the deployed record `now` (NULL: nothing
 * is deployed), coming from `before` (may be NULL). Hosts on the endpoints of `now` must reach
 * each other; all other known hosts, and those on endpoints of `before` only, must not. Opens
 * no connection yet. `*out` is NULL when there are no hosts to test with. Must not be called on
 * a loop's thread.
 */
int smd_traffic_new(struct smd_site *site, const char *configuration, const cJSON *now,
		    const cJSON *before, struct smd_traffic **out, struct smd_error *error);
/* Blocks until its sessions are closed; must not be called on a loop's thread. NULL is fine. */
void smd_traffic_free(struct smd_traffic *traffic);
SMD_CLEANUP_DEFINE(struct smd_traffic *, smd_traffic_free);

/*
 * Start the test. Must be called on the site's first loop, on which `done(arg)` is called at
 * the end.
 */
void smd_traffic_start(struct smd_traffic *traffic, void (*done)(void *arg), void *arg);
/* Run the test and wait for its end. Must not be called on a loop's thread. */
void smd_traffic_run(struct smd_traffic *traffic);

/*
 * The findings: `*evidence` is an array of {"claim", "result", "seen"}, owned by the caller. 0:
 * no claim is broken. SMD_E_DEVICE: the message names the first broken claim.
 */
int smd_traffic_result(struct smd_traffic *traffic, cJSON **evidence, struct smd_error *error);

#endif
