/* SPDX-License-Identifier: Apache-2.0 */
/* Trees and nodes: making, changing, copying. Reading is in node.c. */
#include <smartdeploy/tree.h>

#include <stdlib.h>
#include <string.h>

#include "core/tree/node.h"
#include "core/tree/own.h"
#include "core/tree/spelling.h"

static const struct smd_string *intern_string(struct smd_tree *tree, const char *bytes,
					      size_t length)
{
	return smd_strings_intern(&tree->strings, &tree->arena, bytes, length,
				  smd_spelling_hash((struct smd_span){bytes, length}));
}

static const struct smd_string *value_new(struct smd_tree *tree, const char *bytes, size_t length)
{
	return smd_string_new(&tree->arena, bytes, length,
			      smd_spelling_hash((struct smd_span){bytes, length}));
}

static const struct smd_string *copy_string(struct smd_tree *tree, const struct smd_string *from)
{
	return smd_string_new(&tree->arena, from->bytes, from->length, from->hash);
}

static struct smd_node *node_new(struct smd_tree *tree, enum smd_kind kind)
{
	struct smd_node *node = smd_arena_take(&tree->arena, sizeof(*node));

	if (!node)
		return NULL;
	*node = (struct smd_node){.tree = tree, .kind = (uint8_t)kind};
	return node;
}

int smd_tree_new(struct smd_tree **out)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return SMD_E_NO_MEMORY;
	tree->root = node_new(tree, SMD_SECTION);
	if (!tree->root)
		return SMD_E_NO_MEMORY;
	tree->root->name = intern_string(tree, "", 0);
	if (!tree->root->name)
		return SMD_E_NO_MEMORY;
	*out = smd_take(tree);
	return 0;
}

void smd_tree_free(struct smd_tree *tree)
{
	if (!tree)
		return;
	for (struct smd_numbers *numbers = tree->numbers; numbers; numbers = numbers->next)
		smd_set_done(&numbers->set);
	for (struct smd_children *many = tree->indexed; many; many = many->next_indexed)
		free(many->index);
	smd_strings_done(&tree->strings);
	smd_arena_done(&tree->arena);
	free(tree);
}

struct smd_node *smd_tree_root(struct smd_tree *tree)
{
	return tree->root;
}

const struct smd_node *smd_tree_top(const struct smd_tree *tree)
{
	return tree->root;
}

static int set_value(struct smd_node *node, const char *value, size_t size)
{
	const struct smd_string *string;

	if (!value)
		value = "";
	string = value_new(node->tree, value, size ? size : strlen(value));
	if (!string)
		return SMD_E_NO_MEMORY;
	node->value = string;
	return 0;
}

static int give_numbers(struct smd_node *node)
{
	struct smd_numbers *numbers = smd_arena_take(&node->tree->arena, sizeof(*numbers));

	if (!numbers)
		return SMD_E_NO_MEMORY;
	numbers->set = (struct smd_set){0};
	numbers->next = node->tree->numbers;
	node->tree->numbers = numbers;
	node->numbers = numbers;
	return 0;
}

/* Whether the parts make a node of their kind, and `parent` may have it as a child. */
static int parts_fit(const struct smd_node *parent, const struct smd_parts *parts)
{
	int keyed = parts->kind == SMD_ENTRY || parts->kind == SMD_MEMBER;

	return smd_node_holds(parent) && parent->depth < SMD_TREE_DEPTH &&
	       parts->kind >= SMD_SECTION && parts->kind <= SMD_BLOCK && parts->name.length &&
	       parts->key_count <= (keyed ? SMD_NODE_KEYS : 0);
}

/* `hashes`: those of the keys, then that of the name. */
static int set_identity(struct smd_node *node, const struct smd_parts *parts,
			const uint32_t *hashes)
{
	struct smd_tree *tree = node->tree;
	size_t count = parts->key_count;

	node->key_count = (uint8_t)count;
	node->name = smd_strings_intern(&tree->strings, &tree->arena, parts->name.at,
					parts->name.length, hashes[count]);
	if (count > 1)
		node->keys = smd_arena_take(&tree->arena, count * sizeof(*node->keys));
	if (!node->name || (count > 1 && !node->keys))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const struct smd_string **key = count == 1 ? &node->key : &node->keys[i];

		*key = smd_string_new(&tree->arena, parts->keys[i].at, parts->keys[i].length,
				      hashes[i]);
		if (!*key)
			return SMD_E_NO_MEMORY;
	}
	return 0;
}

