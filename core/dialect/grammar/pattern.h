/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of words and templates of lines, made ready for use. */
#ifndef SMD_DIALECT_GRAMMAR_PATTERN_H
#define SMD_DIALECT_GRAMMAR_PATTERN_H

#include <smartdeploy/dialect.h>

#include "core/dialect/grammar/words.h"
#include "core/tree/arena.h"

#define SMD_PATTERN_WORDS 32
#define SMD_WILDCARDS 9

enum smd_token_kind {
	SMD_TOKEN_WORD = 1, /* a literal one */
	SMD_TOKEN_EITHER,   /* one of several */
	SMD_TOKEN_ANY,
	SMD_TOKEN_INTERFACE,
	SMD_TOKEN_MIXED, /* a type of interface and a number, in one word */
	SMD_TOKEN_NUMBER,
	SMD_TOKEN_REST
};

/* What a token stands for in a template: 1 to 9, or one of these; 0: for itself. */
enum smd_place {
	SMD_PLACE_NUMBERS = 10, /* $# */
	SMD_PLACE_LINE = 11,    /* $line, where an entry is placed by number */
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
 * key_at    The token at which the value or key begins.
 * infix     That token is the whole value, and those behind it belong to the name.
 * spells    There are names of interfaces in it, which may be spelled anew.
 * place_at  The first token of each place, counted from 1; 0: there is none.
 */
struct smd_pattern {
	const struct smd_token *tokens;
	uint8_t count;
	uint8_t key_at;
	uint8_t infix;
	uint8_t spells;
	uint8_t place_at[SMD_PLACES];
};

/* Where a line matched: a span a token. */
struct smd_captures {
	struct smd_span at[SMD_PATTERN_WORDS];
	size_t taken; /* words of the line */
};

/*
 * Make the pattern of a rule. The tokens lie in the arena and borrow the rule's
 * strings. SMD_E_INVALID says what is wrong with it.
 */
int smd_pattern_make(const struct smd_rule *rule, struct smd_arena *arena, struct smd_pattern *out,
		     struct smd_error *error);
/* A template of the rule as a pattern of the lines that it makes. */
int smd_template_make(const char *template, const struct smd_rule *rule,
		      const struct smd_pattern *line, struct smd_arena *arena,
		      struct smd_pattern *out, struct smd_error *error);

/*
 * Match words from `from` on; `whole`: to the end of the line. Types of interfaces
 * may stand apart from their numbers. Returns whether it does.
 */
static inline int smd_pattern_matches(const struct smd_pattern *pattern,
				      const struct smd_words *words, size_t from, int whole,
				      struct smd_captures *captures);
/* The same where the first `known` tokens are known to match a word each. */
int smd_pattern_matches_from(const struct smd_pattern *pattern, const struct smd_words *words,
			     size_t from, size_t known, int whole, struct smd_captures *captures);
/* The letter, small or not, with which all begins that the token matches; 0: there is none. */
char smd_token_letter(const struct smd_token *token);
static inline int smd_same_letter(char a, char b)
{
	return (a | 0x20) == (b | 0x20);
}
/* What matched at a place; empty: the pattern has no such place. */
struct smd_span smd_captures_place(const struct smd_pattern *pattern,
				   const struct smd_captures *captures, unsigned place);

static inline int smd_pattern_matches(const struct smd_pattern *pattern,
				      const struct smd_words *words, size_t from, int whole,
				      struct smd_captures *captures)
{
	return smd_pattern_matches_from(pattern, words, from, 0, whole, captures);
}

/* The place of the numbers in the line of a NUMBERS rule. */
static inline unsigned smd_pattern_numbers(const struct smd_pattern *line)
{
	return line->tokens[line->count - 1].place;
}

/* What to fill a template with: by place; `$line`, `$name`, and `$^1`. */
struct smd_filling {
	struct smd_span place[SMD_PLACES];
	struct smd_span line, name, enclosing_key;
};

/* Append a template with its places filled; they may be parts of words. */
void smd_template_fill(struct smd_span template, const struct smd_filling *filling,
		       struct smd_buffer *out);

#endif
