/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of a configuration, as they are put into a tree. */
#ifndef SMD_DIALECT_EDIT_STATEMENT_H
#define SMD_DIALECT_EDIT_STATEMENT_H

#include "core/dialect/line/block.h"
#include "core/dialect/line/line_node.h"

/* A section in which statements are put. */
struct smd_cursor {
	struct smd_node *node; /* NULL: there is none, the statement holds nothing */
	const struct smd_context *context;
	const struct smd_rule *rule; /* of the section; NULL: none knows it */
	size_t line;                 /* in which it was entered, from 1 */
	int negates;                 /* there is a line in it that negates another */
	size_t left; /* further sections of its line (`vlan 10,20`) that are to be entered, too */
};

/* What is needed to put statements. {0} but for the grammar; smd_statement_writer_done at the end.
 */
struct smd_statement_writer {
	struct smd_grammar *grammar;
	struct smd_line_node line_node;
	struct smd_words words;
	struct smd_rule_match match;
	struct smd_buffer line, other, block;
	size_t expansion; /* which of the sections of one line is entered, from 0 */
	struct smd_error *error;
};

void smd_statement_writer_done(struct smd_statement_writer *writer);

struct smd_cursor smd_cursor_top(const struct smd_grammar *grammar, struct smd_tree *tree);

/*
 * Put a clean line into a section. `number`: of the line, for messages and nodes; `holds`:
 * other lines belong to it. `*inner` is where those go. `source` may be NULL. Where `inner->left`
 * is not 0, all that is to be put once more, lines in it included, at the writer's next expansion.
 */
int smd_statement_put(struct smd_statement_writer *writer, struct smd_cursor *cursor,
		      struct smd_span line, size_t number, int holds, struct smd_source *source,
		      struct smd_cursor *inner);
/*
 * Go into the sections that the words of a statement with braces name, making
 * them, as far as rules know them. `*left` is what is left of its words.
 */
int smd_path_open(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
		  struct smd_span line, size_t number, struct smd_cursor *inner,
		  struct smd_span *left);
/* Leave a section: one that is not there when it is empty goes. */
void smd_cursor_leave(const struct smd_cursor *cursor);

/* What is said about a node beside it goes. SMD_E_NO_MEMORY is all that can fail. */
int smd_marks_remove(const struct smd_grammar *grammar, struct smd_node *section,
		     const struct smd_node *node);
/* The same for a section and those around it that were there for its sake alone. */
void smd_section_leave(struct smd_grammar *grammar, struct smd_node *section);

#endif
