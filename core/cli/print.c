/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/cli/lines.h"
#include "core/tree/own.h"

int smd_lines_say(struct smd_lines *lines, size_t depth, const char *bytes, size_t size)
{
	size_t indent = depth * smd_grammar_dialect(lines->grammar)->indent;
	int err = 0;

	if (memchr(bytes, '\0', size) || memchr(bytes, '\n', size) || memchr(bytes, '\r', size))
		return smd_fail(lines->error, SMD_E_INVALID,
				"\"%.60s\" has a line end in it and cannot be a line", bytes);
	for (size_t i = 0; i < indent && !err; i++)
		err = smd_text_append(lines->out, " ", 1);
	if (!err)
		err = smd_text_append(lines->out, bytes, size);
	if (!err)
		err = smd_text_append(lines->out, "\n", 1);
	return err ? smd_fail(lines->error, err, "the text becomes too long") : 0;
}

int smd_lines_say_node(struct smd_lines *lines, size_t depth, const struct smd_node *node)
{
	int err = smd_node_text(node, &lines->line);

	if (err)
		return smd_fail(lines->error, err, "no memory for a line");
	return smd_lines_say(lines, depth, lines->line.bytes, lines->line.used);
}

void smd_lines_done(struct smd_lines *lines)
{
	smd_buffer_done(&lines->line);
	smd_buffer_done(&lines->within);
	smd_buffer_done(&lines->other);
}

static int print_below(struct smd_lines *lines, size_t depth, const struct smd_node *node)
{
	int err = 0;

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = smd_node_next(child)) {
		err = smd_lines_say_node(lines, depth, child);
		if (!err)
			err = print_below(lines, depth + 1, child);
	}
	return err;
}

int smd_dialect_print(const struct smd_dialect *dialect, const struct smd_tree *tree,
		      struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;
	struct smd_lines lines = {.out = out, .error = error};
	int err = smd_grammar_new(dialect, &grammar, error);

	lines.grammar = grammar;
	if (!err)
		err = print_below(&lines, 0, smd_tree_top(tree));
	smd_lines_done(&lines);
	return err;
}
