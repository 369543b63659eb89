/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/plan/plan.h"
#include "core/service/methods.h"
#include "core/service/outgoing.h"

/* Read the head record of a configuration. NULL and revision 0: there is none. */
static int read_head(struct smd_call *call, const char *name, cJSON **head, uint64_t *revision)
{
	int err = smd_store_thread_get(call->site->store_thread, "configuration", name, head,
				       revision, call->error);

	if (err != SMD_E_NOT_FOUND)
		return err;
	*revision = 0;
	return 0;
}

/*
 * Read the text of a revision, which the caller frees. NULL: that revision removes the
 * configuration.
 */
static int read_text(struct smd_call *call, const char *name, int64_t revision, char **text)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	char key[SMD_REVISION_KEY];
	int err;

	*text = NULL;
	smd_revision_key(name, revision, key);
	err = smd_store_thread_get(call->site->store_thread, "revision", key, &json, NULL,
				   call->error);
	if (err || !smd_json_string(json, "text"))
		return err;
	*text = strdup(smd_json_string(json, "text"));
	return *text ? 0 : smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
}

/*
 * Add the next revision. `checked` is of smd_document_seal. `text` NULL: it removes the
 * configuration.
 */
static int add_revision(struct smd_call *call, const char *name, const char *kind, const char *text,
			const char *checked)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	smd_cleanup(cJSON_Delete) cJSON *entry = cJSON_CreateObject();
	struct smd_batch batch = {0};
	char key[SMD_REVISION_KEY], now[SMD_TIME_TEXT];
	uint64_t stored;
	int64_t revision;
	int err = read_head(call, name, &head, &stored);

	if (err)
		return err;
	revision = smd_json_number(head, "revision", 0) + 1;
	smd_time_text(call->site->clock, now);
	smd_json_put_string(entry, "text", text, &batch.err);
	smd_json_put_string(entry, "checked", text ? checked : NULL, &batch.err);
	smd_json_put_string(entry, "created", now, &batch.err);
	smd_json_put_string(entry, "principal", call->principal, &batch.err);
	smd_revision_key(name, revision, key);
	smd_batch_put_json(&batch, SMD_NEED_ABSENT, 0, "revision", key, entry);

	cJSON_Delete(head);
	head = cJSON_CreateObject();
	smd_json_put_number(head, "revision", (double)revision, &batch.err);
	smd_json_put_string(head, "kind", kind, &batch.err);
	smd_json_put_bool(head, "removed", !text, &batch.err);
	smd_batch_put_json(&batch, stored ? SMD_NEED_REVISION : SMD_NEED_ABSENT, stored,
			   "configuration", name, head);
	err = smd_store_thread_apply(call->site->store_thread, &batch, call->error);
	if (err)
		return err;
	cJSON_AddStringToObject(call->result, "name", name);
	cJSON_AddStringToObject(call->result, "kind", kind);
	cJSON_AddNumberToObject(call->result, "revision", (double)revision);
	cJSON_AddBoolToObject(call->result, "changed", 1);
	return 0;
}

/* Is the text equal to the latest revision? Then no new one is made. */
static int is_same(struct smd_call *call, const char *name, const char *text, int64_t *revision)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	smd_cleanup(free) char *old = NULL;
	uint64_t stored;

	if (read_head(call, name, &head, &stored) || !head)
		return 0;
	*revision = smd_json_number(head, "revision", 0);
	return !read_text(call, name, *revision, &old) && old && !strcmp(old, text);
}

/* Fail if an endpoint's device is not in the inventory. Everything else is checked by the plan. */
static int check_devices(struct smd_call *call, const struct smd_document *document)
{
	const struct smd_inventory *inventory = call->site->inventory;
	const struct smd_bridge_domain *domain = &document->domain;

	if (document->kind != SMD_DOCUMENT_BRIDGE_DOMAIN)
		return 0;
	for (size_t i = 0; i < domain->endpoint_count; i++) {
		const char *device = domain->endpoints[i].device;

		if (smd_inventory_device(inventory, device))
			continue;
		smd_fail(call->error, SMD_E_INVALID, "there is no device \"%s\" in the inventory",
			 device);
		smd_error_where(call->error, "endpoint of \"%s\"", document->name);
		smd_error_hint(call->error, "`sdctl device list` shows those that there are");
		return SMD_E_INVALID;
	}
	return 0;
}

