/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NUMBER_DIGITS 16

static int column(const cJSON *table, const char *name)
{
	const cJSON *heading;
	int index = 0;

	cJSON_ArrayForEach (heading, cJSON_GetObjectItemCaseSensitive(table, "headings")) {
		if (cJSON_IsString(heading) && !strcmp(heading->valuestring, name))
			return index;
		index++;
	}
	return -1;
}

/* The cell of the row with that name, or NULL. */
static const cJSON *cell(const cJSON *table, const char *name, const char *heading)
{
	int names = column(table, "name"), wanted = column(table, heading);
	const cJSON *row;

	cJSON_ArrayForEach (row, cJSON_GetObjectItemCaseSensitive(table, "data")) {
		const cJSON *found = names < 0 ? NULL : cJSON_GetArrayItem(row, names);

		if (wanted >= 0 && cJSON_IsString(found) && !strcmp(found->valuestring, name))
			return cJSON_GetArrayItem(row, wanted);
	}
	return NULL;
}

/* Find the marker in a map (RFC 7047, section 5.1): ["map",[[KEY,VALUE],...]]. */
static int find_marker(const cJSON *map, char **marker)
{
	const cJSON *word = cJSON_GetArrayItem(map, 0), *pair;

	if (!cJSON_IsString(word) || strcmp(word->valuestring, "map") != 0)
		return SMD_E_INVALID;
	cJSON_ArrayForEach (pair, cJSON_GetArrayItem(map, 1)) {
		const cJSON *key = cJSON_GetArrayItem(pair, 0);
		const cJSON *value = cJSON_GetArrayItem(pair, 1);

		if (!cJSON_IsString(key) || strcmp(key->valuestring, SMD_OVS_MARKER_KEY) != 0)
			continue;
		*marker = cJSON_IsString(value) ? strdup(value->valuestring) : NULL;
		return *marker ? 0 : SMD_E_INVALID;
	}
	return 0;
}

int smd_ovs_marker_read(const struct smd_text *output, const char *bridge, char **marker)
{
	const char *line = smd_text_get(output, 0, NULL); /* the table Bridge */
	cJSON *table = line ? cJSON_Parse(line) : NULL;
	int err;

	*marker = NULL;
	err = find_marker(cell(table, bridge, "external_ids"), marker);
	cJSON_Delete(table);
	return err;
}

/* The number of a marker of ours, NUL-terminated, in `number`; "none" of anything else. */
static void number_of(const char *marker, char number[NUMBER_DIGITS + 1])
{
	const char *dot = marker ? strchr(marker, '.') : NULL;

	if (dot && strspn(dot + 1, "0123456789abcdef") == NUMBER_DIGITS &&
	    dot[NUMBER_DIGITS + 1] == '.')
		snprintf(number, NUMBER_DIGITS + 1, "%s", dot + 1);
	else
		snprintf(number, NUMBER_DIGITS + 1, "none");
}

char *smd_ovs_marker_make(const char *tag, const char *before)
{
	char replaced[NUMBER_DIGITS + 1] = "any";
	char *marker;
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return NULL;
	if (!before || *before)
		number_of(before, replaced);
	if (asprintf(&marker, "%s.%016" PRIx64 ".%s", tag && *tag ? tag : "none", number,
		     replaced) < 0)
		return NULL;
	return marker;
}

int smd_ovs_marker_follows(const char *marker, const char *before)
{
	char own[NUMBER_DIGITS + 1], replaced[NUMBER_DIGITS + 1];

	number_of(marker, own);
	number_of(before, replaced);
	return strcmp(own, "none") != 0 && !strcmp(strrchr(marker, '.') + 1, replaced);
}
