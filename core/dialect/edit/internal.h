/* SPDX-License-Identifier: Apache-2.0 */
/* Putting one statement: what the files of statements share. */
#ifndef SMD_DIALECT_EDIT_INTERNAL_H
#define SMD_DIALECT_EDIT_INTERNAL_H

#include "core/dialect/edit/statement.h"

/* One statement, in the section where it stands. */
struct smd_put {
	struct smd_statement_writer *writer;
	struct smd_cursor cursor;
	size_t number; /* of its line */
	int holds;
	int list;       /* the value is one of several */
	unsigned flags; /* of the node */
	struct smd_source *source;
};

/* Tell what went wrong in a line; returns `err`. */
int smd_put_failed(struct smd_statement_writer *writer, int err, size_t number);
/* Put what is in the writer's line_node. */
int smd_put_line_node(struct smd_put *put, struct smd_node **node);
/* The section that the node opens: of a rule, or unknown. */
int smd_put_open(struct smd_put *put, struct smd_node *node,
		 const struct smd_compiled_rule *compiled, struct smd_cursor *inner);
/* Put the words from `from` on by the match; `*inner` is where it holds more. */
int smd_put_match(struct smd_put *put, size_t from, struct smd_cursor *inner);
/* Put a statement that is a path, unquoted. */
int smd_put_path(struct smd_put *put, struct smd_span line, struct smd_cursor *inner);

#endif
