/* SPDX-License-Identifier: Apache-2.0 */
/* Reading nodes: what they are, what they contain, whether they are equal. */
#include "core/tree/node.h"
#include "core/tree/spelling.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/tree/order.h"

enum smd_kind smd_node_kind(const struct smd_node *node)
{
	return (enum smd_kind)node->kind;
}

const char *smd_node_name(const struct smd_node *node)
{
	return node->name->bytes;
}

size_t smd_node_key_count(const struct smd_node *node)
{
	return node->key_count;
}

const char *smd_node_key(const struct smd_node *node, size_t index)
{
	return index < node->key_count ? smd_node_key_string(node, index)->bytes : NULL;
}

const char *smd_node_value(const struct smd_node *node, size_t *size)
{
	if (!smd_node_valued(node))
		return NULL;
	if (size)
		*size = node->value->length;
	return node->value->bytes;
}

const struct smd_set *smd_node_set(const struct smd_node *node)
{
	return node->kind == SMD_SET ? &node->numbers->set : NULL;
}

int smd_node_ordered(const struct smd_node *node)
{
	return node->ordered;
}

uint32_t smd_node_line(const struct smd_node *node)
{
	return node->line;
}

uint32_t smd_node_flags(const struct smd_node *node)
{
	return node->flags;
}

const struct smd_node *smd_node_parent(const struct smd_node *node)
{
	return node->parent;
}

const struct smd_node *smd_node_first(const struct smd_node *node)
{
	const struct smd_children *children = smd_node_children(node);

	return children ? children->first : NULL;
}

const struct smd_node *smd_node_next(const struct smd_node *node)
{
	return node->next;
}

struct smd_node *smd_node_edit(struct smd_tree *tree, const struct smd_node *node)
{
	return node && node->tree == tree ? (struct smd_node *)node : NULL;
}

int smd_string_equal(const struct smd_string *a, const struct smd_string *b)
{
	return a == b ||
	       (a->hash == b->hash && smd_spelling_same(smd_string_span(a), smd_string_span(b)));
}

int smd_node_same_text(const struct smd_node *a, const struct smd_node *b)
{
	return (a->flags | b->flags) & SMD_NODE_FREE_TEXT
		       ? smd_span_same(smd_string_span(a->value), smd_string_span(b->value))
		       : smd_string_equal(a->value, b->value);
}

int smd_node_same_value(const struct smd_node *a, const struct smd_node *b)
{
	return ((a->flags | b->flags) & SMD_NODE_MASKED) || smd_node_same_text(a, b);
}

int smd_node_same(const struct smd_node *a, const struct smd_node *b)
{
	if (a->hash != b->hash || a->key_count != b->key_count ||
	    !smd_string_equal(a->name, b->name))
		return 0;
	for (size_t i = 0; i < a->key_count; i++)
		if (!smd_string_equal(smd_node_key_string(a, i), smd_node_key_string(b, i)))
			return 0;
	return 1;
}

static int is_string(const struct smd_string *string, struct smd_span span)
{
	return smd_spelling_same(smd_string_span(string), span);
}

static int is_called(const struct smd_node *node, const struct smd_parts *parts)
{
	if (node->key_count != parts->key_count || !is_string(node->name, parts->name))
		return 0;
	for (size_t i = 0; i < parts->key_count; i++)
		if (!is_string(smd_node_key_string(node, i), parts->keys[i]))
			return 0;
	return 1;
}

const struct smd_node *smd_parts_find_hashed(const struct smd_node *parent,
					     const struct smd_parts *parts, uint32_t hash)
{
	const struct smd_node *node;
	struct smd_probe probe;

	smd_probe_init(&probe, parent, hash);
	while ((node = smd_probe_next(&probe)))
		if (is_called(node, parts))
			break;
	return node;
}

const struct smd_node *smd_parts_find(const struct smd_node *parent, const struct smd_parts *parts)
{
	uint32_t hash = smd_spelling_hash(parts->name);

	for (size_t i = 0; i < parts->key_count; i++)
		hash = smd_hash_join(hash, smd_spelling_hash(parts->keys[i]));
	return smd_parts_find_hashed(parent, parts, hash);
}

const struct smd_node *smd_node_lookup(const struct smd_node *parent, const char *name,
				       const char *const *keys, size_t key_count)
{
	struct smd_span spans[SMD_NODE_KEYS];
	const struct smd_parts parts = {
		.name = smd_span_of(name), .keys = spans, .key_count = key_count};

	if (key_count > SMD_NODE_KEYS)
		return NULL;
	for (size_t i = 0; i < key_count; i++)
		spans[i] = smd_span_of(keys[i]);
	return smd_parts_find(parent, &parts);
}

const struct smd_node *smd_node_find(const struct smd_node *parent, const char *name,
				     const char *key)
{
	return smd_node_lookup(parent, name, &key, key != NULL);
}

const struct smd_node *smd_node_match(const struct smd_node *parent, const struct smd_node *like)
{
	const struct smd_node *node;
	struct smd_probe probe;

	smd_probe_init(&probe, parent, like->hash);
	while ((node = smd_probe_next(&probe)))
		if (smd_node_same(node, like))
			break;
	return node;
}

const struct smd_node *smd_node_match_near(const struct smd_node *parent,
					   const struct smd_node *like,
					   const struct smd_node **cursor)
{
	const struct smd_node *node = *cursor ? (*cursor)->next : smd_node_first(parent);

	if (!node || !smd_node_same(node, like))
		node = smd_node_match(parent, like);
	if (node)
		*cursor = node;
	return node;
}

const char *smd_node_leaf(const struct smd_node *parent, const char *name)
{
	const struct smd_node *node = smd_node_find(parent, name, NULL);

	return node && node->kind == SMD_LEAF ? node->value->bytes : NULL;
}

/* Whether the ordered children are in the same order; each has its equal on the other side. */
static int same_order(const struct smd_node *a, const struct smd_node *b)
{
	smd_cleanup(free) struct smd_placed *left = NULL;
	smd_cleanup(free) struct smd_placed *right = NULL;
	size_t left_count, right_count;

	if (smd_order_collect(a, &left, &left_count) || smd_order_collect(b, &right, &right_count))
		return 0;
	if (left_count != right_count)
		return 0;
	for (size_t i = 0; i < left_count; i++)
		if (!smd_node_same(left[i].node, right[i].node))
			return 0;
	return 1;
}

static int equal_children(const struct smd_node *a, const struct smd_node *b)
{
	const struct smd_children *left = a->children, *right = b->children;
	const struct smd_node *cursor = NULL;
	size_t left_count = left ? left->count : 0, right_count = right ? right->count : 0;

	if (left_count != right_count)
		return 0;
	for (const struct smd_node *child = smd_node_first(a); child; child = child->next) {
		const struct smd_node *other = smd_node_match_near(b, child, &cursor);

		if (!other || !smd_node_equal(child, other))
			return 0;
	}
	return !left_count || !left->ordered || same_order(a, b);
}

int smd_node_equal(const struct smd_node *a, const struct smd_node *b)
{
	if (a == b)
		return 1;
	if (a->kind != b->kind || a->ordered != b->ordered || !smd_node_same(a, b))
		return 0;
	if (smd_node_valued(a))
		return smd_node_same_value(a, b);
	if (a->kind == SMD_SET)
		return smd_set_equal(&a->numbers->set, &b->numbers->set);
	return !smd_node_holds(a) || equal_children(a, b);
}
