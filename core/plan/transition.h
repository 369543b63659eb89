/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transition: from the deployed state of a configuration to the state that is wanted.
 *
 * The deployed state is a record `deployed NAME` in the store:
 *   revision, kind, deployment   which revision, deployed by which deployment
 *   vlan, links, endpoints       of a bridge domain
 *   slices                       {DEVICE: tree as JSON}, the nodes owned on each device
 *   absences                     {DEVICE: [line]}, what shall be absent; missing: nothing
 * Each deployment stores this record of each of its configurations as it was before (`from`) and
 * after (`to`), so a rollback is a transition like any other. One plan can have several
 * transitions, each of another configuration.
 */
#ifndef SMD_PLAN_TRANSITION_H
#define SMD_PLAN_TRANSITION_H

#include "core/base/json.h"
#include "core/model/path.h"
#include "core/site/site.h"

enum smd_goal {
	SMD_GOAL_DEPLOY = 1,   /* to the latest revision of the configuration */
	SMD_GOAL_REMOVE = 2,   /* to nothing: the latest revision removes the configuration */
	SMD_GOAL_ROLL_BACK = 3 /* to the state that an earlier deployment left */
};

struct smd_transition {
	enum smd_goal goal;
	char *configuration;
	/*
	 * ROLL_BACK: ids of the newest and the oldest deployment that are undone, and of the one
	 * whose state comes back (NULL: from before the first).
	 */
	char *undoes, *oldest, *returns_to;
	cJSON *from;      /* deployed record; NULL: nothing is deployed */
	cJSON *to;        /* ROLL_BACK: record of the wanted state; NULL: nothing */
	int64_t revision; /* the wanted revision; 0: none */
	int64_t undone;   /* ROLL_BACK: the newest revision, if this or an earlier one undoes it */
	struct smd_document *document; /* DEPLOY, else NULL */
	struct smd_path *path;         /* DEPLOY of a bridge domain, else NULL */
};

void smd_transition_free(struct smd_transition *transition); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_transition *, smd_transition_free);
/* Free an array on the heap and all transitions in it; NULL is fine. */
void smd_transitions_free(struct smd_transition **transitions, size_t count);

/*
 * The transition to the latest revision of a configuration. SMD_E_CONFLICT when another bridge
 * domain has its VLAN or one of its access ports, deployed or in a deployment still open.
 */
int smd_transition_deploy(struct smd_site *site, const char *configuration,
			  struct smd_transition **out, struct smd_error *error);
/*
 * The same for `count` configurations that are deployed together. `*out` is an array of `count`
 * (smd_transitions_free). SMD_E_CONFLICT as above, and when two of them want the same VLAN or
 * access port. SMD_E_INVALID: a name is there twice.
 */
int smd_transition_deploy_all(struct smd_site *site, const char *const *configurations,
			      size_t count, struct smd_transition ***out, struct smd_error *error);
/* What `rollback NAME --to` calls the state before the first deployment. */
#define SMD_BEFORE_ALL "0"

/*
 * The transition to an earlier state of a configuration: that which deployment `to` left,
 * SMD_BEFORE_ALL for none; NULL: one deployment back. Deployments that were undone do not count.
 * SMD_E_CONFLICT as above; SMD_E_NOT_FOUND: the configuration never came by such a state, or
 * nothing of it was ever deployed.
 */
int smd_transition_return(struct smd_site *site, const char *configuration, const char *to,
			  struct smd_transition **out, struct smd_error *error);
/*
 * The transitions to the state before a deployment, one for each of its configurations. `*out`
 * is an array of `*count` (smd_transitions_free). SMD_E_CONFLICT as above, and when one of the
 * configurations was deployed again later.
 */
int smd_transition_roll_back(struct smd_site *site, const char *deployment,
			     struct smd_transition ***out, size_t *count, struct smd_error *error);

/*
 * The configurations of a deployment's record: an array of {"configuration", "goal", "revision",
 * "from", "to"} with "undoes", "returns-to" and "previous" where they apply; it is the record's.
 * A record of old is of one configuration and has these members itself: they are moved into such
 * an array first. NULL: the record is damaged.
 */
const cJSON *smd_record_configurations(cJSON *record);

const char *smd_goal_name(enum smd_goal goal); /* "deploy", "remove", "rollback" */
/* VLAN of the new state, or of the old one if the new has none; 0: no bridge domain. */
uint16_t smd_transition_vlan(const struct smd_transition *transition);
/* Is the port an endpoint of the bridge domain, before or after the change? */
int smd_transition_has_endpoint(const struct smd_transition *transition, const char *device,
				const char *port);
/* Key of a record in the table of revisions. */
#define SMD_REVISION_KEY 96
void smd_revision_key(const char *configuration, int64_t revision, char out[SMD_REVISION_KEY]);

#endif
