/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/line_filter.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "core/tree/buffer.h"

/* PCRE2's match limit: bounds the work of a pattern on one line. */
#define MATCH_LIMIT 100000u

struct smd_line_filter {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	const uint8_t *starts;   /* a bit for each byte that a match may begin with; NULL: any */
	struct smd_span *begins; /* literal beginning of each pattern; empty: it has none */
	size_t count;
};

void smd_line_filter_free(struct smd_line_filter *filter)
{
	if (!filter)
		return;
	pcre2_match_data_free(filter->match);
	pcre2_match_context_free(filter->context);
	pcre2_code_free(filter->code);
	free(filter->begins);
	free(filter);
}

/* The end of the character, escaped character or class that begins at `at`. */
static const char *behind_one(const char *at)
{
	if (*at == '\\' && at[1])
		return at + 2;
	if (*at != '[')
		return at + 1;
	at += 1 + (at[1] == '^');
	at += *at == ']'; /* a `]` in first place is a member */
	while (*at && *at != ']')
		at = *at == '\\' && at[1] ? at + 2 : at + 1;
	return *at ? at + 1 : at;
}

/* Whether the pattern has alternatives outside of groups. */
static int is_several(const char *pattern)
{
	int depth = 0;

	for (const char *at = pattern; *at; at = behind_one(at)) {
		depth += (*at == '(') - (*at == ')');
		if (*at == '|' && !depth)
			return 1;
	}
	return 0;
}

/* The literal characters that a pattern begins with. */
static struct smd_span begin_of(const char *pattern)
{
	size_t length = strcspn(pattern, "\\^$.[|()?*+{");

	if (is_several(pattern))
		length = 0;
	if (length && pattern[length] && strchr("?*{", pattern[length]))
		length--; /* the last one is optional */
	return (struct smd_span){pattern, length};
}

/* Whether the line begins with the literal beginning of a pattern: far cheaper than to match. */
static int may_match(const struct smd_line_filter *filter, struct smd_span line)
{
	for (size_t i = 0; i < filter->count; i++)
		if (!filter->begins[i].length ||
		    (filter->begins[i].length <= line.length && *filter->begins[i].at == *line.at &&
		     !memcmp(filter->begins[i].at, line.at, filter->begins[i].length)))
			return 1;
	return 0;
}

int smd_line_filter_may_match(const struct smd_line_filter *filter, uint8_t first)
{
	return !filter->starts || filter->starts[first / 8] & 1u << first % 8;
}

int smd_line_filter_matches(struct smd_line_filter *filter, struct smd_span line)
{
	if (!smd_line_filter_may_match(filter, line.length ? (uint8_t)*line.at : 0) ||
	    !may_match(filter, line))
		return 0;
	return pcre2_match(filter->code, (PCRE2_SPTR)line.at, line.length, 0, 0, filter->match,
			   filter->context) >= 0;
}

size_t smd_line_filter_end(struct smd_line_filter *filter, struct smd_span line)
{
	if (pcre2_match(filter->code, (PCRE2_SPTR)line.at, line.length, 0, 0, filter->match,
			filter->context) < 0)
		return line.length;
	return pcre2_get_ovector_pointer(filter->match)[0];
}

static int compile_filter(struct smd_line_filter *filter, const struct smd_buffer *pattern,
			  const char *what, int whole, struct smd_error *error)
{
	uint32_t options = whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : PCRE2_ENDANCHORED;
	PCRE2_SIZE at;
	int code;

	filter->code =
		pcre2_compile((PCRE2_SPTR)pattern->bytes, pattern->used, options, &code, &at, NULL);
	if (!filter->code)
		return smd_fail(error, SMD_E_INVALID,
				"the %s of the dialect is no pattern at offset %zu: \"%s\"", what,
				at, pattern->bytes);
	pcre2_jit_compile(filter->code, PCRE2_JIT_COMPLETE); /* a failure only makes it slower */
	if (whole)
		pcre2_pattern_info(filter->code, PCRE2_INFO_FIRSTBITMAP, (void *)&filter->starts);
	filter->match = pcre2_match_data_create(1, NULL);
	filter->context = pcre2_match_context_create(NULL);
	if (!filter->match || !filter->context)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	pcre2_set_match_limit(filter->context, MATCH_LIMIT);
	return 0;
}

int smd_line_filter_new(const char *const *patterns, const char *what, int whole,
			struct smd_line_filter **out, struct smd_error *error)
{
	smd_cleanup(smd_line_filter_free) struct smd_line_filter *filter = NULL;
	struct smd_buffer all = {0};
	size_t count = 0;
	int err;

	*out = NULL;
	if (!patterns || !*patterns)
		return 0;
	filter = calloc(1, sizeof(*filter));
	while (patterns[count])
		count++;
	if (filter)
		filter->begins = calloc(count, sizeof(*filter->begins));
	if (!filter || !filter->begins)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	for (size_t i = 0; i < count; i++) {
		filter->begins[filter->count++] = begin_of(patterns[i]);
		smd_buffer_puts(&all, i ? "|(?:" : "(?:");
		smd_buffer_puts(&all, patterns[i]);
		smd_buffer_byte(&all, ')');
	}
	smd_buffer_byte(&all, '\0');
	all.used -= !all.failed;
	err = !all.failed ? compile_filter(filter, &all, what, whole, error)
			  : smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	smd_buffer_done(&all);
	if (!err)
		*out = smd_take(filter);
	return err;
}
