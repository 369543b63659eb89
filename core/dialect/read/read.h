/* SPDX-License-Identifier: Apache-2.0 */
/* Text of each family to tree. */
#ifndef SMD_DIALECT_READ_READ_H
#define SMD_DIALECT_READ_READ_H

#include "core/dialect/edit/statement.h"

/* Lines of a text, from `first` up to, not including, `end`. */
struct smd_line_range {
	uint32_t first, end;
};

/*
 * A line that is read, in a section of which something is skipped. That section has a number, and
 * so has the one that the line opens, if something is skipped of that; else it is 0.
 */
struct smd_read_line {
	uint32_t line, section, inner;
};

/* Of one text what is skipped, and what must be read where; both sorted. */
struct smd_skips {
	struct smd_line_range *ranges;
	size_t count;
	struct smd_read_line *lines;
	size_t line_count;
};

/* The number of the section below the root. */
#define SMD_ROOT_SECTION 1u

/*
 * `skips`: lines to be passed over; may be NULL. 1: that must not be, for a line that is read
 * turned out to belong elsewhere, or to reach into what is passed over.
 */
int smd_read_indented(struct smd_grammar *grammar, const struct smd_text *text,
		      const struct smd_skips *skips, struct smd_tree *tree,
		      struct smd_error *error);
int smd_read_braced(struct smd_grammar *grammar, const struct smd_text *text, struct smd_tree *tree,
		    struct smd_error *error);
/* As the dialect's family has it; `*out` is the caller's, in an error nothing is. */
int smd_read_text(struct smd_grammar *grammar, const struct smd_text *text,
		  const struct smd_skips *skips, struct smd_tree **out, struct smd_error *error);

#endif
