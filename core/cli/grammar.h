/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dialect made ready for use: its rules checked and found by their first
 * word, its noise compiled. Made for one call and one thread.
 */
#ifndef SMD_CLI_GRAMMAR_H
#define SMD_CLI_GRAMMAR_H

#include <smartdeploy/dialect.h>

#include "core/base/cleanup.h"
#include "core/tree/buffer.h"

#define SMD_WILDCARDS 9
#define SMD_PATTERN_WORDS 32

/* A piece of a line. */
struct smd_span {
	const char *at;
	size_t length;
};

/* The rule that knows a line, and what its wildcards matched there. */
struct smd_hit {
	const struct smd_rule *rule; /* NULL: none does */
	struct smd_span wild[SMD_WILDCARDS];
};

struct smd_grammar;

/*
 * Takes a copy of the dialect's tables and borrows their strings. SMD_E_INVALID
 * names the rule or pattern that is wrong.
 */
int smd_grammar_new(const struct smd_dialect *dialect, struct smd_grammar **out,
		    struct smd_error *error);
void smd_grammar_free(struct smd_grammar *grammar); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_grammar *, smd_grammar_free);

/*
 * The first rule that knows `line` in the section whose own line is `within`
 * (NULL: top level). The spans point into `line`. Returns whether there is one.
 */
int smd_grammar_find(const struct smd_grammar *grammar, const char *within, const char *line,
		     struct smd_hit *hit);
/*
 * The same for rules whose way of removal reads like `line`. Wildcards that the
 * removal does not repeat get spans without a place (at is NULL).
 */
int smd_grammar_find_removal(const struct smd_grammar *grammar, const char *within,
			     const char *line, struct smd_hit *hit);
/* Does the line match this one rule? The section is not looked at. */
int smd_rule_matches(const struct smd_rule *rule, const char *line, struct smd_hit *hit);
/* Is it a section that goes by being emptied? */
int smd_rule_stays(const struct smd_rule *rule);

/* The bare line, ended by a NUL, replaces what `out` has. 1, 0: nothing is left of it, or an error.
 */
int smd_grammar_trim(const struct smd_grammar *grammar, const char *bytes, size_t length,
		     struct smd_buffer *out);
/* The column at which a line begins; tabs go to the next multiple of 8. */
size_t smd_line_column(const char *bytes, size_t length);
/* Is a bare line without content: a closer or noise? */
int smd_grammar_drops(const struct smd_grammar *grammar, const char *line, size_t length);

/* Behind the negation and its blank; NULL: the line is not negated. */
const char *smd_grammar_positive(const struct smd_grammar *grammar, const char *line);
/*
 * The line that removes `line`, known by `hit` or not, replaces what `out` has;
 * not for a rule that stays.
 */
int smd_grammar_negate(const struct smd_grammar *grammar, const struct smd_hit *hit,
		       const char *line, struct smd_buffer *out);

const struct smd_dialect *smd_grammar_dialect(const struct smd_grammar *grammar);

/* The next word at `*at`, which moves behind it; length 0: there is none. */
struct smd_span smd_word_next(const char **at);
int smd_word_is(struct smd_span word, const char *text);

/* Put a NUL behind what the buffer has; SMD_E_NO_MEMORY if memory ever ran out. */
int smd_buffer_close(struct smd_buffer *buffer);

#endif
