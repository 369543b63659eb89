/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns, which match the words of a line, and templates, which make lines. */
#ifndef SMD_DIALECT_GRAMMAR_PATTERN_H
#define SMD_DIALECT_GRAMMAR_PATTERN_H

#include <smartdeploy/dialect.h>

#include "core/dialect/grammar/words.h"
#include "core/tree/arena.h"

#define SMD_PATTERN_WORDS 32
#define SMD_WILDCARDS 9

enum smd_token_kind {
	SMD_TOKEN_WORD = 1, /* a literal word */
	SMD_TOKEN_EITHER,   /* one of several words: `a|b` */
	SMD_TOKEN_ANY,
	SMD_TOKEN_INTERFACE,
	SMD_TOKEN_MIXED, /* a type of interface and a number: `Vlan<number>` */
	SMD_TOKEN_NUMBER,
	SMD_TOKEN_REST
};

/* The place of a token in a template: 1 to 9 for `$1` to `$9`, or one of these; 0: it has none. */
enum smd_place {
	SMD_PLACE_NUMBERS = 10, /* $# */
	SMD_PLACE_LINE = 11,    /* $line, in a template of an order form */
	SMD_PLACE_FIRST = 12,   /* $first */
	SMD_PLACE_STEP = 13,    /* $step */
	SMD_PLACES
};

struct smd_token {
	uint8_t kind;
	uint8_t place;
	struct smd_span text;
};

/*
 * key_at    Index of the token at which the value or the key begins; `count`: there is none.
 * infix     That token is the whole value, and those behind it belong to the name (`=*`).
 * spells    It has names of interfaces, which may have to be spelled in full.
 * place_at  By place: the index of its first token, plus 1; 0: there is none.
 */
struct smd_pattern {
	const struct smd_token *tokens;
	uint8_t count;
	uint8_t key_at;
	uint8_t infix;
	uint8_t spells;
	uint8_t place_at[SMD_PLACES];
};

/* What each token of a pattern matched. */
struct smd_captures {
	struct smd_span at[SMD_PATTERN_WORDS];
	size_t taken; /* number of words matched */
};

/*
 * Make the pattern of a rule. The tokens lie in the arena and borrow the rule's
 * strings. SMD_E_INVALID says what is wrong with it.
 */
int smd_pattern_make(const struct smd_rule *rule, struct smd_arena *arena, struct smd_pattern *out,
		     struct smd_error *error);
/*
 * Make a pattern that matches the lines of a template; `line` is the pattern of the rule's own
 * line. Memory and errors as above.
 */
int smd_template_make(const char *template, const struct smd_rule *rule,
		      const struct smd_pattern *line, struct smd_arena *arena,
		      struct smd_pattern *out, struct smd_error *error);

/*
 * Whether the words from `from` on match; `whole`: all of them, to the end of the line. The number
 * of an interface may be a word of its own, behind its type.
 */
static inline int smd_pattern_matches(const struct smd_pattern *pattern,
				      const struct smd_words *words, size_t from, int whole,
				      struct smd_captures *captures);
/* The same where the first `known` tokens are known to match a word each. */
int smd_pattern_matches_from(const struct smd_pattern *pattern, const struct smd_words *words,
			     size_t from, size_t known, int whole, struct smd_captures *captures);
/* The letter, in either case, that all words begin with which the token matches; 0: they differ. */
char smd_token_letter(const struct smd_token *token);
static inline int smd_same_letter(char a, char b)
{
	return (a | 0x20) == (b | 0x20);
}
/* What matched at a place, of `Vlan<number>` the number; empty: the pattern lacks the place. */
struct smd_span smd_captures_place(const struct smd_pattern *pattern,
				   const struct smd_captures *captures, unsigned place);

static inline int smd_pattern_matches(const struct smd_pattern *pattern,
				      const struct smd_words *words, size_t from, int whole,
				      struct smd_captures *captures)
{
	return smd_pattern_matches_from(pattern, words, from, 0, whole, captures);
}

/* The place, 1 to 9, of the numbers in the pattern of a NUMBERS rule. */
static inline unsigned smd_pattern_numbers(const struct smd_pattern *line)
{
	return line->tokens[line->count - 1].place;
}

/* The text for each place of a template, and for `$line`, `$name` and `$^1`. */
struct smd_filling {
	struct smd_span place[SMD_PLACES];
	struct smd_span line, name, enclosing_key;
};

/* Append a template with its places filled, also those that are parts of words. */
void smd_template_fill(struct smd_span template, const struct smd_filling *filling,
		       struct smd_buffer *out);

#endif
