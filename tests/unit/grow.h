/* SPDX-License-Identifier: Apache-2.0 */
/* Small trees written in one line, for tests. */
#ifndef SMD_TESTS_UNIT_GROW_H
#define SMD_TESTS_UNIT_GROW_H

#include <smartdeploy/tree.h>

/*
 * Paths separated by blanks; the steps before the last are sections and
 * entries. The last one is, by what stands in it,
 *
 *   name=value    a leaf        +name[key]  a member
 *   name#10,20    a set         !name[key]  an ordered member
 *   name[key]     an entry      name        a section
 *
 * Memory running out, or text that cannot be read, ends the program. The caller frees it.
 */
struct smd_tree *grow(const char *text);
/* Is the tree the one that `text` describes? Prints both, if not. */
int is_grown(const struct smd_tree *tree, const char *text);
/* Same content? Prints both, if not. */
int is_same(const struct smd_tree *a, const struct smd_tree *b);

#endif
