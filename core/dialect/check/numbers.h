/* SPDX-License-Identifier: Apache-2.0 */
/* Checks lists of numbers that a user has written. */
#ifndef SMD_DIALECT_CHECK_NUMBERS_H
#define SMD_DIALECT_CHECK_NUMBERS_H

#include "core/dialect/compiled.h"

/*
 * Are all numbers of the tree's lists within the bounds of their rules, where these have some?
 * SMD_E_INVALID names the list, by its path. What a device shows is not checked: it may know
 * more numbers than we do, and keeps them.
 */
int smd_check_numbers(const struct smd_compiled *dialect, const struct smd_tree *tree,
		      struct smd_error *error);

#endif
