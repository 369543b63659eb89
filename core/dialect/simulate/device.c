/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/number_list.h"
#include "core/dialect/simulate/internal.h"

#include "core/dialect/line/refs.h"

int smd_device_out_of_memory(struct smd_device *device)
{
	return smd_fail(device->error, SMD_E_NO_MEMORY, "no memory for a simulation");
}

struct smd_cursor *smd_device_cursor(struct smd_device *device)
{
	return &device->levels[device->depth - 1];
}

/* Absences */

static int is_absent(const struct smd_device *device, const struct smd_node *section,
		     const struct smd_compiled_rule *compiled)
{
	for (size_t i = 0; i < device->absence_count; i++)
		if (device->absences[i].section == section &&
		    device->absences[i].compiled == compiled)
			return 1;
	return 0;
}

static void note_absence(struct smd_device *device, const struct smd_node *section,
			 const struct smd_compiled_rule *compiled)
{
	device->absences[device->absence_next] = (struct smd_absence){section, compiled};
	device->absence_next = (device->absence_next + 1) % SMD_ABSENCES;
	if (device->absence_count < SMD_ABSENCES)
		device->absence_count++;
}

/* Forget the absences of a section, for one rule or (NULL) for all. */
static void forget(struct smd_device *device, const struct smd_node *section,
		   const struct smd_compiled_rule *compiled)
{
	for (size_t i = 0; i < device->absence_count; i++)
		if (device->absences[i].section == section &&
		    (!compiled || device->absences[i].compiled == compiled))
			device->absences[i].section = NULL;
}

void smd_device_forget_absences(struct smd_device *device, const struct smd_node *section)
{
	forget(device, section, NULL);
}

/* The section has a line of the node's rule now: forget that absence. */
static void note_presence(struct smd_device *device, const struct smd_node *section,
			  const struct smd_context *context, const struct smd_node *node)
{
	struct smd_node_rule node_rule = {.line = {0}};

	if (!device->absence_count)
		return;
	if (smd_node_rule_find(&node_rule, device->writer.grammar, context, node))
		forget(device, section, NULL);
	else if (node_rule.match.form)
		forget(device, section, node_rule.match.form->compiled);
	smd_node_rule_done(&node_rule);
}

int smd_device_report(struct smd_device *device, enum smd_event event, struct smd_node *section,
		      const struct smd_context *context, const struct smd_node *node)
{
	if (event == SMD_EVENT_ADDED)
		note_presence(device, section, context, node);
	return device->event ? device->event(device->arg, event, section, context, node) : 0;
}

int smd_device_remove(struct smd_device *device, const struct smd_cursor *cursor,
		      const struct smd_node *node)
{
	int err;

	smd_node_remove((struct smd_node *)node);
	err = smd_device_report(device, SMD_EVENT_REMOVED, cursor->node, cursor->context, node);
	return !err && smd_duplicates_any(cursor->node, node)
		       ? smd_duplicates_renumber(device, cursor->node, node)
		       : err;
}

static int report_numbers(struct smd_device *device, enum smd_event event,
			  const struct smd_cursor *cursor, const struct smd_node *list,
			  const struct smd_set *numbers)
{
	int err;

	if (!numbers->count)
		return 0;
	device->numbers = numbers;
	err = smd_device_report(device, event, cursor->node, cursor->context, list);
	device->numbers = NULL;
	return err;
}

/* Report the numbers of a list that were removed since `before`, then those that were added. */
static int report_difference(struct smd_device *device, const struct smd_cursor *cursor,
			     const struct smd_node *list, const struct smd_set *before)
{
	const struct smd_set *after = &list->numbers->set;
	struct smd_set left = {0}, joined = {0};
	int err = 0;

	if (smd_set_minus(&left, before, after) || smd_set_minus(&joined, after, before))
		err = smd_device_out_of_memory(device);
	if (!err)
		err = report_numbers(device, SMD_EVENT_LEAVING, cursor, list, &left);
	if (!err)
		err = report_numbers(device, SMD_EVENT_ADDED, cursor, list, &joined);
	smd_set_done(&left);
	smd_set_done(&joined);
	return err;
}

/* Whether a list has too many numbers to be reported one by one; then it is not reported. */
static int is_too_long(const struct smd_node *node)
{
	return node->kind == SMD_SET && !smd_refs_walks(&node->numbers->set);
}

