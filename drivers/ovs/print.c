/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree as the JSON that parse.c reads. UUIDs name rows inside the document and mean nothing
 * outside of it, so new ones are made up.
 */
#include "ovs.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The documents while they are written; `faults` only if the tree has some. */
struct writer {
	cJSON *bridges, *ports, *faults;
	unsigned rows;
	int failed; /* out of memory somewhere */
};

/* Append `item_take`, which is consumed; NULL sets `failed`. */
static void append(struct writer *writer, cJSON *array, cJSON *item_take)
{
	if (!item_take || !cJSON_AddItemToArray(array, item_take)) {
		cJSON_Delete(item_take);
		writer->failed = 1;
	}
}

static cJSON *pair(struct writer *writer, const char *tag, cJSON *second_take)
{
	cJSON *array = cJSON_CreateArray();

	append(writer, array, cJSON_CreateString(tag));
	append(writer, array, second_take);
	return array;
}

static cJSON *uuid(struct writer *writer, unsigned row)
{
	char text[40];

	snprintf(text, sizeof(text), "00000000-0000-4000-8000-%012x", row);
	return pair(writer, "uuid", cJSON_CreateString(text));
}

static cJSON *document(struct writer *writer, const char *const *headings, size_t count)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *names = cJSON_CreateStringArray(headings, (int)count);

	if (!cJSON_AddArrayToObject(json, "data"))
		writer->failed = 1;
	if (!cJSON_AddItemToObject(json, "headings", names)) {
		cJSON_Delete(names);
		writer->failed = 1;
	}
	return json;
}

static cJSON *begin_row(struct writer *writer, cJSON *table)
{
	cJSON *row = cJSON_CreateArray();

	append(writer, cJSON_GetObjectItemCaseSensitive(table, "data"), row);
	return writer->failed ? NULL : row;
}

static void put_leaf(struct writer *writer, cJSON *row, const char *value, int number)
{
	uint32_t vlan;

	if (!value)
		append(writer, row, pair(writer, "set", cJSON_CreateArray()));
	else if (number && smd_ovs_vlan(value, &vlan))
		append(writer, row, cJSON_CreateNumber(vlan));
	else
		append(writer, row, cJSON_CreateString(value));
}

/* Write a set as the database does: a set of one is the number alone. */
static void put_set(struct writer *writer, cJSON *row, const struct smd_node *node)
{
	const struct smd_set *set = node ? smd_node_set(node) : NULL;
	cJSON *numbers;

	if (set && smd_set_size(set) == 1) {
		append(writer, row, cJSON_CreateNumber(set->ranges[0].first));
		return;
	}
	numbers = cJSON_CreateArray();
	for (size_t i = 0; set && i < set->count; i++)
		for (uint32_t n = set->ranges[i].first; n <= set->ranges[i].last; n++)
			append(writer, numbers, cJSON_CreateNumber(n));
	append(writer, row, pair(writer, "set", numbers));
}

/* Write rows of Interface for the faults of one port; returns the set of their UUIDs. */
static cJSON *put_faults(struct writer *writer, const struct smd_tree *tree, const char *port)
{
	const struct smd_node *node = smd_node_first(smd_tree_top(tree));
	cJSON *uuids = cJSON_CreateArray();

	for (; node; node = smd_node_next(node)) {
		cJSON *row;

		if (strcmp(smd_node_name(node), "fault") != 0 ||
		    strcmp(smd_node_key(node, 0), port) != 0)
			continue;
		append(writer, uuids, uuid(writer, ++writer->rows));
		row = begin_row(writer, writer->faults);
		append(writer, row, uuid(writer, writer->rows));
		append(writer, row, cJSON_CreateString(smd_node_key(node, 1)));
		append(writer, row, cJSON_CreateString(smd_node_leaf(node, "error")));
	}
	return pair(writer, "set", uuids);
}

static void put_port(struct writer *writer, const struct smd_tree *tree,
		     const struct smd_node *port, cJSON *uuids)
{
	cJSON *row = begin_row(writer, writer->ports);

	append(writer, uuids, uuid(writer, ++writer->rows));
	append(writer, row, uuid(writer, writer->rows));
	append(writer, row, cJSON_CreateString(smd_node_key(port, 0)));
	put_leaf(writer, row, smd_node_leaf(port, "tag"), 1);
	put_set(writer, row, smd_node_find(port, "trunks", NULL));
	put_leaf(writer, row, smd_node_leaf(port, "vlan_mode"), 0);
	put_set(writer, row, smd_node_find(port, "cvlans", NULL));
	if (writer->faults)
		append(writer, row, put_faults(writer, tree, smd_node_key(port, 0)));
}

