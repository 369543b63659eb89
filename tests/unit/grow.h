/* SPDX-License-Identifier: Apache-2.0 */
/* Small trees described in one line, and comparisons, for tests. */
#ifndef SMD_TESTS_UNIT_GROW_H
#define SMD_TESTS_UNIT_GROW_H

#include <smartdeploy/tree.h>

/*
 * Make a tree from paths separated by blanks. All steps of a path except the last are sections
 * and entries. The form of the last step tells its kind:
 *
 *   name=value    a leaf        +name[key]  a member
 *   name#10,20    a set         !name[key]  an ordered member
 *   name[key]     an entry      name        a section
 *
 * The caller frees the tree. Without memory, or with an invalid text, the program ends.
 */
struct smd_tree *grow(const char *text);
/* Is the tree the one that `text` describes? If not, both are printed. */
int is_grown(const struct smd_tree *tree, const char *text);
/* Do both trees have the same content? If not, both are printed. */
int is_same(const struct smd_tree *a, const struct smd_tree *b);

#endif
