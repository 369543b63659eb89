/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger of one device: which configuration owns which node.
 *
 * A row belongs to one atom (atom.h) and has its key as `path`. It lists the configurations
 * that own the atom, and says whether the atom existed before any of them. In that case it is
 * *foreign*: when the last owner goes, the atom stays and gets back the value that it had.
 */
#ifndef SMD_PLAN_LEDGER_H
#define SMD_PLAN_LEDGER_H

#include "core/base/json.h"
#include "core/store/store_thread.h"

struct smd_ledger_row {
	char *path;
	char **owners;
	size_t owner_count;
	int foreign;
	char *was; /* value of a foreign leaf or block before it was owned; NULL: it has no value */
	size_t was_size;
};

/* Rows sorted by path. {0} is empty. */
struct smd_ledger {
	struct smd_ledger_row *rows;
	size_t count, room;
};

void smd_ledger_done(struct smd_ledger *ledger);
int smd_ledger_copy(struct smd_ledger *out, const struct smd_ledger *from);
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
void smd_ledger_drop(struct smd_ledger *ledger, const char *path);
int smd_ledger_row_add_owner(struct smd_ledger_row *row, const char *owner);
void smd_ledger_row_remove_owner(struct smd_ledger_row *row, const char *owner);
int smd_ledger_row_owned_by(const struct smd_ledger_row *row, const char *owner);

#endif
