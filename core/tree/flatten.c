/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "core/base/json.h"
#include "core/tree/buffer.h"
#include "core/tree/node.h"

/*
 * A byte that is not UTF-8 becomes `\udcHH`: a lone surrogate, which no text contains, so that
 * different values stay different.
 */
static void put_odd(struct smd_buffer *out, unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char escape[8];

	for (size_t i = 0; i + 1 < sizeof(letters); i += 2)
		if (c == (unsigned char)letters[i]) {
			const char pair[] = {'\\', letters[i + 1]};

			smd_buffer_put(out, pair, sizeof(pair));
			return;
		}
	snprintf(escape, sizeof(escape), "\\u%s%02x", c < 0x80 ? "00" : "dc", c);
	smd_buffer_puts(out, escape);
}

static void put_quoted(struct smd_buffer *out, const struct smd_string *string)
{
	const char *c = string->bytes, *end = c + string->length;

	smd_buffer_puts(out, "\"");
	while (c < end) {
		size_t length = smd_utf8_length(c, (size_t)(end - c));

		if (!length || (unsigned char)*c < 0x20 || *c == '"' || *c == '\\') {
			put_odd(out, (unsigned char)*c++);
			continue;
		}
		smd_buffer_put(out, c, length);
		c += length;
	}
	smd_buffer_puts(out, "\"");
}

static void put_set(struct smd_buffer *out, const struct smd_set *set)
{
	size_t length = smd_set_format(set, NULL, 0);

	if (!smd_buffer_reserve(out, length))
		return;
	smd_set_format(set, out->bytes + out->used, length + 1);
	out->used += length;
}

static void put_path(struct smd_buffer *out, const struct smd_node *node)
{
	size_t length = smd_node_path(node, NULL, 0);

	if (!smd_buffer_reserve(out, length))
		return;
	smd_node_path(node, out->bytes, length + 1);
	out->used = length;
}

static int flatten_line(const struct smd_node *node, struct smd_buffer *line, struct smd_text *out)
{
	line->used = 0;
	put_path(line, node);
	if (smd_node_holds(node)) {
		smd_buffer_puts(line, "/");
	} else if (smd_node_valued(node)) {
		smd_buffer_puts(line, " = ");
		put_quoted(line, node->value);
	} else if (node->kind == SMD_SET) {
		smd_buffer_puts(line, " = ");
		put_set(line, &node->numbers->set);
	}
	smd_buffer_byte(line, '\0');
	return line->failed ? SMD_E_NO_MEMORY : smd_text_line(out, line->bytes);
}

static int flatten_below(const struct smd_node *node, struct smd_buffer *line, struct smd_text *out)
{
	int err = 0;

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next)
		err = smd_node_first(child) ? flatten_below(child, line, out)
					    : flatten_line(child, line, out);
	return err;
}

int smd_tree_flatten(const struct smd_tree *tree, struct smd_text *out)
{
	struct smd_buffer line = {0};
	int err = flatten_below(tree->root, &line, out);

	smd_buffer_done(&line);
	return err;
}
