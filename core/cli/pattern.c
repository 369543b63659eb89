/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/pattern.h"

#include <string.h>

struct smd_span smd_word_next(const char **at)
{
	struct smd_span word = {.at = *at + strspn(*at, " \t\r")};

	word.length = strcspn(word.at, " \t\r");
	*at = word.at + word.length;
	return word;
}

int smd_word_is(struct smd_span word, const char *text)
{
	return word.length == strlen(text) && !memcmp(word.at, text, word.length);
}

static struct smd_span rest_of(const char *at)
{
	at += strspn(at, " \t\r");
	return (struct smd_span){at, strlen(at)};
}

int smd_pattern_matches(const char *pattern, const char *line, struct smd_hit *hit)
{
	for (size_t wild = 0;;) {
		struct smd_span want = smd_word_next(&pattern), word;

		if (smd_word_is(want, "...")) {
			hit->wild[wild] = rest_of(line);
			return hit->wild[wild].length > 0;
		}
		word = smd_word_next(&line);
		if (!want.length || !word.length)
			return want.length == word.length;
		if (smd_word_is(want, "*"))
			hit->wild[wild++] = word;
		else if (want.length != word.length || memcmp(want.at, word.at, word.length) != 0)
			return 0;
	}
}

/* 1 to 9 for `$1` to `$9`, else 0. */
static size_t reference(struct smd_span word)
{
	if (word.length != 2 || word.at[0] != '$' || word.at[1] < '1' || word.at[1] > '9')
		return 0;
	return (size_t)(word.at[1] - '0');
}

/* Is the last wildcard, the `number`-th, the rest of the line? */
static int is_rest(const char *pattern, size_t number)
{
	for (struct smd_span word = smd_word_next(&pattern); word.length;
	     word = smd_word_next(&pattern)) {
		if (smd_word_is(word, "..."))
			return number == 1;
		number -= smd_word_is(word, "*");
	}
	return 0;
}

int smd_template_matches(const char *template, const char *pattern, const char *line,
			 struct smd_hit *hit)
{
	memset(hit->wild, 0, sizeof(hit->wild));
	for (;;) {
		struct smd_span want = smd_word_next(&template), word;
		size_t number = reference(want);

		if (number && is_rest(pattern, number)) {
			hit->wild[number - 1] = rest_of(line);
			return hit->wild[number - 1].length > 0;
		}
		word = smd_word_next(&line);
		if (!want.length || !word.length)
			return want.length == word.length;
		if (number)
			hit->wild[number - 1] = word;
		else if (want.length != word.length || memcmp(want.at, word.at, word.length) != 0)
			return 0;
	}
}

void smd_template_fill(const char *template, const struct smd_hit *hit, struct smd_buffer *out)
{
	int first = 1;

	for (struct smd_span word = smd_word_next(&template); word.length;
	     word = smd_word_next(&template)) {
		size_t number = reference(word);

		if (!first)
			smd_buffer_byte(out, ' ');
		first = 0;
		if (number)
			word = hit->wild[number - 1];
		smd_buffer_put(out, word.at, word.length);
	}
}

static int bad(const struct smd_rule *rule, const char *why, struct smd_error *error)
{
	return smd_fail(error, SMD_E_INVALID, "rule \"%s\" of the dialect %s",
			rule->line ? rule->line : "", why);
}

/* Count words and wildcards; 0 if something follows `...`. */
static int measure(const char *pattern, size_t *words, size_t *wildcards)
{
	int ended = 0;

	*words = *wildcards = 0;
	for (struct smd_span word = smd_word_next(&pattern); word.length;
	     word = smd_word_next(&pattern)) {
		if (ended)
			return 0;
		ended = smd_word_is(word, "...");
		++*words;
		*wildcards += ended || smd_word_is(word, "*");
	}
	return 1;
}

/* A removal names no wildcard that is not there, and the rest of a line last. */
static int template_is_good(const struct smd_rule *rule, size_t wildcards)
{
	const char *template = rule->negate;
	int ended = 0;

	if (!template)
		return 1;
	if (!*template)
		return rule->kind == SMD_RULE_SECTION;
	for (struct smd_span word = smd_word_next(&template); word.length;
	     word = smd_word_next(&template)) {
		size_t number = reference(word);

		if (ended || number > wildcards)
			return 0;
		ended = number && is_rest(rule->line, number);
	}
	return 1;
}

int smd_rule_check(const struct smd_rule *rule, struct smd_error *error)
{
	int valued = rule->kind == SMD_RULE_VALUE || rule->kind == SMD_RULE_NUMBERS;
	size_t words, wildcards, above;

	if (rule->kind < SMD_RULE_SECTION || rule->kind > SMD_RULE_ORDERED)
		return bad(rule, "is of no known kind", error);
	if (!rule->line || !measure(rule->line, &words, &wildcards))
		return bad(rule, "has words behind its end", error);
	if (!words || words > SMD_PATTERN_WORDS || wildcards > SMD_WILDCARDS)
		return bad(rule, "has no words, or too many", error);
	if (valued && (!wildcards || *rule->line == '*' || !strcmp(rule->line, "...")))
		return bad(rule, "has a value, but no name or no place for it", error);
	if (rule->within && strcmp(rule->within, "**") != 0 &&
	    (!measure(rule->within, &words, &above) || !words || above > SMD_WILDCARDS))
		return bad(rule, "is within no section that there can be", error);
	if (!template_is_good(rule, wildcards))
		return bad(rule, "cannot be removed like that", error);
	return 0;
}
