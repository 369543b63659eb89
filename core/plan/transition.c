/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/transition.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void smd_transition_free(struct smd_transition *transition)
{
	if (!transition)
		return;
	free(transition->configuration);
	free(transition->undoes);
	free(transition->returns_to);
	cJSON_Delete(transition->from);
	cJSON_Delete(transition->to);
	smd_document_free(transition->document);
	smd_path_free(transition->path);
	free(transition);
}

void smd_revision_key(const char *configuration, int64_t revision, char out[SMD_REVISION_KEY])
{
	snprintf(out, SMD_REVISION_KEY, "%s %08" PRId64, configuration, revision);
}

const char *smd_goal_name(enum smd_goal goal)
{
	static const char *const names[] = {"", "deploy", "remove", "rollback"};

	return names[goal];
}

uint16_t smd_transition_vlan(const struct smd_transition *transition)
{
	const struct smd_document *document = transition->document;

	if (document && document->kind == SMD_DOCUMENT_BRIDGE_DOMAIN)
		return document->domain.vlan;
	if (transition->to)
		return (uint16_t)smd_json_number(transition->to, "vlan", 0);
	return (uint16_t)smd_json_number(transition->from, "vlan", 0);
}

static struct smd_transition *new_transition(enum smd_goal goal, const char *configuration)
{
	struct smd_transition *transition = calloc(1, sizeof(*transition));

	if (!transition)
		return NULL;
	transition->goal = goal;
	transition->configuration = strdup(configuration);
	if (!transition->configuration)
		free(smd_take(transition));
	return transition;
}

/* Read the `deployed` record. `*out` stays NULL, without an error, when there is none. */
static int read_deployed(struct smd_site *site, const char *configuration, cJSON **out,
			 struct smd_error *error)
{
	int err = smd_store_thread_get(site->store_thread, "deployed", configuration, out, NULL,
				       error);

	return err == SMD_E_NOT_FOUND ? 0 : err;
}

/* Conflicts with other configurations */

static const char *member(const cJSON *object, const char *name)
{
	const char *text = smd_json_string(object, name);

	return text ? text : "";
}

/* The VLAN and ports that a configuration is to get. Borrowed from a document or a record. */
struct requested {
	const char *name;
	uint16_t vlan; /* 0: no bridge domain, so there are no conflicts */
	const struct smd_endpoint *endpoints;
	size_t count;
	int err;
	struct smd_error error;
};

static int conflicts_with(const struct smd_endpoint *mine, const cJSON *endpoint)
{
	return !strcmp(mine->device, member(endpoint, "device")) &&
	       !strcmp(mine->port, member(endpoint, "port")) &&
	       (mine->tagging == SMD_ACCESS || strcmp(member(endpoint, "tagging"), "tagged"));
}

static int fail_port_taken(const char *other, const cJSON *endpoint, struct smd_error *error)
{
	smd_fail(error, SMD_E_CONFLICT, "port \"%s\" is taken by \"%s\" as %s",
		 member(endpoint, "port"), other, member(endpoint, "tagging"));
	smd_error_device(error, member(endpoint, "device"));
	smd_error_hint(error, "an access port belongs to one bridge domain");
	return SMD_E_CONFLICT;
}

/*
 * SMD_E_CONFLICT when `record` (a deployed record of another configuration, or NULL) has the
 * VLAN or a port that is requested.
 */
static int taken_by(const struct requested *requested, const char *other, const cJSON *record,
		    struct smd_error *error)
{
	const cJSON *endpoint;

	if (smd_json_number(record, "vlan", 0) == requested->vlan) {
		smd_fail(error, SMD_E_CONFLICT, "VLAN %u is taken by \"%s\"", requested->vlan,
			 other);
		smd_error_hint(error, "choose another VLAN for \"%s\", or remove \"%s\" first",
			       requested->name, other);
		return SMD_E_CONFLICT;
	}
	cJSON_ArrayForEach (endpoint, smd_json_array(record, "endpoints"))
		for (size_t i = 0; i < requested->count; i++)
			if (conflicts_with(&requested->endpoints[i], endpoint))
				return fail_port_taken(other, endpoint, error);
	return 0;
}

static int on_deployed(void *arg, const char *key, const void *value, size_t size,
		       uint64_t revision)
{
	struct requested *requested = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;

	(void)revision;
	if (!strcmp(key, requested->name))
		return 0;
	requested->err = smd_json_parse(value, size, key, &record, &requested->error);
	if (!requested->err)
		requested->err = taken_by(requested, key, record, &requested->error);
	return requested->err;
}

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	(void)value;
	(void)size;
	(void)revision;
	return cJSON_AddItemToArray(arg, cJSON_CreateString(key)) ? 0 : SMD_E_NO_MEMORY;
}

/*
 * The same for a deployment that is still open: recovery may complete it. If its record is
 * damaged, nothing is known, and the result is 0.
 */
static int taken_by_open_deployment(struct smd_site *site, const struct requested *requested,
				    const char *id, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	const char *other;

	if (smd_store_thread_get(site->store_thread, "deployment", id, &record, NULL, NULL))
		return 0;
	other = member(record, "configuration");
	if (!strcmp(other, requested->name) ||
	    !taken_by(requested, other, smd_json_object(record, "to"), error))
		return 0;
	smd_error_hint(error, "deployment %s of it is still open: run `sdctl recover` first", id);
	return SMD_E_CONFLICT;
}

