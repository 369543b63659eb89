/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `ovs-vsctl --format=json list` prints, as a tree.
 *
 * Each table is one JSON object, `headings` an array of column names, `data`
 * an array of rows; values are as RFC 7047, section 5.1, has them: a set of
 * one element is the bare element. Rows of Port belong to a bridge by UUID.
 */
#include "ovs.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum table { BRIDGE, PORT, INTERFACE, TABLES };

/* By which column a table is known. */
static const struct {
	const char *name;
	const char *mark;
} tables[TABLES] = {[BRIDGE] = {"Bridge", "ports"},
		    [PORT] = {"Port", "tag"},
		    [INTERFACE] = {"Interface", "error"}};

struct row {
	const char *uuid;
	const char *name;
	const cJSON *cells;
};

/* A table's rows, sorted by UUID. */
struct rows {
	struct row *row;
	size_t count;
	const cJSON *headings;
};

struct reader {
	cJSON *json[TABLES];
	struct rows rows[TABLES];
	struct smd_error *error;
};

static int broken(const struct reader *reader, const char *what)
{
	smd_fail(reader->error, SMD_E_INVALID, "this is not what ovs-vsctl prints: %s", what);
	smd_error_hint(reader->error, "expected is the output of ovs-vsctl --format=json list for "
				      "the tables Bridge and Port");
	return SMD_E_INVALID;
}

static int column(const cJSON *headings, const char *name)
{
	const cJSON *heading;
	int index = 0;

	cJSON_ArrayForEach (heading, headings) {
		if (cJSON_IsString(heading) && !strcmp(heading->valuestring, name))
			return index;
		index++;
	}
	return -1;
}

static const cJSON *cell(const struct rows *rows, const struct row *row, const char *name)
{
	int index = column(rows->headings, name);

	return index < 0 ? NULL : cJSON_GetArrayItem(row->cells, index);
}

/* A pair such as ["set", [...]] or ["uuid", "..."]; its second, or NULL. */
static const cJSON *tagged(const cJSON *value, const char *tag)
{
	const cJSON *first = cJSON_IsArray(value) ? value->child : NULL;

	return cJSON_IsString(first) && !strcmp(first->valuestring, tag) ? first->next : NULL;
}

/* Iterates over the elements of a set, or the one value that stands for it. */
struct walk {
	const cJSON *item;
	int single;
};

static struct walk walk_begin(const cJSON *value)
{
	const cJSON *set = tagged(value, "set");

	if (set)
		return (struct walk){.item = set->child};
	return (struct walk){.item = value, .single = 1};
}

static void walk_next(struct walk *walk)
{
	walk->item = walk->single ? NULL : walk->item->next;
}

static const char *uuid_of(const cJSON *value)
{
	const cJSON *uuid = tagged(value, "uuid");

	return cJSON_IsString(uuid) ? uuid->valuestring : NULL;
}

static int by_uuid(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->uuid, ((const struct row *)b)->uuid);
}

