/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/read/reading.h"

#include "core/dialect/simulate/simulate.h"

#define REMOVING (SMD_FORM_UNSET | SMD_FORM_REMOVE_NUMBERS | SMD_FORM_REMOVE_ENTRY)

void smd_unknown_lines_free(struct smd_unknown_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(lines[i].text);
		free(lines[i].likely);
	}
	free(lines);
}

void smd_fragment_done(struct smd_fragment *fragment)
{
	smd_tree_free(fragment->statements);
	smd_text_free(fragment->absences);
	smd_text_free(fragment->stated);
	smd_unknown_lines_free(fragment->unknown, fragment->unknown_count);
	*fragment = (struct smd_fragment){NULL};
}

/* Lines that no rule knows */

static int is_known(const struct smd_context *context, struct smd_span line, unsigned ops)
{
	struct smd_rule_match match;
	struct smd_words words;

	smd_words_split(&words, line, 0);
	return smd_context_find(context, &words, 0, ops, 0, &match);
}

/* The line with its words in full; NULL: it is short for nothing. */
static char *find_likely(const struct smd_fragment_reading *reading,
			 const struct smd_context *context, struct smd_span line)
{
	struct smd_span positive = smd_grammar_positive(reading->grammar, line);
	struct smd_buffer out = {0};
	struct smd_words words;
	char *likely = NULL;
	int found;

	if (smd_grammar_paths(reading->grammar))
		return NULL;
	smd_words_split(&words, line, 0);
	found = smd_context_complete(context, &words, &out);
	if (!found && positive.length) {
		smd_words_split(&words, positive, 0);
		smd_buffer_puts(&out, smd_grammar_dialect(reading->grammar)->negation);
		smd_buffer_byte(&out, ' ');
		found = smd_context_complete(context, &words, &out);
	}
	if (found && !out.failed)
		likely = strndup(out.bytes, out.used);
	smd_buffer_done(&out);
	return likely;
}

static int is_noted(const struct smd_fragment *fragment, size_t number)
{
	return fragment->unknown_count &&
	       fragment->unknown[fragment->unknown_count - 1].number >= number;
}

/* Whether a rule knows the line's negation: that may be a default, or what a device shows. */
static int is_contrary(const struct smd_fragment_reading *reading,
		       const struct smd_context *context, struct smd_span line)
{
	struct smd_buffer contrary = {0};
	int known;

	if (smd_grammar_paths(reading->grammar))
		return 0;
	smd_buffer_puts(&contrary, smd_grammar_dialect(reading->grammar)->negation);
	smd_buffer_byte(&contrary, ' ');
	smd_buffer_put(&contrary, line.at, line.length);
	known = !contrary.failed &&
		is_known(context, (struct smd_span){contrary.bytes, contrary.used},
			 SMD_FORM_OPS_STATED);
	smd_buffer_done(&contrary);
	return known;
}

static void note_unknown(void *arg, const struct smd_context *context, size_t number)
{
	struct smd_fragment_reading *reading = arg;
	struct smd_fragment *fragment = reading->fragment;
	struct smd_span line = smd_span_trim(smd_text_span(reading->lines, number - 1));
	struct smd_unknown_line *all, *one;

	/* Its section may be one of several of the same line */
	if (is_noted(fragment, number) || is_contrary(reading, context, line))
		return;
	all = reallocarray(fragment->unknown, fragment->unknown_count + 1, sizeof(*all));
	if (all)
		fragment->unknown = all;
	if (!all) {
		reading->failed = 1;
		return;
	}
	one = &all[fragment->unknown_count];
	*one = (struct smd_unknown_line){number, strndup(line.at, line.length),
					 find_likely(reading, context, line)};
	fragment->unknown_count += one->text != NULL;
	reading->failed |= !one->text;
}

/* Absences */

/* Whether a statement leaves no node: it is a default, or means that there is no list. */
static int leaves_nothing(const struct smd_rule_match *match)
{
	return smd_match_rule(match)->kind == SMD_RULE_DEFAULT ||
	       match->form->op == SMD_FORM_ALL_NUMBERS;
}

enum sense { SENSE_STATEMENT, SENSE_ABSENCE, SENSE_UNKNOWN_ABSENCE };

/* What a line says in a section of this context. */
static enum sense sense_of(const struct smd_grammar *grammar, const struct smd_context *context,
			   struct smd_span line)
{
	struct smd_span positive = smd_grammar_positive(grammar, line);
	int paths = smd_grammar_paths(grammar);
	struct smd_rule_match match;
	struct smd_words words;

