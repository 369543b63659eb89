/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A check proves something about the network by talking to hosts that can
 * probe it. It is driven in rounds: in each, every host that takes part gets
 * one action, all at once, and the next round begins when all have answered.
 * So "all listen, then some send, then all tell" needs no clock.
 */
#ifndef SMARTDEPLOY_CHECK_H
#define SMARTDEPLOY_CHECK_H

#include <smartdeploy/exchange.h>
#include <smartdeploy/tree.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A check of bridge domains gets, in `facts`:
 *     /name = NAME   /vlan = NUMBER   /run = a word unique to this run
 *     /host[NAME]/address = IPv4   /interface = NAME
 *                /place = member|outside
 *                /tagging = access|tagged     members: as the endpoint is
 *                /also = NUMBERS    VLANs of other domains that its port carries
 * and writes, in `evidence`, one section a claim:
 *     /claim[TEXT]/result = proven|broken|unproven   /seen = what was seen
 */
struct smd_check {
	const char *service;                       /* "bridge-domain" */
	const struct smd_session_profile *profile; /* of the sessions with probing hosts */
	unsigned rounds;
	/* `facts`, and `settings` of this plugin's options, outlive the state. */
	int (*open)(const struct smd_tree *facts, const struct smd_settings *settings, void **state,
		    struct smd_error *error);
	void (*close)(void *state);
	/*
	 * What `host` is to do in `round` (from 0). Returns 1 with an action of
	 * kind EXCHANGE, all of it marked READS, that stays valid until the round
	 * ends; or 0: it does nothing in this round.
	 */
	int (*ask)(void *state, unsigned round, const char *host, struct smd_action *action);
	void (*on_answer)(void *state, unsigned round, const char *host,
			  const struct smd_answer *answer);
	/* After the last round. */
	int (*judge)(void *state, struct smd_tree *evidence, struct smd_error *error);
};

#ifdef __cplusplus
}
#endif
#endif
