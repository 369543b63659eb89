/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/shape.h"

#include <string.h>

#include "core/tree/node.h"

/* Words of a line, and where the strings made of them begin. */
struct cut {
	struct smd_buffer *bytes;
	size_t key[SMD_PATTERN_WORDS];
	size_t key_count;
	size_t value; /* SIZE_MAX: none */
};

static void end_string(struct cut *cut)
{
	smd_buffer_byte(cut->bytes, '\0');
}

/* The words before `end` become the name. */
static void cut_name(struct cut *cut, const char *line, const char *end)
{
	while (line < end) {
		struct smd_span word = smd_word_next(&line);

		if (!word.length || word.at >= end)
			break;
		if (cut->bytes->used)
			smd_buffer_byte(cut->bytes, ' ');
		smd_buffer_put(cut->bytes, word.at, word.length);
	}
	end_string(cut);
}

/* Each word from `at` on becomes a key; what the pattern's `...` matched is one. */
static void cut_keys(struct cut *cut, const char *at, const char *rest)
{
	while (*at && cut->key_count < SMD_PATTERN_WORDS) {
		struct smd_span word = smd_word_next(&at);

		if (rest && word.at >= rest) {
			word = (struct smd_span){rest, strlen(rest)};
			at = rest + word.length;
		}
		cut->key[cut->key_count++] = cut->bytes->used;
		smd_buffer_put(cut->bytes, word.at, word.length);
		end_string(cut);
	}
}

/* The place in the line of the first and the last wildcard, and of `...`; NULL: there is none. */
static void find_wildcards(const struct smd_hit *hit, const char **first, const char **last,
			   const char **rest)
{
	const char *pattern = hit->rule->line;
	size_t count = 0;

	*first = *last = *rest = NULL;
	for (struct smd_span word = smd_word_next(&pattern); word.length;
	     word = smd_word_next(&pattern)) {
		int is_rest = smd_word_is(word, "...");

		if (!is_rest && !smd_word_is(word, "*"))
			continue;
		*last = hit->wild[count++].at;
		if (!*first)
			*first = *last;
		if (is_rest)
			*rest = *last;
	}
}

static int shape_plain(struct smd_shape *shape, const char *line, int holds)
{
	shape->spec = (struct smd_node_spec){.kind = holds ? SMD_SECTION : SMD_MEMBER};
	shape->bytes.used = 0;
	smd_buffer_puts(&shape->bytes, line);
	if (smd_buffer_close(&shape->bytes))
		return SMD_E_NO_MEMORY;
	shape->spec.name = shape->bytes.bytes;
	return 0;
}

static int point_at(struct smd_shape *shape, const struct cut *cut)
{
	if (shape->bytes.failed)
		return SMD_E_NO_MEMORY;
	shape->spec.name = shape->bytes.bytes;
	for (size_t i = 0; i < cut->key_count; i++)
		shape->keys[i] = shape->bytes.bytes + cut->key[i];
	shape->spec.keys = shape->keys;
	shape->spec.key_count = cut->key_count;
	if (cut->value != SIZE_MAX)
		shape->spec.value = shape->bytes.bytes + cut->value;
	return 0;
}

static int shape_value(struct smd_shape *shape, struct cut *cut, const char *line, const char *last)
{
	cut_name(cut, line, last);
	cut->value = shape->bytes.used;
	smd_buffer_puts(&shape->bytes, last);
	end_string(cut);
	shape->spec.kind = SMD_LEAF;
	return point_at(shape, cut);
}

static int shape_numbers(struct smd_shape *shape, struct cut *cut, const char *line,
			 const char *last)
{
	int err;

	smd_set_done(&shape->numbers);
	err = smd_set_parse(&shape->numbers, last, strlen(last), NULL);
	if (err == SMD_E_NO_MEMORY)
		return err;
	if (err || !shape->numbers.count)
		return shape_plain(shape, line, 0);
	cut_name(cut, line, last);
	shape->spec.kind = SMD_SET;
	return point_at(shape, cut);
}

static int shape_keyed(struct smd_shape *shape, struct cut *cut, const char *line,
		       const char *first, const char *rest)
{
	int section = shape->spec.kind == SMD_SECTION;

	cut_name(cut, line, first);
	cut_keys(cut, first, rest);
	if (section)
		shape->spec.kind = SMD_ENTRY;
	return point_at(shape, cut);
}

