/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that go by themselves when another line beside them comes, changes or goes. */
#ifndef SMD_DIALECT_LINE_INVALIDATE_H
#define SMD_DIALECT_LINE_INVALIDATE_H

#include "core/dialect/grammar/grammar.h"

/* A line that makes the device drop others beside it, as far as it tells which. */
struct smd_invalidator {
	const struct smd_compiled_rule *compiled; /* its rule; NULL: it drops none */
	uint64_t places[SMD_WILDCARDS + 1];       /* hashes of what stands there; 0: not said */
};

/* Of a line that a rule matched, or not. */
void smd_invalidator_init(struct smd_invalidator *invalidator, const struct smd_rule_match *match);
/* Does the device drop a line of these words by itself when the invalidator changes beside it? */
int smd_invalidator_removes(const struct smd_invalidator *invalidator,
			    const struct smd_words *words);

#endif