static int by_name(const void *a, const void *b)
{
	const struct row *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

/* Collect the rows of one table. A bridge needs no UUID: nothing refers to it. */
static int index_rows(struct reader *reader, enum table table)
{
	struct rows *rows = &reader->rows[table];
	const cJSON *data = cJSON_GetObjectItemCaseSensitive(reader->json[table], "data");
	const cJSON *cells;

	rows->headings = cJSON_GetObjectItemCaseSensitive(reader->json[table], "headings");
	rows->row = calloc((size_t)cJSON_GetArraySize(data) + 1, sizeof(*rows->row));
	if (!rows->row)
		return smd_fail(reader->error, SMD_E_NO_MEMORY, "no memory for a table");
	cJSON_ArrayForEach (cells, data) {
		struct row *row = &rows->row[rows->count++];
		const cJSON *name;

		row->cells = cells;
		if (!cJSON_IsArray(cells) ||
		    cJSON_GetArraySize(cells) != cJSON_GetArraySize(rows->headings))
			return broken(reader, "a row has not as many cells as there are headings");
		name = cell(rows, row, "name");
		row->name = cJSON_IsString(name) ? name->valuestring : NULL;
		row->uuid = table == BRIDGE ? row->name : uuid_of(cell(rows, row, "_uuid"));
		if (!row->name || !row->uuid)
			return broken(reader, "a row has no name or no _uuid");
	}
	qsort(rows->row, rows->count, sizeof(*rows->row), by_uuid);
	return 0;
}

static int keep_document(struct reader *reader, cJSON *json)
{
	const cJSON *headings = cJSON_GetObjectItemCaseSensitive(json, "headings");

	for (size_t i = 0; i < TABLES; i++) {
		if (column(headings, tables[i].mark) < 0)
			continue;
		if (reader->json[i])
			break;
		reader->json[i] = json;
		return 0;
	}
	cJSON_Delete(json);
	return broken(reader, "a table is there twice, or is none of Bridge, Port, Interface");
}

static int read_documents(struct reader *reader, const char *bytes)
{
	while (bytes[strspn(bytes, " \t\r\n")]) {
		cJSON *json = cJSON_ParseWithOpts(bytes, &bytes, 0);
		int err = json ? keep_document(reader, json) : broken(reader, "not JSON");

		if (err)
			return err;
	}
	for (size_t i = 0; i < TABLES; i++) {
		int err = reader->json[i] ? index_rows(reader, i) : 0;

		if (err)
			return err;
		if (!reader->json[i] && i != INTERFACE)
			return broken(reader, i == BRIDGE ? "the table Bridge is missing"
							  : "the table Port is missing");
	}
	return 0;
}

static int bad_cell(const struct reader *reader, const char *port, const char *name)
{
	smd_fail(reader->error, SMD_E_INVALID, "port '%s' has no readable column '%s'", port, name);
	return SMD_E_INVALID;
}

static int is_vlan(const cJSON *item)
{
	return cJSON_IsNumber(item) && item->valueint >= 0 &&
	       item->valueint <= (int)SMD_OVS_VLAN_MAX && item->valuedouble == item->valueint;
}

static int read_tag(const struct reader *reader, const struct row *row, struct smd_node *port)
{
	const cJSON *value = cell(&reader->rows[PORT], row, "tag");
	struct walk walk = walk_begin(value);
	char number[16];

	if (!value || (walk.item && !is_vlan(walk.item)))
		return bad_cell(reader, row->name, "tag");
	if (!walk.item)
		return 0;
	snprintf(number, sizeof(number), "%d", walk.item->valueint);
	return smd_node_put_leaf(port, "tag", number);
}

static int read_mode(const struct reader *reader, const struct row *row, struct smd_node *port)
{
	const cJSON *value = cell(&reader->rows[PORT], row, "vlan_mode");
	struct walk walk = walk_begin(value);

	if (!value || (walk.item && !cJSON_IsString(walk.item)))
		return bad_cell(reader, row->name, "vlan_mode");
	return walk.item ? smd_node_put_leaf(port, "vlan_mode", walk.item->valuestring) : 0;
}

static int read_set(const struct reader *reader, const struct row *row, const char *name,
		    struct smd_node *port)
{
	const cJSON *value = cell(&reader->rows[PORT], row, name);
	int err = 0;

	if (!value)
		return bad_cell(reader, row->name, name);
	for (struct walk walk = walk_begin(value); !err && walk.item; walk_next(&walk)) {
		uint32_t number = (uint32_t)walk.item->valueint;

		if (!is_vlan(walk.item))
			return bad_cell(reader, row->name, name);
		err = smd_node_put_numbers(port, name, number, number);
	}
	return err;
}

static int read_port(const struct reader *reader, const struct row *row, struct smd_node *bridge)
{
	const char *const keys[] = {row->name};
	const struct smd_node_spec spec = {
		.kind = SMD_ENTRY, .name = "port", .keys = keys, .key_count = 1};
	struct smd_node *port;
	int err = smd_node_add(bridge, &spec, &port);

	if (err == SMD_E_EXISTS)
		return broken(reader, "a port is there twice");
	if (!err)
		err = read_tag(reader, row, port);
	if (!err)
		err = read_set(reader, row, "trunks", port);
	if (!err)
		err = read_mode(reader, row, port);
	return err ? err : read_set(reader, row, "cvlans", port);
}

static const struct row *find_row(const struct rows *rows, const char *uuid)
{
	const struct row key = {.uuid = uuid};

	if (!uuid || !rows->count)
		return NULL;
	return bsearch(&key, rows->row, rows->count, sizeof(key), by_uuid);
}

/* Read the errors of a port's interfaces, if they were asked for. */
static int read_faults(const struct reader *reader, const struct row *row, struct smd_node *top)
{
	const cJSON *value = cell(&reader->rows[PORT], row, "interfaces");
	const struct rows *rows = &reader->rows[INTERFACE];

	for (struct walk walk = walk_begin(value); walk.item; walk_next(&walk)) {
		const struct row *interface = find_row(rows, uuid_of(walk.item));
		const cJSON *text = interface ? cell(rows, interface, "error") : NULL;
		const char *const keys[] = {row->name, interface ? interface->name : ""};
		const struct smd_node_spec spec = {
			.kind = SMD_ENTRY, .name = "fault", .keys = keys, .key_count = 2};
		struct smd_node *fault;
		int err;

		if (!cJSON_IsString(text) || !*text->valuestring)
			continue;
		err = smd_node_add(top, &spec, &fault);
		if (!err)
			err = smd_node_put_leaf(fault, "error", text->valuestring);
		if (err)
			return err == SMD_E_EXISTS ? broken(reader, "an interface is there twice")
						   : err;
	}
	return 0;
}

static int read_ports(const struct reader *reader, const struct row **members, size_t count,
		      struct smd_node *top, struct smd_node *bridge)
{
	qsort(members, count, sizeof(const struct row *), by_name);
	for (size_t i = 0; i < count; i++) {
		int err = read_port(reader, members[i], bridge);

		if (!err)
			err = read_faults(reader, members[i], top);
		if (err)
			return err;
	}
	return 0;
}

static int read_bridge(const struct reader *reader, const struct row *row, struct smd_node *top)
{
	const cJSON *ports = cell(&reader->rows[BRIDGE], row, "ports");
	const cJSON *set = tagged(ports, "set");
	size_t room = set ? (size_t)cJSON_GetArraySize(set) : 1, count = 0;
	const struct row **members;
	struct smd_node *bridge;
	int err = 0;

	if (smd_node_find(top, "bridge", row->name))
		return broken(reader, "a bridge is there twice");
	bridge = smd_node_make(top, "bridge", row->name);
	members = calloc(room + 1, sizeof(const struct row *));
	if (!bridge || !members)
		err = SMD_E_NO_MEMORY;
	for (struct walk walk = walk_begin(ports); !err && walk.item; walk_next(&walk)) {
		members[count] = find_row(&reader->rows[PORT], uuid_of(walk.item));
		if (!members[count++])
			err = broken(reader, "a bridge has a port that the table Port lacks");
	}
	if (!err)
		err = read_ports(reader, members, count, top, bridge);
	free(members);
	return err;
}

static int build(const struct reader *reader, struct smd_tree **out)
{
	const struct rows *bridges = &reader->rows[BRIDGE];
	struct smd_tree *tree;
	int err = smd_tree_new(&tree);

	if (err)
		return err;
	for (size_t i = 0; !err && i < bridges->count; i++)
		err = read_bridge(reader, &bridges->row[i], smd_tree_root(tree));
	if (err)
		smd_tree_free(tree);
	else
		*out = tree;
	return err;
}

int smd_ovs_parse(void *state, const struct smd_text *text, struct smd_tree **out,
		  struct smd_error *error)
{
	struct reader reader = {.error = error};
	char *bytes = smd_text_join(text);
	int err;

	(void)state;
	if (!bytes)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to parse");
	if (strlen(bytes) != smd_text_size(text))
		err = broken(&reader, "it has a NUL byte");
	else
		err = read_documents(&reader, bytes);
	if (!err)
		err = build(&reader, out);
	for (size_t i = 0; i < TABLES; i++) {
		cJSON_Delete(reader.json[i]);
		free(reader.rows[i].row);
	}
	free(bytes);
	return err == SMD_E_NO_MEMORY ? smd_fail(error, err, "no memory to parse") : err;
}
