/* SPDX-License-Identifier: Apache-2.0 */
/* The structures of trees and nodes, for core alone. */
#ifndef SMD_TREE_NODE_H
#define SMD_TREE_NODE_H

#include <smartdeploy/tree.h>

#include "core/base/span.h"
#include "core/tree/arena.h"

/* Bounds that make recursion and arrays on the stack safe; beyond them SMD_E_INVALID. */
#define SMD_TREE_DEPTH 1024
#define SMD_NODE_KEYS 255

/* A set node's numbers. All of a tree are chained, because their ranges lie on the heap. */
struct smd_numbers {
	struct smd_set set;
	struct smd_numbers *next;
};

struct smd_children {
	struct smd_node *first, *last;
	struct smd_node **index; /* open hash table by identity, on the heap; NULL: too few */
	struct smd_children *next_indexed;
	uint32_t slots; /* of the index: a power of two, or 0 */
	uint32_t count;
	uint32_t ordered; /* how many of them are ordered */
};

struct smd_node {
	struct smd_tree *tree;
	struct smd_node *parent, *prev, *next;
	const struct smd_string *name;
	union {
		const struct smd_string *key; /* the only one */
		const struct smd_string **keys;
	};
	union {
		const struct smd_string *value; /* leaf, block */
		struct smd_numbers *numbers;    /* set */
		struct smd_children *children;  /* section, entry; NULL: never had any */
	};
	uint32_t hash; /* of name and keys (smd_spelling_hash), the same in every tree */
	uint32_t line;
	uint16_t depth;
	uint8_t kind;
	uint8_t ordered;
	uint8_t key_count;
	uint8_t flags; /* enum smd_node_flag */
};

_Static_assert(sizeof(struct smd_node) <= 80, "a tree may have a hundred thousand of them");

struct smd_tree {
	struct smd_arena arena;
	struct smd_strings strings;
	struct smd_node *root;
	struct smd_numbers *numbers;
	struct smd_children *indexed; /* all that ever had an index */
};

static inline int smd_node_holds(const struct smd_node *node)
{
	return node->kind == SMD_SECTION || node->kind == SMD_ENTRY;
}

static inline int smd_node_valued(const struct smd_node *node)
{
	return node->kind == SMD_LEAF || node->kind == SMD_BLOCK;
}

static inline const struct smd_children *smd_node_children(const struct smd_node *node)
{
	return smd_node_holds(node) ? node->children : NULL;
}

static inline const struct smd_string *smd_node_key_string(const struct smd_node *node, size_t i)
{
	return node->key_count == 1 ? node->key : node->keys[i];
}

/* A node to be added, as spans of a text; as smd_node_spec. */
struct smd_parts {
	enum smd_kind kind;
	int ordered;
	unsigned flags;
	uint32_t line;
	struct smd_span name;
	const struct smd_span *keys;
	size_t key_count;
	struct smd_span value;
};

/* As smd_node_add. */
int smd_parts_add(struct smd_node *parent, const struct smd_parts *parts, struct smd_node **out);
/* The child with the identity of the parts, or NULL. */
const struct smd_node *smd_parts_find(const struct smd_node *parent, const struct smd_parts *parts);
const struct smd_node *smd_parts_find_hashed(const struct smd_node *parent,
					     const struct smd_parts *parts, uint32_t hash);

static inline struct smd_span smd_string_span(const struct smd_string *string)
{
	return (struct smd_span){string->bytes, string->length};
}

/*
 * Names, keys and values are the same if they are but for the spelling of addresses (spelling.h);
 * values that are FREE_TEXT, as they are. smd_node_same_text: whether two valued nodes have the
 * same value; smd_node_same_value: or one of them is MASKED.
 */
int smd_node_same_text(const struct smd_node *a, const struct smd_node *b);
int smd_node_same_value(const struct smd_node *a, const struct smd_node *b);
int smd_string_equal(const struct smd_string *a, const struct smd_string *b);
/* Same name and keys. */
int smd_node_same(const struct smd_node *a, const struct smd_node *b);

/* Iterates over the children whose identity has this hash. */
struct smd_probe {
	const struct smd_node *parent;
	const struct smd_node *scan;
	uint32_t hash;
	uint32_t slot;
};

void smd_probe_init(struct smd_probe *probe, const struct smd_node *parent, uint32_t hash);
const struct smd_node *smd_probe_next(struct smd_probe *probe);

/* Link as the last child; the identity must be new. SMD_E_NO_MEMORY leaves all as it was. */
int smd_children_append(struct smd_node *parent, struct smd_node *node);
void smd_children_unlink(struct smd_node *node);
/* Put a linked node behind `after`, or first. */
void smd_children_place(struct smd_node *node, struct smd_node *after);

/* The child with these name and keys, or NULL. */
const struct smd_node *smd_node_lookup(const struct smd_node *parent, const char *name,
				       const char *const *keys, size_t key_count);
/*
 * As smd_node_match, in constant time without a look-up when siblings come in
 * the same order on both sides: `*cursor` begins as NULL and is kept between calls.
 */
const struct smd_node *smd_node_match_near(const struct smd_node *parent,
					   const struct smd_node *like,
					   const struct smd_node **cursor);

#endif
