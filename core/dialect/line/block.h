/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: a line and all that follows up to its end, as one value. */
#ifndef SMD_DIALECT_LINE_BLOCK_H
#define SMD_DIALECT_LINE_BLOCK_H

#include "core/dialect/line/line_node.h"

/* Lines from which a block takes what belongs to it. */
struct smd_source {
	const struct smd_text *text;
	size_t next; /* index of the line behind the statement's; moves behind a block */
};

/*
 * Take the text of a block that begins with the words of a match, in line `number` (from 1, for
 * messages), into `out`, which is overwritten. `source`: what follows; NULL: nothing does.
 * SMD_E_INVALID: it has no end.
 */
int smd_block_read(const struct smd_rule_match *match, const struct smd_words *words, size_t number,
		   struct smd_source *source, struct smd_buffer *out, struct smd_error *error);
/*
 * How many lines behind line `at` of the text belong to the block that it begins; 0: it is none.
 * SMD_NO_END: it is one, and has no end.
 */
#define SMD_NO_END SIZE_MAX
size_t smd_block_lines(const struct smd_context *context, const struct smd_text *text, size_t at,
		       struct smd_span line);

#endif
