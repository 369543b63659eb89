/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to lines. The changes come depth first, so that a section is entered
 * once for all that happens in it.
 */
#include <string.h>

#include "core/cli/lines.h"
#include "core/tree/node.h"
#include "core/tree/own.h"

/*
 * open   The sections we are in, nodes of the tree we come from.
 * turns  Sorted: nodes of that tree that turn from a plain line into a section
 *        of the same line, or back. Only what is below changes.
 * moved  Ordered groups of the current parent that have been dealt with.
 */
struct render {
	struct smd_lines lines;
	const struct smd_node *open[SMD_TREE_DEPTH];
	size_t depth;
	const struct smd_node **turns;
	size_t turn_count;
	const char **moved;
	size_t moved_count, moved_room;
	const struct smd_node *moved_parent;
};

static int out_of_memory(struct render *render)
{
	return smd_fail(render->lines.error, SMD_E_NO_MEMORY, "no memory for the commands");
}

static int leave(struct render *render, size_t depth)
{
	const char *word = smd_grammar_dialect(render->lines.grammar)->exit;

	return smd_lines_say(&render->lines, depth, word, strlen(word));
}

/* Change into the section `parent`, a node of the tree we come from. */
static int go_to(struct render *render, const struct smd_node *parent)
{
	const struct smd_node *path[SMD_TREE_DEPTH];
	size_t count = 0, same = 0;
	int err = 0;

	for (; smd_node_parent(parent); parent = smd_node_parent(parent))
		path[count++] = parent;
	while (same < count && same < render->depth && render->open[same] == path[count - 1 - same])
		same++;
	while (render->depth > same && !err)
		err = leave(render, --render->depth);
	for (; same < count && !err; same++) {
		err = smd_lines_say_node(&render->lines, same, path[count - 1 - same]);
		render->open[render->depth++] = path[count - 1 - same];
	}
	return err;
}

/* Removing */

static int say_negated(struct render *render, size_t depth, const struct smd_hit *hit)
{
	struct smd_lines *lines = &render->lines;

	if (smd_grammar_negate(lines->grammar, hit, lines->line.bytes, &lines->other))
		return out_of_memory(render);
	return smd_lines_say(lines, depth, lines->other.bytes, lines->other.used);
}

static int remove_node(struct render *render, size_t depth, const struct smd_node *node);

static int empty_node(struct render *render, size_t depth, const struct smd_node *node)
{
	int err = smd_lines_say_node(&render->lines, depth, node);

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = smd_node_next(child))
		err = remove_node(render, depth + 1, child);
	return err ? err : leave(render, depth);
}

static int remove_node(struct render *render, size_t depth, const struct smd_node *node)
{
	struct smd_lines *lines = &render->lines;
	struct smd_hit hit;

	if (smd_node_rule(lines->grammar, node, &lines->within, &lines->line, &hit))
		return out_of_memory(render);
	if (smd_rule_stays(hit.rule))
		return empty_node(render, depth, node);
	return say_negated(render, depth, &hit);
}

/* Adding */

/* Does entering the node's line lead into a section? */
static int opens(struct render *render, const struct smd_node *node, int *answer)
{
	struct smd_lines *lines = &render->lines;
	struct smd_hit hit;

	*answer = smd_node_first(node) != NULL;
	if (*answer || !smd_node_is_container(node))
		return 0;
	if (smd_node_rule(lines->grammar, node, &lines->within, &lines->line, &hit))
		return out_of_memory(render);
	*answer = hit.rule && hit.rule->kind == SMD_RULE_SECTION;
	return 0;
}

static int add_node(struct render *render, size_t depth, const struct smd_node *node)
{
	int section = 0;
	int err = smd_lines_say_node(&render->lines, depth, node);

	for (const struct smd_node *child = smd_node_first(node); child && !err;
	     child = smd_node_next(child))
		err = add_node(render, depth + 1, child);
	if (!err)
		err = opens(render, node, &section);
	return !err && section ? leave(render, depth) : err;
}

/* Order */

/* Was this group of the parent entered anew already? Notes it. */
static int was_moved(struct render *render, const struct smd_change *change, int *answer)
{
	const char *name = smd_node_name(change->to);

	if (render->moved_parent != change->parent)
		render->moved_count = 0;
	render->moved_parent = change->parent;
	*answer = 1;
	for (size_t i = 0; i < render->moved_count; i++)
		if (!strcmp(render->moved[i], name))
			return 0;
	*answer = 0;
	if (render->moved_count == render->moved_room) {
		size_t room = render->moved_room ? render->moved_room * 2 : 8;
		const char **moved = reallocarray(render->moved, room, sizeof(*moved));

		if (!moved)
			return out_of_memory(render);
		render->moved = moved;
		render->moved_room = room;
	}
	render->moved[render->moved_count++] = name;
	return 0;
}

static int same_group(const struct smd_node *node, const struct smd_node *other)
{
	return smd_node_ordered(node) && !strcmp(smd_node_name(node), smd_node_name(other));
}

