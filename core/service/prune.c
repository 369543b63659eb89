/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pruning: old deployments are removed with all that belongs to them. Open ones stay, and those
 * that a rollback of what is in force needs.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/plan/plan.h"
#include "core/service/methods.h"

#define PAGE 64 /* plans that are read from the store at once */

/*
 * keep    So many of each configuration stay, and so many steps back from what is in force.
 * before  Those that ended before this time go; "": any.
 * needed  Keys that stay, as members of an object; `err`: not all of them could be added.
 * counts  How many of a configuration were seen so far, by its name.
 * going   The keys of those that go, oldest first.
 */
struct prune {
	struct smd_call *call;
	int64_t keep;
	char before[SMD_TIME_TEXT];
	int dry_run;
	cJSON *needed, *counts, *going;
	size_t kept, damaged, records, bytes, plans;
	int err;
};

static void prune_done(struct prune *prune)
{
	cJSON_Delete(prune->needed);
	cJSON_Delete(prune->counts);
	cJSON_Delete(prune->going);
}

/* What stays */

static void need(struct prune *prune, const char *key)
{
	if (!smd_json_member(prune->needed, key))
		smd_json_put_bool(prune->needed, key, 1, &prune->err);
}

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

/* A deployment that is in force, and those before it to which a rollback leads, one by one. */
static int need_chain(struct prune *prune, const char *configuration, const char *id)
{
	smd_cleanup(free) char *at = strdup(id);
	int64_t steps = prune->keep > 1 ? prune->keep : 1;

	for (int64_t i = 0; at && i < steps; i++) {
		smd_cleanup(cJSON_Delete) cJSON *record = NULL;
		const char *previous;
		char key[SMD_STORE_KEY];

		smd_deployment_key(at, NULL, key);
		need(prune, key);
		if (smd_store_thread_get(prune->call->site->store_thread, "deployment", key,
					 &record, NULL, NULL))
			return 0; /* gone, or no rollback can go on from it */
		previous = smd_json_string(entry_of(record, configuration), "previous");
		if (!previous)
			return 0;
		free(at);
		at = strdup(previous);
	}
	return at ? 0 : smd_fail(prune->call->error, SMD_E_NO_MEMORY, "out of memory");
}

static int on_last(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	smd_cleanup(cJSON_Delete) cJSON *last = NULL;
	struct prune *prune = arg;
	const char *id;

	(void)revision;
	if (smd_json_parse(value, size, key, &last, NULL))
		return smd_fail(prune->call->error, SMD_E_IO, "the record last \"%s\" is damaged",
				key);
	id = smd_json_string(last, "deployment");
	return id ? need_chain(prune, key, id) : 0;
}

/* The rollback by which the newest revision is undone: `config list` names it. */
static int on_undone(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	smd_cleanup(cJSON_Delete) cJSON *undone = NULL;
	struct prune *prune = arg;
	char needed[SMD_STORE_KEY];

	(void)revision;
	if (smd_json_parse(value, size, key, &undone, NULL))
		return smd_fail(prune->call->error, SMD_E_IO, "the record undone \"%s\" is damaged",
				key);
	if (!smd_json_string(undone, "deployment"))
		return 0;
	smd_deployment_key(smd_json_string(undone, "deployment"), NULL, needed);
	need(prune, needed);
	return 0;
}

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	(void)value;
	(void)size;
	(void)revision;
	need(arg, key);
	return 0;
}

static int find_needed(struct prune *prune)
{
	struct smd_store_thread *store = prune->call->site->store_thread;
	int err = smd_store_thread_each(store, "last", "", on_last, prune, prune->call->error);

	if (!err)
		err = smd_store_thread_each(store, "undone", "", on_undone, prune,
					    prune->call->error);
	if (!err)
		err = smd_store_thread_each(store, "open", "", on_open, prune, prune->call->error);
	return err || !prune->err ? err : smd_fail(prune->call->error, prune->err, "out of memory");
}

/* Is it one of the newest of a configuration? Counts it for all of its own. */
static int is_recent(struct prune *prune, cJSON *record)
{
	const cJSON *entry;
	int recent = 0;

	cJSON_ArrayForEach (entry, smd_record_configurations(record)) {
		const char *name = smd_json_string(entry, "configuration");
		cJSON *count = name ? cJSON_GetObjectItemCaseSensitive(prune->counts, name) : NULL;

		if (name && !count)
			count = cJSON_AddNumberToObject(prune->counts, name, 0);
		if (!count || count->valuedouble < (double)prune->keep)
			recent = 1;
		if (count)
			cJSON_SetNumberValue(count, count->valuedouble + 1);
	}
	return recent;
}

