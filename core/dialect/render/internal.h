/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of rendering share. */
#ifndef SMD_DIALECT_RENDER_INTERNAL_H
#define SMD_DIALECT_RENDER_INTERNAL_H

#include "core/dialect/line/invalidate.h"
#include "core/dialect/render/order.h"
#include "core/dialect/render/render.h"
#include "core/dialect/render/writer.h"
#include "core/tree/change.h"

struct smd_render_section;

/*
 * open       The sections that the lines are in now, as nodes of the tree we come from.
 * converted  Nodes of that tree that turn from a plain line into a section of the same line, or
 *            back; sorted by address. Only what is in them is entered.
 * done       One flag per change: nothing is left to do for it.
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
	struct smd_multimap skipped; /* nodes given to smd_render_skip, by address */
	struct smd_multimap
		by_parent; /* numbers of changes by their sections; empty: not made yet */
	struct smd_render_section *section; /* the one asked for last, or NULL */
	struct smd_node_rule node_rule;
	struct smd_buffer text;
	/* the context of the section asked for last, `parent` */
	const struct smd_node *parent;
	const struct smd_context *context;
};

int smd_render_no_memory(struct smd_render *render);
/* The context of the children of a section, in either tree. */
int smd_render_context(struct smd_render *render, const struct smd_node *parent,
		       const struct smd_context **out);
/* Match a node with its rule, into `node_rule`. */
int smd_render_node_rule(struct smd_render *render, const struct smd_context *context,
			 const struct smd_node *node);
/* Write the line that removes a node to `text`; in a dialect of paths, only behind its path. */
int smd_render_negation(struct smd_render *render, const struct smd_context *context,
			const struct smd_node *node);
/* Write the line that enters numbers in a form to `text`; `template` NULL: the rule's own line. */
int smd_render_numbers_form(struct smd_render *render, const struct smd_node *node,
			    const char *template, const struct smd_set *numbers);

/* The section of a change, in the tree we go to; NULL: it is not there. */
const struct smd_node *smd_render_section_to(const struct smd_render *render,
					     const struct smd_change *change);

/* Leave and enter sections until the lines are in `parent`, a node of the tree we come from. */
int smd_render_go_to(struct smd_render *render, const struct smd_node *parent);
int smd_render_remove(struct smd_render *render, size_t depth, const struct smd_context *context,
		      const struct smd_node *node);
int smd_render_add(struct smd_render *render, size_t depth, const struct smd_context *context,
		   const struct smd_node *node);
/* Remove all lines of a section that itself stays; `depth` and `context` are those of its lines. */
int smd_render_empty(struct smd_render *render, size_t depth, const struct smd_context *context,
		     const struct smd_node *section);
/* Render the numbers that are removed from a list, or those that are added. */
int smd_render_part_numbers(struct smd_render *render, const struct smd_change *change,
			    enum smd_change_part part);
int smd_render_section_change(struct smd_render *render, const struct smd_change *change);
int smd_render_path_change(struct smd_render *render, const struct smd_change *change);
/* Render all changes of the ordered list that the change is in. */
int smd_render_ordered(struct smd_render *render, const struct smd_change *change);
/* Find the changes of a section: `*first` is the index in `by_parent` of the first, whose value is
 * the number of the change; SMD_MULTIMAP_END: none. SMD_E_NO_MEMORY. */
int smd_render_changes_in(struct smd_render *render, const struct smd_node *parent,
			  uint32_t *first);
/*
 * Find the lines of a section that the device removes when the invalidator beside them changes.
 * `parent` is the section in the tree we come from; `numbers` is overwritten, in the order of the
 * lines. A line lives until another section is asked for.
 */
int smd_render_invalidated(struct smd_render *render, const struct smd_context *context,
			   const struct smd_node *parent, const struct smd_invalidator *invalidator,
			   struct smd_found *numbers);
struct smd_render_line {
	const struct smd_node *node;
	struct smd_invalidator by; /* the invalidator it is itself */
	int gone;                  /* while the lines that go are collected */
};
struct smd_render_line *smd_render_section_line(struct smd_render *render, uint32_t number);
/* Find the changes of a section that have added a line which the invalidator now removes again. */
int smd_render_lost(struct smd_render *render, const struct smd_context *context,
		    const struct smd_node *parent, const struct smd_invalidator *invalidator,
		    struct smd_found *changes);
/* Find out whether a change of the section that is not done yet will remove the node, too. */
int smd_render_invalidated_later(struct smd_render *render, const struct smd_context *context,
				 const struct smd_node *parent, const struct smd_node *node,
				 int *dropped);
void smd_render_section_free(struct smd_render_section *section); /* NULL is fine */
/* Mark all changes of a node of the tree we come from, and of those below it, as done. */
int smd_render_skip(struct smd_render *render, const struct smd_node *node);
/* Whether nothing is left to do for the change with this number. */
int smd_render_is_done(struct smd_render *render, size_t change);

/* Write `verb PATH text`, in a dialect of paths; PATH is that of the node's section. */
int smd_render_write_path(struct smd_render *render, const char *verb, const struct smd_node *node);
int smd_render_enter_path(struct smd_render *render, const struct smd_context *context,
			  const struct smd_node *node);
int smd_render_remove_path(struct smd_render *render, const struct smd_context *context,
			   const struct smd_node *node);

#endif
