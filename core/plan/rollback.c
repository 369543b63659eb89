/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transitions back. The record `last NAME` has the deployment by which a configuration's present
 * state came, and that deployment's record has what there was before it, and by which deployment
 * (`previous`): a chain, from which deployments that were undone have dropped out.
 */
#include <stdio.h>
#include <string.h>

#include "core/plan/internal.h"
#include "core/site/deployment_key.h"

/* What a deployment's record says of one configuration; NULL: nothing. */
static const cJSON *entry_of(cJSON *record, const char *configuration)
{
	const cJSON *entry;

	cJSON_ArrayForEach (entry, smd_record_configurations(record)) {
		const char *name = smd_json_string(entry, "configuration");

		if (name && !strcmp(name, configuration))
			return entry;
	}
	return NULL;
}

/* Read a deployment's record in place of `*record`; `*entry` is borrowed from it. */
static int read_entry(struct smd_site *site, const char *id, const char *configuration,
		      cJSON **record, const cJSON **entry, struct smd_error *error)
{
	char key[SMD_STORE_KEY];
	int err;

	cJSON_Delete(smd_take(*record));
	smd_deployment_key(id, NULL, key);
	err = smd_store_thread_get(site->store_thread, "deployment", key, record, NULL, error);
	if (err == SMD_E_NOT_FOUND) {
		smd_fail(error, err, "deployment %s of \"%s\" is not on record any more", id,
			 configuration);
		smd_error_hint(error, "`sdctl history %s` shows what there is", configuration);
	}
	if (err)
		return err;
	*entry = entry_of(*record, configuration);
	return *entry ? 0
		      : smd_fail(error, SMD_E_IO,
				 "the record of deployment %s is damaged: it does not say what it "
				 "did to \"%s\"",
				 id, configuration);
}

/* Id of the deployment by which the present state came; SMD_E_NOT_FOUND: there is none. */
static int read_last(struct smd_site *site, const char *configuration, char id[SMD_DEPLOYMENT_ID],
		     struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *last = NULL;
	int err =
		smd_store_thread_get(site->store_thread, "last", configuration, &last, NULL, error);
	const char *text = smd_json_string(last, "deployment");

	if (err)
		return err;
	if (!text || strlen(text) >= SMD_DEPLOYMENT_ID)
		return smd_fail(error, SMD_E_IO, "the record last \"%s\" is damaged",
				configuration);
	snprintf(id, SMD_DEPLOYMENT_ID, "%s", text);
	return 0;
}

/* Which deployment a state came by; SMD_BEFORE_ALL: none. */
static const char *previous_of(const cJSON *entry)
{
	const char *previous = smd_json_string(entry, "previous");

	return previous ? previous : SMD_BEFORE_ALL;
}

static int same_id(const char *a, const char *b)
{
	char one[SMD_STORE_KEY], other[SMD_STORE_KEY];

	smd_deployment_key(a, NULL, one);
	smd_deployment_key(b, NULL, other);
	return !strcmp(one, other);
}

static int fail_no_such_state(const char *configuration, const char *to, const char *chain,
			      struct smd_error *error)
{
	smd_fail(error, SMD_E_NOT_FOUND, "\"%s\" did not come by the state of deployment %s",
		 configuration, to);
	if (*chain)
		smd_error_hint(error,
			       "it came by those of%s; 0 is the state before them, and what was "
			       "rolled back does not count",
			       chain);
	else
		smd_error_hint(error, "0 is the only one before: nothing of it was deployed then; "
				      "what was rolled back does not count");
	return SMD_E_NOT_FOUND;
}

/*
 * Go back in the chain to the oldest deployment to undo, `oldest`, at first the newest. `*record`
 * and `*entry` are what it has of the configuration. `to`: as smd_transition_return.
 */
static int find_oldest(struct smd_site *site, const char *configuration, const char *to,
		       char oldest[SMD_DEPLOYMENT_ID], cJSON **record, const cJSON **entry,
		       struct smd_error *error)
{
	char chain[SMD_ERROR_HINT / 2] = "";
	size_t used = 0;

	for (;;) {
		int err = read_entry(site, oldest, configuration, record, entry, error), length;

		if (err || !to || same_id(previous_of(*entry), to))
			return err;
		if (!strcmp(previous_of(*entry), SMD_BEFORE_ALL))
			return fail_no_such_state(configuration, to, chain, error);
		snprintf(oldest, SMD_DEPLOYMENT_ID, "%s", previous_of(*entry));
		length = snprintf(chain + used, sizeof(chain) - used, " %s", oldest);
		if (length > 0 && used + (size_t)length < sizeof(chain))
			used += (size_t)length;
	}
}

static int fill(struct smd_transition *transition, const char *last, const char *oldest,
		const cJSON *entry)
{
	const cJSON *from = smd_json_object(entry, "from");
	const char *previous = smd_json_string(entry, "previous");

	transition->undoes = strdup(last);
	transition->oldest = strdup(oldest);
	transition->returns_to = previous ? strdup(previous) : NULL;
	transition->to = from ? cJSON_Duplicate(from, 1) : NULL;
	transition->revision = smd_json_number(transition->to, "revision", 0);
	return transition->undoes && transition->oldest && !previous == !transition->returns_to &&
			       !from == !transition->to
		       ? 0
		       : SMD_E_NO_MEMORY;
}

