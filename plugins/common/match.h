/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of drivers: PCRE2, compiled once a session, bounded in steps and
 * memory, because what they meet was written by a device.
 *
 * Bytes, not code points: a device may send what is no UTF-8.
 */
#ifndef SMD_PLUGINS_COMMON_MATCH_H
#define SMD_PLUGINS_COMMON_MATCH_H

#include <smartdeploy/error.h>

struct smd_regex;

#define SMD_REGEX_SLOTS 32

/* The patterns of one session, by their text; those not used lately are forgotten. */
struct smd_regex_cache {
	struct smd_regex *slot[SMD_REGEX_SLOTS];
	unsigned long clock;
};

/* Where a pattern has to match. */
enum smd_regex_anchor {
	SMD_REGEX_START = 1, /* from the first byte on */
	SMD_REGEX_END = 2,   /* up to the last byte; blanks behind do not matter */
	SMD_REGEX_WHOLE = 3  /* both */
};

/* Offsets of a match, and of its group 1; a group that took no part is empty. */
struct smd_regex_match {
	size_t start, end;
	size_t group_start, group_end;
};

/*
 * Find or compile `text`. NULL gives NULL. `what` names it in the error
 * (SMD_E_INVALID). The result lives as long as `set` if `keep`, else until
 * SMD_REGEX_SLOTS / 2 others have been asked for.
 */
int smd_regex_cache_get(struct smd_regex_cache *set, const char *text, enum smd_regex_anchor where,
			int keep, const char *what, struct smd_regex **out,
			struct smd_error *error);
void smd_regex_cache_done(struct smd_regex_cache *set);

/*
 * Returns 1: it matches, `span` (may be NULL) is filled; 0: it does not, or
 * `pattern` is NULL; SMD_E_INVALID: it took more steps than it may.
 */
int smd_regex_find(struct smd_regex *pattern, const char *bytes, size_t size,
		   struct smd_regex_match *span, struct smd_error *error);

#endif