static int check_taken(struct smd_site *site, struct requested *requested, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *open = cJSON_CreateArray();
	const cJSON *id;
	int err;

	if (!requested->vlan)
		return 0;
	err = smd_store_thread_each(site->store_thread, "deployed", "", on_deployed, requested,
				    error);
	if (requested->err && error)
		*error = requested->error;
	if (!err)
		err = smd_store_thread_each(site->store_thread, "open", "", on_open, open, error);
	cJSON_ArrayForEach (id, open)
		if (!err)
			err = taken_by_open_deployment(site, requested, id->valuestring, error);
	return err;
}

/* The same for a rollback to the state of record `to`; NULL: nothing was deployed. */
static int check_return(struct smd_site *site, const char *configuration, const cJSON *to,
			struct smd_error *error)
{
	const cJSON *list = smd_json_array(to, "endpoints"), *endpoint;
	smd_cleanup(free) struct smd_endpoint *endpoints =
		calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*endpoints));
	struct requested requested = {.name = configuration,
				      .vlan = (uint16_t)smd_json_number(to, "vlan", 0),
				      .endpoints = endpoints};

	if (!endpoints)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_ArrayForEach (endpoint, list)
		endpoints[requested.count++] = (struct smd_endpoint){
			member(endpoint, "device"), member(endpoint, "port"),
			strcmp(member(endpoint, "tagging"), "tagged") ? SMD_ACCESS : SMD_TAGGED};
	return check_taken(site, &requested, error);
}

/* Paths */

/* The ports of the links that the deployed state uses. */
static struct smd_port *ports_in_place(const cJSON *from, size_t *count)
{
	const cJSON *links = smd_json_array(from, "links"), *link;
	struct smd_port *ports = calloc(2 * (size_t)cJSON_GetArraySize(links) + 1, sizeof(*ports));

	*count = 0;
	cJSON_ArrayForEach (link, links) {
		if (!ports)
			break;
		ports[(*count)++] =
			(struct smd_port){member(link, "a-device"), member(link, "a-port")};
		ports[(*count)++] =
			(struct smd_port){member(link, "b-device"), member(link, "b-port")};
	}
	return ports;
}

static int find_path(struct smd_site *site, struct smd_transition *transition,
		     struct smd_error *error)
{
	const struct smd_bridge_domain *domain = &transition->document->domain;
	struct requested requested = {.name = domain->name,
				      .vlan = domain->vlan,
				      .endpoints = domain->endpoints,
				      .count = domain->endpoint_count};
	smd_cleanup(free) struct smd_port *ports = NULL;
	size_t count;
	int err = check_taken(site, &requested, error);

	if (err)
		return err;
	ports = ports_in_place(transition->from, &count);
	if (!ports)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	return smd_path_find(domain, site->inventory, site->topology, ports, count,
			     &transition->path, error);
}

/* Read the latest revision into the transition. */
static int read_revision(struct smd_site *site, struct smd_transition *transition,
			 struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	smd_cleanup(cJSON_Delete) cJSON *revision = NULL;
	char key[SMD_REVISION_KEY];
	const char *text;
	int err;

	err = smd_store_thread_get(site->store_thread, "configuration", transition->configuration,
				   &head, NULL, error);
	if (err == SMD_E_NOT_FOUND)
		smd_error_hint(error, "`sdctl config list` shows those that there are");
	if (err)
		return err;
	transition->revision = smd_json_number(head, "revision", 0);
	smd_revision_key(transition->configuration, transition->revision, key);
	err = smd_store_thread_get(site->store_thread, "revision", key, &revision, NULL, error);
	if (err)
		return err;
	text = smd_json_string(revision, "text");
	if (!text) {
		transition->goal = SMD_GOAL_REMOVE;
		transition->revision = 0;
		return 0;
	}
	return smd_document_load(site->model, text, smd_json_string(revision, "checked"),
				 transition->configuration, &transition->document, error);
}

int smd_transition_deploy(struct smd_site *site, const char *configuration,
			  struct smd_transition **out, struct smd_error *error)
{
	smd_cleanup(smd_transition_free) struct smd_transition *transition =
		new_transition(SMD_GOAL_DEPLOY, configuration);
	int err;

	if (!transition)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = read_revision(site, transition, error);
	if (!err)
		err = read_deployed(site, configuration, &transition->from, error);
	if (!err && transition->document &&
	    transition->document->kind == SMD_DOCUMENT_BRIDGE_DOMAIN)
		err = find_path(site, transition, error);
	if (!err)
		*out = smd_take(transition);
	return err;
}

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

int smd_transition_roll_back(struct smd_site *site, const char *deployment,
			     struct smd_transition **out, struct smd_error *error)
{
	smd_cleanup(smd_transition_free) struct smd_transition *transition = NULL;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	const char *configuration, *last;
	int err = smd_store_thread_get(site->store_thread, "deployment", deployment, &record, NULL,
				       error);

	if (err)
		return err;
	configuration = smd_json_string(record, "configuration");
	if (!configuration || strcmp(member(record, "outcome"), "done"))
		return refuse_to_undo(deployment, NULL, error);
	err = smd_store_thread_get(site->store_thread, "last", configuration, &head, NULL, error);
	last = smd_json_string(head, "deployment");
	if (err || !last || strcmp(last, deployment))
		return refuse_to_undo(deployment, last, error);
	transition = new_transition(SMD_GOAL_ROLL_BACK, configuration);
	if (!transition)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	transition->undoes = strdup(deployment);
	if (smd_json_string(record, "previous"))
		transition->returns_to = strdup(smd_json_string(record, "previous"));
	err = read_deployed(site, configuration, &transition->from, error);
	if (err)
		return err;
	if (smd_json_object(record, "from"))
		transition->to = cJSON_Duplicate(smd_json_object(record, "from"), 1);
	transition->revision = smd_json_number(transition->to, "revision", 0);
	err = check_return(site, configuration, transition->to, error);
	if (!err)
		*out = smd_take(transition);
	return err;
}
