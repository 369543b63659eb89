/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as they are written for a device or a file. */
#ifndef SMD_DIALECT_RENDER_WRITER_H
#define SMD_DIALECT_RENDER_WRITER_H

#include "core/dialect/line/line_node.h"

struct smd_line_writer {
	struct smd_grammar *grammar;
	struct smd_text *out;
	struct smd_error *error;
	struct smd_buffer line; /* to work in */
};

/*
 * Write a line, indented as the dialect does; a block's further lines as they are.
 * SMD_E_INVALID: it would not be that.
 */
int smd_line_write(struct smd_line_writer *writer, size_t depth, struct smd_span line);
/* Write a node's own line. Uses `line`. */
int smd_line_write_node(struct smd_line_writer *writer, size_t depth, const struct smd_node *node);
/* Append the lines of all sections around the node, from the top, `between` them and behind. */
void smd_node_put_path(const struct smd_node *node, const char *between, struct smd_buffer *out);
void smd_line_writer_done(struct smd_line_writer *writer);

#endif
