/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/tree/own.h"

#define TRIES 40
#define WORD_SIZE 256

static void tell(struct mutation *mutation, const char *what, size_t line, const char *text)
{
	snprintf(mutation->what, sizeof(mutation->what), "%s line %zu: %s", what, line + 1, text);
}

static size_t column_of(const char *line)
{
	return strspn(line, " \t");
}

static int is_blank(const char *line)
{
	return !line[column_of(line)];
}

/* Is the line blank, or does it only close a section? */
static int is_closer(const char *line)
{
	line += column_of(line);
	return !*line || *line == '}' || *line == '!' || *line == '#';
}

/* A random line for which `fits` is true; the number of lines if there is none. */
static size_t pick_line(struct smd_prng *prng, const struct smd_text *text,
			int (*fits)(const char *line))
{
	uint32_t count = (uint32_t)smd_text_count(text);

	for (unsigned i = 0; count && i < TRIES; i++) {
		size_t at = smd_prng_below(prng, count);

		if (fits(smd_text_get(text, at, NULL)))
			return at;
	}
	return count;
}

static int is_statement(const char *line)
{
	return !is_closer(line);
}

static int braces_of(const char *line)
{
	size_t length = strlen(line);

	if (length && line[length - 1] == '{')
		return 1;
	return length && line[column_of(line)] == '}' ? -1 : 0;
}

/* The first line after the statement at `at` and its block. */
static size_t behind(const struct smd_text *text, size_t at)
{
	const char *line = smd_text_get(text, at, NULL);
	size_t column = column_of(line), end = at + 1;
	int depth = braces_of(line);

	for (at++; (line = smd_text_get(text, at, NULL)); at++) {
		if (is_blank(line))
			continue;
		if (depth <= 0 && column_of(line) <= column)
			break;
		depth += depth > 0 ? braces_of(line) : 0;
		end = at + 1;
	}
	return end;
}

struct smd_text *mutate_delete(struct mutation *mutation, const struct smd_text *text)
{
	smd_cleanup(smd_text_free) struct smd_text *out = NULL;
	size_t at = pick_line(mutation->prng, text, is_statement), count = smd_text_count(text);

	if (at == count || smd_text_new(&out, 0))
		return NULL;
	tell(mutation, "without", at, smd_text_get(text, at, NULL));
	for (size_t i = 0, end = behind(text, at); i < count; i++)
		if ((i < at || i >= end) && smd_text_line(out, smd_text_get(text, i, NULL)))
			return NULL;
	return smd_take(out);
}

/* Words */

static int has_value(const char *line)
{
	line += column_of(line);
	line += strcspn(line, " \t");
	return *line && !is_closer(line);
}

/* A random word other than the first; its size is without the end of the statement. */
static const char *pick_word(struct smd_prng *prng, const char *line, size_t *size)
{
	const char *word = NULL;
	unsigned seen = 0;

	line += column_of(line);
	line += strcspn(line, " \t");
	for (line += column_of(line); *line; line += column_of(line)) {
		size_t length = strcspn(line, " \t;");

		if (length && *line != '{' && !smd_prng_below(prng, ++seen)) {
			word = line;
			*size = length;
		}
		line += strcspn(line, " \t");
	}
	return word;
}

/* Add or subtract one to the last decimal number in a word. */
static int change_number(struct smd_prng *prng, const char *word, size_t size, char *out)
{
	size_t end = size, start;
	unsigned long number;

	while (end && !isdigit((unsigned char)word[end - 1]))
		end--;
	for (start = end; start && isdigit((unsigned char)word[start - 1]);)
		start--;
	if (start == end || end - start > 9)
		return 0;
	number = strtoul(word + start, NULL, 10);
	number = number && smd_prng_percent(prng, 50) ? number - 1 : number + 1;
	snprintf(out, WORD_SIZE, "%.*s%lu%.*s", (int)start, word, number, (int)(size - end),
		 word + end);
	return 1;
}

