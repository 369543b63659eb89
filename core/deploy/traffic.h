/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof by traffic: hosts that can probe talk through a bridge domain, and
 * hosts outside of it must not be heard.
 */
#ifndef SMD_DEPLOY_TRAFFIC_H
#define SMD_DEPLOY_TRAFFIC_H

#include "core/base/json.h"
#include "core/site/remote.h"

struct smd_traffic;

/*
 * Prepare the proof that the network is in the state of the deployed record
 * `now` (NULL: nothing), coming from `before` (may be NULL): hosts on the
 * endpoints of `now` reach each other, all other known hosts, and those on the
 * endpoints of `before` alone, do not. Opens no connection yet. `*out` is NULL
 * when there is no host to prove it by. Not from a loop.
 */
int smd_traffic_new(struct smd_site *site, const char *configuration, const cJSON *now,
		    const cJSON *before, struct smd_traffic **out, struct smd_error *error);
/* Not from a loop. NULL is fine. */
void smd_traffic_free(struct smd_traffic *traffic);
SMD_CLEANUP_DEFINE(struct smd_traffic *, smd_traffic_free);

/* Run it; `done(arg)` is called on the site's first loop, which this is called on. */
void smd_traffic_start(struct smd_traffic *traffic, void (*done)(void *arg), void *arg);
/* The same, blocking. Not from a loop. */
void smd_traffic_run(struct smd_traffic *traffic);

/*
 * What was found: an array of {"claim", "result", "seen"}, the caller's. 0: nothing
 * is broken. SMD_E_DEVICE: the first broken claim is in the message.
 */
int smd_traffic_result(struct smd_traffic *traffic, cJSON **evidence, struct smd_error *error);

#endif
