/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/render/order.h"
#include "core/base/array.h"

#include "core/dialect/line/invalidate.h"
#include "core/dialect/line/refs.h"
#include "core/tree/change.h"

/* What a change does to a name, or to a UNIQUE value. */
enum name_event {
	NAME_DEFINED = 1,
	NAME_USED,
	VALUE_FREED,
	NAME_UNUSED,
	NAME_UNDEFINED,
	VALUE_TAKEN
};

struct mention {
	struct smd_span name; /* in the arena */
	uint32_t item;
	uint8_t kind; /* SMD_REF_HOLDS for a value, else SMD_REF_USES */
	uint8_t event;
};

struct edge {
	uint32_t next; /* index of the item's next edge; 0: none */
	uint32_t before;
};

enum state { NEW, VISITING, DONE };

#define NAME UINT32_MAX
#define NOBODY UINT32_MAX

/*
 * items   One per change; then one for the numbers removed from a list to which others are added;
 *         then one per name or value, between the changes that must come first and those that wait.
 * edges   From index 1 on; `before` is the item that must come before the edge's own.
 */
struct sorting {
	const struct smd_changes *changes;
	struct smd_refs refs;
	struct smd_arena arena;
	struct mention *mentions;
	size_t mention_count, mention_room;
	struct item {
		uint32_t change;  /* index; NAME: the item is of a name */
		uint32_t first;   /* index of its first edge; 0: none */
		uint32_t leaving; /* index of the item of the numbers removed; 0: none */
		/* while visited: the next edge, and the item that waits for it, or NOBODY */
		uint32_t edge, waiting;
		uint8_t part;  /* enum smd_change_part */
		uint8_t holds; /* it is of a UNIQUE value */
		uint8_t state, late, invalidates, released, removes_first;
		int8_t place;      /* 1: before the others of its section, -1: behind them */
		uint8_t required;  /* a removal that waits for what is added in its section */
		uint8_t collected; /* of a name: collect_outside has been here */
	} * items;
	size_t item_count, item_room;
	struct edge *edges;
	size_t edge_count, edge_room;
	uint32_t *outside; /* items that the present group of changes waits for */
	size_t outside_count, outside_room;
	struct smd_render_order *out;
	/* for gather_mentions */
	uint32_t item;
	int goes; /* the nodes are of the tree we come from */
	const struct smd_node *parent;
	const struct smd_context *context;
	int required;
};

static int add_edge(struct sorting *sorting, uint32_t before, uint32_t behind)
{
	int err = smd_make_room(&sorting->edges, sorting->edge_count, &sorting->edge_room,
				sizeof(*sorting->edges));

	if (err)
		return err;
	sorting->edges[sorting->edge_count] = (struct edge){sorting->items[behind].first, before};
	sorting->items[behind].first = (uint32_t)sorting->edge_count++;
	return 0;
}

static int add_item(struct sorting *sorting, uint32_t change, enum smd_change_part part)
{
	int err = smd_make_room(&sorting->items, sorting->item_count, &sorting->item_room,
				sizeof(*sorting->items));

	if (!err)
		sorting->items[sorting->item_count++] =
			(struct item){.change = change, .part = (uint8_t)part};
	return err;
}

static const struct smd_change *change_of(const struct sorting *sorting, uint32_t item)
{
	return smd_changes_get(sorting->changes, sorting->items[item].change);
}

/* Gathering what changes mention */

static int add_mention(void *arg, enum smd_ref_kind kind, struct smd_span name)
{
	static const uint8_t events[][2] = {[SMD_REF_DEFINES] = {NAME_DEFINED, NAME_UNDEFINED},
					    [SMD_REF_USES] = {NAME_USED, NAME_UNUSED},
					    [SMD_REF_HOLDS] = {VALUE_TAKEN, VALUE_FREED}};
	struct sorting *sorting = arg;
	char *kept = smd_arena_take(&sorting->arena, name.length + 1);

	if (!kept || smd_make_room(&sorting->mentions, sorting->mention_count,
				   &sorting->mention_room, sizeof(*sorting->mentions)))
		return SMD_E_NO_MEMORY;
	memcpy(kept, name.at, name.length);
	sorting->mentions[sorting->mention_count++] =
		(struct mention){.name = {kept, name.length},
				 .item = sorting->item,
				 .kind = kind == SMD_REF_HOLDS ? SMD_REF_HOLDS : SMD_REF_USES,
				 .event = events[kind][sorting->goes]};
	return 0;
}

