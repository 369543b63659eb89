/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of lines, as far as rules cannot express it. Seen on 8.4.4: a clause of a route map is
 * removed by its number, whatever it permits. For numbered lists see entries.c.
 */
#include "order.h"

#include <stdlib.h>

#include "frr.h"

int smd_frr_put(struct smd_frr_lines *lines, char *line)
{
	size_t room = lines->room ? lines->room * 2 : 64;
	char **wider;

	if (lines->count == lines->room) {
		wider = reallocarray(lines->at, room, sizeof(*wider));
		if (!wider) {
			free(line);
			return -1;
		}
		lines->at = wider;
		lines->room = room;
	}
	lines->at[lines->count++] = line;
	return line ? 0 : -1;
}

static void drop(struct smd_frr_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->at[i]);
	free(lines->at);
}

/* A line that enters a clause of a route map, or removes one. */
struct clause {
	const char *name, *number; /* borrowed from the line; the name ends before a blank */
	size_t length;             /* of the name */
	size_t at;                 /* index of the line */
	int gone;
};

/* 0: the line is none. */
static int read_clause(const char *line, size_t at, struct clause *clause)
{
	const char *gone = smd_frr_behind(line, "no ");
	const char *name = smd_frr_behind(gone ? gone : line, "route-map ");
	const char *action = smd_frr_behind_word(name);

	*clause = (struct clause){.name = name, .at = at, .gone = gone != NULL};
	clause->number = smd_frr_behind_word(action);
	clause->length = action ? (size_t)(action - name) : 0;
	return clause->number != NULL;
}

static int same_clause(const struct clause *a, const struct clause *b)
{
	return a->length == b->length && !memcmp(a->name, b->name, a->length) &&
	       !strcmp(a->number, b->number);
}

static int by_clause(const void *a, const void *b)
{
	const struct clause *x = a, *y = b;
	size_t shorter = x->length < y->length ? x->length : y->length;
	int order = memcmp(x->name, y->name, shorter);

	if (!order)
		order = (x->length > y->length) - (x->length < y->length);
	if (!order)
		order = strcmp(x->number, y->number);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* A line and where it shall stand: at its own index, or before the line at another. */
struct placed {
	char *line;
	size_t target, at;
};

static int by_target(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int stays = x->target == x->at, other_stays = y->target == y->at;

	if (x->target != y->target)
		return (x->target > y->target) - (x->target < y->target);
	return stays != other_stays ? stays - other_stays : (x->at > y->at) - (x->at < y->at);
}

/* Give each removal the place before the first line that adds its clause, if one is above it. */
static void place_removals(const struct clause *clauses, size_t count, struct placed *placed)
{
	const struct clause *first = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct clause *clause = &clauses[i];

		if (first && !same_clause(first, clause))
			first = NULL;
		if (clause->gone && first)
			placed[clause->at].target = first->at;
		else if (!clause->gone && !first)
			first = clause;
	}
}

/* Move the removal of a clause before the line that adds one with the same number. -1: no memory.
 */
static int order_clauses(struct smd_frr_lines *lines)
{
	struct clause *clauses = calloc(lines->count + 1, sizeof(*clauses));
	struct placed *placed = calloc(lines->count + 1, sizeof(*placed));
	size_t count = 0;

	for (size_t i = 0; i < lines->count && clauses && placed; i++) {
		placed[i] = (struct placed){lines->at[i], i, i};
		count += (size_t)read_clause(lines->at[i], i, &clauses[count]);
	}
	if (count) {
		qsort(clauses, count, sizeof(*clauses), by_clause);
		place_removals(clauses, count, placed);
		qsort(placed, lines->count, sizeof(*placed), by_target);
		for (size_t i = 0; i < lines->count; i++)
			lines->at[i] = placed[i].line;
	}
	count = clauses && placed;
	free(clauses);
	free(placed);
	return count ? 0 : -1;
}

int smd_frr_order(const struct smd_changes *changes, struct smd_text *payload,
		  struct smd_error *error)
{
	struct smd_frr_lines lines = {0}, out = {0};
	const char *line;
	int err = 0;

	for (size_t i = 0; !err && (line = smd_text_get(payload, i, NULL)); i++)
		err = smd_frr_put(&lines, strdup(line));
	if (!err)
		err = order_clauses(&lines);
	if (!err)
		err = smd_frr_order_entries(&lines, smd_changes_from(changes), &out);
	smd_text_clear(payload);
	for (size_t i = 0; !err && i < out.count; i++)
		err = smd_text_line(payload, out.at[i]);
	drop(&lines);
	drop(&out);
	return err ? smd_fail(error, SMD_E_NO_MEMORY, "no memory for a payload") : 0;
}
