/* SPDX-License-Identifier: Apache-2.0 */
/* Renders changes as paths. */
#include "core/dialect/render/internal.h"

int smd_render_write_path(struct smd_render *render, const char *verb, const struct smd_node *node)
{
	struct smd_buffer line = {0};
	int err;

	if (*verb) {
		smd_buffer_puts(&line, verb);
		smd_buffer_byte(&line, ' ');
	}
	smd_node_put_path(node, " ", &line);
	smd_buffer_put(&line, render->text.bytes, render->text.used);
	if (line.failed || render->text.failed)
		err = smd_render_no_memory(render);
	else if (memchr(line.bytes, '\n', line.used))
		err = smd_fail(render->writer.error, SMD_E_INVALID,
			       "\"%.60s\" has a line end in it and cannot be a line",
			       node->name->bytes);
	else
		err = smd_line_write(&render->writer, 0, (struct smd_span){line.bytes, line.used});
	smd_buffer_done(&line);
	return err;
}

static int write_mark(struct smd_render *render, const char *verb, const struct smd_node *node)
{
	render->text.used = 0;
	smd_buffer_puts(&render->text, smd_node_key(node, 0));
	return smd_render_write_path(render, verb, node);
}

/* Remove a PERMANENT section by removing what is in it. */
static int empty_section(struct smd_render *render, const struct smd_context *context,
			 const struct smd_node *node)
{
	int err = 0;

	context =
		smd_grammar_enter(render->grammar, context, render->node_rule.match.form->compiled);
	if (!context)
		return smd_render_no_memory(render);
	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next)
		if (!smd_node_mark(render->grammar, child)) /* goes with its node */
			err = smd_render_remove_path(render, context, child);
	return err;
}

int smd_render_remove_path(struct smd_render *render, const struct smd_context *context,
			   const struct smd_node *node)
{
	int err = smd_render_negation(render, context, node);
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);

	if (!err && smd_rule_is_section(rule) && rule->flags & SMD_RULE_PERMANENT)
		return empty_section(render, context, node);
	return err ? err
		   : smd_render_write_path(render, smd_grammar_dialect(render->grammar)->negation,
					   node);
}

int smd_render_enter_path(struct smd_render *render, const struct smd_context *context,
			  const struct smd_node *node)
{
	const struct smd_mark *mark = smd_node_mark(render->grammar, node);
	const struct smd_context *inner;
	int err = 0;

	if (mark)
		return write_mark(render, mark->set, node);
	if (!smd_node_first(node)) {
		render->text.used = 0;
		smd_node_put_text(node, &render->text);
		return smd_render_write_path(render, smd_grammar_dialect(render->grammar)->enter,
					     node);
	}
	err = smd_render_node_rule(render, context, node);
	if (err)
		return err;
	inner = smd_grammar_enter(render->grammar, context,
				  smd_rule_is_section(smd_match_rule(&render->node_rule.match))
					  ? render->node_rule.match.form->compiled
					  : NULL);
	if (!inner)
		return smd_render_no_memory(render);
	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next)
		err = smd_render_enter_path(render, inner, child);
	return err;
}

/* Whether the node of a removed mark stays. If not, the mark has gone with it. */
static int mark_stands(struct smd_render *render, const struct smd_change *change)
{
	const struct smd_node *section =
		smd_tree_counterpart(smd_changes_to(render->changes), change->parent);
	const struct smd_node *node = section ? smd_node_first(section) : NULL;

	for (; node; node = node->next) {
		render->text.used = 0;
		smd_node_put_name(node, &render->text);
		if (!render->text.failed &&
		    smd_span_is((struct smd_span){render->text.bytes, render->text.used},
				smd_node_key(change->from, 0)))
			return 1;
	}
	return 0;
}

static int change_numbers(struct smd_render *render, const struct smd_context *context,
			  const struct smd_change *change)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(render->grammar);
	int err = smd_render_node_rule(render, context, change->from);

	if (!err && change->removed.count)
		err = smd_render_numbers_form(render, change->from, NULL, &change->removed);
	if (!err && change->removed.count)
		err = smd_render_write_path(render, dialect->negation, change->from);
	if (!err && change->added.count)
		err = smd_render_numbers_form(render, change->to, NULL, &change->added);
	if (!err && change->added.count)
		err = smd_render_write_path(render, dialect->enter, change->to);
	return err;
}

static int change_value(struct smd_render *render, const struct smd_context *context,
			const struct smd_change *change)
{
	const struct smd_rule *rule;
	int err = smd_render_node_rule(render, context, change->from);

	rule = smd_match_rule(&render->node_rule.match);
	if (!err && rule && rule->flags & SMD_RULE_REMOVE_FIRST)
		err = smd_render_remove_path(render, context, change->from);
	return err ? err : smd_render_enter_path(render, context, change->to);
}

/* Enter removed lines again that the tree we go to has. */
static int enter_gone(struct smd_render *render, const struct smd_context *context,
		      const struct smd_change *change, const struct smd_found *gone)
{
	const struct smd_node *wanted = smd_render_section_to(render, change);
	int err = 0;

	for (size_t i = 0; i < gone->count && !err; i++) {
		const struct smd_node *node = smd_render_section_line(render, gone->list[i])->node;
		const struct smd_node *there = wanted ? smd_node_match(wanted, node) : NULL;

		if (node == change->from)
			continue;
		err = smd_render_skip(render, node);
		if (!err && there && there->kind == node->kind)
			err = smd_render_enter_path(render, context, there);
	}
	return err;
}

static int enter_invalidated(struct smd_render *render, const struct smd_context *context,
			     const struct smd_change *change,
			     const struct smd_invalidator *invalidator)
{
	struct smd_found found = {0};
	int err = smd_render_invalidated(render, context, change->parent, invalidator, &found);

	if (!err)
		err = enter_gone(render, context, change, &found);
	if (!err)
		err = smd_render_lost(render, context, change->parent, invalidator, &found);
	for (size_t i = 0; i < found.count && !err; i++) {
		const struct smd_node *node = smd_changes_get(render->changes, found.list[i])->to;

		if (node != change->to)
			err = smd_render_enter_path(render, context, node);
	}
	free(found.list);
	return err;
}

static int remove_change(struct smd_render *render, const struct smd_context *context,
			 const struct smd_change *change)
{
	const struct smd_mark *mark = smd_node_mark(render->grammar, change->from);

	if (!mark)
		return smd_render_remove_path(render, context, change->from);
	return mark_stands(render, change) ? write_mark(render, mark->clear, change->from) : 0;
}

static int change_path(struct smd_render *render, const struct smd_context *context,
		       const struct smd_change *change)
{
	switch (change->op) {
	case SMD_CHANGE_REMOVE:
		return remove_change(render, context, change);
	case SMD_CHANGE_ADD:
		return smd_render_enter_path(render, context, change->to);
	case SMD_CHANGE_VALUE:
		return change_value(render, context, change);
	case SMD_CHANGE_NUMBERS:
		return change_numbers(render, context, change);
	case SMD_CHANGE_MOVE:
		break;
	}
	return SMD_E_INTERNAL;
}

int smd_render_path_change(struct smd_render *render, const struct smd_change *change)
{
	const struct smd_context *context;
	struct smd_invalidator invalidator;
	int err = smd_render_context(render, change->parent, &context);

	if (!err)
		err = smd_render_node_rule(render, context, change->to ? change->to : change->from);
	if (err)
		return err;
	smd_invalidator_init(&invalidator, &render->node_rule.match);
	err = change_path(render, context, change);
	return err || !invalidator.compiled
		       ? err
		       : enter_invalidated(render, context, change, &invalidator);
}
