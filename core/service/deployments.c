/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/plan/transition.h"
#include "core/service/methods.h"

#define PAGE 64    /* deployments that are read from the store at once */
#define LISTED 100 /* those of a listing, unless it says otherwise */

/*
 * running  What to call a deployment that the store has as running, see smd_call_running.
 * limit    The most deployments; `more`: there are others that are older.
 */
struct listing {
	const char *running;
	cJSON *list;
	const char *configuration; /* NULL: of all configurations */
	int limit, count, more;
};

/*
 * id       Of the newest deployment of the configuration; "": there is none.
 * damaged  Of the newest one after it whose record cannot be read, or "".
 */
struct newest {
	const char *configuration;
	char id[SMD_DEPLOYMENT_ID], damaged[SMD_DEPLOYMENT_ID];
};

static void note_key(char beyond[SMD_STORE_KEY], const struct smd_rows *rows)
{
	snprintf(beyond, SMD_STORE_KEY, "%s", rows->count ? rows->rows[rows->count - 1].key : "");
}

/* Pass the rows of one page on, parsed. */
static int pass_page(const struct smd_rows *rows, smd_deployment_fn each, void *arg)
{
	int stop = 0;

	for (size_t i = 0; i < rows->count && !stop; i++) {
		smd_cleanup(cJSON_Delete) cJSON *record = NULL;
		const struct smd_row *row = &rows->rows[i];

		if (row->damaged || smd_json_parse(row->value, row->size, row->key, &record, NULL))
			record = NULL;
		stop = each(arg, row->key, record);
	}
	return stop;
}

int smd_call_each_deployment(struct smd_call *call, const char *before, smd_deployment_fn each,
			     void *arg)
{
	char beyond[SMD_STORE_KEY] = "";
	struct smd_store_range range = {
		.table = "deployment", .prefix = "", .limit = PAGE, .backward = 1};
	size_t count;
	int err, stop;

	if (before)
		smd_deployment_key(before, NULL, beyond);
	do {
		smd_cleanup(smd_rows) struct smd_rows rows = {0};

		range.beyond = *beyond ? beyond : NULL;
		err = smd_store_thread_list(call->site->store_thread, &range, &rows, call->error);
		stop = err || pass_page(&rows, each, arg);
		note_key(beyond, &rows);
		count = rows.count;
	} while (!stop && count == PAGE);
	return err;
}

static void set_running(cJSON *record, const char *running)
{
	const char *outcome = smd_json_string(record, "outcome");

	if (!outcome || strcmp(outcome, smd_outcome_name(0)))
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(record, "outcome");
	cJSON_AddStringToObject(record, "outcome", running);
}

/* List a damaged record as such, so that it does not hide the others. */
static int add_damaged(struct listing *listing, const char *key)
{
	cJSON *json = cJSON_CreateObject();
	char id[SMD_DEPLOYMENT_ID];

	smd_deployment_id(key, id);
	cJSON_AddStringToObject(json, "id", id);
	cJSON_AddStringToObject(json, "outcome", "damaged");
	cJSON_AddStringToObject(json, "error", "the record cannot be read");
	cJSON_AddItemToArray(listing->list, json);
	return 0;
}

/* Has the listed deployment to do with the configuration? NULL: with any. */
static int is_of(const cJSON *configurations, const char *name)
{
	const cJSON *one;

	if (!name)
		return 1;
	cJSON_ArrayForEach (one, configurations) {
		const char *text = smd_json_string(one, "configuration");

		if (text && !strcmp(text, name))
			return 1;
	}
	return 0;
}

static void add_configurations(cJSON *json, const cJSON *configurations)
{
	static const char *const shown[] = {"configuration", "goal", "undoes"};
	cJSON *list = cJSON_AddArrayToObject(json, "configurations");
	const cJSON *one;

	cJSON_ArrayForEach (one, configurations) {
		cJSON *copy = cJSON_CreateObject();

		for (size_t i = 0; i < SMD_COUNT(shown); i++)
			smd_json_copy_string(copy, one, shown[i]);
		cJSON_AddNumberToObject(copy, "revision",
					(double)smd_json_number(one, "revision", 0));
		cJSON_AddItemToArray(list, copy);
	}
}

