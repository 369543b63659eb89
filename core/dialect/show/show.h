/* SPDX-License-Identifier: Apache-2.0 */
/* What people see of trees and changes. Functions as in <smartdeploy/dialect.h>. */
#ifndef SMD_DIALECT_SHOW_SHOW_H
#define SMD_DIALECT_SHOW_SHOW_H

#include "core/base/secret_words.h"
#include "core/dialect/grammar/grammar.h"
#include "core/tree/buffer.h"

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

/* Append a line with the secrets masked that its words tell; `around` as of smd_secret_find. */
void smd_mask_put_line(struct smd_span line, unsigned around, struct smd_buffer *out);
/* What the sections above a node are about: enum smd_around, or-ed. */
unsigned smd_mask_around(const struct smd_node *node);
/* SMD_AROUND_OPENS if the node is a section, else 0. */
static inline unsigned smd_mask_opens(const struct smd_node *node)
{
	return smd_node_first(node) ? SMD_AROUND_OPENS : 0;
}

#endif
