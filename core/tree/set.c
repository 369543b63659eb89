/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/set.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"

static void set_done(struct smd_set *set)
{
	smd_set_done(set);
}

#define own_set __attribute__((__cleanup__(set_done))) struct smd_set

void smd_set_done(struct smd_set *set)
{
	free(set->ranges);
	*set = (struct smd_set){0};
}

static int reserve_ranges(struct smd_set *set, size_t count)
{
	size_t room = set->room ? set->room : 4;
	struct smd_range *ranges;

	if (count <= set->room)
		return 0;
	while (room < count)
		room *= 2;
	ranges = reallocarray(set->ranges, room, sizeof(*ranges));
	if (!ranges)
		return SMD_E_NO_MEMORY;
	set->ranges = ranges;
	set->room = room;
	return 0;
}

/* Index of the first range that ends at `number` or beyond. */
static size_t first_reaching(const struct smd_set *set, uint32_t number)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->ranges[middle].last < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Put `count` ranges in the place of those from `from` up to `to`; there must be room. */
static void replace_ranges(struct smd_set *set, size_t from, size_t to,
			   const struct smd_range *with, size_t count)
{
	if (set->count > to)
		memmove(set->ranges + from + count, set->ranges + to,
			(set->count - to) * sizeof(*with));
	if (count)
		memcpy(set->ranges + from, with, count * sizeof(*with));
	set->count = set->count - (to - from) + count;
}

static int append_range(struct smd_set *set, uint32_t first, uint32_t last)
{
	if (reserve_ranges(set, set->count + 1))
		return SMD_E_NO_MEMORY;
	set->ranges[set->count++] = (struct smd_range){first, last};
	return 0;
}

/* Is the number behind all ranges, and not next to the last one? */
static int is_behind(const struct smd_set *set, uint32_t number)
{
	return !set->count || (uint64_t)set->ranges[set->count - 1].last + 1 < number;
}

int smd_set_add(struct smd_set *set, uint32_t first, uint32_t last)
{
	struct smd_range joined = {first, last};
	size_t from, to;

	if (first > last)
		return SMD_E_INVALID;
	if (is_behind(set, first))
		return append_range(set, first, last);
	if (reserve_ranges(set, set->count + 1))
		return SMD_E_NO_MEMORY;
	from = to = first_reaching(set, first ? first - 1 : 0); /* neighbours join */
	while (to < set->count && (!set->ranges[to].first || set->ranges[to].first - 1 <= last))
		to++;
	if (from < to) {
		if (set->ranges[from].first < first)
			joined.first = set->ranges[from].first;
		if (set->ranges[to - 1].last > last)
			joined.last = set->ranges[to - 1].last;
	}
	replace_ranges(set, from, to, &joined, 1);
	return 0;
}

int smd_set_remove(struct smd_set *set, uint32_t first, uint32_t last)
{
	struct smd_range left[2];
	size_t count = 0, from, to;

	if (first > last)
		return SMD_E_INVALID;
	from = to = first_reaching(set, first);
	while (to < set->count && set->ranges[to].first <= last)
		to++;
	if (from == to)
		return 0;
	if (reserve_ranges(set, set->count + 1))
		return SMD_E_NO_MEMORY;
	if (set->ranges[from].first < first)
		left[count++] = (struct smd_range){set->ranges[from].first, first - 1};
	if (set->ranges[to - 1].last > last)
		left[count++] = (struct smd_range){last + 1, set->ranges[to - 1].last};
	replace_ranges(set, from, to, left, count);
	return 0;
}

int smd_set_copy(struct smd_set *out, const struct smd_set *from)
{
	if (out == from)
		return 0;
	if (reserve_ranges(out, from->count))
		return SMD_E_NO_MEMORY;
	if (from->count)
		memcpy(out->ranges, from->ranges, from->count * sizeof(*from->ranges));
	out->count = from->count;
	return 0;
}

/* Append what remains of a range without `b`; `*at`: first range of `b` that may matter. */
static int push_minus(struct smd_set *set, struct smd_range range, const struct smd_set *b,
		      size_t *at)
{
	while (*at < b->count && b->ranges[*at].last < range.first)
		++*at;
	for (size_t i = *at; i < b->count && b->ranges[i].first <= range.last; i++) {
		if (b->ranges[i].first > range.first &&
		    append_range(set, range.first, b->ranges[i].first - 1))
			return SMD_E_NO_MEMORY;
		if (b->ranges[i].last >= range.last)
			return 0;
		range.first = b->ranges[i].last + 1;
	}
	return append_range(set, range.first, range.last);
}

