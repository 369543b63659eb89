/* SPDX-License-Identifier: Apache-2.0 */
/* Changes to lines: what the files of rendering share. */
#ifndef SMD_DIALECT_RENDER_INTERNAL_H
#define SMD_DIALECT_RENDER_INTERNAL_H

#include "core/dialect/line/invalidate.h"
#include "core/dialect/render/order.h"
#include "core/dialect/render/render.h"
#include "core/dialect/render/writer.h"
#include "core/tree/change.h"

/*
 * open       The sections we are in, nodes of the tree we come from.
 * converted  Sorted: nodes of that tree that turn from a plain line into a section of the same
 *            line, or back. Only what is below changes.
 * done       A flag a change: there is nothing left to do for it.
 */
struct smd_render {
	struct smd_line_writer writer;
	struct smd_grammar *grammar;
	const struct smd_changes *changes;
	const struct smd_node *open[SMD_TREE_DEPTH];
	size_t depth;
	const struct smd_node **converted;
	size_t converted_count;
	uint8_t *done;
	struct smd_node_rule node_rule;
	struct smd_buffer text;
	/* the context of the section asked for last */
	const struct smd_node *parent;
	const struct smd_context *context;
};

int smd_render_no_memory(struct smd_render *render);
/* The context of the children of a section of the tree we come from, or go to. */
int smd_render_context(struct smd_render *render, const struct smd_node *parent,
		       const struct smd_context **out);
/* The rule of a node, with its match in `node_rule`; NULL: none knows it. */
int smd_render_node_rule(struct smd_render *render, const struct smd_context *context,
			 const struct smd_node *node);
/* Make the line that removes a node, in `text`; behind its path in a dialect of paths. */
int smd_render_negation(struct smd_render *render, const struct smd_context *context,
			const struct smd_node *node);
/* The line that enters numbers in one of their forms, in `text`. */
int smd_render_numbers_form(struct smd_render *render, const struct smd_node *node,
			    const char *template, const struct smd_set *numbers);

/* The section that a change is in, of the tree we go to; NULL: there is none. */
const struct smd_node *smd_render_section_to(const struct smd_render *render,
					     const struct smd_change *change);

/* Change into the section `parent`, a node of the tree we come from. */
int smd_render_go_to(struct smd_render *render, const struct smd_node *parent);
int smd_render_remove(struct smd_render *render, size_t depth, const struct smd_context *context,
		      const struct smd_node *node);
int smd_render_add(struct smd_render *render, size_t depth, const struct smd_context *context,
		   const struct smd_node *node);
/* Remove all lines of a section that stays; `depth` and `context` are theirs. */
int smd_render_empty(struct smd_render *render, size_t depth, const struct smd_context *context,
		     const struct smd_node *section);
/* The numbers of a list that leave, or those that join. */
int smd_render_part_numbers(struct smd_render *render, const struct smd_change *change,
			    enum smd_change_part part);
int smd_render_section_change(struct smd_render *render, const struct smd_change *change);
int smd_render_path_change(struct smd_render *render, const struct smd_change *change);
/* All that happens in the ordered list that the change is in. */
int smd_render_ordered(struct smd_render *render, const struct smd_change *change);
/* Does the device drop the node by itself when the invalidator changes beside it? */
int smd_render_invalidated(struct smd_render *render, const struct smd_invalidator *invalidator,
			   const struct smd_node *node);
/* Is the node, of the tree we go to, one that was entered and that the invalidator drops again? */
int smd_render_lost(struct smd_render *render, const struct smd_invalidator *invalidator,
		    const struct smd_node *node);
/* All changes of a node of the tree we come from, and below it, are done. */
void smd_render_skip(struct smd_render *render, const struct smd_node *node);

/* Say `verb PATH text` in a dialect of paths; what `text` has. */
int smd_render_write_path(struct smd_render *render, const char *verb, const struct smd_node *node);
int smd_render_enter_path(struct smd_render *render, const struct smd_context *context,
			  const struct smd_node *node);
int smd_render_remove_path(struct smd_render *render, const struct smd_context *context,
			   const struct smd_node *node);

#endif
