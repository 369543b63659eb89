/* SPDX-License-Identifier: Apache-2.0 */
/* Checks and compiles the rules of a dialect. */
#include "core/dialect/grammar/internal.h"

#define INVALIDATES_MAX 16 /* patterns per rule */

static int rule_error(const struct smd_rule *rule, const char *why, struct smd_error *error)
{
	return smd_fail(error, SMD_E_INVALID, "rule \"%s\" of the dialect %s",
			rule->line ? rule->line : "", why);
}

static int check_rule(const struct smd_compiled_rule *compiled, struct smd_error *error)
{
	const struct smd_rule *rule = compiled->rule;
	int valued = rule->kind == SMD_RULE_VALUE || rule->kind == SMD_RULE_NUMBERS;

	if (rule->kind < SMD_RULE_SECTION || rule->kind > SMD_RULE_DEFAULT)
		return rule_error(rule, "is of no known kind", error);
	if (valued && !compiled->line.key_at)
		return rule_error(rule, "has a value, but no name", error);
	if (rule->kind == SMD_RULE_NUMBERS && compiled->line.key_at == compiled->line.count)
		return rule_error(rule, "has no place for its numbers", error);
	if (rule->kind == SMD_RULE_BLOCK && !rule->until)
		return rule_error(rule, "is a block without an end", error);
	if (rule->order && (!rule->order->renumber || !rule->order->insert || !rule->order->remove))
		return rule_error(rule, "lacks a line that places its entries", error);
	if (rule->negate && !*rule->negate)
		return rule_error(rule, "cannot be removed by an empty line", error);
	return 0;
}

/* In `invalidates`, `$1` is what the rule's own line has there; a wildcard has no place. */
static int resolve_places(const struct smd_compiled_rule *compiled, struct smd_pattern *pattern,
			  struct smd_error *error)
{
	struct smd_token *tokens = (struct smd_token *)pattern->tokens; /* made just now */

	for (size_t i = 0; i < pattern->count; i++) {
		struct smd_span word = tokens[i].text;

		tokens[i].place = 0;
		if (word.length != 2 || word.at[0] != '$')
			continue;
		if (word.at[1] < '1' || word.at[1] > '9' ||
		    !compiled->line.place_at[word.at[1] - '0'])
			return rule_error(compiled->rule, "invalidates lines by what is not in it",
					  error);
		tokens[i].kind = SMD_TOKEN_ANY;
		tokens[i].place = (uint8_t)(word.at[1] - '0');
	}
	return 0;
}

/* Compile the pieces of `invalidates`, each the pattern of a line. */
static int compile_invalidates(struct smd_arena *arena, struct smd_compiled_rule *compiled,
			       struct smd_error *error)
{
	struct smd_span list =
		smd_span_of(compiled->rule->invalidates ? compiled->rule->invalidates : "");
	int err = 0;

	if (!list.length)
		return 0;
	compiled->invalidates =
		smd_arena_take(arena, INVALIDATES_MAX * sizeof(*compiled->invalidates));
	if (!compiled->invalidates)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	while (list.length && !err) {
		struct smd_span piece = smd_list_cut(&list, ';');
		char *line = smd_arena_take(arena, piece.length + 1);
		struct smd_rule rule = {.line = line, .kind = SMD_RULE_MEMBER};

		if (!line || compiled->invalidate_count == INVALIDATES_MAX)
			return rule_error(compiled->rule, "invalidates too many lines", error);
		memcpy(line, piece.at, piece.length);
		line[piece.length] = '\0';
		err = smd_pattern_make(&rule, arena,
				       &compiled->invalidates[compiled->invalidate_count++], error);
		if (!err)
			err = resolve_places(compiled,
					     &compiled->invalidates[compiled->invalidate_count - 1],
					     error);
	}
	return err;
}

/* Rules whose lines remove each other */

/* Whether the token may match several words: what follows is not to be compared. */
static int may_be_several(const struct smd_token *token)
{
	return token->kind == SMD_TOKEN_INTERFACE || token->kind == SMD_TOKEN_MIXED ||
	       token->kind == SMD_TOKEN_REST;
}

/* Whether a line may match both patterns; 1 if in doubt. */
static int may_agree(const struct smd_pattern *a, const struct smd_pattern *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct smd_token *x = &a->tokens[i], *y = &b->tokens[i];

		if (x->kind == SMD_TOKEN_WORD && y->kind == SMD_TOKEN_WORD &&
		    !smd_span_same(x->text, y->text))
			return 0;
		if (may_be_several(x) || may_be_several(y))
			return 1;
	}
	return 1;
}

/* The innermost section of a path (`A / B`). */
static struct smd_span last_step(struct smd_span path)
{
	for (size_t i = path.length; i-- > 2;)
		if (!memcmp(&path.at[i - 2], " / ", 3))
			return smd_span_trim((struct smd_span){path.at + i, path.length - i});
	return path;
}

/* Whether lines of the two rules may stand in one section. */
static int may_meet(const struct smd_rule *a, const struct smd_rule *b)
{
	struct smd_span left = smd_span_of(a->within ? a->within : "");

	if (!a->within || !b->within)
		return a->within == b->within || (a->within && strstr(a->within, "**")) ||
		       (b->within && strstr(b->within, "**"));
	while (left.length) {
		struct smd_span path = smd_list_cut(&left, ';');
		struct smd_span others = smd_span_of(b->within);

		while (others.length) {
			struct smd_span other = smd_list_cut(&others, ';');

			if (smd_span_is(path, "**") || smd_span_is(other, "**") ||
			    smd_span_same(last_step(path), last_step(other)))
				return 1;
		}
	}
	return 0;
}

/* Whether a line of `by` may remove one of the other rule. */
static int may_remove(const struct smd_compiled_rule *by, const struct smd_compiled_rule *other)
{
	for (size_t i = 0; i < by->invalidate_count; i++)
		if (may_agree(&by->invalidates[i], &other->line))
			return 1;
	return 0;
}

static void find_rivals(struct smd_compiled_rule *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count && all[i].invalidate_count; k++)
			all[i].has_rivals |=
				k != i && all[k].invalidate_count && may_remove(&all[i], &all[k]) &&
				may_remove(&all[k], &all[i]) && may_meet(all[i].rule, all[k].rule);
}

int smd_rules_compile(const struct smd_dialect *dialect, struct smd_arena *arena,
		      struct smd_compiled_rule **out, struct smd_error *error)
{
	struct smd_compiled_rule *all = calloc(dialect->rule_count + 1, sizeof(*all));
	int err = 0;

	*out = all;
	if (!all)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	for (size_t i = 0; i < dialect->rule_count && !err; i++) {
		struct smd_compiled_rule *compiled = &all[i];

		compiled->rule = &dialect->rules[i];
		compiled->negated =
			!compiled->rule->negate ||
			smd_line_behind(smd_span_of(compiled->rule->negate), dialect->negation)
				.length;
		err = smd_pattern_make(compiled->rule, arena, &compiled->line, error);
		if (!err)
			err = check_rule(compiled, error);
		if (!err)
			err = compile_invalidates(arena, compiled, error);
	}
	if (!err)
		find_rivals(all, dialect->rule_count);
	return err;
}