/* The word at the same position in another line that begins with the same word. */
static int borrow_word(struct smd_prng *prng, const struct smd_text *text, const char *line,
		       const char *word, size_t size, char *out)
{
	size_t first = column_of(line) + strcspn(line + column_of(line), " \t");

	for (unsigned i = 0; i < TRIES; i++) {
		const char *other = smd_text_get(
			text, smd_prng_below(prng, (uint32_t)smd_text_count(text)), NULL);
		size_t length;

		if (strncmp(other, line, first + 1) != 0)
			continue;
		other = pick_word(prng, other, &length);
		if (!other || length >= WORD_SIZE || (length == size && !memcmp(other, word, size)))
			continue;
		snprintf(out, WORD_SIZE, "%.*s", (int)length, other);
		return 1;
	}
	return 0;
}

static int is_quoted(const char *word, size_t size)
{
	return memchr(word, '"', size) != NULL;
}

struct smd_text *mutate_word(struct mutation *mutation, const struct smd_text *text)
{
	smd_cleanup(smd_text_free) struct smd_text *out = NULL;
	size_t at = pick_line(mutation->prng, text, has_value), count = smd_text_count(text);
	size_t size = 0;
	const char *line = smd_text_get(text, at, NULL);
	const char *word = line ? pick_word(mutation->prng, line, &size) : NULL;
	char with[WORD_SIZE];

	if (!word || size + 2 >= WORD_SIZE || is_quoted(word, size) || smd_text_new(&out, 0))
		return NULL;
	if (!change_number(mutation->prng, word, size, with) &&
	    !borrow_word(mutation->prng, text, line, word, size, with))
		snprintf(with, sizeof(with), "%.*sx", (int)size, word);
	tell(mutation, with, at, line);
	for (size_t i = 0; i < count; i++)
		if (i == at ? smd_text_linef(out, "%.*s%s%s", (int)(word - line), line, with,
					     word + size)
			    : smd_text_line(out, smd_text_get(text, i, NULL)))
			return NULL;
	return smd_take(out);
}

/* Order of nodes */

struct picking {
	struct smd_prng *prng;
	int ordered;
	uint32_t seen;
	const struct smd_node *node, *other;
};

static int are_like(const struct smd_node *a, const struct smd_node *b)
{
	return smd_node_ordered(a) && smd_node_ordered(b) &&
	       !strcmp(smd_node_name(a), smd_node_name(b));
}

/* Can the two nodes be swapped? `ordered`: only ordered siblings, else only those without order. */
static int are_pair(const struct picking *picking, const struct smd_node *a,
		    const struct smd_node *b)
{
	return picking->ordered ? are_like(a, b) : !smd_node_ordered(a) && !smd_node_ordered(b);
}

/* Choose a pair of siblings to swap; every node that has a partner is equally likely. */
static void pick_pair(struct picking *picking, const struct smd_node *parent)
{
	for (const struct smd_node *node = smd_node_first(parent); node;
	     node = smd_node_next(node)) {
		const struct smd_node *other = smd_node_next(node);

		for (unsigned i = smd_prng_below(picking->prng, 4); other && i; i--)
			other = smd_node_next(other) ? smd_node_next(other) : other;
		if (other && are_pair(picking, node, other) &&
		    !smd_prng_below(picking->prng, ++picking->seen)) {
			picking->node = node;
			picking->other = other;
		}
		pick_pair(picking, node);
	}
}

static struct smd_tree *move(struct mutation *mutation, const struct smd_tree *tree, int ordered,
			     const char *what)
{
	struct picking picking = {.prng = mutation->prng, .ordered = ordered};
	smd_cleanup(smd_tree_free) struct smd_tree *out = NULL;
	int size;

	if (smd_tree_copy(&out, tree))
		return NULL;
	pick_pair(&picking, smd_tree_top(out));
	if (!picking.node)
		return NULL;
	size = snprintf(mutation->what, sizeof(mutation->what), "%s ", what);
	smd_node_path(picking.node, mutation->what + size, sizeof(mutation->what) - (size_t)size);
	smd_node_move(smd_node_edit(out, picking.node), smd_node_edit(out, picking.other));
	return smd_take(out);
}

struct smd_tree *mutate_swap(struct mutation *mutation, const struct smd_tree *tree)
{
	return move(mutation, tree, 0, "elsewhere, which means nothing:");
}

struct smd_tree *mutate_move(struct mutation *mutation, const struct smd_tree *tree)
{
	return move(mutation, tree, 1, "later among its like:");
}
