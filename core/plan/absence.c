/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/absence.h"

#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/tree/json.h"
#include "core/tree/own.h"

static void absence_done(struct smd_absence *absence)
{
	free(absence->owner);
	smd_text_free(absence->lines);
	smd_tree_free(absence->was);
}

void smd_absences_done(struct smd_absences *absences)
{
	for (size_t i = 0; i < absences->count; i++)
		absence_done(&absences->all[i]);
	free(absences->all);
	*absences = (struct smd_absences){NULL, 0};
}

struct smd_absence *smd_absences_find(const struct smd_absences *absences, const char *owner)
{
	for (size_t i = 0; i < absences->count; i++)
		if (!strcmp(absences->all[i].owner, owner))
			return &absences->all[i];
	return NULL;
}

/* Insert an absence, whose parts are taken. */
static int insert(struct smd_absences *absences, struct smd_absence *absence_take)
{
	size_t count = absences->count, at = 0;
	struct smd_absence *all = reallocarray(absences->all, count + 1, sizeof(*all));

	if (!all) {
		absence_done(absence_take);
		return SMD_E_NO_MEMORY;
	}
	while (at < count && strcmp(all[at].owner, absence_take->owner) < 0)
		at++;
	memmove(&all[at + 1], &all[at], (count - at) * sizeof(*all));
	all[at] = *absence_take;
	absences->all = all;
	absences->count++;
	return 0;
}

int smd_absences_add(struct smd_absences *absences, const char *owner, const struct smd_text *lines,
		     const struct smd_tree *was)
{
	smd_cleanup(free) char *joined = smd_text_join(lines);
	struct smd_absence absence = {.owner = strdup(owner)};

	if (!joined || !absence.owner ||
	    (was ? smd_tree_copy(&absence.was, was) : smd_tree_new(&absence.was)) ||
	    smd_text_from(&absence.lines, joined, strlen(joined))) {
		absence_done(&absence);
		return SMD_E_NO_MEMORY;
	}
	return insert(absences, &absence);
}

/* Records */

cJSON *smd_absence_lines_json(const struct smd_text *lines)
{
	cJSON *list = cJSON_CreateArray();
	int err = list ? 0 : SMD_E_NO_MEMORY;

	for (size_t i = 0; i < smd_text_count(lines); i++) {
		size_t size;
		const char *line = smd_text_get(lines, i, &size);

		smd_json_append(list, smd_json_bytes(line, size), &err);
	}
	if (err)
		cJSON_Delete(smd_take(list));
	return list;
}

static int add_line(struct smd_text *lines, const cJSON *line)
{
	smd_cleanup(free) char *bytes = NULL;
	size_t size;
	int err = smd_json_read_bytes(line, &bytes, &size);

	return err ? err : smd_text_line(lines, bytes);
}

int smd_absence_lines_read(const cJSON *json, struct smd_text **out)
{
	struct smd_text *lines = NULL;
	const cJSON *line;
	int err;

	*out = NULL;
	if (!cJSON_IsArray(json))
		return 0;
	err = smd_text_new(&lines, 0);
	cJSON_ArrayForEach (line, json)
		if (!err)
			err = add_line(lines, line);
	if (err)
		smd_text_free(lines);
	else
		*out = lines;
	return err;
}

struct loading {
	struct smd_absences *absences;
	size_t prefix;
	struct smd_error *error;
};

static int on_record(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct loading *loading = arg;
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	struct smd_absence absence = {.owner = strdup(key + loading->prefix)};
	int err = absence.owner ? smd_json_parse(value, size, key, &json, loading->error)
				: SMD_E_NO_MEMORY;

	(void)revision;
	if (!err)
		err = smd_absence_lines_read(smd_json_array(json, "lines"), &absence.lines);
	if (!err)
		err = smd_tree_from_json(smd_json_array(json, "was"), &absence.was, loading->error);
	if (!err && !absence.lines)
		err = SMD_E_INVALID;
	if (err) {
		absence_done(&absence);
		return smd_fail(loading->error, err, "the record \"%s\" of absences is damaged",
				key);
	}
	return insert(loading->absences, &absence);
}

int smd_absences_load(struct smd_absences *out, struct smd_store_thread *store_thread,
		      const char *device, struct smd_error *error)
{
	struct loading loading = {.absences = out, .error = error};
	char prefix[SMD_STORE_KEY];
	int err;

	*out = (struct smd_absences){NULL, 0};
	loading.prefix = (size_t)snprintf(prefix, sizeof(prefix), "%s ", device);
	err = smd_store_thread_each(store_thread, "absence", prefix, on_record, &loading, error);
	if (err)
		smd_absences_done(out);
	return err;
}

static cJSON *absence_json(const struct smd_absence *absence, int *err)
{
	cJSON *json = cJSON_CreateObject(), *was = NULL;

	smd_json_put(json, "lines", smd_absence_lines_json(absence->lines), err);
	if (!*err)
		*err = smd_tree_to_json(absence->was, &was);
	smd_json_put(json, "was", was, err);
	return json;
}

void smd_absences_save(const struct smd_absences *before, const struct smd_absences *after,
		       const char *device, struct smd_batch *batch)
{
	char key[SMD_STORE_KEY];

	for (size_t i = 0; i < before->count; i++) {
		snprintf(key, sizeof(key), "%s %s", device, before->all[i].owner);
		if (!smd_absences_find(after, before->all[i].owner))
			smd_batch_delete(batch, "absence", key);
	}
	for (size_t i = 0; i < after->count; i++) {
		smd_cleanup(cJSON_Delete) cJSON *json = absence_json(&after->all[i], &batch->err);

		snprintf(key, sizeof(key), "%s %s", device, after->all[i].owner);
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "absence", key, json);
	}
}
