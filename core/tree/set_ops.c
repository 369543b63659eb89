/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/set_ops.h"

#include "core/base/cleanup.h"

/* Put `from` in the place of what the set has; `from` gets that. */
static void swap_sets(struct smd_set *set, struct smd_set *from)
{
	struct smd_set old = *set;

	*set = *from;
	*from = old;
}

/* Take the lower one of the next ranges of two sets; one of them has some left. */
static const struct smd_range *take_lower(const struct smd_set *a, size_t *a_at,
					  const struct smd_set *b, size_t *b_at)
{
	int of_b = *a_at == a->count ||
		   (*b_at < b->count && b->ranges[*b_at].first < a->ranges[*a_at].first);

	return of_b ? &b->ranges[(*b_at)++] : &a->ranges[(*a_at)++];
}

/* Does `more` begin behind all numbers of the set? */
static int is_behind(const struct smd_set *more, const struct smd_set *set)
{
	return !set->count || set->ranges[set->count - 1].last < more->ranges[0].first;
}

static int add_each(struct smd_set *set, const struct smd_set *more)
{
	int err = 0;

	for (size_t i = 0; i < more->count && !err; i++)
		err = smd_set_add(set, more->ranges[i].first, more->ranges[i].last);
	return err;
}

int smd_set_add_all(struct smd_set *set, const struct smd_set *more)
{
	smd_cleanup(smd_set_done) struct smd_set all = {0};
	size_t at = 0, more_at = 0;

	if (!more->count)
		return 0;
	if (more->count == 1 || is_behind(more, set))
		return add_each(set, more);
	while (at < set->count || more_at < more->count) {
		const struct smd_range *range = take_lower(set, &at, more, &more_at);

		if (smd_set_add(&all, range->first, range->last)) /* at its end */
			return SMD_E_NO_MEMORY;
	}
	swap_sets(set, &all);
	return 0;
}

int smd_set_remove_all(struct smd_set *set, const struct smd_set *less)
{
	smd_cleanup(smd_set_done) struct smd_set left = {0};

	if (less->count == 1)
		return smd_set_remove(set, less->ranges[0].first, less->ranges[0].last);
	if (!set->count || !less->count)
		return 0;
	if (smd_set_minus(&left, set, less))
		return SMD_E_NO_MEMORY;
	swap_sets(set, &left);
	return 0;
}

int smd_set_keep_all(struct smd_set *set, const struct smd_set *kept)
{
	smd_cleanup(smd_set_done) struct smd_set left = {0};
	struct smd_set_walk walk = {.set = set, .others = {kept}};

	while (smd_set_walk_next(&walk))
		if (walk.in && smd_set_add(&left, walk.run.first, walk.run.last))
			return SMD_E_NO_MEMORY;
	swap_sets(set, &left);
	return 0;
}

/* Cut the run to where the other set goes on or stops having its numbers. */
static int cut_run(struct smd_range *run, const struct smd_set *other, size_t *at)
{
	const struct smd_range *range;

	while (*at < other->count && other->ranges[*at].last < run->first)
		++*at;
	if (*at == other->count)
		return 0;
	range = &other->ranges[*at];
	if (range->first <= run->first) {
		run->last = range->last < run->last ? range->last : run->last;
		return 1;
	}
	if (range->first <= run->last)
		run->last = range->first - 1;
	return 0;
}

int smd_set_walk_next(struct smd_set_walk *walk)
{
	const struct smd_set *set = walk->set;

	while (walk->at < set->count && set->ranges[walk->at].last < walk->next)
		walk->at++;
	if (walk->at == set->count)
		return 0;
	walk->run = set->ranges[walk->at];
	if (walk->run.first < walk->next)
		walk->run.first = (uint32_t)walk->next;
	walk->in = 0;
	for (size_t i = 0; i < SMD_SET_WALK_MAX && walk->others[i]; i++)
		if (cut_run(&walk->run, walk->others[i], &walk->others_at[i]))
			walk->in |= 1u << i;
	walk->next = (uint64_t)walk->run.last + 1;
	return 1;
}
