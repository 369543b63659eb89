/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger of one device: which configuration owns which node.
 *
 * A row belongs to one node and has its canonical path. It lists the configurations that own the
 * node, and says whether the node existed before any of them. In that case it is *foreign*: when
 * the last owner goes, the node stays and gets back the value that it had.
 *
 * Of a set node each number has owners of its own, among those of the node. The row has them as
 * ranges: for each owner its numbers, and besides the numbers that are foreign. So a row of all
 * numbers is as small, and as quickly dealt with, as a row of one.
 */
#ifndef SMD_PLAN_LEDGER_H
#define SMD_PLAN_LEDGER_H

#include <smartdeploy/set.h>

#include "core/base/json.h"
#include "core/base/multimap.h"
#include "core/store/store_thread.h"

struct smd_ledger_owner {
	char *name;
	struct smd_set numbers; /* of a set node, those that it owns */
};

struct smd_ledger_row {
	char *path;
	struct smd_ledger_owner *owners; /* sorted by name */
	size_t owner_count, owner_room;
	int foreign;
	char *was; /* value of a foreign leaf or block before it was owned; NULL: it has no value */
	size_t was_size;
	struct smd_set foreign_numbers; /* all of them have an owner */
	struct smd_set apart; /* numbers with a record each, as before ranges; until it is saved */
};

/* Rows in the order in which they came, and their places by hashes of the paths. {0} is empty. */
struct smd_ledger {
	struct smd_ledger_row *rows;
	size_t count, room;
	struct smd_multimap places;
};

void smd_ledger_done(struct smd_ledger *ledger);
int smd_ledger_copy(struct smd_ledger *out, const struct smd_ledger *from);
/* Read the device's records. SMD_E_INVALID, and others: a record is damaged, and named. */
int smd_ledger_load(struct smd_ledger *out, struct smd_store_thread *store_thread,
		    const char *device, struct smd_error *error);
/* Add to `batch` the writes that turn the records of `before` into those of `after`. */
void smd_ledger_save(const struct smd_ledger *before, const struct smd_ledger *after,
		     const char *device, struct smd_batch *batch);

struct smd_ledger_row *smd_ledger_find(const struct smd_ledger *ledger, const char *path);
/*
 * Find the row or add it; `*fresh` is 1 if it was added. NULL: no memory. Invalidates pointers
 * to rows.
 */
struct smd_ledger_row *smd_ledger_add(struct smd_ledger *ledger, const char *path, int *fresh);
/* Remove the rows without owners. Invalidates pointers to rows. SMD_E_NO_MEMORY. */
int smd_ledger_prune(struct smd_ledger *ledger);

void smd_ledger_row_done(struct smd_ledger_row *row); /* of a row outside a ledger */
int smd_ledger_row_add_owner(struct smd_ledger_row *row, const char *owner);
/* Its numbers go, too. */
void smd_ledger_row_remove_owner(struct smd_ledger_row *row, const char *owner);
/* The owner's part of the row; NULL: it owns nothing of it. */
const struct smd_ledger_owner *smd_ledger_row_owner(const struct smd_ledger_row *row,
						    const char *owner);
/*
 * Give numbers to an owner of the row. Those that nobody owned before are foreign if they are in
 * `there`, what the device has. SMD_E_NOT_FOUND: no owner of the row.
 */
int smd_ledger_row_add_numbers(struct smd_ledger_row *row, const char *owner,
			       const struct smd_set *numbers, const struct smd_set *there);
/*
 * Take numbers from an owner. `*lost`, empty before, becomes those for the device to lose: nobody
 * owns them any more, and they are not foreign. The caller's (smd_set_done).
 */
int smd_ledger_row_remove_numbers(struct smd_ledger_row *row, const char *owner,
				  const struct smd_set *numbers, struct smd_set *lost);

#endif
