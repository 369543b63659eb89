/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/grammar.h"

#include <ctype.h>

#include "core/base/versioned.h"
#include "core/dialect/grammar/context.h"
#include "core/dialect/grammar/internal.h"
#include "core/dialect/grammar/line_filter.h"

struct smd_grammar {
	struct smd_compiled *owner;
	struct smd_dialect dialect; /* in this build's layout, as are its rules */
	struct smd_rule *rules;
	struct smd_compiled_rule *compiled; /* one per rule */
	struct smd_arena arena;
	struct smd_contexts *contexts;
	struct smd_line_filter *noise, *cut; /* NULL: there are none */
	uint8_t ignorable[256]; /* whether noise or a closer may begin with this byte */
	struct smd_read_notes *notes;
	int wanted; /* the lines are no device's: what begins with a word is no noise */
};

void smd_grammar_set_owner(struct smd_grammar *grammar, struct smd_compiled *owner)
{
	grammar->owner = owner;
}

struct smd_compiled *smd_grammar_owner(const struct smd_grammar *grammar)
{
	return grammar->owner;
}

size_t smd_grammar_context_count(const struct smd_grammar *grammar)
{
	return smd_contexts_count(grammar->contexts);
}

const struct smd_dialect *smd_grammar_dialect(const struct smd_grammar *grammar)
{
	return &grammar->dialect;
}

int smd_grammar_paths(const struct smd_grammar *grammar)
{
	return grammar->dialect.enter != NULL;
}

const struct smd_compiled_rule *smd_grammar_rules(const struct smd_grammar *grammar, size_t *count)
{
	*count = grammar->dialect.rule_count;
	return grammar->compiled;
}

const struct smd_context *smd_grammar_top(const struct smd_grammar *grammar)
{
	return smd_contexts_top(grammar->contexts);
}

const struct smd_context *smd_grammar_enter(struct smd_grammar *grammar,
					    const struct smd_context *context,
					    const struct smd_compiled_rule *section)
{
	return smd_contexts_enter(grammar->contexts, context, section);
}

/* Lines */

const struct smd_mark *smd_grammar_mark(const struct smd_grammar *grammar, struct smd_span word)
{
	const struct smd_mark *mark = grammar->dialect.marks;

	for (; mark && mark->word; mark++)
		if (smd_span_is(word, mark->word))
			return mark;
	return NULL;
}

int smd_grammar_may_ignore(const struct smd_grammar *grammar, uint8_t first)
{
	return grammar->ignorable[first];
}

int smd_grammar_ignores(const struct smd_grammar *grammar, struct smd_span line)
{
	const char *const *closers = grammar->dialect.closers;

	if (line.length && !grammar->ignorable[(unsigned char)*line.at])
		return 0;
	for (size_t i = 0; closers && closers[i]; i++)
		if (*closers[i] == *line.at && smd_span_is(line, closers[i]))
			return 1;
	if (grammar->wanted && line.length && isalnum((unsigned char)*line.at))
		return 0;
	return grammar->noise && smd_line_filter_matches(grammar->noise, line);
}

int smd_grammar_is_wordy_noise(const struct smd_grammar *grammar, struct smd_span line)
{
	return line.length && isalnum((unsigned char)*line.at) && grammar->noise &&
	       smd_line_filter_matches(grammar->noise, line);
}

void smd_grammar_set_notes(struct smd_grammar *grammar, struct smd_read_notes *notes)
{
	grammar->notes = notes;
}

struct smd_read_notes *smd_grammar_notes(const struct smd_grammar *grammar)
{
	return grammar->notes;
}

void smd_grammar_set_wanted(struct smd_grammar *grammar, int wanted)
{
	grammar->wanted = wanted;
}

struct smd_span smd_grammar_unquote(const struct smd_grammar *grammar, struct smd_span line,
				    struct smd_buffer *out)
{
	return smd_line_unquote(line, grammar->dialect.family == SMD_FAMILY_BRACED, out);
}

