/* SPDX-License-Identifier: Apache-2.0 */
/* Lays one configuration over another: only what it negates is removed. */
#include "core/dialect/line/number_list.h"
#include "core/dialect/show/show.h"
#include "core/dialect/simulate/simulate.h"
#include "core/tree/own.h"

struct merge {
	struct smd_grammar *grammar;
	struct smd_words words;
	struct smd_rule_match match;
	struct smd_line_node line_node;
	int takes; /* the node found is a list from which the line removes numbers */
};

/* The node that `no X` removes from a section; NULL: none. */
static const struct smd_node *find_negated(struct merge *merge, const struct smd_context *context,
					   const struct smd_node *section, struct smd_span positive)
{
	const struct smd_parts plain = {.name = positive};
	const struct smd_node *node = smd_parts_find(section, &plain);

	if (node)
		return node;
	smd_words_split(&merge->words, positive, 0);
	merge->takes = 0;
	if (!smd_context_find(context, &merge->words, 0, SMD_FORM_SET, 0, &merge->match) ||
	    smd_line_node_read(&merge->line_node, merge->grammar, &merge->match, &merge->words, 0,
			       0))
		return NULL;
	merge->takes = merge->line_node.parts.kind == SMD_SET;
	return smd_line_node_find(section, &merge->line_node);
}

/* Remove the numbers that the line names from the list. */
static int take_numbers(struct merge *merge, struct smd_node *section)
{
	struct smd_form form = *merge->match.form;

	form.op = SMD_FORM_REMOVE_NUMBERS;
	return smd_numbers_enter(section, &merge->line_node, &form, 1);
}

/* Whether the line is a form that removes numbers from a list. */
static int takes_numbers(struct merge *merge, const struct smd_context *context,
			 struct smd_span line)
{
	smd_words_split(&merge->words, line, 0);
	return smd_context_find(context, &merge->words, 0, SMD_FORM_REMOVE_NUMBERS, 0,
				&merge->match) &&
	       !smd_line_node_read(&merge->line_node, merge->grammar, &merge->match, &merge->words,
				   0, 0) &&
	       merge->line_node.parts.kind == SMD_SET;
}

/* If there is `no X`, X only removes that. Returns whether it did. */
static int take_back(struct merge *merge, struct smd_node *section, const struct smd_node *from)
{
	struct smd_buffer negated = {0};
	struct smd_parts parts = {.key_count = 0};
	const struct smd_node *there;

	smd_buffer_puts(&negated, smd_grammar_dialect(merge->grammar)->negation);
	smd_buffer_byte(&negated, ' ');
	smd_node_put_text(from, &negated);
	parts.name = (struct smd_span){negated.bytes, negated.used};
	there = negated.failed ? NULL : smd_parts_find(section, &parts);
	if (there)
		smd_node_remove((struct smd_node *)there);
	smd_buffer_done(&negated);
	return there != NULL;
}

/* If there is X, `no X` only removes that. Returns 1 if it did, or SMD_E_NO_MEMORY. */
static int takes_away(struct merge *merge, const struct smd_context *context,
		      struct smd_node *section, const struct smd_node *from)
{
	struct smd_span line = {from->name->bytes, from->name->length}, positive;
	const struct smd_node *there = NULL;

	if (smd_grammar_paths(merge->grammar) || smd_node_holds(from))
		return 0;
	positive = smd_grammar_positive(merge->grammar, line);
	merge->takes = 0;
	if (from->kind == SMD_MEMBER && !from->key_count && takes_numbers(merge, context, line))
		return take_numbers(merge, section) ? SMD_E_NO_MEMORY : 1;
	if (!positive.length)
		return take_back(merge, section, from);
	there = find_negated(merge, context, section, positive);
	if (there && merge->takes)
		return take_numbers(merge, section) ? SMD_E_NO_MEMORY : 1;
	if (there)
		smd_node_remove((struct smd_node *)there);
	return there != NULL;
}

static int merge_below(struct merge *merge, const struct smd_context *context, struct smd_node *to,
		       const struct smd_node *from);

static int add_numbers(struct smd_node *to, const struct smd_node *from)
{
	const struct smd_set *numbers = &from->numbers->set;
	int err = 0;

	for (size_t i = 0; i < numbers->count && !err; i++)
		err = smd_set_add(&to->numbers->set, numbers->ranges[i].first,
				  numbers->ranges[i].last);
	return err;
}

