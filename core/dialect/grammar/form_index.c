/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/form_index.h"

/* The first two words of a pattern; empty: any word, and then the second is empty, too. */
struct opening {
	struct smd_span first, second;
};

/*
 * A form under an opening of its pattern.
 *
 * probe, probe_at  The next literal word, and how many words stand before it, where
 *                  that is known; else empty. Most forms can be told apart by it.
 * letter           With which, small or not, the second word begins; 0: with any.
 */
struct smd_lead {
	struct opening opening;
	const struct smd_form *form;
	struct smd_span probe;
	uint32_t probe_at;
	char letter;
};

/* Making */

static int compare_leads(const void *a, const void *b)
{
	const struct smd_lead *x = a, *y = b;
	int order = smd_span_compare(x->opening.first, y->opening.first);

	if (!order)
		order = smd_span_compare(x->opening.second, y->opening.second);
	return order ? order : (x->form->rank > y->form->rank) - (x->form->rank < y->form->rank);
}

/* Is it one word, whatever it matches? */
static int is_one_word(const struct smd_token *token)
{
	return token->kind == SMD_TOKEN_WORD || token->kind == SMD_TOKEN_EITHER ||
	       token->kind == SMD_TOKEN_ANY || token->kind == SMD_TOKEN_NUMBER;
}

static struct smd_lead lead_of(struct opening opening, const struct smd_form *form)
{
	const struct smd_pattern *pattern = &form->pattern;
	struct smd_lead lead = {.opening = opening, .form = form, .probe = {"", 0}};

	if (pattern->count > 1 && is_one_word(pattern->tokens))
		lead.letter = smd_token_letter(&pattern->tokens[1]);
	for (uint32_t i = 1; i < pattern->count && is_one_word(&pattern->tokens[i - 1]); i++)
		if (pattern->tokens[i].kind == SMD_TOKEN_WORD &&
		    !(i == 1 && opening.second.length)) {
			lead.probe = pattern->tokens[i].text;
			lead.probe_at = i;
			break;
		}
	return lead;
}

/* The words that the token may be, one after the other; empty: any. */
static struct smd_span next_word(const struct smd_token *token, struct smd_span *left)
{
	struct smd_span word = *left;

	if (token->kind == SMD_TOKEN_EITHER)
		return smd_list_cut(left, '|');
	left->length = 0;
	return token->kind == SMD_TOKEN_WORD ? word : (struct smd_span){"", 0};
}

/* Add a form under each opening it may have; without `leads`, only count. */
static size_t add_leads(const struct smd_form *form, struct smd_lead *leads)
{
	static const struct smd_token any = {.kind = SMD_TOKEN_ANY, .text = {"*", 1}};
	const struct smd_token *tokens = form->pattern.tokens;
	const struct smd_token *second = form->pattern.count > 1 ? &tokens[1] : &any;
	struct smd_span firsts = tokens->text, seconds;
	size_t count = 0;

	while (firsts.length) {
		struct opening opening = {.first = next_word(tokens, &firsts)};

		if (!opening.first.length)
			second = &any;
		for (seconds = second->text; seconds.length; count++) {
			opening.second = next_word(second, &seconds);
			if (leads)
				leads[count] = lead_of(opening, form);
		}
	}
	return count;
}

/* Of an opening whose first word has this hash. */
static uint32_t hash_second(uint32_t hash, struct smd_span second)
{
	return second.length ? smd_hash_join(hash, smd_hash(second.at, second.length)) : hash;
}

static int is_opening(const struct opening *opening, struct smd_span first, struct smd_span second)
{
	return smd_span_same(opening->first, first) && smd_span_same(opening->second, second);
}

/* The group of an opening, or the free slot where it belongs. */
static struct smd_lead_group *group_of(const struct smd_leads *leads, uint32_t hash,
				       struct smd_span first, struct smd_span second)
{
	size_t mask = leads->room - 1, slot = hash & mask;
	struct smd_lead_group *group;

