/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/change.h>

#include "core/tree/order.h"
#include "core/tree/own.h"

struct smd_changes {
	const struct smd_tree *from, *to;
	struct smd_change *items;
	size_t count, room;
};

/* Add a cleared change; NULL: no memory. */
static struct smd_change *next_change(struct smd_changes *changes)
{
	if (changes->count == changes->room) {
		size_t room = changes->room ? changes->room * 2 : 16;
		struct smd_change *items = reallocarray(changes->items, room, sizeof(*items));

		if (!items)
			return NULL;
		changes->items = items;
		changes->room = room;
	}
	changes->items[changes->count] = (struct smd_change){0};
	return &changes->items[changes->count++];
}

static int add_change(struct smd_changes *changes, struct smd_change what)
{
	struct smd_change *change = next_change(changes);

	if (!change)
		return SMD_E_NO_MEMORY;
	*change = what;
	return 0;
}

static int diff_numbers(struct smd_changes *changes, const struct smd_node *from,
			const struct smd_node *to)
{
	const struct smd_set *old = &from->numbers->set, *new = &to->numbers->set;
	struct smd_change *change;

	if (smd_set_equal(old, new))
		return 0;
	change = next_change(changes);
	if (!change)
		return SMD_E_NO_MEMORY;
	change->op = SMD_CHANGE_NUMBERS;
	change->from = from;
	change->to = to;
	change->parent = from->parent;
	if (smd_set_minus(&change->added, new, old) || smd_set_minus(&change->removed, old, new))
		return SMD_E_NO_MEMORY;
	return 0;
}

static int diff_children(struct smd_changes *changes, const struct smd_node *from,
			 const struct smd_node *to);

/* Add the changes from `from` to `to`, which is what `from` becomes. */
static int diff_node(struct smd_changes *changes, const struct smd_node *from,
		     const struct smd_node *to)
{
	if (smd_node_holds(from))
		return diff_children(changes, from, to);
	if (from->kind == SMD_SET)
		return diff_numbers(changes, from, to);
	if (!smd_node_valued(from) || smd_node_same_value(from, to))
		return 0;
	return add_change(changes, (struct smd_change){.op = SMD_CHANGE_VALUE,
						       .from = from,
						       .to = to,
						       .parent = from->parent});
}

/* Add removals, and changes within nodes that keep their place; `*kept` counts these nodes. */
static int diff_old(struct smd_changes *changes, const struct smd_node *from,
		    const struct smd_node *to, const struct smd_order *order, size_t *kept)
{
	const struct smd_node *cursor = NULL;
	size_t at = 0;
	int err = 0;

	for (const struct smd_node *old = smd_node_first(from); old && !err; old = old->next) {
		const struct smd_node *new = smd_node_match_near(to, old, &cursor);
		int moved = old->ordered && order->from_moved[at++];

		if (!new || !smd_node_continues(old, new)) {
			err = add_change(changes, (struct smd_change){.op = SMD_CHANGE_REMOVE,
								      .from = old,
								      .parent = from});
		} else if (!moved) {
			err = diff_node(changes, old, new);
			++*kept;
		}
	}
	return err;
}

/* Add additions and moves, in the order we go to: then `after` is always in its place. */
static int diff_new(struct smd_changes *changes, const struct smd_node *from,
		    const struct smd_node *to, const struct smd_order *order)
{
	const struct smd_node *cursor = NULL;
	size_t at = 0;
	int err = 0;

	for (const struct smd_node *new = smd_node_first(to); new && !err; new = new->next) {
		const struct smd_node *old = smd_node_match_near(from, new, &cursor);
		struct smd_order_place place = {0};
		struct smd_change change = {.to = new, .parent = from};

		if (new->ordered)
			place = order->to[at++];
		change.after = place.after;
		if (!old || !smd_node_continues(old, new)) {
			change.op = SMD_CHANGE_ADD;
			err = add_change(changes, change);
		} else if (place.moved) {
			change.op = SMD_CHANGE_MOVE;
			change.from = old;
			err = add_change(changes, change);
			if (!err)
				err = diff_node(changes, old, new);
		}
	}
	return err;
}

static int diff_children(struct smd_changes *changes, const struct smd_node *from,
			 const struct smd_node *to)
{
	struct smd_order order;
	size_t kept = 0;
	int err = smd_order_init(&order, from, to);

	if (!err)
		err = diff_old(changes, from, to, &order, &kept);
	if (!err && to->children && kept < to->children->count)
		err = diff_new(changes, from, to, &order);
	smd_order_done(&order);
	return err;
}