/* Merge `from` into `to`, which has the same identity. */
static int merge_node(struct merge *merge, const struct smd_context *context, struct smd_node *to,
		      const struct smd_node *from)
{
	struct smd_node_rule node_rule = {.line = {0}};
	struct smd_node *section = to->parent;
	int err;

	if (to->kind != from->kind) {
		smd_node_remove(to);
		return smd_node_graft(section, from, NULL);
	}
	if (to->kind == SMD_SET)
		return add_numbers(to, from);
	if (smd_node_valued(to))
		return smd_node_set_value(to, from->value->bytes, from->value->length);
	if (!smd_node_holds(to))
		return 0;
	err = smd_node_rule_find(&node_rule, merge->grammar, context, from);
	if (!err)
		context = smd_grammar_enter(merge->grammar, context,
					    smd_rule_is_section(smd_match_rule(&node_rule.match))
						    ? node_rule.match.form->compiled
						    : NULL);
	smd_node_rule_done(&node_rule);
	return err || !context ? SMD_E_NO_MEMORY : merge_below(merge, context, to, from);
}

static int merge_below(struct merge *merge, const struct smd_context *context, struct smd_node *to,
		       const struct smd_node *from)
{
	int err = 0;

	for (const struct smd_node *child = smd_node_first(from); child && !err;
	     child = child->next) {
		const struct smd_node *there = smd_node_match(to, child);

		int taken = takes_away(merge, context, to, child);

		if (taken < 0)
			return taken;
		if (taken)
			continue;
		err = there ? merge_node(merge, context, (struct smd_node *)there, child)
			    : smd_node_graft(to, child, NULL);
	}
	return err;
}

/* Paths that begin with the negation */

static const struct smd_node *find_negations(const struct smd_grammar *grammar,
					     const struct smd_tree *tree)
{
	const struct smd_parts parts = {
		.name = smd_span_of(smd_grammar_dialect(grammar)->negation)};

	if (!smd_grammar_paths(grammar) || *smd_grammar_dialect(grammar)->enter)
		return NULL;
	return smd_parts_find(smd_tree_top(tree), &parts);
}

/* Enter one line that removes something; it is no error if that is not there. */
static int enter_negation(struct smd_grammar *grammar, struct smd_tree *tree, const char *line)
{
	smd_cleanup(smd_device_free) struct smd_device *device = NULL;
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	int err = smd_text_from(&text, line, strlen(line));

	if (!err)
		err = smd_device_new(grammar, tree, NULL, text, &device, NULL);
	if (!err)
		err = smd_device_enter(device, NULL, NULL);
	return err == SMD_E_INVALID ? 0 : err;
}

static int take_paths_away(struct smd_grammar *grammar, struct smd_tree *tree,
			   const struct smd_node *negations)
{
	smd_cleanup(smd_tree_free) struct smd_tree *alone = NULL;
	smd_cleanup(smd_text_free) struct smd_text *lines = NULL;
	int err = smd_tree_new(&alone);

	if (!err)
		err = smd_node_graft(smd_tree_root(alone), negations, NULL);
	if (!err)
		err = smd_text_new(&lines, 0);
	if (!err)
		err = smd_print_tree(grammar, alone, 1, lines, NULL);
	for (size_t i = 0; i < smd_text_count(lines) && !err; i++)
		err = enter_negation(grammar, tree, smd_text_get(lines, i, NULL));
	return err;
}

/* Merge all. What is negated goes first, so that the same may be added anew. */
static int merge_all(struct merge *merge, struct smd_tree *tree, const struct smd_tree *intended)
{
	const struct smd_node *negations = find_negations(merge->grammar, intended);
	smd_cleanup(smd_tree_free) struct smd_tree *rest = NULL;
	const struct smd_node *said;
	int err = 0;

	if (negations)
		err = take_paths_away(merge->grammar, tree, negations);
	if (negations && !err)
		err = smd_tree_copy(&rest, intended);
	if (err)
		return err;
	if (rest) {
		said = find_negations(merge->grammar, rest);
		smd_node_remove((struct smd_node *)said);
	}
	return merge_below(merge, smd_grammar_top(merge->grammar), smd_tree_root(tree),
			   smd_tree_top(rest ? rest : intended));
}

int smd_merge_trees(struct smd_grammar *grammar, const struct smd_tree *running,
		    const struct smd_tree *intended, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	struct merge *merge = calloc(1, sizeof(*merge));
	int err = merge ? smd_tree_copy(&tree, running) : SMD_E_NO_MEMORY;

	if (!err) {
		merge->grammar = grammar;
		err = merge_all(merge, tree, intended);
		smd_line_node_done(&merge->line_node);
	}
	free(merge);
	if (err)
		return smd_fail(error, err, "cannot lay one configuration over the other: %s",
				smd_err_name(err));
	*out = smd_take(tree);
	return 0;
}
