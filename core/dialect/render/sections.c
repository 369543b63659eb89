/* SPDX-License-Identifier: Apache-2.0 */
/* Renders changes section by section. */
#include "core/base/array.h"
#include "core/dialect/render/internal.h"

static int write_exit(struct smd_render *render, size_t depth)
{
	return smd_line_write(&render->writer, depth,
			      smd_span_of(smd_grammar_dialect(render->grammar)->exit));
}

int smd_render_go_to(struct smd_render *render, const struct smd_node *parent)
{
	const struct smd_node *path[SMD_TREE_DEPTH];
	size_t count = 0, same = 0;
	int err = 0;

	if (smd_grammar_paths(render->grammar))
		return 0;
	for (; parent->parent; parent = parent->parent)
		path[count++] = parent;
	while (same < count && same < render->depth && render->open[same] == path[count - 1 - same])
		same++;
	while (render->depth > same && !err)
		err = write_exit(render, --render->depth);
	for (; same < count && !err; same++) {
		err = smd_line_write_node(&render->writer, same, path[count - 1 - same]);
		render->open[render->depth++] = path[count - 1 - same];
	}
	return err;
}

static int write_text(struct smd_render *render, size_t depth)
{
	return smd_line_write(&render->writer, depth,
			      (struct smd_span){render->text.bytes, render->text.used});
}

/* The context within the node that was matched last. */
static int inner_context(struct smd_render *render, const struct smd_context *context,
			 const struct smd_context **inner)
{
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);

	*inner = smd_grammar_enter(
		render->grammar, context,
		smd_rule_is_section(rule) ? render->node_rule.match.form->compiled : NULL);
	return *inner ? 0 : smd_render_no_memory(render);
}

/* Removing */

/* Remove a PERMANENT section by removing what is in it. */
static int empty_section(struct smd_render *render, size_t depth, const struct smd_context *context,
			 const struct smd_node *node)
{
	const struct smd_context *inner;
	int err = inner_context(render, context, &inner);

	if (!err)
		err = smd_line_write_node(&render->writer, depth, node);
	if (!err)
		err = smd_render_empty(render, depth + 1, inner, node);
	return err ? err : write_exit(render, depth);
}

int smd_render_remove(struct smd_render *render, size_t depth, const struct smd_context *context,
		      const struct smd_node *node)
{
	int err = smd_render_negation(render, context, node);
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);

	if (err)
		return err;
	if (smd_rule_is_section(rule) && rule->flags & SMD_RULE_PERMANENT)
		return empty_section(render, depth, context, node);
	return write_text(render, depth);
}

/* Numbers */

/* How many ranges, from `at` on, fit in a line of their form; one at least. */
static size_t count_fitting(const struct smd_set *numbers, size_t at, uint32_t longest,
			    size_t words)
{
	size_t count = 0, used = words;

	if (!longest)
		return numbers->count - at;
	for (; at + count < numbers->count; count++) {
		struct smd_set one = {.ranges = &numbers->ranges[at + count], .count = 1};

		used += smd_set_format(&one, NULL, 0) + (count > 0);
		if (count && used > longest)
			break;
	}
	return count;
}

/* Write numbers in a form, in as many lines as needed; the first line by template `first`. */
static int write_numbers(struct smd_render *render, size_t depth, const struct smd_node *node,
			 const char *first, const char *form, const struct smd_set *numbers)
{
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);
	uint32_t longest = rule && rule->numbers ? rule->numbers->longest : 0;
	int err = 0;

	if (!rule || !rule->numbers || !rule->numbers->add)
		longest = 0;
	for (size_t at = 0; !err && at < numbers->count;) {
		struct smd_set some = {.ranges = &numbers->ranges[at]}; /* borrowed */

		some.count = count_fitting(numbers, at, longest, node->name->length + 5);
		at += some.count;
		err = smd_render_numbers_form(render, node, first, &some);
		if (!err)
			err = write_text(render, depth);
		first = form;
	}
	return err;
}

static int add_numbers(struct smd_render *render, size_t depth, const struct smd_node *node)
{
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);
	const struct smd_numbers_form *form = rule ? rule->numbers : NULL;
	int err;

	if (node->numbers->set.count || !form || !form->none)
		return write_numbers(render, depth, node, NULL, form ? form->add : NULL,
				     &node->numbers->set);
	err = smd_render_numbers_form(render, node, form->none, NULL);
	return err ? err : write_text(render, depth);
}

