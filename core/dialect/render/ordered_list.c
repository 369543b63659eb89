/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renders ordered lists. Where a line can say an entry's place, only new and moved entries are
 * entered; elsewhere all from the first of these on, one by one, so that the list is never empty in
 * between.
 */
#include "core/base/array.h"
#include "core/dialect/render/internal.h"
#include "core/dialect/simulate/simulate.h"

#include <stdio.h>

/* An entry of the list we go to. */
struct entry {
	const struct smd_node *node;
	const struct smd_node *old; /* the same entry in the tree we come from; NULL: it is new */
	int fresh;                  /* it is new or moves, and is entered */
	size_t prev, next; /* neighbours on the device, as of the lines so far; NONE: none */
	uint32_t number;   /* its place in the old list, from 1; later its number on the device */
};

struct list {
	struct smd_render *render;
	const struct smd_node *parent; /* the section in the tree we come from */
	const struct smd_node *like;   /* any entry of the list */
	const struct smd_node *old;    /* its first entry in the tree we come from; NULL: none */
	const struct smd_context *context;
	const struct smd_rule *rule; /* of the entries; NULL: no rule knows them */
	struct entry *entries;
	size_t count, fresh;
	size_t first; /* on the device, as of the lines so far; so is `last` */
	size_t last;
	size_t *goes; /* indexes of the changes that remove entries */
	size_t go_count;
	const struct smd_node *counted; /* the entry whose number was asked for last */
	uint32_t counted_number;
};

#define NONE SIZE_MAX

static int is_of(const struct list *list, const struct smd_node *node)
{
	return node && node->ordered && smd_string_equal(node->name, list->like->name);
}

/* Gathering */

static int by_node(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return ((uintptr_t)x->node > (uintptr_t)y->node) -
	       ((uintptr_t)x->node < (uintptr_t)y->node);
}

/* Mark the list's changes as done. `*fresh`: new and moved nodes, sorted; the caller's. */
static int take_changes(struct list *list, struct entry **fresh, size_t *count)
{
	struct smd_render *render = list->render;
	size_t room = 0, go_room = 0;
	uint32_t at;
	int err = smd_render_changes_in(render, list->parent, &at);

	for (; at != SMD_MULTIMAP_END && !err; at = render->by_parent.pairs[at].next) {
		size_t i = render->by_parent.pairs[at].value;
		const struct smd_change *change = smd_changes_get(render->changes, i);
		const struct smd_node *node = change->to ? change->to : change->from;

		if (!is_of(list, node) ||
		    (change->op != SMD_CHANGE_REMOVE && change->op != SMD_CHANGE_ADD &&
		     change->op != SMD_CHANGE_MOVE))
			continue;
		render->done[i] = 1;
		if (smd_make_room(fresh, *count, &room, sizeof(**fresh)) ||
		    smd_make_room(&list->goes, list->go_count, &go_room, sizeof(*list->goes)))
			err = SMD_E_NO_MEMORY;
		else if (change->op == SMD_CHANGE_REMOVE)
			list->goes[list->go_count++] = i;
		else
			(*fresh)[(*count)++] = (struct entry){.node = node};
	}
	if (*count)
		qsort(*fresh, *count, sizeof(**fresh), by_node);
	return err;
}

static int take_entries(struct list *list, const struct entry *fresh, size_t count)
{
	const struct smd_node *section =
		smd_tree_counterpart(smd_changes_to(list->render->changes), list->parent);
	size_t total = 0;

	for (const struct smd_node *node = section ? smd_node_first(section) : NULL; node;
	     node = node->next)
		total += (size_t)is_of(list, node);
	list->entries = calloc(total + 1, sizeof(*list->entries));
	if (!list->entries)
		return SMD_E_NO_MEMORY;
	for (const struct smd_node *node = section ? smd_node_first(section) : NULL; node;
	     node = node->next) {
		struct entry *entry = &list->entries[list->count];

		if (!is_of(list, node))
			continue;
		*entry = (struct entry){.node = node, .prev = NONE, .next = NONE};
		entry->old = smd_node_match(list->parent, node);
		if (entry->old && (!entry->old->ordered || entry->old->kind != node->kind))
			entry->old = NULL;
		entry->fresh =
			count && bsearch(entry, fresh, count, sizeof(*fresh), by_node) != NULL;
		list->fresh += (size_t)entry->fresh;
		list->count++;
	}
	return 0;
}

/* The list on the device */

static void link_behind(struct list *list, size_t at, size_t prev)
{
	struct entry *entries = list->entries;
	size_t next = prev == NONE ? list->first : entries[prev].next;

	entries[at].prev = prev;
	entries[at].next = next;
	*(prev == NONE ? &list->first : &entries[prev].next) = at;
	*(next == NONE ? &list->last : &entries[next].prev) = at;
}

