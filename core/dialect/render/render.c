/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/edit/statement.h"
#include "core/dialect/render/internal.h"

int smd_render_no_memory(struct smd_render *render)
{
	return smd_fail(render->writer.error, SMD_E_NO_MEMORY, "no memory for the commands");
}

int smd_render_context(struct smd_render *render, const struct smd_node *parent,
		       const struct smd_context **out)
{
	if (render->parent != parent || !render->context) {
		render->parent = parent;
		render->context = smd_node_context(render->grammar, parent);
	}
	*out = render->context;
	return render->context ? 0 : smd_render_no_memory(render);
}

int smd_render_node_rule(struct smd_render *render, const struct smd_context *context,
			 const struct smd_node *node)
{
	return smd_node_rule_find(&render->node_rule, render->grammar, context, node)
		       ? smd_render_no_memory(render)
		       : 0;
}

/* Fill what the templates of the node's rule need. */
static void fill_templates(struct smd_render *render, const struct smd_node *node,
			   struct smd_filling *filling, struct smd_buffer *name)
{
	smd_match_filling(&render->node_rule.match, filling);
	smd_node_put_name(node, name);
	filling->line =
		(struct smd_span){render->node_rule.line.bytes, render->node_rule.line.used};
	filling->name = node->flags & SMD_NODE_INFIX ? filling->line
						     : (struct smd_span){name->bytes, name->used};
	filling->enclosing_key = smd_node_enclosing_key(node);
}

/* Where the rule has no `negate`: the negation and the line, of a block its name alone. */
static void negate_plainly(struct smd_render *render, const struct smd_node *node)
{
	struct smd_span line = {render->node_rule.line.bytes, render->node_rule.line.used},
			positive;

	positive = smd_grammar_positive(render->grammar, line);
	if (smd_grammar_paths(render->grammar)) {
		smd_buffer_put(&render->text, line.at, line.length);
	} else if (positive.length) {
		smd_buffer_put(&render->text, positive.at, positive.length);
	} else {
		smd_buffer_puts(&render->text, smd_grammar_dialect(render->grammar)->negation);
		smd_buffer_byte(&render->text, ' ');
		if (node->kind == SMD_BLOCK)
			smd_node_put_name(node, &render->text);
		else
			smd_buffer_put(&render->text, line.at, line.length);
	}
}

int smd_render_negation(struct smd_render *render, const struct smd_context *context,
			const struct smd_node *node)
{
	int err = smd_render_node_rule(render, context, node);
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);

	if (err)
		return err;
	render->text.used = 0;
	if (rule && rule->negate)
		smd_node_rule_fill(&render->node_rule, node, rule->negate, &render->text);
	else
		negate_plainly(render, node);
	return render->text.failed ? smd_render_no_memory(render) : 0;
}

int smd_render_numbers_form(struct smd_render *render, const struct smd_node *node,
			    const char *template, const struct smd_set *numbers)
{
	struct smd_buffer name = {0}, list = {0};
	struct smd_filling filling;
	int failed;

	render->text.used = 0;
	fill_templates(render, node, &filling, &name);
	if (numbers)
		smd_set_put_text(numbers, &list);
	filling.place[SMD_PLACE_NUMBERS] = (struct smd_span){list.bytes, list.used};
	if (numbers && render->node_rule.match.form)
		filling.place[smd_pattern_numbers(&render->node_rule.match.form->compiled->line)] =
			filling.place[SMD_PLACE_NUMBERS];
	if (template) {
		smd_template_fill(smd_span_of(template), &filling, &render->text);
	} else {
		smd_buffer_put(&render->text, name.bytes, name.used);
		smd_buffer_byte(&render->text, ' ');
		smd_buffer_put(&render->text, list.bytes, list.used);
	}
	failed = name.failed || list.failed || render->text.failed;
	smd_buffer_done(&name);
	smd_buffer_done(&list);
	return failed ? smd_render_no_memory(render) : 0;
}

/* Plain lines that become sections, and back */

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t) * (const struct smd_node *const *)a;
	uintptr_t y = (uintptr_t) * (const struct smd_node *const *)b;

	return (x > y) - (x < y);
}

/* The plain line or section from which an added node turns; NULL: it is new. */
static const struct smd_node *converted_from(const struct smd_change *change)
{
	const struct smd_node *old;

	if (change->op != SMD_CHANGE_ADD)
		return NULL;
	old = smd_node_match(change->parent, change->to);
	if (!old || smd_node_is_container(old) == smd_node_is_container(change->to))
		return NULL;
	return old;
}

static int find_converted(struct smd_render *render)
{
	size_t count = smd_changes_count(render->changes);

	for (size_t i = 0; i < count && !smd_grammar_paths(render->grammar); i++) {
		const struct smd_node *old = converted_from(smd_changes_get(render->changes, i));

		if (!old)
			continue;
		if (!render->converted)
			render->converted = calloc(count, sizeof(*render->converted));
		if (!render->converted)
			return smd_render_no_memory(render);
		render->converted[render->converted_count++] = old;
	}
	if (render->converted_count)
		qsort(render->converted, render->converted_count, sizeof(*render->converted),
		      by_address);
	return 0;
}

static int is_converted(const struct smd_render *render, const struct smd_node *node)
{
	return render->converted_count && bsearch(&node, render->converted, render->converted_count,
						  sizeof(*render->converted), by_address);
}

/* X and `no X` */

