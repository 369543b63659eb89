/* SPDX-License-Identifier: Apache-2.0 */
/* A grammar: a dialect with rules checked and indexed, noise compiled. For one thread at a time. */
#ifndef SMD_DIALECT_GRAMMAR_GRAMMAR_H
#define SMD_DIALECT_GRAMMAR_GRAMMAR_H

#include "core/base/cleanup.h"
#include "core/dialect/grammar/pattern.h"
#include "core/dialect/grammar/read_notes.h"

/* What a line of a form does when it is entered. */
enum smd_form_op {
	SMD_FORM_SET = 1,            /* the rule's own line: adds the statement */
	SMD_FORM_UNSET = 2,          /* removes the statement */
	SMD_FORM_ADD_NUMBERS = 4,    /* adds numbers to the list */
	SMD_FORM_REMOVE_NUMBERS = 8, /* removes numbers from the list */
	SMD_FORM_NO_NUMBERS = 16,    /* empties the list */
	SMD_FORM_ALL_NUMBERS = 32,   /* removes the list, which then means all numbers */
	SMD_FORM_ALL_EXCEPT = 64,    /* sets the list to all numbers but these */
	SMD_FORM_INSERT_ENTRY = 128, /* inserts an entry of an ordered list at a number */
	SMD_FORM_REMOVE_ENTRY = 256, /* removes the entry at a number */
	SMD_FORM_RENUMBER = 512
};
/* The forms of lines that a configuration has; the others are only commands. */
#define SMD_FORM_OPS_STATED                                                                        \
	(SMD_FORM_SET | SMD_FORM_ADD_NUMBERS | SMD_FORM_NO_NUMBERS | SMD_FORM_ALL_NUMBERS |        \
	 SMD_FORM_ALL_EXCEPT)
#define SMD_FORM_OPS_ALL 1023u

struct smd_compiled_rule {
	const struct smd_rule *rule;
	struct smd_pattern line;
	struct smd_pattern *invalidates; /* lines beside it that the device then removes */
	size_t invalidate_count;
	int has_rivals; /* its lines and those of another rule may remove each other */
	int negated;    /* the line that removes it begins with the negation */
};

/* One way to enter a rule's statement. */
struct smd_form {
	struct smd_pattern pattern;
	const struct smd_compiled_rule *compiled;
	enum smd_form_op op;
	unsigned rank; /* its place in the order of all forms; the lowest that matches counts */
};

/* What a line matched; `form` is NULL where no rule knows it. */
struct smd_rule_match {
	const struct smd_form *form;
	struct smd_captures captures;
};

/* Larger sets are not walked number by number: devices have no more VLANs than this. */
#define SMD_NUMBERS_MAX 4096

/* One kind of section, with the forms that may stand in it. */
struct smd_context;
struct smd_grammar;

/* Copies the dialect's tables, borrows their strings. SMD_E_INVALID names what is wrong. */
int smd_grammar_new(const struct smd_dialect *dialect, struct smd_grammar **out,
		    struct smd_error *error);
void smd_grammar_free(struct smd_grammar *grammar); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_grammar *, smd_grammar_free);

/* Check that each rule's `within` names sections that have rules; SMD_E_INVALID names the rule. */
int smd_grammar_check(const struct smd_grammar *grammar, struct smd_error *error);

/* The compiled dialect that keeps the grammar between calls; NULL until it is set. */
void smd_grammar_set_owner(struct smd_grammar *grammar, struct smd_compiled *owner);
struct smd_compiled *smd_grammar_owner(const struct smd_grammar *grammar);
/* The grammar's copy of the dialect, in this build's layout. */
const struct smd_dialect *smd_grammar_dialect(const struct smd_grammar *grammar);
/* Are statements paths? */
int smd_grammar_paths(const struct smd_grammar *grammar);
const struct smd_compiled_rule *smd_grammar_rules(const struct smd_grammar *grammar, size_t *count);

const struct smd_context *smd_grammar_top(const struct smd_grammar *grammar);
/* The context of a section in `context`, by its rule (NULL: unknown); NULL: no memory. */
const struct smd_context *smd_grammar_enter(struct smd_grammar *grammar,
					    const struct smd_context *context,
					    const struct smd_compiled_rule *section);
