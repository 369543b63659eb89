/* SPDX-License-Identifier: Apache-2.0 */
/* Writes lines for a device or a file. */
#ifndef SMD_DIALECT_RENDER_WRITER_H
#define SMD_DIALECT_RENDER_WRITER_H

#include "core/dialect/line/line_node.h"

struct smd_line_writer {
	struct smd_grammar *grammar;
	struct smd_text *out;
	struct smd_error *error;
	struct smd_buffer line; /* working memory */
};

/*
 * Write a line, indented as the dialect does; further lines of a block as they are. SMD_E_INVALID:
 * it has a carriage return or a NUL byte.
 */
int smd_line_write(struct smd_line_writer *writer, size_t depth, struct smd_span line);
/* Write a node's own line. Overwrites `line`. */
int smd_line_write_node(struct smd_line_writer *writer, size_t depth, const struct smd_node *node);
/* Append the lines of all sections around the node, from the top; `between` follows each. */
void smd_node_put_path(const struct smd_node *node, const char *between, struct smd_buffer *out);
void smd_line_writer_done(struct smd_line_writer *writer);

#endif