/* Remove numbers without a form for it: by the rule's `negate`, or the negation and the line. */
static int negate_numbers(struct smd_render *render, const struct smd_change *change)
{
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);
	struct smd_buffer negated = {0};
	int err;

	err = smd_render_numbers_form(render, change->from, rule ? rule->negate : NULL,
				      &change->removed);
	if (err || (rule && rule->negate))
		return err ? err : write_text(render, render->depth);
	smd_buffer_puts(&negated, smd_grammar_dialect(render->grammar)->negation);
	smd_buffer_byte(&negated, ' ');
	smd_buffer_put(&negated, render->text.bytes, render->text.used);
	err = negated.failed ? smd_render_no_memory(render)
			     : smd_line_write(&render->writer, render->depth,
					      (struct smd_span){negated.bytes, negated.used});
	smd_buffer_done(&negated);
	return err;
}

static int remove_numbers(struct smd_render *render, const struct smd_change *change)
{
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);

	if (!change->removed.count)
		return 0;
	if (rule && rule->numbers && rule->numbers->remove)
		return write_numbers(render, render->depth, change->from, rule->numbers->remove,
				     rule->numbers->remove, &change->removed);
	return negate_numbers(render, change);
}

static int join_numbers(struct smd_render *render, const struct smd_change *change)
{
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);
	const char *add = rule && rule->numbers ? rule->numbers->add : NULL;

	return change->added.count
		       ? write_numbers(render, render->depth, change->to, add, add, &change->added)
		       : 0;
}

int smd_render_part_numbers(struct smd_render *render, const struct smd_change *change,
			    enum smd_change_part part)
{
	const struct smd_context *context;
	int err = smd_render_context(render, change->parent, &context);

	if (!err)
		err = smd_render_node_rule(render, context, change->from);
	if (err)
		return err;
	return part == SMD_PART_LEAVING ? remove_numbers(render, change)
					: join_numbers(render, change);
}

/* Removes numbers before it adds others, unless that would leave the list empty in between. */
static int change_numbers(struct smd_render *render, const struct smd_context *context,
			  const struct smd_change *change)
{
	const struct smd_set *from = &change->from->numbers->set, *to = &change->to->numbers->set;
	uint64_t kept = smd_set_size(from) - smd_set_size(&change->removed);
	int err = smd_render_node_rule(render, context, change->from);
	const struct smd_rule *rule = smd_match_rule(&render->node_rule.match);
	const struct smd_numbers_form *form = rule ? rule->numbers : NULL;

	if (err)
		return err;
	if (form && form->none && !to->count)
		return add_numbers(render, render->depth, change->to);
	if (kept || !change->added.count) {
		err = remove_numbers(render, change);
		return err ? err : join_numbers(render, change);
	}
	err = join_numbers(render, change);
	return err ? err : remove_numbers(render, change);
}

/* Adding */

/* Whether a node invalidates others beside it. */
static int check_invalidates(struct smd_render *render, const struct smd_context *context,
			     const struct smd_node *node, int *invalidates)
{
	int err = smd_render_node_rule(render, context, node);

	*invalidates = smd_match_invalidates(&render->node_rule.match);
	return err;
}

/* Nodes that invalidate others beside them, on their way to be added. */
struct adding {
	struct smd_invalidators invalidators;
	const struct smd_node **nodes;
	size_t room;
	uint32_t *blockers; /* how many of those left invalidate the node */
	struct smd_multimap blocked;
};

static int note_pair(void *arg, uint32_t by, uint32_t line)
{
	struct adding *adding = arg;

	adding->blockers[line]++;
	return smd_multimap_put(&adding->blocked, smd_hash_wide_join(1, by), line);
}

/* A node has been added: the first one that may be added now, of those it held back and `next`. */
static size_t release_blocked(struct adding *adding, size_t by, size_t next)
{
	for (uint32_t at = smd_multimap_first(&adding->blocked, smd_hash_wide_join(1, by));
	     at != SMD_MULTIMAP_END; at = adding->blocked.pairs[at].next) {
		uint32_t line = adding->blocked.pairs[at].value;

		if (!--adding->blockers[line] && line < next)
			next = line;
	}
	return next;
}

