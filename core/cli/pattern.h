/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of words, and the templates of removals. */
#ifndef SMD_CLI_PATTERN_H
#define SMD_CLI_PATTERN_H

#include "core/cli/grammar.h"

/* Match a whole line; fills the spans of hit->wild. */
int smd_pattern_matches(const char *pattern, const char *line, struct smd_hit *hit);
/* Match a removal, in which `$1` is the first wildcard of `pattern`. */
int smd_template_matches(const char *template, const char *pattern, const char *line,
			 struct smd_hit *hit);
/* Append a template with its `$1` filled. */
void smd_template_fill(const char *template, const struct smd_hit *hit, struct smd_buffer *out);
/* Is a rule well formed? SMD_E_INVALID says which is not, and why. */
int smd_rule_check(const struct smd_rule *rule, struct smd_error *error);

#endif
