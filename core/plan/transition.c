/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/site/deployment_key.h"

void smd_transition_free(struct smd_transition *transition)
{
	if (!transition)
		return;
	free(transition->configuration);
	free(transition->undoes);
	free(transition->returns_to);
	free(transition->oldest);
	cJSON_Delete(transition->from);
	cJSON_Delete(transition->to);
	smd_document_free(transition->document);
	smd_path_free(transition->path);
	free(transition);
}

void smd_transitions_free(struct smd_transition **transitions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		smd_transition_free(transitions[i]);
	free(transitions);
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

struct smd_transition *smd_transition_new(enum smd_goal goal, const char *configuration)
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

int smd_deployed_read(struct smd_site *site, const char *configuration, cJSON **out,
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

static int lists_endpoint(const cJSON *record, const char *device, const char *port)
{
	const cJSON *endpoint;

	cJSON_ArrayForEach (endpoint, smd_json_array(record, "endpoints"))
		if (!strcmp(member(endpoint, "device"), device) &&
		    !strcmp(member(endpoint, "port"), port))
			return 1;
	return 0;
}

int smd_transition_has_endpoint(const struct smd_transition *transition, const char *device,
				const char *port)
{
	const struct smd_document *document = transition->document;

	if (document && document->kind == SMD_DOCUMENT_BRIDGE_DOMAIN)
		for (size_t i = 0; i < document->domain.endpoint_count; i++)
			if (!strcmp(document->domain.endpoints[i].device, device) &&
			    !strcmp(document->domain.endpoints[i].port, port))
				return 1;
	return lists_endpoint(transition->from, device, port) ||
	       lists_endpoint(transition->to, device, port);
}

/* The VLAN and ports of a configuration. All but the array itself is borrowed. */
struct requested {
	const char *name;
	uint16_t vlan; /* 0: no bridge domain, so there are no conflicts */
	struct smd_endpoint *endpoints;
	size_t count;
};

static void requested_done(struct requested *requested)
{
	free(requested->endpoints);
}

/* Read a deployed record; NULL: nothing is deployed. */
static int read_record(const char *name, const cJSON *record, struct requested *out)
{
	const cJSON *list = smd_json_array(record, "endpoints"), *endpoint;

	*out = (struct requested){
		.name = name,
		.vlan = (uint16_t)smd_json_number(record, "vlan", 0),
		.endpoints = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*out->endpoints))};
	if (!out->endpoints)
		return SMD_E_NO_MEMORY;
	cJSON_ArrayForEach (endpoint, list)
		out->endpoints[out->count++] = (struct smd_endpoint){
			member(endpoint, "device"), member(endpoint, "port"),
			strcmp(member(endpoint, "tagging"), "tagged") ? SMD_ACCESS : SMD_TAGGED};
	return 0;
}

static int read_domain(const struct smd_transition *transition, struct requested *out)
{
	const struct smd_bridge_domain *domain = &transition->document->domain;

	*out = (struct requested){
		.name = transition->configuration,
		.vlan = domain->vlan,
		.endpoints = calloc(domain->endpoint_count + 1, sizeof(*out->endpoints)),
		.count = domain->endpoint_count};
	if (!out->endpoints)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < domain->endpoint_count; i++)
		out->endpoints[i] = domain->endpoints[i];
	return 0;
}

static int conflicts_with(const struct smd_endpoint *a, const struct smd_endpoint *b)
{
	return !strcmp(a->device, b->device) && !strcmp(a->port, b->port) &&
	       (a->tagging == SMD_ACCESS || b->tagging == SMD_ACCESS);
}

static int fail_vlan_taken(const struct requested *requested, const struct requested *other,
			   struct smd_error *error)
{
	smd_fail(error, SMD_E_CONFLICT, "VLAN %u is taken by \"%s\"", other->vlan, other->name);
	smd_error_hint(error, "choose another VLAN for \"%s\", or remove \"%s\" first",
		       requested->name, other->name);
	return SMD_E_CONFLICT;
}

static int fail_port_taken(const struct requested *other, const struct smd_endpoint *endpoint,
			   struct smd_error *error)
{
	smd_fail(error, SMD_E_CONFLICT, "port \"%s\" is taken by \"%s\" as %s", endpoint->port,
		 other->name, smd_tagging_name(endpoint->tagging));
	smd_error_device(error, endpoint->device);
	smd_error_hint(error, "an access port belongs to one bridge domain");
	return SMD_E_CONFLICT;
}

/* SMD_E_CONFLICT when the other configuration has the VLAN or a port that is requested. */
static int taken_by(const struct requested *requested, const struct requested *other,
		    struct smd_error *error)
{
	if (!requested->vlan)
		return 0;
	if (other->vlan == requested->vlan)
		return fail_vlan_taken(requested, other, error);
	for (size_t i = 0; i < other->count; i++)
		for (size_t k = 0; k < requested->count; k++)
			if (conflicts_with(&requested->endpoints[k], &other->endpoints[i]))
				return fail_port_taken(other, &other->endpoints[i], error);
	return 0;
}

/* The same for a deployed record; one of the same name is no conflict. */
static int taken_by_record(const struct requested *requested, const char *name, const cJSON *record,
			   struct smd_error *error)
{
	struct requested other;
	int err;

	if (!strcmp(name, requested->name))
		return 0;
	if (read_record(name, record, &other))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = taken_by(requested, &other, error);
	requested_done(&other);
	return err;
}

struct search {
	const struct requested *requested;
	int err;
	struct smd_error error;
};