static void unlink_entry(struct list *list, size_t at)
{
	struct entry *entries = list->entries, *entry = &entries[at];

	*(entry->prev == NONE ? &list->first : &entries[entry->prev].next) = entry->next;
	*(entry->next == NONE ? &list->last : &entries[entry->next].prev) = entry->prev;
}

static int by_old_place(const void *a, const void *b, void *arg)
{
	const struct list *list = arg;
	const struct entry *x = &list->entries[*(const size_t *)a];
	const struct entry *y = &list->entries[*(const size_t *)b];

	return (x->number > y->number) - (x->number < y->number);
}

/* Link the old entries that stay, in their present order; their numbers become their places. */
static int list_standing(struct list *list)
{
	size_t *order = calloc(list->count + 1, sizeof(*order)), count = 0;
	struct entry *sorted = calloc(list->count + 1, sizeof(*sorted));
	uint32_t place = 0;

	if (!order || !sorted) {
		free(order);
		free(sorted);
		return SMD_E_NO_MEMORY;
	}
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].old)
			sorted[count++] = (struct entry){.node = list->entries[i].old, .prev = i};
	qsort(sorted, count, sizeof(*sorted), by_node);
	for (const struct smd_node *node = smd_node_first(list->parent); node; node = node->next) {
		const struct entry key = {.node = node};
		const struct entry *found;

		if (!is_of(list, node))
			continue;
		place++;
		found = bsearch(&key, sorted, count, sizeof(*sorted), by_node);
		if (found)
			list->entries[found->prev].number = place;
	}
	for (size_t i = 0; i < count; i++)
		order[i] = sorted[i].prev;
	qsort_r(order, count, sizeof(*order), by_old_place, list);
	list->first = list->last = NONE;
	for (size_t i = 0; i < count; i++)
		link_behind(list, order[i], list->last);
	free(order);
	free(sorted);
	return 0;
}

/* Removing and adding entries */

static int remove_old(struct list *list, const struct smd_node *old)
{
	struct smd_render *render = list->render;

	if (smd_grammar_paths(render->grammar))
		return smd_render_remove_path(render, list->context, old);
	return smd_render_remove(render, render->depth, list->context, old);
}

static int add_new(struct list *list, const struct smd_node *node)
{
	struct smd_render *render = list->render;

	if (smd_grammar_paths(render->grammar))
		return smd_render_enter_path(render, list->context, node);
	return smd_render_add(render, render->depth, list->context, node);
}

static int remove_gone(struct list *list)
{
	int err = 0;

	for (size_t i = 0; i < list->go_count && !err; i++)
		err = remove_old(list, smd_changes_get(list->render->changes, list->goes[i])->from);
	return err;
}

static int enter_anew(struct list *list)
{
	size_t first = 0;
	int err = 0;

	while (first < list->count && !list->entries[first].fresh)
		first++;
	for (size_t i = first; i < list->count && !err; i++) {
		const struct entry *entry = &list->entries[i];

		if (entry->old) {
			err = smd_render_skip(list->render, entry->old);
			if (!err)
				err = remove_old(list, entry->old);
		}
		if (!err)
			err = add_new(list, entry->node);
	}
	return err ? err : remove_gone(list);
}

/* Where removing one entry removes the list: do that once, and enter the whole list anew. */
static int enter_whole(struct list *list)
{
	int err = remove_old(list, list->old);

	for (size_t i = 0; i < list->count && !err; i++)
		err = add_new(list, list->entries[i].node);
	return err;
}

/* Placing by number */

static int write_form(struct list *list, size_t depth, const char *template, uint32_t number,
		      uint32_t step, struct smd_span line)
{
	struct smd_render *render = list->render;
	const struct smd_node *section = list->parent;
	struct smd_filling filling = {.line = line, .name = {"", 0}, .enclosing_key = {"", 0}};
	char digits[2][16];

	for (size_t i = 0; i < SMD_PLACES; i++)
		filling.place[i] = (struct smd_span){"", 0};
	snprintf(digits[0], sizeof(digits[0]), "%u", number);
	snprintf(digits[1], sizeof(digits[1]), "%u", step);
	if (smd_node_key_count(section))
		filling.place[1] = smd_span_of(smd_node_key(section, 0));
	filling.place[SMD_PLACE_NUMBERS] = smd_span_of(digits[0]);
	filling.place[SMD_PLACE_FIRST] = smd_span_of(digits[0]);
	filling.place[SMD_PLACE_STEP] = smd_span_of(digits[1]);
	render->text.used = 0;
	smd_template_fill(smd_span_of(template), &filling, &render->text);
	if (render->text.failed)
		return smd_render_no_memory(render);
	return smd_line_write(&render->writer, depth,
			      (struct smd_span){render->text.bytes, render->text.used});
}

