/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/expand.h"

#include <stdio.h>

/* The list of numbers or words in a line. */
static struct smd_span list_of(const struct smd_rule_match *match)
{
	const struct smd_pattern *pattern = &match->form->pattern;

	if (smd_match_rule(match)->kind == SMD_RULE_SECTION)
		return smd_captures_place(pattern, &match->captures, 1);
	return match->captures.at[pattern->count - 1];
}

static int has_numbers(struct smd_span list)
{
	return memchr(list.at, ',', list.length) || memchr(list.at, '-', list.length);
}

int smd_match_is_expanded(const struct smd_rule_match *match)
{
	const struct smd_rule *rule = smd_match_rule(match);

	if (!rule || !(rule->flags & SMD_RULE_EXPAND_LIST))
		return 0;
	return rule->kind == SMD_RULE_SECTION
		       ? has_numbers(list_of(match))
		       : memchr(list_of(match).at, ' ', list_of(match).length) != NULL;
}

/* A line and the list in it. */
struct parts {
	struct smd_buffer whole; /* a copy: `each` may overwrite the memory of the line */
	size_t before, behind;   /* offsets of the list's beginning and end */
	struct smd_set numbers;
	struct smd_words words;
};

static size_t count_of(const struct parts *parts)
{
	return parts->numbers.count ? (size_t)smd_set_size(&parts->numbers) : parts->words.count;
}

static uint32_t number_at(const struct smd_set *set, size_t place)
{
	const struct smd_range *range = set->ranges;

	for (; place > range->last - range->first; range++)
		place -= range->last - range->first + 1u;
	return range->first + (uint32_t)place;
}

static void put_line(const struct parts *parts, size_t place, struct smd_buffer *out)
{
	const char *whole = parts->whole.bytes;
	char digits[16];

	out->used = 0;
	smd_buffer_put(out, whole, parts->before);
	if (parts->numbers.count)
		smd_buffer_put(out, digits,
			       (size_t)snprintf(digits, sizeof(digits), "%u",
						number_at(&parts->numbers, place)));
	else
		smd_buffer_put(out, parts->words.at[place].at, parts->words.at[place].length);
	smd_buffer_put(out, whole + parts->behind, parts->whole.used - parts->behind);
}

/* Find the list in a line. 1: the line stands for itself alone, or for too many. */
static int cut_up(struct parts *parts, struct smd_span line, const struct smd_rule_match *match)
{
	struct smd_span list = list_of(match);
	int err;

	parts->before = (size_t)(list.at - line.at);
	parts->behind = parts->before + list.length;
	smd_buffer_put(&parts->whole, line.at, line.length);
	if (parts->whole.failed)
		return SMD_E_NO_MEMORY;
	list.at = parts->whole.bytes + parts->before;
	if (smd_match_rule(match)->kind != SMD_RULE_SECTION) {
		smd_words_split(&parts->words, list, 0);
		return parts->words.count == SMD_WORDS; /* then the last of them may be several */
	}
	err = smd_set_parse(&parts->numbers, list.at, list.length, NULL);
	if (err == SMD_E_NO_MEMORY)
		return err;
	return err || smd_set_size(&parts->numbers) > SMD_NUMBERS_MAX;
}

static int hand_over(const struct parts *parts, smd_expand_fn each, void *arg)
{
	size_t count = count_of(parts);
	struct smd_buffer one = {0};
	int err = 0;

	for (size_t i = 0; i < count && !err; i++) {
		put_line(parts, i, &one);
		err = one.failed ? SMD_E_NO_MEMORY
				 : each(arg, (struct smd_span){one.bytes, one.used}, count - i - 1);
	}
	smd_buffer_done(&one);
	return err;
}

int smd_expand_each(const struct smd_grammar *grammar, const struct smd_context *context,
		    struct smd_span line, smd_expand_fn each, void *arg)
{
	struct parts parts = {.before = 0};
	struct smd_words words;
	struct smd_rule_match match;
	int err = 1;

	smd_words_split(&words, line, 0);
	if (!smd_grammar_paths(grammar) &&
	    smd_context_find(context, &words, 0, SMD_FORM_SET, 0, &match) &&
	    smd_match_is_expanded(&match))
		err = cut_up(&parts, line, &match);
	if (!err)
		err = hand_over(&parts, each, arg);
	smd_buffer_done(&parts.whole);
	smd_set_done(&parts.numbers);
	return err;
}
