/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/ledger.h"

#include <string.h>

#include "core/base/array.h"
#include "core/tree/arena.h"
#include "core/tree/set_ops.h"

static void owner_done(struct smd_ledger_owner *owner)
{
	free(owner->name);
	smd_set_done(&owner->numbers);
}

void smd_ledger_row_done(struct smd_ledger_row *row)
{
	for (size_t i = 0; i < row->owner_count; i++)
		owner_done(&row->owners[i]);
	free(row->owners);
	free(row->path);
	free(row->was);
	smd_set_done(&row->foreign_numbers);
	smd_set_done(&row->apart);
}

void smd_ledger_done(struct smd_ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		smd_ledger_row_done(&ledger->rows[i]);
	free(ledger->rows);
	smd_multimap_done(&ledger->places);
	*ledger = (struct smd_ledger){0};
}

struct smd_ledger_row *smd_ledger_find(const struct smd_ledger *ledger, const char *path)
{
	uint32_t at = smd_multimap_first(&ledger->places, smd_hash_wide(path, strlen(path)));

	while (at != SMD_MULTIMAP_END) {
		const struct smd_multimap_pair *pair = &ledger->places.pairs[at];

		if (!strcmp(ledger->rows[pair->value].path, path))
			return &ledger->rows[pair->value];
		at = pair->next;
	}
	return NULL;
}

static int enter_place(struct smd_ledger *ledger, size_t at)
{
	const char *path = ledger->rows[at].path;

	return smd_multimap_put(&ledger->places, smd_hash_wide(path, strlen(path)), (uint32_t)at);
}

struct smd_ledger_row *smd_ledger_add(struct smd_ledger *ledger, const char *path, int *fresh)
{
	struct smd_ledger_row *row = smd_ledger_find(ledger, path);
	char *copy;

	*fresh = !row;
	if (row)
		return row;
	copy = strdup(path);
	if (!copy ||
	    smd_make_room(&ledger->rows, ledger->count, &ledger->room, sizeof(*ledger->rows))) {
		free(copy);
		return NULL;
	}
	row = &ledger->rows[ledger->count];
	*row = (struct smd_ledger_row){.path = copy};
	if (enter_place(ledger, ledger->count)) {
		smd_ledger_row_done(row);
		return NULL;
	}
	ledger->count++;
	return row;
}

int smd_ledger_prune(struct smd_ledger *ledger)
{
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; i < ledger->count; i++) {
		if (ledger->rows[i].owner_count)
			ledger->rows[kept++] = ledger->rows[i];
		else
			smd_ledger_row_done(&ledger->rows[i]);
	}
	if (kept == ledger->count)
		return 0;
	ledger->count = kept;
	smd_multimap_done(&ledger->places);
	for (size_t i = 0; i < kept && !err; i++)
		err = enter_place(ledger, i);
	return err;
}

/* Owners */

/* The index of the owner, or the index at which it must be inserted. */
static size_t find_place(const struct smd_ledger_row *row, const char *owner, int *there)
{
	size_t low = 0, high = row->owner_count;

	*there = 0;
	while (low < high && !*there) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(row->owners[middle].name, owner);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
		*there = !order;
	}
	return high;
}

static struct smd_ledger_owner *find_owner(const struct smd_ledger_row *row, const char *owner)
{
	int there;
	size_t at = find_place(row, owner, &there);

	return there ? &row->owners[at] : NULL;
}

const struct smd_ledger_owner *smd_ledger_row_owner(const struct smd_ledger_row *row,
						    const char *owner)
{
	return find_owner(row, owner);
}

static int reserve_owners(struct smd_ledger_row *row, size_t room)
{
	struct smd_ledger_owner *owners;

	if (room <= row->owner_room)
		return 0;
	owners = reallocarray(row->owners, room, sizeof(*owners));
	if (!owners)
		return SMD_E_NO_MEMORY;
	row->owners = owners;
	row->owner_room = room;
	return 0;
}

