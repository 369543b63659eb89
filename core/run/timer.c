/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/timer.h"

#include <stddef.h>

/*
 * `child` is the first child, `next` the next one of the same parent. `back` is the one before,
 * or the parent.
 */

static int ends_before(const struct smd_timer *a, const struct smd_timer *b)
{
	return a->due < b->due || (a->due == b->due && a->order < b->order);
}

/* Join two trees: the root that ends later becomes a child of the other, which is returned. */
static struct smd_timer *join(struct smd_timer *a, struct smd_timer *b)
{
	struct smd_timer *root, *child;

	if (!a || !b)
		return a ? a : b;
	root = ends_before(b, a) ? b : a;
	child = root == a ? b : a;
	child->next = root->child;
	if (child->next)
		child->next->back = child;
	child->back = root;
	root->child = child;
	root->next = root->back = NULL;
	return root;
}

/* Join a list of trees: in pairs first, which is what keeps the later removals cheap. */
static struct smd_timer *join_all(struct smd_timer *list)
{
	struct smd_timer *pairs = NULL, *root = NULL;

	while (list) {
		struct smd_timer *a = list, *b = a->next, *pair;

		list = b ? b->next : NULL;
		pair = join(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct smd_timer *pair = pairs;

		pairs = pair->next;
		root = join(root, pair);
	}
	if (root)
		root->next = root->back = NULL;
	return root;
}

void smd_timers_add(struct smd_timers *timers, struct smd_timer *timer, uint64_t due)
{
	timer->due = due;
	timer->order = timers->order++;
	timer->child = timer->next = timer->back = NULL;
	timer->running = 1;
	timers->first = join(timers->first, timer);
}

void smd_timers_remove(struct smd_timers *timers, struct smd_timer *timer)
{
	struct smd_timer *children = join_all(timer->child);

	timer->running = 0;
	if (timer == timers->first) {
		timers->first = children;
		return;
	}
	if (timer->back->child == timer)
		timer->back->child = timer->next;
	else
		timer->back->next = timer->next;
	if (timer->next)
		timer->next->back = timer->back;
	timers->first = join(timers->first, children);
}