/* Add first the nodes that none of those left invalidates; in a ring, the first of all. */
static int add_invalidators(struct smd_render *render, size_t depth,
			    const struct smd_context *context, struct adding *adding)
{
	size_t count = adding->invalidators.count, left = count, at = 0, first = 0;
	int err = 0;

	adding->blockers = calloc(count + 1, sizeof(*adding->blockers));
	if (!adding->blockers || smd_invalidators_pairs(&adding->invalidators, note_pair, adding))
		return smd_render_no_memory(render);
	while (left && !err) {
		while (first < count && !adding->nodes[first])
			first++;
		while (at < count && (!adding->nodes[at] || adding->blockers[at]))
			at++;
		if (at == count)
			at = first;
		err = smd_render_add(render, depth, context, adding->nodes[at]);
		adding->nodes[at] = NULL;
		left--;
		at = release_blocked(adding, at, at + 1);
	}
	return err;
}

static int list_invalidators(struct smd_render *render, const struct smd_context *context,
			     const struct smd_node *node, struct adding *adding)
{
	const struct smd_buffer *line = &render->node_rule.line;
	int err = 0, invalidates = 0;

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next) {
		struct smd_invalidator by;

		err = check_invalidates(render, context, child, &invalidates);
		if (err || !invalidates)
			continue;
		smd_invalidator_init(&by, &render->node_rule.match);
		if (smd_make_room(&adding->nodes, adding->invalidators.count, &adding->room,
				  sizeof(const struct smd_node *)))
			return smd_render_no_memory(render);
		adding->nodes[adding->invalidators.count] = child;
		if (smd_invalidators_add(&adding->invalidators, &by,
					 (struct smd_span){line->bytes, line->used}))
			return smd_render_no_memory(render);
	}
	return err;
}

/* Add a section's lines, first those that invalidate others. */
static int add_children(struct smd_render *render, size_t depth, const struct smd_context *context,
			const struct smd_node *node)
{
	struct adding adding = {.room = 0};
	int err = list_invalidators(render, context, node, &adding), invalidates = 0;

	if (!err && adding.invalidators.count)
		err = add_invalidators(render, depth, context, &adding);
	smd_invalidators_done(&adding.invalidators);
	smd_multimap_done(&adding.blocked);
	free(adding.nodes);
	free(adding.blockers);
	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = child->next) {
		err = check_invalidates(render, context, child, &invalidates);
		if (!err && !invalidates)
			err = smd_render_add(render, depth, context, child);
	}
	return err;
}

int smd_render_add(struct smd_render *render, size_t depth, const struct smd_context *context,
		   const struct smd_node *node)
{
	const struct smd_context *inner = NULL;
	int err = smd_render_node_rule(render, context, node), section;

	if (err)
		return err;
	if (node->kind == SMD_SET)
		return add_numbers(render, depth, node);
	section = smd_node_is_container(node) &&
		  (smd_node_first(node) ||
		   smd_rule_is_section(smd_match_rule(&render->node_rule.match)));
	if (section)
		err = inner_context(render, context, &inner);
	if (!err)
		err = smd_line_write_node(&render->writer, depth, node);
	if (err || !section)
		return err;
	err = add_children(render, depth + 1, inner, node);
	return err ? err : write_exit(render, depth);
}

/* Lines that the device removes */

const struct smd_node *smd_render_section_to(const struct smd_render *render,
					     const struct smd_change *change)
{
	if (change->to)
		return change->to->parent;
	return smd_tree_counterpart(smd_changes_to(render->changes), change->parent);
}

/* Add to `gone` the lines that go with the invalidator, or with one of these when it is entered
 * again. */
static int find_gone(struct smd_render *render, const struct smd_context *context,
		     const struct smd_change *change, const struct smd_invalidator *by,
		     struct smd_found *gone)
{
	const struct smd_node *except = change->from;
	struct smd_found found = {0};
	size_t next = gone->count;
	int err = 0;

