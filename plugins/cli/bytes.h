/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_PLUGINS_CLI_BYTES_H
#define SMD_PLUGINS_CLI_BYTES_H

#include <stddef.h>

/* Bytes that grow; wiped when they move or go. */
struct smd_bytes {
	char *data;
	size_t size, room;
};

/* Each returns 0 or SMD_E_NO_MEMORY. */
int smd_bytes_add(struct smd_bytes *bytes, const char *more, size_t size);
void smd_bytes_drop(struct smd_bytes *bytes, size_t size); /* the first ones */
void smd_bytes_done(struct smd_bytes *bytes);

/*
 * Move `used` bytes from `old` (may be NULL), which has `*room`, to a place of
 * at least `need`, twice as large at a time. The old place is wiped, it may hold
 * secrets. Returns the new one, or NULL and nothing has changed.
 */
void *smd_bytes_regrow(void *old, size_t used, size_t *room, size_t need);

#endif
