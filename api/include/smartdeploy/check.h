/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The check interface: a plugin that tests the network through hosts. A check runs in rounds.
 * In each round, every host that takes part gets one action, all at the same time; the next
 * round begins when all have answered. So "all listen, then some send, then all report" needs
 * no clock.
 */
#ifndef SMARTDEPLOY_CHECK_H
#define SMARTDEPLOY_CHECK_H

#include <smartdeploy/exchange.h>
#include <smartdeploy/tree.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A check. For bridge domains, `facts` has
 *     /name = NAME   /vlan = NUMBER   /run = a word that is unique to this run
 *     /host[NAME]/address = IPv4   /interface = NAME
 *                /place = member|outside
 *                /tagging = access|tagged     members: as the endpoint is
 *                /also = NUMBERS    VLANs of other domains on the host's port
 * and `evidence` gets one section for each claim:
 *     /claim[TEXT]/result = proven|broken|unproven   /seen = what was observed
 */
struct smd_check {
	const char *service;                       /* the service it can test: "bridge-domain" */
	const struct smd_session_profile *profile; /* for the sessions with the hosts */
	unsigned rounds;
	/* Start a run. `facts` and `settings` (this plugin's options) outlive the state. */
	int (*open)(const struct smd_tree *facts, const struct smd_settings *settings, void **state,
		    struct smd_error *error);
	void (*close)(void *state);
	/*
	 * The action of `host` in `round` (from 0). Returns 1 with an action of kind EXCHANGE,
	 * whose exchanges are all marked READS and stay valid until the round ends; or 0: the
	 * host has none.
	 */
	int (*ask)(void *state, unsigned round, const char *host, struct smd_action *action);
	void (*on_answer)(void *state, unsigned round, const char *host,
			  const struct smd_answer *answer);
	/* Fill `evidence`; called after the last round. */
	int (*judge)(void *state, struct smd_tree *evidence, struct smd_error *error);
};

#ifdef __cplusplus
}
#endif
#endif