	for (;;) {
		err = smd_render_invalidated(render, context, change->parent, by, &found);
		for (size_t i = 0; i < found.count && !err; i++) {
			struct smd_render_line *line =
				smd_render_section_line(render, found.list[i]);

			if (line->gone || line->node == except)
				continue;
			line->gone = 1;
			if (smd_make_room(&gone->list, gone->count, &gone->room,
					  sizeof(*gone->list)))
				err = smd_render_no_memory(render);
			else
				gone->list[gone->count++] = found.list[i];
		}
		while (!err && next < gone->count &&
		       !smd_render_section_line(render, gone->list[next])->by.compiled)
			next++;
		if (err || next == gone->count)
			break;
		by = &smd_render_section_line(render, gone->list[next])->by;
		except = smd_render_section_line(render, gone->list[next++])->node;
	}
	free(found.list);
	return err;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Enter removed lines again that the tree we go to has; first those that invalidate others. */
static int enter_gone(struct smd_render *render, const struct smd_context *context,
		      const struct smd_change *change, const struct smd_found *gone)
{
	const struct smd_node *wanted = smd_render_section_to(render, change);
	int err = 0, later;

	for (int last = 0; last < 2; last++) {
		for (size_t i = 0; i < gone->count && !err; i++) {
			const struct smd_render_line *line =
				smd_render_section_line(render, gone->list[i]);
			const struct smd_node *node = line->node, *there;

			if ((line->by.compiled != NULL) == last)
				continue;
			err = smd_render_invalidated_later(render, context, change->parent, node,
							   &later);
			if (err || later)
				continue;
			there = wanted ? smd_node_match(wanted, node) : NULL;
			err = smd_render_skip(render, node);
			if (!err && there && there->kind == node->kind)
				err = smd_render_add(render, render->depth, context, there);
		}
	}
	return err;
}

/* Enter again what was added before and the invalidator has removed. */
static int enter_lost(struct smd_render *render, const struct smd_context *context,
		      const struct smd_change *change, const struct smd_invalidator *by,
		      struct smd_found *found)
{
	int err = smd_render_lost(render, context, change->parent, by, found);

	for (size_t i = 0; i < found->count && !err; i++) {
		const struct smd_node *node = smd_changes_get(render->changes, found->list[i])->to;

		if (node != change->to)
			err = smd_render_add(render, render->depth, context, node);
	}
	return err;
}

static int enter_invalidated(struct smd_render *render, const struct smd_context *context,
			     const struct smd_change *change, const struct smd_invalidator *by)
{
	struct smd_found found = {0};
	int err = find_gone(render, context, change, by, &found);

	for (size_t i = 0; i < found.count; i++)
		smd_render_section_line(render, found.list[i])->gone = 0;
	if (found.count)
		qsort(found.list, found.count, sizeof(*found.list), by_number);
	if (!err)
		err = enter_gone(render, context, change, &found);
	if (!err)
		err = enter_lost(render, context, change, by, &found);
	free(found.list);
	return err;
}

static int change_value(struct smd_render *render, const struct smd_context *context,
			const struct smd_change *change)
{
	const struct smd_rule *rule;
	int err = smd_render_node_rule(render, context, change->from);

	rule = smd_match_rule(&render->node_rule.match);
	if (!err && rule && rule->flags & SMD_RULE_REMOVE_FIRST)
		err = smd_render_remove(render, render->depth, context, change->from);
	return err ? err : smd_line_write_node(&render->writer, render->depth, change->to);
}

int smd_render_section_change(struct smd_render *render, const struct smd_change *change)
{
	struct smd_invalidator invalidator;
	const struct smd_context *context;
	int err = smd_render_context(render, change->parent, &context);

	if (!err)
		err = smd_render_node_rule(render, context, change->to ? change->to : change->from);
	if (err)
		return err;
	smd_invalidator_init(&invalidator, &render->node_rule.match);
	switch (change->op) {
	case SMD_CHANGE_REMOVE:
		err = smd_render_remove(render, render->depth, context, change->from);
		break;
	case SMD_CHANGE_ADD:
		err = smd_render_add(render, render->depth, context, change->to);
		break;
	case SMD_CHANGE_VALUE:
		err = change_value(render, context, change);
		break;
	case SMD_CHANGE_NUMBERS:
		err = change_numbers(render, context, change);
		break;
	case SMD_CHANGE_MOVE:
		return SMD_E_INTERNAL;
	}
	if (!err && invalidator.compiled)
		err = enter_invalidated(render, context, change, &invalidator);
	return err;
}
