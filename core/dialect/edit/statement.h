/* SPDX-License-Identifier: Apache-2.0 */
/* Putting the statements of a configuration into a tree. */
#ifndef SMD_DIALECT_EDIT_STATEMENT_H
#define SMD_DIALECT_EDIT_STATEMENT_H

#include "core/dialect/line/block.h"
#include "core/dialect/line/line_node.h"

/* A cursor: the section into which statements are put. */
struct smd_cursor {
	struct smd_node *node; /* NULL: the statement opens no section */
	const struct smd_context *context;
	const struct smd_rule *rule; /* of the section; NULL: no rule knows it */
	size_t line;                 /* where the section was entered, from 1 */
	int negates;                 /* a line was put into it that negates another */
	size_t left; /* sections of the same line (`vlan 10,20`) that are still to be put */
};

/* Working memory for statements. {0} but for the grammar; smd_statement_writer_done at the end. */
struct smd_statement_writer {
	struct smd_grammar *grammar;
	struct smd_line_node line_node;
	struct smd_words words;
	struct smd_rule_match match;
	struct smd_buffer line, other, block;
	int reads;        /* a text is read: no line changes what another says */
	size_t expansion; /* index, from 0, of the section to put when a line opens several */
	/* called with the number of a line that no rule knows; NULL: nobody asks */
	void (*on_unknown)(void *arg, const struct smd_context *context, size_t number);
	void *arg;
	struct smd_error *error;
};

void smd_statement_writer_done(struct smd_statement_writer *writer);

struct smd_cursor smd_cursor_top(const struct smd_grammar *grammar, struct smd_tree *tree);

/*
 * Put a clean line into a section. `number`: of the line, for messages and nodes. `holds`: other
 * lines belong to it, and `*inner` is the section for those. `source`: the lines that follow, for a
 * block; may be NULL. If `inner->left` is not 0, put the line and those that belong to it again,
 * with the writer's `expansion` one higher.
 */
int smd_statement_put(struct smd_statement_writer *writer, struct smd_cursor *cursor,
		      struct smd_span line, size_t number, int holds, struct smd_source *source,
		      struct smd_cursor *inner);
/*
 * Find the statement of a section that the line is the contrary of: X for `no X`, and `no X` for X
 * (where `cursor->negates`). `*out` NULL: there is none. SMD_E_NO_MEMORY.
 */
int smd_statement_contrary(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
			   struct smd_span line, struct smd_node **out);
/*
 * Go into the sections that the words of a braced statement name, adding those that are missing, as
 * long as section rules match. `*left` is what remains of the words.
 */
int smd_path_open(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
		  struct smd_span line, size_t number, struct smd_cursor *inner,
		  struct smd_span *left);
/* Leave a section: an empty one that is PERMANENT or EMPTY_IS_ABSENT is removed. */
void smd_cursor_leave(const struct smd_cursor *cursor);

/* Remove the marks of a node, which stand beside it. Fails only with SMD_E_NO_MEMORY. */
int smd_marks_remove(const struct smd_grammar *grammar, struct smd_node *section,
		     const struct smd_node *node);
/* Remove a section as above, with its marks, then those around it that are empty now. */
void smd_section_leave(struct smd_grammar *grammar, struct smd_node *section);

#endif