int smd_ledger_row_add_owner(struct smd_ledger_row *row, const char *owner)
{
	size_t count = row->owner_count, at;
	char *name;
	int there;

	at = find_place(row, owner, &there);
	if (there)
		return 0;
	if (count == row->owner_room && reserve_owners(row, count ? 2 * count : 1))
		return SMD_E_NO_MEMORY;
	name = strdup(owner);
	if (!name)
		return SMD_E_NO_MEMORY;
	memmove(&row->owners[at + 1], &row->owners[at], (count - at) * sizeof(*row->owners));
	row->owners[at] = (struct smd_ledger_owner){.name = name};
	row->owner_count++;
	return 0;
}

void smd_ledger_row_remove_owner(struct smd_ledger_row *row, const char *owner)
{
	struct smd_ledger_owner *there = find_owner(row, owner);

	if (!there)
		return;
	owner_done(there);
	row->owner_count--;
	memmove(there, there + 1,
		(size_t)(row->owners + row->owner_count - there) * sizeof(*there));
}

/* Remove the numbers that have an owner from a set. */
static int remove_owned(struct smd_set *set, const struct smd_ledger_row *row)
{
	int err = 0;

	for (size_t i = 0; i < row->owner_count && set->count && !err; i++)
		err = smd_set_remove_all(set, &row->owners[i].numbers);
	return err;
}

int smd_ledger_row_add_numbers(struct smd_ledger_row *row, const char *owner,
			       const struct smd_set *numbers, const struct smd_set *there)
{
	struct smd_ledger_owner *part = find_owner(row, owner);
	smd_cleanup(smd_set_done) struct smd_set fresh = {0};
	int err;

	if (!part)
		return SMD_E_NOT_FOUND;
	err = smd_set_copy(&fresh, numbers);
	if (!err)
		err = smd_set_keep_all(&fresh, there);
	if (!err)
		err = remove_owned(&fresh, row);
	if (!err)
		err = smd_set_add_all(&row->foreign_numbers, &fresh);
	return err ? err : smd_set_add_all(&part->numbers, numbers);
}

int smd_ledger_row_remove_numbers(struct smd_ledger_row *row, const char *owner,
				  const struct smd_set *numbers, struct smd_set *lost)
{
	struct smd_ledger_owner *part = find_owner(row, owner);
	smd_cleanup(smd_set_done) struct smd_set gone = {0};
	int err;

	if (!part)
		return 0;
	err = smd_set_copy(&gone, numbers);
	if (!err)
		err = smd_set_keep_all(&gone, &part->numbers);
	if (!err)
		err = smd_set_remove_all(&part->numbers, &gone);
	if (!err)
		err = remove_owned(&gone, row);
	if (!err)
		err = smd_set_minus(lost, &gone, &row->foreign_numbers);
	return err ? err : smd_set_remove_all(&row->foreign_numbers, &gone);
}

/* Copies */

static int copy_owners(struct smd_ledger_row *out, const struct smd_ledger_row *from)
{
	if (reserve_owners(out, from->owner_count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < from->owner_count; i++) {
		struct smd_ledger_owner *owner = &out->owners[i];

		*owner = (struct smd_ledger_owner){.name = strdup(from->owners[i].name)};
		if (!owner->name)
			return SMD_E_NO_MEMORY;
		out->owner_count++;
		if (smd_set_copy(&owner->numbers, &from->owners[i].numbers))
			return SMD_E_NO_MEMORY;
	}
	return 0;
}

static int copy_row(struct smd_ledger_row *out, const struct smd_ledger_row *from)
{
	out->foreign = from->foreign;
	if (from->was) {
		out->was = malloc(from->was_size + 1);
		if (!out->was)
			return SMD_E_NO_MEMORY;
		memcpy(out->was, from->was, from->was_size + 1);
		out->was_size = from->was_size;
	}
	if (smd_set_copy(&out->foreign_numbers, &from->foreign_numbers) ||
	    smd_set_copy(&out->apart, &from->apart))
		return SMD_E_NO_MEMORY;
	return copy_owners(out, from);
}

int smd_ledger_copy(struct smd_ledger *out, const struct smd_ledger *from)
{
	int fresh;

	*out = (struct smd_ledger){0};
	for (size_t i = 0; i < from->count; i++) {
		struct smd_ledger_row *row = smd_ledger_add(out, from->rows[i].path, &fresh);

		if (!row || copy_row(row, &from->rows[i])) {
			smd_ledger_done(out);
			return SMD_E_NO_MEMORY;
		}
	}
	return 0;
}
