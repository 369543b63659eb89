/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two texts that are only compared with each other. Chunks that are alike in both are mostly not
 * read: changes between the trees are those between the texts, but a hazard found on them may be
 * none (smd_verify_patch). For core alone; any thread.
 */
#ifndef SMD_DIALECT_PAIR_H
#define SMD_DIALECT_PAIR_H

#include "core/dialect/prefilter/prefilter.h"

/* As smd_dialect_parse; `notes` is overwritten, NULL: nobody asks. */
int smd_dialect_parse_noted(const struct smd_compiled *dialect, const struct smd_text *text,
			    struct smd_read_notes *notes, struct smd_tree **out,
			    struct smd_error *error);
/* As smd_read_pair. */
int smd_dialect_read_pair(const struct smd_compiled *dialect, const struct smd_text *running,
			  const struct smd_text *intended, struct smd_read_notes notes[2],
			  struct smd_tree_pair *out, struct smd_error *error);
/* As smd_verify_patch. */
int smd_dialect_verify_partial(const struct smd_compiled *dialect,
			       const struct smd_changes *changes, const struct smd_text *lines,
			       const struct smd_unread *unread, int *unsure, smd_hazard_fn hazard,
			       void *arg, struct smd_error *error);

#endif
