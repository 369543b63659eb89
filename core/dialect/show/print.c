/* SPDX-License-Identifier: Apache-2.0 */
/* Prints trees as text of their family, or flat. */
#include "core/dialect/read/read.h"
#include "core/dialect/render/writer.h"
#include "core/dialect/show/show.h"
#include "core/tree/own.h"

/* A line that several nodes make, while it is written. */
struct print {
	struct smd_line_writer writer;
	struct smd_buffer text;
	struct smd_node_rule node_rule;
	int braces;
};

/* Append a node's line; an empty list by its form `none`. */
static int put_node(struct print *print, const struct smd_node *node)
{
	const struct smd_context *context;
	const struct smd_rule *rule;

	if (node->kind != SMD_SET || node->numbers->set.count) {
		smd_node_put_text(node, &print->text);
		return 0;
	}
	context = smd_node_context(print->writer.grammar, node->parent);
	if (!context || smd_node_rule_find(&print->node_rule, print->writer.grammar, context, node))
		return smd_fail(print->writer.error, SMD_E_NO_MEMORY, "no memory for a line");
	rule = smd_match_rule(&print->node_rule.match);
	if (rule && rule->numbers && rule->numbers->none)
		smd_node_rule_fill(&print->node_rule, node, rule->numbers->none, &print->text);
	else
		smd_node_put_text(node, &print->text);
	return 0;
}

/* Append the marks that stand beside the node. */
static void put_marks(struct print *print, const struct smd_node *node)
{
	const struct smd_mark *mark = smd_grammar_dialect(print->writer.grammar)->marks;
	struct smd_span key;
	struct smd_parts parts = {.keys = &key, .key_count = 1};

	if (!mark || !mark->word)
		return;
	print->writer.line.used = 0;
	smd_node_put_name(node, &print->writer.line);
	key = (struct smd_span){print->writer.line.bytes, print->writer.line.used};
	for (; mark->word; mark++) {
		parts.name = smd_span_of(mark->word);
		if (!smd_parts_find(node->parent, &parts))
			continue;
		smd_buffer_puts(&print->text, mark->word);
		smd_buffer_byte(&print->text, ' ');
	}
}

/* The only child of a node, if it is printed on the node's line; NULL: there is none. */
static const struct smd_node *inline_child(const struct smd_node *node)
{
	const struct smd_node *child = smd_node_first(node);

	return node->flags & SMD_NODE_INLINE && child && !child->next ? child : NULL;
}

static int write_line(struct print *print, size_t depth, const struct smd_node *node,
		      const char *end)
{
	struct smd_line_writer *writer = &print->writer;

	smd_buffer_puts(&print->text, end);
	if (print->text.failed)
		return smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a line");
	if (node->kind != SMD_BLOCK && memchr(print->text.bytes, '\n', print->text.used))
		return smd_fail(writer->error, SMD_E_INVALID,
				"\"%.60s\" has a line end in it and cannot be a line",
				node->name->bytes);
	return smd_line_write(writer, depth,
			      (struct smd_span){print->text.bytes, print->text.used});
}

/* Write a closer behind an empty section, so that the lines that follow are not read as its own. */
static int close_empty(struct print *print, size_t depth)
{
	const char *const *closers = smd_grammar_dialect(print->writer.grammar)->closers;

	if (smd_grammar_paths(print->writer.grammar) || !closers || !*closers)
		return 0;
	return smd_line_write(&print->writer, depth, smd_span_of(*closers));
}

static int print_below(struct print *print, size_t depth, const struct smd_node *node)
{
	const struct smd_node *inner;
	int err = 0, marked;

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next) {
		const struct smd_node *last = child;

		if (smd_node_mark(print->writer.grammar, child))
			continue;
		print->text.used = 0;
		put_marks(print, child);
		marked = print->text.used > 0;
		err = put_node(print, child);
		while (!err && !marked && (inner = inline_child(last)) &&
		       !smd_node_mark(print->writer.grammar, inner)) {
			smd_buffer_byte(&print->text, ' ');
			smd_node_put_text(inner, &print->text);
			last = inner;
		}
		if (!err && !print->braces)
			err = write_line(print, depth, last, "");
		else if (!err)
			err = write_line(print, depth, last, smd_node_first(last) ? " {" : ";");
		if (!err)
			err = print_below(print, depth + 1, last);
		if (!err && !print->braces && smd_node_holds(last) && !smd_node_first(last))
			err = close_empty(print, depth);
		if (!err && print->braces && smd_node_first(last))
			err = smd_line_write(&print->writer, depth, smd_span_of("}"));
	}
	return err;
}

static int flatten_below(struct print *print, const struct smd_node *node)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(print->writer.grammar);
	int paths = smd_grammar_paths(print->writer.grammar), err = 0;

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next) {
		const struct smd_mark *mark = smd_node_mark(print->writer.grammar, child);

		if (smd_node_first(child)) {
			err = flatten_below(print, child);
			continue;
		}
		print->text.used = 0;
		if (paths && *dialect->enter) {
			smd_buffer_puts(&print->text, mark ? mark->set : dialect->enter);
			smd_buffer_byte(&print->text, ' ');
		}
		smd_node_put_path(child, paths ? " " : " / ", &print->text);
		if (mark)
			smd_buffer_puts(&print->text, smd_node_key(child, 0));
		else
			err = put_node(print, child);
		if (!err)
			err = write_line(print, 0, child, "");
	}
	return err;
}

/*
 * Law 1: read the text again. A line can read differently where it is printed: below a value, or
 * with an open quote or the beginning of a comment, once it shares a line with others.
 */
static int check_printed(struct smd_grammar *grammar, const struct smd_tree *tree,
			 const struct smd_text *text, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *again = NULL;
	smd_cleanup(smd_changes_free) struct smd_changes *changes = NULL;
	char path[96] = "";
	int err = smd_read_text(grammar, text, NULL, &again, error);

	if (err)
		return err;
	if (smd_diff(tree, again, &changes))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	if (!smd_changes_count(changes))
		return 0;
	smd_change_path(smd_changes_get(changes, 0), path, sizeof(path));
	return smd_fail(error, SMD_E_INVALID, "%s cannot be printed: it would be read differently",
			path);
}

static int print_all(struct print *print, const struct smd_tree *tree, int flat)
{
	struct smd_line_writer *writer = &print->writer;
	int err;

	print->braces = smd_grammar_dialect(writer->grammar)->family == SMD_FAMILY_BRACED;
	err = flat ? flatten_below(print, smd_tree_top(tree))
		   : print_below(print, 0, smd_tree_top(tree));
	if (!err && (!flat || smd_grammar_paths(writer->grammar)))
		err = check_printed(writer->grammar, tree, writer->out, writer->error);
	smd_line_writer_done(writer);
	smd_node_rule_done(&print->node_rule);
	smd_buffer_done(&print->text);
	return err;
}

int smd_print_tree(struct smd_grammar *grammar, const struct smd_tree *tree, int flat,
		   struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	struct print print = {.writer = {.grammar = grammar, .error = error}};
	int err = smd_text_new(&text, 0);

	if (err)
		return smd_fail(error, err, "no memory for a configuration");
	print.writer.out = text;
	err = print_all(&print, tree, flat);
	for (size_t i = 0; i < smd_text_count(text) && !err; i++)
		if (smd_text_line(out, smd_text_get(text, i, NULL)))
			err = smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	return err;
}