/* The most fresh entries in a row. */
static uint32_t longest_run(const struct list *list)
{
	uint32_t run = 0, longest = 0;

	for (size_t i = 0; i < list->count; i++) {
		run = list->entries[i].fresh ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/*
 * Give fresh entries numbers between that of the next entry that stays and the one a step below,
 * which renumbering has left free. `last` is the highest number in use.
 */
static void number_fresh(struct list *list, uint32_t step, uint32_t last)
{
	for (size_t i = 0, end; i < list->count; i = end + 1) {
		uint32_t run, from = last, width;

		for (end = i; end < list->count && list->entries[end].fresh;)
			end++;
		run = (uint32_t)(end - i);
		width = end < list->count ? step : step * (run + 1);
		if (end < list->count)
			from = list->entries[end].number - step;
		for (uint32_t k = 1; k <= run; k++)
			list->entries[i + k - 1].number =
				from + (uint32_t)((uint64_t)width * k / (run + 1));
	}
}

static int place_entry(struct list *list, const struct entry *entry, uint32_t old_number)
{
	struct smd_render *render = list->render;
	struct smd_buffer line = {0};
	int err = 0;

	if (old_number)
		err = write_form(list, render->depth, list->rule->order->remove, old_number, 0,
				 (struct smd_span){"", 0});
	smd_node_put_text(entry->node, &line);
	if (!err && !line.failed)
		err = write_form(list, render->depth, list->rule->order->insert, entry->number, 0,
				 (struct smd_span){line.bytes, line.used});
	if (!err && line.failed)
		err = smd_render_no_memory(render);
	smd_buffer_done(&line);
	return err;
}

/*
 * The number that renumbering gave to a node of the tree we come from; `old` NULL: the highest.
 * Goes on from the node that was asked for last.
 */
static uint32_t number_of(struct list *list, const struct smd_node *old, uint32_t step)
{
	const struct smd_node *node = list->counted ? list->counted->next : NULL;
	uint32_t number = list->counted_number;

	for (; node && node != old; node = node->next)
		number += is_of(list, node) ? step : 0;
	if (!node) {
		number = 0;
		for (node = smd_node_first(list->parent); node && node != old; node = node->next)
			number += is_of(list, node) ? step : 0;
	}
	list->counted = node;
	list->counted_number = number += node && is_of(list, node) ? step : 0;
	return number;
}

/* Whether entries have numbers in their text: they cannot be mixed with entries that have none. */
static int has_numbered(const struct list *list)
{
	const struct smd_node *sections[] = {
		list->parent,
		smd_tree_counterpart(smd_changes_to(list->render->changes), list->parent)};

	for (size_t i = 0; i < 2; i++)
		for (const struct smd_node *node = sections[i] ? smd_node_first(sections[i]) : NULL;
		     node; node = node->next)
			if (node->kind == SMD_LEAF &&
			    strspn(node->name->bytes, "0123456789") == node->name->length)
				return 1;
	return 0;
}

static int place_by_number(struct list *list)
{
	struct smd_render *render = list->render;
	const struct smd_order_form *order = list->rule->order;
	uint32_t step = longest_run(list) < 10 ? 10 : longest_run(list) + 1;
	uint32_t *old = calloc(list->count + 1, sizeof(*old));
	int err = old ? smd_render_go_to(render, smd_tree_top(smd_changes_from(render->changes)))
		      : smd_render_no_memory(render);

	if (!err && has_numbered(list))
		err = smd_fail(render->writer.error, SMD_E_UNSUPPORTED,
			       "\"%.60s\" has entries with numbers and entries without",
			       list->parent->name->bytes);
	for (size_t i = 0; i < list->count && old; i++)
		old[i] = list->entries[i].number *= step; /* places become numbers */
	if (old)
		number_fresh(list, step, number_of(list, NULL, step));
	if (!err)
		err = write_form(list, 0, order->renumber, step, step, (struct smd_span){"", 0});
	if (!err)
		err = smd_render_go_to(render, list->parent);
	for (size_t i = 0; i < list->count && !err; i++)
		if (list->entries[i].fresh)
			err = place_entry(list, &list->entries[i], old[i]);
	for (size_t i = 0; i < list->go_count && !err; i++) {
		const struct smd_change *change = smd_changes_get(render->changes, list->goes[i]);

		err = write_form(list, render->depth, order->remove,
				 number_of(list, change->from, step), 0, (struct smd_span){"", 0});
	}
	free(old);
	return err;
}

/* Placing with the dialect's `insert` */

/* Append what names an entry beside another: its line, or in a plain list its key alone. */
static void put_beside(const struct smd_node *node, struct smd_buffer *out)
{
	if (node->kind == SMD_MEMBER && node->key_count)
		smd_buffer_puts(out, smd_node_key(node, 0));
	else
		smd_node_put_text(node, out);
}

static int write_insert(struct list *list, size_t at, size_t beside, const char *relation)
{
	struct smd_render *render = list->render;

	render->text.used = 0;
	smd_node_put_name(list->entries[at].node, &render->text);
	smd_buffer_puts(&render->text, relation);
	put_beside(list->entries[beside].node, &render->text);
	return smd_render_write_path(render, smd_grammar_dialect(render->grammar)->insert,
				     list->entries[at].node);
}

/* The next entry from `at` on that stays; NONE: there is none. */
static size_t next_staying(const struct list *list, size_t at)
{
	while (at < list->count && list->entries[at].fresh)
		at++;
	return at < list->count ? at : NONE;
}

static int place_one(struct list *list, size_t at, size_t staying)
{
	struct entry *entry = &list->entries[at];
	size_t before = at ? at - 1 : NONE;
	int err = 0;

	if (!entry->old) {
		err = smd_render_enter_path(list->render, list->context, entry->node);
		link_behind(list, at, list->last);
	}
	if (err || entry->prev == before)
		return err;
	unlink_entry(list, at);
	link_behind(list, at, before);
	if (staying != NONE)
		return write_insert(list, at, staying, " before ");
	return before == NONE ? write_insert(list, at, entry->next, " before ")
			      : write_insert(list, at, before, " after ");
}

static int place_by_word(struct list *list)
{
	size_t staying = NONE;
	int err = remove_gone(list);

	for (size_t i = 0; i < list->count && !err; i++) {
		if (staying == NONE || staying < i)
			staying = next_staying(list, i);
		if (list->entries[i].fresh)
			err = place_one(list, i, staying);
	}
	return err;
}

/* Choosing */

/* Whether the fresh entries are all new and stand behind all that stay. */
static int only_appends(const struct list *list)
{
	size_t at = 0;

	while (at < list->count && !list->entries[at].fresh)
		at++;
	for (; at < list->count; at++)
		if (!list->entries[at].fresh || list->entries[at].old)
			return 0;
	return 1;
}

/* Whether an entry that goes is a duplicate: its line would remove the first of these. */
static int has_duplicate(const struct list *list)
{
	for (size_t i = 0; i < list->go_count; i++) {
		const struct smd_node *node =
			smd_changes_get(list->render->changes, list->goes[i])->from;

		if (node->flags & SMD_NODE_DUPLICATE)
			return 1;
	}
	return 0;
}

/* Whether there are duplicates, in either tree. */
static int has_repeats(const struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].node->flags & SMD_NODE_DUPLICATE)
			return 1;
	for (const struct smd_node *node = smd_node_first(list->parent); node; node = node->next)
		if (is_of(list, node) && node->flags & SMD_NODE_DUPLICATE)
			return 1;
	return 0;
}

