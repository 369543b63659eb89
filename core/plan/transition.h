/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transition: from what of a configuration is deployed to what shall be.
 *
 * What is deployed is a record of its own, `deployed NAME`:
 *   revision, kind, deployment   of what, by which deployment
 *   vlan, links, endpoints       of a bridge domain
 *   slices                       {DEVICE: tree as JSON}, what it owns there
 * Each deployment keeps the record before (`from`) and after (`to`), so that
 * going back is a transition like any other.
 */
#ifndef SMD_PLAN_TRANSITION_H
#define SMD_PLAN_TRANSITION_H

#include "core/base/json.h"
#include "core/model/path.h"
#include "core/site/site.h"

enum smd_goal {
	SMD_GOAL_DEPLOY = 1,   /* a revision of the configuration */
	SMD_GOAL_REMOVE = 2,   /* its latest revision says that it shall be gone */
	SMD_GOAL_ROLL_BACK = 3 /* what was there before a deployment */
};

struct smd_transition {
	enum smd_goal goal;
	char *configuration;
	char *undoes;                  /* ROLL_BACK: the deployment */
	char *returns_to;              /* ROLL_BACK: the one before it, or NULL */
	cJSON *from;                   /* a deployed record, or NULL: nothing is deployed */
	cJSON *to;                     /* ROLL_BACK: the record to return to; NULL: nothing */
	int64_t revision;              /* that is wanted; 0: nothing */
	struct smd_document *document; /* DEPLOY */
	struct smd_path *path;         /* DEPLOY of a bridge domain */
};

void smd_transition_free(struct smd_transition *transition); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_transition *, smd_transition_free);

/*
 * To the latest revision of a configuration. Refused (SMD_E_CONFLICT) where
 * another domain, deployed or in a deployment still open, has its VLAN or one
 * of its access ports.
 */
int smd_transition_deploy(struct smd_site *site, const char *configuration,
			  struct smd_transition **out, struct smd_error *error);
/*
 * To what was before a deployment; refused as above, and where a later one of
 * the same configuration stands.
 */
int smd_transition_roll_back(struct smd_site *site, const char *deployment,
			     struct smd_transition **out, struct smd_error *error);

const char *smd_goal_name(enum smd_goal goal); /* "deploy", "remove", "rollback" */
/* VLAN of the new or, failing that, the old state; 0: no bridge domain. */
uint16_t smd_transition_vlan(const struct smd_transition *transition);
/* Keys of the stores' tables. */
#define SMD_REVISION_KEY 96
void smd_revision_key(const char *configuration, int64_t revision, char out[SMD_REVISION_KEY]);

#endif