static int mention_below(struct sorting *sorting, const struct smd_node *node, int goes)
{
	sorting->goes = goes;
	return node ? smd_refs_below(&sorting->refs, sorting->context, node, add_mention, sorting)
		    : 0;
}

/* Numbers are removed and added in separate steps, removed first unless that empties the list. */
static int split_numbers(struct sorting *sorting, const struct smd_change *change, uint32_t item)
{
	uint32_t leaving = (uint32_t)sorting->item_count;
	int err;

	if (smd_grammar_paths(sorting->refs.grammar) || !change->added.count ||
	    !change->removed.count)
		return 0;
	err = add_item(sorting, item, SMD_PART_LEAVING);
	if (err)
		return err;
	sorting->items[item].part = SMD_PART_JOINING;
	sorting->items[item].leaving = leaving;
	if (smd_set_size(&change->from->numbers->set) > smd_set_size(&change->removed))
		return 0;
	return add_edge(sorting, item, leaving);
}

static int mention_numbers(struct sorting *sorting, const struct smd_change *change, uint32_t item)
{
	int err = split_numbers(sorting, change, item);

	if (err)
		return err;
	sorting->goes = 1;
	if (sorting->items[item].leaving)
		sorting->item = sorting->items[item].leaving;
	err = smd_refs_numbers(&sorting->refs, sorting->context, change->from, &change->removed,
			       add_mention, sorting);
	sorting->goes = 0;
	sorting->item = item;
	return err ? err
		   : smd_refs_numbers(&sorting->refs, sorting->context, change->to, &change->added,
				      add_mention, sorting);
}

/* 1: what changes beside it comes behind it; -1: before it; 0: its place is free. */
static int8_t place_of(const struct smd_change *change, unsigned flags)
{
	int adds = change->op == SMD_CHANGE_ADD, removes = change->op == SMD_CHANGE_REMOVE;

	if (flags & SMD_RULE_ENTERED_FIRST)
		return (int8_t)(adds - removes);
	if (flags & SMD_RULE_ENTERED_LAST)
		return (int8_t)(removes - adds);
	return 0;
}

/* Note whether the rule of the change invalidates others, is REQUIRED or REMOVE_FIRST. */
static int note_rule(struct sorting *sorting, const struct smd_change *change, struct item *item)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	struct smd_node_rule *node_rule = &sorting->refs.node_rule;
	int err = smd_node_rule_find(node_rule, sorting->refs.grammar, sorting->context, node);

	if (err || !node_rule->match.form)
		return err;
	item->invalidates = smd_match_invalidates(&node_rule->match);
	item->required |= (node_rule->match.form->compiled->rule->flags & SMD_RULE_REQUIRED) != 0;
	item->place = place_of(change, node_rule->match.form->compiled->rule->flags);
	item->removes_first =
		(node_rule->match.form->compiled->rule->flags & SMD_RULE_REMOVE_FIRST) != 0;
	return 0;
}

/* An added node waits for the removal of the one of the same identity that it replaces. */
static int follow_like(struct sorting *sorting, const struct smd_change *change, uint32_t item)
{
	if (change->op != SMD_CHANGE_ADD || !smd_node_match(change->parent, change->to))
		return 0;
	for (uint32_t i = item; i--;) {
		const struct smd_change *other = smd_changes_get(sorting->changes, i);

		if (other->parent != change->parent)
			break;
		if (other->op == SMD_CHANGE_REMOVE && smd_node_same(other->from, change->to))
			return add_edge(sorting, i, item);
	}
	return 0;
}

static int is_required(const struct smd_context *context)
{
	const struct smd_rule *rule = smd_context_rule(context);

	return rule && rule->flags & SMD_RULE_REQUIRED;
}

static int gather_mentions(struct sorting *sorting, const struct smd_change *change, uint32_t item)
{
	int err;

	if (sorting->parent != change->parent) {
		sorting->parent = change->parent;
		sorting->context = smd_node_context(sorting->refs.grammar, change->parent);
		if (!sorting->context)
			return SMD_E_NO_MEMORY;
		sorting->required = is_required(sorting->context);
	}
	sorting->item = item;
	sorting->items[item].required = (uint8_t)sorting->required;
	err = note_rule(sorting, change, &sorting->items[item]);
	if (err)
		return err;
	if (change->op == SMD_CHANGE_NUMBERS)
		return mention_numbers(sorting, change, item);
	if (change->op == SMD_CHANGE_REMOVE || change->op == SMD_CHANGE_VALUE)
		err = mention_below(sorting, change->from, 1);
	if (!err && (change->op == SMD_CHANGE_ADD || change->op == SMD_CHANGE_VALUE))
		err = mention_below(sorting, change->to, 0);
	return err ? err : follow_like(sorting, change, item);
}