/* Report what became of a list. `old`: the numbers it had, if these were reported; else NULL. */
static int report_names(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_node *before, const struct smd_set *old)
{
	const struct smd_node *after = smd_line_node_find(cursor->node, &device->writer.line_node);
	int err = 0;

	if (old && after && after->kind == SMD_SET && !is_too_long(after))
		return report_difference(device, cursor, after, old);
	if (old)
		err = report_numbers(device, SMD_EVENT_LEAVING, cursor, before, old);
	if (!err && after && is_too_long(after)) {
		smd_device_forget_absences(device, cursor->node);
		return 0;
	}
	if (!err && after)
		return smd_device_report(device, SMD_EVENT_ADDED, cursor->node, cursor->context,
					 after);
	if (err || !before || before->kind != SMD_SET)
		return err;
	smd_set_done(&before->numbers->set); /* each was reported as removed */
	return smd_device_report(device, SMD_EVENT_REMOVED, cursor->node, cursor->context, before);
}

/* The list has become too long: all that was reported of it, all but `joined`, goes. */
static int report_too_long(struct smd_device *device, const struct smd_cursor *cursor,
			   const struct smd_node *list, const struct smd_set *joined)
{
	struct smd_set old = {0};
	int err = smd_set_minus(&old, &list->numbers->set, joined)
			  ? smd_device_out_of_memory(device)
			  : report_numbers(device, SMD_EVENT_LEAVING, cursor, list, &old);

	smd_set_done(&old);
	if (!err)
		smd_device_forget_absences(device, cursor->node);
	return err;
}

/* Add numbers to a list whose numbers are reported, without a look at all that it has. */
static int join_numbers(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_node *list, const struct smd_form *form)
{
	const struct smd_line_node *line_node = &device->writer.line_node;
	struct smd_set joined = {0};
	int err = 0;

	if (smd_set_minus(&joined, &line_node->numbers, &list->numbers->set) ||
	    smd_numbers_enter(cursor->node, line_node, form, 1))
		err = smd_device_out_of_memory(device);
	else if (is_too_long(list))
		err = report_too_long(device, cursor, list, &joined);
	else
		err = report_numbers(device, SMD_EVENT_ADDED, cursor, list, &joined);
	smd_set_done(&joined);
	return err;
}

int smd_device_numbers(struct smd_device *device, const struct smd_cursor *cursor,
		       const struct smd_form *form)
{
	const struct smd_line_node *line_node = &device->writer.line_node;
	const struct smd_node *before = smd_line_node_find(cursor->node, line_node);
	int told = before && before->kind == SMD_SET && !is_too_long(before);
	struct smd_set old = {0};
	int err = 0;

	if (told && form->op == SMD_FORM_ADD_NUMBERS)
		return join_numbers(device, cursor, before, form);
	if (before && before->kind != SMD_SET)
		err = smd_device_report(device, SMD_EVENT_LEAVING, cursor->node, cursor->context,
					before);
	else if (told && smd_set_copy(&old, &before->numbers->set))
		err = smd_device_out_of_memory(device);
	if (!err && smd_numbers_enter(cursor->node, line_node, form, 1))
		err = smd_device_out_of_memory(device);
	if (!err)
		err = report_names(device, cursor, before, told ? &old : NULL);
	smd_set_done(&old);
	return err;
}

/* The first entry of the ordered list that `like` is or was in; NULL: none is left. */
static const struct smd_node *first_like(const struct smd_cursor *cursor,
					 const struct smd_node *like)
{
	const struct smd_node *node = smd_node_first(cursor->node);

	while (node && !(node->ordered && smd_string_equal(node->name, like->name)))
		node = node->next;
	return node;
}

/* Remove all entries of an ordered list, as lines do where REMOVES_LIST is set. */
static int remove_like(struct smd_device *device, const struct smd_cursor *cursor,
		       const struct smd_node *like)
{
	const struct smd_node *node;
	int err = 0;

	while (!err && (node = first_like(cursor, like)))
		err = smd_device_remove(device, cursor, node);
	return err;
}

static int removes_list(const struct smd_rule_match *match)
{
	const struct smd_rule *rule = smd_match_rule(match);

	return rule && rule->kind == SMD_RULE_ORDERED && rule->flags & SMD_RULE_REMOVES_LIST;
}