/* How many contexts it has made: what its memory grows by. */
size_t smd_grammar_context_count(const struct smd_grammar *grammar);
/* Whether a rule knows the section; true for the top level. */
int smd_context_known(const struct smd_context *context);
/* The rule of the section; NULL: top level, or a section that no rule knows. */
const struct smd_rule *smd_context_rule(const struct smd_context *context);

/*
 * Find the first form with an op in `ops` that the words from `from` on match. `beginning`: the
 * form may match only the first of them. Returns whether there is one.
 */
int smd_context_find(const struct smd_context *context, const struct smd_words *words, size_t from,
		     unsigned ops, int beginning, struct smd_rule_match *match);
/* The same for a whole line of a configuration (SMD_FORM_OPS_STATED), without DEFAULT rules. */
int smd_context_find_set(const struct smd_context *context, const struct smd_words *words,
			 size_t from, struct smd_rule_match *match);

/* As smd_form_index_complete, for the lines of a section. */
int smd_context_complete(const struct smd_context *context, const struct smd_words *words,
			 struct smd_buffer *out);

static inline const struct smd_rule *smd_match_rule(const struct smd_rule_match *match)
{
	return match->form ? match->form->compiled->rule : NULL;
}

static inline int smd_rule_is_section(const struct smd_rule *rule)
{
	return rule && rule->kind == SMD_RULE_SECTION;
}

/* Take the next piece off a list, without blanks around it and with its separator. */
struct smd_span smd_list_cut(struct smd_span *list, char separator);

/* The mark that this word is; NULL: it is none. */
const struct smd_mark *smd_grammar_mark(const struct smd_grammar *grammar, struct smd_span word);
/* Whether a line without blanks around it is a closer or noise, that is, no content. */
int smd_grammar_ignores(const struct smd_grammar *grammar, struct smd_span line);
/* Whether it is noise and begins with a word, so that somebody may miss it. */
int smd_grammar_is_wordy_noise(const struct smd_grammar *grammar, struct smd_span line);
/*
 * Whether the lines that follow are wanted or entered by somebody, and not shown by a device. Then
 * noise is only what begins with neither a letter nor a digit, as comments do. Not set at first.
 */
void smd_grammar_set_wanted(struct smd_grammar *grammar, int wanted);
/* Where readers note what they pass over; NULL at first: nobody asks. Borrowed. */
void smd_grammar_set_notes(struct smd_grammar *grammar, struct smd_read_notes *notes);
struct smd_read_notes *smd_grammar_notes(const struct smd_grammar *grammar);
/* Whether any line that begins with this byte might be; a quick test before smd_grammar_ignores. */
int smd_grammar_may_ignore(const struct smd_grammar *grammar, uint8_t first);
/* The line with quotes only around words that need them; borrowed as from smd_line_unquote. */
struct smd_span smd_grammar_unquote(const struct smd_grammar *grammar, struct smd_span line,
				    struct smd_buffer *out);
/* The line without what the dialect's `cut` matches at its end. */
struct smd_span smd_grammar_cut(const struct smd_grammar *grammar, struct smd_span line);
/* What follows the negation and a blank; empty: the line is not negated. */
struct smd_span smd_grammar_positive(const struct smd_grammar *grammar, struct smd_span line);
/* What follows `word` and a blank; empty: the line begins with something else. */
struct smd_span smd_line_behind(struct smd_span line, const char *word);
/* Append an interface's name with its type spelled in full. */
void smd_grammar_spell(const struct smd_grammar *grammar, struct smd_span name,
		       struct smd_buffer *out);
/* Whether a name is spelled in full already, so that spelling it changes nothing. */
int smd_grammar_spelled(const struct smd_grammar *grammar, struct smd_span name);

static inline int smd_match_invalidates(const struct smd_rule_match *match)
{
	return match->form && match->form->compiled->invalidate_count;
}
/* Fill the places of `filling` from what the match captured. */
void smd_match_filling(const struct smd_rule_match *match, struct smd_filling *filling);

/* Put a NUL, which is not counted, behind the content. SMD_E_NO_MEMORY, now or before. */
int smd_buffer_close(struct smd_buffer *buffer);

#endif
