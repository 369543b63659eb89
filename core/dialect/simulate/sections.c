/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that are entered section by section. */
#include "core/dialect/line/expand.h"
#include "core/dialect/simulate/internal.h"
#include "core/tree/change.h"

/*
 * What a line is in the section that takes it. form: another form than the rule's own line; enter:
 * the rule's own line; negates: the negation of one. Each has form NULL if the line is not that.
 */
struct command {
	struct smd_span line, positive; /* positive: empty, if the line is not negated */
	struct smd_words words, negated;
	struct smd_rule_match form, enter, negates;
	size_t level;
	struct smd_numbering *numbering; /* of the form's list; NULL: it places no entry */
};

static int find_forms(struct smd_device *device, struct command *command)
{
	const struct smd_cursor *cursor = &device->levels[command->level];
	unsigned places = SMD_FORM_INSERT_ENTRY | SMD_FORM_REMOVE_ENTRY;

	command->numbering = smd_numbering_of(device, cursor->node);
	command->enter.form = command->negates.form = NULL;
	if (command->numbering &&
	    smd_context_find(cursor->context, &command->words, 0, places, 0, &command->form))
		return 1;
	command->numbering = NULL;
	smd_context_find(cursor->context, &command->words, 0,
			 SMD_FORM_OPS_ALL & ~(places | SMD_FORM_SET), 0, &command->form);
	smd_context_find(cursor->context, &command->words, 0, SMD_FORM_SET, 0, &command->enter);
	if (command->positive.length)
		smd_context_find(cursor->context, &command->negated, 0, SMD_FORM_SET, 0,
				 &command->negates);
	return command->form.form || command->enter.form || command->negates.form;
}

/*
 * Find the section that takes the line: the innermost with a rule that knows it. Does not look
 * further out than a section no rule knows, or one whose own lines stand less deep than this line.
 */
static void find_taker(struct smd_device *device, struct command *command)
{
	size_t inner = device->depth - 1;

	smd_words_split(&command->words, command->line, 0);
	smd_words_split(&command->negated, command->positive, 0);
	for (command->level = inner;; command->level--) {
		if (find_forms(device, command))
			return;
		if (!command->level || !smd_context_known(device->levels[command->level].context) ||
		    device->column > device->columns[command->level])
			break;
	}
	command->level = inner;
	find_forms(device, command);
}

static int leave_to(struct smd_device *device, size_t depth)
{
	int err = 0;

	while (device->depth > depth && !err)
		err = smd_device_leave(device);
	return err;
}

/* Remove what a matched line invalidates, except its own node. */
static int invalidate_for(struct smd_device *device, const struct smd_rule_match *match,
			  const struct smd_node *except)
{
	struct smd_invalidator invalidator;

	smd_invalidator_init(&invalidator, match);
	return smd_device_invalidate(device, smd_device_cursor(device), &invalidator, except);
}

/* Whether the goal has what the line says, in the section that the cursor is in. */
static int goal_has(struct smd_device *device, const struct smd_cursor *cursor,
		    struct smd_span line)
{
	struct smd_line_node *line_node = &device->writer.line_node;
	const struct smd_parts plain = {.name = line};
	const struct smd_node *section;
	struct smd_rule_match match;
	struct smd_words words;

	if (!device->goal)
		return 0;
	section = smd_tree_counterpart(device->goal, cursor->node);
	if (!section || smd_parts_find(section, &plain))
		return section != NULL;
	smd_words_split(&words, line, 0);
	return smd_context_find(cursor->context, &words, 0, SMD_FORM_SET, 0, &match) &&
	       !smd_line_node_read(line_node, device->writer.grammar, &match, &words, 0, 0) &&
	       smd_line_node_find(section, line_node);
}

/*
 * If `no X` is a line of its own, X removes that, and says no more unless the goal has X. Returns 1
 * if it did.
 */
static int takes_back(struct smd_device *device, const struct smd_cursor *cursor,
		      struct smd_span line)
{
	struct smd_buffer *other = &device->writer.other;
	struct smd_parts parts = {.kind = SMD_MEMBER};
	const struct smd_node *node;
	struct smd_words words;
	int err;

