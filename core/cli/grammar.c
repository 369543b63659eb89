/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/grammar.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "core/base/sized.h"
#include "core/cli/pattern.h"

/* Work a pattern may cost on one line. */
#define MATCH_LIMIT 100000u

/* A rule under the first word of its line or of its removal. */
struct lead {
	struct smd_span word; /* empty: it begins with a wildcard */
	const struct smd_rule *rule;
};

struct index {
	struct lead *leads; /* sorted by word, then by the order of the rules */
	size_t count;
};

struct smd_grammar {
	struct smd_dialect dialect; /* in this build's layout, as are its rules */
	struct smd_rule *rules;
	struct index lines, removals;
	pcre2_code *noise; /* NULL: there is none */
	pcre2_match_data *match;
	pcre2_match_context *context;
};

const struct smd_dialect *smd_grammar_dialect(const struct smd_grammar *grammar)
{
	return &grammar->dialect;
}

/* Finding rules */

static int compare_words(struct smd_span a, struct smd_span b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

	return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_leads(const void *a, const void *b)
{
	const struct lead *x = a, *y = b;
	int order = compare_words(x->word, y->word);

	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static void add_lead(struct index *index, const struct smd_rule *rule, const char *pattern)
{
	struct smd_span word = smd_word_next(&pattern);

	if (smd_word_is(word, "*") || smd_word_is(word, "..."))
		word.length = 0;
	index->leads[index->count++] = (struct lead){word, rule};
}

static int build_indexes(struct smd_grammar *grammar)
{
	const struct smd_dialect *dialect = &grammar->dialect;
	struct index *lines = &grammar->lines, *removals = &grammar->removals;

	lines->leads = calloc(dialect->rule_count + 1, sizeof(*lines->leads));
	removals->leads = calloc(dialect->rule_count + 1, sizeof(*removals->leads));
	if (!lines->leads || !removals->leads)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < dialect->rule_count; i++) {
		const struct smd_rule *rule = &dialect->rules[i];

		add_lead(lines, rule, rule->line);
		if (rule->negate && *rule->negate)
			add_lead(removals, rule, rule->negate);
	}
	qsort(lines->leads, lines->count, sizeof(*lines->leads), compare_leads);
	qsort(removals->leads, removals->count, sizeof(*removals->leads), compare_leads);
	return 0;
}

/* Index of the first lead with this word or a later one. */
static size_t seek(const struct index *index, struct smd_span word)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_words(index->leads[middle].word, word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int is_within(const struct smd_rule *rule, const char *within)
{
	struct smd_hit hit;

	if (!rule->within)
		return !within;
	if (!strcmp(rule->within, "**"))
		return 1;
	return within && smd_pattern_matches(rule->within, within, &hit);
}

typedef int (*match_fn)(const struct smd_rule *rule, const char *line, struct smd_hit *hit);

static int removal_matches(const struct smd_rule *rule, const char *line, struct smd_hit *hit)
{
	hit->rule = rule;
	return smd_template_matches(rule->negate, rule->line, line, hit);
}

int smd_rule_matches(const struct smd_rule *rule, const char *line, struct smd_hit *hit)
{
	hit->rule = rule;
	return smd_pattern_matches(rule->line, line, hit);
}

int smd_rule_stays(const struct smd_rule *rule)
{
	return rule && rule->kind == SMD_RULE_SECTION && rule->negate && !*rule->negate;
}

/* Among the rules under one word. A rule behind `*best` is not wanted. */
static void look_under(const struct index *index, struct smd_span word, const char *within,
		       const char *line, match_fn matches, struct smd_hit *best)
{
	for (size_t i = seek(index, word); i < index->count; i++) {
		const struct lead *lead = &index->leads[i];
		struct smd_hit hit;

		if (compare_words(lead->word, word) || (best->rule && lead->rule > best->rule))
			return;
		if (is_within(lead->rule, within) && matches(lead->rule, line, &hit)) {
			*best = hit;
			return;
		}
	}
}

static int find(const struct index *index, const char *within, const char *line, match_fn matches,
		struct smd_hit *hit)
{
	const char *at = line;
	struct smd_span word = smd_word_next(&at), none = {line, 0};

	hit->rule = NULL;
	look_under(index, word, within, line, matches, hit);
	look_under(index, none, within, line, matches, hit);
	return hit->rule != NULL;
}

int smd_grammar_find(const struct smd_grammar *grammar, const char *within, const char *line,
		     struct smd_hit *hit)
{
	return find(&grammar->lines, within, line, smd_rule_matches, hit);
}

int smd_grammar_find_removal(const struct smd_grammar *grammar, const char *within,
			     const char *line, struct smd_hit *hit)
{
	return find(&grammar->removals, within, line, removal_matches, hit);
}

/* Lines */

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

size_t smd_line_column(const char *bytes, size_t length)
{
	size_t column = 0;

	for (size_t i = 0; i < length && is_blank(bytes[i]); i++) {
		if (bytes[i] == '\t')
			column += 8 - column % 8;
		else if (bytes[i] == ' ')
			column++;
	}
	return column;
}

static void squeeze(struct smd_buffer *line)
{
	size_t to = 0;

	for (size_t from = 0; from < line->used; from++) {
		int blank = line->bytes[from] == ' ' || line->bytes[from] == '\t';

		if (!blank)
			line->bytes[to++] = line->bytes[from];
		else if (line->bytes[to - 1] != ' ')
			line->bytes[to++] = ' ';
	}
	line->used = to;
}

int smd_grammar_trim(const struct smd_grammar *grammar, const char *bytes, size_t length,
		     struct smd_buffer *out)
{
	while (length && is_blank(*bytes)) {
		bytes++;
		length--;
	}
	while (length && is_blank(bytes[length - 1]))
		length--;
	out->used = 0;
	if (!length)
		return 0;
	if (memchr(bytes, '\0', length))
		return SMD_E_INVALID;
	smd_buffer_put(out, bytes, length);
	for (size_t i = 0; i < out->used; i++)
		if (out->bytes[i] == '\r') /* it can be no part of a line that is sent */
			out->bytes[i] = ' ';
	if (grammar->dialect.squeeze && !out->failed)
		squeeze(out);
	return smd_buffer_close(out) ? SMD_E_NO_MEMORY : 1;
}

int smd_grammar_drops(const struct smd_grammar *grammar, const char *line, size_t length)
{
	const char *const *closers = grammar->dialect.closers;

	for (size_t i = 0; closers && closers[i]; i++)
		if (!strcmp(closers[i], line))
			return 1;
	return grammar->noise && pcre2_match(grammar->noise, (PCRE2_SPTR)line, length, 0, 0,
					     grammar->match, grammar->context) >= 0;
}

const char *smd_grammar_positive(const struct smd_grammar *grammar, const char *line)
{
	const char *negation = grammar->dialect.negation;
	size_t length = strlen(negation);

	if (strncmp(line, negation, length) != 0 || !is_blank(line[length]))
		return NULL;
	line += length;
	return line + strspn(line, " \t\r");
}

int smd_grammar_negate(const struct smd_grammar *grammar, const struct smd_hit *hit,
		       const char *line, struct smd_buffer *out)
{
	const char *positive = smd_grammar_positive(grammar, line);

	out->used = 0;
	if (hit->rule && hit->rule->negate) {
		smd_template_fill(hit->rule->negate, hit, out);
	} else if (positive) {
		smd_buffer_puts(out, positive);
	} else {
		smd_buffer_puts(out, grammar->dialect.negation);
		smd_buffer_byte(out, ' ');
		smd_buffer_puts(out, line);
	}
	return smd_buffer_close(out);
}

int smd_buffer_close(struct smd_buffer *buffer)
{
	if (!smd_buffer_reserve(buffer, 1))
		return SMD_E_NO_MEMORY;
	buffer->bytes[buffer->used] = '\0';
	return 0;
}

/* Making */

static int compile(struct smd_grammar *grammar, const struct smd_buffer *pattern,
		   struct smd_error *error)
{
	PCRE2_SIZE at;
	int code;

	grammar->noise = pcre2_compile((PCRE2_SPTR)pattern->bytes, pattern->used,
				       PCRE2_ANCHORED | PCRE2_ENDANCHORED, &code, &at, NULL);
	if (!grammar->noise)
		return smd_fail(error, SMD_E_INVALID,
				"the noise of the dialect is no pattern at offset %zu: \"%s\"", at,
				pattern->bytes);
	pcre2_jit_compile(grammar->noise, PCRE2_JIT_COMPLETE); /* without it, it is only slower */
	grammar->match = pcre2_match_data_create(1, NULL);
	grammar->context = pcre2_match_context_create(NULL);
	if (!grammar->match || !grammar->context)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	pcre2_set_match_limit(grammar->context, MATCH_LIMIT);
	return 0;
}

/* All patterns as one, so that a line is looked at once. */
static int compile_noise(struct smd_grammar *grammar, struct smd_error *error)
{
	const char *const *noise = grammar->dialect.noise;
	struct smd_buffer all = {0};
	int err;

	if (!noise || !*noise)
		return 0;
	for (size_t i = 0; noise[i]; i++) {
		smd_buffer_puts(&all, i ? "|(?:" : "(?:");
		smd_buffer_puts(&all, noise[i]);
		smd_buffer_byte(&all, ')');
	}
	err = smd_buffer_close(&all);
	err = err ? smd_fail(error, err, "no memory for a dialect") : compile(grammar, &all, error);
	smd_buffer_done(&all);
	return err;
}

/* A driver's own table may be of another build than ours. */
static int take_dialect(struct smd_grammar *grammar, const struct smd_dialect *from,
			struct smd_error *error)
{
	struct smd_dialect *dialect = &grammar->dialect;

	smd_sized_take(dialect, sizeof(*dialect), from, from->size);
	if (dialect->rule_count && (!dialect->rules || !dialect->rule_size))
		return smd_fail(error, SMD_E_INVALID,
				"the dialect's rules or their size are missing");
	grammar->rules = smd_sized_array(sizeof(*grammar->rules), dialect->rules,
					 dialect->rule_count, dialect->rule_size);
	if (!grammar->rules && dialect->rule_count)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	dialect->size = sizeof(*dialect);
	dialect->rules = grammar->rules;
	dialect->rule_size = sizeof(*grammar->rules);
	return 0;
}

static int check(const struct smd_dialect *dialect, struct smd_error *error)
{
	if (dialect->family != SMD_FAMILY_INDENTED)
		return smd_fail(error, SMD_E_UNSUPPORTED, "the dialect's family %d is not known",
				(int)dialect->family);
	if (!dialect->negation || !*dialect->negation || !dialect->exit || !*dialect->exit)
		return smd_fail(error, SMD_E_INVALID, "the dialect has no negation or no exit");
	for (size_t i = 0; i < dialect->rule_count; i++) {
		int err = smd_rule_check(&dialect->rules[i], error);

		if (err)
			return err;
	}
	return 0;
}

int smd_grammar_new(const struct smd_dialect *dialect, struct smd_grammar **out,
		    struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = calloc(1, sizeof(*grammar));
	int err;

	if (!grammar)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	err = take_dialect(grammar, dialect, error);
	if (!err)
		err = check(&grammar->dialect, error);
	if (!err && build_indexes(grammar))
		err = smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	if (!err)
		err = compile_noise(grammar, error);
	if (!err)
		*out = smd_take(grammar);
	return err;
}

void smd_grammar_free(struct smd_grammar *grammar)
{
	if (!grammar)
		return;
	free(grammar->rules);
	free(grammar->lines.leads);
	free(grammar->removals.leads);
	pcre2_match_data_free(grammar->match);
	pcre2_match_context_free(grammar->context);
	pcre2_code_free(grammar->noise);
	free(grammar);
}
