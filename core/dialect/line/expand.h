/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that stand for several (EXPAND_LIST): `vlan 10,20-22` is one of each number. */
#ifndef SMD_DIALECT_LINE_EXPAND_H
#define SMD_DIALECT_LINE_EXPAND_H

#include "core/dialect/line/line_node.h"

/* Whether the line that was matched stands for several. */
int smd_match_is_expanded(const struct smd_rule_match *match);

/* Called with each of these lines; `left`: how many are still to come. */
typedef int (*smd_expand_fn)(void *arg, struct smd_span line, size_t left);
/*
 * Call `each` with each line that `line` stands for, until one call returns another value than 0,
 * which is returned. Else 0, SMD_E_NO_MEMORY, or 1: the line stands for itself alone, or for too
 * many.
 */
int smd_expand_each(const struct smd_grammar *grammar, const struct smd_context *context,
		    struct smd_span line, smd_expand_fn each, void *arg);

#endif