static void put_bridge(struct writer *writer, const struct smd_tree *tree,
		       const struct smd_node *bridge)
{
	cJSON *row = begin_row(writer, writer->bridges);
	cJSON *uuids = cJSON_CreateArray();
	const struct smd_node *port = smd_node_first(bridge);

	for (; port; port = smd_node_next(port))
		put_port(writer, tree, port, uuids);
	append(writer, row, cJSON_CreateString(smd_node_key(bridge, 0)));
	append(writer, row, pair(writer, "set", uuids));
}

static int is_entry(const struct smd_node *node, const char *name, size_t keys)
{
	return smd_node_kind(node) == SMD_ENTRY && !strcmp(smd_node_name(node), name) &&
	       smd_node_key_count(node) == keys;
}

static int is_column(const struct smd_node *node)
{
	const char *name = smd_node_name(node);
	uint32_t vlan;

	if (smd_node_kind(node) == SMD_SET)
		return !strcmp(name, "trunks") || !strcmp(name, "cvlans");
	if (smd_node_kind(node) != SMD_LEAF)
		return 0;
	return !strcmp(name, "vlan_mode") ||
	       (!strcmp(name, "tag") && smd_ovs_vlan(smd_node_value(node, NULL), &vlan));
}

/* The first node that the database has no place for, or NULL. */
static const struct smd_node *stranger(const struct smd_tree *tree)
{
	const struct smd_node *top = smd_node_first(smd_tree_top(tree));

	for (; top; top = smd_node_next(top)) {
		if (is_entry(top, "fault", 2) && smd_node_leaf(top, "error"))
			continue;
		if (!is_entry(top, "bridge", 1))
			return top;
		for (const struct smd_node *port = smd_node_first(top); port;
		     port = smd_node_next(port)) {
			if (!is_entry(port, "port", 1))
				return port;
			for (const struct smd_node *node = smd_node_first(port); node;
			     node = smd_node_next(node))
				if (!is_column(node))
					return node;
		}
	}
	return NULL;
}

static void write_documents(struct writer *writer, const struct smd_tree *tree,
			    struct smd_text *out)
{
	const cJSON *documents[] = {writer->bridges, writer->ports, writer->faults};
	const struct smd_node *node = smd_node_first(smd_tree_top(tree));

	for (; node; node = smd_node_next(node))
		if (!strcmp(smd_node_name(node), "bridge"))
			put_bridge(writer, tree, node);
	for (size_t i = 0; !writer->failed && i < 3; i++) {
		char *text = documents[i] ? cJSON_PrintUnformatted(documents[i]) : NULL;

		if (documents[i] && (!text || smd_text_line(out, text)))
			writer->failed = 1;
		cJSON_free(text);
	}
}

int smd_ovs_print(void *state, const struct smd_tree *tree, struct smd_text *out,
		  struct smd_error *error)
{
	static const char *const bridge[] = {"name", "ports"};
	static const char *const port[] = {"_uuid",     "name",   "tag",       "trunks",
					   "vlan_mode", "cvlans", "interfaces"};
	static const char *const fault[] = {"_uuid", "name", "error"};
	const struct smd_node *unknown = stranger(tree);
	struct writer writer = {.rows = 0};
	char path[SMD_ERROR_WHERE];
	int faults = 0;

	(void)state;
	if (unknown) {
		smd_node_path(unknown, path, sizeof(path));
		return smd_fail(error, SMD_E_INVALID, "'%s' has no place in Open vSwitch", path);
	}
	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node;
	     node = smd_node_next(node))
		faults |= !strcmp(smd_node_name(node), "fault");
	writer.bridges = document(&writer, bridge, 2);
	writer.ports = document(&writer, port, faults ? 7 : 6);
	writer.faults = faults ? document(&writer, fault, 3) : NULL;
	write_documents(&writer, tree, out);
	cJSON_Delete(writer.bridges);
	cJSON_Delete(writer.ports);
	cJSON_Delete(writer.faults);
	return writer.failed ? smd_fail(error, SMD_E_NO_MEMORY, "no memory to print") : 0;
}
