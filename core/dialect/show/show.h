/* SPDX-License-Identifier: Apache-2.0 */
/* What people see of trees and changes. Functions as in <smartdeploy/dialect.h>. */
#ifndef SMD_DIALECT_SHOW_SHOW_H
#define SMD_DIALECT_SHOW_SHOW_H

#include "core/dialect/grammar/grammar.h"

/* smd_dialect_print, or smd_dialect_flatten where `flat`. */
int smd_print_tree(struct smd_grammar *grammar, const struct smd_tree *tree, int flat,
		   struct smd_text *out, struct smd_error *error);
int smd_merge_trees(struct smd_grammar *grammar, const struct smd_tree *running,
		    const struct smd_tree *intended, struct smd_tree **out,
		    struct smd_error *error);
int smd_preview_changes(struct smd_grammar *grammar, const struct smd_changes *changes,
			smd_preview_fn each, void *arg, struct smd_error *error);
int smd_mask_lines(struct smd_grammar *grammar, const struct smd_text *lines, struct smd_text *out,
		   struct smd_error *error);
int smd_mask_is_secret(struct smd_grammar *grammar, const struct smd_node *node);

#endif