/* Changes of one section that invalidate lines of it */

static int see_change(struct sorting *sorting, uint32_t item)
{
	const struct smd_change *change = smd_changes_get(sorting->changes, item);
	const struct smd_context *context = smd_node_context(sorting->refs.grammar, change->parent);

	return context ? smd_node_rule_find(&sorting->refs.node_rule, sorting->refs.grammar,
					    context, change->to ? change->to : change->from)
		       : SMD_E_NO_MEMORY;
}

/* The invalidators of a section, and their items. */
struct section {
	struct sorting *sorting;
	struct smd_invalidators invalidators;
	uint32_t *items;
	size_t room;
};

/* List the invalidators of a section from item `first` on; `*end` is the item behind it. */
static int list_invalidators(struct section *section, uint32_t first, uint32_t *end)
{
	struct sorting *sorting = section->sorting;
	const struct smd_node *parent = smd_changes_get(sorting->changes, first)->parent;
	struct smd_buffer *line = &sorting->refs.node_rule.line;
	uint32_t count = (uint32_t)smd_changes_count(sorting->changes), i;
	struct smd_invalidator by;
	int err = 0;

	for (i = first; i < count && smd_changes_get(sorting->changes, i)->parent == parent; i++) {
		if (err || !sorting->items[i].invalidates)
			continue;
		err = see_change(sorting, i);
		if (!err)
			err = smd_make_room(&section->items, section->invalidators.count,
					    &section->room, sizeof(*section->items));
		if (err)
			continue;
		section->items[section->invalidators.count] = i;
		smd_invalidator_init(&by, &sorting->refs.node_rule.match);
		err = smd_invalidators_add(&section->invalidators, &by,
					   (struct smd_span){line->bytes, line->used});
	}
	*end = i;
	return err;
}

/* If one change invalidates the line of another, and not the other way round, it comes first. */
static int order_pair(void *arg, uint32_t by, uint32_t line)
{
	struct section *section = arg;

	return add_edge(section->sorting, section->items[by], section->items[line]);
}

static int order_all_invalidators(struct sorting *sorting)
{
	uint32_t count = (uint32_t)smd_changes_count(sorting->changes);
	int err = 0;

	for (uint32_t i = 0; i < count && !err;) {
		struct section section = {
			.sorting = sorting,
			.invalidators.quotes = smd_grammar_dialect(sorting->refs.grammar)->quotes};

		if (!sorting->items[i].invalidates) {
			i++;
			continue;
		}
		err = list_invalidators(&section, i, &i);
		if (!err && section.invalidators.count > 1)
			err = smd_invalidators_pairs(&section.invalidators, order_pair, &section);
		smd_invalidators_done(&section.invalidators);
		free(section.items);
	}
	return err;
}

/* Order a change whose place is first or last of its section against the others of it. */
static int order_place(struct sorting *sorting, uint32_t at)
{
	const struct smd_node *parent = smd_changes_get(sorting->changes, at)->parent;
	uint32_t count = (uint32_t)smd_changes_count(sorting->changes), first = at;
	int err = 0;

	while (first && smd_changes_get(sorting->changes, first - 1)->parent == parent)
		first--;
	for (uint32_t i = first;
	     i < count && !err && smd_changes_get(sorting->changes, i)->parent == parent; i++) {
		if (sorting->items[i].place)
			continue;
		err = sorting->items[at].place > 0 ? add_edge(sorting, at, i)
						   : add_edge(sorting, i, at);
	}
	return err;
}

static int order_places(struct sorting *sorting)
{
	uint32_t count = (uint32_t)smd_changes_count(sorting->changes);
	int err = 0;

	for (uint32_t i = 0; i < count && !err; i++)
		if (sorting->items[i].place)
			err = order_place(sorting, i);
	return err;
}

/* From mentions to edges */

static int by_name(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	size_t shorter = x->name.length < y->name.length ? x->name.length : y->name.length;
	int order = memcmp(x->name.at, y->name.at, shorter);

	if (!order)
		order = (x->name.length > y->name.length) - (x->name.length < y->name.length);
	if (!order)
		order = (x->kind > y->kind) - (x->kind < y->kind);
	return order ? order : (x->item > y->item) - (x->item < y->item);
}

