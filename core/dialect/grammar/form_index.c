/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/form_index.h"

/* The first two words of a pattern; empty: any word, and then the second is empty, too. */
struct prefix {
	struct smd_span first, second;
};

/*
 * A form under a prefix of its pattern.
 *
 * probe     A literal word behind the prefix, compared before the whole pattern is: it tells most
 *           forms apart. Empty: none stands at a fixed distance.
 * probe_at  Index of the probe's token, which is that of its word.
 * letter    The letter, in either case, that the second word begins with; 0: any.
 */
struct smd_form_entry {
	struct prefix prefix;
	const struct smd_form *form;
	struct smd_span probe;
	uint32_t probe_at;
	char letter;
};

/* Making */

static int compare_entries(const void *a, const void *b)
{
	const struct smd_form_entry *x = a, *y = b;
	int order = smd_span_compare(x->prefix.first, y->prefix.first);

	if (!order)
		order = smd_span_compare(x->prefix.second, y->prefix.second);
	return order ? order : (x->form->rank > y->form->rank) - (x->form->rank < y->form->rank);
}

/* Whether the token takes one word, whatever it matches. */
static int is_one_word(const struct smd_token *token)
{
	return token->kind == SMD_TOKEN_WORD || token->kind == SMD_TOKEN_EITHER ||
	       token->kind == SMD_TOKEN_ANY || token->kind == SMD_TOKEN_NUMBER;
}

static struct smd_form_entry make_entry(struct prefix prefix, const struct smd_form *form)
{
	const struct smd_pattern *pattern = &form->pattern;
	struct smd_form_entry entry = {.prefix = prefix, .form = form, .probe = {"", 0}};

	if (pattern->count > 1 && is_one_word(pattern->tokens))
		entry.letter = smd_token_letter(&pattern->tokens[1]);
	for (uint32_t i = 1; i < pattern->count && is_one_word(&pattern->tokens[i - 1]); i++)
		if (pattern->tokens[i].kind == SMD_TOKEN_WORD &&
		    !(i == 1 && prefix.second.length)) {
			entry.probe = pattern->tokens[i].text;
			entry.probe_at = i;
			break;
		}
	return entry;
}

/* The next word that the token may be (`a|b` are two); empty: any word. */
static struct smd_span next_word(const struct smd_token *token, struct smd_span *left)
{
	struct smd_span word = *left;

	if (token->kind == SMD_TOKEN_EITHER)
		return smd_list_cut(left, '|');
	left->length = 0;
	return token->kind == SMD_TOKEN_WORD ? word : (struct smd_span){"", 0};
}

/* Add a form under each of its prefixes; returns their number. `entries` NULL: only count. */
static size_t add_entries(const struct smd_form *form, struct smd_form_entry *entries)
{
	static const struct smd_token any = {.kind = SMD_TOKEN_ANY, .text = {"*", 1}};
	const struct smd_token *tokens = form->pattern.tokens;
	const struct smd_token *second = form->pattern.count > 1 ? &tokens[1] : &any;
	struct smd_span firsts = tokens->text, seconds;
	size_t count = 0;

	while (firsts.length) {
		struct prefix prefix = {.first = next_word(tokens, &firsts)};

		if (!prefix.first.length)
			second = &any;
		for (seconds = second->text; seconds.length; count++) {
			prefix.second = next_word(second, &seconds);
			if (entries)
				entries[count] = make_entry(prefix, form);
		}
	}
	return count;
}

/* Hash of a prefix: `hash` is that of its first word. */
static uint32_t hash_second(uint32_t hash, struct smd_span second)
{
	return second.length ? smd_hash_join(hash, smd_hash(second.at, second.length)) : hash;
}

static int has_words(const struct prefix *prefix, struct smd_span first, struct smd_span second)
{
	return smd_span_same(prefix->first, first) && smd_span_same(prefix->second, second);
}

/* The bucket of a prefix, or the free slot where it belongs. */
static struct smd_form_bucket *find_bucket(const struct smd_form_index *index, uint32_t hash,
					   struct smd_span first, struct smd_span second)
{
	size_t mask = index->room - 1, slot = hash & mask;
	struct smd_form_bucket *bucket;

	for (; (bucket = &index->buckets[slot])->entries; slot = (slot + 1) & mask)
		if (bucket->hash == hash && has_words(&bucket->entries->prefix, first, second))
			break;
	return bucket;
}

static int fill_buckets(struct smd_form_index *index)
{
	index->room = 16;
	while (index->room < index->count * 2)
		index->room *= 2;
	index->buckets = calloc(index->room, sizeof(*index->buckets));
	if (!index->buckets)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < index->count; i++) {
		const struct smd_form_entry *entry = &index->list[i];
		struct smd_span first = entry->prefix.first, second = entry->prefix.second;
		uint32_t hash = hash_second(smd_hash(first.at, first.length), second);
		struct smd_form_bucket *bucket = find_bucket(index, hash, first, second);

		if (!bucket->count++)
			*bucket = (struct smd_form_bucket){entry, hash, 1};
		if (!first.length)
			index->open = *bucket;
	}
	return 0;
}

int smd_form_index_init(struct smd_form_index *index, const struct smd_form *const *forms,
			size_t count)
{
	size_t needed = 0;

	for (size_t i = 0; i < count; i++)
		needed += add_entries(forms[i], NULL);
	index->list = calloc(needed + 1, sizeof(*index->list));
	if (!index->list)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		index->count += add_entries(forms[i], index->list + index->count);
	qsort(index->list, index->count, sizeof(*index->list), compare_entries);
	return fill_buckets(index);
}

