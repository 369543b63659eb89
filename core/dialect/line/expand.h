/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that stand for one of each number, `vlan 10,20-22`, or of each word. */
#ifndef SMD_DIALECT_LINE_EXPAND_H
#define SMD_DIALECT_LINE_EXPAND_H

#include "core/dialect/line/line_node.h"

/* May the line that was matched stand for several? */
int smd_match_is_expanded(const struct smd_rule_match *match);

/* `left`: how many lines come behind this one. */
typedef int (*smd_expand_fn)(void *arg, struct smd_span line, size_t left);
/*
 * Hand each line over that the line stands for, until one returns another value than 0, which is
 * returned. 1: it stands for itself, or names more than anybody wants. SMD_E_NO_MEMORY else.
 */
int smd_expand_each(const struct smd_grammar *grammar, const struct smd_context *context,
		    struct smd_span line, smd_expand_fn each, void *arg);

#endif
