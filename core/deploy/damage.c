/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open deployments that cannot be recovered: a record of theirs is damaged, or what they need (a
 * driver, a device of the inventory) is not there. Recovery says so and loses nothing. A person
 * can close one by accepting what its devices run, for which nothing is needed but the store.
 */
#include <stdio.h>
#include <string.h>

#include "core/deploy/damage.h"
#include "core/plan/plan.h"

/* Reading */

int read_record(struct smd_site *site, const char *key, cJSON **record, struct smd_error *error)
{
	int damaged = 0;
	int err = smd_store_thread_get_or_damaged(site->store_thread, "deployment", key, record,
						  &damaged, error);

	if (err && err != SMD_E_NOT_FOUND)
		return err;
	if (err || damaged || cJSON_IsObject(*record))
		return err || damaged;
	cJSON_Delete(smd_take(*record));
	return 1;
}

int decided_direction(const cJSON *decision)
{
	const char *direction = smd_json_string(decision, "direction");

	if (direction && !strcmp(direction, "forward"))
		return 1;
	return direction && !strcmp(direction, "back") ? 0 : -1;
}

/* Looking for damage */

/*
 * table, key  Of the record that is looked at.
 * why         Why the deployment could not be made again; "": that was not said.
 */
struct search {
	struct deployment *deployment;
	const char *table;
	char key[SMD_STORE_KEY];
	const struct smd_error *why;
	struct smd_error error;
};

static int has_device(const struct search *search, const char *name)
{
	const cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(search->deployment->record, "devices")) {
		const char *known = smd_json_string(device, "name");

		if (known && name && !strcmp(known, name))
			return 1;
	}
	return 0;
}

/* Does the record say what recovery asks of it? */
static int is_sound(const struct search *search, const cJSON *json)
{
	if (!strcmp(search->table, "decision"))
		return decided_direction(json) >= 0;
	if (!strcmp(search->table, "snapshot"))
		return smd_json_member(json, "native") != NULL;
	return has_device(search, smd_json_string(json, "device"));
}

/* Returns 1 with the error filled. */
static int tell_damage(struct search *search, const char *how)
{
	smd_fail(&search->error, SMD_E_ATTENTION, "the record %s \"%s\" is %s", search->table,
		 search->key, how);
	return 1;
}

/* The same for a record that can be read and does not say what it must: `why` tells more. */
static int tell_strange(struct search *search)
{
	if (!search->why->message[0])
		return tell_damage(search, "damaged");
	search->error = *search->why;
	search->error.code = SMD_E_ATTENTION;
	smd_error_prefix(&search->error, "the record %s \"%s\" is damaged", search->table,
			 search->key);
	return 1;
}

/* Look at one record. 1: it is damaged, or missing although it is needed. */
static int look_at(struct search *search, int needed)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	int damaged = 0;
	int err = smd_store_thread_get_or_damaged(search->deployment->site->store_thread,
						  search->table, search->key, &json, &damaged,
						  &search->error);

	if (err == SMD_E_NOT_FOUND)
		return needed ? tell_damage(search, "missing") : 0;
	if (err)
		return err;
	if (damaged)
		return tell_damage(search, "damaged");
	return is_sound(search, json) ? 0 : tell_strange(search);
}

static int look_at_snapshots(struct search *search)
{
	const struct deployment *deployment = search->deployment;
	const cJSON *device;
	int found = 0;

	search->table = "snapshot";
	cJSON_ArrayForEach (device, smd_json_array(deployment->record, "devices")) {
		const char *name = smd_json_string(device, "name");

		if (found || !name)
			continue;
		smd_deployment_key(deployment->id, name, search->key);
		found = look_at(search, 1);
	}
	return found;
}

/* Look at an entry of the journal. 1: it is damaged. */
static int look_at_entry(struct search *search, const struct smd_row *row)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	int err = row->damaged ? SMD_E_IO
			       : smd_json_parse(row->value, row->size, row->key, &json, NULL);

	if (err == SMD_E_NO_MEMORY)
		return smd_fail(&search->error, err, "out of memory");
	if (!err && is_sound(search, json))
		return 0;
	snprintf(search->key, sizeof(search->key), "%s", row->key);
	return err ? tell_damage(search, "damaged") : tell_strange(search);
}

static int look_at_journal(struct search *search)
{
	const struct deployment *deployment = search->deployment;
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	char prefix[SMD_STORE_KEY];
	const struct smd_store_range range = {.table = "journal", .prefix = prefix};
	int found;

	search->table = "journal";
	smd_deployment_key(deployment->id, "", prefix);
	found = smd_store_thread_list(deployment->site->store_thread, &range, &rows,
				      &search->error);
	for (size_t i = 0; i < rows.count && !found; i++)
		found = look_at_entry(search, &rows.rows[i]);
	return found;
}

static int search_all(struct search *search)
{
	struct deployment *deployment = search->deployment;
	int found;

	smd_deployment_key(deployment->id, NULL, search->key);
	search->table = "deployment";
	if (!smd_json_array(deployment->record, "devices") ||
	    !cJSON_GetArraySize(smd_record_configurations(deployment->record)))
		return tell_damage(search, "damaged");
	search->table = "decision";
	found = look_at(search, 0);
	if (!found)
		found = look_at_snapshots(search);
	return found ? found : look_at_journal(search);
}

/*
 * Find a damaged record. 1: `why` receives it; 0: there is none; or an error of the store, which
 * `why` receives too.
 */
