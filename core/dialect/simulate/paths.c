/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that are paths from the root and begin with a verb. */
#include "core/dialect/simulate/internal.h"

enum verb { VERB_NONE, VERB_ENTER, VERB_REMOVE, VERB_INSERT, VERB_MARK, VERB_CLEAR };

static const struct smd_mark *find_mark(const struct smd_dialect *dialect, struct smd_span word,
					enum verb *verb)
{
	const struct smd_mark *mark = dialect->marks;

	for (; mark && mark->word; mark++) {
		*verb = smd_span_is(word, mark->set) ? VERB_MARK : VERB_CLEAR;
		if (*verb == VERB_MARK || smd_span_is(word, mark->clear))
			return mark;
	}
	return NULL;
}

/* The verb of the line, and the mark it is about; the line then begins behind the verb. */
static enum verb take_verb(const struct smd_grammar *grammar, struct smd_span *line,
			   const struct smd_mark **mark)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(grammar);
	struct smd_span left = *line, word = smd_span_word(&left);
	enum verb verb = VERB_NONE;

	*mark = NULL;
	if (smd_span_is(word, dialect->negation))
		verb = VERB_REMOVE;
	else if (dialect->insert && smd_span_is(word, dialect->insert))
		verb = VERB_INSERT;
	else if ((*mark = find_mark(dialect, word, &verb)))
		;
	else if (!*dialect->enter)
		return VERB_ENTER;
	else
		verb = smd_span_is(word, dialect->enter) ? VERB_ENTER : VERB_NONE;
	*line = smd_span_trim(left);
	return verb;
}

int smd_line_is_command(const struct smd_grammar *grammar, struct smd_span line)
{
	const struct smd_mark *mark;

	return *smd_grammar_dialect(grammar)->enter &&
	       take_verb(grammar, &line, &mark) != VERB_NONE && line.length;
}

/* Finding the node of a path */

struct target {
	struct smd_cursor cursor;    /* the section that the node is in */
	const struct smd_node *node; /* NULL: it was removed */
};

static int not_there(struct smd_device *device, struct smd_span path)
{
	return smd_fail(device->error, SMD_E_INVALID, "there is no \"%.*s\"",
			(int)(path.length < 200 ? path.length : 200), path.at);
}

static const struct smd_node *find_word(const struct smd_cursor *cursor, struct smd_span word)
{
	const struct smd_parts parts = {.name = word};

	return smd_parts_find(cursor->node, &parts);
}

/*
 * The node of the next step of a path, and how many words name it. `*compiled`: its rule; NULL: no
 * rule knows it as a section.
 */
static const struct smd_node *find_step(struct smd_device *device, const struct smd_cursor *cursor,
					const struct smd_words *words, size_t from, size_t *taken,
					const struct smd_compiled_rule **compiled)
{
	struct smd_statement_writer *writer = &device->writer;
	const struct smd_node *node;

	*compiled = NULL;
	*taken = 1;
	if (smd_context_find(cursor->context, words, from, SMD_FORM_SET, 1, &writer->match) &&
	    smd_rule_is_section(smd_match_rule(&writer->match)) &&
	    !smd_line_node_read(&writer->line_node, writer->grammar, &writer->match, words, from,
				0)) {
		node = smd_line_node_find(cursor->node, &writer->line_node);
		*taken = writer->match.captures.taken;
		*compiled = writer->match.form->compiled;
		return node;
	}
	return find_word(cursor, words->at[from]);
}

static int step_into(struct smd_device *device, struct smd_cursor *cursor,
		     const struct smd_node *node, const struct smd_compiled_rule *compiled)
{
	cursor->node = (struct smd_node *)node;
	cursor->rule = compiled ? compiled->rule : NULL;
	cursor->context = smd_grammar_enter(device->writer.grammar, cursor->context, compiled);
	return cursor->context ? 0 : smd_device_out_of_memory(device);
}

/* Enter the sections that the words from `*from` on name, as long as more words follow. */
static int enter_sections(struct smd_device *device, const struct smd_words *words, size_t *from,
			  struct smd_cursor *cursor)
{
	int err = 0;

	while (!err) {
		const struct smd_compiled_rule *compiled;
		size_t taken;
		const struct smd_node *node =
			find_step(device, cursor, words, *from, &taken, &compiled);

		if (!node || !smd_node_holds(node) || *from + taken >= words->count)
			return 0;
		err = step_into(device, cursor, node, compiled);
		*from += taken;
	}
	return err;
}

/* Whether the node has the value that a line names, if it names one. */
static int has_value(const struct smd_node *node, struct smd_span value)
{
	return !value.length || !smd_node_valued(node) ||
	       smd_span_same(value, (struct smd_span){node->value->bytes, node->value->length});
}

