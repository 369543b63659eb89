/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees as JSON, for records: without loss, the same tree always the same text.
 *
 * A tree is the array of its root's children. A node is an object:
 *   k     section, entry, leaf, member, set or block
 *   n     name
 *   keys  array, if there are any
 *   v     value of a leaf or block
 *   s     numbers of a set, as "10,20-29"
 *   o     true, if its order is content
 *   l     line, if it came from one
 *   f     flags (enum smd_node_flag), if there are any
 *   c     array of children, if there are any
 * A name, key or value that is not UTF-8, or holds a NUL, is {"hex": "00ff"}.
 */
#ifndef SMD_TREE_JSON_H
#define SMD_TREE_JSON_H

#include <cjson/cJSON.h>
#include <smartdeploy/tree.h>

/* Levels below the root: twice as many in JSON, within SMD_JSON_DEPTH of a document around it. */
#define SMD_TREE_JSON_DEPTH 40

/* `*out` is the caller's (cJSON_Delete). SMD_E_INVALID: the tree is too deep for a record. */
int smd_tree_to_json(const struct smd_tree *tree, cJSON **out);
/* SMD_E_INVALID names what is wrong, with the path of the parent in `where`. */
int smd_tree_from_json(const cJSON *json, struct smd_tree **out, struct smd_error *error);

#endif
