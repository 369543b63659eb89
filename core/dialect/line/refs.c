/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/refs.h"

void smd_refs_done(struct smd_refs *refs)
{
	smd_node_rule_done(&refs->node_rule);
	smd_buffer_done(&refs->name);
	smd_buffer_done(&refs->kept);
}

int smd_refs_any(const struct smd_grammar *grammar)
{
	size_t count;
	const struct smd_compiled_rule *compiled = smd_grammar_rules(grammar, &count);

	for (size_t i = 0; i < count; i++)
		if (compiled[i].rule->defines || compiled[i].rule->uses ||
		    compiled[i].rule->refers || compiled[i].rule->flags & SMD_RULE_UNIQUE)
			return 1;
	return 0;
}

int smd_refs_room(struct smd_buffer *kept, size_t length)
{
	kept->used = 0;
	return smd_buffer_reserve(kept, length + SMD_PATTERN_WORDS * 64) ? 0 : SMD_E_NO_MEMORY;
}

void smd_refs_fill(const struct smd_grammar *grammar, const struct smd_rule_match *match,
		   struct smd_buffer *kept, struct smd_filling *filling)
{
	const struct smd_pattern *pattern = &match->form->pattern;

	smd_match_filling(match, filling);
	for (size_t i = 0; i < pattern->count && pattern->spells; i++) {
		size_t start = kept->used;

		if (pattern->tokens[i].kind != SMD_TOKEN_INTERFACE || !pattern->tokens[i].place)
			continue;
		smd_grammar_spell(grammar, match->captures.at[i], kept);
		filling->place[pattern->tokens[i].place] =
			(struct smd_span){kept->bytes + start, kept->used - start};
	}
}

static int report_names(struct smd_refs *refs, const char *templates,
			const struct smd_filling *filling, enum smd_ref_kind kind, smd_ref_fn each,
			void *arg)
{
	struct smd_span list = smd_span_of(templates ? templates : "");
	int err = 0;

	while (list.length && !err) {
		refs->name.used = 0;
		smd_template_fill(smd_list_cut(&list, ';'), filling, &refs->name);
		if (refs->name.failed)
			return SMD_E_NO_MEMORY;
		err = each(arg, kind, (struct smd_span){refs->name.bytes, refs->name.used});
	}
	return err;
}

/* The rule is part of the name: values of different rules never clash. */
static int report_held_value(struct smd_refs *refs, const struct smd_node *node, smd_ref_fn each,
			     void *arg)
{
	const struct smd_rule *rule = refs->node_rule.match.form->compiled->rule;

	refs->name.used = 0;
	smd_buffer_put(&refs->name, (const char *)&rule, sizeof(rule));
	if (smd_node_valued(node))
		smd_buffer_put(&refs->name, node->value->bytes, node->value->length);
	for (size_t i = 0; i < node->key_count; i++) {
		const struct smd_string *key = smd_node_key_string(node, i);

		smd_buffer_put(&refs->name, key->bytes, key->length + 1);
	}
	if (refs->name.failed)
		return SMD_E_NO_MEMORY;
	return each(arg, SMD_REF_HOLDS, (struct smd_span){refs->name.bytes, refs->name.used});
}

static int report_both(struct smd_refs *refs, const struct smd_rule *rule,
		       const struct smd_filling *filling, smd_ref_fn each, void *arg)
{
	int err = report_names(refs, rule->defines, filling, SMD_REF_DEFINES, each, arg);

	return err ? err : report_names(refs, rule->uses, filling, SMD_REF_USES, each, arg);
}

/* Report what stands behind the words of `refers`, each "WORD" or "WORD=KIND". */
static int report_referred(struct smd_refs *refs, const char *refers, smd_ref_fn each, void *arg)
{
	const struct smd_words *words = &refs->node_rule.words;
	struct smd_span list = smd_span_of(refers);

	while (list.length) {
		struct smd_span word = smd_list_cut(&list, ';'), kind = word;
		const char *equals = memchr(word.at, '=', word.length);

		if (equals) {
			kind = (struct smd_span){equals + 1,
						 (size_t)(word.at + word.length - equals) - 1};
			word.length = (size_t)(equals - word.at);
		}
		for (size_t i = 0; i + 1 < words->count; i++) {
			int err;

			if (!smd_span_same(words->at[i], word))
				continue;
			refs->name.used = 0;
			smd_buffer_put(&refs->name, kind.at, kind.length);
			smd_buffer_byte(&refs->name, ' ');
			smd_buffer_put(&refs->name, words->at[i + 1].at, words->at[i + 1].length);
			if (refs->name.failed)
				return SMD_E_NO_MEMORY;
			err = each(arg, SMD_REF_USES,
				   (struct smd_span){refs->name.bytes, refs->name.used});
			if (err)
				return err;
		}
	}
	return 0;
}

