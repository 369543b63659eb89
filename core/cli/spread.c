/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/spread.h"

#include <stdio.h>

/* The numbers that the key of a line names; 1: it is one number, or none, or too many. */
static int take_numbers(struct smd_span key, struct smd_set *numbers)
{
	int err;

	if (!memchr(key.at, ',', key.length) && !memchr(key.at, '-', key.length))
		return 1;
	err = smd_set_parse(numbers, key.at, key.length, NULL);
	if (err == SMD_E_NO_MEMORY)
		return err;
	return err || smd_set_size(numbers) > SMD_NUMBERS_MAX;
}

static uint32_t number_at(const struct smd_set *set, size_t place)
{
	const struct smd_range *range = set->ranges;

	for (; place > range->last - range->first; range++)
		place -= range->last - range->first + 1u;
	return range->first + (uint32_t)place;
}

static void put_number(struct smd_buffer *out, uint32_t number)
{
	char digits[16];

	smd_buffer_put(out, digits, (size_t)snprintf(digits, sizeof(digits), "%u", number));
}

/* The line is copied: who gets its parts may use the memory that it lies in. */
static int hand_over(const struct smd_set *numbers, struct smd_span line, struct smd_span key,
		     smd_spread_fn each, void *arg)
{
	size_t size = (size_t)smd_set_size(numbers), before = (size_t)(key.at - line.at);
	size_t behind = before + key.length;
	struct smd_buffer whole = {0}, one = {0};
	int err = 0;

	smd_buffer_put(&whole, line.at, line.length);
	for (size_t i = 0; i < size && !err && !whole.failed; i++) {
		one.used = 0;
		smd_buffer_put(&one, whole.bytes, before);
		put_number(&one, number_at(numbers, i));
		smd_buffer_put(&one, whole.bytes + behind, whole.used - behind);
		err = one.failed ? SMD_E_NO_MEMORY
				 : each(arg, (struct smd_span){one.bytes, one.used}, size - i - 1);
	}
	if (whole.failed)
		err = SMD_E_NO_MEMORY;
	smd_buffer_done(&whole);
	smd_buffer_done(&one);
	return err;
}

int smd_spread_each(const struct smd_grammar *grammar, const struct smd_context *context,
		    struct smd_span line, smd_spread_fn each, void *arg)
{
	struct smd_set numbers = {0};
	struct smd_words words;
	struct smd_span key;
	struct smd_hit hit;
	int err;

	smd_words_split(&words, line, 0);
	if (smd_grammar_paths(grammar) ||
	    !smd_context_find(context, &words, 0, SMD_DEED_ENTER, 0, &hit) ||
	    !(smd_hit_rule(&hit)->flags & SMD_RULE_SPREAD))
		return 1;
	key = smd_match_place(&hit.form->pattern, &hit.match, 1);
	err = take_numbers(key, &numbers);
	if (!err)
		err = hand_over(&numbers, line, key, each, arg);
	smd_set_done(&numbers);
	return err;
}