static int take_numbers(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_rule_match *match)
{
	struct smd_form form = *match->form;

	form.op = SMD_FORM_REMOVE_NUMBERS;
	return smd_device_numbers(device, cursor, &form);
}

/* The node with the line's text as its name, as it is made where no rule knows the line. */
static const struct smd_node *find_plain(const struct smd_cursor *cursor, struct smd_span line)
{
	const struct smd_parts plain = {.name = line};

	return smd_parts_find(cursor->node, &plain);
}

int smd_device_take_out(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_rule_match *match, const struct smd_words *words,
			size_t from, int *found)
{
	struct smd_line_node *line_node = &device->writer.line_node;
	const struct smd_node *node;

	*found = 0;
	if (smd_line_node_read(line_node, device->writer.grammar, match, words, from, 0))
		return smd_device_out_of_memory(device);
	node = smd_line_node_find(cursor->node, line_node);
	if (!node)
		node = find_plain(cursor, smd_words_rest(words, from));
	*found = node != NULL;
	if (!node)
		return 0;
	if (node->kind == SMD_SET && line_node->has_numbers)
		return take_numbers(device, cursor, match);
	return node->ordered && removes_list(match) ? remove_like(device, cursor, node)
						    : smd_device_remove(device, cursor, node);
}

/* Whether a removal has the same word as the node for this token of the rule's line, or none. */
static int removal_names(const struct smd_rule_match *removal, const struct smd_token *token,
			 struct smd_span there)
{
	const struct smd_pattern *form = &removal->form->pattern;

	for (size_t i = 0; i < form->count; i++) {
		int same = token->place ? form->tokens[i].place == token->place
					: smd_span_same(form->tokens[i].text, token->text);

		if (same)
			return smd_span_same(removal->captures.at[i], there);
	}
	return 1;
}

/* Whether the removal names the node. `*by_rule` is set if the node is of the same rule. */
static int is_meant(struct smd_device *device, const struct smd_cursor *cursor,
		    const struct smd_node *node, const struct smd_rule_match *removal, int *by_rule)
{
	const struct smd_pattern *line = &removal->form->compiled->line;
	struct smd_node_rule node_rule = {.line = {0}};
	int unknown = smd_node_rule_find(&node_rule, device->writer.grammar, cursor->context, node);
	int same = !unknown && node_rule.match.form &&
		   node_rule.match.form->compiled == removal->form->compiled;

	*by_rule |= same || unknown;
	for (size_t i = 0; i < line->count && same; i++)
		if (line->tokens[i].place || line->tokens[i].kind == SMD_TOKEN_EITHER)
			same = removal_names(removal, &line->tokens[i],
					     node_rule.match.captures.at[i]);
	smd_node_rule_done(&node_rule);
	return same;
}

int smd_device_remove_by_form(struct smd_device *device, const struct smd_cursor *cursor,
			      const struct smd_rule_match *match, const struct smd_words *words,
			      int *found)
{
	struct smd_line_node *line_node = &device->writer.line_node;
	int err = smd_line_node_removal(line_node, device->writer.grammar, match, words),
	    by_rule = 0;
	const struct smd_node *node, *next;

	*found = 0;
	if (err == SMD_E_NO_MEMORY)
		return smd_device_out_of_memory(device);
	if (!err) {
		node = smd_line_node_find(cursor->node, line_node);
		*found = node != NULL;
		return node ? smd_device_remove(device, cursor, node) : 0;
	}
	if (is_absent(device, cursor->node, match->form->compiled))
		return 0;
	err = 0;
	for (node = smd_node_first(cursor->node); node && !err; node = next) {
		next = smd_node_next(node);
		if (!is_meant(device, cursor, node, match, &by_rule))
			continue;
		*found = 1;
		if (node->ordered && removes_list(match))
			return remove_like(device, cursor, node);
		err = smd_device_remove(device, cursor, node);
	}
	if (!by_rule)
		note_absence(device, cursor->node, match->form->compiled);
	return err;
}

/* Leaving sections */

/* An unknown section that is empty becomes a plain line again. */
static int make_plain(struct smd_device *device, const struct smd_cursor *cursor)
{
	struct smd_node *section = cursor->node->parent;
	const struct smd_parts parts = {
		.kind = SMD_MEMBER,
		.name = {cursor->node->name->bytes, cursor->node->name->length}};

	smd_node_remove(cursor->node);
	smd_device_forget_absences(device, section);
	return smd_parts_add(section, &parts, NULL) ? smd_device_out_of_memory(device) : 0;
}

