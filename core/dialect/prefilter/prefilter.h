/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefilter: finds chunks that are equal in two texts and need not be read to compare them,
 * because no other line of their section affects them. It goes by the text of the lines; the reader
 * checks that.
 */
#ifndef SMD_DIALECT_PREFILTER_PREFILTER_H
#define SMD_DIALECT_PREFILTER_PREFILTER_H

#include "core/dialect/read/read.h"

struct smd_prefilter;

/*
 * Find these chunks. For indented dialects without paths, quotes and cuts; for others none are
 * found. Fails only with SMD_E_NO_MEMORY.
 */
int smd_prefilter_new(struct smd_grammar *grammar, const struct smd_text *a,
		      const struct smd_text *b, struct smd_prefilter **out);
void smd_prefilter_free(struct smd_prefilter *prefilter); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_prefilter *, smd_prefilter_free);
/* What is skipped of the first text, or of the second; NULL: nothing. */
const struct smd_skips *smd_prefilter_skips(const struct smd_prefilter *prefilter, int second);
/*
 * Whether the tree of the lines that were read has a node of the same identity as a skipped chunk.
 * Then both texts must be read whole.
 */
int smd_prefilter_clashes(const struct smd_prefilter *prefilter, const struct smd_tree *tree);

/*
 * What skipped chunks use: sorted hashes of the names in those within sections; the lines of all
 * of them, of the first text, which is borrowed.
 */
struct smd_unread {
	uint32_t *uses;
	size_t count;
	int any; /* they may use other names, too */
	const struct smd_text *text;
	struct smd_line_range *ranges;
	size_t range_count;
};

/* What the skipped chunks of `a` use; the caller frees `uses` and `ranges` with free(). */
struct smd_unread smd_prefilter_take_unread(struct smd_prefilter *prefilter,
					    const struct smd_text *a);

/* Two trees that are only compared with each other; {0} has none. */
struct smd_tree_pair {
	struct smd_tree *from, *to;
	int partial; /* chunks that are equal in both texts may be missing in both trees */
	struct smd_unread unread;
};

/*
 * Read two texts into an empty pair. An error's `where` does not say which of the texts it is in.
 * Call smd_tree_pair_done also after an error.
 */
int smd_read_pair(struct smd_grammar *grammar, const struct smd_text *running,
		  const struct smd_text *intended, struct smd_read_notes notes[2],
		  struct smd_tree_pair *out, struct smd_error *error);
void smd_tree_pair_done(struct smd_tree_pair *pair); /* leaves an empty pair */

#endif
