/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two texts have in common and need not be read to be compared: lines, with all that
 * belongs to them, that stand alike in both, and that no other line of their section says
 * anything about. It goes by what the lines look like; the reader sees whether it was right.
 */
#ifndef SMD_DIALECT_PREFILTER_PREFILTER_H
#define SMD_DIALECT_PREFILTER_PREFILTER_H

#include "core/dialect/read/read.h"

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

/* As smd_dialect_parse_pair. */
int smd_read_pair(struct smd_grammar *grammar, const struct smd_text *running,
		  const struct smd_text *intended, struct smd_tree **from, struct smd_tree **to,
		  struct smd_error *error);

#endif