/*
 * With duplicates, a line acts on the first that reads like it. So enter all entries anew: then
 * what is left of the old list always stands before what is new.
 */
static void freshen_repeats(struct list *list)
{
	if (!has_repeats(list) || (!list->go_count && only_appends(list)))
		return;
	for (size_t i = 0; i < list->count; i++)
		list->entries[i].fresh = 1;
	list->fresh = list->count;
}

static int render_list(struct list *list)
{
	struct smd_render *render = list->render;
	int paths = smd_grammar_paths(render->grammar), err;

	if (paths && list->fresh && smd_grammar_dialect(render->grammar)->insert)
		return place_by_word(list);
	if (!paths && list->rule && list->rule->order &&
	    (has_duplicate(list) || (list->fresh && !only_appends(list))))
		return place_by_number(list);
	freshen_repeats(list);
	err = smd_render_go_to(render, list->parent);
	if (err)
		return err;
	if (list->rule && list->rule->flags & SMD_RULE_REMOVES_LIST && list->old &&
	    (list->go_count || !only_appends(list)))
		return enter_whole(list);
	return list->fresh ? enter_anew(list) : remove_gone(list);
}

int smd_render_ordered(struct smd_render *render, const struct smd_change *change)
{
	struct list list = {.render = render,
			    .parent = change->parent,
			    .like = change->to ? change->to : change->from};
	struct entry *fresh = NULL;
	size_t count = 0;
	int err = smd_render_context(render, change->parent, &list.context);

	if (!err)
		err = smd_render_node_rule(render, list.context, list.like);
	if (err)
		return err;
	list.rule = smd_match_rule(&render->node_rule.match);
	list.old = smd_node_first(list.parent);
	while (list.old && !is_of(&list, list.old))
		list.old = list.old->next;
	if (take_changes(&list, &fresh, &count) || take_entries(&list, fresh, count) ||
	    list_standing(&list))
		err = smd_render_no_memory(render);
	if (!err)
		err = render_list(&list);
	free(fresh);
	free(list.entries);
	free(list.goes);
	return err;
}
