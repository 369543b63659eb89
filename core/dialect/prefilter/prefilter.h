/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two texts have in common and need not be read to be compared: lines, with all that
 * belongs to them, that stand alike in both, and that no other line of their section says
 * anything about. It goes by what the lines look like; the reader sees whether it was right.
 */
#ifndef SMD_DIALECT_PREFILTER_PREFILTER_H
#define SMD_DIALECT_PREFILTER_PREFILTER_H

#include "core/dialect/line/line_node.h"

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

struct smd_prefilter;

/*
 * Find it. Only for indented dialects whose lines go section by section; for others
 * there is nothing in common. SMD_E_NO_MEMORY is all that can fail.
 */
int smd_prefilter_new(struct smd_grammar *grammar, const struct smd_text *a,
		      const struct smd_text *b, struct smd_prefilter **out);
void smd_prefilter_free(struct smd_prefilter *prefilter); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_prefilter *, smd_prefilter_free);
/* What is skipped of the first text, or the second; NULL: nothing. */
const struct smd_skips *smd_prefilter_skips(const struct smd_prefilter *prefilter, int second);
/*
 * Does the tree of what was not skipped have anything of the same identity as what was? Then
 * the texts must be read whole.
 */
int smd_prefilter_clashes(const struct smd_prefilter *prefilter, const struct smd_tree *tree);
/* Note in the tree what names the rest refers to. */
int smd_prefilter_note_uses(struct smd_prefilter *prefilter, struct smd_tree *tree);

#endif