/*
 * Find out whether the newest revision is undone now, or was before and nothing was deployed since:
 * `undone NAME` has that.
 */
static int find_undone(struct smd_site *site, struct smd_transition *transition,
		       struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	smd_cleanup(cJSON_Delete) cJSON *undone = NULL;
	const char *name = transition->configuration;
	int64_t newest;
	int err =
		smd_store_thread_get(site->store_thread, "configuration", name, &head, NULL, error);

	if (!err)
		err = smd_store_thread_get(site->store_thread, "undone", name, &undone, NULL,
					   error);
	if (err && err != SMD_E_NOT_FOUND)
		return err;
	newest = smd_json_number(head, "revision", 0);
	if (smd_json_bool(head, "removed", 0)
		    ? !transition->from
		    : smd_json_number(transition->from, "revision", 0) == newest)
		transition->undone = newest;
	if (smd_json_number(undone, "revision", 0) == newest)
		transition->undone = newest;
	return 0;
}

static int fail_never_deployed(const char *configuration, struct smd_error *error)
{
	smd_fail(error, SMD_E_NOT_FOUND, "nothing of \"%s\" is deployed that could be rolled back",
		 configuration);
	smd_error_hint(error, "`sdctl history %s` shows what was", configuration);
	return SMD_E_NOT_FOUND;
}

int smd_transition_return(struct smd_site *site, const char *configuration, const char *to,
			  struct smd_transition **out, struct smd_error *error)
{
	smd_cleanup(smd_transition_free) struct smd_transition *transition =
		smd_transition_new(SMD_GOAL_ROLL_BACK, configuration);
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	char last[SMD_DEPLOYMENT_ID], oldest[SMD_DEPLOYMENT_ID];
	const cJSON *entry = NULL;
	int err;

	if (!transition)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = read_last(site, configuration, last, error);
	if (err)
		return err == SMD_E_NOT_FOUND ? fail_never_deployed(configuration, error) : err;
	memcpy(oldest, last, sizeof(oldest));
	if (to && same_id(last, to))
		return smd_fail(error, SMD_E_CONFLICT,
				"\"%s\" is as deployment %s has left it: there is nothing to roll "
				"back",
				configuration, last);
	err = find_oldest(site, configuration, to, oldest, &record, &entry, error);
	if (!err && fill(transition, last, oldest, entry))
		err = smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (!err)
		err = smd_deployed_read(site, configuration, &transition->from, error);
	if (!err)
		err = find_undone(site, transition, error);
	if (!err)
		err = smd_deployed_check(site, configuration, transition->to, error);
	if (!err)
		*out = smd_take(transition);
	return err;
}

/* Whole deployments */

static int refuse_to_undo(const char *deployment, const char *later, struct smd_error *error)
{
	if (!later) {
		smd_fail(error, SMD_E_CONFLICT,
			 "deployment \"%s\" left nothing that could be undone", deployment);
		return SMD_E_CONFLICT;
	}
	smd_fail(error, SMD_E_CONFLICT,
		 "deployment \"%s\" is not the last one of its configuration", deployment);
	smd_error_hint(error, "roll back \"%s\" first", later);
	return SMD_E_CONFLICT;
}

/* The way back of one configuration of a deployment, by which its present state must have come. */
static int undo_one(struct smd_site *site, const char *deployment, const cJSON *entry,
		    struct smd_transition **out, struct smd_error *error)
{
	const char *configuration = smd_json_string(entry, "configuration");
	char last[SMD_DEPLOYMENT_ID];
	int err = configuration ? read_last(site, configuration, last, error) : SMD_E_NOT_FOUND;

	if (err == SMD_E_NOT_FOUND)
		return refuse_to_undo(deployment, NULL, error);
	if (!err && !same_id(last, deployment))
		return refuse_to_undo(deployment, last, error);
	return err ? err : smd_transition_return(site, configuration, NULL, out, error);
}

int smd_transition_roll_back(struct smd_site *site, const char *deployment,
			     struct smd_transition ***out, size_t *count, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	const cJSON *configurations, *entry;
	struct smd_transition **all;
	char key[SMD_STORE_KEY];
	const char *outcome;
	size_t made = 0;
	int err;

	smd_deployment_key(deployment, NULL, key);
	err = smd_store_thread_get(site->store_thread, "deployment", key, &record, NULL, error);
	if (err == SMD_E_NOT_FOUND)
		return smd_fail(error, err, "there is no deployment \"%s\"", deployment);
	if (err)
		return err;
	configurations = smd_record_configurations(record);
	outcome = smd_json_string(record, "outcome");
	if (!cJSON_GetArraySize(configurations) || !outcome || strcmp(outcome, "done") != 0)
		return refuse_to_undo(deployment, NULL, error);
	all = calloc((size_t)cJSON_GetArraySize(configurations), sizeof(*all));
	if (!all)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_ArrayForEach (entry, configurations)
		if (!err)
			err = undo_one(site, deployment, entry, &all[made++], error);
	if (err) {
		smd_transitions_free(all, made);
		return err;
	}
	*out = all;
	*count = made;
	return 0;
}