	other->used = 0;
	smd_buffer_puts(other, smd_grammar_dialect(device->writer.grammar)->negation);
	smd_buffer_byte(other, ' ');
	smd_buffer_put(other, line.at, line.length);
	if (other->failed)
		return smd_device_out_of_memory(device);
	parts.name = (struct smd_span){other->bytes, other->used};
	node = smd_parts_find(cursor->node, &parts);
	if (!node)
		return 0;
	smd_node_remove((struct smd_node *)node);
	smd_words_split(&words, parts.name, 0);
	smd_context_find(cursor->context, &words, 0, SMD_FORM_SET, 0, &device->writer.match);
	err = invalidate_for(device, &device->writer.match, NULL);
	if (err)
		return err;
	return !goal_has(device, cursor, line);
}

/* Entering */

static int open_section(struct smd_device *device, const struct smd_cursor *inner)
{
	if (device->depth > SMD_TREE_DEPTH)
		return smd_fail(device->error, SMD_E_INVALID, "sections are nested too deeply");
	device->columns[device->depth] = device->column;
	device->levels[device->depth++] = *inner;
	return 0;
}

/* The node that the line would set, as it is now; NULL: there is none. */
static const struct smd_node *node_before(struct smd_device *device, const struct command *command)
{
	struct smd_line_node *line_node = &device->writer.line_node;

	if (!command->enter.form || smd_line_node_read(line_node, device->writer.grammar,
						       &command->enter, &command->words, 0, 0))
		return NULL;
	return smd_line_node_find(smd_device_cursor(device)->node, line_node);
}

/* Whether the line gives the node, which is there already, another value. */
static int changes_value(const struct smd_device *device, const struct smd_node *before)
{
	struct smd_span value = device->writer.line_node.parts.value;

	return before && smd_node_valued(before) &&
	       !smd_span_same(value,
			      (struct smd_span){before->value->bytes, before->value->length});
}

static int enter_line(struct smd_device *device, const struct command *command, int deeper)
{
	struct smd_cursor cursor = *smd_device_cursor(device), inner;
	const struct smd_node *before = node_before(device, command), *after;
	int changes = changes_value(device, before), err = 0;

	if (changes)
		err = smd_device_report(device, SMD_EVENT_LEAVING, cursor.node, cursor.context,
					before);
	if (!err)
		err = smd_statement_put(&device->writer, &cursor, command->line, device->line + 1,
					deeper, &device->source, &inner);
	if (err)
		return err;
	if (inner.left)
		return smd_fail(device->error, SMD_E_INVALID,
				"\"%.*s\" opens several sections, which have lines of their own",
				(int)command->line.length, command->line.at);
	after = inner.node ? inner.node : node_before(device, command);
	if (!after)
		smd_device_forget_absences(device, cursor.node);
	changes |= after && after != before;
	if (changes && after)
		err = smd_device_report(device, SMD_EVENT_ADDED, cursor.node, cursor.context,
					after);
	if (!err && changes)
		err = invalidate_for(device, &command->enter, after);
	return !err && inner.node ? open_section(device, &inner) : err;
}

/* Removing */

/* Negating a line that is not there: the device keeps the negation as a line. */
static int keep_negation(struct smd_device *device, struct smd_span line)
{
	const struct smd_parts parts = {.kind = SMD_MEMBER, .name = line};
	struct smd_node *section = smd_device_cursor(device)->node;
	int err;

	if (device->only_removes)
		return 0;
	err = smd_parts_add(section, &parts, NULL);
	smd_device_forget_absences(device, section);
	return err && err != SMD_E_EXISTS ? smd_device_out_of_memory(device) : 0;
}

struct taking {
	struct smd_device *device;
	const struct smd_cursor *cursor;
	int *found;
};

/* Remove one of the sections that a line removes, if it is there. */
static int take_one(void *arg, struct smd_span positive, size_t left)
{
	const struct taking *taking = arg;
	struct smd_words words;
	struct smd_rule_match match;
	int found, err;

	(void)left;
	smd_words_split(&words, positive, 0);
	smd_context_find(taking->cursor->context, &words, 0, SMD_FORM_SET, 0, &match);
	err = smd_device_take_out(taking->device, taking->cursor, &match, &words, 0, &found);
	*taking->found |= found;
	return err;
}

