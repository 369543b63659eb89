/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that are paths. */
#include "core/dialect/edit/internal.h"

static int misplaced_mark(struct smd_statement_writer *writer, const struct smd_mark *mark,
			  size_t number)
{
	smd_fail(writer->error, SMD_E_INVALID,
		 "line %zu: \"%s\" stands in the middle of a statement", number, mark->word);
	smd_error_where(writer->error, "line %zu", number);
	return SMD_E_INVALID;
}

/* Put a word that no rule knows as a section of its own. */
static int put_word(struct smd_put *put, size_t at, struct smd_cursor *inner)
{
	const struct smd_mark *mark =
		smd_grammar_mark(put->writer->grammar, put->writer->words.at[at]);
	struct smd_line_node *line_node = &put->writer->line_node;
	struct smd_node *node;
	int err;

	if (mark)
		return misplaced_mark(put->writer, mark, put->number);
	line_node->parts =
		(struct smd_parts){.kind = SMD_SECTION, .name = put->writer->words.at[at]};
	err = smd_put_line_node(put, &node);
	if (err || !smd_node_holds(node))
		return err;
	return smd_put_open(put, node, NULL, inner);
}

/*
 * Whether the match may be used. What holds others must be a section; and a VALUE cannot have
 * several elements of a list, each would overwrite the one before.
 */
static int is_fit(const struct smd_put *put, const struct smd_rule_match *match, size_t from)
{
	const struct smd_rule *rule = smd_match_rule(match);

	if (!rule)
		return 0;
	if (rule->kind == SMD_RULE_SECTION || rule->kind == SMD_RULE_DEFAULT)
		return 1;
	return !put->holds && !(put->list && rule->kind == SMD_RULE_VALUE &&
				from + match->captures.taken == put->writer->words.count);
}

/* The end of the statement: the first word that would be noise or a closer on a line of its own. */
static size_t find_end(const struct smd_statement_writer *writer, size_t from)
{
	while (from < writer->words.count &&
	       !smd_grammar_ignores(writer->grammar, writer->words.at[from]))
		from++;
	return from;
}

static int put_steps(struct smd_put *put, size_t from, struct smd_cursor *inner)
{
	struct smd_statement_writer *writer = put->writer;
	size_t end = find_end(writer, from);
	int holds = put->holds, err = 0;

	while (from < end && !err) {
		size_t taken = 1;
		int more, fit;

		smd_context_find(put->cursor.context, &writer->words, from, SMD_FORM_OPS_STATED, 1,
				 &writer->match);
		fit = is_fit(put, &writer->match, from);
		if (fit)
			taken = writer->match.captures.taken;
		more = from + taken < end;
		put->flags = more ? SMD_NODE_INLINE : 0;
		put->holds = holds && !more;
		*inner = (struct smd_cursor){.node = NULL};
		if (!fit && writer->on_unknown)
			writer->on_unknown(writer->arg, put->cursor.context, put->number);
		err = fit ? smd_put_match(put, from, inner) : put_word(put, from, inner);
		if (inner->node)
			put->cursor = *inner;
		from += taken;
		put->holds = holds;
	}
	return err;
}

/* Put a mark of a node: a member beside the node, with the node's text as its key. */
static int put_mark(struct smd_put *put, const struct smd_mark *mark, struct smd_span text)
{
	struct smd_line_node *line_node = &put->writer->line_node;
	struct smd_node *node;

	line_node->keys[0] = text;
	line_node->parts = (struct smd_parts){.kind = SMD_MEMBER,
					      .name = smd_span_of(mark->word),
					      .keys = line_node->keys,
					      .key_count = 1};
	put->flags = 0;
	return smd_put_line_node(put, &node);
}

/* Put marks; bit i stands for mark i of the dialect. */
static int put_marks(struct smd_put *put, unsigned marks, struct smd_span text)
{
	const struct smd_mark *mark = smd_grammar_dialect(put->writer->grammar)->marks;
	int err = 0;

	for (; marks && !err; marks >>= 1, mark++)
		if (marks & 1)
			err = put_mark(put, mark, text);
	return err;
}

static int put_words(struct smd_put *put, size_t from, struct smd_cursor *inner)
{
	struct smd_statement_writer *writer = put->writer;
	const struct smd_mark *mark;
	const struct smd_node *last;
	struct smd_cursor outer;
	unsigned marks = 0;
	int err;

	for (; from < writer->words.count; from++) {
		mark = smd_grammar_mark(writer->grammar, writer->words.at[from]);
		if (!mark)
			break;
		marks |= 1u << (mark - smd_grammar_dialect(writer->grammar)->marks);
	}
	err = put_steps(put, from, inner);
	if (err || !marks)
		return err;
	outer = put->cursor;
	last = inner->node ? inner->node : outer.node->children ? outer.node->children->last : NULL;
	if (!last || !last->parent)
		return 0;
	writer->other.used = 0;
	smd_node_put_name(last, &writer->other);
	if (writer->other.failed)
		return smd_put_failed(writer, SMD_E_NO_MEMORY, put->number);
	put->cursor.node = last->parent;
	return put_marks(put, marks, (struct smd_span){writer->other.bytes, writer->other.used});
}

