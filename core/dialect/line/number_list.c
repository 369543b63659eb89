/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of numbers in their forms, defaults, and blocks: lines that are more than a node. */
#include "core/dialect/edit/statement.h"

static int add_all(struct smd_set *to, const struct smd_set *from)
{
	int err = 0;

	for (size_t i = 0; i < from->count && !err; i++)
		err = smd_set_add(to, from->ranges[i].first, from->ranges[i].last);
	return err;
}

static int take_all(struct smd_set *to, const struct smd_set *from)
{
	int err = 0;

	for (size_t i = 0; i < from->count && !err; i++)
		err = smd_set_remove(to, from->ranges[i].first, from->ranges[i].last);
	return err;
}

/* The list of the name of the node, made if there is none. */
static int list_of(struct smd_node *section, const struct smd_line_node *line_node,
		   struct smd_node **out)
{
	int err = smd_parts_add(section, &line_node->parts, out);

	if (err != SMD_E_EXISTS)
		return err;
	if ((*out)->kind == SMD_SET)
		return 0;
	smd_node_remove(*out);
	return smd_parts_add(section, &line_node->parts, out);
}

/* Numbers leave a list; one that is not there, and means all, becomes all but them. */
static int take_numbers(struct smd_node *section, const struct smd_line_node *line_node,
			const struct smd_rule *rule)
{
	const struct smd_numbers_form *form = rule->numbers;
	const struct smd_node *there = smd_line_node_find(section, line_node);
	struct smd_node *list;
	int err;

	if (!there && !(rule->flags & SMD_RULE_REQUIRED && form && form->last))
		return 0;
	err = list_of(section, line_node, &list);
	if (!err && !there)
		err = smd_set_add(&list->numbers->set, form->first, form->last);
	if (!err)
		err = take_all(&list->numbers->set, &line_node->numbers);
	if (!err && !list->numbers->set.count && !(form && form->none))
		smd_node_remove(list);
	return err;
}

static int replace_numbers(struct smd_node *section, const struct smd_line_node *line_node,
			   const struct smd_form *form)
{
	const struct smd_numbers_form *ways = form->compiled->rule->numbers;
	struct smd_node *list;
	int err = list_of(section, line_node, &list);

	if (err)
		return err;
	if (form->op != SMD_FORM_SET || (ways && ways->add))
		smd_set_done(&list->numbers->set);
	if (form->op == SMD_FORM_NO_NUMBERS)
		return 0;
	if (form->op != SMD_FORM_ALL_EXCEPT)
		return add_all(&list->numbers->set, &line_node->numbers);
	err = smd_set_add(&list->numbers->set, ways->first, ways->last);
	return err ? err : take_all(&list->numbers->set, &line_node->numbers);
}

int smd_numbers_enter(struct smd_node *section, const struct smd_line_node *line_node,
		      const struct smd_form *form, int device)
{
	const struct smd_rule *rule = form->compiled->rule;
	const struct smd_node *there = smd_line_node_find(section, line_node);
	struct smd_node *list;
	int err;

	switch (form->op) {
	case SMD_FORM_ALL_NUMBERS:
		if (there)
			smd_node_remove((struct smd_node *)there);
		return 0;
	case SMD_FORM_REMOVE_NUMBERS:
		return take_numbers(section, line_node, rule);
	case SMD_FORM_ADD_NUMBERS:
		if (device && !there && rule->flags & SMD_RULE_REQUIRED)
			return 0; /* all have joined already */
		err = list_of(section, line_node, &list);
		return err ? err : add_all(&list->numbers->set, &line_node->numbers);
	default:
		return replace_numbers(section, line_node, form);
	}
}

int smd_default_enter(struct smd_statement_writer *writer, const struct smd_cursor *cursor,
		      const struct smd_words *words, size_t from)
{
	struct smd_span line = smd_words_rest(words, from);
	struct smd_span positive = smd_grammar_positive(writer->grammar, line);
	const struct smd_node *node;
	struct smd_words own;
	struct smd_rule_match match;

	smd_words_split(&own, positive.length ? positive : line,
			smd_grammar_dialect(writer->grammar)->quotes);
	smd_context_find_set(cursor->context, &own, 0, &match);
	if (smd_line_node_read(&writer->line_node, writer->grammar, &match, &own, 0, 0))
		return smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a configuration");
	node = smd_line_node_find(cursor->node, &writer->line_node);
	if (node)
		smd_node_remove((struct smd_node *)node);
	return 0;
}