struct smd_span smd_grammar_cut(const struct smd_grammar *grammar, struct smd_span line)
{
	if (grammar->cut)
		line.length = smd_line_filter_end(grammar->cut, line);
	return smd_span_trim(line);
}

struct smd_span smd_line_behind(struct smd_span line, const char *word)
{
	size_t length = strlen(word);

	if (line.length <= length || memcmp(line.at, word, length) != 0 ||
	    !smd_is_blank(line.at[length]))
		return (struct smd_span){line.at, 0};
	return smd_span_trim((struct smd_span){line.at + length, line.length - length});
}

struct smd_span smd_grammar_positive(const struct smd_grammar *grammar, struct smd_span line)
{
	return smd_line_behind(line, grammar->dialect.negation);
}

int smd_buffer_close(struct smd_buffer *buffer)
{
	if (!smd_buffer_reserve(buffer, 1))
		return SMD_E_NO_MEMORY;
	buffer->bytes[buffer->used] = '\0';
	return 0;
}

struct smd_span smd_list_cut(struct smd_span *list, char separator)
{
	const char *end = memchr(list->at, separator, list->length);
	struct smd_span piece = {list->at, end ? (size_t)(end - list->at) : list->length};

	list->at += piece.length + (end != NULL);
	list->length -= piece.length + (end != NULL);
	return smd_span_trim(piece);
}

/* Interfaces */

static int is_letter(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-';
}

static size_t count_letters(struct smd_span name)
{
	size_t count = 0;

	while (count < name.length && is_letter(name.at[count]))
		count++;
	return count;
}

/* The only type that begins with the letters of the name; NULL: none, or several. */
static const char *type_of(const struct smd_grammar *grammar, struct smd_span name, size_t letters)
{
	const char *const *types = grammar->dialect.interfaces;
	const char *found = NULL;

	for (size_t i = 0; types && types[i]; i++) {
		if (!smd_same_letter(*types[i], *name.at) ||
		    strncasecmp(types[i], name.at, letters) != 0)
			continue;
		if (strlen(types[i]) == letters)
			return types[i];
		if (found)
			return NULL;
		found = types[i];
	}
	return found;
}

int smd_grammar_spelled(const struct smd_grammar *grammar, struct smd_span name)
{
	size_t letters = count_letters(name);
	const char *type;

	if (!letters || letters == name.length)
		return 1;
	type = type_of(grammar, name, letters);
	return !type || (strlen(type) == letters && !memcmp(type, name.at, letters) &&
			 name.at[letters] != ' ');
}

void smd_grammar_spell(const struct smd_grammar *grammar, struct smd_span name,
		       struct smd_buffer *out)
{
	size_t letters = count_letters(name);
	const char *type = letters ? type_of(grammar, name, letters) : NULL;

	if (type && letters < name.length) {
		smd_buffer_puts(out, type);
		name.at += letters;
		name.length -= letters;
		name = smd_span_trim(name);
	}
	smd_buffer_put(out, name.at, name.length);
}

void smd_match_filling(const struct smd_rule_match *match, struct smd_filling *filling)
{
	const struct smd_pattern *pattern = &match->form->pattern;

	filling->place[0] = (struct smd_span){"", 0};
	for (unsigned place = 1; place < SMD_PLACES; place++)
		filling->place[place] =
			pattern->place_at[place]
				? smd_captures_place(pattern, &match->captures, place)
				: filling->place[0];
}

/* Making */

/* Copy the dialect's tables: a driver's may have the layout of another build. */
static int take_dialect(struct smd_grammar *grammar, const struct smd_dialect *from,
			struct smd_error *error)
{
	struct smd_dialect *dialect = &grammar->dialect;
	const char *source = NULL;

