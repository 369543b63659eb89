/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/draft.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/fabric.h"
#include "core/plan/slice.h"
#include "core/site/snapshot.h"
#include "core/tree/json.h"
#include "core/tree/own.h"

static int no_memory(struct smd_error *error)
{
	return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

void smd_draft_free(struct smd_draft *draft)
{
	if (!draft)
		return;
	for (size_t i = 0; i < draft->count; i++) {
		smd_task_done(&draft->tasks[i]);
		smd_remote_close(draft->fetches[i].remote, NULL);
	}
	if (draft->fetches)
		smd_fetch_jobs_done(draft->fetches, draft->count);
	smd_text_free(draft->scope);
	smd_transitions_free(draft->transitions, draft->transition_count);
	free(draft->tasks);
	free(draft->fetches);
	free(draft);
}

/* Which devices are concerned */

/* Borrowed names, sorted, each once. */
struct names {
	const char **names;
	size_t count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int wanted_by_plan(const cJSON *only, const char *name)
{
	const cJSON *device;

	if (!only)
		return 1;
	cJSON_ArrayForEach (device, only) {
		if (cJSON_IsString(device) && !strcmp(device->valuestring, name))
			return 1;
	}
	return 0;
}

static void add_name(struct names *names, const char *name, const cJSON *only)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->names[i], name))
			return;
	if (wanted_by_plan(only, name))
		names->names[names->count++] = name;
}

static void add_record(struct names *names, const cJSON *record, const cJSON *only)
{
	const cJSON *slice;

	cJSON_ArrayForEach (slice, smd_json_object(record, "slices"))
		add_name(names, slice->string, only);
}

static size_t most_names(const struct smd_transition *transition)
{
	const struct smd_document *document = transition->document;
	size_t most = (size_t)cJSON_GetArraySize(smd_json_object(transition->from, "slices")) +
		      (size_t)cJSON_GetArraySize(smd_json_object(transition->to, "slices"));

	if (transition->path)
		most += transition->path->device_count;
	if (document && document->kind == SMD_DOCUMENT_NATIVE)
		most += document->native.device_count;
	return most;
}

static void add_names(struct names *names, const struct smd_transition *transition,
		      const cJSON *only)
{
	const struct smd_document *document = transition->document;

	add_record(names, transition->from, only);
	add_record(names, transition->to, only);
	for (size_t i = 0; transition->path && i < transition->path->device_count; i++)
		add_name(names, transition->path->devices[i], only);
	if (document && document->kind == SMD_DOCUMENT_NATIVE)
		for (size_t i = 0; i < document->native.device_count; i++)
			add_name(names, document->native.devices[i].device, only);
}

static int find_concerned(const struct smd_draft *draft, const cJSON *only, struct names *names)
{
	size_t most = 1;

	for (size_t i = 0; i < draft->transition_count; i++)
		most += most_names(draft->transitions[i]);
	*names = (struct names){.names = calloc(most, sizeof(*names->names))};
	if (!names->names)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < draft->transition_count; i++)
		add_names(names, draft->transitions[i], only);
	qsort(names->names, names->count, sizeof(*names->names), by_name);
	return 0;
}

static int has_native(const struct smd_document *document, const char *device)
{
	if (document && document->kind == SMD_DOCUMENT_NATIVE)
		for (size_t i = 0; i < document->native.device_count; i++)
			if (!strcmp(document->native.devices[i].device, device))
				return 1;
	return 0;
}

static int concerns(const struct smd_transition *transition, const char *device)
{
	return smd_json_member(smd_json_object(transition->from, "slices"), device) ||
	       smd_json_member(smd_json_object(transition->to, "slices"), device) ||
	       (transition->path && smd_path_has(transition->path, device)) ||
	       has_native(transition->document, device);
}

/* Tasks */

static int stored_slice(const cJSON *record, const char *device, struct smd_tree **out,
			struct smd_error *error)
{
	const cJSON *json = smd_json_member(smd_json_object(record, "slices"), device);

	return json ? smd_tree_from_json(json, out, error) : 0;
}

static int copy_lines(const struct smd_text *from, struct smd_text **out)
{
	smd_cleanup(free) char *joined = smd_text_join(from);

	return joined ? smd_text_from(out, joined, strlen(joined)) : SMD_E_NO_MEMORY;
}

static int give_lines(struct smd_task_share *share, const char *device,
		      const struct smd_native *native, struct smd_error *error)
{
	for (size_t i = 0; i < native->device_count; i++)
		if (!strcmp(native->devices[i].device, device))
			return copy_lines(native->devices[i].text, &share->lines) ? no_memory(error)
										  : 0;
	return 0;
}