int smd_diff(const struct smd_tree *from, const struct smd_tree *to, struct smd_changes **out)
{
	smd_cleanup(smd_changes_free) struct smd_changes *changes = calloc(1, sizeof(*changes));
	int err;

	if (!changes)
		return SMD_E_NO_MEMORY;
	changes->from = from;
	changes->to = to;
	err = diff_children(changes, from->root, to->root);
	if (!err)
		*out = smd_take(changes);
	return err;
}

void smd_changes_free(struct smd_changes *changes)
{
	if (!changes)
		return;
	for (size_t i = 0; i < changes->count; i++) {
		smd_set_done(&changes->items[i].added);
		smd_set_done(&changes->items[i].removed);
	}
	free(changes->items);
	free(changes);
}

const struct smd_tree *smd_changes_from(const struct smd_changes *changes)
{
	return changes->from;
}

const struct smd_tree *smd_changes_to(const struct smd_changes *changes)
{
	return changes->to;
}

size_t smd_changes_count(const struct smd_changes *changes)
{
	return changes ? changes->count : 0;
}

const struct smd_change *smd_changes_get(const struct smd_changes *changes, size_t index)
{
	return index < smd_changes_count(changes) ? &changes->items[index] : NULL;
}

size_t smd_change_path(const struct smd_change *change, char *out, size_t size)
{
	return smd_node_path(change->to ? change->to : change->from, out, size);
}

/* The node of `tree` at the place of `like`, a node of another tree; NULL: there is none. */
static struct smd_node *find_place(struct smd_tree *tree, const struct smd_node *like)
{
	const struct smd_node *steps[SMD_TREE_DEPTH];
	const struct smd_node *node = tree->root;
	size_t count = 0;

	if (like->tree == tree)
		return smd_node_edit(tree, like);
	for (; like->depth; like = like->parent)
		steps[count++] = like;
	while (node && count--)
		node = smd_node_match(node, steps[count]);
	return smd_node_edit(tree, node);
}

static int apply_numbers(struct smd_node *node, const struct smd_change *change)
{
	struct smd_set *set = smd_node_numbers(node);
	int err = set ? 0 : SMD_E_CONFLICT;

	for (size_t i = 0; i < change->removed.count && !err; i++)
		err = smd_set_remove(set, change->removed.ranges[i].first,
				     change->removed.ranges[i].last);
	for (size_t i = 0; i < change->added.count && !err; i++)
		err = smd_set_add(set, change->added.ranges[i].first, change->added.ranges[i].last);
	return err;
}

static int apply_place(struct smd_node *parent, struct smd_node *node,
		       const struct smd_change *change)
{
	struct smd_node *after = NULL;

	if (change->after) {
		after = smd_node_edit(node->tree, smd_node_match(parent, change->after));
		if (!after)
			return SMD_E_CONFLICT;
	}
	smd_node_move(node, after);
	return 0;
}

static int apply_add(struct smd_node *parent, const struct smd_change *change)
{
	struct smd_node *node;
	int err = smd_node_graft(parent, change->to, &node);

	if (err)
		return err == SMD_E_EXISTS ? SMD_E_CONFLICT : err;
	return change->to->ordered ? apply_place(parent, node, change) : 0;
}

static int apply_change(const struct smd_change *change, struct smd_tree *tree,
			struct smd_node *parent)
{
	struct smd_node *node;

	if (change->op == SMD_CHANGE_ADD)
		return apply_add(parent, change);
	node = smd_node_edit(tree, smd_node_match(parent, change->from));
	if (!node)
		return SMD_E_CONFLICT;
	switch (change->op) {
	case SMD_CHANGE_REMOVE:
		smd_node_remove(node);
		return 0;
	case SMD_CHANGE_VALUE:
		return smd_node_set_value(node, change->to->value->bytes,
					  change->to->value->length);
	case SMD_CHANGE_NUMBERS:
		return apply_numbers(node, change);
	case SMD_CHANGE_MOVE:
		return apply_place(parent, node, change);
	default:
		return SMD_E_INTERNAL;
	}
}

int smd_changes_apply(const struct smd_changes *changes, struct smd_tree *tree)
{
	const struct smd_node *last = NULL;
	struct smd_node *parent = NULL;
	int err = 0;

	for (size_t i = 0; i < smd_changes_count(changes) && !err; i++) {
		const struct smd_change *change = &changes->items[i];

		if (!parent || change->parent != last) {
			last = change->parent;
			parent = find_place(tree, last);
		}
		err = parent ? apply_change(change, tree, parent) : SMD_E_CONFLICT;
	}
	return err;
}
