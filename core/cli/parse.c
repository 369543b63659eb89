/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to tree. A line is taken up when the next one has been seen, because
 * that one's column tells whether it opens a section.
 */
#include <string.h>

#include "core/cli/shape.h"
#include "core/tree/node.h"
#include "core/tree/own.h"

/* An open section. */
struct level {
	struct smd_node *node;
	const struct smd_rule *rule;
	size_t column;
	char *line;
};

struct parse {
	const struct smd_grammar *grammar;
	struct smd_tree *tree;
	struct level levels[SMD_TREE_DEPTH];
	size_t depth;
	struct smd_shape shape;
	struct smd_buffer pending, next; /* bare lines */
	size_t column, number;           /* of the pending one; number 0: there is none */
	struct smd_error *error;
};

static void leave(struct parse *parse)
{
	struct level *level = &parse->levels[--parse->depth];

	if (smd_rule_stays(level->rule) && !smd_node_first(level->node))
		smd_node_remove(level->node);
	free(level->line);
}

static int too_deep(struct parse *parse)
{
	smd_fail(parse->error, SMD_E_INVALID, "line %zu is nested deeper than %d levels",
		 parse->number, SMD_TREE_DEPTH);
	smd_error_where(parse->error, "line %zu", parse->number);
	return SMD_E_INVALID;
}

static int enter(struct parse *parse, struct smd_node *node, const struct smd_rule *rule)
{
	struct level *level = &parse->levels[parse->depth];

	if (parse->depth == SMD_TREE_DEPTH)
		return too_deep(parse);
	*level = (struct level){node, rule, parse->column, strdup(parse->pending.bytes)};
	if (!level->line)
		return smd_fail(parse->error, SMD_E_NO_MEMORY, "no memory for a configuration");
	parse->depth++;
	return 0;
}

/* Put the pending line into the tree; `holds`: the next one is indented deeper. */
static int take_pending(struct parse *parse, int holds)
{
	struct smd_node *parent = smd_tree_root(parse->tree), *node;
	const char *within = NULL;
	struct smd_hit hit;
	int err;

	while (parse->depth && parse->levels[parse->depth - 1].column >= parse->column)
		leave(parse);
	if (parse->depth) {
		parent = parse->levels[parse->depth - 1].node;
		within = parse->levels[parse->depth - 1].line;
	}
	smd_grammar_find(parse->grammar, within, parse->pending.bytes, &hit);
	err = smd_shape_line(&parse->shape, &hit, parse->pending.bytes, holds);
	parse->shape.spec.line = parse->number > UINT32_MAX ? 0 : (uint32_t)parse->number;
	if (!err)
		err = smd_shape_put(parent, &parse->shape, &node);
	if (err == SMD_E_INVALID)
		return too_deep(parse);
	if (err)
		return smd_fail(parse->error, err, "no memory for a configuration");
	if (parse->shape.spec.kind != SMD_SECTION && parse->shape.spec.kind != SMD_ENTRY)
		return 0;
	if (!hit.rule || hit.rule->kind != SMD_RULE_SECTION)
		hit.rule = NULL;
	return enter(parse, node, hit.rule);
}

static void swap(struct smd_buffer *a, struct smd_buffer *b)
{
	struct smd_buffer kept = *a;

	*a = *b;
	*b = kept;
}

static int take_line(struct parse *parse, const char *bytes, size_t length, size_t number)
{
	size_t column = smd_line_column(bytes, length);
	int got = smd_grammar_trim(parse->grammar, bytes, length, &parse->next), err = 0;

	if (got == SMD_E_INVALID) {
		smd_fail(parse->error, got,
			 "line %zu has a NUL byte, this is no configuration text", number);
		smd_error_where(parse->error, "line %zu", number);
	} else if (got < 0) {
		smd_fail(parse->error, got, "no memory for a configuration");
	}
	if (got <= 0 || smd_grammar_drops(parse->grammar, parse->next.bytes, parse->next.used))
		return got < 0 ? got : 0;
	if (parse->number)
		err = take_pending(parse, column > parse->column);
	swap(&parse->pending, &parse->next);
	parse->column = column;
	parse->number = number;
	return err;
}

static void done(struct parse *parse)
{
	while (parse->depth)
		leave(parse);
	smd_shape_done(&parse->shape);
	smd_buffer_done(&parse->pending);
	smd_buffer_done(&parse->next);
}

static int run(const struct smd_grammar *grammar, const struct smd_text *text,
	       struct smd_tree *tree, struct smd_error *error)
{
	struct parse parse = {.grammar = grammar, .tree = tree, .error = error};
	size_t count = smd_text_count(text), length;
	int err = 0;

	for (size_t i = 0; i < count && !err; i++) {
		const char *line = smd_text_get(text, i, &length);

		err = take_line(&parse, line, length, i + 1);
	}
	if (!err && parse.number)
		err = take_pending(&parse, 0);
	done(&parse);
	return err;
}

int smd_dialect_parse(const struct smd_dialect *dialect, const struct smd_text *text,
		      struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	int err = smd_grammar_new(dialect, &grammar, error);

	if (err)
		return err;
	if (smd_tree_new(&tree))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	err = run(grammar, text, tree, error);
	if (!err)
		*out = smd_take(tree);
	return err;
}