int smd_set_minus(struct smd_set *out, const struct smd_set *a, const struct smd_set *b)
{
	own_set left = {0};
	struct smd_set old = *out;
	size_t at = a->count ? first_reaching(b, a->ranges[0].first) : 0;

	for (size_t i = 0; i < a->count; i++)
		if (push_minus(&left, a->ranges[i], b, &at))
			return SMD_E_NO_MEMORY;
	*out = left;
	left = old;
	return 0;
}

int smd_set_has(const struct smd_set *set, uint32_t number)
{
	size_t at = first_reaching(set, number);

	return at < set->count && set->ranges[at].first <= number;
}

int smd_set_equal(const struct smd_set *a, const struct smd_set *b)
{
	return a->count == b->count &&
	       (!a->count || !memcmp(a->ranges, b->ranges, a->count * sizeof(*a->ranges)));
}

uint64_t smd_set_size(const struct smd_set *set)
{
	uint64_t size = 0;

	for (size_t i = 0; i < set->count; i++)
		size += (uint64_t)set->ranges[i].last - set->ranges[i].first + 1;
	return size;
}

static int by_first(const void *a, const void *b)
{
	const struct smd_range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* Sort the ranges and join those that touch. */
static void normalise_ranges(struct smd_set *set)
{
	size_t used = 0;

	if (set->count)
		qsort(set->ranges, set->count, sizeof(*set->ranges), by_first);
	for (size_t i = 0; i < set->count; i++) {
		struct smd_range range = set->ranges[i];
		struct smd_range *before = used ? &set->ranges[used - 1] : NULL;

		if (!before || (uint64_t)before->last + 1 < range.first)
			set->ranges[used++] = range;
		else if (before->last < range.last)
			before->last = range.last;
	}
	set->count = used;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Read one decimal number; returns 0 if there is none or it does not fit. */
static int read_number(const char **at, const char *end, uint32_t *out)
{
	uint64_t number = 0;
	const char *c = *at;

	for (; c < end && *c >= '0' && *c <= '9'; c++) {
		number = number * 10 + (uint64_t)(*c - '0');
		if (number > UINT32_MAX)
			return 0;
	}
	if (c == *at)
		return 0;
	*at = c;
	*out = (uint32_t)number;
	return 1;
}

static int parse_word(struct smd_set *set, const char *word, const char *end,
		      struct smd_error *error)
{
	const char *at = word;
	uint32_t first, last;
	int good = read_number(&at, end, &first);

	last = first;
	if (good && at < end && *at == '-') {
		at++;
		good = read_number(&at, end, &last);
	}
	if (!good || at != end || first > last) {
		int shown = end - word > 64 ? 64 : (int)(end - word);

		smd_fail(error, SMD_E_INVALID, "\"%.*s\" is no number or range", shown, word);
		smd_error_hint(error, "write numbers and ranges as 1,10-20, each at most %" PRIu32,
			       UINT32_MAX);
		return SMD_E_INVALID;
	}
	if (append_range(set, first, last))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a set of numbers");
	return 0;
}

int smd_set_parse(struct smd_set *out, const char *text, size_t length, struct smd_error *error)
{
	own_set set = {0};
	struct smd_set old = *out;
	const char *end = text + length;

	while (text < end && is_blank(*text))
		text++;
	while (end > text && is_blank(end[-1]))
		end--;
	while (text < end) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		const char *word_end = comma ? comma : end;
		int err;

		while (text < word_end && is_blank(*text))
			text++;
		while (word_end > text && is_blank(word_end[-1]))
			word_end--;
		err = parse_word(&set, text, word_end, error);
		if (err)
			return err;
		if (!comma)
			break;
		text = comma + 1;
		if (text == end)
			return parse_word(&set, end, end, error);
	}
	normalise_ranges(&set);
	*out = set;
	set = old;
	return 0;
}

#define DIGITS 10 /* of the longest number */

/* Write a number before `end`; returns where it begins. */
static char *put_number(char *end, uint32_t number)
{
	do
		*--end = (char)('0' + number % 10);
	while (number /= 10);
	return end;
}

/* Write `,10-20` before `end`; returns where it begins. */
static char *put_range(char *end, const struct smd_range *range)
{
	end = put_number(end, range->last);
	if (range->first != range->last) {
		*--end = '-';
		end = put_number(end, range->first);
	}
	*--end = ',';
	return end;
}

size_t smd_set_format(const struct smd_set *set, char *out, size_t size)
{
	char word[2 * DIGITS + 2], *end = word + sizeof(word);
	size_t used = 0;

	for (size_t i = 0; i < set->count; i++) {
		char *at = put_range(end, &set->ranges[i]);
		size_t length;

		at += !i; /* no comma before the first one */
		length = (size_t)(end - at);
		if (used < size)
			memcpy(out + used, at, length < size - used ? length : size - used);
		used += length;
	}
	if (size)
		out[used < size ? used : size - 1] = '\0';
	return used;
}
