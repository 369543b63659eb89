/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/plan.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/hash.h"
#include "core/plan/fabric.h"
#include "core/tree/own.h"

#define FORMAT "smartdeploy-plan/3"

void smd_time_text(struct smd_clock *clock, char out[SMD_TIME_TEXT])
{
	struct timespec now;
	struct tm utc;
	size_t used;

	clock->wall(clock, &now);
	gmtime_r(&now.tv_sec, &utc);
	used = strftime(out, SMD_TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out + used, SMD_TIME_TEXT - used, ".%03ldZ", now.tv_nsec / 1000000);
}

/* Writing */

static void add_numbers(cJSON *json, const char *name, const struct smd_set *set)
{
	size_t size = smd_set_format(set, NULL, 0) + 1;
	smd_cleanup(free) char *text = malloc(size);

	if (!text || !set->count)
		return;
	smd_set_format(set, text, size);
	cJSON_AddStringToObject(json, name, text);
}

static void add_value(cJSON *json, const char *name, const struct smd_node *node, int secret)
{
	size_t size;
	const char *value = node ? smd_node_value(node, &size) : NULL;

	if (value && secret)
		cJSON_AddStringToObject(json, name, SMD_MASK);
	else if (value)
		cJSON_AddItemToObject(json, name, smd_json_bytes(value, size));
}

/* The path of the change. If the node's own keys are secret, the path of its section. */
static char *path_of(const struct smd_change *change, int secret)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	smd_cleanup(free) char *section = NULL;
	size_t size = smd_node_path(node, NULL, 0) + 1;
	char *path = malloc(size);

	if (path)
		smd_node_path(node, path, size);
	if (!path || !secret || !smd_node_key(node, 0))
		return path;
	free(path);
	size = smd_node_path(change->parent, NULL, 0) + 1;
	section = malloc(size);
	if (!section)
		return NULL;
	smd_node_path(change->parent, section, size);
	return asprintf(&path, "%s/%s[%s]", strcmp(section, "/") ? section : "",
			smd_node_name(node), SMD_MASK) < 0
		       ? NULL
		       : path;
}

static cJSON *change_json(const struct smd_language *language, const struct smd_change *change)
{
	static const char *const ops[] = {"", "add", "remove", "value", "numbers", "move"};
	cJSON *json = cJSON_CreateObject();
	int secret = smd_language_is_secret(language, change->to ? change->to : change->from);
	smd_cleanup(free) char *path = path_of(change, secret);

	if (!path || !json)
		return json;
	cJSON_AddStringToObject(json, "op", ops[change->op]);
	cJSON_AddStringToObject(json, "path", path);
	add_value(json, "from", change->from, secret);
	add_value(json, "to", change->to, secret);
	add_numbers(json, "added", &change->added);
	add_numbers(json, "removed", &change->removed);
	return json;
}

/* The commands with secrets masked; an empty list if they cannot be masked. */
static cJSON *text_json(const struct smd_language *language, const struct smd_text *text)
{
	smd_cleanup(smd_text_free) struct smd_text *shown = NULL;
	cJSON *lines = cJSON_CreateArray();
	int err = smd_text_new(&shown, 0);

	if (!err)
		err = smd_language_mask(language, text, shown, NULL);
	for (size_t i = 0; i < smd_text_count(shown) && !err; i++) {
		size_t size;
		const char *line = smd_text_get(shown, i, &size);

		cJSON_AddItemToArray(lines, smd_json_bytes(line, size));
	}
	return lines;
}

