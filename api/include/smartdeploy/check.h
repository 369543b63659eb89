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

/* What a stage of a check is about. */
enum smd_check_stage {
	SMD_CHECK_BASELINE = 0, /* before anything is changed: which hosts can take part at all */
	SMD_CHECK_NEW = 1,      /* the network is as it was to become */
	SMD_CHECK_OLD = 2       /* the network is as it was before, after a rollback */
};

/*
 * A check. For bridge domains, `facts` has
 *     /run = a word that is unique to this check
 *     /host[NAME]/address = IPv4   /interface = NAME
 *                /also = NUMBERS    VLANs of domains that are not checked, on the host's port
 *     /new[DOMAIN]/vlan = NUMBER
 *                 /host[NAME]/place = member|outside
 *                            /tagging = access|tagged     members: as the endpoint is
 *     /old[DOMAIN]/...              the same for the state before
 * A domain without a member is one that is not deployed in that state; its VLAN is that of the
 * other state. `evidence` gets one section for each claim:
 *     /claim[TEXT]/result = proven|broken|unproven   /seen = what was observed
 *
 * A claim is broken when the opposite was seen, or when a host that it needs could take part in
 * the baseline and no longer can. It is unproven when nothing was seen: the host could not take
 * part before either, or there was no baseline.
 */
struct smd_check {
	const char *service;                       /* the service it can test: "bridge-domain" */
	const struct smd_session_profile *profile; /* for the sessions with the hosts */
	/* Start a check. `facts` and `settings` (this plugin's options) outlive the state. */
	int (*open)(const struct smd_tree *facts, const struct smd_settings *settings, void **state,
		    struct smd_error *error);
	void (*close)(void *state);
	/*
	 * Begin a stage; returns the number of its rounds. What was observed in an earlier stage
	 * is forgotten, except which hosts could take part in the baseline.
	 */
	unsigned (*begin)(void *state, enum smd_check_stage stage);
	/*
	 * The action of `host` in `round` (from 0) of the stage. Returns 1 with an action of kind
	 * EXCHANGE, whose exchanges are all marked READS and stay valid until the round ends; or
	 * 0: the host has none.
	 */
	int (*ask)(void *state, unsigned round, const char *host, struct smd_action *action);
	void (*on_answer)(void *state, unsigned round, const char *host,
			  const struct smd_answer *answer);
	/* Instead of on_answer: the host could not be asked, `error` says why (no login, ...). */
	void (*on_unreachable)(void *state, unsigned round, const char *host,
			       const struct smd_error *error);
	/* Fill `evidence`; called after the last round of a stage other than the baseline. */
	int (*judge)(void *state, struct smd_tree *evidence, struct smd_error *error);
};

#ifdef __cplusplus
}
#endif
#endif
