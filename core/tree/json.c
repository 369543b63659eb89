/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/json.h"

#include <string.h>

#include "core/base/json.h"
#include "core/tree/node.h"
#include "core/tree/own.h"

static const char *const kind_names[] = {
	[SMD_SECTION] = "section", [SMD_ENTRY] = "entry", [SMD_LEAF] = "leaf",
	[SMD_MEMBER] = "member",   [SMD_SET] = "set",     [SMD_BLOCK] = "block",
};

static cJSON *string_new(const struct smd_string *string)
{
	return smd_json_bytes(string->bytes, string->length);
}

/* Consumes the item, also when it fails; `item` NULL: SMD_E_NO_MEMORY. */
static int put_take(cJSON *object, const char *name, cJSON *item)
{
	if (item && cJSON_AddItemToObject(object, name, item))
		return 0;
	cJSON_Delete(item);
	return SMD_E_NO_MEMORY;
}

static int push_take(cJSON *array, cJSON *item)
{
	if (item && cJSON_AddItemToArray(array, item))
		return 0;
	cJSON_Delete(item);
	return SMD_E_NO_MEMORY;
}

static int put_keys(cJSON *object, const struct smd_node *node)
{
	cJSON *keys;
	int err = 0;

	if (!node->key_count)
		return 0;
	keys = cJSON_AddArrayToObject(object, "keys");
	if (!keys)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < node->key_count && !err; i++)
		err = push_take(keys, string_new(smd_node_key_string(node, i)));
	return err;
}

static int put_set(cJSON *object, const struct smd_set *set)
{
	size_t size = smd_set_format(set, NULL, 0) + 1;
	smd_cleanup(free) char *text = malloc(size);

	if (!text)
		return SMD_E_NO_MEMORY;
	smd_set_format(set, text, size);
	return put_take(object, "s", cJSON_CreateString(text));
}

static int put_children(cJSON *array, const struct smd_node *node);

static int put_node(cJSON *object, const struct smd_node *node)
{
	int err = put_take(object, "k", cJSON_CreateString(kind_names[node->kind]));

	if (!err)
		err = put_take(object, "n", string_new(node->name));
	if (!err)
		err = put_keys(object, node);
	if (!err && smd_node_valued(node))
		err = put_take(object, "v", string_new(node->value));
	if (!err && node->kind == SMD_SET)
		err = put_set(object, &node->numbers->set);
	if (!err && node->ordered)
		err = put_take(object, "o", cJSON_CreateTrue());
	if (!err && node->line)
		err = put_take(object, "l", cJSON_CreateNumber(node->line));
	if (!err && node->flags)
		err = put_take(object, "f", cJSON_CreateNumber(node->flags));
	if (!err && smd_node_first(node)) {
		cJSON *children = cJSON_AddArrayToObject(object, "c");

		err = children ? put_children(children, node) : SMD_E_NO_MEMORY;
	}
	return err;
}

static int put_children(cJSON *array, const struct smd_node *node)
{
	int err = node->depth < SMD_TREE_JSON_DEPTH ? 0 : SMD_E_INVALID;

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next) {
		cJSON *object = cJSON_CreateObject();

		err = push_take(array, object);
		if (!err)
			err = put_node(object, child);
	}
	return err;
}

int smd_tree_to_json(const struct smd_tree *tree, cJSON **out)
{
	smd_cleanup(cJSON_Delete) cJSON *array = cJSON_CreateArray();
	int err = array ? put_children(array, tree->root) : SMD_E_NO_MEMORY;

	if (!err)
		*out = smd_take(array);
	return err;
}

/* The node being read, with strings decoded for it (`words`, owned). Reused for each node. */
struct reading {
	struct smd_node_spec spec;
	const char *keys[SMD_NODE_KEYS];
	char *words[SMD_NODE_KEYS + 2];
	size_t word_count;
	const char *numbers;
	const cJSON *children;
};

static void reading_reset(struct reading *reading)
{
	while (reading->word_count)
		free(reading->words[--reading->word_count]);
	reading->spec = (struct smd_node_spec){0};
	reading->numbers = NULL;
	reading->children = NULL;
}

static void reading_free(struct reading *reading)
{
	reading_reset(reading);
	free(reading);
}

SMD_CLEANUP_DEFINE(struct reading *, reading_free);

static int json_error(struct smd_error *error, const char *what)
{
	return smd_fail(error, SMD_E_INVALID, "a stored tree has a node with a bad \"%s\"", what);
}

/* Read a string or {"hex": ...}. `*out` is borrowed from the item or from `words`. */
static int read_string(struct reading *reading, const cJSON *item, const char **out, size_t *size)
{
	char *word = NULL;
	int err;

	*out = cJSON_GetStringValue(item);
	if (*out) {
		*size = strlen(*out);
		return 0;
	}
	err = smd_json_read_bytes(item, &word, size);
	if (!err)
		*out = reading->words[reading->word_count++] = word;
	return err;
}

static int read_name(struct reading *reading, const cJSON *item, const char **out)
{
	size_t size;
	int err = read_string(reading, item, out, &size);

	return !err && strlen(*out) != size ? SMD_E_INVALID : err;
}

static int read_kind(struct reading *reading, const cJSON *item)
{
	const char *name = cJSON_GetStringValue(item);

	for (size_t kind = SMD_SECTION; name && kind < SMD_COUNT(kind_names); kind++)
		if (!strcmp(name, kind_names[kind])) {
			reading->spec.kind = (enum smd_kind)kind;
			return 0;
		}
	return SMD_E_INVALID;
}

