/* SPDX-License-Identifier: Apache-2.0 */
#include "junos.h"

#include <stdlib.h>
#include <string.h>

struct junos_node *junos_node_new(const struct junos_schema *schema, enum junos_kind kind,
				  const char *text)
{
	struct junos_node *node = sim_alloc(1, sizeof(*node));

	node->schema = schema;
	node->kind = kind;
	node->text = text ? sim_copy(text) : NULL;
	return node;
}

void junos_node_free(struct junos_node *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->count; i++)
		junos_node_free(node->children[i]);
	free(node->children);
	free(node->text);
	free(node);
}

/* Puts a child at an index. */
static void put(struct junos_node *parent, struct junos_node *child, size_t at)
{
	parent->children = sim_grow(parent->children, parent->count + 1, sizeof(*parent->children));
	memmove(parent->children + at + 1, parent->children + at,
		(parent->count - at) * sizeof(*parent->children));
	parent->children[at] = child;
	parent->count++;
	child->parent = parent;
}

struct junos_node *junos_node_copy(const struct junos_node *node)
{
	struct junos_node *copy = junos_node_new(node->schema, node->kind, node->text);

	copy->inactive = node->inactive;
	for (size_t i = 0; i < node->count; i++)
		put(copy, junos_node_copy(node->children[i]), copy->count);
	return copy;
}

static size_t position(const struct junos_node *node)
{
	return node->schema ? node->schema->position : SIZE_MAX;
}

/* Whether `old` stands before `new` in the device's order. */
static bool stands_before(const struct junos_node *old, const struct junos_node *new)
{
	if (position(old) != position(new))
		return position(old) < position(new);
	if (!new->schema || !new->text || !old->text ||
	    new->schema->flags &(JUNOS_ORDERED | JUNOS_AS_ENTERED))
		return true;
	return sim_compare(old->text, new->text) <= 0;
}

void junos_node_add(struct junos_node *parent, struct junos_node *child)
{
	size_t at = parent->count;

	while (at && !stands_before(parent->children[at - 1], child))
		at--;
	put(parent, child, at);
}

static size_t take_out(struct junos_node *node)
{
	struct junos_node *parent = node->parent;
	size_t at = 0;

	while (parent->children[at] != node)
		at++;
	parent->count--;
	memmove(parent->children + at, parent->children + at + 1,
		(parent->count - at) * sizeof(*parent->children));
	return at;
}

void junos_node_remove(struct junos_node *node)
{
	take_out(node);
	junos_node_free(node);
}

void junos_node_prune(struct junos_node *node)
{
	while (node->parent) {
		struct junos_node *parent = node->parent;

		junos_node_remove(node);
		if (parent->count ||
		    (parent->kind != JUNOS_CONTAINER && parent->kind != JUNOS_MEMBERS))
			return;
		node = parent;
	}
}

void junos_node_move(struct junos_node *node, struct junos_node *sibling, bool before)
{
	struct junos_node *parent = node->parent;
	size_t at = 0;

	take_out(node);
	while (parent->children[at] != sibling)
		at++;
	put(parent, node, at + !before);
}

struct junos_node *junos_node_find(const struct junos_node *parent,
				   const struct junos_schema *schema, const char *text)
{
	for (size_t i = 0; i < parent->count; i++) {
		struct junos_node *child = parent->children[i];

		if (child->schema == schema &&
		    (!text || (child->text && !strcmp(child->text, text))))
			return child;
	}
	return NULL;
}
