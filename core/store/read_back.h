/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a batch back, of which a store does not know whether it was written. */
#ifndef SMD_STORE_READ_BACK_H
#define SMD_STORE_READ_BACK_H

#include <smartdeploy/store.h>

/*
 * Whether the store's records are as the batch leaves them: values equal, deleted ones absent.
 * Returns 1: they are. 0: one is not; so nothing was written, because a batch is all or
 * nothing. An error code: a record cannot be read, and `error` says why.
 *
 * A batch that changes nothing (the same values without an expected revision) is told as
 * written.
 */
int smd_store_read_back(const struct smd_store *ops, void *store,
			const struct smd_store_item *items, size_t count, struct smd_error *error);

#endif
