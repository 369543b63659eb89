/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/render/writer.h"

/* Only blocks have several lines, and those stand in the tree as they are entered. */
static int is_sayable(struct smd_span line)
{
	return !memchr(line.at, '\0', line.length) && !memchr(line.at, '\r', line.length);
}

int smd_lines_say(struct smd_lines *lines, size_t depth, struct smd_span line)
{
	static const char blanks[] = "                ";
	size_t indent = depth * smd_grammar_dialect(lines->grammar)->indent;
	int err = 0;

	if (!is_sayable(line))
		return smd_fail(lines->error, SMD_E_INVALID,
				"\"%.60s\" has a line end in it and cannot be a line", line.at);
	while (indent && !err) {
		size_t some = indent < sizeof(blanks) - 1 ? indent : sizeof(blanks) - 1;

		err = smd_text_append(lines->out, blanks, some);
		indent -= some;
	}
	if (!err)
		err = smd_text_append(lines->out, line.at, line.length);
	if (!err)
		err = smd_text_append(lines->out, "\n", 1);
	return err ? smd_fail(lines->error, err, "the text becomes too long") : 0;
}

int smd_lines_say_node(struct smd_lines *lines, size_t depth, const struct smd_node *node)
{
	lines->line.used = 0;
	smd_node_put_text(node, &lines->line);
	if (lines->line.failed)
		return smd_fail(lines->error, SMD_E_NO_MEMORY, "no memory for a line");
	if (node->kind != SMD_BLOCK && memchr(lines->line.bytes, '\n', lines->line.used))
		return smd_fail(lines->error, SMD_E_INVALID,
				"\"%.60s\" has a line end in it and cannot be a line",
				node->name->bytes);
	return smd_lines_say(lines, depth, (struct smd_span){lines->line.bytes, lines->line.used});
}

void smd_node_put_path(const struct smd_node *node, const char *between, struct smd_buffer *out)
{
	const struct smd_node *chain[SMD_TREE_DEPTH];
	size_t count = 0;

	for (; node->parent && node->parent->parent; node = node->parent)
		chain[count++] = node->parent;
	while (count) {
		smd_node_put_name(chain[--count], out);
		smd_buffer_puts(out, between);
	}
}

void smd_lines_done(struct smd_lines *lines)
{
	smd_buffer_done(&lines->line);
}