/* The node that the last words of a path name; NULL: none, or only a part of one. */
static const struct smd_node *find_last(struct smd_device *device, const struct smd_cursor *cursor,
					const struct smd_words *words, size_t from)
{
	struct smd_statement_writer *writer = &device->writer;
	const struct smd_compiled_rule *compiled;
	const struct smd_node *node;
	size_t taken;

	node = find_step(device, cursor, words, from, &taken, &compiled);
	if (node && from + taken == words->count)
		return node;
	smd_context_find(cursor->context, words, from, SMD_FORM_OPS_STATED, 0, &writer->match);
	if (smd_line_node_read(&writer->line_node, writer->grammar, &writer->match, words, from, 0))
		return NULL;
	node = smd_line_node_find(cursor->node, &writer->line_node);
	return node && has_value(node, writer->line_node.parts.value) ? node : NULL;
}

/* Commands */

/* The invalidator that a node is when it is removed. */
static int find_invalidator(struct smd_device *device, const struct smd_cursor *cursor,
			    const struct smd_node *node, struct smd_invalidator *invalidator)
{
	struct smd_node_rule node_rule = {.line = {0}};
	int err = smd_node_rule_find(&node_rule, device->writer.grammar, cursor->context, node);

	smd_invalidator_init(invalidator, &node_rule.match);
	smd_node_rule_done(&node_rule);
	return err;
}

static int remove_node(struct smd_device *device, const struct smd_cursor *cursor,
		       const struct smd_node *node)
{
	struct smd_invalidator invalidator;
	int err = smd_marks_remove(device->writer.grammar, cursor->node, node);

	if (!err)
		err = find_invalidator(device, cursor, node, &invalidator);
	if (err)
		return smd_device_out_of_memory(device);
	err = smd_device_remove(device, cursor, node);
	if (!err)
		err = smd_device_invalidate(device, cursor, &invalidator, NULL);
	if (!err)
		smd_section_leave(device->writer.grammar, cursor->node);
	return err;
}

static int take_numbers(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_words *words, size_t from, int *found)
{
	struct smd_rule_match *match = &device->writer.match;

	*found = smd_context_find(cursor->context, words, from, SMD_FORM_SET, 0, match) &&
		 match->form->compiled->rule->kind == SMD_RULE_NUMBERS;
	return *found ? smd_device_take_out(device, cursor, match, words, from, found) : 0;
}

static int remove_by_form(struct smd_device *device, const struct smd_cursor *cursor,
			  const struct smd_rule_match *match, const struct smd_words *words,
			  int *found)
{
	int err = smd_line_node_removal(&device->writer.line_node, device->writer.grammar, match,
					words);
	const struct smd_node *node =
		err ? NULL : smd_line_node_find(cursor->node, &device->writer.line_node);

	*found = node != NULL;
	if (node)
		return remove_node(device, cursor, node);
	err = smd_device_remove_by_form(device, cursor, match, words, found);
	if (!err && *found)
		smd_section_leave(device->writer.grammar, cursor->node);
	return err;
}

static int remove_path(struct smd_device *device, const struct smd_words *words, size_t from,
		       struct smd_cursor *cursor)
{
	struct smd_rule_match *match = &device->writer.match;
	const struct smd_node *node;
	struct smd_words own;
	int found = 0, err = enter_sections(device, words, &from, cursor);

	if (!err)
		err = take_numbers(device, cursor, words, from, &found);
	if (err || found)
		return err;
	node = find_last(device, cursor, words, from);
	if (node)
		return remove_node(device, cursor, node);
	smd_words_split(&own, smd_words_rest(words, from), 1);
	if (smd_context_find(cursor->context, &own, 0, SMD_FORM_UNSET, 0, match))
		err = remove_by_form(device, cursor, match, &own, &found);
	if (err || found)
		return err;
	return not_there(device, smd_words_rest(words, 0));
}

static int mark_path(struct smd_device *device, const struct smd_words *words,
		     const struct smd_mark *mark, int set, struct smd_cursor *cursor)
{
	struct smd_buffer *text = &device->writer.other;
	struct smd_span key;
	struct smd_parts parts = {.kind = SMD_MEMBER, .keys = &key, .key_count = 1};
	const struct smd_node *node, *there;
	struct smd_words own;
	size_t from = 0;
	int err = enter_sections(device, words, &from, cursor);

	if (err)
		return err;
	node = find_last(device, cursor, words, from);
	smd_words_split(&own, smd_words_rest(words, from), 1);
	if (!node &&
	    smd_context_find(cursor->context, &own, 0, SMD_FORM_UNSET, 0, &device->writer.match) &&
	    !smd_line_node_removal(&device->writer.line_node, device->writer.grammar,
				   &device->writer.match, &own))
		node = smd_line_node_find(cursor->node, &device->writer.line_node);
	if (!node)
		return not_there(device, smd_words_rest(words, 0));
	text->used = 0;
	smd_node_put_name(node, text);
	key = (struct smd_span){text->bytes, text->used};
	parts.name = smd_span_of(mark->word);
	if (text->failed)
		return smd_device_out_of_memory(device);
	there = smd_parts_find(cursor->node, &parts);
	if (!set && there)
		smd_node_remove((struct smd_node *)there);
	if (!set || there)
		return 0;
	return smd_parts_add(cursor->node, &parts, NULL) ? smd_device_out_of_memory(device) : 0;
}