static int node_fill(struct smd_node *node, const struct smd_parts *parts, const uint32_t *hashes)
{
	int err = set_identity(node, parts, hashes);

	node->ordered = parts->ordered != 0;
	node->flags = (uint8_t)parts->flags;
	node->line = parts->line;
	if (!err && smd_node_valued(node)) {
		node->value = value_new(node->tree, parts->value.at ? parts->value.at : "",
					parts->value.length);
		err = node->value ? 0 : SMD_E_NO_MEMORY;
	} else if (!err && node->kind == SMD_SET) {
		err = give_numbers(node);
	}
	return err;
}

static uint32_t hash_parts(const struct smd_parts *parts, uint32_t *hashes)
{
	size_t count = parts->key_count;
	uint32_t hash = hashes[count] = smd_spelling_hash(parts->name);

	for (size_t i = 0; i < count; i++) {
		hashes[i] = smd_spelling_hash(parts->keys[i]);
		hash = smd_hash_join(hash, hashes[i]);
	}
	return hash;
}

int smd_parts_add(struct smd_node *parent, const struct smd_parts *parts, struct smd_node **out)
{
	uint32_t hashes[SMD_NODE_KEYS + 1], hash;
	const struct smd_node *there;
	struct smd_node *node;
	int err;

	if (!parts_fit(parent, parts))
		return SMD_E_INVALID;
	hash = hash_parts(parts, hashes);
	there = smd_parts_find_hashed(parent, parts, hash);
	if (there) {
		if (out)
			*out = smd_node_edit(parent->tree, there);
		return SMD_E_EXISTS;
	}
	node = node_new(parent->tree, parts->kind);
	if (!node)
		return SMD_E_NO_MEMORY;
	node->hash = hash;
	node->depth = (uint16_t)(parent->depth + 1);
	err = node_fill(node, parts, hashes);
	if (!err)
		err = smd_children_append(parent, node);
	if (!err && out)
		*out = node;
	return err;
}

int smd_node_add(struct smd_node *parent, const struct smd_node_spec *spec, struct smd_node **out)
{
	struct smd_span keys[SMD_NODE_KEYS];
	struct smd_parts parts = {.kind = spec->kind,
				  .ordered = spec->ordered,
				  .flags = spec->flags,
				  .line = spec->line,
				  .keys = keys,
				  .key_count = spec->key_count};
	int valued = spec->kind == SMD_LEAF || spec->kind == SMD_BLOCK;

	if (!spec->name || spec->key_count > SMD_NODE_KEYS || (spec->value && !valued))
		return SMD_E_INVALID;
	parts.name = smd_span_of(spec->name);
	for (size_t i = 0; i < spec->key_count; i++)
		keys[i] = smd_span_of(spec->keys[i]);
	if (spec->value)
		parts.value = (struct smd_span){
			spec->value, spec->value_size ? spec->value_size : strlen(spec->value)};
	return smd_parts_add(parent, &parts, out);
}

/* Find or add; SMD_E_INVALID when what is there is of another kind. */
static int find_or_add(struct smd_node *parent, enum smd_kind kind, const char *name,
		       const char *key, struct smd_node **out)
{
	struct smd_node_spec spec = {
		.kind = kind, .name = name, .keys = &key, .key_count = key != NULL};
	int err = smd_node_add(parent, &spec, out);

	if (err != SMD_E_EXISTS)
		return err;
	return (*out)->kind == kind ? 0 : SMD_E_INVALID;
}

struct smd_node *smd_node_make(struct smd_node *parent, const char *name, const char *key)
{
	struct smd_node *node;

	return find_or_add(parent, key ? SMD_ENTRY : SMD_SECTION, name, key, &node) ? NULL : node;
}

int smd_node_put_leaf(struct smd_node *parent, const char *name, const char *value)
{
	struct smd_node *node;
	int err = find_or_add(parent, SMD_LEAF, name, NULL, &node);

	return err ? err : set_value(node, value, 0);
}

int smd_node_put_member(struct smd_node *parent, const char *name, const char *key)
{
	struct smd_node *node;

	return find_or_add(parent, SMD_MEMBER, name, key, &node);
}

int smd_node_put_numbers(struct smd_node *parent, const char *name, uint32_t first, uint32_t last)
{
	struct smd_node *node;
	int err = find_or_add(parent, SMD_SET, name, NULL, &node);

	return err ? err : smd_set_add(&node->numbers->set, first, last);
}