int smd_configuration_set(struct smd_call *call)
{
	smd_cleanup(smd_document_free) struct smd_document *document = NULL;
	const char *text = smd_json_string(call->request, "text");
	const char *what = smd_json_string(call->request, "what");
	smd_cleanup(free) char *checked = NULL;
	const char *kind;
	int64_t revision;
	int err;

	if (!text)
		return smd_fail(call->error, SMD_E_INVALID, "the request lacks \"text\"");
	err = smd_document_read(call->site->model, text, strlen(text), what ? what : "request",
				&document, call->error);
	if (!err)
		err = check_devices(call, document);
	if (!err)
		err = smd_document_seal(document, text, &checked, call->error);
	if (err)
		return err;
	kind = smd_document_kind_name(document->kind);
	if (!is_same(call, document->name, text, &revision))
		return add_revision(call, document->name, kind, text, checked);
	cJSON_AddStringToObject(call->result, "name", document->name);
	cJSON_AddStringToObject(call->result, "kind", kind);
	cJSON_AddNumberToObject(call->result, "revision", (double)revision);
	cJSON_AddBoolToObject(call->result, "changed", 0);
	return 0;
}

int smd_configuration_remove(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	const char *name = smd_json_string(call->request, "name");
	const char *kind;
	int err = smd_store_thread_get(call->site->store_thread, "configuration", name, &head, NULL,
				       call->error);

	if (err)
		return err;
	if (smd_json_bool(head, "removed", 0))
		return smd_fail(call->error, SMD_E_CONFLICT, "\"%s\" is removed already", name);
	kind = smd_json_string(head, "kind");
	return add_revision(call, name, kind ? kind : "", NULL, NULL);
}

/* The deployed revision; 0: none; -1: the record is damaged. */
static int deployed_revision(struct smd_call *call, const char *name, int64_t *revision)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	int damaged = 0;
	int err = smd_store_thread_get_or_damaged(call->site->store_thread, "deployed", name, &json,
						  &damaged, call->error);

	*revision = damaged ? -1 : smd_json_number(json, "revision", 0);
	return err == SMD_E_NOT_FOUND ? 0 : err;
}

static void add_deployed(cJSON *json, int64_t deployed)
{
	if (deployed >= 0)
		cJSON_AddNumberToObject(json, "deployed", (double)deployed);
}

/* The state in one word, for lists. */
static const char *state_of(int removed, int64_t revision, int64_t deployed)
{
	if (deployed < 0)
		return "damaged";
	if (removed)
		return deployed ? "to be removed" : "removed";
	if (!deployed)
		return "not deployed";
	return revision == deployed ? "deployed" : "pending";
}

/* Was the newest revision deployed and taken back again? 1: by the rollback `id`, or before it. */
static int was_undone(struct smd_call *call, const cJSON *head, char id[SMD_DEPLOYMENT_ID])
{
	smd_cleanup(cJSON_Delete) cJSON *undone = NULL;
	const char *deployment;
	int damaged;
	int err = smd_store_thread_get_or_damaged(call->site->store_thread, "undone",
						  smd_json_string(head, "name"), &undone, &damaged,
						  call->error);

	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : err;
	deployment = smd_json_string(undone, "deployment");
	if (!deployment ||
	    smd_json_number(undone, "revision", -1) != smd_json_number(head, "revision", 0))
		return 0;
	snprintf(id, SMD_DEPLOYMENT_ID, "%s", deployment);
	return 1;
}

/* A damaged record is listed too. */
static int add_heads(struct smd_call *call, cJSON *list)
{
	static const struct smd_store_range all = {.table = "configuration", .prefix = ""};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	int err = smd_store_thread_list(call->site->store_thread, &all, &rows, call->error);

	for (size_t i = 0; i < rows.count && !err; i++) {
		const struct smd_row *row = &rows.rows[i];
		cJSON *json = NULL;

		if (row->damaged || smd_json_parse(row->value, row->size, row->key, &json, NULL)) {
			json = cJSON_CreateObject();
			cJSON_AddTrueToObject(json, "damaged");
		}
		cJSON_AddStringToObject(json, "name", row->key);
		cJSON_AddItemToArray(list, json);
	}
	return err;
}