int smd_shape_line(struct smd_shape *shape, const struct smd_hit *hit, const char *line, int holds)
{
	struct cut cut = {.bytes = &shape->bytes, .value = SIZE_MAX};
	const struct smd_rule *rule = hit->rule;
	const char *first, *last, *rest;

	if (!rule || (holds && rule->kind != SMD_RULE_SECTION))
		return shape_plain(shape, line, holds);
	find_wildcards(hit, &first, &last, &rest);
	shape->spec = (struct smd_node_spec){.kind = rule->kind == SMD_RULE_SECTION ? SMD_SECTION
										    : SMD_MEMBER,
					     .ordered = rule->kind == SMD_RULE_ORDERED};
	shape->bytes.used = 0;
	if (rule->kind == SMD_RULE_VALUE)
		return shape_value(shape, &cut, line, last);
	if (rule->kind == SMD_RULE_NUMBERS)
		return shape_numbers(shape, &cut, line, last);
	if (first && first != line)
		return shape_keyed(shape, &cut, line, first, rest);
	cut_name(&cut, line, line + strlen(line));
	return point_at(shape, &cut);
}

void smd_shape_done(struct smd_shape *shape)
{
	smd_set_done(&shape->numbers);
	smd_buffer_done(&shape->bytes);
}

int smd_node_is_container(const struct smd_node *node)
{
	return smd_node_kind(node) == SMD_SECTION || smd_node_kind(node) == SMD_ENTRY;
}

static int add_numbers(struct smd_node *node, const struct smd_set *numbers)
{
	int err = 0;

	for (size_t i = 0; i < numbers->count && !err; i++)
		err = smd_set_add(smd_node_numbers(node), numbers->ranges[i].first,
				  numbers->ranges[i].last);
	return err;
}

/* `node` has the identity already. */
static int merge(struct smd_node *parent, const struct smd_shape *shape, struct smd_node **node)
{
	enum smd_kind have = smd_node_kind(*node), want = shape->spec.kind;

	if (smd_node_is_container(*node))
		return 0;
	if (have != want) {
		smd_node_remove(*node);
		return smd_node_add(parent, &shape->spec, node);
	}
	return have == SMD_LEAF
		       ? smd_node_set_value(*node, shape->spec.value, strlen(shape->spec.value))
		       : 0;
}

int smd_shape_put(struct smd_node *parent, const struct smd_shape *shape, struct smd_node **out)
{
	struct smd_node *node;
	int err = smd_node_add(parent, &shape->spec, &node);

	if (err == SMD_E_EXISTS)
		err = merge(parent, shape, &node);
	if (!err && shape->spec.kind == SMD_SET)
		err = add_numbers(node, &shape->numbers);
	if (!err && out)
		*out = node;
	return err;
}

const struct smd_node *smd_shape_find(const struct smd_node *parent, const struct smd_shape *shape)
{
	return smd_node_lookup(parent, shape->spec.name, shape->spec.keys, shape->spec.key_count);
}

static void put_numbers(struct smd_buffer *out, const struct smd_set *numbers)
{
	size_t size = smd_set_format(numbers, NULL, 0);

	if (!smd_buffer_reserve(out, size))
		return;
	smd_set_format(numbers, out->bytes + out->used, size + 1);
	out->used += size;
}

int smd_node_text_with(const struct smd_node *node, const struct smd_set *numbers,
		       struct smd_buffer *out)
{
	size_t size = 0;
	const char *value = smd_node_value(node, &size);

	out->used = 0;
	smd_buffer_puts(out, smd_node_name(node));
	for (size_t i = 0; i < smd_node_key_count(node); i++) {
		smd_buffer_byte(out, ' ');
		smd_buffer_puts(out, smd_node_key(node, i));
	}
	if (size || numbers)
		smd_buffer_byte(out, ' ');
	smd_buffer_put(out, value, size);
	if (numbers)
		put_numbers(out, numbers);
	return smd_buffer_close(out);
}

int smd_node_text(const struct smd_node *node, struct smd_buffer *out)
{
	return smd_node_text_with(node, smd_node_set(node), out);
}

int smd_node_rule(const struct smd_grammar *grammar, const struct smd_node *node,
		  struct smd_buffer *within, struct smd_buffer *line, struct smd_hit *hit)
{
	const struct smd_node *parent = smd_node_parent(node);
	int err = smd_node_text(node, line);

	if (!err)
		err = smd_node_text(parent, within);
	if (!err)
		smd_grammar_find(grammar, smd_node_parent(parent) ? within->bytes : NULL,
				 line->bytes, hit);
	return err;
}