#define DIGITS_MAX 10 /* digits of a 32-bit number */

/* The number in decimal, at the end of `room`. */
static struct smd_span digits_of(uint32_t number, char room[DIGITS_MAX])
{
	char *at = room + DIGITS_MAX;

	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	return (struct smd_span){at, (size_t)(room + DIGITS_MAX - at)};
}

int smd_refs_walks(const struct smd_set *set)
{
	return set->count <= SMD_NUMBERS_MAX && smd_set_size(set) <= SMD_NUMBERS_MAX;
}

/* Report the references of each number of a set, unless there are too many. */
static int report_numbers(struct smd_refs *refs, const struct smd_rule *rule,
			  const struct smd_set *set, struct smd_filling *filling, smd_ref_fn each,
			  void *arg)
{
	size_t count = smd_refs_walks(set) ? set->count : 0;
	char digits[DIGITS_MAX];
	int err = 0;

	for (size_t i = 0; i < count; i++)
		for (uint32_t n = set->ranges[i].first; n <= set->ranges[i].last && !err; n++) {
			filling->place[SMD_PLACE_NUMBERS] = digits_of(n, digits);
			err = report_both(refs, rule, filling, each, arg);
		}
	return err;
}

static int report_node(struct smd_refs *refs, const struct smd_node *node,
		       const struct smd_set *set, smd_ref_fn each, void *arg)
{
	const struct smd_rule *rule = smd_match_rule(&refs->node_rule.match);
	struct smd_filling filling = {
		.line = {"", 0}, .name = {"", 0}, .enclosing_key = smd_node_enclosing_key(node)};
	int err = 0;

	if (!rule)
		return 0;
	if (rule->defines || rule->uses) {
		if (smd_refs_room(&refs->kept, refs->node_rule.line.used))
			return SMD_E_NO_MEMORY;
		smd_refs_fill(refs->grammar, &refs->node_rule.match, &refs->kept, &filling);
		err = set ? report_numbers(refs, rule, set, &filling, each, arg)
			  : report_both(refs, rule, &filling, each, arg);
	}
	if (!err && rule->refers && !set)
		err = report_referred(refs, rule->refers, each, arg);
	if (!err && rule->flags & SMD_RULE_UNIQUE)
		err = report_held_value(refs, node, each, arg);
	return err;
}

int smd_refs_node(struct smd_refs *refs, const struct smd_context *context,
		  const struct smd_node *node, smd_ref_fn each, void *arg)
{
	int err = smd_node_rule_find(&refs->node_rule, refs->grammar, context, node);

	return err ? err : report_node(refs, node, smd_node_set(node), each, arg);
}

int smd_refs_numbers(struct smd_refs *refs, const struct smd_context *context,
		     const struct smd_node *node, const struct smd_set *numbers, smd_ref_fn each,
		     void *arg)
{
	int err = smd_node_rule_numbers(&refs->node_rule, refs->grammar, context, node, numbers);

	return err ? err : report_node(refs, node, numbers, each, arg);
}

int smd_refs_below(struct smd_refs *refs, const struct smd_context *context,
		   const struct smd_node *node, smd_ref_fn each, void *arg)
{
	int err = smd_refs_node(refs, context, node, each, arg);
	const struct smd_rule *rule = smd_match_rule(&refs->node_rule.match);

	if (err || !smd_node_first(node))
		return err;
	context = smd_grammar_enter(refs->grammar, context,
				    smd_rule_is_section(rule) ? refs->node_rule.match.form->compiled
							      : NULL);
	if (!context)
		return SMD_E_NO_MEMORY;
	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next)
		err = smd_refs_below(refs, context, child, each, arg);
	return err;
}