/* Blocks */

/* What stands behind the name of a block on its first line. */
static struct smd_span head_of(const struct smd_rule_match *match, const struct smd_words *words)
{
	size_t key_at = match->form->pattern.key_at;
	const char *at = words->at[0].at;

	if (key_at)
		at = match->captures.at[key_at - 1].at + match->captures.at[key_at - 1].length;
	return smd_span_trim((struct smd_span){at, (size_t)(words->end - at)});
}

/* The delimiter that a text begins with: `^` and a character, or one character. */
static struct smd_span delimiter_of(struct smd_span head)
{
	head.length = head.length > 1 && *head.at == '^' ? 2 : head.length > 0;
	return head;
}

static int has_delimiter(struct smd_span line, struct smd_span delimiter)
{
	return delimiter.length && memmem(line.at, line.length, delimiter.at, delimiter.length);
}

static int is_last(const struct smd_rule *rule, struct smd_span line, struct smd_span delimiter)
{
	if (delimiter.length)
		return has_delimiter(line, delimiter);
	return smd_span_is(smd_span_trim(line), rule->until);
}

static int no_end(struct smd_statement_writer *writer, const struct smd_rule *rule, size_t number)
{
	smd_fail(writer->error, SMD_E_INVALID,
		 "the text that begins in line %zu has no end (\"%s\")", number, rule->line);
	smd_error_where(writer->error, "line %zu", number);
	smd_error_hint(writer->error, "is the file complete?");
	return SMD_E_INVALID;
}

/* A line of a block as it stands, but for carriage returns: they are blanks, as elsewhere. */
static void put_block_line(struct smd_buffer *block, struct smd_span line)
{
	while (line.length && line.at[line.length - 1] == '\r')
		line.length--;
	smd_buffer_byte(block, '\n');
	if (!memchr(line.at, '\r', line.length)) {
		smd_buffer_put(block, line.at, line.length);
		return;
	}
	for (size_t i = 0; i < line.length; i++)
		smd_buffer_byte(block, line.at[i] == '\r' ? ' ' : (uint8_t)line.at[i]);
}

int smd_block_gather(struct smd_statement_writer *writer, size_t number, struct smd_source *source)
{
	const struct smd_rule *rule = smd_match_rule(&writer->match);
	struct smd_span head = head_of(&writer->match, &writer->words), delimiter = {"", 0}, line;
	int last = 0;

	writer->block.used = 0;
	smd_buffer_put(&writer->block, head.at, head.length);
	if (!strcmp(rule->until, "$delimiter")) {
		delimiter = delimiter_of(head);
		head.at += delimiter.length;
		head.length -= delimiter.length;
		last = !delimiter.length || has_delimiter(head, delimiter);
	}
	while (!last) {
		line = source ? smd_text_span(source->text, source->next)
			      : (struct smd_span){NULL, 0};
		if (!line.at || memchr(line.at, '\0', line.length))
			return no_end(writer, rule, number);
		source->next++;
		put_block_line(&writer->block, line);
		last = is_last(rule, line, delimiter);
	}
	return smd_buffer_close(&writer->block)
		       ? smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a configuration")
		       : 0;
}

size_t smd_block_lines(struct smd_grammar *grammar, const struct smd_context *context,
		       const struct smd_text *text, size_t at, struct smd_span line)
{
	struct smd_statement_writer writer = {.grammar = grammar};
	struct smd_source source = {text, at + 1};
	size_t lines = 0;

	smd_words_split(&writer.words, line, 0);
	if (smd_context_find(context, &writer.words, 0, SMD_FORM_SET, 0, &writer.match) &&
	    smd_match_rule(&writer.match)->kind == SMD_RULE_BLOCK)
		lines = smd_block_gather(&writer, at + 1, &source) ? SMD_NO_END
								   : source.next - at - 1;
	smd_statement_writer_done(&writer);
	return lines;
}
