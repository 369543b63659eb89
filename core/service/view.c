/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results as everybody sees them: records without what the controller keeps for itself, trees with
 * whole words, lines as lines.
 */
#include <string.h>

#include "core/base/json.h"
#include "core/service/methods.h"

/* Records */

/* Keep of an object only these members. */
static void keep_members(cJSON *object, const char *const *names, size_t count)
{
	cJSON *next;

	for (cJSON *member = object->child; member; member = next) {
		size_t i = 0;

		next = member->next;
		while (i < count && strcmp(names[i], member->string) != 0)
			i++;
		if (i == count)
			cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
	}
}

/* Of the states before and after a deployment, only the earlier revision is of use to others. */
static void view_record(cJSON *record)
{
	cJSON *one;

	cJSON_ArrayForEach (one, smd_json_array(record, "configurations")) {
		int64_t from = smd_json_number(smd_json_object(one, "from"), "revision", 0);

		cJSON_DeleteItemFromObjectCaseSensitive(one, "from");
		cJSON_DeleteItemFromObjectCaseSensitive(one, "to");
		if (from)
			cJSON_AddNumberToObject(one, "from-revision", (double)from);
	}
}

static void view_journal(cJSON *journal)
{
	static const char *const shown[] = {"at",   "device",    "phase",  "stage",
					    "step", "exchanges", "answers"};
	cJSON *entry;

	cJSON_ArrayForEach (entry, journal)
		keep_members(entry, shown, SMD_COUNT(shown));
}

/* Nothing deployed is no revision 0. */
static void view_deployed(cJSON *configuration)
{
	if (!smd_json_number(configuration, "deployed", -1))
		cJSON_ReplaceItemInObjectCaseSensitive(configuration, "deployed",
						       cJSON_CreateNull());
}

/* Trees, see core/tree/json.h */

static void rename_member(cJSON *object, const char *from, const char *to)
{
	cJSON *member = cJSON_DetachItemFromObjectCaseSensitive(object, from);

	if (member)
		cJSON_AddItemToObject(object, to, member);
}

static void view_nodes(cJSON *nodes)
{
	static const char *const words[][2] = {
		{"k", "kind"},    {"n", "name"},    {"keys", "keys"}, {"v", "value"},
		{"s", "numbers"}, {"o", "ordered"}, {"l", "line"},    {"c", "children"},
	};
	cJSON *node;

	cJSON_ArrayForEach (node, nodes) {
		cJSON_DeleteItemFromObjectCaseSensitive(node, "f");
		for (size_t i = 0; i < SMD_COUNT(words); i++)
			rename_member(node, words[i][0], words[i][1]);
		view_nodes(smd_json_array(node, "children"));
	}
}

/* Is it the tree of a device's configuration? text.diff has a tree of lines. */
static int has_nodes(const cJSON *tree)
{
	return cJSON_IsArray(tree) && smd_json_member(tree->child, "k");
}

/* A text of many lines becomes an array of them. */
static void view_lines(cJSON *result, const char *name)
{
	smd_cleanup(free) char *text = smd_json_take_string(result, name);
	cJSON *lines = text ? cJSON_AddArrayToObject(result, name) : NULL;

	for (char *line = text, *end; lines && *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		cJSON_AddItemToArray(lines, cJSON_CreateString(line));
	}
}

void smd_call_view(cJSON *result)
{
	cJSON *tree = smd_json_array(result, "tree"), *one;

	if (smd_json_object(result, "record"))
		view_record(smd_json_object(result, "record"));
	view_journal(smd_json_array(result, "journal"));
	view_deployed(result);
	cJSON_ArrayForEach (one, smd_json_array(result, "configurations"))
		view_deployed(one);
	if (has_nodes(tree))
		view_nodes(tree);
	view_lines(result, "commands");
	view_lines(result, "undo");
}