static int on_deployment(void *arg, const char *key, cJSON *record)
{
	static const char *const shown[] = {"id",    "outcome",   "started", "ended",
					    "error", "principal", "comment"};
	struct listing *listing = arg;
	const cJSON *configurations = record ? smd_record_configurations(record) : NULL;
	cJSON *json;

	if (configurations && !is_of(configurations, listing->configuration))
		return 0;
	if (listing->count++ == listing->limit)
		return listing->more = 1;
	if (!record)
		return add_damaged(listing, key);
	json = cJSON_CreateObject();
	set_running(record, listing->running);
	for (size_t i = 0; i < SMD_COUNT(shown); i++)
		smd_json_copy_string(json, record, shown[i]);
	add_configurations(json, configurations);
	cJSON_AddItemToArray(listing->list, json);
	return 0;
}

/* That a configuration has no deployments is no error, that it does not exist is one. */
static int check_configuration(const struct smd_call *call, const char *name)
{
	smd_cleanup(cJSON_Delete) cJSON *head = NULL;
	int err = smd_store_thread_get(call->site->store_thread, "configuration", name, &head, NULL,
				       call->error);

	if (err == SMD_E_NOT_FOUND)
		smd_error_hint(call->error, "`sdctl config list` shows those that there are");
	return err;
}

/* 1: there is a deployment with this id; 0: there is none; or an error. */
static int is_deployment(struct smd_call *call, const char *id)
{
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	char key[SMD_STORE_KEY];
	int damaged, err;

	smd_deployment_key(id, NULL, key);
	err = smd_store_thread_get_or_damaged(call->site->store_thread, "deployment", key, &record,
					      &damaged, call->error);
	return err == SMD_E_NOT_FOUND ? 0 : err ? err : 1;
}

/* Has the store given this number to a deployment? */
static int is_counted(const struct smd_call *call, const char *id)
{
	smd_cleanup(cJSON_Delete) cJSON *counter = NULL;
	char key[SMD_STORE_KEY], newest[24], last[SMD_STORE_KEY], none[SMD_STORE_KEY];

	if (smd_store_thread_get(call->site->store_thread, "meta", "counter", &counter, NULL, NULL))
		return 0;
	snprintf(newest, sizeof(newest), "%lld",
		 (long long)smd_json_number(counter, "deployment", 0));
	smd_deployment_key("0", NULL, none);
	smd_deployment_key(id, NULL, key);
	smd_deployment_key(newest, NULL, last);
	return strlen(key) == strlen(last) && strcmp(key, none) > 0 && strcmp(key, last) <= 0;
}

int smd_call_no_deployment(const struct smd_call *call, const char *id)
{
	if (is_counted(call, id))
		smd_fail(call->error, SMD_E_NOT_FOUND,
			 "deployment %s is not on record any more: it was pruned", id);
	else if (!check_configuration(call, id))
		smd_fail(call->error, SMD_E_NOT_FOUND, "there is no deployment of \"%s\" on record",
			 id);
	else
		smd_fail(call->error, SMD_E_NOT_FOUND,
			 "there is no configuration and no deployment \"%s\"", id);
	smd_error_hint(call->error,
		       "`sdctl config list` and `sdctl history` show those that there are");
	return SMD_E_NOT_FOUND;
}

/* A page can begin at a deployment that was pruned, but not at one that never was. */
static int check_before(struct smd_call *call, const char *id)
{
	int is_id = is_deployment(call, id);

	return is_id < 0                       ? is_id
	       : is_id || is_counted(call, id) ? 0
					       : smd_call_no_deployment(call, id);
}

int smd_deployment_list(struct smd_call *call)
{
	const char *before = smd_json_string(call->request, "before");
	int64_t limit = smd_json_number(call->request, "limit", LISTED);
	struct listing listing = {
		.configuration = smd_json_string(call->request, "configuration"),
		.limit = limit > 0 && limit < INT32_MAX ? (int)limit : INT32_MAX,
	};
	int err = smd_call_running(call, &listing.running, call->error);

	if (!err && before)
		err = check_before(call, before);
	if (err)
		return err;
	listing.list = smd_json_put_array(call->result, "deployments", &err);
	if (!err)
		err = smd_call_each_deployment(call, before, on_deployment, &listing);
	smd_json_put_bool(call->result, "more", listing.more, &err);
	return err || !listing.configuration || listing.list->child
		       ? err
		       : check_configuration(call, listing.configuration);
}

