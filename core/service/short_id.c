/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short ids. Deployments of earlier versions have long ids, which begin with a date; the beginning
 * of one means it, from the whole date on, if it is that of no other.
 */
#include <ctype.h>
#include <string.h>

#include "core/service/methods.h"

#define SHORTEST 8 /* of the date alone */

static int begins_with_date(const char *word)
{
	for (size_t i = 0; i < SHORTEST; i++)
		if (!isdigit((unsigned char)word[i]))
			return 0;
	return 1;
}

/* 1: a record of this key is there; 0: there is none; or an error. */
static int has_record(const struct smd_call *call, const char *table, const char *key)
{
	const struct smd_store_range range = {.table = table, .prefix = key, .limit = 1, .keys = 1};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	int err = smd_store_thread_list(call->site->store_thread, &range, &rows, call->error);

	return err ? err : rows.count && !strcmp(rows.rows[0].key, key);
}

/* Is the word a name or an id as it is? */
static int is_whole(const struct smd_call *call, const char *word)
{
	char key[SMD_STORE_KEY];
	int is = has_record(call, "configuration", word);

	smd_deployment_key(word, NULL, key);
	return is ? is : has_record(call, "deployment", key);
}

static int fail_ambiguous(const struct smd_call *call, const char *word,
			  const struct smd_rows *rows)
{
	smd_fail(call->error, SMD_E_INVALID, "\"%s\" is the beginning of several deployments' ids",
		 word);
	smd_error_hint(call->error, "it can be %s or %s; `sdctl history` shows all",
		       rows->rows[0].key, rows->rows[1].key);
	return SMD_E_INVALID;
}

static int complete(const struct smd_call *call, cJSON *value)
{
	const char *word = value->valuestring;
	const struct smd_store_range range = {
		.table = "deployment", .prefix = word, .limit = 2, .keys = 1};
	smd_cleanup(smd_rows) struct smd_rows rows = {0};
	int err = is_whole(call, word);

	if (err)
		return err < 0 ? err : 0;
	err = smd_store_thread_list(call->site->store_thread, &range, &rows, call->error);
	if (err || !rows.count)
		return err;
	if (rows.count > 1)
		return fail_ambiguous(call, word, &rows);
	return cJSON_SetValuestring(value, rows.rows[0].key)
		       ? 0
		       : smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
}

int smd_call_complete_ids(const struct smd_call *call, const struct smd_method *method)
{
	int err = 0;

	for (const struct smd_field *field = method->fields; field->name && !err; field++) {
		cJSON *value = cJSON_GetObjectItemCaseSensitive(call->request, field->name);

		if (field->names == SMD_NAMES_DEPLOYMENT && cJSON_IsString(value) &&
		    begins_with_date(value->valuestring))
			err = complete(call, value);
	}
	return err;
}