static int give_stored(struct smd_task_share *share, const char *device, const cJSON *record,
		       struct smd_error *error)
{
	const cJSON *absences = smd_json_object(record, "absences");
	int err = smd_absence_lines_read(smd_json_array(absences, device), &share->absent);

	if (err)
		return smd_fail(error, err, "what \"%s\" wants to be absent cannot be read",
				share->owner);
	return stored_slice(record, device, &share->wanted, error);
}

/* Set what the device shall do: the old slice, native lines, or its part in the service. */
static int give_intent(struct smd_task_share *share, const char *device,
		       const struct smd_transition *transition, struct smd_error *error)
{
	const struct smd_document *document = transition->document;

	if (transition->goal == SMD_GOAL_ROLL_BACK)
		return give_stored(share, device, transition->to, error);
	if (!document)
		return 0;
	if (document->kind == SMD_DOCUMENT_NATIVE)
		return give_lines(share, device, &document->native, error);
	if (!smd_path_has(transition->path, device))
		return 0;
	return smd_domain_part(&document->domain, transition->path, device, &share->part, error);
}

/* Add a share for each transition that concerns the task's device. */
static int add_shares(const struct smd_draft *draft, struct smd_task *task, struct smd_error *error)
{
	int err = 0;

	task->shares = calloc(draft->transition_count + 1, sizeof(*task->shares));
	if (!task->shares)
		return no_memory(error);
	for (size_t i = 0; i < draft->transition_count && !err; i++) {
		const struct smd_transition *transition = draft->transitions[i];
		struct smd_task_share *share = &task->shares[task->share_count];

		if (!concerns(transition, task->device))
			continue;
		task->share_count++;
		share->owner = transition->configuration;
		err = stored_slice(transition->from, task->device, &share->had, error);
		if (!err)
			err = give_intent(share, task->device, transition, error);
	}
	return err;
}

static int compute_task(struct smd_fetch_job *fetch, struct smd_error *error)
{
	struct smd_task *task = fetch->arg;

	task->native = smd_take(fetch->native);
	task->facts = fetch->facts;
	return smd_task_compute(task, error);
}

static int prepare_task(struct smd_draft *draft, size_t index, const char *device,
			enum smd_access access, struct smd_error *error)
{
	struct smd_task *task = &draft->tasks[index];
	struct smd_fetch_job *fetch = &draft->fetches[index];
	int err = smd_remote_open_device(draft->site, device, access, &fetch->remote, error);

	if (err)
		return err;
	draft->count = index + 1;
	fetch->scope = draft->scope;
	fetch->work = compute_task;
	fetch->arg = task;
	task->device = fetch->remote->name;
	task->language = fetch->remote->language;
	err = smd_ledger_load(&task->before, draft->site->store_thread, device, error);
	if (!err)
		err = smd_absences_load(&task->absences, draft->site->store_thread, device, error);
	if (!err)
		err = smd_shown_load(&task->shown, draft->site->store_thread,
				     task->language.driver->self.name, error);
	return err ? err : add_shares(draft, task, error);
}

static int prepare_all(struct smd_draft *draft, const cJSON *only, enum smd_access access,
		       struct smd_error *error)
{
	struct names names;
	int err = find_concerned(draft, only, &names);

	if (err)
		return no_memory(error);
	draft->tasks = calloc(names.count + 1, sizeof(*draft->tasks));
	draft->fetches = calloc(names.count + 1, sizeof(*draft->fetches));
	if (!draft->tasks || !draft->fetches)
		err = no_memory(error);
	for (size_t i = 0; i < names.count && !err; i++)
		err = prepare_task(draft, i, names.names[i], access, error);
	free(names.names);
	return err;
}

/* Note where the two differ, in the part that the task affects. */
static int note_later(struct smd_task *task, const struct smd_tree *before)
{
	smd_cleanup(smd_tree_free) struct smd_tree *one = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *other = NULL;
	smd_cleanup(smd_changes_free) struct smd_changes *changes = NULL;
	int err = smd_slice_affected(task->target, task->had, task->wanted, &one);

	if (!err)
		err = smd_slice_affected(before, task->had, task->wanted, &other);
	if (!err)
		err = smd_diff(one, other, &changes);
	if (!err)
		err = smd_text_new(&task->later, 0);
	task->later_count = smd_changes_count(changes);
	for (size_t i = 0; i < task->later_count && i < SMD_TASK_LATER && !err; i++) {
		const struct smd_change *change = smd_changes_get(changes, i);
		smd_cleanup(free) char *path = smd_language_show_path(
			&task->language, change->to ? change->to : change->from);

		err = path ? smd_text_line(task->later, path) : SMD_E_NO_MEMORY;
		if (!err && !i)
			snprintf(task->snapshot, sizeof(task->snapshot), "%s", path);
	}
	return err;
}

