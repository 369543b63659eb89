/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_PLUGINS_CLI_BYTES_H
#define SMD_PLUGINS_CLI_BYTES_H

#include <stddef.h>

/* A growing buffer. Its memory is wiped when it is moved or freed. */
struct smd_bytes {
	char *data;
	size_t size, room;
};

/* Both return 0 or SMD_E_NO_MEMORY. */
int smd_bytes_add(struct smd_bytes *bytes, const char *more, size_t size);
void smd_bytes_drop(struct smd_bytes *bytes, size_t size); /* drops the first bytes */
void smd_bytes_done(struct smd_bytes *bytes);

/*
 * Move `used` bytes from `old` (may be NULL, has `*room` bytes) to a new block of at least
 * `need` bytes; its size is doubled as often as needed. The old block is wiped, since it may
 * hold secrets, and freed. Returns the new block; NULL: no memory, nothing has changed.
 */
void *smd_bytes_regrow(void *old, size_t used, size_t *room, size_t need);

#endif
