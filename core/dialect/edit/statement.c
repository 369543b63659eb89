/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/edit/statement.h"
#include "core/dialect/line/invalidate.h"

#include "core/dialect/edit/internal.h"
#include "core/dialect/line/expand.h"
#include "core/dialect/line/number_list.h"

void smd_statement_writer_done(struct smd_statement_writer *writer)
{
	smd_line_node_done(&writer->line_node);
	smd_buffer_done(&writer->line);
	smd_buffer_done(&writer->other);
	smd_buffer_done(&writer->block);
}

struct smd_cursor smd_cursor_top(const struct smd_grammar *grammar, struct smd_tree *tree)
{
	return (struct smd_cursor){.node = smd_tree_root(tree),
				   .context = smd_grammar_top(grammar)};
}

void smd_cursor_leave(const struct smd_cursor *cursor)
{
	if (cursor->rule && cursor->rule->flags & (SMD_RULE_PERMANENT | SMD_RULE_EMPTY_IS_ABSENT) &&
	    !smd_node_first(cursor->node))
		smd_node_remove(cursor->node);
}

static const struct smd_rule *rule_of(struct smd_grammar *grammar, const struct smd_node *section)
{
	const struct smd_context *context = smd_node_context(grammar, section->parent);
	struct smd_node_rule node_rule = {.line = {0}};
	const struct smd_rule *rule = NULL;

	if (context && !smd_node_rule_find(&node_rule, grammar, context, section))
		rule = smd_match_rule(&node_rule.match);
	smd_node_rule_done(&node_rule);
	return rule;
}

int smd_marks_remove(const struct smd_grammar *grammar, struct smd_node *section,
		     const struct smd_node *node)
{
	const struct smd_mark *mark = smd_grammar_dialect(grammar)->marks;
	struct smd_buffer text = {0};
	struct smd_span key;
	struct smd_parts parts = {.keys = &key, .key_count = 1};
	int err;

	if (!mark || !mark->word)
		return 0;
	smd_node_put_name(node, &text);
	err = text.failed ? SMD_E_NO_MEMORY : 0;
	key = (struct smd_span){text.bytes, text.used};
	for (; mark->word && !err; mark++) {
		const struct smd_node *there;

		parts.name = smd_span_of(mark->word);
		there = smd_parts_find(section, &parts);
		if (there)
			smd_node_remove((struct smd_node *)there);
	}
	smd_buffer_done(&text);
	return err;
}

void smd_section_leave(struct smd_grammar *grammar, struct smd_node *section)
{
	while (section->parent && !smd_node_first(section)) {
		const struct smd_rule *rule = rule_of(grammar, section);
		struct smd_node *outer = section->parent;

		if (!rule || !(rule->flags & (SMD_RULE_PERMANENT | SMD_RULE_EMPTY_IS_ABSENT)))
			break;
		smd_marks_remove(grammar, outer, section);
		smd_node_remove(section);
		section = outer;
	}
}

/* A device never shows two values of one name: what is lost must not be lost in silence. */
static int two_values(struct smd_put *put, const struct smd_node *node)
{
	struct smd_error *error = put->writer->error;
	struct smd_buffer name = {0};

	smd_node_put_name(node, &name);
	smd_fail(error, SMD_E_INVALID, "lines %u and %zu both say what \"%.*s\" is, and differ",
		 node->line, put->number, name.failed ? 0 : (int)name.used, name.bytes);
	smd_buffer_done(&name);
	smd_error_where(error, "line %zu", put->number);
	smd_error_hint(error, "there is one value at a time: take one of the lines out; if a "
			      "device shows both, the driver does not know them: tell its makers");
	return SMD_E_INVALID;
}

int smd_put_failed(struct smd_statement_writer *writer, int err, size_t number)
{
	if (err == SMD_E_INVALID)
		smd_fail(writer->error, err, "line %zu is nested deeper than %d levels", number,
			 SMD_TREE_DEPTH);
	else
		smd_fail(writer->error, err, "no memory for a configuration");
	smd_error_where(writer->error, "line %zu", number);
	return err;
}

int smd_put_open(struct smd_put *put, struct smd_node *node,
		 const struct smd_compiled_rule *compiled, struct smd_cursor *inner)
{
	inner->node = node;
	inner->rule = compiled ? compiled->rule : NULL;
	inner->line = put->number;
	inner->context = smd_grammar_enter(put->writer->grammar, put->cursor.context, compiled);
	return inner->context ? 0 : smd_put_failed(put->writer, SMD_E_NO_MEMORY, put->number);
}

