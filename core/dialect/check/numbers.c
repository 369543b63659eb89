/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/check/numbers.h"

#include "core/dialect/line/line_node.h"

struct check {
	struct smd_grammar *grammar;
	struct smd_node_rule node_rule;
	struct smd_error *error;
};

static int check_bounds(const struct check *check, const struct smd_node *node,
			const struct smd_numbers_form *bounds)
{
	const struct smd_set *set = smd_node_set(node);
	uint32_t last = set->count ? set->ranges[set->count - 1].last : bounds->first;
	uint32_t bad = last > bounds->last ? last : set->count ? set->ranges[0].first : last;
	char path[SMD_ERROR_WHERE];

	if (bad >= bounds->first && bad <= bounds->last)
		return 0;
	smd_fail(check->error, SMD_E_INVALID, "\"%s\" has the number %u; it takes %u to %u",
		 smd_node_name(node), (unsigned)bad, (unsigned)bounds->first,
		 (unsigned)bounds->last);
	smd_node_path(node, path, sizeof(path));
	smd_error_where(check->error, "%s", path);
	return SMD_E_INVALID;
}

static int check_below(struct check *check, const struct smd_context *context,
		       const struct smd_node *node)
{
	int err = smd_node_rule_find(&check->node_rule, check->grammar, context, node);
	const struct smd_rule *rule = err ? NULL : smd_match_rule(&check->node_rule.match);

	if (err)
		return smd_fail(check->error, err, "out of memory");
	if (smd_node_set(node) && rule && rule->numbers && rule->numbers->last)
		return check_bounds(check, node, rule->numbers);
	if (!smd_node_first(node))
		return 0;
	context = smd_grammar_enter(
		check->grammar, context,
		smd_rule_is_section(rule) ? check->node_rule.match.form->compiled : NULL);
	if (!context)
		return smd_fail(check->error, SMD_E_NO_MEMORY, "out of memory");
	for (const struct smd_node *c = smd_node_first(node); c && !err; c = smd_node_next(c))
		err = check_below(check, context, c);
	return err;
}

int smd_check_numbers(const struct smd_compiled *dialect, const struct smd_tree *tree,
		      struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);
	struct check check = {.grammar = grammar, .error = error};

	for (const struct smd_node *c = smd_node_first(smd_tree_top(tree)); c && !err;
	     c = smd_node_next(c))
		err = check_below(&check, smd_grammar_top(grammar), c);
	smd_node_rule_done(&check.node_rule);
	return err;
}