/* The journal of a deployment; a damaged entry is {"damaged": true}. */
static int add_journal(struct smd_call *call, const char *prefix)
{
	const struct smd_store_range range = {.table = "journal", .prefix = prefix};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	cJSON *journal = cJSON_AddArrayToObject(call->result, "journal");
	int err = smd_store_thread_list(call->site->store_thread, &range, &rows, call->error);

	for (size_t i = 0; i < rows.count && !err; i++) {
		const struct smd_row *row = &rows.rows[i];
		cJSON *json = NULL;

		if (row->damaged || smd_json_parse(row->value, row->size, row->key, &json, NULL)) {
			json = cJSON_CreateObject();
			cJSON_AddTrueToObject(json, "damaged");
		}
		cJSON_AddItemToArray(journal, json);
	}
	return err;
}

/* Note the deployment if it is of the configuration; the first one is the newest. */
static int on_newest(void *arg, const char *key, cJSON *record)
{
	struct newest *newest = arg;
	const cJSON *configurations = record ? smd_record_configurations(record) : NULL;

	if (!configurations && !newest->damaged[0])
		smd_deployment_id(key, newest->damaged);
	if (!configurations || !is_of(configurations, newest->configuration))
		return 0;
	smd_deployment_id(key, newest->id);
	return 1;
}

/*
 * Find the deployment that is meant: the one with this id, or else the newest of the configuration
 * with this name. What else could have been meant is told in the result.
 */
static int find_meant(struct smd_call *call, const char *name, char id[SMD_DEPLOYMENT_ID])
{
	struct newest newest = {.configuration = name};
	int is_id = is_deployment(call, name);
	int err = is_id < 0 ? is_id : smd_call_each_deployment(call, NULL, on_newest, &newest);

	if (err)
		return err;
	if (is_id || !newest.id[0])
		snprintf(id, SMD_DEPLOYMENT_ID, "%s", name);
	else
		snprintf(id, SMD_DEPLOYMENT_ID, "%s", newest.id);
	if (is_id && newest.id[0])
		cJSON_AddStringToObject(call->result, "also-configuration", name);
	if (!is_id && newest.id[0] && newest.damaged[0])
		cJSON_AddStringToObject(call->result, "passed-over", newest.damaged);
	return 0;
}

/* Read the record of a deployment; the error says what else to ask. */
static int read_shown(struct smd_call *call, const char *id, cJSON **record)
{
	char key[SMD_STORE_KEY];
	int damaged = 0, err;

	smd_deployment_key(id, NULL, key);
	err = smd_store_thread_get_or_damaged(call->site->store_thread, "deployment", key, record,
					      &damaged, call->error);
	if (err == SMD_E_NOT_FOUND)
		return smd_call_no_deployment(call, id);
	if (!damaged)
		return err;
	smd_fail(call->error, SMD_E_IO, "the record deployment \"%s\" is damaged", key);
	smd_error_hint(call->error, "if it is open, `sdctl recover %s --accept` closes it", id);
	return SMD_E_IO;
}

int smd_deployment_show(struct smd_call *call)
{
	const char *name = smd_json_string(call->request, "id"), *running;
	char id[SMD_DEPLOYMENT_ID], key[SMD_STORE_KEY];
	cJSON *record = NULL;
	int err = find_meant(call, name, id);

	if (!err)
		err = smd_call_running(call, &running, call->error);
	if (!err)
		err = read_shown(call, id, &record);
	if (err)
		return err;
	smd_record_configurations(record); /* a record of old gets them */
	set_running(record, running);
	smd_json_put(call->result, "record", record, &err);
	if (err)
		return smd_fail(call->error, err, "out of memory");
	smd_deployment_key(id, "", key);
	return add_journal(call, key);
}

/* Recovery */

/*
 * Add what became of a deployment that was recovered. "damaged": a record of it is; "state-left":
 * it was closed, and what is on record as deployed is as it was.
 */