int smd_device_leave(struct smd_device *device)
{
	const struct smd_cursor *cursor = &device->levels[--device->depth];

	if (!cursor->rule && cursor->node->parent && !smd_node_first(cursor->node))
		return make_plain(device, cursor);
	smd_cursor_leave(cursor);
	return 0;
}

/* The lines one by one */

static int get_line(struct smd_device *device, size_t index, struct smd_span *line)
{
	int squeeze = smd_grammar_dialect(device->writer.grammar)->squeeze, err;

	*line = smd_text_span(device->source.text, index);
	device->column = smd_line_column(*line);
	*line = smd_line_clean(*line, squeeze, &device->writer.line, &err);
	if (err)
		return smd_fail(device->error, err, "it has a NUL byte, or there is no memory");
	return 0;
}

/* Whether the next line that is not blank is indented deeper than line `at`. */
static int next_is_deeper(const struct smd_text *lines, size_t at)
{
	struct smd_span line;
	size_t column;

	line = smd_text_span(lines, at);
	column = smd_line_column(line);
	while ((line = smd_text_span(lines, ++at)).at)
		if (smd_span_trim(line).length)
			return smd_line_column(line) > column;
	return 0;
}

static int take_exit(struct smd_device *device, struct smd_span line)
{
	if (device->depth == 1)
		return smd_fail(device->error, SMD_E_INVALID,
				"\"%.*s\" would leave configuration mode", (int)line.length,
				line.at);
	return smd_device_leave(device);
}

/* Enter the current line; `*acts`: it is neither blank, a closer, noise nor an exit. */
static int enter_one(struct smd_device *device, int *acts)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(device->writer.grammar);
	struct smd_span line;
	int err = get_line(device, device->line, &line);

	*acts = 0;
	if (err || !line.length)
		return err;
	if (dialect->exit && smd_span_is(line, dialect->exit))
		return take_exit(device, line);
	if (smd_grammar_ignores(device->writer.grammar, line))
		return 0;
	*acts = 1;
	device->source.next = device->line + 1;
	if (smd_grammar_paths(device->writer.grammar))
		return smd_device_take_path(device, line);
	return smd_device_take_line(device, line,
				    next_is_deeper(device->source.text, device->line));
}

int smd_device_enter(struct smd_device *device, smd_step_fn on_step, void *arg)
{
	int err = 0, acts;

	while (device->line < smd_text_count(device->source.text) && !err) {
		size_t first = device->line;

		err = enter_one(device, &acts);
		if (err)
			smd_error_where(device->error, "line %zu of the payload", first + 1);
		else if (on_step && acts)
			err = on_step(arg, device->tree, first);
		device->line = acts && !err ? device->source.next : first + 1;
	}
	while (device->depth > 1 && !err)
		err = smd_device_leave(device);
	return err;
}

int smd_device_new(struct smd_grammar *grammar, struct smd_tree *tree, const struct smd_tree *goal,
		   const struct smd_text *lines, struct smd_device **out, struct smd_error *error)
{
	struct smd_device *device = calloc(1, sizeof(*device));

	if (!device)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a simulation");
	device->writer.grammar = grammar;
	device->writer.error = error;
	device->error = error;
	device->source.text = lines;
	device->tree = tree;
	device->goal = goal;
	device->levels[device->depth++] = smd_cursor_top(grammar, tree);
	*out = device;
	return 0;
}

void smd_device_free(struct smd_device *device)
{
	if (!device)
		return;
	for (size_t i = 0; i < device->numbering_count; i++) {
		free(device->numberings[i]->entries);
		free(device->numberings[i]);
	}
	free(device->numberings);
	smd_multimap_done(&device->numbered);
	free(device->tops);
	smd_multimap_done(&device->tops_by_key);
	smd_device_forget_lines(device);
	smd_statement_writer_done(&device->writer);
	free(device);
}

int smd_device_read(struct smd_grammar *grammar, struct smd_tree *tree, const struct smd_text *text,
		    struct smd_error *error)
{
	smd_cleanup(smd_device_free) struct smd_device *device = NULL;
	int err = smd_device_new(grammar, tree, NULL, text, &device, error);

	if (err)
		return err;
	err = smd_device_enter(device, NULL, NULL);
	if (err)
		smd_error_where(error, "line %zu", device->line);
	return err;
}