/*
 * For a rollback: does the device then run what it ran before the deployment? Others may have
 * changed it since. Sets task->snapshot.
 */
static int compare_snapshot(struct smd_draft *draft, size_t index, const char *undoes,
			    struct smd_error *error)
{
	struct smd_task *task = &draft->tasks[index];
	smd_cleanup(smd_text_free) struct smd_text *native = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *before = NULL;
	int err = smd_snapshot_read(draft->site, undoes, draft->fetches[index].remote, &native,
				    error);

	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
	err = smd_language_parse(&task->language, native, &before, error);
	if (err)
		return err;
	if (note_later(task, before))
		return no_memory(error);
	if (!task->later_count)
		snprintf(task->snapshot, sizeof(task->snapshot), "equal");
	return 0;
}

static int compare_snapshots(struct smd_draft *draft, struct smd_error *error)
{
	const char *oldest = draft->transition_count ? draft->transitions[0]->oldest : NULL;
	int err = 0;

	for (size_t i = 0; oldest && i < draft->count && !err; i++)
		err = compare_snapshot(draft, i, oldest, error);
	return err;
}

static int split_all(struct smd_draft *draft, struct smd_error *error)
{
	int err = 0;

	draft->steps = 2;
	for (size_t i = 0; i < draft->count && !err; i++) {
		err = smd_task_split(&draft->tasks[i], error);
		if (err)
			smd_error_device(error, draft->tasks[i].device);
	}
	return err;
}

static int by_configuration(const void *a, const void *b)
{
	const struct smd_transition *const *one = a, *const *other = b;

	return strcmp((*one)->configuration, (*other)->configuration);
}

int smd_draft_open(struct smd_site *site, struct smd_transition **transitions_take, size_t count,
		   const cJSON *only, enum smd_access access, struct smd_draft **out,
		   struct smd_error *error)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = calloc(1, sizeof(*draft));
	int err;

	if (!draft) {
		smd_transitions_free(transitions_take, count);
		return no_memory(error);
	}
	draft->site = site;
	draft->transitions = transitions_take;
	draft->transition_count = count;
	draft->steps = 1;
	qsort(draft->transitions, count, sizeof(*draft->transitions), by_configuration);
	if (smd_text_new(&draft->scope, 0) || smd_text_line(draft->scope, SMD_SCOPE_FAULT))
		return no_memory(error);
	err = prepare_all(draft, only, access, error);
	if (!err)
		*out = smd_take(draft);
	return err;
}

int smd_draft_read(struct smd_draft *draft, struct smd_error *error)
{
	int err;

	smd_fetch_all(draft->fetches, draft->count);
	err = smd_fetch_all_error(draft->fetches, draft->count, error);
	if (!err)
		err = compare_snapshots(draft, error);
	if (!err)
		err = smd_fabric_check(draft, error);
	return err > 0 ? split_all(draft, error) : err;
}

int smd_draft_make(struct smd_site *site, struct smd_transition **transitions_take, size_t count,
		   const cJSON *only, enum smd_access access, struct smd_draft **out,
		   struct smd_error *error)
{
	smd_cleanup(smd_draft_free) struct smd_draft *draft = NULL;
	int err = smd_draft_open(site, transitions_take, count, only, access, &draft, error);

	if (!err)
		err = smd_draft_read(draft, error);
	if (!err)
		*out = smd_take(draft);
	return err;
}

int64_t smd_draft_estimate(const struct smd_draft *draft)
{
	uint64_t connect = 0, trip = 0;

	for (size_t i = 0; i < draft->count; i++) {
		const struct smd_fetch_job *fetch = &draft->fetches[i];

		connect = fetch->connect > connect ? fetch->connect : connect;
		trip = fetch->took > trip ? fetch->took : trip;
	}
	/* One connect; then one round trip each for the check, every step and the final reading. */
	return (int64_t)((connect + (2 + draft->steps) * trip + 999) / 1000);
}

/* Records */

/* The share of a configuration on a device; NULL: it has none. */
static const struct smd_task_share *find_share(const struct smd_task *task, const char *owner)
{
	for (size_t i = 0; i < task->share_count; i++)
		if (!strcmp(task->shares[i].owner, owner))
			return &task->shares[i];
	return NULL;
}