static int on_deployed(void *arg, const char *key, const void *value, size_t size,
		       uint64_t revision)
{
	struct search *search = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;

	(void)revision;
	if (!strcmp(key, search->requested->name))
		return 0;
	search->err = smd_json_parse(value, size, key, &record, &search->error);
	if (!search->err)
		search->err = taken_by_record(search->requested, key, record, &search->error);
	return search->err;
}

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	int err = 0;

	(void)value;
	(void)size;
	(void)revision;
	smd_json_append(arg, cJSON_CreateString(key), &err);
	return err;
}

/*
 * The same for a deployment that is still open: recovery may complete it. If its record is
 * damaged, nothing is known, and the result is 0.
 */
static int taken_by_open_deployment(struct smd_site *site, const struct requested *requested,
				    const char *key, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	const cJSON *configuration;
	char id[SMD_DEPLOYMENT_ID];
	int err = smd_store_thread_get(site->store_thread, "deployment", key, &record, NULL, NULL);

	if (err)
		return err == SMD_E_NO_MEMORY ? smd_fail(error, err, "out of memory") : 0;
	smd_deployment_id(key, id);
	cJSON_ArrayForEach (configuration, smd_record_configurations(record)) {
		err = taken_by_record(requested, member(configuration, "configuration"),
				      smd_json_object(configuration, "to"), error);

		if (err == SMD_E_CONFLICT)
			smd_error_hint(
				error,
				"deployment %s of it is still open: run `sdctl recover` first", id);
		if (err)
			return err;
	}
	return 0;
}

static int check_taken(struct smd_site *site, const struct requested *requested,
		       struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *open = cJSON_CreateArray();
	struct search search = {.requested = requested};
	const cJSON *id;
	int err;

	if (!requested->vlan)
		return 0;
	err = smd_store_thread_each(site->store_thread, "deployed", "", on_deployed, &search,
				    error);
	if (search.err && error)
		*error = search.error;
	if (!err)
		err = smd_store_thread_each(site->store_thread, "open", "", on_open, open, error);
	cJSON_ArrayForEach (id, open)
		if (!err)
			err = taken_by_open_deployment(site, requested, id->valuestring, error);
	return err;
}

int smd_deployed_check(struct smd_site *site, const char *configuration, const cJSON *record,
		       struct smd_error *error)
{
	struct requested requested;
	int err;

	if (read_record(configuration, record, &requested))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = check_taken(site, &requested, error);
	requested_done(&requested);
	return err;
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
	smd_cleanup(free) struct smd_port *ports = NULL;
	struct requested requested;
	size_t count;
	int err;

	if (read_domain(transition, &requested))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = check_taken(site, &requested, error);
	requested_done(&requested);
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

static int is_domain(const struct smd_transition *transition)
{
	return transition->document && transition->document->kind == SMD_DOCUMENT_BRIDGE_DOMAIN;
}

int smd_transition_deploy(struct smd_site *site, const char *configuration,
			  struct smd_transition **out, struct smd_error *error)
{
	smd_cleanup(smd_transition_free) struct smd_transition *transition =
		smd_transition_new(SMD_GOAL_DEPLOY, configuration);
	int err;

	if (!transition)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = read_revision(site, transition, error);
	if (!err)
		err = smd_deployed_read(site, configuration, &transition->from, error);
	if (!err && is_domain(transition))
		err = find_path(site, transition, error);
	if (!err)
		*out = smd_take(transition);
	return err;
}

/* May the two be deployed together? */
static int check_pair(const struct smd_transition *a, const struct smd_transition *b,
		      struct smd_error *error)
{
	struct requested one, other;
	int err;

	if (!strcmp(a->configuration, b->configuration))
		return smd_fail(error, SMD_E_INVALID, "\"%s\" is there twice", a->configuration);
	if (!is_domain(a) || !is_domain(b))
		return 0;
	if (read_domain(a, &one))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = read_domain(b, &other) ? smd_fail(error, SMD_E_NO_MEMORY, "out of memory")
				     : taken_by(&one, &other, error);
	if (err == SMD_E_CONFLICT)
		smd_error_hint(error, "change \"%s\" or \"%s\": they are deployed together",
			       one.name, other.name);
	requested_done(&one);
	requested_done(&other);
	return err;
}

int smd_transition_deploy_all(struct smd_site *site, const char *const *configurations,
			      size_t count, struct smd_transition ***out, struct smd_error *error)
{
	struct smd_transition **all = calloc(count + 1, sizeof(*all));
	int err = all ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");

	for (size_t i = 0; i < count && !err; i++) {
		err = smd_transition_deploy(site, configurations[i], &all[i], error);
		for (size_t k = 0; k < i && !err; k++)
			err = check_pair(all[i], all[k], error);
	}
	if (!err)
		*out = all;
	else if (all)
		smd_transitions_free(all, count);
	return err;
}

/* Records */

static void move_member(cJSON *from, cJSON *to, const char *name, int *err)
{
	cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(from, name);

	if (item)
		smd_json_put(to, name, item, err);
}

const cJSON *smd_record_configurations(cJSON *record)
{
	static const char *const moved[] = {"configuration", "goal",       "revision", "from", "to",
					    "undoes",        "returns-to", "previous"};
	cJSON *list = smd_json_array(record, "configurations");
	cJSON *one;
	int err = 0;

	if (list || !smd_json_string(record, "configuration"))
		return list;
	one = cJSON_CreateObject();
	for (size_t i = 0; i < SMD_COUNT(moved); i++)
		move_member(record, one, moved[i], &err);
	list = cJSON_CreateArray();
	smd_json_append(list, one, &err);
	if (err) {
		cJSON_Delete(list);
		return NULL;
	}
	smd_json_put(record, "configurations", list, &err);
	return err ? NULL : list;
}