/* Whether there are brackets other than those of `name [ a b ]`. */
static int is_broken_list(const struct smd_words *words, size_t bracket, int holds)
{
	size_t open = 0, close = 0;

	for (size_t i = 0; i < words->count; i++) {
		open += smd_span_is(words->at[i], "[");
		close += smd_span_is(words->at[i], "]");
	}
	if (!open && !close)
		return 0;
	if (words->count == SMD_WORDS) /* the last word is the rest of the line */
		return holds || !bracket || open != 1;
	return holds || !bracket || open != 1 || close != 1 || bracket + 2 >= words->count ||
	       !smd_span_is(words->at[words->count - 1], "]");
}

static int broken_list(struct smd_statement_writer *writer, size_t number)
{
	smd_fail(writer->error, SMD_E_INVALID, "line %zu: a bracket is not that of a list", number);
	smd_error_where(writer->error, "line %zu", number);
	return SMD_E_INVALID;
}

/* Index of the word `[`; the number of words if there is none. */
static size_t find_list(const struct smd_words *words)
{
	size_t at = 0;

	while (at < words->count && !smd_span_is(words->at[at], "["))
		at++;
	return at;
}

/* Put `name [ a b ]` as `name a` and `name b`. */
static int put_list(struct smd_put *put, struct smd_span line, size_t bracket,
		    struct smd_cursor *inner)
{
	struct smd_statement_writer *writer = put->writer;
	struct smd_span left = smd_words_rest(&writer->words, bracket), word;
	size_t before = (size_t)(left.at - line.at);
	int err = 0;

	smd_span_word(&left);
	put->list = 1;
	while (!err && (word = smd_span_quoted_word(&left)).length && !smd_span_is(word, "]")) {
		struct smd_put one = *put;

		writer->line.used = 0;
		smd_buffer_put(&writer->line, line.at, before);
		smd_buffer_put(&writer->line, word.at, word.length);
		if (writer->line.failed)
			return smd_put_failed(writer, SMD_E_NO_MEMORY, put->number);
		smd_words_split(&writer->words,
				(struct smd_span){writer->line.bytes, writer->line.used}, 1);
		err = put_words(&one, 0, inner);
	}
	return err;
}

int smd_path_open(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
		  struct smd_span line, size_t number, struct smd_cursor *inner,
		  struct smd_span *left)
{
	struct smd_put put = {writer, *cursor, number, 1, 0, 0, NULL};
	size_t from = 0;
	int err = 0;

	smd_words_split(&writer->words, smd_grammar_unquote(writer->grammar, line, &writer->other),
			1);
	*inner = *cursor;
	if (is_broken_list(&writer->words, find_list(&writer->words), 1))
		return broken_list(writer, number);
	while (from < writer->words.count && !err) {
		if (!smd_context_find(put.cursor.context, &writer->words, from, SMD_FORM_SET, 1,
				      &writer->match) ||
		    !smd_rule_is_section(smd_match_rule(&writer->match)))
			break;
		put.flags = from + writer->match.captures.taken < writer->words.count
				    ? SMD_NODE_INLINE
				    : 0;
		from += writer->match.captures.taken;
		err = smd_put_match(&put, from - writer->match.captures.taken, inner);
		put.cursor = *inner;
	}
	*left = smd_words_rest(&writer->words, from);
	return err;
}

/* Put a list from a copy of the line: the line may lie in the buffer that marks are put with. */
static int put_kept_list(struct smd_put *put, struct smd_span line, size_t bracket,
			 struct smd_cursor *inner)
{
	struct smd_buffer kept = {0};
	int err;

	smd_buffer_put(&kept, line.at, line.length);
	if (kept.failed)
		return smd_put_failed(put->writer, SMD_E_NO_MEMORY, put->number);
	line = (struct smd_span){kept.bytes, kept.used};
	smd_words_split(&put->writer->words, line,
			smd_grammar_dialect(put->writer->grammar)->quotes);
	err = put_list(put, line, bracket, inner);
	smd_buffer_done(&kept);
	return err;
}

int smd_put_path(struct smd_put *put, struct smd_span line, struct smd_cursor *inner)
{
	struct smd_statement_writer *writer = put->writer;
	const struct smd_dialect *dialect = smd_grammar_dialect(writer->grammar);
	size_t bracket;

	smd_words_split(&writer->words, line, dialect->quotes);
	if (dialect->family != SMD_FAMILY_BRACED)
		return put_words(put, 0, inner);
	bracket = find_list(&writer->words);
	if (is_broken_list(&writer->words, bracket, put->holds))
		return broken_list(writer, put->number);
	if (bracket && bracket < writer->words.count && !put->holds)
		return put_kept_list(put, line, bracket, inner);
	return put_words(put, 0, inner);
}
