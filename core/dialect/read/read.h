/* SPDX-License-Identifier: Apache-2.0 */
/* Text of each family to tree. */
#ifndef SMD_DIALECT_READ_READ_H
#define SMD_DIALECT_READ_READ_H

#include "core/dialect/edit/statement.h"
#include "core/dialect/prefilter/prefilter.h"

/*
 * `skips`: lines to be passed over; may be NULL. 1: that must not be, for a line that is read
 * turned out to belong elsewhere, or to reach into what is passed over.
 */
int smd_read_indented(struct smd_grammar *grammar, const struct smd_text *text,
		      const struct smd_skips *skips, struct smd_tree *tree,
		      struct smd_error *error);
int smd_read_braced(struct smd_grammar *grammar, const struct smd_text *text, struct smd_tree *tree,
		    struct smd_error *error);

#endif
