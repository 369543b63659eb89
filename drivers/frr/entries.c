/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of the entries of numbered lists. Seen on 8.4.4: an entry that its list has already
 * under another number is silently ignored.
 */
#include "order.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
	const char *list; /* "ip prefix-list NAME", without a NUL behind it */
	size_t length;
	const char *number; /* borrowed from a line */
	const char *content;
	unsigned long seq;
	size_t list_index;
	struct place *place;
	struct content *there;
};

enum step_op { SET = 1, REMOVE };

/* A line of a list: it sets `entry.content`, or removes the entry. */
struct step {
	struct entry entry;
	enum step_op op;
	char *line;
	size_t at; /* index of the line */
	struct step *next_place, *next_content;
	uint64_t turn; /* while it is in the queue, else 0 */
	int done;
};

/* A number of a list, and what the device has there at the moment. */
struct place {
	const struct entry *has;   /* NULL: nothing */
	struct place *prev, *next; /* of the same content */
	struct step *steps;
};

/* What an entry may say, and where the list has it at the moment. */
struct content {
	struct place *first, *last;
	struct step *steps;
};

/*
 * sorted  The steps by their lists.
 * queue   A heap: steps of the list that may be free to be taken, by their turns.
 * turn    Of the step that is looked at: the pass, and its place in it.
 */
struct order {
	struct entry *have;
	size_t have_count;
	struct step *steps;
	size_t step_count;
	struct step **sorted;
	struct place *places;
	struct content *contents;
	struct step **queue;
	size_t queued;
	uint64_t turn;
	struct smd_frr_lines *out;
};

struct list {
	struct step **steps;
	size_t count, left;
	size_t next[REMOVE + 1]; /* of this kind no step before that is left */
};

/* Read an entry of a numbered list; returns 0 if the text is none. */
static int read_entry(const char *text, struct entry *entry)
{
	static const char *const heads[] = {
		"ip prefix-list ",
		"ipv6 prefix-list ",
		"access-list ",
		"ipv6 access-list ",
		"mac access-list ",
		"bgp as-path access-list ",
		"bgp community-list standard ",
		"bgp community-list expanded ",
		"bgp community-list ",
		"bgp large-community-list standard ",
		"bgp large-community-list expanded ",
		"bgp large-community-list ",
		"bgp extcommunity-list standard ",
		"bgp extcommunity-list expanded ",
		"bgp extcommunity-list ",
	};
	const char *name = NULL;
	char *end;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]) && !name; i++)
		name = smd_frr_behind(text, heads[i]);
	entry->number = smd_frr_behind(smd_frr_behind_word(name), "seq ");
	if (!entry->number || !strspn(entry->number, "0123456789"))
		return 0;
	entry->list = text;
	entry->length = (size_t)(entry->number - text) - strlen(" seq ");
	entry->seq = strtoul(entry->number, &end, 10);
	entry->content = end + strspn(end, " ");
	return 1;
}

/* The queue of steps that may be free */

/* In even passes the first step comes first, in odd ones the last. */
static uint64_t turn_of(const struct step *step, uint32_t pass)
{
	uint32_t at = (uint32_t)step->at;

	return (uint64_t)pass << 32 | (pass & 1 ? UINT32_MAX - at : at);
}

/* In this pass, if its turn is yet to come, else in the next. */
static void enqueue(struct order *order, struct step *step)
{
	uint32_t pass = (uint32_t)(order->turn >> 32);
	size_t at = order->queued, above;

	if (step->turn || step->done || step->op != SET)
		return;
	step->turn = turn_of(step, pass);
	if (step->turn <= order->turn)
		step->turn = turn_of(step, pass + 1);
	for (order->queued++; at && order->queue[(at - 1) / 2]->turn > step->turn; at = above) {
		above = (at - 1) / 2;
		order->queue[at] = order->queue[above];
	}
	order->queue[at] = step;
}

/* The step whose turn is next in this pass; NULL: there is none. */
static struct step *dequeue(struct order *order)
{
	struct step *step = order->queued ? order->queue[0] : NULL, *last;
	size_t at = 0, below;

	if (!step || step->turn >> 32 > order->turn >> 32)
		return NULL;
	last = order->queue[--order->queued];
	while ((below = 2 * at + 1) < order->queued) {
		if (below + 1 < order->queued &&
		    order->queue[below + 1]->turn < order->queue[below]->turn)
			below++;
		if (order->queue[below]->turn >= last->turn)
			break;
		order->queue[at] = order->queue[below];
		at = below;
	}
	order->queue[at] = last;
	order->turn = step->turn;
	step->turn = 0;
	return step;
}

/* What the device has */

/* Another place with the same content; NULL: none. */
static const struct place *find_twin(const struct entry *entry)
{
	const struct place *place = entry->there->first;

	return place == entry->place ? place->next : place;
}