/* Does the open deployment concern the configuration? */
static int concerns(const cJSON *deployment, const char *name)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, smd_json_array(deployment, "configurations"))
		if (cJSON_IsString(one) && !strcmp(one->valuestring, name))
			return 1;
	return 0;
}

/* Add "deployment": {id, state}, if one of the configuration is open. */
static void add_open_deployment(cJSON *json, const cJSON *open)
{
	const char *name = smd_json_string(json, "name");
	const cJSON *one;

	cJSON_ArrayForEach (one, open) {
		cJSON *deployment = concerns(one, name) ? cJSON_CreateObject() : NULL;

		if (!deployment)
			continue;
		cJSON_AddStringToObject(deployment, "id", smd_json_string(one, "id"));
		cJSON_AddStringToObject(deployment, "state", smd_json_string(one, "state"));
		cJSON_AddItemToObject(json, "deployment", deployment);
		return;
	}
}

/* Add what is deployed, and what is open, to an entry of the list. */
static int add_state(struct smd_call *call, cJSON *json, const cJSON *open)
{
	int64_t deployed;
	char rollback[SMD_DEPLOYMENT_ID];
	int err = deployed_revision(call, smd_json_string(json, "name"), &deployed);
	int undone = err || deployed < 0 ? 0 : was_undone(call, json, rollback);

	if (err || undone < 0)
		return err ? err : undone;
	if (smd_json_bool(json, "damaged", 0))
		deployed = -1;
	cJSON_DeleteItemFromObjectCaseSensitive(json, "damaged");
	add_deployed(json, deployed);
	cJSON_AddStringToObject(json, "state",
				undone ? "rolled back"
				       : state_of(smd_json_bool(json, "removed", 0),
						  smd_json_number(json, "revision", 0), deployed));
	if (undone)
		cJSON_AddStringToObject(json, "rolled-back-by", rollback);
	add_open_deployment(json, open);
	return 0;
}

int smd_configuration_list(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *open = NULL;
	cJSON *list = cJSON_AddArrayToObject(call->result, "configurations"), *json;
	int err = smd_call_open_deployments(call, &open, call->error);

	if (!err)
		err = add_heads(call, list);
	cJSON_ArrayForEach (json, list)
		if (!err)
			err = add_state(call, json, open);
	return err;
}

int smd_configuration_show(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	smd_cleanup(free) char *text = NULL;
	const char *name = smd_json_string(call->request, "name");
	int64_t newest, revision, deployed;
	int reveals, err = smd_outgoing_opens(call, &reveals);

	if (!err)
		err = smd_store_thread_get(call->site->store_thread, "configuration", name, &head,
					   NULL, call->error);
	if (err == SMD_E_NOT_FOUND)
		smd_error_hint(call->error, "`sdctl config list` shows those that there are");
	if (err)
		return err;
	newest = smd_json_number(head, "revision", 0);
	revision = smd_json_number(call->request, "revision", newest);
	err = read_text(call, name, revision, &text);
	if (err == SMD_E_NOT_FOUND) {
		smd_fail(call->error, err, "\"%s\" has no revision %lld", name,
			 (long long)revision);
		smd_error_hint(call->error, "it has revisions 1 to %lld", (long long)newest);
	}
	if (!err)
		err = deployed_revision(call, name, &deployed);
	if (!err && text && !reveals)
		err = smd_outgoing_document(call, &text);
	if (err)
		return err;
	cJSON_AddStringToObject(call->result, "name", name);
	cJSON_AddNumberToObject(call->result, "revision", (double)revision);
	add_deployed(call->result, deployed);
	cJSON_AddBoolToObject(call->result, "removed", !text);
	cJSON_AddStringToObject(call->result, "text", text ? text : "");
	return 0;
}
