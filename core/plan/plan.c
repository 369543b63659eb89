/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/plan.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/hash.h"
#include "core/plan/fabric.h"
#include "core/plan/risk.h"
#include "core/tree/own.h"

#define FORMAT "smartdeploy-plan/3"

void smd_time_text(struct smd_clock *clock, char out[SMD_TIME_TEXT])
{
	smd_time_text_ago(clock, 0, out);
}

void smd_time_text_ago(struct smd_clock *clock, int64_t seconds, char out[SMD_TIME_TEXT])
{
	struct timespec now;
	struct tm utc;
	size_t used;

	clock->wall(clock, &now);
	now.tv_sec -= seconds < now.tv_sec ? seconds : now.tv_sec;
	gmtime_r(&now.tv_sec, &utc);
	used = strftime(out, SMD_TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out + used, SMD_TIME_TEXT - used, ".%03ldZ", now.tv_nsec / 1000000);
}

/* Writing */

static void add_numbers(cJSON *json, const char *name, const struct smd_set *set, int *err)
{
	size_t size = smd_set_format(set, NULL, 0) + 1;
	smd_cleanup(free) char *text = malloc(size);

	if (!set->count)
		return;
	if (!text) {
		*err = SMD_E_NO_MEMORY;
		return;
	}
	smd_set_format(set, text, size);
	smd_json_put_string(json, name, text, err);
}

static void add_value(cJSON *json, const char *name, const struct smd_node *node, int secret,
		      int *err)
{
	size_t size;
	const char *value = node ? smd_node_value(node, &size) : NULL;

	if (value && secret)
		smd_json_put_string(json, name, SMD_MASK, err);
	else if (value)
		smd_json_put(json, name, smd_json_bytes(value, size), err);
}

static cJSON *change_json(const struct smd_language *language, const struct smd_change *change,
			  int *err)
{
	static const char *const ops[] = {"", "add", "remove", "value", "numbers", "move"};
	cJSON *json = cJSON_CreateObject();
	const struct smd_node *node = change->to ? change->to : change->from;
	int secret = smd_language_is_secret(language, node);
	smd_cleanup(free) char *path = smd_language_show_path(language, node);

	if (!path) {
		*err = SMD_E_NO_MEMORY;
		return json;
	}
	smd_json_put_string(json, "op", ops[change->op], err);
	smd_json_put_string(json, "path", path, err);
	add_value(json, "from", change->from, secret, err);
	add_value(json, "to", change->to, secret, err);
	add_numbers(json, "added", &change->added, err);
	add_numbers(json, "removed", &change->removed, err);
	return json;
}

/* The commands with secrets masked; an empty list if they cannot be masked. */
static cJSON *text_json(const struct smd_language *language, const struct smd_text *text, int *err)
{
	smd_cleanup(smd_text_free) struct smd_text *shown = NULL;
	cJSON *lines = cJSON_CreateArray();
	int unmasked = smd_text_new(&shown, 0);

	if (!unmasked)
		unmasked = smd_language_mask(language, text, shown, NULL);
	if (unmasked == SMD_E_NO_MEMORY)
		*err = unmasked;
	for (size_t i = 0; i < smd_text_count(shown) && !unmasked; i++) {
		size_t size;
		const char *line = smd_text_get(shown, i, &size);

		smd_json_append(lines, smd_json_bytes(line, size), err);
	}
	return lines;
}

/* A line with its secrets masked; NULL: it cannot be. */
static cJSON *masked_json(const struct smd_language *language, const char *line, int *err)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	cJSON *list, *shown;

	if (smd_text_new(&text, 0) || smd_text_line(text, line)) {
		*err = SMD_E_NO_MEMORY;
		return NULL;
	}
	list = text_json(language, text, err);
	shown = cJSON_DetachItemFromArray(list, 0);
	cJSON_Delete(list);
	return shown;
}

