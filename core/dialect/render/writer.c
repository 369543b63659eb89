/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/render/writer.h"

/* Whether the text can be written: line ends are those of a block, without carriage returns. */
static int is_one_line(struct smd_span line)
{
	return !memchr(line.at, '\0', line.length) && !memchr(line.at, '\r', line.length);
}

int smd_line_write(struct smd_line_writer *writer, size_t depth, struct smd_span line)
{
	static const char blanks[] = "                ";
	size_t indent = depth * smd_grammar_dialect(writer->grammar)->indent;
	int err = 0;

	if (!is_one_line(line))
		return smd_fail(writer->error, SMD_E_INVALID,
				"\"%.60s\" has a line end in it and cannot be a line", line.at);
	while (indent && !err) {
		size_t some = indent < sizeof(blanks) - 1 ? indent : sizeof(blanks) - 1;

		err = smd_text_append(writer->out, blanks, some);
		indent -= some;
	}
	if (!err)
		err = smd_text_append(writer->out, line.at, line.length);
	if (!err)
		err = smd_text_append(writer->out, "\n", 1);
	return err ? smd_fail(writer->error, err, "the text becomes too long") : 0;
}

int smd_line_write_node(struct smd_line_writer *writer, size_t depth, const struct smd_node *node)
{
	writer->line.used = 0;
	smd_node_put_text(node, &writer->line);
	if (writer->line.failed)
		return smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a line");
	if (node->kind != SMD_BLOCK && memchr(writer->line.bytes, '\n', writer->line.used))
		return smd_fail(writer->error, SMD_E_INVALID,
				"\"%.60s\" has a line end in it and cannot be a line",
				node->name->bytes);
	return smd_line_write(writer, depth,
			      (struct smd_span){writer->line.bytes, writer->line.used});
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

void smd_line_writer_done(struct smd_line_writer *writer)
{
	smd_buffer_done(&writer->line);
}
