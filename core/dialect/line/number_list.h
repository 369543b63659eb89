/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of numbers (NUMBERS rules) in all their forms. */
#ifndef SMD_DIALECT_LINE_NUMBER_LIST_H
#define SMD_DIALECT_LINE_NUMBER_LIST_H

#include "core/dialect/line/line_node.h"

/*
 * Change a list in `section` as a line of this form does. `device`: the line is a command to a
 * device; else it is read from a configuration. Fails only with SMD_E_NO_MEMORY.
 */
int smd_numbers_enter(struct smd_node *section, const struct smd_line_node *line_node,
		      const struct smd_form *form, int device);

#endif