/* What is secret in a line with its words in full is so in the line that is short for it. */
static cJSON *unknown_json(const struct smd_language *language, const char *owner,
			   const struct smd_unknown_line *line, int *err)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *likely = line->likely ? masked_json(language, line->likely, err) : NULL;
	int hidden =
		likely && cJSON_IsString(likely) && strcmp(likely->valuestring, line->likely) != 0;

	smd_json_put_string(json, "configuration", owner, err);
	smd_json_put_number(json, "line", (double)line->number, err);
	smd_json_put(json, "text",
		     hidden ? cJSON_Duplicate(likely, 1) : masked_json(language, line->text, err),
		     err);
	if (likely)
		smd_json_put(json, "looks-like", likely, err);
	return json;
}

/* Lines that the driver does not know; NULL: it knows all. */
static cJSON *unknowns_json(const struct smd_task *task, int *err)
{
	cJSON *list = NULL;

	for (size_t i = 0; i < task->share_count; i++) {
		const struct smd_task_share *share = &task->shares[i];

		for (size_t k = 0; k < share->unknown_count; k++) {
			list = list ? list : cJSON_CreateArray();
			smd_json_append(list,
					unknown_json(&task->language, share->owner,
						     &share->unknown[k], err),
					err);
		}
	}
	return list;
}

/* Commands that remove nothing; NULL: there are none. */
static cJSON *idle_json(const struct smd_task *task, int *err)
{
	cJSON *list = NULL;

	for (size_t i = 0; i < task->share_count; i++) {
		cJSON *lines, *line;

		if (!smd_text_count(task->shares[i].idle))
			continue;
		lines = text_json(&task->language, task->shares[i].idle, err);
		list = list ? list : cJSON_CreateArray();
		while (lines && (line = lines->child))
			smd_json_append(list, cJSON_DetachItemViaPointer(lines, line), err);
		cJSON_Delete(lines);
	}
	return list;
}

static cJSON *task_json(const struct smd_draft *draft, const struct smd_task *task, int *err)
{
	const struct smd_envelope *driver = &task->language.driver->self;
	char level[2] = {(char)smd_task_level(task), '\0'};
	cJSON *json = cJSON_CreateObject();
	cJSON *list;

	smd_json_put_string(json, "name", task->device, err);
	smd_json_put_string(json, "driver", driver->name, err);
	smd_json_put_string(json, "driver-version", driver->version, err);
	smd_json_put_string(json, "level", level, err);
	smd_json_put_string(json, "base", task->base, err);
	smd_json_put_string(json, "goal", task->goal, err);
	if (task->snapshot[0])
		smd_json_put_string(json, "snapshot", task->snapshot, err);
	list = smd_task_later_json(task, err);
	if (list)
		smd_json_put(json, "later-work", list, err);
	list = smd_json_put_array(json, "carriers", err);
	if (smd_fabric_carriers(draft, task, list) == SMD_E_NO_MEMORY)
		*err = SMD_E_NO_MEMORY;
	list = unknowns_json(task, err);
	if (list)
		smd_json_put(json, "unknown", list, err);
	list = idle_json(task, err);
	if (list)
		smd_json_put(json, "removes-nothing", list, err);
	list = smd_json_put_array(json, "changes", err);
	for (size_t i = 0; i < smd_changes_count(task->changes); i++)
		smd_json_append(
			list, change_json(&task->language, smd_changes_get(task->changes, i), err),
			err);
	list = smd_json_put_array(json, "steps", err);
	for (unsigned i = 0; i < task->step_count; i++) {
		cJSON *step = cJSON_CreateObject();

		smd_json_put(step, "commands",
			     text_json(&task->language, task->steps[i].payload, err), err);
		smd_json_put(step, "undo", text_json(&task->language, task->steps[i].undo, err),
			     err);
		smd_json_append(list, step, err);
	}
	return json;
}

static void add_vlan(cJSON *vlans, int64_t vlan, int *err)
{
	const cJSON *there;

	cJSON_ArrayForEach (there, vlans)
		if (there->valueint == vlan)
			return;
	if (vlan)
		smd_json_append(vlans, cJSON_CreateNumber((double)vlan), err);
}