static int on_deployment(void *arg, const char *key, cJSON *record)
{
	struct prune *prune = arg;
	const char *ended = record ? smd_json_string(record, "ended") : NULL;
	int recent = record && is_recent(prune, record);

	if (!record)
		prune->damaged++;
	else if (recent || smd_json_member(prune->needed, key) || !ended ||
		 (*prune->before && strcmp(ended, prune->before) >= 0))
		prune->kept++;
	else
		cJSON_InsertItemInArray(prune->going, 0, cJSON_CreateString(key));
	return 0;
}

/* Removing */

/* Delete all records of a table whose keys begin with the prefix. */
static int drop_all(struct prune *prune, struct smd_batch *batch, const char *table,
		    const char *prefix)
{
	const struct smd_store_range range = {.table = table, .prefix = prefix};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	int err = smd_store_thread_list(prune->call->site->store_thread, &range, &rows,
					prune->call->error);

	for (size_t i = 0; i < rows.count && !err; i++) {
		smd_batch_delete(batch, table, rows.rows[i].key);
		prune->bytes += rows.rows[i].size;
		prune->records++;
	}
	return err;
}

/* The same for one record. */
static int drop_one(struct prune *prune, struct smd_batch *batch, const char *table,
		    const char *key)
{
	smd_cleanup(free) void *value = NULL;
	size_t size = 0;
	struct smd_error ignored;
	int err = smd_store_thread_get_bytes(prune->call->site->store_thread, table, key, &value,
					     &size, NULL, &ignored);

	if (err == SMD_E_NOT_FOUND)
		return 0;
	smd_batch_delete(batch, table, key);
	prune->bytes += size;
	prune->records++;
	return 0;
}

/* The plan goes with the fact that it was applied: without it, it would apply once more. */
static int drop_plan(struct prune *prune, struct smd_batch *batch, const char *id)
{
	int err = drop_one(prune, batch, "plan", id);

	return err ? err : drop_one(prune, batch, "applied", id);
}

static int drop_parts(struct prune *prune, struct smd_batch *batch, const char *key,
		      const cJSON *record)
{
	const char *plan = smd_json_string(record, "plan");
	char prefix[SMD_STORE_KEY];
	int err = drop_one(prune, batch, "deployment", key);

	snprintf(prefix, sizeof(prefix), "%.*s ", SMD_STORE_KEY - 2, key);
	if (!err)
		err = drop_all(prune, batch, "snapshot", prefix);
	if (!err)
		err = drop_all(prune, batch, "journal", prefix);
	if (!err)
		err = drop_one(prune, batch, "decision", key);
	return err || !plan ? err : drop_plan(prune, batch, plan);
}

/* In one batch, which fails if the deployment was opened or changed since. */
static int remove_one(struct prune *prune, const char *key)
{
	struct smd_store_thread *store = prune->call->site->store_thread;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	struct smd_batch batch = {0};
	uint64_t revision;
	int err = smd_store_thread_get(store, "deployment", key, &record, &revision,
				       prune->call->error);

	if (err)
		return err;
	smd_batch_check(&batch, SMD_NEED_REVISION, revision, "deployment", key);
	smd_batch_check(&batch, SMD_NEED_ABSENT, 0, "open", key);
	err = drop_parts(prune, &batch, key, record);
	if (!err && !prune->dry_run)
		err = smd_store_thread_apply(store, &batch, prune->call->error);
	smd_batch_done(&batch);
	return err;
}

/* The oldest first, so that an interrupted run leaves no gap. */
static int remove_all(struct prune *prune)
{
	cJSON *list = cJSON_AddArrayToObject(prune->call->result, "deployments");
	const cJSON *key;

	cJSON_ArrayForEach (key, prune->going) {
		char id[SMD_DEPLOYMENT_ID];
		int err = remove_one(prune, key->valuestring);

		if (err)
			return err;
		smd_deployment_id(key->valuestring, id);
		cJSON_AddItemToArray(list, cJSON_CreateString(id));
	}
	return 0;
}

/* Plans that were made before the time and never applied */