/* The line that says an added node, if it may take another line away; empty: it does not. */
static struct smd_span contrary_line(struct smd_render *render, const struct smd_change *change)
{
	if (change->op != SMD_CHANGE_ADD || smd_node_is_container(change->to) ||
	    change->to->kind != SMD_MEMBER)
		return (struct smd_span){NULL, 0};
	render->text.used = 0;
	smd_node_put_text(change->to, &render->text);
	return (struct smd_span){render->text.bytes, render->text.used};
}

/*
 * Entering `no X` takes X away, and entering X takes `no X` away: the line that is removed needs no
 * line of its own.
 */
static int find_contraries(struct smd_render *render)
{
	struct smd_statement_writer writer = {.grammar = render->grammar,
					      .error = render->writer.error};
	int err = 0;

	for (size_t i = 0; i < smd_changes_count(render->changes) && !err; i++) {
		const struct smd_change *change = smd_changes_get(render->changes, i);
		struct smd_span line = contrary_line(render, change);
		struct smd_cursor cursor = {.node = (struct smd_node *)change->parent,
					    .negates = 1};
		struct smd_node *contrary = NULL;

		if (!line.length)
			continue;
		err = smd_render_context(render, change->parent, &cursor.context);
		if (!err && smd_statement_contrary(&writer, &cursor, line, &contrary))
			err = smd_render_no_memory(render);
		if (!err && contrary && !smd_node_match(change->to->parent, contrary))
			err = smd_render_skip(render, contrary);
	}
	smd_statement_writer_done(&writer);
	return err;
}

/* The changes one by one */

static int is_ordered(const struct smd_change *change)
{
	return smd_node_ordered(change->to ? change->to : change->from);
}

static int empty_node(struct smd_render *render, const struct smd_context *context,
		      const struct smd_node *node)
{
	const struct smd_context *inner;
	int err = smd_line_write_node(&render->writer, render->depth, node);

	(void)context;
	if (!err)
		err = smd_render_context(render, node, &inner);
	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next)
		err = smd_render_remove(render, render->depth + 1, inner, child);
	return err ? err
		   : smd_line_write(&render->writer, render->depth,
				    smd_span_of(smd_grammar_dialect(render->grammar)->exit));
}

/*
 * Render a change of a converted node; `*converted`: it is one. A section is emptied to become a
 * plain line; a plain line only gets what is added in it.
 */
static int render_conversion(struct smd_render *render, const struct smd_context *context,
			     const struct smd_change *change, int *converted)
{
	const struct smd_node *from =
		change->op == SMD_CHANGE_REMOVE ? change->from : converted_from(change);

	*converted = from && is_converted(render, from);
	if (!*converted)
		return 0;
	if (change->op == SMD_CHANGE_REMOVE)
		return smd_node_is_container(from) ? empty_node(render, context, from) : 0;
	return smd_node_is_container(from)
		       ? 0
		       : smd_render_add(render, render->depth, context, change->to);
}

static int release_value(struct smd_render *render, const struct smd_change *change)
{
	const struct smd_context *context;
	int err = smd_render_go_to(render, change->parent);

	if (!err)
		err = smd_render_context(render, change->parent, &context);
	return err ? err : smd_render_remove(render, render->depth, context, change->from);
}

/* Render a part of a change, in a dialect of sections. Another step completes the change. */
static int render_part(struct smd_render *render, const struct smd_change *change,
		       enum smd_change_part part)
{
	int err;

	if (part == SMD_PART_RELEASE)
		return release_value(render, change);
	err = smd_render_go_to(render, change->parent);
	return err ? err : smd_render_part_numbers(render, change, part);
}

static int render_change(struct smd_render *render, const struct smd_render_step *step)
{
	size_t index = step->change;
	const struct smd_change *change = smd_changes_get(render->changes, index);
	const struct smd_context *context;
	int converted, err;

	if (smd_render_is_done(render, index))
		return 0;
	if (step->part != SMD_PART_ALL)
		return render_part(render, change, step->part);
	render->done[index] = 1;
	if (is_ordered(change) && change->op != SMD_CHANGE_VALUE)
		return smd_render_ordered(render, change);
	if (smd_grammar_paths(render->grammar))
		return smd_render_path_change(render, change);
	err = smd_render_go_to(render, change->parent);
	if (!err)
		err = smd_render_context(render, change->parent, &context);
	if (!err)
		err = render_conversion(render, context, change, &converted);
	return err || converted ? err : smd_render_section_change(render, change);
}

static int render_all(struct smd_render *render)
{
	struct smd_render_order order = {0};
	int err = find_converted(render);

	render->done = calloc(smd_changes_count(render->changes) + 1, 1);
	if (!err &&
	    (!render->done || smd_render_order_init(&order, render->grammar, render->changes)))
		err = smd_render_no_memory(render);
	if (!err && !smd_grammar_paths(render->grammar))
		err = find_contraries(render);
	for (size_t i = 0; i < order.count && !err; i++)
		err = render_change(render, &order.steps[i]);
	if (!err)
		err = smd_render_go_to(render, smd_tree_top(smd_changes_from(render->changes)));
	smd_render_order_done(&order);
	return err;
}

int smd_render_changes(struct smd_grammar *grammar, const struct smd_changes *changes,
		       struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(free) struct smd_render *render = calloc(1, sizeof(*render));
	int err;

	if (!render)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the commands");
	render->writer = (struct smd_line_writer){.grammar = grammar, .out = out, .error = error};
	render->grammar = grammar;
	render->changes = changes;
	err = render_all(render);
	smd_line_writer_done(&render->writer);
	smd_node_rule_done(&render->node_rule);
	smd_buffer_done(&render->text);
	free(render->converted);
	free(render->done);
	smd_multimap_done(&render->skipped);
	smd_multimap_done(&render->by_parent);
	smd_render_section_free(render->section);
	return err;
}