static int read_keys(struct reading *reading, const cJSON *item)
{
	const cJSON *key;
	int err = 0;

	if (!cJSON_IsArray(item))
		return SMD_E_INVALID;
	cJSON_ArrayForEach (key, item) {
		if (reading->spec.key_count == SMD_NODE_KEYS)
			return SMD_E_INVALID;
		err = read_name(reading, key, &reading->keys[reading->spec.key_count++]);
		if (err)
			return err;
	}
	reading->spec.keys = reading->keys;
	return 0;
}

static int read_line(struct reading *reading, const cJSON *item)
{
	double line = cJSON_IsNumber(item) ? item->valuedouble : -1;

	if (!(line >= 1 && line <= UINT32_MAX) || line != (uint32_t)line)
		return SMD_E_INVALID;
	reading->spec.line = (uint32_t)line;
	return 0;
}

static int read_flags(struct reading *reading, const cJSON *item)
{
	double flags = cJSON_IsNumber(item) ? item->valuedouble : -1;

	if (!(flags >= 0 && flags <= UINT8_MAX) || flags != (uint8_t)flags)
		return SMD_E_INVALID;
	reading->spec.flags = (uint8_t)flags;
	return 0;
}

static int read_field(struct reading *reading, const cJSON *item)
{
	const char *name = item->string ? item->string : "";
	struct smd_node_spec *spec = &reading->spec;

	if (!strcmp(name, "k"))
		return read_kind(reading, item);
	if (!strcmp(name, "n"))
		return spec->name ? SMD_E_INVALID : read_name(reading, item, &spec->name);
	if (!strcmp(name, "keys"))
		return spec->keys ? SMD_E_INVALID : read_keys(reading, item);
	if (!strcmp(name, "v"))
		return spec->value ? SMD_E_INVALID
				   : read_string(reading, item, &spec->value, &spec->value_size);
	if (!strcmp(name, "l"))
		return read_line(reading, item);
	if (!strcmp(name, "f"))
		return read_flags(reading, item);
	if (!strcmp(name, "o"))
		return cJSON_IsBool(item) ? (spec->ordered = cJSON_IsTrue(item), 0) : SMD_E_INVALID;
	if (!strcmp(name, "s"))
		return (reading->numbers = cJSON_GetStringValue(item)) ? 0 : SMD_E_INVALID;
	if (!strcmp(name, "c"))
		return cJSON_IsArray(reading->children = item) ? 0 : SMD_E_INVALID;
	return SMD_E_INVALID;
}

static int read_fields(struct reading *reading, const cJSON *json, struct smd_error *error)
{
	const cJSON *item;

	if (!cJSON_IsObject(json))
		return smd_fail(error, SMD_E_INVALID, "a stored tree has a node that is no object");
	cJSON_ArrayForEach (item, json) {
		int err = read_field(reading, item);

		if (err == SMD_E_INVALID)
			return json_error(error, item->string ? item->string : "");
		if (err)
			return smd_fail(error, err, "no memory to read a stored tree");
	}
	if (!reading->spec.kind)
		return json_error(error, "k");
	return reading->spec.name ? 0 : json_error(error, "n");
}

/* Add what was read, without its children. */
static int add_node(struct smd_node *parent, const struct reading *reading, struct smd_node **out,
		    struct smd_error *error)
{
	const char *name = reading->spec.name;
	int err;

	if (!reading->numbers != (reading->spec.kind != SMD_SET))
		return json_error(error, "s");
	err = smd_node_add(parent, &reading->spec, out);
	if (err == SMD_E_EXISTS)
		return smd_fail(error, SMD_E_INVALID, "a stored tree has \"%s\" twice", name);
	if (err)
		return smd_fail(error, err, "a stored tree has a node \"%s\" that cannot be", name);
	if (reading->children && !smd_node_holds(*out))
		return json_error(error, "c");
	if (!reading->numbers)
		return 0;
	return smd_set_parse(&(*out)->numbers->set, reading->numbers, strlen(reading->numbers),
			     error);
}

static int read_node(struct reading *reading, struct smd_node *parent, const cJSON *json,
		     struct smd_error *error)
{
	char path[SMD_ERROR_WHERE];
	struct smd_node *node;
	const cJSON *children, *child;
	int err;

	reading_reset(reading);
	err = read_fields(reading, json, error);
	if (!err)
		err = add_node(parent, reading, &node, error);
	if (err) {
		smd_node_path(parent, path, sizeof(path));
		smd_error_where(error, "%s", path);
		return err;
	}
	children = reading->children;
	cJSON_ArrayForEach (child, children) {
		err = read_node(reading, node, child, error);
		if (err)
			return err;
	}
	return 0;
}

int smd_tree_from_json(const cJSON *json, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(reading_free) struct reading *reading = calloc(1, sizeof(*reading));
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	const cJSON *child;

	if (!reading || smd_tree_new(&tree))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to read a stored tree");
	if (!cJSON_IsArray(json))
		return smd_fail(error, SMD_E_INVALID, "a stored tree is no array");
	cJSON_ArrayForEach (child, json) {
		int err = read_node(reading, tree->root, child, error);

		if (err)
			return err;
	}
	*out = smd_take(tree);
	return 0;
}
