/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Indented text to tree. A line is put when the next one has been seen, whose column tells whether
 * it opens a section.
 */
#include "core/dialect/read/foreign.h"
#include "core/dialect/read/reading.h"

/* Lines that may be read again in all, for lines that open several sections. */
#define REPEATED_MAX 65536u

/* An open section. */
struct level {
	struct smd_cursor cursor;
	size_t column;
	size_t until; /* index of the line that ends it, where indentation does not tell; else 0 */
	int flush;    /* its lines stand no deeper than its own */
	size_t index; /* of the section's line */
	size_t expansion; /* which of the sections of its line it is, from 0 */
	uint32_t section; /* its number if lines in it are skipped; else 0 */
};

/* A line with content. */
struct line {
	struct smd_span text;
	size_t column, index;
	int closed; /* a closer, noise or skipped lines stand before it */
	struct smd_buffer cleaned;
};

/* Different `until` lines whose search results are kept; dialects have a few. */
#define UNTIL_SEARCHES 16

/* Result of a search: `at` is the first line from `from` on that consists of the words. */
struct until_search {
	const char *words;
	size_t from, at;
};

struct reading {
	struct smd_statement_writer writer;
	struct smd_source source;
	struct smd_tree *tree;
	struct level levels[SMD_TREE_DEPTH + 1];
	size_t depth;
	struct line line, next;
	const struct smd_skips *skips; /* NULL: none are skipped */
	size_t skip;                   /* index of the next range */
	size_t repeated;               /* lines that were read again */
	size_t noted; /* index behind the last line that was noted as passed over */
	int began;    /* a line was read */
	struct until_search searches[UNTIL_SEARCHES];
	uint32_t *shallower; /* per line; made by find_shallower when first needed */
	struct smd_fragment_reading *fragment; /* NULL: the text is a device's */
};

static int not_text(struct reading *reading, int err, size_t index)
{
	struct smd_error *error = reading->writer.error;

	if (err == SMD_E_NO_MEMORY)
		return smd_fail(error, err, "no memory for a configuration");
	smd_fail(error, err, "line %zu has a NUL byte, this is no configuration text", index + 1);
	smd_error_where(error, "line %zu", index + 1);
	return err;
}

/*
 * Move `*index` behind skipped lines; returns whether there were any. They end the section before
 * them, as they would if they were read.
 */
static int pass_over(struct reading *reading, size_t *index)
{
	const struct smd_skips *skips = reading->skips;
	int passed = 0;

	for (; skips && reading->skip < skips->count; reading->skip++) {
		if (*index < skips->ranges[reading->skip].first)
			break;
		if (*index < skips->ranges[reading->skip].end)
			*index = skips->ranges[reading->skip].end;
		passed = 1;
	}
	return passed;
}

/*
 * Whether the line is no configuration. A path ends at its first word that is noise or a closer:
 * here that is the first word.
 */
static int says_nothing(const struct smd_grammar *grammar, struct smd_span line)
{
	return smd_grammar_ignores(grammar, line) ||
	       (smd_grammar_paths(grammar) && smd_grammar_ignores(grammar, smd_span_word(&line)));
}

/* Find the first line with content from `index` on; `line->index` is the line count if none is. */
static int find_line(struct reading *reading, size_t index, struct line *line)
{
	const struct smd_grammar *grammar = reading->writer.grammar;
	struct smd_read_notes *notes = smd_grammar_notes(grammar);
	int squeeze = smd_grammar_dialect(grammar)->squeeze, err;
	struct smd_span raw;

	line->closed = 0;
	for (;; index++) {
		line->closed |= pass_over(reading, &index);
		raw = smd_text_span(reading->source.text, index);
		line->index = index;
		if (!raw.at)
			return 0;
		line->text = smd_line_clean(raw, squeeze, &line->cleaned, &err);
		if (err)
			return not_text(reading, err, index);
		if (!line->text.length)
			continue;
		if (!says_nothing(grammar, line->text)) {
			line->text = smd_grammar_cut(grammar, line->text);
			if (line->text.length && !says_nothing(grammar, line->text))
				break;
		} else if (notes && index >= reading->noted &&
			   smd_grammar_is_wordy_noise(grammar, line->text)) {
			smd_note_line(&notes->passed_over, index + 1);
			reading->noted = index + 1;
		}
		line->closed = 1;
	}
	line->column = smd_line_column(raw);
	return 0;
}