static int is_stale(struct prune *prune, const struct smd_row *row)
{
	struct smd_store_thread *store = prune->call->site->store_thread;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	smd_cleanup(cJSON_Delete) cJSON *applied = NULL;
	const char *created;

	if (row->damaged || smd_json_parse(row->value, row->size, "plan", &plan, NULL))
		return 0;
	created = smd_json_string(plan, "created");
	return created && strcmp(created, prune->before) < 0 &&
	       smd_store_thread_get(store, "applied", row->key, &applied, NULL, NULL) ==
		       SMD_E_NOT_FOUND;
}

static int remove_plan(struct prune *prune, const char *id)
{
	struct smd_batch batch = {0};
	int err = drop_one(prune, &batch, "plan", id);

	smd_batch_check(&batch, SMD_NEED_ABSENT, 0, "applied", id);
	if (!err && !prune->dry_run)
		err = smd_store_thread_apply(prune->call->site->store_thread, &batch,
					     prune->call->error);
	smd_batch_done(&batch);
	prune->plans += !err;
	return err;
}

static int remove_plans(struct prune *prune)
{
	struct smd_store_range range = {.table = "plan", .prefix = "", .limit = PAGE};
	char beyond[SMD_STORE_KEY] = "";
	size_t count;
	int err;

	do {
		smd_cleanup(smd_rows) struct smd_rows rows = {0};

		range.beyond = *beyond ? beyond : NULL;
		err = smd_store_thread_list(prune->call->site->store_thread, &range, &rows,
					    prune->call->error);
		for (size_t i = 0; i < rows.count && !err; i++) {
			if (is_stale(prune, &rows.rows[i]))
				err = remove_plan(prune, rows.rows[i].key);
			snprintf(beyond, sizeof(beyond), "%s", rows.rows[i].key);
		}
		count = rows.count;
	} while (!err && count == PAGE);
	return err;
}

/* The method */

/* A span of time as text, "36h", "90d" or "12w", in seconds; -1: it is none. */
static int64_t read_span(const char *text)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {{'h', 3600}, {'d', 86400}, {'w', 604800}};
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	for (size_t i = 0; i < SMD_COUNT(units); i++)
		if (*text >= '0' && *text <= '9' && number <= 100000 && *end == units[i].letter &&
		    !end[1])
			return (int64_t)number * units[i].seconds;
	return -1;
}

static int read_policy(struct prune *prune)
{
	const struct smd_call *call = prune->call;
	const char *older = smd_json_string(call->request, "older-than");
	int64_t seconds = older ? read_span(older) : 0;

	if (!older && !smd_json_member(call->request, "keep")) {
		smd_fail(call->error, SMD_E_INVALID, "it is not said which deployments shall go");
		smd_error_hint(call->error, "`sdctl history prune --keep 20`, or --older-than 90d");
		return SMD_E_INVALID;
	}
	if (seconds < 0) {
		smd_fail(call->error, SMD_E_INVALID, "\"%s\" is no span of time", older);
		smd_error_hint(call->error, "as 36h, 90d or 12w");
		return SMD_E_INVALID;
	}
	prune->keep = smd_json_number(call->request, "keep", 0);
	prune->dry_run = smd_json_bool(call->request, "dry-run", 0);
	if (older)
		smd_time_text_ago(call->site->clock, seconds, prune->before);
	return 0;
}

static int report(const struct prune *prune)
{
	cJSON *result = prune->call->result;
	int err = 0;

	smd_json_put_number(result, "kept", (double)prune->kept, &err);
	smd_json_put_number(result, "damaged", (double)prune->damaged, &err);
	smd_json_put_number(result, "plans", (double)prune->plans, &err);
	smd_json_put_number(result, "records", (double)prune->records, &err);
	smd_json_put_number(result, "bytes", (double)prune->bytes, &err);
	smd_json_put_bool(result, "dry-run", prune->dry_run, &err);
	return err ? smd_fail(prune->call->error, err, "out of memory") : 0;
}

int smd_deployment_prune(struct smd_call *call)
{
	struct prune prune = {.call = call,
			      .needed = cJSON_CreateObject(),
			      .counts = cJSON_CreateObject(),
			      .going = cJSON_CreateArray()};
	int err = read_policy(&prune);

	if (!err)
		err = find_needed(&prune);
	if (!err)
		err = smd_call_each_deployment(call, NULL, on_deployment, &prune);
	if (!err)
		err = remove_all(&prune);
	if (!err && *prune.before)
		err = remove_plans(&prune);
	if (!err)
		err = report(&prune);
	prune_done(&prune);
	return err;
}
