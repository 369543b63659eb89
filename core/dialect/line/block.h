/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: statements whose value is all text up to their end. */
#ifndef SMD_DIALECT_LINE_BLOCK_H
#define SMD_DIALECT_LINE_BLOCK_H

#include "core/dialect/line/line_node.h"

/* The lines that follow a statement, from which a block takes its own. */
struct smd_source {
	const struct smd_text *text;
	size_t next; /* index of the next line to take; moves behind the block */
};

/*
 * Read the text of a block into `out`, which is overwritten. `match` and `words` are those of its
 * first line, which has `number` (from 1, for messages). `source`: the lines that follow; NULL:
 * there are none. SMD_E_INVALID: it has no end.
 */
int smd_block_read(const struct smd_rule_match *match, const struct smd_words *words, size_t number,
		   struct smd_source *source, struct smd_buffer *out, struct smd_error *error);
/*
 * How many lines behind line `at` belong to the block that begins there; 0: no block does.
 * SMD_NO_END: the block has no end.
 */
#define SMD_NO_END SIZE_MAX
size_t smd_block_lines(const struct smd_context *context, const struct smd_text *text, size_t at,
		       struct smd_span line);

#endif
