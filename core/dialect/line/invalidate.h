/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implicit removal: lines that the device removes by itself when another line beside them is
 * entered, changed or removed.
 */
#ifndef SMD_DIALECT_LINE_INVALIDATE_H
#define SMD_DIALECT_LINE_INVALIDATE_H

#include "core/dialect/grammar/grammar.h"

/* A line that invalidates others beside it. */
struct smd_invalidator {
	const struct smd_compiled_rule *compiled; /* its rule; NULL: it invalidates none */
	uint64_t places[SMD_WILDCARDS + 1]; /* by place, hashes of what the line has; 0: nothing */
};

/* From what a line matched; `match->form` may be NULL. */
void smd_invalidator_init(struct smd_invalidator *invalidator, const struct smd_rule_match *match);
/* Whether a change of the invalidator makes the device remove a line of these words beside it. */
int smd_invalidator_removes(const struct smd_invalidator *invalidator,
			    const struct smd_words *words);

#endif
