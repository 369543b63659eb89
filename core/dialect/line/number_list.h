/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of numbers in their forms. */
#ifndef SMD_DIALECT_LINE_NUMBER_LIST_H
#define SMD_DIALECT_LINE_NUMBER_LIST_H

#include "core/dialect/line/line_node.h"

/* Numbers as a form of their rule says. `device`: entered on a device that has `section`. */
int smd_numbers_enter(struct smd_node *section, const struct smd_line_node *line_node,
		      const struct smd_form *form, int device);

#endif