static int has_line(const struct reading *reading, const struct line *line)
{
	return line->index < smd_text_count(reading->source.text);
}

/*
 * The first line from `index` on that consists of the words, or the number of lines if there is
 * none. The last result is kept, so that no line is searched again and again.
 */
static size_t find_words(struct reading *reading, size_t index, const char *words)
{
	const struct smd_text *text = reading->source.text;
	struct until_search *search = reading->searches;
	size_t end = smd_text_count(text), i;

	while (search->words && strcmp(search->words, words) &&
	       search < &reading->searches[UNTIL_SEARCHES - 1])
		search++;
	if (search->words && !strcmp(search->words, words) && index <= search->at) {
		if (index >= search->from)
			return search->at;
		end = search->from;
	}
	for (i = index; i < end; i++)
		if (smd_span_is(smd_span_trim(smd_text_span(text, i)), words))
			break;
	if (i == end && end < smd_text_count(text))
		i = search->at;
	*search = (struct until_search){words, index, i};
	return i;
}

/* Find, for each line, the next one that stands less deep. */
static int find_shallower(struct reading *reading)
{
	const struct smd_text *text = reading->source.text;
	size_t count = smd_text_count(text);
	uint32_t *columns = calloc(count + 1, sizeof(*columns));
	uint32_t *shallower = calloc(count + 1, sizeof(*shallower));

	for (size_t i = count, next; i-- && columns && shallower;) {
		struct smd_span raw = smd_text_span(text, i);

		columns[i] = UINT32_MAX;
		if (smd_span_trim(raw).length)
			columns[i] = (uint32_t)smd_line_column(raw);
		for (next = i + 1; next < count && columns[next] >= columns[i];)
			next = shallower[next];
		shallower[i] = (uint32_t)next;
	}
	free(columns);
	reading->shallower = shallower;
	if (shallower && columns)
		return 0;
	return smd_fail(reading->writer.error, SMD_E_NO_MEMORY, "no memory for a configuration");
}

/* Find the end of a section whose lines stand no deeper than itself; 0: it has no such end. */
static int find_until(struct reading *reading, const char *words, size_t *until)
{
	size_t index = reading->line.index, at = find_words(reading, index + 1, words);
	int err = 0;

	*until = 0;
	if (at == smd_text_count(reading->source.text))
		return 0;
	if (!reading->shallower)
		err = find_shallower(reading);
	if (!err && at < reading->shallower[index])
		*until = at;
	return err;
}

/* Whether a rule knows the line in this section, and none in those around it. */
static int belongs_here(struct reading *reading, const struct level *level)
{
	struct smd_statement_writer *writer = &reading->writer;

	smd_words_split(&writer->words, reading->line.text, 0);
	if (!level->cursor.rule || !smd_context_find(level->cursor.context, &writer->words, 0,
						     SMD_FORM_OPS_STATED, 0, &writer->match))
		return 0;
	for (const struct level *outer = level; outer-- > reading->levels;)
		if (smd_context_find(outer->cursor.context, &writer->words, 0, SMD_FORM_OPS_STATED,
				     0, &writer->match))
			return 0;
	return 1;
}

static int is_in(struct reading *reading, struct level *level)
{
	const struct line *line = &reading->line;

	if (line->column > level->column)
		return 1;
	if (line->column < level->column)
		return 0;
	if (line->index < level->until)
		return 1;
	if (line->closed || smd_grammar_paths(reading->writer.grammar) ||
	    (!level->flush && smd_node_first(level->cursor.node)))
		return 0;
	level->flush = belongs_here(reading, level);
	return level->flush;
}

/* Leave the innermost section, and empty ones on the same line that are absent without it. */
static void leave_section(struct reading *reading)
{
	struct smd_node *section = reading->levels[--reading->depth].cursor.node;
	struct smd_node *outer = section->parent;

	smd_cursor_leave(&reading->levels[reading->depth].cursor);
	if (!section->parent && outer && outer->flags & SMD_NODE_INLINE)
		smd_section_leave(reading->writer.grammar, outer);
}