void smd_form_index_done(struct smd_form_index *index)
{
	free(index->list);
	free(index->buckets);
}

/* Finding */

static size_t words_of(const struct prefix *prefix)
{
	return (size_t)(prefix->first.length > 0) + (prefix->second.length > 0);
}

static int has_form(const struct smd_form_lookup *lookup, const struct smd_form_entry *entry,
		    struct smd_captures *captures)
{
	const struct smd_form *form = entry->form;
	const struct smd_rule *rule = form->compiled->rule;
	int open = lookup->beginning || (rule->kind == SMD_RULE_BLOCK && form->op == SMD_FORM_SET);

	if (!(form->op & lookup->ops) || (rule->kind == SMD_RULE_DEFAULT && !lookup->defaults))
		return 0;
	return smd_pattern_matches_from(&form->pattern, lookup->words, lookup->from,
					words_of(&entry->prefix), !open, captures);
}

static int may_have(const struct smd_form_entry *entry, const struct smd_form_lookup *lookup)
{
	size_t at = lookup->from + entry->probe_at;

	if (entry->letter && lookup->from + 1 < lookup->words->count &&
	    !smd_same_letter(*lookup->words->at[lookup->from + 1].at, entry->letter))
		return 0;
	return !entry->probe.length ||
	       (at < lookup->words->count && smd_span_same(entry->probe, lookup->words->at[at]));
}

/* The first form of a bucket that matches, if its rank is below that of the match so far. */
static void look_in_bucket(const struct smd_form_bucket *bucket,
			   const struct smd_form_lookup *lookup, struct smd_rule_match *match)
{
	const struct smd_form_entry *end = bucket->entries + bucket->count;
	struct smd_captures captures;

	for (const struct smd_form_entry *entry = bucket->entries; entry < end; entry++) {
		const struct smd_form *form = entry->form;

		if (match->form && form->rank > match->form->rank)
			return;
		if (!may_have(entry, lookup))
			continue;
		if (!has_form(lookup, entry, match->form ? &captures : &match->captures))
			continue;
		if (match->form)
			match->captures = captures;
		match->form = form;
		return;
	}
}

int smd_form_index_find(const struct smd_form_index *index, const struct smd_form_lookup *lookup,
			struct smd_rule_match *match)
{
	static const struct smd_span none = {"", 0};
	const struct smd_span *words = lookup->words->at + lookup->from;
	uint32_t hash;

	match->form = NULL;
	if (lookup->from >= lookup->words->count)
		return 0;
	hash = smd_hash(words[0].at, words[0].length);
	if (lookup->from + 1 < lookup->words->count)
		look_in_bucket(find_bucket(index, hash_second(hash, words[1]), words[0], words[1]),
			       lookup, match);
	look_in_bucket(find_bucket(index, hash, words[0], none), lookup, match);
	if (index->open.count)
		look_in_bucket(&index->open, lookup, match);
	return match->form != NULL;
}

/* Completing */

/* The literal word of a token that is, or begins with, `word`; empty: none is, or several. */
static struct smd_span full_word(const struct smd_token *token, struct smd_span word)
{
	struct smd_span left = token->text, found = {"", 0}, one;
	int several = 0;

	while ((one = next_word(token, &left)).length) {
		if (smd_span_same(one, word))
			return one;
		if (one.length < word.length || memcmp(one.at, word.at, word.length) != 0)
			continue;
		several = found.length > 0;
		found = one;
	}
	return several ? (struct smd_span){"", 0} : found;
}

static int is_literal(const struct smd_token *token)
{
	return token->kind == SMD_TOKEN_WORD || token->kind == SMD_TOKEN_EITHER;
}

/* What word `at` is short for, if it stands for a literal word of the form; else itself. */
static struct smd_span word_in_full(const struct smd_form *form, const struct smd_words *words,
				    size_t at)
{
	const struct smd_pattern *pattern = &form->pattern;

	return at < pattern->count && is_literal(&pattern->tokens[at])
		       ? full_word(&pattern->tokens[at], words->at[at])
		       : words->at[at];
}

/* Whether the words are a line of the form, some of its literal words cut short. */
static int is_short_for(const struct smd_form *form, const struct smd_words *words)
{
	const struct smd_pattern *pattern = &form->pattern;
	const struct smd_token *last = &pattern->tokens[pattern->count - 1];
	int open = last->kind == SMD_TOKEN_REST || last->kind == SMD_TOKEN_INTERFACE;
	int is_short = 0;

	if (!(form->op & (SMD_FORM_SET | SMD_FORM_UNSET)) || !is_literal(pattern->tokens) ||
	    words->count < pattern->count || (words->count > pattern->count && !open))
		return 0;
	for (size_t i = 0; i < words->count; i++) {
		struct smd_span full = word_in_full(form, words, i);

		if (!full.length)
			return 0;
		is_short |= full.length > words->at[i].length;
	}
	return is_short;
}

int smd_form_index_complete(const struct smd_form_index *index, const struct smd_words *words,
			    struct smd_buffer *out)
{
	const struct smd_form *best = NULL;

	for (size_t i = 0; i < index->count; i++) {
		const struct smd_form *form = index->list[i].form;

		if ((!best || form->rank < best->rank) && is_short_for(form, words))
			best = form;
	}
	for (size_t i = 0; best && i < words->count; i++) {
		struct smd_span full = word_in_full(best, words, i);

		if (i)
			smd_buffer_byte(out, ' ');
		smd_buffer_put(out, full.at, full.length);
	}
	return best != NULL;
}