/* Changes with event `before` come first: an item is put between them and those with `behind`. */
static int order_events(struct sorting *sorting, const struct mention *group, size_t count,
			enum name_event before, enum name_event behind)
{
	uint32_t middle = (uint32_t)sorting->item_count;
	size_t first = 0, last = 0;
	int err = 0;

	for (size_t i = 0; i < count; i++) {
		first += group[i].event == before;
		last += group[i].event == behind;
	}
	if (!first || !last)
		return 0;
	err = add_item(sorting, NAME, SMD_PART_ALL);
	if (!err)
		sorting->items[middle].holds = before == VALUE_FREED;
	for (size_t i = 0; i < count && !err; i++) {
		if (group[i].event == before)
			err = add_edge(sorting, group[i].item, middle);
		else if (group[i].event == behind)
			err = add_edge(sorting, middle, group[i].item);
		if (group[i].event == behind && behind == NAME_UNDEFINED &&
		    !smd_ref_is_tie(group->name))
			sorting->items[group[i].item].late = 1;
	}
	return err;
}

static int order_names(struct sorting *sorting)
{
	size_t count = sorting->mention_count;
	int err = 0;

	if (count)
		qsort(sorting->mentions, count, sizeof(*sorting->mentions), by_name);
	for (size_t i = 0, end; i < count && !err; i = end) {
		const struct mention *group = &sorting->mentions[i];

		for (end = i + 1; end < count && group->kind == sorting->mentions[end].kind &&
				  smd_span_same(group->name, sorting->mentions[end].name);)
			end++;
		err = order_events(sorting, group, end - i, NAME_DEFINED, NAME_USED);
		if (!err)
			err = order_events(sorting, group, end - i, NAME_UNUSED, NAME_UNDEFINED);
		if (!err)
			err = order_events(sorting, group, end - i, VALUE_FREED, VALUE_TAKEN);
	}
	return err;
}

/* Sorting */

static void put_step(struct sorting *sorting, uint32_t item, enum smd_change_part part)
{
	struct smd_render_order *out = sorting->out;

	if (sorting->items[item].change != NAME && out->count < out->room)
		out->steps[out->count++] =
			(struct smd_render_step){sorting->items[item].change, part};
}

/* A value that is taken in a ring is released before its line gets another one. */
static void release_value(struct sorting *sorting, uint32_t at)
{
	struct item *item = &sorting->items[at];

	if (item->released || item->change == NAME || item->removes_first ||
	    smd_grammar_paths(sorting->refs.grammar) ||
	    change_of(sorting, at)->op != SMD_CHANGE_VALUE)
		return;
	item->released = 1;
	put_step(sorting, at, SMD_PART_RELEASE);
}

/* Begin to visit an item that `waiting` waits for, unless done. Returns the item to go on with. */
static uint32_t come_to(struct sorting *sorting, uint32_t at, uint32_t waiting)
{
	struct item *item = &sorting->items[at];

	if (item->state != NEW)
		return waiting;
	item->state = VISITING;
	item->edge = item->first;
	item->waiting = waiting;
	return at;
}

/* Put an item behind all that it waits for, but not behind one that is being visited (a ring). The
 * way back is kept in the items: a chain may be as long as there are changes. */
static void visit_item(struct sorting *sorting, uint32_t at)
{
	at = come_to(sorting, at, NOBODY);
	while (at != NOBODY) {
		struct item *item = &sorting->items[at];
		const struct edge *edge = &sorting->edges[item->edge];

		if (!item->edge) {
			item->state = DONE;
			put_step(sorting, at, item->part);
			at = item->waiting;
			continue;
		}
		item->edge = edge->next;
		if (item->holds && sorting->items[edge->before].state == VISITING)
			release_value(sorting, edge->before);
		at = come_to(sorting, edge->before, at);
	}
}

/* Visit the items of a change, except those that must wait for a use to be removed. */
static void visit_change(struct sorting *sorting, uint32_t at)
{
	uint32_t leaving = sorting->items[at].leaving;

	if (leaving && !sorting->items[leaving].late)
		visit_item(sorting, leaving);
	if (!sorting->items[at].late)
		visit_item(sorting, at);
}

static int is_removal(const struct sorting *sorting, uint32_t at)
{
	return smd_changes_get(sorting->changes, at)->op == SMD_CHANGE_REMOVE;
}

