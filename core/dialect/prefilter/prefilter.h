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

/* What two texts have in common that was skipped refers to: sorted hashes of names. */
struct smd_unread {
	uint32_t *uses;
	size_t count;
	int any; /* it may refer to other names as well */
};

/* Hand over what was skipped; the prefilter has it no more. */
struct smd_unread smd_prefilter_take_unread(struct smd_prefilter *prefilter);

/* Two trees that are compared with each other and nothing else; {0} has none. */
struct smd_tree_pair {
	struct smd_tree *from, *to;
	int partial; /* what stands alike in both texts may be in neither tree */
	struct smd_unread unread;
};

/*
 * Read two texts into an empty pair. In an error's `where` it does not say which of the texts it
 * is. The pair is to be done in any case.
 */
int smd_read_pair(struct smd_grammar *grammar, const struct smd_text *running,
		  const struct smd_text *intended, struct smd_tree_pair *out,
		  struct smd_error *error);
void smd_tree_pair_done(struct smd_tree_pair *pair); /* it is empty again */

#endif