static cJSON *task_json(const struct smd_draft *draft, const struct smd_task *task)
{
	const struct smd_envelope *driver = &task->language.driver->self;
	char level[2] = {(char)smd_task_level(task), '\0'};
	cJSON *json = cJSON_CreateObject();
	cJSON *list;

	cJSON_AddStringToObject(json, "name", task->device);
	cJSON_AddStringToObject(json, "driver", driver->name);
	cJSON_AddStringToObject(json, "driver-version", driver->version);
	cJSON_AddStringToObject(json, "level", level);
	cJSON_AddStringToObject(json, "base", task->base);
	cJSON_AddStringToObject(json, "goal", task->goal);
	if (task->snapshot[0])
		cJSON_AddStringToObject(json, "snapshot", task->snapshot);
	smd_fabric_carriers(draft, task, cJSON_AddArrayToObject(json, "carriers"));
	list = cJSON_AddArrayToObject(json, "changes");
	for (size_t i = 0; i < smd_changes_count(task->changes); i++)
		cJSON_AddItemToArray(
			list, change_json(&task->language, smd_changes_get(task->changes, i)));
	list = cJSON_AddArrayToObject(json, "steps");
	for (unsigned i = 0; i < task->step_count; i++) {
		cJSON *step = cJSON_CreateObject();

		cJSON_AddItemToObject(step, "commands",
				      text_json(&task->language, task->steps[i].payload));
		cJSON_AddItemToObject(step, "undo",
				      text_json(&task->language, task->steps[i].undo));
		cJSON_AddItemToArray(list, step);
	}
	return json;
}

static void add_vlan(cJSON *vlans, int64_t vlan)
{
	const cJSON *there;

	cJSON_ArrayForEach (there, vlans)
		if (there->valueint == vlan)
			return;
	if (vlan)
		cJSON_AddItemToArray(vlans, cJSON_CreateNumber((double)vlan));
}

static cJSON *impact_json(const struct smd_draft *draft)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *devices = cJSON_AddArrayToObject(json, "devices");
	cJSON *ports = cJSON_AddArrayToObject(json, "ports");
	cJSON *vlans = cJSON_AddArrayToObject(json, "vlans");

	for (size_t i = 0; i < draft->count; i++) {
		if (smd_task_sends(&draft->tasks[i]))
			cJSON_AddItemToArray(devices, cJSON_CreateString(draft->tasks[i].device));
		smd_fabric_ports(&draft->tasks[i], ports);
	}
	for (size_t i = 0; i < draft->transition_count; i++) {
		const struct smd_transition *transition = draft->transitions[i];

		add_vlan(vlans, smd_transition_vlan(transition));
		add_vlan(vlans, smd_json_number(transition->from, "vlan", 0));
	}
	return json;
}

/*
 * Seconds after which the network is all old again by itself if the controller dies behind the
 * commit; null: a device that is changed has no revert timer.
 */
static cJSON *reverts_json(const struct smd_draft *draft)
{
	uint32_t longest = 0;

	for (size_t i = 0; i < draft->count; i++) {
		uint32_t timer = smd_task_timer(&draft->tasks[i]);

		if (!smd_task_sends(&draft->tasks[i]))
			continue;
		if (!timer)
			return cJSON_CreateNull();
		longest = timer > longest ? timer : longest;
	}
	return cJSON_CreateNumber(longest);
}

/* The order of the change: for each step, the devices that are changed at the same time. */
static cJSON *order_json(const struct smd_draft *draft)
{
	cJSON *order = cJSON_CreateArray();

	for (unsigned step = 0; step < draft->steps; step++) {
		cJSON *entry = cJSON_CreateObject();
		cJSON *devices = cJSON_AddArrayToObject(entry, "devices");

		cJSON_AddStringToObject(entry, "step",
					draft->steps == 1 ? "change"
					: step == 0       ? "break"
							  : "make");
		for (size_t i = 0; i < draft->count; i++)
			if (smd_text_count(draft->tasks[i].steps[step].payload))
				cJSON_AddItemToArray(devices,
						     cJSON_CreateString(draft->tasks[i].device));
		if (draft->steps > 1 || cJSON_GetArraySize(devices))
			cJSON_AddItemToArray(order, entry);
		else
			cJSON_Delete(entry);
	}
	return order;
}

static cJSON *configuration_json(const struct smd_transition *transition)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "configuration", transition->configuration);
	cJSON_AddStringToObject(json, "goal", smd_goal_name(transition->goal));
	cJSON_AddNumberToObject(json, "revision", (double)transition->revision);
	cJSON_AddNumberToObject(json, "from-revision",
				(double)smd_json_number(transition->from, "revision", 0));
	if (transition->undoes)
		cJSON_AddStringToObject(json, "undoes", transition->undoes);
	return json;
}

