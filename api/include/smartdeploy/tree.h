/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration tree of one device.
 *
 * CLI text, database rows and YANG data all become this tree, so that diff,
 * preview, ownership, journal and fingerprints are written once.
 *
 * A node has a kind, a name, and by its kind keys, a value or a set of numbers:
 *
 *   section  name                    a container: `system`
 *   entry    name key [key ...]      a container with keys: `interface eth0`
 *   leaf     name value              one value, a new one overwrites
 *   member   name key [key ...]      present or not: `ip route 10.0.0.0/8 Null0`
 *   set      name numbers            `trunks 10,20-29`
 *   block    name value              opaque text of any length: banner, certificate
 *
 * Identity among siblings is name and keys; two siblings never share it. The
 * order of siblings means nothing, except among siblings of one name that are
 * marked *ordered*: there their relative order is content.
 *
 * Paths. A node is addressed from the root by its steps, each `/name` followed
 * by `[key]` for each key: `/bridge[br0]/port[eth1]/tag`. A number in a set is
 * addressed as if it were a key: `/bridge[br0]/port[eth1]/trunks[100]`. In
 * names and keys the characters `/ [ ] \` are preceded by `\`, and a control
 * character or a byte that is not UTF-8 is written `\xHH`. The path of the root
 * is `/`. Every node has one path, and equal paths mean equal identity.
 *
 * Memory. Strings are interned in one arena a tree; all of it is freed at
 * once. Pointers to nodes and strings live as long as their tree; a removed
 * node's memory stays until then. A tree belongs to one thread at a time;
 * reading from several threads is fine while none writes.
 */
#ifndef SMARTDEPLOY_TREE_H
#define SMARTDEPLOY_TREE_H

#include <smartdeploy/set.h>
#include <smartdeploy/text.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_kind {
	SMD_SECTION = 1,
	SMD_ENTRY = 2,
	SMD_LEAF = 3,
	SMD_MEMBER = 4,
	SMD_SET = 5,
	SMD_BLOCK = 6
};

struct smd_tree;
struct smd_node;

SMD_EXPORT int smd_tree_new(struct smd_tree **out);
SMD_EXPORT void smd_tree_free(struct smd_tree *tree); /* NULL is fine */
SMD_EXPORT int smd_tree_copy(struct smd_tree **out, const struct smd_tree *from);
/* The root is a section with the empty name. */
SMD_EXPORT struct smd_node *smd_tree_root(struct smd_tree *tree);
SMD_EXPORT const struct smd_node *smd_tree_top(const struct smd_tree *tree);

/* Properties of a node; to be or-ed. */
enum smd_node_flag {
	SMD_NODE_MASKED = 1,    /* its value does not count: it never reads as it was entered */
	SMD_NODE_INLINE = 2,    /* printed on one line with its child; does not count */
	SMD_NODE_DUPLICATE = 4, /* the last key only tells it from siblings that read the same */
	SMD_NODE_INFIX = 8,     /* the value stands where its name has the word `*` */
	SMD_NODE_NAMELESS = 16, /* the name is no part of its text */
	SMD_NODE_FREE_TEXT = 32 /* addresses in its value count as they are spelled */
};

/* A node to be added; strings are copied. */
struct smd_node_spec {
	enum smd_kind kind;
	const char *name;
	const char *const *keys; /* entry, member */
	size_t key_count;
	const char *value;       /* leaf, block; any bytes */
	size_t value_size;       /* 0: up to the NUL */
	int ordered;             /* its order among siblings of the same name is content */
	uint32_t line;           /* of the text it comes from, from 1; 0: none */
	uint32_t flags;          /* enum smd_node_flag */
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Add a child at the end. A sibling of the same identity gives SMD_E_EXISTS
 * and `*out` (may be NULL) is that sibling. Sections and entries take
 * children, others give SMD_E_INVALID.
 */
SMD_EXPORT int smd_node_add(struct smd_node *parent, const struct smd_node_spec *spec,
			    struct smd_node **out);
/* Shortcuts for hand-written code, which find or add. `key` may be NULL for a section. */
SMD_EXPORT struct smd_node *smd_node_make(struct smd_node *parent, const char *name,
					  const char *key); /* section or entry; NULL: no memory */
SMD_EXPORT int smd_node_put_leaf(struct smd_node *parent, const char *name, const char *value);
SMD_EXPORT int smd_node_put_member(struct smd_node *parent, const char *name, const char *key);
SMD_EXPORT int smd_node_put_numbers(struct smd_node *parent, const char *name, uint32_t first,
				    uint32_t last);
SMD_EXPORT int smd_node_take_numbers(struct smd_node *parent, const char *name, uint32_t first,
				     uint32_t last); /* an emptied set stays */

SMD_EXPORT int smd_node_set_value(struct smd_node *node, const char *value, size_t size);
/* The numbers of a set node, to be changed in place with the functions of set.h. */
SMD_EXPORT struct smd_set *smd_node_numbers(struct smd_node *node);
/* Unlink the node and all below it. The root cannot be removed. */
SMD_EXPORT void smd_node_remove(struct smd_node *node);
/* Put the node right behind `after`, a sibling; NULL: first. */
SMD_EXPORT void smd_node_move(struct smd_node *node, struct smd_node *after);
/* Copy `from` (any tree) with all below it as a child of `parent`; SMD_E_EXISTS as above. */
SMD_EXPORT int smd_node_graft(struct smd_node *parent, const struct smd_node *from,
			      struct smd_node **out);

SMD_EXPORT enum smd_kind smd_node_kind(const struct smd_node *node);
SMD_EXPORT const char *smd_node_name(const struct smd_node *node);
SMD_EXPORT size_t smd_node_key_count(const struct smd_node *node);
SMD_EXPORT const char *smd_node_key(const struct smd_node *node, size_t index);   /* NULL beyond */
SMD_EXPORT const char *smd_node_value(const struct smd_node *node, size_t *size); /* NULL: none */
SMD_EXPORT const struct smd_set *smd_node_set(const struct smd_node *node); /* NULL: not a set */
SMD_EXPORT int smd_node_ordered(const struct smd_node *node);
SMD_EXPORT uint32_t smd_node_line(const struct smd_node *node);
SMD_EXPORT uint32_t smd_node_flags(const struct smd_node *node);
SMD_EXPORT const struct smd_node *smd_node_parent(const struct smd_node *node); /* root: NULL */
SMD_EXPORT const struct smd_node *smd_node_first(const struct smd_node *node);
SMD_EXPORT const struct smd_node *smd_node_next(const struct smd_node *node);
/* Amortised constant time. `key` NULL: a child without keys. */
SMD_EXPORT const struct smd_node *smd_node_find(const struct smd_node *parent, const char *name,
						const char *key);
/* The child of the same identity as `like`, which may live in another tree. */
SMD_EXPORT const struct smd_node *smd_node_match(const struct smd_node *parent,
						 const struct smd_node *like);
/* The same node, to be changed; NULL if it is not in `tree`. */
SMD_EXPORT struct smd_node *smd_node_edit(struct smd_tree *tree, const struct smd_node *node);

/* Value of the leaf `name`, or NULL. */
SMD_EXPORT const char *smd_node_leaf(const struct smd_node *parent, const char *name);

/* Write the canonical path and a NUL. Returns the length it needs, as snprintf does. */
SMD_EXPORT size_t smd_node_path(const struct smd_node *node, char *out, size_t size);
/*
 * Find by path. For a number in a set `*number` (may be NULL) is set and the
 * set's node returned, if it has the number. NULL: no such node; SMD_E_INVALID
 * in `error` tells a path that cannot be read from one that leads nowhere
 * (SMD_E_NOT_FOUND).
 */
SMD_EXPORT const struct smd_node *smd_tree_at(const struct smd_tree *tree, const char *path,
					      int64_t *number, struct smd_error *error);

/*
 * Whether the content is the same: kinds, names, keys, values, numbers, order where it counts. Line
 * numbers do not count, nor do values of which one is MASKED.
 */
SMD_EXPORT int smd_node_equal(const struct smd_node *a, const struct smd_node *b);

/*
 * SHA-256 over content alone (FIPS 180-4), version 1 of the encoding below.
 * Numbers are big-endian; str(x) is a 32-bit length and the bytes.
 *
 *   node    = SHA-256( u8 version=1, u8 kind, u8 ordered, str(name), u32 key-count,
 *             str(key)..., str(value) or u32 0, u32 range-count, (u32 first, u32 last)...,
 *             u32 child-count, child digests )
 *   The value of a MASKED node is hashed as if it were empty.
 *   children: first those not ordered, sorted by digest; then the ordered ones,
 *             grouped by name, the groups sorted by name (bytes), each in its order.
 *
 * The empty tree (a root without children) is
 * given as a test vector in tests/unit/test_tree.c with others.
 */
#define SMD_FINGERPRINT_SIZE 32
SMD_EXPORT int smd_node_fingerprint(const struct smd_node *node, uint8_t out[SMD_FINGERPRINT_SIZE]);

/*
 * One line a leaf, member, set, block or childless container: the path, and for
 * a leaf or block ` = value` with the value quoted as a JSON string (RFC 8259),
 * for a set ` = 10,20-29`; childless sections and entries end in `/`.
 */
SMD_EXPORT int smd_tree_flatten(const struct smd_tree *tree, struct smd_text *out);

#ifdef __cplusplus
}
#endif
#endif
