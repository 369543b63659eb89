/* SPDX-License-Identifier: Apache-2.0 */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define PATTERN_MAX 4096      /* maximum bytes of a pattern */
#define MATCH_STEPS 200000    /* maximum backtracking steps of a match */
#define MATCH_HEAP (1u << 10) /* maximum heap of a match, in KiB */

struct smd_regex {
	char *text;
	enum smd_regex_anchor where;
	int keep;
	unsigned long used;
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static void pattern_free(struct smd_regex *pattern)
{
	if (!pattern)
		return;
	pcre2_match_context_free(pattern->context);
	pcre2_match_data_free(pattern->data);
	pcre2_code_free(pattern->code);
	free(pattern->text);
	free(pattern);
}

/*
 * Anchors are compile options: as options of pcre2_match() they would turn the just-in-time
 * code off (pcre2jit(3)).
 */
static uint32_t compile_options(enum smd_regex_anchor where)
{
	uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C;

	if (where & SMD_REGEX_START)
		options |= PCRE2_ANCHORED;
	if (where & SMD_REGEX_END)
		options |= PCRE2_ENDANCHORED;
	return options;
}

static int compile(struct smd_regex *pattern, const char *what, struct smd_error *error)
{
	PCRE2_SIZE at = 0;
	int code = 0;
	PCRE2_UCHAR why[128];

	pattern->code = pcre2_compile((PCRE2_SPTR)pattern->text, PCRE2_ZERO_TERMINATED,
				      compile_options(pattern->where), &code, &at, NULL);
	if (!pattern->code) {
		pcre2_get_error_message(code, why, sizeof(why));
		smd_fail(error, SMD_E_INVALID,
			 "the %s pattern \"%s\" is wrong at character %zu: %s", what, pattern->text,
			 (size_t)at, (const char *)why);
		smd_error_hint(error, "correct the pattern in the driver; see pcre2pattern(3)");
		return SMD_E_INVALID;
	}
	/* Best effort: without it matching is only slower */
	pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	pattern->data = pcre2_match_data_create(2, NULL);
	pattern->context = pcre2_match_context_create(NULL);
	if (!pattern->data || !pattern->context)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	pcre2_set_match_limit(pattern->context, MATCH_STEPS);
	pcre2_set_heap_limit(pattern->context, MATCH_HEAP);
	return 0;
}

static int pattern_new(struct smd_regex **out, const char *text, enum smd_regex_anchor where,
		       const char *what, struct smd_error *error)
{
	struct smd_regex *pattern;
	int err;

	if (strlen(text) > PATTERN_MAX)
		return smd_fail(error, SMD_E_INVALID, "the %s pattern is longer than %d bytes",
				what, PATTERN_MAX);
	pattern = calloc(1, sizeof(*pattern));
	if (!pattern || !(pattern->text = strdup(text))) {
		pattern_free(pattern);
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	}
	pattern->where = where;
	err = compile(pattern, what, error);
	if (err) {
		pattern_free(pattern);
		return err;
	}
	*out = pattern;
	return 0;
}

/* The slot that has the pattern or, if there is none, the one that may be replaced. */
static struct smd_regex **slot_for(struct smd_regex_cache *set, const char *text,
				   enum smd_regex_anchor where)
{
	struct smd_regex **oldest = NULL;

	for (size_t i = 0; i < SMD_REGEX_SLOTS; i++) {
		struct smd_regex **slot = &set->slot[i];

		if (!*slot)
			return slot;
		if ((*slot)->where == where && !strcmp((*slot)->text, text))
			return slot;
		if (!(*slot)->keep && (!oldest || (*slot)->used < (*oldest)->used))
			oldest = slot;
	}
	return oldest;
}

int smd_regex_cache_get(struct smd_regex_cache *set, const char *text, enum smd_regex_anchor where,
			int keep, const char *what, struct smd_regex **out, struct smd_error *error)
{
	struct smd_regex **slot, *pattern = NULL;
	int err;

	*out = NULL;
	if (!text)
		return 0;
	slot = slot_for(set, text, where);
	if (!*slot || (*slot)->where != where || strcmp((*slot)->text, text)) {
		err = pattern_new(&pattern, text, where, what, error);
		if (err)
			return err;
		pattern_free(*slot);
		*slot = pattern;
	}
	(*slot)->used = ++set->clock;
	(*slot)->keep |= keep;
	*out = *slot;
	return 0;
}

void smd_regex_cache_done(struct smd_regex_cache *set)
{
	for (size_t i = 0; i < SMD_REGEX_SLOTS; i++)
		pattern_free(set->slot[i]);
	memset(set, 0, sizeof(*set));
}

static int match_once(struct smd_regex *pattern, const char *bytes, size_t size)
{
	int got = pcre2_match(pattern->code, (PCRE2_SPTR)bytes, size, 0, 0, pattern->data,
			      pattern->context);

	/* The just-in-time code has a small stack; the interpreter uses the heap. */
	if (got == PCRE2_ERROR_JIT_STACKLIMIT)
		got = pcre2_match(pattern->code, (PCRE2_SPTR)bytes, size, 0, PCRE2_NO_JIT,
				  pattern->data, pattern->context);
	return got;
}

static void fill(struct smd_regex_match *span, const struct smd_regex *pattern, int got)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(pattern->data);
	int grouped = got != 1 && at[2] != PCRE2_UNSET;

	span->start = at[0];
	span->end = at[1];
	span->group_start = grouped ? at[2] : 0;
	span->group_end = grouped ? at[3] : 0;
}

int smd_regex_find(struct smd_regex *pattern, const char *bytes, size_t size,
		   struct smd_regex_match *span, struct smd_error *error)
{
	size_t trimmed = size;
	int got;

	if (!pattern)
		return 0;
	got = match_once(pattern, bytes, size);
	if (pattern->where & SMD_REGEX_END)
		while (trimmed && bytes[trimmed - 1] == ' ')
			trimmed--;
	if (got == PCRE2_ERROR_NOMATCH && trimmed < size)
		got = match_once(pattern, bytes, trimmed);
	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0) {
		smd_fail(error, SMD_E_INVALID,
			 "the pattern \"%s\" needs too many steps on a line of %zu bytes",
			 pattern->text, size);
		smd_error_hint(error, "make the pattern in the driver simpler: no nested repeats");
		return SMD_E_INVALID;
	}
	if (span)
		fill(span, pattern, got);
	return 1;
}