static cJSON *body_json(const struct smd_draft *draft)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *configurations, *devices, *unchanged;
	char now[SMD_TIME_TEXT];

	smd_time_text(draft->site->clock, now);
	cJSON_AddStringToObject(json, "format", FORMAT);
	cJSON_AddStringToObject(json, "store", draft->site->id);
	cJSON_AddStringToObject(json, "created", now);
	configurations = cJSON_AddArrayToObject(json, "configurations");
	for (size_t i = 0; i < draft->transition_count; i++)
		cJSON_AddItemToArray(configurations, configuration_json(draft->transitions[i]));
	devices = cJSON_AddArrayToObject(json, "devices");
	unchanged = cJSON_AddArrayToObject(json, "unchanged");
	for (size_t i = 0; i < draft->count; i++) {
		if (smd_task_idle(&draft->tasks[i]))
			cJSON_AddItemToArray(unchanged, cJSON_CreateString(draft->tasks[i].device));
		else
			cJSON_AddItemToArray(devices, task_json(draft, &draft->tasks[i]));
	}
	cJSON_AddItemToObject(json, "order", order_json(draft));
	cJSON_AddItemToObject(json, "impact", impact_json(draft));
	cJSON_AddNumberToObject(json, "estimate-ms", (double)smd_draft_estimate(draft));
	cJSON_AddItemToObject(json, "reverts-after-s", reverts_json(draft));
	return json;
}

/* Signing */

static int plan_digest(const cJSON *plan, char id[65])
{
	smd_cleanup(cJSON_Delete) cJSON *body = cJSON_Duplicate(plan, 1);
	smd_cleanup(free) char *text = NULL;
	int err;

	if (!body)
		return SMD_E_NO_MEMORY;
	cJSON_DeleteItemFromObjectCaseSensitive(body, "id");
	cJSON_DeleteItemFromObjectCaseSensitive(body, "mac");
	/* What the service says beside a plan, and a client may have kept with it */
	cJSON_DeleteItemFromObjectCaseSensitive(body, "leftovers");
	err = smd_json_canonical(body, &text);
	return err ? err : smd_sha256_hex(text, strlen(text), id);
}

static int sign_id(const struct smd_site *site, const char *id, char mac[65])
{
	uint8_t bytes[SMD_SHA256_SIZE];
	int err = smd_hmac_sha256(site->key, sizeof(site->key), id, strlen(id), bytes);

	if (!err)
		smd_hex(bytes, sizeof(bytes), mac);
	return err;
}

int smd_plan_write(const struct smd_draft *draft, cJSON **out, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *plan = body_json(draft);
	char id[65], mac[65];
	int err = plan ? plan_digest(plan, id) : SMD_E_NO_MEMORY;

	if (!err)
		err = sign_id(draft->site, id, mac);
	if (err)
		return smd_fail(error, err, "cannot write the plan: %s", smd_err_name(err));
	cJSON_AddStringToObject(plan, "id", id);
	cJSON_AddStringToObject(plan, "mac", mac);
	*out = smd_take(plan);
	return 0;
}

/* Checking */

static int fail_untrusted(struct smd_error *error, const char *message)
{
	smd_fail(error, SMD_E_UNTRUSTED, "%s", message);
	smd_error_hint(error, "make a new one with `sdctl plan`; a plan is applied as it was made");
	return SMD_E_UNTRUSTED;
}