static cJSON *impact_json(const struct smd_draft *draft, int *err)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *devices = smd_json_put_array(json, "devices", err);
	cJSON *ports = smd_json_put_array(json, "ports", err);
	cJSON *vlans = smd_json_put_array(json, "vlans", err);

	for (size_t i = 0; i < draft->count; i++) {
		if (smd_task_sends(&draft->tasks[i]))
			smd_json_append(devices, cJSON_CreateString(draft->tasks[i].device), err);
		if (smd_fabric_ports(&draft->tasks[i], ports) == SMD_E_NO_MEMORY)
			*err = SMD_E_NO_MEMORY;
	}
	for (size_t i = 0; i < draft->transition_count; i++) {
		const struct smd_transition *transition = draft->transitions[i];

		add_vlan(vlans, smd_transition_vlan(transition), err);
		add_vlan(vlans, smd_json_number(transition->from, "vlan", 0), err);
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
static cJSON *order_json(const struct smd_draft *draft, int *err)
{
	cJSON *order = cJSON_CreateArray();

	for (unsigned step = 0; step < draft->steps; step++) {
		cJSON *entry = cJSON_CreateObject();
		cJSON *devices = smd_json_put_array(entry, "devices", err);

		smd_json_put_string(entry, "step",
				    draft->steps == 1 ? "change"
				    : step == 0       ? "break"
						      : "make",
				    err);
		for (size_t i = 0; i < draft->count; i++)
			if (smd_text_count(draft->tasks[i].steps[step].payload))
				smd_json_append(devices, cJSON_CreateString(draft->tasks[i].device),
						err);
		if (draft->steps > 1 || cJSON_GetArraySize(devices))
			smd_json_append(order, entry, err);
		else
			cJSON_Delete(entry);
	}
	return order;
}

static cJSON *configuration_json(const struct smd_transition *transition, int *err)
{
	cJSON *json = cJSON_CreateObject();

	smd_json_put_string(json, "configuration", transition->configuration, err);
	smd_json_put_string(json, "goal", smd_goal_name(transition->goal), err);
	smd_json_put_number(json, "revision", (double)transition->revision, err);
	smd_json_put_number(json, "from-revision",
			    (double)smd_json_number(transition->from, "revision", 0), err);
	smd_json_put_string(json, "undoes", transition->undoes, err);
	if (transition->undoes)
		smd_json_put_string(
			json, "returns-to",
			transition->returns_to ? transition->returns_to : SMD_BEFORE_ALL, err);
	return json;
}

static cJSON *body_json(const struct smd_draft *draft, int *err)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *configurations, *devices, *unchanged, *impact, *risk;
	char now[SMD_TIME_TEXT];

	smd_time_text(draft->site->clock, now);
	smd_json_put_string(json, "format", FORMAT, err);
	smd_json_put_string(json, "store", draft->site->id, err);
	smd_json_put_string(json, "created", now, err);
	configurations = smd_json_put_array(json, "configurations", err);
	for (size_t i = 0; i < draft->transition_count; i++)
		smd_json_append(configurations, configuration_json(draft->transitions[i], err),
				err);
	devices = smd_json_put_array(json, "devices", err);
	unchanged = smd_json_put_array(json, "unchanged", err);
	for (size_t i = 0; i < draft->count; i++) {
		if (smd_task_idle(&draft->tasks[i]))
			smd_json_append(unchanged, cJSON_CreateString(draft->tasks[i].device), err);
		else
			smd_json_append(devices, task_json(draft, &draft->tasks[i], err), err);
	}
	smd_json_put(json, "order", order_json(draft, err), err);
	impact = impact_json(draft, err);
	risk = smd_risk_json(draft, smd_json_array(impact, "ports"), err);
	smd_json_put(json, "impact", impact, err);
	smd_json_put(json, "risk", risk, err);
	smd_json_put_number(json, "estimate-ms", (double)smd_draft_estimate(draft), err);
	smd_json_put(json, "reverts-after-s", reverts_json(draft), err);
	if (draft->accepts_unknown)
		smd_json_put_bool(json, "accept-unknown", 1, err);
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
	char id[65], mac[65];
	int err = 0;
	smd_cleanup(cJSON_Delete) cJSON *plan = body_json(draft, &err);

	if (!err)
		err = plan_digest(plan, id);
	if (!err)
		err = sign_id(draft->site, id, mac);
	if (!err) {
		smd_json_put_string(plan, "id", id, &err);
		smd_json_put_string(plan, "mac", mac, &err);
	}
	if (err)
		return smd_fail(error, err, "cannot write the plan: %s", smd_err_name(err));
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

/* Perhaps the home is the wrong one: so it is named. */
static int fail_foreign(const struct smd_site *site, struct smd_error *error)
{
	fail_untrusted(error, "the plan was made by another controller");
	if (site->home)
		smd_error_prefix(error, "the store in \"%s\" does not know it", site->home);
	return SMD_E_UNTRUSTED;
}

int smd_plan_check(const struct smd_site *site, const cJSON *plan, struct smd_error *error)
{
	const char *format = smd_json_string(plan, "format");
	const char *id = smd_json_string(plan, "id");
	const char *mac = smd_json_string(plan, "mac");
	const char *store = smd_json_string(plan, "store");
	char own_id[65], own_mac[65];
	int err;

	if (!format || strcmp(format, FORMAT) || !id || !mac || !store) {
		smd_fail(error, SMD_E_INVALID, "this is no plan of this program");
		smd_error_hint(error, "give the file that `sdctl plan NAME -o FILE` wrote");
		return SMD_E_INVALID;
	}
	if (strcmp(store, site->id))
		return fail_foreign(site, error);
	err = plan_digest(plan, own_id);
	if (err == SMD_E_NO_MEMORY)
		return smd_fail(error, err, "out of memory");
	if (err || sign_id(site, id, own_mac))
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
	int err = 0;
	smd_cleanup(cJSON_Delete) cJSON *now = task_json(draft, task, &err);
	const char *base = smd_json_string(planned, "base");

	if (err)
		return smd_fail(error, err, "out of memory");
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
		int err = 0;
		smd_cleanup(cJSON_Delete) cJSON *now =
			configuration_json(draft->transitions[i], &err);
		const char *name = smd_json_string(planned, "configuration");
		char what[SMD_ERROR_MESSAGE];

		if (err)
			return smd_fail(error, err, "out of memory");
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
	int err = reverts ? compare_configurations(plan, draft, error)
			  : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
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

int smd_plan_refuse_unknown(const cJSON *plan, struct smd_error *error)
{
	const cJSON *device;

	if (smd_json_bool(plan, "accept-unknown", 0))
		return 0;
	cJSON_ArrayForEach (device, smd_json_array(plan, "devices")) {
		const cJSON *line = cJSON_GetArrayItem(smd_json_array(device, "unknown"), 0);
		const char *likely = smd_json_string(line, "looks-like");
		const char *text = smd_json_string(line, "text");

		if (!line)
			continue;
		smd_fail(error, SMD_E_UNSAFE,
			 "driver \"%s\" does not know a line, so that it cannot tell what the line "
			 "does",
			 smd_json_string(device, "driver"));
		smd_error_device(error, smd_json_string(device, "name"));
		smd_error_where(error, "line %lld: %s", (long long)smd_json_number(line, "line", 0),
				text ? text : "");
		if (likely)
			smd_error_hint(error,
				       "it looks like an abbreviation of \"%s\": write it "
				       "in full",
				       likely);
		else
			smd_error_hint(error,
				       "look at the plan; `sdctl apply` or `sdctl plan` with "
				       "--accept-unknown sends it");
		return SMD_E_UNSAFE;
	}
	return 0;
}