/* Open a section whose line was spelled anew: another rule may know it then. */
static int open_respelled(struct smd_put *put, struct smd_node *node, struct smd_cursor *inner)
{
	struct smd_node_rule node_rule = {.line = {0}};
	const struct smd_compiled_rule *compiled = NULL;
	int err = smd_node_rule_find(&node_rule, put->writer->grammar, put->cursor.context, node);

	if (!err && smd_rule_is_section(smd_match_rule(&node_rule.match)))
		compiled = node_rule.match.form->compiled;
	smd_node_rule_done(&node_rule);
	return err ? smd_put_failed(put->writer, err, put->number)
		   : smd_put_open(put, node, compiled, inner);
}

/* Not of paths, of which one line names many sections. */
static void note_merged(const struct smd_put *put)
{
	struct smd_read_notes *notes = smd_grammar_notes(put->writer->grammar);

	if (notes && !smd_grammar_paths(put->writer->grammar))
		smd_note_line(&notes->merged, put->number);
}

int smd_put_line_node(struct smd_put *put, struct smd_node **node)
{
	struct smd_line_node *line_node = &put->writer->line_node;
	/* of equal paths only one is kept: no duplicates */
	size_t since = smd_grammar_paths(put->writer->grammar) ? SIZE_MAX : put->cursor.line;
	int err;

	line_node->parts.line = put->number > UINT32_MAX ? 0 : (uint32_t)put->number;
	line_node->parts.flags |= put->flags;
	line_node->once = put->writer->reads;
	err = smd_line_node_put(put->cursor.node, line_node, since, node);
	if (err == SMD_E_CONFLICT)
		return two_values(put, *node);
	if (!err && line_node->merged && put->writer->reads)
		note_merged(put);
	return err ? smd_put_failed(put->writer, err, put->number) : 0;
}

/* A line that stands for several sections, while they are put. */
struct expansion {
	struct smd_put *put;
	struct smd_cursor *inner; /* the section for the lines that belong to it */
	size_t index;
};

static int put_one(void *arg, struct smd_span line, size_t left)
{
	struct expansion *expansion = arg;
	struct smd_put *put = expansion->put;
	int err;

	if (put->holds && expansion->index++ < put->writer->expansion)
		return 0;
	if (put->holds && expansion->index - 1 > put->writer->expansion)
		return 0;
	err = smd_statement_put(put->writer, &put->cursor, line, put->number, put->holds, NULL,
				expansion->inner);
	if (err)
		return err;
	expansion->inner->left = left;
	if (!put->holds)
		smd_cursor_leave(expansion->inner);
	return 0;
}

/* Put `vlan 10,20-22` as a section for each number. 1: the line stands for itself alone. */
static int put_expanded(struct smd_put *put, struct smd_cursor *inner)
{
	struct expansion expansion = {put, inner, 0};
	struct smd_span line = smd_words_rest(&put->writer->words, 0);
	int err = smd_expand_each(put->writer->grammar, put->cursor.context, line, put_one,
				  &expansion);

	if (!err && !put->holds)
		*inner = (struct smd_cursor){.node = NULL};
	return err;
}

/* Remove lines that the new one invalidates and that invalidate it: the last one counts. */
static int remove_rivals(struct smd_put *put, struct smd_span line)
{
	struct smd_statement_writer *writer = put->writer;
	struct smd_node_rule node_rule = {.line = {0}};
	struct smd_invalidator invalidator, other;
	const struct smd_node *next;
	struct smd_words own;
	int err = 0;

	smd_invalidator_init(&invalidator, &writer->match);
	smd_words_split(&own, line, smd_grammar_dialect(writer->grammar)->quotes);
	for (const struct smd_node *node = smd_node_first(put->cursor.node); node && !err;
	     node = next) {
		next = node->next;
		err = smd_node_rule_find(&node_rule, writer->grammar, put->cursor.context, node);
		smd_invalidator_init(&other, &node_rule.match);
		if (!err && other.compiled != invalidator.compiled &&
		    smd_invalidator_removes(&invalidator, &node_rule.words) &&
		    smd_invalidator_removes(&other, &own))
			smd_node_remove((struct smd_node *)node);
	}
	smd_node_rule_done(&node_rule);
	return err ? smd_put_failed(writer, err, put->number) : 0;
}

static int put_block(struct smd_put *put)
{
	int err = smd_block_read(&put->writer->match, &put->writer->words, put->number, put->source,
				 &put->writer->block, put->writer->error);
	struct smd_node *node;

	if (err)
		return err;
	smd_line_node_set_block(
		&put->writer->line_node,
		(struct smd_span){put->writer->block.bytes, put->writer->block.used});
	return smd_put_line_node(put, &node);
}