/* Remove what the line negates, by its rule or as plain text. */
static int remove_negated(struct smd_device *device, const struct command *command, int *found)
{
	const struct smd_rule *rule = smd_match_rule(&command->negates);
	const struct smd_cursor cursor = *smd_device_cursor(device);
	struct taking taking = {device, &cursor, found};
	int err = smd_expand_each(device->writer.grammar, cursor.context, command->positive,
				  take_one, &taking);

	if (err <= 0)
		return err;
	if (rule && rule->kind == SMD_RULE_SECTION && rule->flags & SMD_RULE_PERMANENT)
		return smd_fail(device->error, SMD_E_INVALID, "the device does not remove \"%.*s\"",
				(int)command->positive.length, command->positive.at);
	err = smd_device_take_out(device, &cursor, &command->negates, &command->negated, 0, found);
	return err || !*found ? err : invalidate_for(device, &command->negates, NULL);
}

static int remove_by_form(struct smd_device *device, const struct command *command, int *found)
{
	int err = smd_device_remove_by_form(device, smd_device_cursor(device), &command->form,
					    &command->words, found);

	return err || !*found ? err : invalidate_for(device, &command->form, NULL);
}

/* Entering commands */

static int enter_numbers(struct smd_device *device, const struct command *command,
			 const struct smd_rule_match *match)
{
	struct smd_line_node *line_node = &device->writer.line_node;

	if (smd_line_node_read(line_node, device->writer.grammar, match, &command->words, 0, 0))
		return smd_device_out_of_memory(device);
	return line_node->parts.kind == SMD_SET
		       ? smd_device_numbers(device, smd_device_cursor(device), match->form)
		       : 0;
}

static int place_entry(struct smd_device *device, const struct command *command)
{
	struct smd_cursor *cursor = smd_device_cursor(device);

	return command->form.form->op == SMD_FORM_INSERT_ENTRY
		       ? smd_numbering_place(device, command->numbering, cursor, &command->form)
		       : smd_numbering_leave(device, command->numbering, cursor, &command->form);
}

/* Whether the line is one of a list of numbers, and names some. */
static int has_numbers(struct smd_device *device, const struct command *command)
{
	const struct smd_rule *rule = smd_match_rule(&command->enter);

	return rule && rule->kind == SMD_RULE_NUMBERS &&
	       !smd_line_node_read(&device->writer.line_node, device->writer.grammar,
				   &command->enter, &command->words, 0, 0) &&
	       device->writer.line_node.parts.kind == SMD_SET;
}

/* Remove what the line removes; else set what it sets; else keep it as a negation. */
static int take_away_or_set(struct smd_device *device, const struct command *command)
{
	int found = 0, err = 0;

	if (command->form.form)
		err = remove_by_form(device, command, &found);
	if (!err && !found && command->positive.length)
		err = remove_negated(device, command, &found);
	if (err || (found && !goal_has(device, smd_device_cursor(device), command->line)))
		return err;
	if (has_numbers(device, command))
		return enter_numbers(device, command, &command->enter);
	if (command->enter.form || !command->positive.length)
		return enter_line(device, command, 0);
	return keep_negation(device, command->line);
}

static int execute_command(struct smd_device *device, const struct command *command, int deeper)
{
	if (deeper)
		return enter_line(device, command, 1);
	if (command->numbering)
		return place_entry(device, command);
	if (!command->form.form || command->form.form->op == SMD_FORM_UNSET)
		return take_away_or_set(device, command);
	if (command->form.form->op == SMD_FORM_RENUMBER)
		return smd_numbering_begin(device, &command->form);
	return enter_numbers(device, command, &command->form);
}

int smd_device_take_line(struct smd_device *device, struct smd_span line, int deeper)
{
	struct command command = {.line = line,
				  .positive = smd_grammar_positive(device->writer.grammar, line)};
	int took_back, err;

	find_taker(device, &command);
	err = leave_to(device, command.level + 1);
	if (err)
		return err;
	took_back = takes_back(device, smd_device_cursor(device), line);
	if (took_back)
		return took_back < 0 ? took_back : 0;
	return execute_command(device, &command, deeper);
}
