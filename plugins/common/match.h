/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of drivers: PCRE2, compiled once a session. Matching is limited in steps and memory,
 * because the text comes from a device. Patterns match bytes, not code points: a device may
 * send text that is not UTF-8.
 */
#ifndef SMD_PLUGINS_COMMON_MATCH_H
#define SMD_PLUGINS_COMMON_MATCH_H

#include <smartdeploy/error.h>

struct smd_regex;

#define SMD_REGEX_SLOTS 32

/* The compiled patterns of a session, found by their text. Those not used recently are freed. */
struct smd_regex_cache {
	struct smd_regex *slot[SMD_REGEX_SLOTS];
	unsigned long clock;
};

/* Where a pattern must match. */
enum smd_regex_anchor {
	SMD_REGEX_START = 1, /* at the first byte */
	SMD_REGEX_END = 2,   /* at the last byte; blanks at the end are ignored */
	SMD_REGEX_WHOLE = 3  /* both */
};

/* Offsets of a match and of its group 1. A group that did not match is empty. */
struct smd_regex_match {
	size_t start, end;
	size_t group_start, group_end;
};

/*
 * Find or compile the pattern `text`; NULL gives NULL. `what` names it in the error
 * (SMD_E_INVALID). With `keep`, the result lives as long as the cache; else until
 * SMD_REGEX_SLOTS / 2 other patterns have been asked for.
 */
int smd_regex_cache_get(struct smd_regex_cache *set, const char *text, enum smd_regex_anchor where,
			int keep, const char *what, struct smd_regex **out,
			struct smd_error *error);
void smd_regex_cache_done(struct smd_regex_cache *set);

/*
 * Returns 1: it matches, `span` (may be NULL) is filled. 0: it does not match, or `pattern` is
 * NULL. SMD_E_INVALID: the match needed too many steps.
 */
int smd_regex_find(struct smd_regex *pattern, const char *bytes, size_t size,
		   struct smd_regex_match *span, struct smd_error *error);

#endif