/* Visit the changes of a section, from `first` on; returns its end. REQUIRED removals are last. */
static uint32_t visit_section(struct sorting *sorting, uint32_t first, uint32_t end)
{
	const struct smd_node *parent = smd_changes_get(sorting->changes, first)->parent;
	uint32_t last = first;

	while (last < end && smd_changes_get(sorting->changes, last)->parent == parent)
		last++;
	for (uint32_t i = first; i < last; i++)
		if (!(sorting->items[i].required && is_removal(sorting, i)))
			visit_change(sorting, i);
	for (uint32_t i = first; i < last; i++)
		visit_change(sorting, i);
	return last;
}

/*
 * Note what the item waits for outside of its group, also through names, which do not count. Once
 * is enough: before the next group asks, all of it will have been visited.
 */
static int collect_outside(struct sorting *sorting, uint32_t at, uint32_t first, uint32_t end)
{
	struct item *item = &sorting->items[at];
	int err = 0;

	for (uint32_t edge = item->collected ? 0 : item->first; edge && !err;
	     edge = sorting->edges[edge].next) {
		uint32_t before = sorting->edges[edge].before;
		uint32_t change = sorting->items[before].change;

		if (change == NAME) {
			err = collect_outside(sorting, before, first, end);
		} else if (change < first || change >= end) {
			err = smd_make_room(&sorting->outside, sorting->outside_count,
					    &sorting->outside_room, sizeof(*sorting->outside));
			if (!err)
				sorting->outside[sorting->outside_count++] = before;
		}
	}
	item->collected = 1;
	return err;
}

static int by_index(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Visit what a group waits for, then its additions that invalidate others, then the rest. */
static int visit_group(struct sorting *sorting, uint32_t first, uint32_t end)
{
	int err = 0;

	sorting->outside_count = 0;
	for (uint32_t i = first; i < end && !err; i++)
		if (!sorting->items[i].late)
			err = collect_outside(sorting, i, first, end);
	if (err)
		return err;
	if (sorting->outside_count)
		qsort(sorting->outside, sorting->outside_count, sizeof(*sorting->outside),
		      by_index);
	for (size_t i = 0; i < sorting->outside_count; i++)
		visit_item(sorting, sorting->outside[i]);
	for (uint32_t i = first; i < end; i++)
		if (sorting->items[i].invalidates && !sorting->items[i].late &&
		    !is_removal(sorting, i))
			visit_item(sorting, i);
	for (uint32_t i = first; i < end;)
		i = visit_section(sorting, i, end);
	return 0;
}

static int sort_changes(struct sorting *sorting)
{
	uint32_t count = (uint32_t)smd_changes_count(sorting->changes);
	int err = 0;

	for (uint32_t i = 0, end; i < count && !err; i = end) {
		const struct smd_node *top = smd_change_top(smd_changes_get(sorting->changes, i));

		for (end = i + 1;
		     end < count && smd_change_top(smd_changes_get(sorting->changes, end)) == top;)
			end++;
		err = visit_group(sorting, i, end);
	}
	for (uint32_t i = 0; i < sorting->item_count; i++)
		visit_item(sorting, i);
	return err;
}

int smd_render_order_init(struct smd_render_order *order, struct smd_grammar *grammar,
			  const struct smd_changes *changes)
{
	struct sorting sorting = {
		.changes = changes, .refs = {.grammar = grammar}, .out = order, .edge_count = 1};
	size_t count = smd_changes_count(changes);
	int err = smd_make_room(&sorting.edges, 0, &sorting.edge_room, sizeof(*sorting.edges));

	/* at most two steps per change */
	*order = (struct smd_render_order){.steps = calloc(count * 2 + 1, sizeof(*order->steps)),
					   .room = count * 2};
	if (!order->steps || count > UINT32_MAX / 4)
		err = SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count && !err; i++)
		err = add_item(&sorting, (uint32_t)i, SMD_PART_ALL);
	for (size_t i = 0; i < count && !err; i++)
		err = gather_mentions(&sorting, smd_changes_get(changes, i), (uint32_t)i);
	if (!err)
		err = order_names(&sorting);
	if (!err)
		err = order_all_invalidators(&sorting);
	if (!err)
		err = order_places(&sorting);
	if (!err)
		err = sort_changes(&sorting);
	smd_refs_done(&sorting.refs);
	smd_arena_done(&sorting.arena);
	free(sorting.mentions);
	free(sorting.items);
	free(sorting.edges);
	free(sorting.outside);
	return err;
}

void smd_render_order_done(struct smd_render_order *order)
{
	free(order->steps);
	*order = (struct smd_render_order){0};
}
