/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical paths; their syntax is in tree.h. */
#include <smartdeploy/tree.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/tree/node.h"
#include "core/tree/spelling.h"

struct writer {
	char *out;
	size_t size, used;
};

static void put_char(struct writer *writer, char c)
{
	if (writer->used + 1 < writer->size)
		writer->out[writer->used] = c;
	writer->used++;
}

static int is_special(char c)
{
	return c == '/' || c == '[' || c == ']' || c == '\\';
}

static int is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static void put_hex(struct writer *writer, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";

	put_char(writer, '\\');
	put_char(writer, 'x');
	put_char(writer, hex[c >> 4]);
	put_char(writer, hex[c & 15]);
}

static void put_piece(struct writer *writer, struct smd_span piece)
{
	const char *bytes = piece.at;

	for (size_t i = 0, length; i < piece.length; i += length) {
		length = smd_utf8_length(bytes + i, piece.length - i);
		if (!length || is_control((unsigned char)bytes[i])) {
			put_hex(writer, (unsigned char)bytes[i]);
			length = 1;
			continue;
		}
		if (is_special(bytes[i]))
			put_char(writer, '\\');
		for (size_t j = 0; j < length; j++)
			put_char(writer, bytes[i + j]);
	}
}

static void put_escaped(struct writer *writer, const struct smd_string *string)
{
	struct smd_span left = smd_string_span(string), piece;
	char address[SMD_SPELLING_ADDRESS];

	while ((piece = smd_spelling_piece(&left, address)).length)
		put_piece(writer, piece);
}

size_t smd_node_path(const struct smd_node *node, char *out, size_t size)
{
	const struct smd_node *steps[SMD_TREE_DEPTH];
	struct writer writer = {out, size, 0};
	size_t count = 0;

	for (; node && node->depth; node = node->parent)
		steps[count++] = node;
	if (!count)
		put_char(&writer, '/');
	while (count--) {
		put_char(&writer, '/');
		put_escaped(&writer, steps[count]->name);
		for (size_t i = 0; i < steps[count]->key_count; i++) {
			put_char(&writer, '[');
			put_escaped(&writer, smd_node_key_string(steps[count], i));
			put_char(&writer, ']');
		}
	}
	if (size)
		out[writer.used < size ? writer.used : size - 1] = '\0';
	return writer.used;
}

/* One step of a path, decoded into the reader's scratch memory. */
struct step {
	const char *name;
	const char *keys[SMD_NODE_KEYS];
	size_t key_count;
};

struct reader {
	const char *at; /* what is left of the path */
	char *scratch;  /* at least as many bytes as are left: a NUL comes for each / or [ */
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Decode what follows a backslash; NULL: it is no escape. */
static const char *read_escape(const char *at, char *out)
{
	int high, low;

	if (is_special(*at)) {
		*out = *at;
		return at + 1;
	}
	if (*at != 'x')
		return NULL;
	high = hex_digit(at[1]);
	low = high < 0 ? -1 : hex_digit(at[2]);
	if (low < 0 || !(high | low))
		return NULL;
	*out = (char)(high << 4 | low);
	if (!is_control((unsigned char)*out) && high < 8)
		return NULL;
	return at + 3;
}

/* Decode up to the next unescaped special character or the end; NULL: it cannot be decoded. */
static const char *read_word(struct reader *reader)
{
	char *word = reader->scratch;

	while (*reader->at && (*reader->at == '\\' || !is_special(*reader->at))) {
		char c = *reader->at++;

		if (c == '\\') {
			reader->at = read_escape(reader->at, &c);
			if (!reader->at)
				return NULL;
		} else if (is_control((unsigned char)c)) {
			return NULL;
		}
		*reader->scratch++ = c;
	}
	*reader->scratch++ = '\0';
	return word;
}

/* Read `/name[key]...`; returns 0 if that is not what stands there. */
static int read_step(struct reader *reader, struct step *step)
{
	if (*reader->at++ != '/')
		return 0;
	step->key_count = 0;
	step->name = read_word(reader);
	if (!step->name || !*step->name)
		return 0;
	while (*reader->at == '[') {
		if (step->key_count == SMD_NODE_KEYS)
			return 0;
		reader->at++;
		step->keys[step->key_count] = read_word(reader);
		if (!step->keys[step->key_count++] || *reader->at++ != ']')
			return 0;
	}
	return *reader->at == '/' || !*reader->at;
}

/* Read a number in its one canonical spelling: without a sign or leading zeros. */
static int read_number(const char *text, uint32_t *out)
{
	uint64_t number = 0;

	if (!*text || (text[0] == '0' && text[1]))
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > UINT32_MAX)
			return 0;
	}
	*out = (uint32_t)number;
	return 1;
}

static const struct smd_node *take_step(const struct smd_node *node, const struct step *step,
					int64_t *number)
{
	const struct smd_node *found =
		smd_node_lookup(node, step->name, step->keys, step->key_count);
	uint32_t value;

	if (found || step->key_count != 1)
		return found;
	found = smd_node_find(node, step->name, NULL);
	if (!found || found->kind != SMD_SET || !read_number(step->keys[0], &value) ||
	    !smd_set_has(&found->numbers->set, value))
		return NULL;
	*number = value;
	return found;
}

static const struct smd_node *path_error(const char *path, struct smd_error *error)
{
	smd_fail(error, SMD_E_INVALID, "\"%s\" is no path of a node", path);
	smd_error_hint(error, "write /name[key]/name, with a backslash before / [ ] and \\");
	return NULL;
}

const struct smd_node *smd_tree_at(const struct smd_tree *tree, const char *path, int64_t *number,
				   struct smd_error *error)
{
	smd_cleanup(free) char *scratch = malloc(strlen(path) + 1);
	struct reader reader = {path, scratch};
	const struct smd_node *node = tree->root;
	int64_t in_set = -1;
	struct step step;

	if (!scratch) {
		smd_fail(error, SMD_E_NO_MEMORY, "no memory to read a path");
		return NULL;
	}
	if (!*path)
		return path_error(path, error);
	if (!strcmp(path, "/"))
		reader.at++;
	while (*reader.at) {
		if (!read_step(&reader, &step))
			return path_error(path, error);
		/* Nothing is below a number; read on only to check the syntax of the path. */
		node = node && in_set < 0 ? take_step(node, &step, &in_set) : NULL;
	}
	if (!node)
		smd_fail(error, SMD_E_NOT_FOUND, "there is no node \"%s\"", path);
	else if (number)
		*number = in_set;
	return node;
}