/* Index of the word `before` or `after`; the number of words if there is none. */
static size_t find_relation(const struct smd_words *words)
{
	size_t at = words->count;

	while (at-- > 1)
		if (smd_span_is(words->at[at], "before") || smd_span_is(words->at[at], "after"))
			return at;
	return words->count;
}

/* The entry beside which to insert: named by its words, or in a plain list by its key alone. */
static const struct smd_node *find_beside(struct smd_device *device,
					  const struct smd_cursor *cursor,
					  const struct smd_node *node,
					  const struct smd_words *words)
{
	const struct smd_node *beside = find_last(device, cursor, words, 0);
	struct smd_span key = smd_words_rest(words, 0);
	const struct smd_parts parts = {
		.name = {node->name->bytes, node->name->length}, .keys = &key, .key_count = 1};

	return beside ? beside : smd_parts_find(cursor->node, &parts);
}

static int insert_path(struct smd_device *device, const struct smd_words *words,
		       struct smd_cursor *cursor)
{
	size_t relation = find_relation(words), from = 0;
	struct smd_words moved, other;
	const struct smd_node *node, *beside;
	struct smd_span text;
	int err;

	if (relation + 1 >= words->count)
		return smd_fail(device->error, SMD_E_INVALID,
				"it does not say before or after what");
	text = (struct smd_span){words->at[0].at,
				 (size_t)(words->at[relation].at - words->at[0].at)};
	smd_words_split(&moved, smd_span_trim(text), 1);
	err = enter_sections(device, &moved, &from, cursor);
	if (err)
		return err;
	node = find_last(device, cursor, &moved, from);
	smd_words_split(&other, smd_words_rest(words, relation + 1), 1);
	beside = node ? find_beside(device, cursor, node, &other) : NULL;
	if (!node || !beside || node == beside || !node->ordered)
		return not_there(device, smd_words_rest(words, 0));
	smd_device_forget_lines(device);
	if (smd_span_is(words->at[relation], "after"))
		smd_node_move((struct smd_node *)node, (struct smd_node *)beside);
	else if (beside->prev != node)
		smd_node_move((struct smd_node *)node, beside->prev);
	return 0;
}

/* Remove the lines that the line invalidates beside it. */
static int invalidate_beside(struct smd_device *device, struct smd_span line)
{
	struct smd_rule_match *match = &device->writer.match;
	struct smd_buffer unquoted = {0};
	struct smd_cursor cursor = device->levels[0];
	struct smd_invalidator invalidator;
	struct smd_words words;
	size_t from = 0;
	int err;

	smd_words_split(&words, smd_grammar_unquote(device->writer.grammar, line, &unquoted), 1);
	err = enter_sections(device, &words, &from, &cursor);
	if (!err && smd_context_find(cursor.context, &words, from, SMD_FORM_SET, 0, match) &&
	    smd_match_invalidates(match)) {
		smd_invalidator_init(&invalidator, match);
		err = smd_device_invalidate(device, &cursor, &invalidator, NULL);
	}
	smd_buffer_done(&unquoted);
	return err;
}

static int enter_path(struct smd_device *device, struct smd_span line, struct smd_cursor *cursor)
{
	struct smd_cursor inner;
	int err = invalidate_beside(device, line);

	if (!err)
		err = smd_statement_put(&device->writer, cursor, line, device->line + 1, 0,
					&device->source, &inner);
	if (!err && inner.node)
		smd_section_leave(device->writer.grammar, inner.node);
	return err;
}

int smd_device_take_path(struct smd_device *device, struct smd_span line)
{
	struct smd_cursor cursor = device->levels[0];
	struct smd_span left = line;
	const struct smd_mark *mark;
	enum verb verb = take_verb(device->writer.grammar, &left, &mark);
	struct smd_buffer unquoted = {0};
	struct smd_words words;
	int err = SMD_E_INTERNAL;

	if (verb == VERB_NONE || !left.length)
		return smd_fail(device->error, SMD_E_INVALID, "\"%.*s\" is no command",
				(int)(line.length < 200 ? line.length : 200), line.at);
	if (verb != VERB_REMOVE)
		device->absence_count = device->absence_next = 0;
	if (verb == VERB_ENTER)
		return enter_path(device, left, &cursor);
	smd_words_split(&words, smd_grammar_unquote(device->writer.grammar, left, &unquoted), 1);
	if (verb == VERB_REMOVE)
		err = remove_path(device, &words, 0, &cursor);
	else if (verb == VERB_INSERT)
		err = insert_path(device, &words, &cursor);
	else
		err = mark_path(device, &words, mark, verb == VERB_MARK, &cursor);
	smd_buffer_done(&unquoted);
	return err;
}