	for (; (group = &leads->groups[slot])->leads; slot = (slot + 1) & mask)
		if (group->hash == hash && is_opening(&group->leads->opening, first, second))
			break;
	return group;
}

static int gather_groups(struct smd_leads *leads)
{
	leads->room = 16;
	while (leads->room < leads->count * 2)
		leads->room *= 2;
	leads->groups = calloc(leads->room, sizeof(*leads->groups));
	if (!leads->groups)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < leads->count; i++) {
		const struct smd_lead *lead = &leads->list[i];
		struct smd_span first = lead->opening.first, second = lead->opening.second;
		uint32_t hash = hash_second(smd_hash(first.at, first.length), second);
		struct smd_lead_group *group = group_of(leads, hash, first, second);

		if (!group->count++)
			*group = (struct smd_lead_group){lead, hash, 1};
		if (!first.length)
			leads->open = *group;
	}
	return 0;
}

int smd_leads_init(struct smd_leads *leads, const struct smd_form *const *forms, size_t count)
{
	size_t needed = 0;

	for (size_t i = 0; i < count; i++)
		needed += add_leads(forms[i], NULL);
	leads->list = calloc(needed + 1, sizeof(*leads->list));
	if (!leads->list)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		leads->count += add_leads(forms[i], leads->list + leads->count);
	qsort(leads->list, leads->count, sizeof(*leads->list), compare_leads);
	return gather_groups(leads);
}

void smd_leads_done(struct smd_leads *leads)
{
	free(leads->list);
	free(leads->groups);
}

/* Finding */

static size_t words_of(const struct opening *opening)
{
	return (size_t)(opening->first.length > 0) + (opening->second.length > 0);
}

static int has_form(const struct smd_quest *quest, const struct smd_lead *lead,
		    struct smd_match *match)
{
	const struct smd_form *form = lead->form;
	const struct smd_rule *rule = form->known->rule;
	int open = quest->beginning || (rule->kind == SMD_RULE_BLOCK && form->op == SMD_FORM_SET);

	if (!(form->op & quest->ops) || (rule->kind == SMD_RULE_DEFAULT && !quest->defaults))
		return 0;
	return smd_pattern_matches_from(&form->pattern, quest->words, quest->from,
					words_of(&lead->opening), !open, match);
}

static int may_have(const struct smd_lead *lead, const struct smd_quest *quest)
{
	size_t at = quest->from + lead->probe_at;

	if (lead->letter && quest->from + 1 < quest->words->count &&
	    !smd_same_letter(*quest->words->at[quest->from + 1].at, lead->letter))
		return 0;
	return !lead->probe.length ||
	       (at < quest->words->count && smd_span_same(lead->probe, quest->words->at[at]));
}

/* Among the leads of a group, from the first one on; one behind hit's is not wanted. */
static void look(const struct smd_lead_group *group, const struct smd_quest *quest,
		 struct smd_hit *hit)
{
	const struct smd_lead *end = group->leads + group->count;
	struct smd_match match;

	for (const struct smd_lead *lead = group->leads; lead < end; lead++) {
		const struct smd_form *form = lead->form;

		if (hit->form && form->rank > hit->form->rank)
			return;
		if (!may_have(lead, quest))
			continue;
		if (!has_form(quest, lead, hit->form ? &match : &hit->match))
			continue;
		if (hit->form)
			hit->match = match;
		hit->form = form;
		return;
	}
}

int smd_leads_find(const struct smd_leads *leads, const struct smd_quest *quest,
		   struct smd_hit *hit)
{
	static const struct smd_span none = {"", 0};
	const struct smd_span *words = quest->words->at + quest->from;
	uint32_t hash;

	hit->form = NULL;
	if (quest->from >= quest->words->count)
		return 0;
	hash = smd_hash(words[0].at, words[0].length);
	if (quest->from + 1 < quest->words->count)
		look(group_of(leads, hash_second(hash, words[1]), words[0], words[1]), quest, hit);
	look(group_of(leads, hash, words[0], none), quest, hit);
	if (leads->open.count)
		look(&leads->open, quest, hit);
	return hit->form != NULL;
}
