/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as they are written for a device or a file. */
#ifndef SMD_CLI_LINES_H
#define SMD_CLI_LINES_H

#include "core/cli/shape.h"

struct smd_lines {
	const struct smd_grammar *grammar;
	struct smd_text *out;
	struct smd_error *error;
	struct smd_buffer line, within, other; /* to work in */
};

/* Write a line, indented as the dialect does. SMD_E_INVALID: it would not be one line. */
int smd_lines_say(struct smd_lines *lines, size_t depth, const char *bytes, size_t size);
/* Write a node's own line. Uses `line`. */
int smd_lines_say_node(struct smd_lines *lines, size_t depth, const struct smd_node *node);
void smd_lines_done(struct smd_lines *lines);

#endif