static int find_damage(struct deployment *deployment, struct smd_error *why)
{
	struct search search = {.deployment = deployment, .why = why};
	int found = search_all(&search);

	if (!found)
		return 0;
	*why = search.error;
	return found;
}

/* Writing */

/* What the devices run is not known. */
static void doubt_devices(const cJSON *record, int *err)
{
	cJSON *device;

	cJSON_ArrayForEach (device, smd_json_array(record, "devices")) {
		const char *outcome = smd_json_string(device, "outcome");

		if (outcome && !strcmp(outcome, smd_outcome_name(0)))
			smd_json_replace(device, "outcome",
					 cJSON_CreateString(device_outcome_name(DEVICE_ATTENTION)),
					 err);
	}
}

static void note(struct deployment *deployment, enum smd_outcome outcome,
		 const struct smd_error *why, int damaged, int *err)
{
	cJSON *record = deployment->record;
	char text[SMD_ERROR_DEVICE + SMD_ERROR_MESSAGE];

	snprintf(text, sizeof(text), "%s%s%s", why->device, *why->device ? ": " : "", why->message);
	smd_json_replace(record, "outcome", cJSON_CreateString(smd_outcome_name(outcome)), err);
	smd_json_replace(record, "not-recovered", cJSON_CreateString(text), err);
	cJSON_DeleteItemFromObjectCaseSensitive(record, "damaged");
	if (damaged)
		smd_json_put_bool(record, "damaged", 1, err);
	doubt_devices(record, err);
}

/*
 * Note in the record that it was tried, so that it can be accepted from now on; a record that
 * cannot be read stays as it is. Returns SMD_E_ATTENTION, or the store's error.
 */
static int keep_open(struct deployment *deployment, const struct smd_error *why, int damaged,
		     struct smd_error *error)
{
	struct smd_batch batch = {0};
	char key[SMD_STORE_KEY];
	int err = 0;

	smd_deployment_key(deployment->id, NULL, key);
	if (deployment->record) {
		note(deployment, SMD_OUTCOME_ATTENTION, why, damaged, &batch.err);
		smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "deployment", key,
				   deployment->record);
		err = smd_store_thread_apply(deployment->site->store_thread, &batch, error);
	}
	if (err)
		return err;
	*error = *why;
	error->code = SMD_E_ATTENTION;
	smd_error_hint(
		error,
		"%.100s%s`sdctl recover %s --accept` takes what its devices run as it is and "
		"closes it",
		why->hint, *why->hint ? "; " : "", deployment->id);
	return SMD_E_ATTENTION;
}

/* A record in place of one that cannot be read, whose bytes it keeps. */
static int make_record_anew(struct deployment *deployment, const char *key, struct smd_error *error)
{
	cJSON *record = deployment->record = cJSON_CreateObject();
	smd_cleanup(free) void *bytes = NULL;
	size_t size;
	int cut = 0;
	int err = smd_store_thread_get_bytes(deployment->site->store_thread, "deployment", key,
					     &bytes, &size, NULL, error);

	if (err == SMD_E_NO_MEMORY)
		return err;
	if (!err)
		smd_json_put(record, "damaged-record", smd_json_bytes(bytes, size), &cut);
	smd_json_put_string(record, "id", deployment->id, &cut);
	smd_json_put_array(record, "configurations", &cut);
	smd_json_put_array(record, "devices", &cut);
	return cut ? smd_fail(error, cut, "out of memory") : 0;
}

static int close_as_it_is(struct deployment *deployment, const struct smd_error *why, int damaged,
			  struct smd_error *error)
{
	struct smd_batch batch = {0};
	char key[SMD_STORE_KEY], now[SMD_TIME_TEXT];
	int err = 0;

	smd_deployment_key(deployment->id, NULL, key);
	if (!deployment->record)
		err = make_record_anew(deployment, key, error);
	if (err)
		return err;
	note(deployment, SMD_OUTCOME_ACCEPTED, why, damaged, &batch.err);
	smd_time_text(deployment->site->clock, now);
	smd_json_replace(deployment->record, "state-left", cJSON_CreateTrue(), &batch.err);
	smd_json_replace(deployment->record, "accepted-by",
			 cJSON_CreateString(deployment->principal), &batch.err);
	smd_json_replace(deployment->record, "ended", cJSON_CreateString(now), &batch.err);
	smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "deployment", key, deployment->record);
	smd_batch_delete(&batch, "open", key);
	return smd_store_thread_apply(deployment->site->store_thread, &batch, error);
}

int check_accept(const cJSON *record, struct smd_error *error)
{
	const char *outcome = smd_json_string(record, "outcome");

	if (outcome && !strcmp(outcome, smd_outcome_name(SMD_OUTCOME_ATTENTION)))
		return 0;
	smd_fail(error, SMD_E_CONFLICT, "there is nothing to accept yet");
	smd_error_hint(error, "run `sdctl recover` first");
	return SMD_E_CONFLICT;
}

int settle_unrecoverable(struct deployment *deployment, struct smd_error *why,
			 struct smd_error *error)
{
	int damaged, err = 0;

	if (why->code == SMD_E_NO_MEMORY) {
		*error = *why;
		return why->code;
	}
	damaged = find_damage(deployment, why);
	if (damaged < 0) {
		*error = *why;
		return damaged;
	}
	if (!deployment->accepted)
		return keep_open(deployment, why, damaged, error);
	if (!damaged)
		err = check_accept(deployment->record, error);
	return err ? err : close_as_it_is(deployment, why, damaged, error);
}
