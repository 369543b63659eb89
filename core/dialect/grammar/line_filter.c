/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/line_filter.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "core/tree/buffer.h"

/* Work a pattern may cost on one line. */
#define MATCH_LIMIT 100000u

struct smd_screen {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	const uint8_t *starts;   /* a bit for each byte a line may begin with; NULL: any */
	struct smd_span *begins; /* of patterns of whole lines: what stands for itself at first */
	size_t count;
};

void smd_screen_free(struct smd_screen *screen)
{
	if (!screen)
		return;
	pcre2_match_data_free(screen->match);
	pcre2_match_context_free(screen->context);
	pcre2_code_free(screen->code);
	free(screen->begins);
	free(screen);
}

/* Behind the character, escaped character or class that begins there. */
static const char *behind_one(const char *at)
{
	if (*at == '\\' && at[1])
		return at + 2;
	if (*at != '[')
		return at + 1;
	at += 1 + (at[1] == '^');
	at += *at == ']'; /* the first one is a member */
	while (*at && *at != ']')
		at = *at == '\\' && at[1] ? at + 2 : at + 1;
	return *at ? at + 1 : at;
}

/* Is the pattern one of several, outside of any group? */
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

/* What of a pattern stands for itself before there is anything else. */
static struct smd_span begin_of(const char *pattern)
{
	size_t length = strcspn(pattern, "\\^$.[|()?*+{");

	if (is_several(pattern))
		length = 0;
	if (length && pattern[length] && strchr("?*{", pattern[length]))
		length--; /* it need not be there */
	return (struct smd_span){pattern, length};
}

/* Does the line begin like one of them? To ask costs far less than to match. */
static int may_match(const struct smd_screen *screen, struct smd_span line)
{
	for (size_t i = 0; i < screen->count; i++)
		if (!screen->begins[i].length ||
		    (screen->begins[i].length <= line.length && *screen->begins[i].at == *line.at &&
		     !memcmp(screen->begins[i].at, line.at, screen->begins[i].length)))
			return 1;
	return 0;
}

int smd_screen_may_catch(const struct smd_screen *screen, uint8_t first)
{
	return !screen->starts || screen->starts[first / 8] & 1u << first % 8;
}

int smd_screen_catches(struct smd_screen *screen, struct smd_span line)
{
	if (!smd_screen_may_catch(screen, line.length ? (uint8_t)*line.at : 0) ||
	    !may_match(screen, line))
		return 0;
	return pcre2_match(screen->code, (PCRE2_SPTR)line.at, line.length, 0, 0, screen->match,
			   screen->context) >= 0;
}

size_t smd_screen_end(struct smd_screen *screen, struct smd_span line)
{
	if (pcre2_match(screen->code, (PCRE2_SPTR)line.at, line.length, 0, 0, screen->match,
			screen->context) < 0)
		return line.length;
	return pcre2_get_ovector_pointer(screen->match)[0];
}

static int compile(struct smd_screen *screen, const struct smd_buffer *pattern, const char *what,
		   int whole, struct smd_error *error)
{
	uint32_t options = whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : PCRE2_ENDANCHORED;
	PCRE2_SIZE at;
	int code;

	screen->code =
		pcre2_compile((PCRE2_SPTR)pattern->bytes, pattern->used, options, &code, &at, NULL);
	if (!screen->code)
		return smd_fail(error, SMD_E_INVALID,
				"the %s of the dialect is no pattern at offset %zu: \"%s\"", what,
				at, pattern->bytes);
	pcre2_jit_compile(screen->code, PCRE2_JIT_COMPLETE); /* without it, it is only slower */
	if (whole)
		pcre2_pattern_info(screen->code, PCRE2_INFO_FIRSTBITMAP, (void *)&screen->starts);
	screen->match = pcre2_match_data_create(1, NULL);
	screen->context = pcre2_match_context_create(NULL);
	if (!screen->match || !screen->context)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	pcre2_set_match_limit(screen->context, MATCH_LIMIT);
	return 0;
}

int smd_screen_new(const char *const *patterns, const char *what, int whole,
		   struct smd_screen **out, struct smd_error *error)
{
	smd_cleanup(smd_screen_free) struct smd_screen *screen = NULL;
	struct smd_buffer all = {0};
	size_t count = 0;
	int err;

	*out = NULL;
	if (!patterns || !*patterns)
		return 0;
	screen = calloc(1, sizeof(*screen));
	while (patterns[count])
		count++;
	if (screen)
		screen->begins = calloc(count, sizeof(*screen->begins));
	if (!screen || !screen->begins)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	for (size_t i = 0; i < count; i++) {
		screen->begins[screen->count++] = begin_of(patterns[i]);
		smd_buffer_puts(&all, i ? "|(?:" : "(?:");
		smd_buffer_puts(&all, patterns[i]);
		smd_buffer_byte(&all, ')');
	}
	smd_buffer_byte(&all, '\0');
	all.used -= !all.failed;
	err = !all.failed ? compile(screen, &all, what, whole, error)
			  : smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	smd_buffer_done(&all);
	if (!err)
		*out = smd_take(screen);
	return err;
}