/* Put a line of a DEFAULT rule: it adds nothing, but removes a line that says something else. */
static int enter_default(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
			 const struct smd_words *words, size_t from)
{
	struct smd_span line = smd_words_rest(words, from);
	struct smd_span positive = smd_grammar_positive(writer->grammar, line);
	const struct smd_node *node;
	struct smd_words own;
	struct smd_rule_match match;

	smd_words_split(&own, positive.length ? positive : line,
			smd_grammar_dialect(writer->grammar)->quotes);
	smd_context_find_set(cursor->context, &own, 0, &match);
	if (smd_line_node_read(&writer->line_node, writer->grammar, &match, &own, 0, 0))
		return smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a configuration");
	node = smd_line_node_find(cursor->node, &writer->line_node);
	if (node)
		smd_node_remove((struct smd_node *)node);
	return 0;
}

/* A line stands deeper than one that is no section. */
static int holds_nothing(struct smd_put *put)
{
	struct smd_error *error = put->writer->error;

	smd_fail(error, SMD_E_INVALID,
		 "what follows line %zu is indented deeper, but nothing can stand below that line",
		 put->number);
	smd_error_where(error, "line %zu", put->number);
	smd_error_hint(error, "put the lines of one section below each other");
	return SMD_E_INVALID;
}

int smd_put_match(struct smd_put *put, size_t from, struct smd_cursor *inner)
{
	struct smd_statement_writer *writer = put->writer;
	const struct smd_rule *rule = smd_match_rule(&writer->match);
	struct smd_node *node;
	int err, respelled;

	if (!rule && writer->on_unknown)
		writer->on_unknown(writer->arg, put->cursor.context, put->number);
	if (rule && rule->kind == SMD_RULE_BLOCK) /* the lines of a block are part of its value */
		put->holds = 0;
	if (put->holds && writer->reads && rule && rule->kind != SMD_RULE_SECTION)
		return holds_nothing(put);
	if (smd_match_invalidates(&writer->match) && writer->match.form->compiled->has_rivals) {
		err = remove_rivals(put, smd_words_rest(&writer->words, from));
		if (err)
			return err;
	}
	if (rule && rule->kind == SMD_RULE_DEFAULT && !put->holds)
		return enter_default(writer, &put->cursor, &writer->words, from);
	if (smd_match_is_expanded(&writer->match)) {
		err = put_expanded(put, inner);
		if (err <= 0)
			return err;
	}
	err = smd_line_node_read(&writer->line_node, writer->grammar, &writer->match,
				 &writer->words, from, put->holds);
	if (err)
		return smd_put_failed(writer, err, put->number);
	if (rule && rule->kind == SMD_RULE_BLOCK && !put->holds)
		return put_block(put);
	if (writer->line_node.parts.kind == SMD_SET) {
		err = smd_numbers_enter(put->cursor.node, &writer->line_node, writer->match.form,
					0);
		return err ? smd_put_failed(writer, err, put->number) : 0;
	}
	respelled = writer->line_node.bytes.used > 0;
	err = smd_put_line_node(put, &node);
	if (err || !smd_node_holds(node))
		return err;
	if (respelled && smd_rule_is_section(rule))
		return open_respelled(put, node, inner);
	return smd_put_open(put, node,
			    smd_rule_is_section(rule) ? writer->match.form->compiled : NULL, inner);
}

/* Lines */

/* The node that a line names, or would make; NULL: the section lacks it. */
static struct smd_node *find_said(struct smd_statement_writer *writer,
				  const struct smd_cursor *cursor, struct smd_span line)
{
	const struct smd_parts plain = {.name = line};
	const struct smd_node *node = smd_parts_find(cursor->node, &plain);
	struct smd_words words;

	if (node)
		return (struct smd_node *)node;
	smd_words_split(&words, line, 0);
	if (!smd_context_find(cursor->context, &words, 0, SMD_FORM_SET, 0, &writer->match) ||
	    smd_line_node_read(&writer->line_node, writer->grammar, &writer->match, &words, 0, 0))
		return NULL;
	return (struct smd_node *)smd_line_node_find(cursor->node, &writer->line_node);
}

/* The node that a line removes by its rule's `negate`; NULL: none. */
static struct smd_node *find_removed(struct smd_statement_writer *writer,
				     const struct smd_cursor *cursor, struct smd_span line)
{
	smd_words_split(&writer->words, line, 0);
	if (!smd_context_find(cursor->context, &writer->words, 0, SMD_FORM_UNSET, 0,
			      &writer->match) ||
	    smd_line_node_removal(&writer->line_node, writer->grammar, &writer->match,
				  &writer->words))
		return NULL;
	return (struct smd_node *)smd_line_node_find(cursor->node, &writer->line_node);
}

/*
 * Write the line that removes `line` into `other`: by its rule's `negate`, or by the dialect's
 * negation. Returns whether there is one.
 */
static int put_negation(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
			struct smd_span line, int by_rule)
{
	struct smd_filling filling = {.line = line, .enclosing_key = {"", 0}};
	const struct smd_rule *rule;