static void hold(const struct entry *entry)
{
	struct place *place = entry->place;
	struct content *content = entry->there;

	place->has = entry;
	place->prev = content->last;
	place->next = NULL;
	*(place->prev ? &place->prev->next : &content->first) = place;
	content->last = place;
}

/* The entry goes: who waits for that, may come. */
static void forget(struct order *order, struct place *place)
{
	struct content *content = place->has ? place->has->there : NULL;

	if (!content)
		return;
	*(place->prev ? &place->prev->next : &content->first) = place->next;
	*(place->next ? &place->next->prev : &content->last) = place->prev;
	place->has = NULL;
	for (struct step *step = content->first == content->last ? content->steps : NULL; step;
	     step = step->next_content)
		enqueue(order, step);
}

/* Entering */

static int take(struct order *order, struct list *list, struct step *step)
{
	char *line = step->line;

	forget(order, step->entry.place);
	if (step->op == SET)
		hold(&step->entry);
	step->done = 1;
	step->line = NULL;
	list->left--;
	return smd_frr_put(order->out, line);
}

/* Take the lines that can be entered now, in the order of their turns. Returns whether there were
 * any; -1: no memory. */
static int take_free(struct order *order, struct list *list)
{
	struct step *step;
	int any = 0;

	while ((step = dequeue(order))) {
		if (step->done || find_twin(&step->entry))
			continue;
		if (take(order, list, step))
			return -1;
		any = 1;
	}
	return any;
}

static struct step *next_of(struct list *list, enum step_op op)
{
	for (size_t *i = &list->next[op]; *i < list->count; ++*i)
		if (!list->steps[*i]->done && list->steps[*i]->op == op)
			return list->steps[*i];
	return NULL;
}

/* The line that removes an entry; NULL: no memory. */
static char *removal_of(const struct entry *entry)
{
	int bare = smd_frr_behind(entry->list, "ip prefix-list ") ||
		   smd_frr_behind(entry->list, "ipv6 prefix-list ");
	const char *content = bare ? "" : entry->content;
	size_t size = entry->length + strlen(content) + sizeof("no  seq 4294967295 ");
	char *line = malloc(size);

	if (line)
		snprintf(line, size, "no %.*s seq %lu%s%s", (int)entry->length, entry->list,
			 entry->seq, bare ? "" : " ", content);
	return line;
}

/* Entries that swap their numbers wait for each other: remove one of them first. */
static int break_ring(struct order *order, struct list *list, struct step *waiting)
{
	const struct place *twin = find_twin(&waiting->entry);
	char *line;

	for (const struct step *step = twin->steps; step; step = step->next_place) {
		if (step->done)
			continue;
		line = removal_of(twin->has);
		forget(order, step->entry.place);
		return smd_frr_put(order->out, line);
	}
	/* wanted twice: let the device refuse it */
	return take(order, list, waiting);
}

/* Take all lines of the list, additions first where possible: it is then never empty. */
static int enter_steps(struct order *order, struct list *list)
{
	int any;

	order->turn = (uint64_t)1 << 32 | UINT32_MAX;
	for (size_t i = 0; i < list->count; i++)
		enqueue(order, list->steps[i]);
	for (uint32_t pass = 2; list->left; pass++) {
		struct step *away = next_of(list, REMOVE), *waiting;

		order->turn = (uint64_t)pass << 32;
		any = take_free(order, list);
		order->turn = (uint64_t)pass << 32 | UINT32_MAX;
		if (any < 0)
			return -1;
		waiting = next_of(list, SET);
		if (any && waiting)
			continue;
		if (away ? take(order, list, away) : waiting ? break_ring(order, list, waiting) : 0)
			return -1;
	}
	return 0;
}

/* Finding out what there is */

static size_t read_have(struct entry *have, const struct smd_tree *tree)
{
	size_t count = 0;

	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node;
	     node = smd_node_next(node)) {
		struct entry entry = {0};

		if (!smd_node_value(node, NULL) || !read_entry(smd_node_name(node), &entry))
			continue;
		entry.content = smd_node_value(node, NULL);
		if (have)
			have[count] = entry;
		count++;
	}
	return count;
}

static size_t read_steps(struct step *steps, const struct smd_frr_lines *lines)
{
	size_t count = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const char *gone = smd_frr_behind(lines->at[i], "no ");
		struct step step = {.op = gone ? REMOVE : SET, .at = i};

		if (!read_entry(gone ? gone : lines->at[i], &step.entry))
			continue;
		if (steps)
			steps[count] = step;
		count++;
	}
	return count;
}

