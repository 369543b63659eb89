/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that put statements share. */
#ifndef SMD_DIALECT_EDIT_INTERNAL_H
#define SMD_DIALECT_EDIT_INTERNAL_H

#include "core/dialect/edit/statement.h"

/* One statement to put, and the section where it stands. */
struct smd_put {
	struct smd_statement_writer *writer;
	struct smd_cursor cursor;
	size_t number; /* of its line, from 1 */
	int holds;
	int list;       /* it is one element of `name [ a b ]` */
	unsigned flags; /* to set on the node, enum smd_node_flag */
	struct smd_source *source;
};

/* Describe what failed in line `number`; returns `err`. */
int smd_put_failed(struct smd_statement_writer *writer, int err, size_t number);
/* Put the writer's line node into the section. */
int smd_put_line_node(struct smd_put *put, struct smd_node **node);
/* Set `inner` to the section that the node is; `compiled` is its rule, NULL: no rule knows it. */
int smd_put_open(struct smd_put *put, struct smd_node *node,
		 const struct smd_compiled_rule *compiled, struct smd_cursor *inner);
/* Put the words from `from` on by the writer's match; `*inner` is the section they open, if any. */
int smd_put_match(struct smd_put *put, size_t from, struct smd_cursor *inner);
/* Put a statement that is a path, its quotes taken off where not needed. */
int smd_put_path(struct smd_put *put, struct smd_span line, struct smd_cursor *inner);

#endif
