/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Braced text to tree. Words are collected into a statement until `;` ends it, `{` opens a section,
 * or `}` closes the one around it.
 */
#include "core/dialect/read/foreign.h"
#include "core/dialect/read/reading.h"
#include "core/dialect/simulate/simulate.h"

/*
 * An open brace.
 *
 * prefix   Words before the brace that no rule knows as a section: they are put before each
 *          statement in the braces, for a rule may know them together. Owned.
 * used     There was a statement in the braces.
 */
struct level {
	struct smd_cursor cursor;
	char *prefix; /* NULL: none */
	int used;
	size_t line; /* where it was opened, from 1 */
};

struct reading {
	struct smd_statement_writer writer;
	const struct smd_text *text;
	struct level levels[SMD_TREE_DEPTH + 1];
	size_t depth;
	struct smd_buffer statement, whole;
	size_t line;  /* where the statement begins, from 1; 0: there is none */
	size_t index; /* of the line that is being read */
	int comment;  /* a comment goes on in the next line */
	struct smd_buffer cleaned;
};

static int structure_error(struct reading *reading, const char *what, size_t line)
{
	struct smd_error *error = reading->writer.error;

	smd_fail(error, SMD_E_INVALID, "line %zu: %s", line, what);
	smd_error_where(error, "line %zu", line);
	return SMD_E_INVALID;
}

static int no_memory(struct reading *reading)
{
	return smd_fail(reading->writer.error, SMD_E_NO_MEMORY, "no memory for a configuration");
}

static struct level *level_of(struct reading *reading)
{
	return &reading->levels[reading->depth - 1];
}

/* Length of the marks that a statement begins with, up to the first other word. */
static size_t mark_length(const struct reading *reading, struct smd_span line)
{
	struct smd_span left = line;

	for (;;) {
		struct smd_span word = smd_span_word(&left);

		if (!smd_grammar_mark(reading->writer.grammar, word))
			return (size_t)(word.at - line.at);
	}
}

/* The statement with the prefix of its braces, put behind its marks. */
static int whole_statement(struct reading *reading, struct smd_span *line)
{
	const char *prefix = level_of(reading)->prefix;

	level_of(reading)->used = 1;
	*line = (struct smd_span){reading->statement.bytes, reading->statement.used};
	if (prefix) {
		size_t mark = mark_length(reading, *line);

		reading->whole.used = 0;
		smd_buffer_put(&reading->whole, line->at, mark);
		if (mark && mark == line->length)
			smd_buffer_byte(&reading->whole, ' ');
		smd_buffer_puts(&reading->whole, prefix);
		smd_buffer_byte(&reading->whole, ' ');
		smd_buffer_put(&reading->whole, line->at + mark, line->length - mark);
		*line = (struct smd_span){reading->whole.bytes, reading->whole.used};
	}
	return reading->statement.failed || reading->whole.failed ? no_memory(reading) : 0;
}

/* Remove what an empty statement opened, where an empty section counts as absent. */
static void leave_empty(struct reading *reading, const struct smd_cursor *inner)
{
	struct smd_node *outer = inner->node->parent;

	smd_cursor_leave(inner);
	if (!inner->node->parent && outer->flags & SMD_NODE_INLINE)
		smd_section_leave(reading->writer.grammar, outer);
}

static int end_statement(struct reading *reading)
{
	struct smd_cursor inner;
	struct smd_span line;
	int err;

	if (!reading->line)
		return 0;
	err = whole_statement(reading, &line);
	if (!err)
		err = smd_statement_put(&reading->writer, &level_of(reading)->cursor, line,
					reading->line, 0, NULL, &inner);
	if (!err && inner.node && !smd_node_first(inner.node))
		leave_empty(reading, &inner);
	reading->statement.used = 0;
	reading->line = 0;
	return err;
}

static int enter_sections(struct reading *reading, struct level *inner)
{
	struct smd_span line, left = {"", 0};
	int err = whole_statement(reading, &line);

	if (err)
		return err;
	if (mark_length(reading, line)) /* of a marked statement all words are put at once */
		err = smd_statement_put(&reading->writer, &level_of(reading)->cursor, line,
					reading->line, 1, NULL, &inner->cursor);
	else
		err = smd_path_open(&reading->writer, &level_of(reading)->cursor, line,
				    reading->line, &inner->cursor, &left);
	if (err || !left.length)
		return err;
	inner->prefix = strndup(left.at, left.length);
	return inner->prefix ? 0 : no_memory(reading);
}

static int open_brace(struct reading *reading)
{
	struct level inner = {.line = reading->line};
	int err;

	if (!reading->line)
		return structure_error(reading, "a brace opens, but nothing stands before it",
				       reading->index + 1);
	if (reading->depth > SMD_TREE_DEPTH)
		return structure_error(reading, "it is nested too deeply", reading->line);
	err = enter_sections(reading, &inner);
	reading->statement.used = 0;
	reading->line = 0;
	if (err || !inner.cursor.node) {
		free(inner.prefix);
		return err ? err : structure_error(reading, "it cannot hold anything", inner.line);
	}
	reading->levels[reading->depth++] = inner;
	return 0;
}

/* Empty braces behind a prefix: put the prefix as a statement. */
static int put_empty(struct reading *reading, struct level *level)
{
	struct smd_cursor inner;

	return smd_statement_put(&reading->writer, &level->cursor, smd_span_of(level->prefix),
				 level->line, 0, NULL, &inner);
}

