/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof by traffic: hosts send and listen through the bridge domains that a deployment changes.
 * Hosts in a domain must reach each other; hosts outside must neither hear it nor be heard.
 *
 * One proof serves a whole deployment: the baseline before anything is sent, then the new state,
 * and after a rollback the old one. Its sessions stay open in between. Hosts that take part are
 * chosen by proof_hosts.h.
 *
 * The baseline tells whom a silence is to be blamed on. A host that was silent before makes its
 * claims unproven; one that answered before and is silent now makes them broken. Without a
 * baseline a silent host is unproven.
 *
 * For n hosts at endpoints of a domain and h hosts in all there are at most 3n claims of reaching
 * and 2h of silence, although there are n * n pairs:
 * - A bridge domain is one broadcast domain. Each member's broadcast must come to all others
 *   exactly once and with the right tag (n claims): so all n * (n - 1) directed paths are seen,
 *   and loops, and wrong tags at either end.
 * - Each member pings its two neighbours in a ring of all members (2n claims): so each sends and
 *   gets unicast frames, by ARP and ICMP, in both directions of the ring.
 * - Each outsider sends in eight forms of tags and is not heard by any member, and it hears none
 *   (2h claims).
 * What is missed: a filter of unicast frames for a pair that is not adjacent in the ring, or for
 * other protocols than ARP and IPv4 ICMP; frames that are too long on one path; a translation of
 * VLANs on the way that is undone before the other end; what begins after the proof.
 */
#ifndef SMD_DEPLOY_PROOF_H
#define SMD_DEPLOY_PROOF_H

#include "core/deploy/proof_hosts.h"
#include "core/site/remote.h"

struct smd_proof;

/* The state that the network is in: the entries' records `after`, or those `before`. */
enum smd_proof_state { SMD_PROOF_AFTER, SMD_PROOF_BEFORE };

/*
 * Prepare the proof of a change of `count` configurations. Opens no connection yet. The entries
 * are used during the call only. Must not be called on a loop's thread.
 */
int smd_proof_new(struct smd_site *site, const struct smd_proof_entry *entries, size_t count,
		  struct smd_proof **out, struct smd_error *error);
/* Blocks until its sessions are closed; must not be called on a loop's thread. NULL is fine. */
void smd_proof_free(struct smd_proof *proof);
SMD_CLEANUP_DEFINE(struct smd_proof *, smd_proof_free);

/* The number of hosts that take part; 0: nothing can be proven, and all below ends at once. */
size_t smd_proof_hosts(const struct smd_proof *proof);

/*
 * Start the baseline, or the proof that the network is in a state. Must be called on the site's
 * first loop, on which `done(arg)` is called at the end, at once if there are no hosts. One at a
 * time.
 */
void smd_proof_baseline(struct smd_proof *proof, void (*done)(void *arg), void *arg);
void smd_proof_start(struct smd_proof *proof, enum smd_proof_state state, void (*done)(void *arg),
		     void *arg);
/* As smd_proof_start, and wait for the end. Must not be called on a loop's thread. */
void smd_proof_run(struct smd_proof *proof, enum smd_proof_state state);

/*
 * The result of the last smd_proof_start. `*result` is owned by the caller:
 *     {"summary": "proven 12, unproven 4", "proven": 12, "unproven": 4, "broken": 0,
 *      "claims": [{"claim", "result", "seen"}, ...]}
 * or NULL if no entry is a bridge domain. 0: no claim is broken and, if `require` is set, all
 * are proven and there is at least one. SMD_E_DEVICE: the message names the first claim that is
 * broken, else unproven.
 */
int smd_proof_result(const struct smd_proof *proof, int require, cJSON **result,
		     struct smd_error *error);

#endif