/* From the first that is new or moves to the last: out, and in again in their order. */
static int enter_anew(struct render *render, const struct smd_change *change)
{
	size_t depth = render->depth;
	int done = 0;
	int err = was_moved(render, change, &done);

	if (err || done)
		return err;
	for (const struct smd_node *node = change->to; node && !err; node = smd_node_next(node)) {
		const struct smd_node *old = smd_node_match(change->parent, node);

		if (same_group(node, change->to) && old)
			err = remove_node(render, depth, old);
	}
	for (const struct smd_node *node = change->to; node && !err; node = smd_node_next(node))
		if (same_group(node, change->to))
			err = add_node(render, depth, node);
	return err;
}

/* Plain lines that become sections, and back */

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t) * (const struct smd_node *const *)a;
	uintptr_t y = (uintptr_t) * (const struct smd_node *const *)b;

	return (x > y) - (x < y);
}

/* What an added node turns from; NULL: it is new. */
static const struct smd_node *turned_from(const struct smd_change *change)
{
	const struct smd_node *old;

	if (change->op != SMD_CHANGE_ADD)
		return NULL;
	old = smd_node_match(change->parent, change->to);
	if (!old || smd_node_is_container(old) == smd_node_is_container(change->to))
		return NULL;
	return old;
}

static int find_turns(struct render *render, const struct smd_changes *changes)
{
	size_t count = smd_changes_count(changes);

	for (size_t i = 0; i < count; i++) {
		const struct smd_node *old = turned_from(smd_changes_get(changes, i));

		if (!old)
			continue;
		if (!render->turns)
			render->turns = calloc(count, sizeof(*render->turns));
		if (!render->turns)
			return out_of_memory(render);
		render->turns[render->turn_count++] = old;
	}
	if (render->turn_count)
		qsort(render->turns, render->turn_count, sizeof(*render->turns), by_address);
	return 0;
}

static int turns(const struct render *render, const struct smd_node *node)
{
	return render->turn_count && bsearch(&node, render->turns, render->turn_count,
					     sizeof(*render->turns), by_address);
}

/* The changes one by one */

static int render_removal(struct render *render, const struct smd_node *from)
{
	if (!turns(render, from))
		return remove_node(render, render->depth, from);
	return smd_node_is_container(from) ? empty_node(render, render->depth, from) : 0;
}

static int render_addition(struct render *render, const struct smd_change *change)
{
	const struct smd_node *from = turned_from(change);

	if (smd_node_ordered(change->to))
		return enter_anew(render, change);
	if (from && smd_node_is_container(from))
		return 0;
	return add_node(render, render->depth, change->to);
}

static int render_leaving(struct render *render, const struct smd_change *change)
{
	struct smd_lines *lines = &render->lines;
	struct smd_hit hit;

	if (smd_node_rule(lines->grammar, change->from, &lines->within, &lines->line, &hit) ||
	    smd_node_text_with(change->from, &change->removed, &lines->line))
		return out_of_memory(render);
	if (hit.rule)
		smd_rule_matches(hit.rule, lines->line.bytes, &hit);
	return say_negated(render, render->depth, &hit);
}

static int render_joining(struct render *render, const struct smd_change *change)
{
	struct smd_buffer *line = &render->lines.line;

	if (smd_node_text_with(change->to, &change->added, line))
		return out_of_memory(render);
	return smd_lines_say(&render->lines, render->depth, line->bytes, line->used);
}

static int render_numbers(struct render *render, const struct smd_change *change)
{
	int err = change->removed.count ? render_leaving(render, change) : 0;

	return !err && change->added.count ? render_joining(render, change) : err;
}

static int render_change(struct render *render, const struct smd_change *change)
{
	int err = go_to(render, change->parent);

	if (err)
		return err;
	switch (change->op) {
	case SMD_CHANGE_REMOVE:
		return render_removal(render, change->from);
	case SMD_CHANGE_ADD:
		return render_addition(render, change);
	case SMD_CHANGE_VALUE:
		return smd_lines_say_node(&render->lines, render->depth, change->to);
	case SMD_CHANGE_NUMBERS:
		return render_numbers(render, change);
	case SMD_CHANGE_MOVE:
		return enter_anew(render, change);
	}
	return SMD_E_INTERNAL;
}

static int render_all(struct render *render, const struct smd_changes *changes)
{
	int err = find_turns(render, changes);

	for (size_t i = 0; i < smd_changes_count(changes) && !err; i++)
		err = render_change(render, smd_changes_get(changes, i));
	while (render->depth && !err)
		err = leave(render, --render->depth);
	return err;
}

int smd_dialect_render(const struct smd_dialect *dialect, const struct smd_changes *changes,
		       struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;
	struct render render = {.lines = {.out = out, .error = error}};
	int err = smd_grammar_new(dialect, &grammar, error);

	render.lines.grammar = grammar;
	if (!err)
		err = render_all(&render, changes);
	smd_lines_done(&render.lines);
	free(render.turns);
	free(render.moved);
	return err;
}