	smd_words_split(&words, line, 0);
	if (smd_context_find(context, &words, 0, SMD_FORM_OPS_STATED, paths, &match))
		return !paths && leaves_nothing(&match) ? SENSE_ABSENCE : SENSE_STATEMENT;
	if (paths)
		return positive.length ? SENSE_ABSENCE : SENSE_STATEMENT;
	if (is_known(context, line, REMOVING) ||
	    (positive.length && is_known(context, positive, SMD_FORM_OPS_STATED)))
		return SENSE_ABSENCE;
	return positive.length ? SENSE_UNKNOWN_ABSENCE : SENSE_STATEMENT;
}

/* Put a command that is a path: the negation, the words of the sections, what is negated. */
static void put_path(const struct smd_fragment_reading *reading, const struct smd_span *sections,
		     size_t count, struct smd_span line, struct smd_buffer *out)
{
	struct smd_span positive = smd_grammar_positive(reading->grammar, line);

	smd_buffer_puts(out, smd_grammar_dialect(reading->grammar)->negation);
	for (size_t i = 0; i <= count; i++) {
		struct smd_span words = i < count ? sections[i] : positive;

		smd_buffer_byte(out, ' ');
		smd_buffer_put(out, words.at, words.length);
	}
}

static void put_in_sections(const struct smd_span *sections, size_t count, struct smd_span line,
			    struct smd_buffer *out)
{
	for (size_t i = 0; i <= count; i++) {
		struct smd_span text = i < count ? sections[i] : line;

		for (size_t blank = 0; blank < i; blank++)
			smd_buffer_byte(out, ' ');
		smd_buffer_put(out, text.at, text.length);
		if (i < count)
			smd_buffer_byte(out, '\n');
	}
}

/* Whether a text of absences has this one. */
static int has_absence(const struct smd_text *all, const struct smd_text *one)
{
	size_t count = smd_text_count(one), same;

	for (size_t first = 0; first + count <= smd_text_count(all); first++) {
		for (same = 0; same < count; same++)
			if (!smd_span_same(smd_text_span(all, first + same),
					   smd_text_span(one, same)))
				break;
		if (same == count)
			return 1;
	}
	return 0;
}

/*
 * Whether an absence of something that no rule knows is one: `previous` has it, or it removes
 * something of `running`. Else the device may show the line as it was entered: it is a statement.
 */
static int removes_something(const struct smd_fragment_reading *reading, const char *absence,
			     size_t size, int *answer)
{
	const struct smd_tree *running = reading->running;
	struct smd_tree *left = NULL;
	struct smd_text *lines = NULL;
	struct smd_changes *changes = NULL;
	int err = running ? smd_tree_copy(&left, running) : 0;

	if (!err)
		err = smd_text_from(&lines, absence, size);
	*answer = !err && reading->previous && has_absence(reading->previous, lines);
	if (!err && !*answer && running)
		err = smd_enter_absences(reading->grammar, left, lines, NULL);
	if (err == SMD_E_INVALID)
		err = 0;
	else if (!err && !*answer && running)
		err = smd_diff(running, left, &changes);
	for (size_t i = 0; i < smd_changes_count(changes); i++)
		*answer |= smd_changes_get(changes, i)->op == SMD_CHANGE_REMOVE;
	smd_changes_free(changes);
	smd_text_free(lines);
	smd_tree_free(left);
	return err;
}

static int put_absence(struct smd_fragment *fragment, const struct smd_buffer *bytes)
{
	if (bytes->failed || (!fragment->absences && smd_text_new(&fragment->absences, 0)))
		return SMD_E_NO_MEMORY;
	return smd_text_append(fragment->absences, bytes->bytes, bytes->used);
}

int smd_fragment_take(struct smd_fragment_reading *reading, const struct smd_fragment_line *line)
{
	enum sense sense = sense_of(reading->grammar, line->context, line->text);
	struct smd_buffer out = {0};
	int err = 0, takes = sense != SENSE_STATEMENT;

	if (takes && smd_grammar_paths(reading->grammar))
		put_path(reading, line->sections, line->section_count, line->text, &out);
	else if (takes)
		put_in_sections(line->sections, line->section_count, line->text, &out);
	smd_buffer_byte(&out, '\n');
	if (sense == SENSE_UNKNOWN_ABSENCE && !out.failed)
		err = removes_something(reading, out.bytes, out.used, &takes);
	if (sense == SENSE_UNKNOWN_ABSENCE && !err && takes)
		note_unknown(reading, line->context, line->number);
	if (!err && takes) {
		err = put_absence(reading->fragment, &out);
		reading->absent[line->number - 1] = 1;
	}
	smd_buffer_done(&out);
	return err ? smd_fail(reading->error, err, "no memory for a configuration") : takes;
}

