/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dialect made ready for use: its rules checked and found by section and first
 * word, its noise compiled. For one thread at a time.
 */
#ifndef SMD_DIALECT_GRAMMAR_GRAMMAR_H
#define SMD_DIALECT_GRAMMAR_GRAMMAR_H

#include "core/base/cleanup.h"
#include "core/dialect/grammar/pattern.h"

/* What a form of a rule does when it is entered. */
enum smd_form_op {
	SMD_FORM_SET = 1,            /* the rule's own line */
	SMD_FORM_UNSET = 2,          /* its way of removal */
	SMD_FORM_ADD_NUMBERS = 4,    /* numbers join */
	SMD_FORM_REMOVE_NUMBERS = 8, /* numbers leave */
	SMD_FORM_NO_NUMBERS = 16,    /* the list is empty */
	SMD_FORM_ALL_NUMBERS = 32,   /* as good as no list */
	SMD_FORM_ALL_EXCEPT = 64,    /* all numbers but these */
	SMD_FORM_INSERT_ENTRY = 128, /* an entry goes to a number */
	SMD_FORM_REMOVE_ENTRY = 256, /* the entry at a number goes */
	SMD_FORM_RENUMBER = 512
};
/* What a line of a configuration may be. */
#define SMD_FORM_OPS_STATED                                                                        \
	(SMD_FORM_SET | SMD_FORM_ADD_NUMBERS | SMD_FORM_NO_NUMBERS | SMD_FORM_ALL_NUMBERS |        \
	 SMD_FORM_ALL_EXCEPT)
#define SMD_FORM_OPS_ALL 1023u

struct smd_compiled_rule {
	const struct smd_rule *rule;
	struct smd_pattern line;
	struct smd_pattern *invalidates; /* the lines beside it that go by themselves */
	size_t invalidate_count;
	int negated; /* what removes it begins with the negation: no other line does */
};

/* One of the ways in which a rule's line can be said. */
struct smd_form {
	struct smd_pattern pattern;
	const struct smd_compiled_rule *compiled;
	enum smd_form_op op;
	unsigned rank; /* the lower one counts */
};

/* The form that a line has; form NULL: no rule knows it. */
struct smd_rule_match {
	const struct smd_form *form;
	struct smd_captures captures;
};

/* More numbers than a device may have VLANs are not worth looking at one by one. */
#define SMD_NUMBERS_MAX 4096

/* A section with the forms that may stand in it. */
struct smd_context;
struct smd_grammar;

/*
 * Takes a copy of the dialect's tables and borrows their strings. SMD_E_INVALID
 * names the rule or pattern that is wrong.
 */
int smd_grammar_new(const struct smd_dialect *dialect, struct smd_grammar **out,
		    struct smd_error *error);
void smd_grammar_free(struct smd_grammar *grammar); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_grammar *, smd_grammar_free);

/* Is each rule within sections that there are? SMD_E_INVALID names the one that is not. */
int smd_grammar_check(const struct smd_grammar *grammar, struct smd_error *error);

/* Who keeps it between calls; NULL until it is set. */
void smd_grammar_set_owner(struct smd_grammar *grammar, struct smd_compiled *owner);
struct smd_compiled *smd_grammar_owner(const struct smd_grammar *grammar);
/* Its own copy of the dialect. */
const struct smd_dialect *smd_grammar_dialect(const struct smd_grammar *grammar);
/* Are statements paths? */
int smd_grammar_paths(const struct smd_grammar *grammar);
const struct smd_compiled_rule *smd_grammar_rules(const struct smd_grammar *grammar, size_t *count);

const struct smd_context *smd_grammar_top(const struct smd_grammar *grammar);
/* The context of a section of this rule in `context`; NULL: one that no rule knows. No memory:
 * NULL. */
const struct smd_context *smd_grammar_enter(struct smd_grammar *grammar,
					    const struct smd_context *context,
					    const struct smd_compiled_rule *section);
/* How many sections of sections it has met: what its memory grows by. */
size_t smd_grammar_context_count(const struct smd_grammar *grammar);
/* Does a rule know the section, or is it the top? */
int smd_context_known(const struct smd_context *context);
/* The rule of the section; NULL: top, or unknown. */
const struct smd_rule *smd_context_rule(const struct smd_context *context);

/*
 * The first form of `ops` that words from `from` on have. `beginning`: it may leave
 * words over. Returns whether there is one.
 */
int smd_context_find(const struct smd_context *context, const struct smd_words *words, size_t from,
		     unsigned ops, int beginning, struct smd_rule_match *match);
/* The same among the rules that are no DEFAULT. */
int smd_context_find_set(const struct smd_context *context, const struct smd_words *words,
			 size_t from, struct smd_rule_match *match);

static inline const struct smd_rule *smd_match_rule(const struct smd_rule_match *match)
{
	return match->form ? match->form->compiled->rule : NULL;
}

static inline int smd_rule_is_section(const struct smd_rule *rule)
{
	return rule && rule->kind == SMD_RULE_SECTION;
}

/* The next piece of a list; moves it behind the separator. */
struct smd_span smd_list_cut(struct smd_span *list, char separator);

/* The mark that the word is; NULL: none. */
const struct smd_mark *smd_grammar_mark(const struct smd_grammar *grammar, struct smd_span word);
/* Is a bare line without content: a closer or noise? */
int smd_grammar_ignores(const struct smd_grammar *grammar, struct smd_span line);
/* Could a line be, that begins with this byte? */
int smd_grammar_may_ignore(const struct smd_grammar *grammar, uint8_t first);
/* With quotes where words need them, and nowhere else; borrowed as by smd_line_unquote. */
struct smd_span smd_grammar_unquote(const struct smd_grammar *grammar, struct smd_span line,
				    struct smd_buffer *out);
/* Without what is printed behind it and is no part of it. */
struct smd_span smd_grammar_cut(const struct smd_grammar *grammar, struct smd_span line);
/* Behind the negation and its blank; empty: the line is not negated. */
struct smd_span smd_grammar_positive(const struct smd_grammar *grammar, struct smd_span line);
/* Behind `word` and its blank; empty: the line begins with something else. */
struct smd_span smd_line_behind(struct smd_span line, const char *word);
/* Append an interface's name as it is spelled in full. */
void smd_grammar_spell(const struct smd_grammar *grammar, struct smd_span name,
		       struct smd_buffer *out);
/* Is it spelled like that already? */
int smd_grammar_spelled(const struct smd_grammar *grammar, struct smd_span name);

static inline int smd_match_invalidates(const struct smd_rule_match *match)
{
	return match->form && match->form->compiled->invalidate_count;
}
/* What a match gives to fill the templates of its rule with. */
void smd_match_filling(const struct smd_rule_match *match, struct smd_filling *filling);

/* Put a NUL behind what the buffer has; SMD_E_NO_MEMORY if memory ever ran out. */
int smd_buffer_close(struct smd_buffer *buffer);

#endif