	writer->other.used = 0;
	if (!by_rule) {
		smd_buffer_puts(&writer->other, smd_grammar_dialect(writer->grammar)->negation);
		smd_buffer_byte(&writer->other, ' ');
		smd_buffer_put(&writer->other, line.at, line.length);
		return !writer->other.failed;
	}
	smd_words_split(&writer->words, line, 0);
	smd_context_find(cursor->context, &writer->words, 0, SMD_FORM_SET, 0, &writer->match);
	rule = smd_match_rule(&writer->match);
	if (!rule || !rule->negate ||
	    smd_line_node_read(&writer->line_node, writer->grammar, &writer->match, &writer->words,
			       0, 0))
		return 0;
	smd_match_filling(&writer->match, &filling);
	filling.name = writer->line_node.parts.name;
	smd_template_fill(smd_span_of(rule->negate), &filling, &writer->other);
	return !writer->other.failed;
}

int smd_statement_contrary(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
			   struct smd_span line, struct smd_node **out)
{
	struct smd_span positive = smd_grammar_positive(writer->grammar, line);
	struct smd_node *node = NULL;

	if (positive.length) {
		node = find_removed(writer, cursor, line);
		if (!node)
			node = find_said(writer, cursor, positive);
	}
	for (int by_rule = 0; !positive.length && cursor->negates && by_rule < 2 && !node;
	     by_rule++)
		if (put_negation(writer, cursor, line, by_rule))
			node = find_said(
				writer, cursor,
				(struct smd_span){writer->other.bytes, writer->other.used});
	*out = node && !smd_node_holds(node) && node->kind != SMD_SET ? node : NULL;
	return writer->other.failed ? SMD_E_NO_MEMORY : 0;
}

/* X and `no X` exclude each other, the last one counts: remove the other. */
static int replace_contrary(struct smd_statement_writer *writer, struct smd_cursor *cursor,
			    struct smd_span line, size_t number)
{
	struct smd_node *node;

	cursor->negates |= smd_grammar_positive(writer->grammar, line).length > 0;
	if (smd_statement_contrary(writer, cursor, line, &node))
		return smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a configuration");
	if (node && writer->reads && smd_grammar_notes(writer->grammar))
		smd_note_line(&smd_grammar_notes(writer->grammar)->merged, number);
	if (node)
		smd_node_remove(node);
	return 0;
}

/* A line that removes several, while they are put. */
struct taking {
	struct smd_statement_writer *writer;
	struct smd_cursor *cursor;
	size_t number;
};

static int put_taking(void *arg, struct smd_span positive, size_t left)
{
	const struct taking *taking = arg;
	struct smd_buffer line = {0};
	struct smd_cursor inner;
	int err;

	(void)left;
	smd_buffer_puts(&line, smd_grammar_dialect(taking->writer->grammar)->negation);
	smd_buffer_byte(&line, ' ');
	smd_buffer_put(&line, positive.at, positive.length);
	err = line.failed ? smd_put_failed(taking->writer, SMD_E_NO_MEMORY, taking->number)
			  : smd_statement_put(taking->writer, taking->cursor,
					      (struct smd_span){line.bytes, line.used},
					      taking->number, 0, NULL, &inner);
	smd_buffer_done(&line);
	return err;
}

/* Put `no vlan 10,20` as a line for each number. 1: the line stands for itself alone. */
static int put_takings(struct smd_statement_writer *writer, struct smd_cursor *cursor,
		       struct smd_span line, size_t number)
{
	struct smd_span positive = smd_grammar_positive(writer->grammar, line);
	struct taking taking = {writer, cursor, number};

	return positive.length ? smd_expand_each(writer->grammar, cursor->context, positive,
						 put_taking, &taking)
			       : 1;
}

int smd_statement_put(struct smd_statement_writer *writer, struct smd_cursor *cursor,
		      struct smd_span line, size_t number, int holds, struct smd_source *source,
		      struct smd_cursor *inner)
{
	struct smd_put put = {writer, *cursor, number, holds, 0, 0, source};
	int quotes = smd_grammar_dialect(writer->grammar)->quotes, err;

	*inner = (struct smd_cursor){.node = NULL};
	if (quotes)
		line = smd_grammar_unquote(writer->grammar, line, &writer->other);
	if (smd_grammar_paths(writer->grammar))
		return smd_put_path(&put, line, inner);
	err = holds ? 1 : put_takings(writer, cursor, line, number);
	if (err <= 0)
		return err;
	err = holds ? 0 : replace_contrary(writer, cursor, line, number);
	if (err)
		return err;
	smd_words_split(&writer->words, line, quotes);
	smd_context_find(cursor->context, &writer->words, 0, SMD_FORM_OPS_STATED, 0,
			 &writer->match);
	return smd_put_match(&put, 0, inner);
}
