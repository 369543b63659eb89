/* SPDX-License-Identifier: Apache-2.0 */
/* Readers: text of each family to tree. */
#ifndef SMD_DIALECT_READ_READ_H
#define SMD_DIALECT_READ_READ_H

#include "core/dialect/edit/statement.h"

/* Lines of a text, from `first` up to, not including, `end`. */
struct smd_line_range {
	uint32_t first, end;
};

/*
 * A line that is read in a section with skipped lines. `section`: the number of that section.
 * `inner`: the number of the section that the line opens, or 0 if nothing in there is skipped.
 */
struct smd_read_line {
	uint32_t line, section, inner;
};

/* Lines of one text to skip, and lines that must be read in a certain section; both sorted. */
struct smd_skips {
	struct smd_line_range *ranges;
	size_t count;
	struct smd_read_line *lines;
	size_t line_count;
};

/* The number of the top level. */
#define SMD_ROOT_SECTION 1u

struct smd_fragment_reading;

/*
 * Read an indented text into `tree`. `fragment`: where absences are put (read/reading.h); NULL:
 * the text is a device's. `skips`: lines to skip; may be NULL. Returns 1 if they cannot
 * be skipped: a line is not in the section that `skips` says, or skipped lines belong to it.
 */
int smd_read_indented(struct smd_grammar *grammar, const struct smd_text *text,
		      const struct smd_skips *skips, struct smd_fragment_reading *fragment,
		      struct smd_tree *tree, struct smd_error *error);
int smd_read_braced(struct smd_grammar *grammar, const struct smd_text *text,
		    struct smd_fragment_reading *fragment, struct smd_tree *tree,
		    struct smd_error *error);
/*
 * As smd_read_text, with `notes` overwritten by what was passed over of what was read; NULL: nobody
 * asks.
 */
int smd_read_noted(struct smd_grammar *grammar, const struct smd_text *text,
		   const struct smd_skips *skips, struct smd_read_notes *notes,
		   struct smd_tree **out, struct smd_error *error);
/* Read a text of the dialect's family; 1 as above. `*out` is the caller's, and set only for 0. */
int smd_read_text(struct smd_grammar *grammar, const struct smd_text *text,
		  const struct smd_skips *skips, struct smd_tree **out, struct smd_error *error);

#endif