	smd_versioned_take(dialect, sizeof(*dialect), from, from->size);
	if (dialect->rule_count && (!dialect->rules || !dialect->rule_size))
		return smd_fail(error, SMD_E_INVALID,
				"the dialect's rules or their size are missing");
	grammar->rules = smd_versioned_array(sizeof(*grammar->rules), dialect->rules,
					     dialect->rule_count, dialect->rule_size);
	if (!grammar->rules && dialect->rule_count)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	for (size_t i = 0; i < dialect->rule_count; i++)
		source = grammar->rules[i].source =
			grammar->rules[i].source ? grammar->rules[i].source : source;
	dialect->size = sizeof(*dialect);
	dialect->rules = grammar->rules;
	dialect->rule_size = sizeof(*grammar->rules);
	return 0;
}

static int check_dialect(const struct smd_dialect *dialect, struct smd_error *error)
{
	if (dialect->family != SMD_FAMILY_INDENTED && dialect->family != SMD_FAMILY_BRACED)
		return smd_fail(error, SMD_E_UNSUPPORTED, "the dialect's family %d is not known",
				(int)dialect->family);
	if (dialect->family == SMD_FAMILY_BRACED && !dialect->enter)
		return smd_fail(error, SMD_E_INVALID,
				"the dialect has braces, but its statements are no paths");
	if (!dialect->negation || !*dialect->negation)
		return smd_fail(error, SMD_E_INVALID, "the dialect has no negation");
	if (!dialect->enter && (!dialect->exit || !*dialect->exit))
		return smd_fail(error, SMD_E_INVALID, "the dialect has no exit");
	for (const struct smd_mark *mark = dialect->marks; mark && mark->word; mark++)
		if (!mark->set || !mark->clear)
			return smd_fail(error, SMD_E_INVALID,
					"the dialect's mark \"%s\" is not set or cleared by a word",
					mark->word);
	return 0;
}

static void note_ignorable(struct smd_grammar *grammar)
{
	const char *const *closers = grammar->dialect.closers;

	for (int byte = 0; byte < 256; byte++)
		grammar->ignorable[byte] =
			grammar->noise && smd_line_filter_may_match(grammar->noise, (uint8_t)byte);
	for (size_t i = 0; closers && closers[i]; i++)
		grammar->ignorable[(unsigned char)*closers[i]] = 1;
}

static int fill_grammar(struct smd_grammar *grammar, const struct smd_dialect *dialect,
			struct smd_error *error)
{
	int err = take_dialect(grammar, dialect, error);

	if (!err)
		err = check_dialect(&grammar->dialect, error);
	if (!err)
		err = smd_rules_compile(&grammar->dialect, &grammar->arena, &grammar->compiled,
					error);
	if (!err)
		err = smd_contexts_new(grammar, &grammar->arena, &grammar->contexts, error);
	if (!err)
		err = smd_line_filter_new(grammar->dialect.noise, "noise", 1, &grammar->noise,
					  error);
	if (!err)
		err = smd_line_filter_new(grammar->dialect.cut, "cut", 0, &grammar->cut, error);
	if (!err)
		note_ignorable(grammar);
	return err;
}

int smd_grammar_new(const struct smd_dialect *dialect, struct smd_grammar **out,
		    struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = calloc(1, sizeof(*grammar));
	int err = grammar ? fill_grammar(grammar, dialect, error)
			  : smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");

	if (!err)
		*out = smd_take(grammar);
	return err;
}

int smd_grammar_check(const struct smd_grammar *grammar, struct smd_error *error)
{
	return smd_contexts_check(grammar->contexts, error);
}

void smd_grammar_free(struct smd_grammar *grammar)
{
	if (!grammar)
		return;
	smd_contexts_free(grammar->contexts);
	smd_line_filter_free(grammar->noise);
	smd_line_filter_free(grammar->cut);
	smd_arena_done(&grammar->arena);
	free(grammar->compiled);
	free(grammar->rules);
	free(grammar);
}