int smd_node_take_numbers(struct smd_node *parent, const char *name, uint32_t first, uint32_t last)
{
	const struct smd_node *node = smd_node_find(parent, name, NULL);

	if (!node)
		return 0;
	if (node->kind != SMD_SET)
		return SMD_E_INVALID;
	return smd_set_remove(&node->numbers->set, first, last);
}

int smd_node_set_value(struct smd_node *node, const char *value, size_t size)
{
	return smd_node_valued(node) ? set_value(node, value, size) : SMD_E_INVALID;
}

struct smd_set *smd_node_numbers(struct smd_node *node)
{
	return node->kind == SMD_SET ? &node->numbers->set : NULL;
}

void smd_node_remove(struct smd_node *node)
{
	if (node->parent)
		smd_children_unlink(node);
}

void smd_node_move(struct smd_node *node, struct smd_node *after)
{
	if (!node->parent || node == after || (after && after->parent != node->parent))
		return;
	smd_children_place(node, after);
}

static int copy_keys(struct smd_node *node, const struct smd_node *from)
{
	node->key_count = from->key_count;
	if (from->key_count > 1) {
		node->keys =
			smd_arena_take(&node->tree->arena, from->key_count * sizeof(*node->keys));
		if (!node->keys)
			return SMD_E_NO_MEMORY;
	}
	for (size_t i = 0; i < from->key_count; i++) {
		const struct smd_string **key = from->key_count == 1 ? &node->key : &node->keys[i];

		*key = copy_string(node->tree, smd_node_key_string(from, i));
		if (!*key)
			return SMD_E_NO_MEMORY;
	}
	return 0;
}

static int copy_content(struct smd_node *node, const struct smd_node *from)
{
	int err;

	node->name = smd_strings_intern(&node->tree->strings, &node->tree->arena, from->name->bytes,
					from->name->length, from->name->hash);
	if (!node->name)
		return SMD_E_NO_MEMORY;
	node->hash = from->hash;
	node->line = from->line;
	node->ordered = from->ordered;
	node->flags = from->flags;
	err = copy_keys(node, from);
	if (!err && smd_node_valued(from)) {
		node->value = copy_string(node->tree, from->value);
		err = node->value ? 0 : SMD_E_NO_MEMORY;
	} else if (!err && from->kind == SMD_SET) {
		err = give_numbers(node);
		if (!err)
			err = smd_set_copy(&node->numbers->set, &from->numbers->set);
	}
	return err;
}

static int copy_below(struct smd_node *parent, const struct smd_node *from);

/* Copy `from`, whose identity is new below `parent`. */
static int copy_node(struct smd_node *parent, const struct smd_node *from, struct smd_node **out)
{
	struct smd_node *node;
	int err;

	if (parent->depth >= SMD_TREE_DEPTH)
		return SMD_E_INVALID;
	node = node_new(parent->tree, from->kind);
	if (!node)
		return SMD_E_NO_MEMORY;
	node->depth = (uint16_t)(parent->depth + 1);
	err = copy_content(node, from);
	if (!err)
		err = smd_children_append(parent, node);
	if (err)
		return err;
	err = copy_below(node, from);
	if (err)
		smd_children_unlink(node);
	else if (out)
		*out = node;
	return err;
}

static int copy_below(struct smd_node *parent, const struct smd_node *from)
{
	int err = 0;

	for (const struct smd_node *child = smd_node_first(from); child && !err;
	     child = child->next)
		err = copy_node(parent, child, NULL);
	return err;
}

int smd_tree_copy(struct smd_tree **out, const struct smd_tree *from)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	int err = smd_tree_new(&tree);

	if (!err)
		err = copy_below(tree->root, from->root);
	if (!err)
		*out = smd_take(tree);
	return err;
}

static int is_within(const struct smd_node *node, const struct smd_node *above)
{
	while (node && node != above)
		node = node->parent;
	return node != NULL;
}

int smd_node_graft(struct smd_node *parent, const struct smd_node *from, struct smd_node **out)
{
	const struct smd_node *there;

	if (!smd_node_holds(parent) || !from->depth || is_within(parent, from))
		return SMD_E_INVALID;
	there = smd_node_match(parent, from);
	if (there) {
		if (out)
			*out = smd_node_edit(parent->tree, there);
		return SMD_E_EXISTS;
	}
	return copy_node(parent, from, out);
}