static int by_line(const void *a, const void *b)
{
	const struct smd_read_line *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

/* In which section the line must be, and what it opens, by number; 0: nothing is skipped there. */
static struct smd_read_line place_of(const struct reading *reading, size_t index)
{
	const struct smd_read_line key = {(uint32_t)index, 0, 0}, *place = NULL;

	if (reading->skips && reading->skips->line_count)
		place = bsearch(&key, reading->skips->lines, reading->skips->line_count,
				sizeof(key), by_line);
	return place ? *place : key;
}

/* Whether lines from `first` up to `end` are skipped. */
static int passes_over(const struct reading *reading, size_t first, size_t end)
{
	const struct smd_skips *skips = reading->skips;

	for (size_t i = reading->skip; skips && i < skips->count && skips->ranges[i].first < end;
	     i++)
		if (skips->ranges[i].end > first)
			return 1;
	for (size_t i = reading->skip; skips && i && skips->ranges[i - 1].end > first; i--)
		if (skips->ranges[i - 1].first < end)
			return 1;
	return 0;
}

/* Enter the section that the line opened. 1: lines of it are skipped, which must not be. */
static int enter_section(struct reading *reading, const struct smd_cursor *inner, int holds,
			 uint32_t section)
{
	const struct line *line = &reading->line;
	struct level *level;
	int err = 0;

	if (reading->depth > SMD_TREE_DEPTH)
		return smd_fail(reading->writer.error, SMD_E_INVALID,
				"line %zu is nested deeper than %d levels", line->index + 1,
				SMD_TREE_DEPTH);
	level = &reading->levels[reading->depth++];
	*level = (struct level){.cursor = *inner,
				.column = line->column,
				.index = line->index,
				.expansion = reading->writer.expansion,
				.section = section};
	if (!holds && inner->rule && inner->rule->until)
		err = find_until(reading, inner->rule->until, &level->until);
	if (err)
		return err;
	return level->until && passes_over(reading, line->index, level->until);
}

/*
 * The line of an open section. If the line opens several, that of this one, unless it is a path,
 * which has sections without lines of their own.
 */
static void put_section(const struct reading *reading, const struct level *level,
			struct smd_buffer *out)
{
	struct smd_span line = smd_text_span(reading->source.text, level->index);

	if (!smd_grammar_paths(reading->writer.grammar)) {
		smd_node_put_text(level->cursor.node, out);
		return;
	}
	line = smd_span_trim(line);
	smd_buffer_put(out, line.at, line.length);
}

/* Take a line of a fragment that is an absence: 1, or 0, or an error. */
static int take_absence(struct reading *reading)
{
	const struct level *level = &reading->levels[reading->depth - 1];
	struct smd_span sections[SMD_TREE_DEPTH + 1];
	struct smd_fragment_line line = {.context = level->cursor.context,
					 .sections = sections,
					 .section_count = reading->depth - 1,
					 .text = reading->line.text,
					 .number = reading->line.index + 1};
	struct smd_buffer bytes = {0};
	int err;

	for (size_t i = 1; i < reading->depth; i++) {
		sections[i - 1].length = bytes.used;
		put_section(reading, &reading->levels[i], &bytes);
		sections[i - 1].length = bytes.used - sections[i - 1].length;
	}
	for (size_t i = 0, used = 0; i < line.section_count; used += sections[i++].length)
		sections[i].at = bytes.bytes + used;
	err = bytes.failed ? smd_fail(reading->writer.error, SMD_E_NO_MEMORY,
				      "no memory for a configuration")
			   : smd_fragment_take(reading->fragment, &line);
	smd_buffer_done(&bytes);
	return err;
}

static int put_line(struct reading *reading, int holds, size_t expansion)
{
	struct level *level = &reading->levels[reading->depth - 1];
	struct line *line = &reading->line;
	struct smd_read_line place = place_of(reading, line->index);
	struct smd_cursor inner;
	int err;

	if (place.section != level->section)
		return 1;
	reading->source.next = line->index + 1;
	reading->writer.expansion = expansion;
	err = reading->fragment && !holds ? take_absence(reading) : 0;
	if (err)
		return err < 0 ? err : 0;
	err = smd_statement_put(&reading->writer, &level->cursor, line->text, line->index + 1,
				holds, &reading->source, &inner);
	if (!err && passes_over(reading, line->index, reading->source.next))
		err = 1; /* skipped lines are part of the block */
	return err || !inner.node ? err : enter_section(reading, &inner, holds, place.inner);
}

/* Go back to line `index`, which becomes the current one again. */
static int go_back(struct reading *reading, size_t index)
{
	const struct smd_skips *skips = reading->skips;
	int err = find_line(reading, index, &reading->line);

	while (skips && reading->skip && skips->ranges[reading->skip - 1].first > index)
		reading->skip--;
	return err ? err : find_line(reading, index + 1, &reading->next);
}

/* The section that ends is one of several of its line: read their lines again for the next. */
static int repeat_section(struct reading *reading)
{
	const struct level level = reading->levels[reading->depth - 1];
	int err;

	reading->repeated += reading->line.index - level.index;
	if (reading->repeated > REPEATED_MAX) {
		smd_fail(reading->writer.error, SMD_E_INVALID,
			 "line %zu opens too many sections with too many lines", level.index + 1);
		smd_error_where(reading->writer.error, "line %zu", level.index + 1);
		return SMD_E_INVALID;
	}
	leave_section(reading);
	err = go_back(reading, level.index);
	return err ? err : put_line(reading, 1, level.expansion + 1);
}

/*
 * Leave the sections that end before the line. Returns whether the innermost that is left also
 * ends, and is one of several that its line opens.
 */
static int ends_repeated(struct reading *reading)
{
	while (reading->depth > 1) {
		struct level *level = &reading->levels[reading->depth - 1];

		if (has_line(reading, &reading->line) && is_in(reading, level))
			return 0;
		if (level->cursor.left)
			return 1;
		leave_section(reading);
	}
	return 0;
}

static int refuse(struct reading *reading, const char *what, const char *hint)
{
	const struct line *line = &reading->line;
	struct smd_error *error = reading->writer.error;

	smd_fail(error, SMD_E_INVALID, "line %zu %s", line->index + 1, what);
	smd_error_where(error, "line %zu", line->index + 1);
	smd_error_hint(error, "%s", hint);
	return SMD_E_INVALID;
}

/* What a recorded session or a part of a text has, and a configuration has not. */
static int check_line(struct reading *reading)
{
	const struct line *line = &reading->line;
	const char *foreign = smd_line_foreign(line->text, line->column);

	if (smd_span_is(line->text, "}"))
		foreign = "a brace";
	if (foreign)
		return smd_foreign_fail(reading->writer.error, foreign, line->index + 1);
	if (!reading->fragment && !reading->began && line->column)
		return refuse(reading, "is indented, but it is the first one",
			      "is the beginning missing?");
	reading->began = 1;
	return 0;
}

static int take_line(struct reading *reading)
{
	struct line *line = &reading->line, *next = &reading->next;
	int holds = has_line(reading, next) && next->column > line->column &&
		    !smd_line_foreign(next->text, next->column);
	int err;

	if (ends_repeated(reading))
		return repeat_section(reading);
	if (!has_line(reading, line))
		return 0;
	err = check_line(reading);
	return err ? err : put_line(reading, holds, 0);
}

static void swap_lines(struct reading *reading)
{
	struct line kept = reading->line;

	reading->line = reading->next;
	reading->next = kept;
}

/* Read until there is neither a line nor an open section left. */
static int take_lines(struct reading *reading)
{
	int err = find_line(reading, 0, &reading->line);

	while (!err && (has_line(reading, &reading->line) || reading->depth > 1)) {
		err = find_line(reading, reading->line.index + 1, &reading->next);
		if (!err)
			err = take_line(reading);
		if (!err && reading->source.next > reading->line.index + 1) /* behind the block */
			err = find_line(reading, reading->source.next, &reading->next);
		swap_lines(reading);
	}
	return err;
}

int smd_read_indented(struct smd_grammar *grammar, const struct smd_text *text,
		      const struct smd_skips *skips, struct smd_fragment_reading *fragment,
		      struct smd_tree *tree, struct smd_error *error)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	int err;

	if (!reading)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	reading->writer.grammar = grammar;
	reading->writer.error = error;
	reading->writer.reads = 1;
	reading->source.text = text;
	reading->skips = skips;
	reading->fragment = fragment;
	if (fragment)
		smd_fragment_watch(fragment, &reading->writer);
	reading->tree = tree;
	reading->levels[0].cursor = smd_cursor_top(grammar, tree);
	reading->levels[reading->depth++].section = skips ? SMD_ROOT_SECTION : 0;
	err = take_lines(reading);
	smd_statement_writer_done(&reading->writer);
	smd_buffer_done(&reading->line.cleaned);
	smd_buffer_done(&reading->next.cleaned);
	free(reading->shallower);
	free(reading);
	return err;
}