/* Enter one absence; in a dialect of paths the device refuses to remove what is not there. */
static int enter_absence(struct smd_grammar *grammar, struct smd_tree *tree,
			 const struct smd_text *lines, struct smd_error *error)
{
	smd_cleanup(smd_device_free) struct smd_device *device = NULL;
	int paths = smd_grammar_paths(grammar);
	int err = smd_device_new(grammar, tree, NULL, lines, &device, paths ? NULL : error);

	if (!err) {
		device->only_removes = 1;
		err = smd_device_enter(device, NULL, NULL);
	}
	if (err == SMD_E_NO_MEMORY)
		return smd_fail(error, err, "no memory for a simulation");
	return paths ? 0 : err;
}

int smd_enter_absences(struct smd_grammar *grammar, struct smd_tree *tree,
		       const struct smd_text *absences, struct smd_error *error)
{
	size_t count = smd_text_count(absences), next;
	int err = 0;

	for (size_t first = 0; first < count && !err; first = next) {
		struct smd_text *one = NULL;

		err = smd_text_new(&one, 0);
		next = first;
		do
			err = err ? err : smd_text_line(one, smd_text_get(absences, next, NULL));
		while (++next < count && *smd_text_get(absences, next, NULL) == ' ');
		err = err ? smd_fail(error, err, "no memory for a simulation")
			  : enter_absence(grammar, tree, one, error);
		smd_text_free(one);
	}
	return err;
}

void smd_fragment_watch(struct smd_fragment_reading *reading, struct smd_statement_writer *writer)
{
	writer->on_unknown = note_unknown;
	writer->arg = reading;
}

/* Texts */

/* Put absences aside, and leave an empty line for each, so that lines keep their numbers. */
static int take_absences(struct smd_fragment_reading *reading, const struct smd_text *text,
			 struct smd_text *left)
{
	const char *negation = smd_grammar_dialect(reading->grammar)->negation;
	int err = 0;

	for (size_t i = 0; i < smd_text_count(text) && !err; i++) {
		struct smd_span line = smd_span_trim(smd_text_span(text, i)), rest = line;
		int removes = smd_span_is(smd_span_word(&rest), negation);

		if (removes) {
			const struct smd_fragment_line one = {
				.context = smd_grammar_top(reading->grammar),
				.text = line,
				.number = i + 1};

			err = smd_fragment_take(reading, &one);
			err = err < 0 ? err : 0;
		}
		if (!err)
			err = smd_text_line(left, removes ? "" : smd_text_get(text, i, NULL));
	}
	return err;
}

int smd_fragment_read_commands(struct smd_fragment_reading *reading, const struct smd_text *text,
			       struct smd_tree *tree, struct smd_error *error)
{
	smd_cleanup(smd_device_free) struct smd_device *device = NULL;
	struct smd_text *left = NULL;
	int err = smd_text_new(&left, 0);

	if (!err)
		err = take_absences(reading, text, left);
	if (err)
		err = smd_fail(error, err, "no memory for a configuration");
	else
		err = smd_device_new(reading->grammar, tree, NULL, left, &device, error);
	if (!err) {
		smd_fragment_watch(reading, &device->writer);
		err = smd_device_enter(device, NULL, NULL);
	}
	if (err && device)
		smd_error_where(error, "line %zu", device->line);
	smd_text_free(left);
	return err;
}

static int read_lines(struct smd_fragment_reading *reading, struct smd_error *error)
{
	struct smd_tree *tree = reading->fragment->statements;

	if (smd_grammar_dialect(reading->grammar)->family == SMD_FAMILY_BRACED)
		return smd_read_braced(reading->grammar, reading->lines, reading, tree, error);
	return smd_read_indented(reading->grammar, reading->lines, NULL, reading, tree, error);
}

/* The lines without those of absences. */
static int put_stated(const struct smd_fragment_reading *reading)
{
	struct smd_fragment *fragment = reading->fragment;
	size_t count = smd_text_count(reading->lines);
	int err = smd_text_new(&fragment->stated, 0);

	for (size_t i = 0; i < count && !err; i++)
		err = smd_text_line(fragment->stated,
				    reading->absent[i] ? ""
						       : smd_text_get(reading->lines, i, NULL));
	return err;
}

int smd_read_fragment(struct smd_grammar *grammar, const struct smd_wanted_lines *wanted,
		      struct smd_fragment *out, struct smd_error *error)
{
	struct smd_fragment_reading reading = {.grammar = grammar,
					       .lines = wanted->lines,
					       .running = wanted->running,
					       .previous = wanted->previous,
					       .fragment = out,
					       .error = error};
	int err;

	*out = (struct smd_fragment){NULL};
	reading.absent = calloc(smd_text_count(wanted->lines) + 1, 1);
	err = reading.absent ? smd_tree_new(&out->statements) : SMD_E_NO_MEMORY;
	if (err)
		err = smd_fail(error, err, "no memory for a configuration");
	else if (smd_text_count(wanted->lines))
		err = read_lines(&reading, error);
	if (!err && (reading.failed || put_stated(&reading)))
		err = smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	free(reading.absent);
	if (err)
		smd_fragment_done(out);
	return err;
}
