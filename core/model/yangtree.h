/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversion between YANG data (RFC 7950) and core's tree, without loss:
 *
 *   container        section; a presence container may be empty, others exist only
 *                    with something below them
 *   list             entry; key values are canonical, in the schema's order, and the
 *                    key leaves are not repeated below it
 *   leaf             leaf with the canonical value; type empty has the value ""
 *   leaf-list        one member for each value
 *   anydata, anyxml  block: its form (`tree-xml`, `tree-json`, `string`, `xml`, `json`
 *                    or `none`), LF, the text
 *   choice, case     omitted: names are unique across cases (section 6.2.1)
 *
 * A name is `module:name` at the top level and where the module differs from the parent's, else
 * `name` (RFC 7951, section 4). Canonical values are those of RFC 7951: an identity is
 * `module:identity`, and names in an instance-identifier are written the same way. Lists and
 * leaf-lists that are ordered by the user are marked ordered. Default nodes are left out.
 *
 * Refused, with their path: lists without keys, leaf-lists with a value twice (both are state
 * data only), nodes without a schema. Annotations (RFC 7952) are dropped. The value of a union
 * is the text as its first fitting member type reads it (RFC 7950, section 9.12), so the JSON
 * string "5" becomes the number where a number fits too.
 *
 * Both functions are pure and may run on any thread; the context must not change meanwhile.
 */
#ifndef SMD_MODEL_YANGTREE_H
#define SMD_MODEL_YANGTREE_H

#include <libyang/libyang.h>
#include <smartdeploy/tree.h>

/*
 * Convert YANG data to a tree. `data`: any of the top-level siblings, all of which are
 * converted; or NULL. `*out` is the caller's. SMD_E_UNSUPPORTED: a tree cannot hold the data.
 * SMD_E_INVALID: `data` is not at the top level, or nests too deeply.
 */
int smd_yang_to_tree(const struct lyd_node *data, struct smd_tree **out, struct smd_error *error);

/*
 * Convert a tree to YANG data. `*out` is the caller's, for lyd_free_all; NULL for an empty
 * tree. References, `when`, `must` and mandatory nodes are not checked: call lyd_validate_all.
 * SMD_E_INVALID: the schema does not know or allow a node; its path is in `where`.
 */
int smd_yang_from_tree(const struct ly_ctx *context, const struct smd_tree *tree,
		       struct lyd_node **out, struct smd_error *error);

#endif