static int is_in(const struct smd_draft *draft, const char *device, const char *owner)
{
	for (size_t i = 0; i < draft->count; i++)
		if (!strcmp(draft->tasks[i].device, device))
			return find_share(&draft->tasks[i], owner) != NULL;
	return 0;
}

static int add_slices(const struct smd_draft *draft, const struct smd_transition *transition,
		      cJSON *record)
{
	const cJSON *old = smd_json_object(transition->from, "slices");
	int err = 0;
	cJSON *slices = smd_json_put_object(record, "slices", &err);
	const cJSON *slice;

	cJSON_ArrayForEach (slice, old) /* what the draft does not concern stays as it is */
		if (!is_in(draft, slice->string, transition->configuration))
			smd_json_put(slices, slice->string, cJSON_Duplicate(slice, 1), &err);
	for (size_t i = 0; i < draft->count && !err; i++) {
		const struct smd_task_share *share =
			find_share(&draft->tasks[i], transition->configuration);
		cJSON *json = NULL;

		if (!share || (!smd_node_first(smd_tree_top(share->wanted)) &&
			       !smd_text_count(share->absent)))
			continue;
		err = smd_tree_to_json(share->wanted, &json);
		if (!err)
			smd_json_put(slices, draft->tasks[i].device, json, &err);
	}
	return err;
}

/* What is wanted to be absent: {DEVICE: lines}, a member only where there is any. */
static int add_absences(const struct smd_draft *draft, const struct smd_transition *transition,
			cJSON *record)
{
	const cJSON *old = smd_json_object(transition->from, "absences");
	cJSON *absences = cJSON_CreateObject();
	const cJSON *lines;
	int err = 0;

	cJSON_ArrayForEach (lines, old)
		if (!is_in(draft, lines->string, transition->configuration))
			smd_json_put(absences, lines->string, cJSON_Duplicate(lines, 1), &err);
	for (size_t i = 0; i < draft->count; i++) {
		const struct smd_task_share *share =
			find_share(&draft->tasks[i], transition->configuration);

		if (share && smd_text_count(share->absent))
			smd_json_put(absences, draft->tasks[i].device,
				     smd_absence_lines_json(share->absent), &err);
	}
	if (!absences || absences->child)
		smd_json_put(record, "absences", absences, &err);
	else
		cJSON_Delete(absences);
	return err;
}

static void add_domain(const struct smd_transition *transition, cJSON *record, int *err)
{
	const struct smd_bridge_domain *domain = &transition->document->domain;
	cJSON *links = smd_json_put_array(record, "links", err);
	cJSON *endpoints = smd_json_put_array(record, "endpoints", err);

	smd_json_put_number(record, "vlan", domain->vlan, err);
	for (size_t i = 0; i < transition->path->link_count; i++) {
		const struct smd_link *link = &transition->path->links[i];
		cJSON *json = cJSON_CreateObject();

		smd_json_put_string(json, "a-device", link->a_device, err);
		smd_json_put_string(json, "a-port", link->a_port, err);
		smd_json_put_string(json, "b-device", link->b_device, err);
		smd_json_put_string(json, "b-port", link->b_port, err);
		smd_json_append(links, json, err);
	}
	for (size_t i = 0; i < domain->endpoint_count; i++) {
		const struct smd_endpoint *endpoint = &domain->endpoints[i];
		cJSON *json = cJSON_CreateObject();

		smd_json_put_string(json, "device", endpoint->device, err);
		smd_json_put_string(json, "port", endpoint->port, err);
		smd_json_put_string(json, "tagging", smd_tagging_name(endpoint->tagging), err);
		smd_json_append(endpoints, json, err);
	}
}

int smd_draft_record(const struct smd_draft *draft, const struct smd_transition *transition,
		     const char *deployment, cJSON **out)
{
	const struct smd_document *document = transition->document;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	int err = 0;

	*out = NULL;
	if (transition->goal == SMD_GOAL_ROLL_BACK) {
		if (!transition->to)
			return 0;
		*out = cJSON_Duplicate(transition->to, 1);
		return *out ? 0 : SMD_E_NO_MEMORY;
	}
	if (!document)
		return 0;
	record = cJSON_CreateObject();
	smd_json_put_number(record, "revision", (double)transition->revision, &err);
	smd_json_put_string(record, "kind", smd_document_kind_name(document->kind), &err);
	smd_json_put_string(record, "deployment", deployment, &err);
	if (document->kind == SMD_DOCUMENT_BRIDGE_DOMAIN)
		add_domain(transition, record, &err);
	if (!err)
		err = add_slices(draft, transition, record);
	if (!err)
		err = add_absences(draft, transition, record);
	if (!err)
		*out = smd_take(record);
	return err;
}