static int report_recovered(struct smd_call *call, cJSON *one, struct smd_error *error)
{
	static const char *const flags[] = {"damaged", "state-left"};
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	struct smd_store_thread *store = call->site->store_thread;
	const char *running;
	char key[SMD_STORE_KEY];
	int damaged = 0, err;

	smd_deployment_key(smd_json_string(one, "id"), NULL, key);
	cJSON_DeleteItemFromObjectCaseSensitive(one, "state");
	err = smd_call_running(call, &running, error);
	if (!err)
		err = smd_store_thread_get_or_damaged(store, "deployment", key, &record, &damaged,
						      error);
	if (err && err != SMD_E_NOT_FOUND)
		return err;
	if (!cJSON_IsObject(record)) {
		cJSON_AddStringToObject(one, "outcome", "damaged");
		cJSON_AddTrueToObject(one, "damaged");
		return 0;
	}
	set_running(record, running);
	smd_json_copy_string(one, record, "outcome");
	for (size_t i = 0; i < SMD_COUNT(flags); i++)
		if (smd_json_bool(record, flags[i], 0))
			cJSON_AddTrueToObject(one, flags[i]);
	return 0;
}

/*
 * Recover one open deployment. An unreachable device of one does not stop the next one. Returns
 * its error or that of those before it, whichever has the higher exit status; the call's error is
 * of the same.
 */
static int recover_one(struct smd_call *call, cJSON *one, int worst)
{
	const struct smd_recovery recovery = {
		.principal = call->principal,
		.accept = cJSON_IsTrue(smd_json_member(call->request, "accept")),
	};
	struct smd_error error = {0}, unread = {0};
	int err = smd_deployment_recover(call->site, smd_json_string(one, "id"), &recovery,
					 &call->listener, &error);

	if (report_recovered(call, one, &unread) && !err) {
		err = unread.code;
		error = unread;
	}
	if (err)
		cJSON_AddStringToObject(one, "error", error.message);
	if (smd_err_exit(err) <= smd_err_exit(worst))
		return worst;
	*call->error = error;
	return err;
}

static int is_wanted(const cJSON *one, const char *id)
{
	char wanted[SMD_STORE_KEY], key[SMD_STORE_KEY];

	if (!id)
		return 1;
	smd_deployment_key(id, NULL, wanted);
	smd_deployment_key(smd_json_string(one, "id"), NULL, key);
	return !strcmp(wanted, key);
}

static int not_open(struct smd_call *call, const char *id)
{
	smd_fail(call->error, SMD_E_NOT_FOUND, "deployment \"%s\" is not open", id);
	smd_error_hint(call->error, "`sdctl recover` without an id takes all that are");
	return SMD_E_NOT_FOUND;
}

/* A request that is not understood must not recover more than was meant, or not accept. */
static int check_recover(const struct smd_call *call)
{
	const cJSON *id = smd_json_member(call->request, "id");
	const cJSON *accept = smd_json_member(call->request, "accept");

	if (id && !cJSON_IsString(id))
		return smd_fail(call->error, SMD_E_INVALID, "\"id\" is not a string");
	if (accept && !cJSON_IsBool(accept))
		return smd_fail(call->error, SMD_E_INVALID, "\"accept\" is not true or false");
	if (id || !cJSON_IsTrue(accept))
		return 0;
	smd_fail(call->error, SMD_E_INVALID, "say which deployment is accepted as it is");
	smd_error_hint(call->error, "`sdctl recover ID --accept`; `sdctl history` shows ids");
	return SMD_E_INVALID;
}

int smd_deployment_recover_all(struct smd_call *call)
{
	const char *id = smd_json_string(call->request, "id");
	smd_cleanup(cJSON_Delete) cJSON *open = NULL;
	cJSON *list, *one;
	int worst = 0, count = 0, err;

	if (check_recover(call))
		return SMD_E_INVALID;
	err = smd_call_open_deployments(call, &open, call->error);
	if (err)
		return err;
	list = smd_json_put_array(call->result, "deployments", &err);
	while ((one = open->child)) {
		cJSON_DetachItemViaPointer(open, one);
		if (!is_wanted(one, id)) {
			cJSON_Delete(one);
			continue;
		}
		worst = recover_one(call, one, worst);
		count++;
		smd_json_append(list, one, &err);
	}
	if (id && !count)
		return not_open(call, id);
	smd_json_put_number(call->result, "count", count, &err);
	return worst || !err ? worst : smd_fail(call->error, err, "out of memory");
}