int smd_plan_check(const struct smd_site *site, const cJSON *plan, struct smd_error *error)
{
	const char *format = smd_json_string(plan, "format");
	const char *id = smd_json_string(plan, "id");
	const char *mac = smd_json_string(plan, "mac");
	const char *store = smd_json_string(plan, "store");
	char own_id[65], own_mac[65];

	if (!format || strcmp(format, FORMAT) || !id || !mac || !store) {
		smd_fail(error, SMD_E_INVALID, "this is no plan of this program");
		smd_error_hint(error, "give the file that `sdctl plan NAME -o FILE` wrote");
		return SMD_E_INVALID;
	}
	if (strcmp(store, site->id))
		return fail_untrusted(error, "the plan was made by another controller");
	if (plan_digest(plan, own_id) || sign_id(site, id, own_mac))
		return smd_fail(error, SMD_E_INTERNAL, "cannot check the plan");
	if (strcmp(own_id, id) || strlen(mac) != 64 || !smd_same_secret(own_mac, mac, 64))
		return fail_untrusted(error, "the plan was changed after it was made");
	return 0;
}

static const cJSON *device_of(const cJSON *plan, const char *name)
{
	const cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(plan, "devices")) {
		const char *text = smd_json_string(device, "name");

		if (text && !strcmp(text, name))
			return device;
	}
	return NULL;
}

static int fail_stale(struct smd_error *error, const char *device, const char *what)
{
	smd_fail(error, SMD_E_CONFLICT, "the plan is stale: %s", what);
	smd_error_device(error, device);
	smd_error_hint(error, "make a new plan and look at it again; nothing was sent");
	return SMD_E_CONFLICT;
}

static int compare_task(const cJSON *planned, const struct smd_draft *draft,
			const struct smd_task *task, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *now = task_json(draft, task);
	const char *base = smd_json_string(planned, "base");

	if (!base || strcmp(base, task->base))
		return fail_stale(error, task->device,
				  "what the device runs there has changed since it was made");
	if (!cJSON_Compare(smd_json_array(planned, "carriers"), smd_json_array(now, "carriers"), 1))
		return fail_stale(error, task->device, "a VLAN of it runs over other ports now");
	if (!cJSON_Compare(planned, now, 1))
		return fail_stale(error, task->device, "other commands would be sent today");
	return 0;
}

static int compare_configurations(const cJSON *plan, const struct smd_draft *draft,
				  struct smd_error *error)
{
	const cJSON *list = smd_json_array(plan, "configurations");

	if ((size_t)cJSON_GetArraySize(list) != draft->transition_count)
		return fail_stale(error, "", "it is of other configurations");
	for (size_t i = 0; i < draft->transition_count; i++) {
		const cJSON *planned = cJSON_GetArrayItem(list, (int)i);
		smd_cleanup(cJSON_Delete) cJSON *now = configuration_json(draft->transitions[i]);
		const char *name = smd_json_string(planned, "configuration");
		char what[SMD_ERROR_MESSAGE];

		if (!name || strcmp(name, draft->transitions[i]->configuration))
			return fail_stale(error, "", "it is of other configurations");
		snprintf(what, sizeof(what), "\"%s\" has another revision now", name);
		if (!cJSON_Compare(planned, now, 1))
			return fail_stale(error, "", what);
	}
	return 0;
}

static int needed_no_change(const cJSON *plan, const char *name)
{
	const cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(plan, "unchanged"))
		if (cJSON_IsString(device) && !strcmp(device->valuestring, name))
			return 1;
	return 0;
}

int smd_plan_compare(const cJSON *plan, const struct smd_draft *draft, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *reverts = reverts_json(draft);
	int err = compare_configurations(plan, draft, error);
	size_t found = 0;

	for (size_t i = 0; i < draft->count && !err; i++) {
		const struct smd_task *task = &draft->tasks[i];
		const cJSON *planned = device_of(plan, task->device);

		if (planned)
			err = compare_task(planned, draft, task, error);
		else if (!needed_no_change(plan, task->device))
			return fail_stale(error, task->device, "the device is not part of it");
		else if (!smd_task_idle(task))
			return fail_stale(error, task->device,
					  "the device needed no change when it was made");
		found += planned != NULL;
	}
	if (!err && (size_t)cJSON_GetArraySize(smd_json_array(plan, "devices")) != found)
		return fail_stale(error, "", "other devices would be changed today");
	if (!err && !cJSON_Compare(smd_json_member(plan, "reverts-after-s"), reverts, 1))
		return fail_stale(error, "", "the revert timers are others now");
	return err;
}
