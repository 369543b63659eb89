/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data of YANG models (RFC 7950) as core's tree, and back, without loss.
 *
 *   container           section; a presence container may be empty, others are
 *                       there only with something below them
 *   list                entry; the keys' canonical values in the schema's order,
 *                       the key leaves do not come again below it
 *   leaf                leaf, its value canonical; an empty one has the value ""
 *   leaf-list           a member for each value
 *   anydata, anyxml     block: how it was written (`tree-xml`, `tree-json`, `string`,
 *                       `xml`, `json` or `none`), LF, the text
 *   choice, case        not there: names are unique across cases (section 6.2.1)
 *
 * A name is `module:name` at the top and where the module is not the parent's,
 * else `name` (as RFC 7951, section 4). Canonical values are those of RFC 7951:
 * an identity is `module:identity`, an instance-identifier has its names so.
 * Lists and leaf-lists that are ordered by the user are marked ordered. Nodes
 * that are there by default only are left out.
 *
 * What a tree has no place for is refused, with its path: lists without keys,
 * leaf-lists with a value twice (both state data), nodes without a schema.
 * Annotations (RFC 7952) are no data and are dropped. A union's value is the
 * text that its first fitting member takes (RFC 7950, section 9.12), so a JSON
 * string "5" where a number would also do becomes the number.
 *
 * Both are pure and may run on any thread; the context must not change meanwhile.
 */
#ifndef SMD_MODEL_YANGTREE_H
#define SMD_MODEL_YANGTREE_H

#include <libyang/libyang.h>
#include <smartdeploy/tree.h>

/*
 * `data` is any of the siblings at the top, or NULL; all of them are taken.
 * `*out` is the caller's. SMD_E_UNSUPPORTED for what a tree cannot hold, SMD_E_INVALID for data
 * that is not at the top or nests deeper than a tree may.
 */
int smd_yang_to_tree(const struct lyd_node *data, struct smd_tree **out, struct smd_error *error);

/*
 * `*out` is the caller's, for lyd_free_all; NULL for an empty tree. Not
 * validated: references, `when`, `must` and mandatory nodes are the business of
 * lyd_validate_all. SMD_E_INVALID names what the schema does not know or allow,
 * with the path in `where`.
 */
int smd_yang_from_tree(const struct ly_ctx *context, const struct smd_tree *tree,
		       struct lyd_node **out, struct smd_error *error);

#endif
