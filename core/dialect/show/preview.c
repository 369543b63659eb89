/* SPDX-License-Identifier: Apache-2.0 */
/* Previews of changes: section by section, what is added and what is removed. */
#include "core/dialect/line/line_node.h"
#include "core/dialect/show/show.h"

struct preview {
	struct smd_grammar *grammar;
	smd_preview_fn each;
	void *arg;
	struct smd_node_rule node_rule;
	struct smd_buffer text, bare;                /* a line; with its secrets */
	const struct smd_node *open[SMD_TREE_DEPTH]; /* sections whose lines were written */
	size_t depth;
	const struct smd_node *parent, *around_of;
	unsigned around;                   /* of the nodes below `around_of` */
	const struct smd_context *context; /* of `parent` */
};

static int write_line(struct preview *preview, char mark, size_t depth)
{
	if (smd_buffer_close(&preview->text))
		return SMD_E_NO_MEMORY;
	return preview->each(preview->arg, mark, (unsigned)depth, preview->text.bytes);
}

/* Append the node's line with its secret masked. */
static int put_node(struct preview *preview, const struct smd_context *context,
		    const struct smd_node *node)
{
	const struct smd_rule *rule;
	int err = smd_node_rule_find(&preview->node_rule, preview->grammar, context, node);

	if (err)
		return err;
	rule = smd_match_rule(&preview->node_rule.match);
	preview->bare.used = 0;
	smd_node_put_text(node, &preview->bare);
	if (rule && rule->flags & SMD_RULE_SECRET &&
	    !smd_secret_is_named((struct smd_span){preview->bare.bytes + node->name->length,
						   preview->bare.used - node->name->length})) {
		preview->bare.used = 0;
		smd_buffer_put(&preview->bare, node->name->bytes, node->name->length);
		smd_buffer_puts(&preview->bare, " " SMD_MASK);
	}
	if (smd_buffer_close(&preview->bare))
		return SMD_E_NO_MEMORY;
	if (preview->around_of != node->parent)
		preview->around = smd_mask_around(node);
	preview->around_of = node->parent;
	smd_mask_put_line((struct smd_span){preview->bare.bytes, preview->bare.used},
			  preview->around | smd_mask_opens(node), &preview->text);
	return 0;
}

/* The same for a node whose section is not the one that changes. */
static int put_other(struct preview *preview, const struct smd_node *node)
{
	const struct smd_context *context = smd_node_context(preview->grammar, node->parent);

	return context ? put_node(preview, context, node) : SMD_E_NO_MEMORY;
}

static int write_below(struct preview *preview, char mark, size_t depth,
		       const struct smd_context *context, const struct smd_node *node)
{
	const struct smd_rule *rule;
	int err;

	preview->text.used = 0;
	err = put_node(preview, context, node);
	rule = smd_match_rule(&preview->node_rule.match);
	if (err || !smd_node_first(node))
		return err ? err : write_line(preview, mark, depth);
	context = smd_grammar_enter(
		preview->grammar, context,
		smd_rule_is_section(rule) ? preview->node_rule.match.form->compiled : NULL);
	if (!context)
		return SMD_E_NO_MEMORY;
	err = write_line(preview, mark, depth);
	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next)
		err = write_below(preview, mark, depth + 1, context, child);
	return err;
}

/* Write the lines of the sections around a change that were not written yet. */
static int go_to(struct preview *preview, const struct smd_node *parent)
{
	const struct smd_node *path[SMD_TREE_DEPTH];
	size_t count = 0, same = 0;
	int err = 0;

	if (preview->parent != parent || !preview->context)
		preview->context = smd_node_context(preview->grammar, parent);
	preview->parent = parent;
	if (!preview->context)
		return SMD_E_NO_MEMORY;
	for (; parent->parent; parent = parent->parent)
		path[count++] = parent;
	while (same < count && same < preview->depth &&
	       preview->open[same] == path[count - 1 - same])
		same++;
	preview->depth = same;
	for (; same < count && !err; same++) {
		preview->open[preview->depth++] = path[count - 1 - same];
		preview->text.used = 0;
		err = put_other(preview, path[count - 1 - same]);
		if (!err)
			err = write_line(preview, ' ', same);
	}
	return err;
}

static int write_numbers(struct preview *preview, const struct smd_change *change)
{
	struct smd_buffer *text = &preview->text;

	text->used = 0;
	smd_node_put_name(change->from, text);
	if (change->removed.count) {
		smd_buffer_puts(text, " -");
		smd_set_put_text(&change->removed, text);
	}
	if (change->added.count) {
		smd_buffer_puts(text, " +");
		smd_set_put_text(&change->added, text);
	}
	return write_line(preview, '~', preview->depth);
}

/* A moved entry is shown in its new place. */
static int write_move(struct preview *preview, const struct smd_change *change)
{
	int err;

	preview->text.used = 0;
	err = put_node(preview, preview->context, change->to);
	smd_buffer_puts(&preview->text, change->after ? " (behind " : " (first");
	if (!err && change->after)
		err = put_node(preview, preview->context, change->after);
	if (err)
		return err;
	smd_buffer_puts(&preview->text, ")");
	return write_line(preview, '~', preview->depth);
}

static int write_change(struct preview *preview, const struct smd_change *change)
{
	int err = go_to(preview, change->parent);

	if (err)
		return err;
	if (change->op == SMD_CHANGE_NUMBERS)
		return write_numbers(preview, change);
	if (change->op == SMD_CHANGE_MOVE)
		return write_move(preview, change);
	if (change->from)
		err = write_below(preview, '-', preview->depth, preview->context, change->from);
	if (!err && change->to)
		err = write_below(preview, '+', preview->depth, preview->context, change->to);
	return err;
}

int smd_preview_changes(struct smd_grammar *grammar, const struct smd_changes *changes,
			smd_preview_fn each, void *arg, struct smd_error *error)
{
	struct preview *preview = calloc(1, sizeof(*preview));
	int err = 0;

	if (!preview)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to show changes");
	preview->grammar = grammar;
	preview->each = each;
	preview->arg = arg;
	for (size_t i = 0; i < smd_changes_count(changes) && !err; i++)
		err = write_change(preview, smd_changes_get(changes, i));
	smd_node_rule_done(&preview->node_rule);
	smd_buffer_done(&preview->bare);
	smd_buffer_done(&preview->text);
	free(preview);
	return err < 0 ? smd_fail(error, err, "cannot show changes: %s", smd_err_name(err)) : err;
}