static int close_brace(struct reading *reading)
{
	struct level *level = level_of(reading);
	int err = 0;

	if (reading->line)
		return structure_error(reading, "a brace closes before a ';'", reading->index + 1);
	if (reading->depth == 1)
		return structure_error(reading, "a brace closes that was not opened",
				       reading->index + 1);
	if (level->prefix && !level->used)
		err = put_empty(reading, level);
	if (!level->prefix)
		smd_cursor_leave(&level->cursor);
	free(level->prefix);
	reading->depth--;
	return err;
}

static void put_word(struct reading *reading, struct smd_span word)
{
	if (reading->line)
		smd_buffer_byte(&reading->statement, ' ');
	else
		reading->line = reading->index + 1;
	smd_buffer_put(&reading->statement, word.at, word.length);
}

/* Length of the first word of `left`: quoted, a bracket, or up to a separator. */
static size_t word_length(struct smd_span left)
{
	size_t i = 1;

	if (*left.at == '[' || *left.at == ']')
		return 1;
	if (*left.at != '"') {
		while (i < left.length && !strchr(" \t\r;{}[]\"", left.at[i]))
			i++;
		return i;
	}
	for (; i < left.length && left.at[i] != '"'; i++)
		if (left.at[i] == '\\' && i + 1 < left.length)
			i++;
	return i < left.length ? i + 1 : i;
}

/* Length of the rest of a comment in this line. */
static size_t skip_comment(struct reading *reading, struct smd_span left)
{
	const char *end = memmem(left.at, left.length, "*/", 2);

	reading->comment = !end;
	return end ? (size_t)(end - left.at) + 2 : left.length;
}

/* Take a word, separator or comment off the beginning of `left`; `*taken` is its length. */
static int take_piece(struct reading *reading, struct smd_span left, size_t *taken)
{
	*taken = 1;
	if (reading->comment || (left.length > 1 && left.at[0] == '/' && left.at[1] == '*')) {
		*taken = skip_comment(reading, left);
		return 0;
	}
	switch (*left.at) {
	case ' ':
	case '\t':
	case '\r':
		return 0;
	case '#':
		*taken = left.length;
		return 0;
	case ';':
		return end_statement(reading);
	case '{':
		return open_brace(reading);
	case '}':
		return close_brace(reading);
	}
	*taken = word_length(left);
	put_word(reading, (struct smd_span){left.at, *taken});
	return 0;
}

static int take_line(struct reading *reading, struct smd_span line)
{
	size_t taken;
	int err = 0;

	while (line.length && !err) {
		err = take_piece(reading, line, &taken);
		line.at += taken;
		line.length -= taken;
	}
	return err;
}

static int get_line(struct reading *reading, struct smd_span *line)
{
	int err;

	*line = smd_text_span(reading->text, reading->index);
	*line = smd_line_clean(*line, 0, &reading->cleaned, &err);
	if (err == SMD_E_INVALID)
		return structure_error(reading, "it has a NUL byte, this is no configuration text",
				       reading->index + 1);
	return err ? no_memory(reading) : 0;
}

static int take_lines(struct reading *reading)
{
	size_t count = smd_text_count(reading->text);
	const char *foreign;
	struct smd_span line;
	int err = 0;

	for (; reading->index < count && !err; reading->index++) {
		err = get_line(reading, &line);
		if (err || !line.length || smd_grammar_ignores(reading->writer.grammar, line))
			continue;
		foreign = reading->line || reading->comment ? NULL : smd_line_foreign(line, 0);
		err = foreign ? smd_foreign_fail(reading->writer.error, foreign, reading->index + 1)
			      : take_line(reading, line);
	}
	if (!err && reading->comment)
		return structure_error(reading, "the text ends within a comment", count);
	if (!err && reading->line)
		return structure_error(reading, "the statement has no end", reading->line);
	if (!err && reading->depth > 1)
		return structure_error(reading, "the brace that opens here is not closed",
				       reading->levels[reading->depth - 1].line);
	return err;
}

/*
 * Whether the text consists of commands: its first line with content begins with a verb and does
 * not end like a statement.
 */
static int has_commands(struct reading *reading, int *answer)
{
	size_t count = smd_text_count(reading->text);
	struct smd_span line;
	int err = 0;

	*answer = 0;
	for (; reading->index < count && !err; reading->index++) {
		err = get_line(reading, &line);
		if (err || !line.length || *line.at == '#' || !strncmp(line.at, "/*", 2) ||
		    smd_grammar_ignores(reading->writer.grammar, line))
			continue;
		*answer = smd_line_is_command(reading->writer.grammar, line) &&
			  !strchr(";{", line.at[line.length - 1]);
		break;
	}
	reading->index = 0;
	return err;
}

int smd_read_braced(struct smd_grammar *grammar, const struct smd_text *text,
		    struct smd_fragment_reading *fragment, struct smd_tree *tree,
		    struct smd_error *error)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	int commands, err;

	if (!reading)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	reading->writer.grammar = grammar;
	reading->writer.error = error;
	reading->writer.reads = 1;
	reading->text = text;
	if (fragment)
		smd_fragment_watch(fragment, &reading->writer);
	reading->levels[reading->depth++].cursor = smd_cursor_top(grammar, tree);
	err = has_commands(reading, &commands);
	if (!err)
		err = !commands  ? take_lines(reading)
		      : fragment ? smd_fragment_read_commands(fragment, text, tree, error)
				 : smd_device_read(grammar, tree, text, error);
	while (reading->depth)
		free(reading->levels[--reading->depth].prefix);
	smd_statement_writer_done(&reading->writer);
	smd_buffer_done(&reading->statement);
	smd_buffer_done(&reading->whole);
	smd_buffer_done(&reading->cleaned);
	free(reading);
	return err;
}
