/* SPDX-License-Identifier: Apache-2.0 */
/* Rows: records that were copied out of the store, so that they can be parsed on any thread. */
#ifndef SMD_STORE_ROWS_H
#define SMD_STORE_ROWS_H

#include <smartdeploy/store.h>

#include "core/base/cleanup.h"

/* A record, see smd_store_row. A NUL follows the value, which is NULL if it was not read. */
struct smd_row {
	char *key;
	void *value;
	size_t size;
	uint64_t revision;
	int damaged;
};

/* {0} is empty. */
struct smd_rows {
	struct smd_row *rows;
	size_t count, room;
};

void smd_rows_done(struct smd_rows *rows); /* wipes the values */

/*
 * Add the records of a range, in its order. By the store's `list`, or by its `each` where it has
 * none: then a damaged record is an error. Errors of these, and SMD_E_NO_MEMORY.
 */
int smd_rows_read(const struct smd_store *ops, void *store, const struct smd_store_range *range,
		  struct smd_rows *rows, struct smd_error *error);

static inline void smd_cleanup_smd_rows(struct smd_rows *rows)
{
	smd_rows_done(rows);
}

#endif