static int by_list(const struct entry *a, const struct entry *b)
{
	size_t shorter = a->length < b->length ? a->length : b->length;
	int order = memcmp(a->list, b->list, shorter);

	return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int by_number(const void *a, const void *b)
{
	const struct entry *x = *(const struct entry *const *)a;
	const struct entry *y = *(const struct entry *const *)b;
	int order = by_list(x, y);

	return order ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

static int by_content(const void *a, const void *b)
{
	const struct entry *x = *(const struct entry *const *)a;
	const struct entry *y = *(const struct entry *const *)b;
	int order = (x->list_index > y->list_index) - (x->list_index < y->list_index);

	return order ? order : strcmp(x->content, y->content);
}

static int by_line(const void *a, const void *b)
{
	const struct step *x = *(const struct step *const *)a;
	const struct step *y = *(const struct step *const *)b;
	size_t p = x->entry.list_index, q = y->entry.list_index;

	return p != q ? (p > q) - (p < q) : (x->at > y->at) - (x->at < y->at);
}

/* Those of one list and number share a place, those of one list and content, that. */
static void share(struct order *order, struct entry **all)
{
	size_t count = order->have_count + order->step_count, places = 0, contents = 0, lists = 0;

	for (size_t i = 0; i < order->have_count; i++)
		all[i] = &order->have[i];
	for (size_t i = 0; i < order->step_count; i++)
		all[order->have_count + i] = &order->steps[i].entry;
	qsort(all, count, sizeof(*all), by_number);
	for (size_t i = 0; i < count; i++) {
		lists += i && by_list(all[i - 1], all[i]) != 0;
		places += i && by_number(&all[i - 1], &all[i]) != 0;
		all[i]->list_index = lists;
		all[i]->place = &order->places[places];
	}
	qsort(all, count, sizeof(*all), by_content);
	for (size_t i = 0; i < count; i++) {
		contents += i && by_content(&all[i - 1], &all[i]) != 0;
		all[i]->there = &order->contents[contents];
	}
}

/* Who is where, and who waits for what. The lines go to the steps. */
static void begin(struct order *order, struct smd_frr_lines *lines)
{
	for (size_t i = 0; i < order->have_count; i++)
		if (!order->have[i].place->has)
			hold(&order->have[i]);
	for (size_t i = order->step_count; i--;) {
		struct step *step = &order->steps[i];

		step->next_place = step->entry.place->steps;
		step->entry.place->steps = step;
		step->next_content = step->entry.there->steps;
		step->entry.there->steps = step;
		step->line = lines->at[step->at];
		lines->at[step->at] = NULL;
		order->sorted[i] = step;
	}
	qsort(order->sorted, order->step_count, sizeof(struct step *), by_line);
}

static int order_init(struct order *order, struct smd_frr_lines *lines, const struct smd_tree *from)
{
	size_t count;
	struct entry **all;

	order->step_count = read_steps(NULL, lines);
	order->have_count = order->step_count ? read_have(NULL, from) : 0;
	count = order->have_count + order->step_count;
	all = calloc(count + 1, sizeof(struct entry *));
	order->have = calloc(order->have_count + 1, sizeof(*order->have));
	order->steps = calloc(order->step_count + 1, sizeof(*order->steps));
	order->sorted = calloc(order->step_count + 1, sizeof(struct step *));
	order->queue = calloc(order->step_count + 1, sizeof(struct step *));
	order->places = calloc(count + 1, sizeof(*order->places));
	order->contents = calloc(count + 1, sizeof(*order->contents));
	if (!all || !order->have || !order->steps || !order->sorted || !order->queue ||
	    !order->places || !order->contents) {
		order->step_count = 0;
		free(all);
		return -1;
	}
	read_steps(order->steps, lines);
	if (order->have_count)
		read_have(order->have, from);
	share(order, all);
	begin(order, lines);
	free(all);
	return 0;
}

static void order_done(struct order *order)
{
	for (size_t i = 0; i < order->step_count; i++)
		free(order->steps[i].line);
	free(order->have);
	free(order->steps);
	free(order->sorted);
	free(order->queue);
	free(order->places);
	free(order->contents);
}

/* All steps of the list that the step is of. */
static int enter_list(struct order *order, struct step *first)
{
	struct step **end = order->sorted + order->step_count;
	struct list list = {.steps = bsearch(&first, order->sorted, order->step_count,
					     sizeof(struct step *), by_line)};

	while (list.steps + list.count < end &&
	       list.steps[list.count]->entry.list_index == first->entry.list_index)
		list.count++;
	list.left = list.count;
	return enter_steps(order, &list);
}

int smd_frr_order_entries(struct smd_frr_lines *lines, const struct smd_tree *from,
			  struct smd_frr_lines *out)
{
	struct order order = {.out = out};
	int err = order_init(&order, lines, from);
	size_t step = 0;

	for (size_t i = 0; i < lines->count && !err; i++) {
		char *line = lines->at[i];

		if (step < order.step_count && order.steps[step].at == i) {
			if (!order.steps[step].done)
				err = enter_list(&order, &order.steps[step]);
			step++;
		} else {
			lines->at[i] = NULL;
			err = smd_frr_put(out, line);
		}
	}
	order_done(&order);
	return err;
}
