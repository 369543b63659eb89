/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structures that another build made, taken into this build's layout by the
 * sizes that stand in them: what both know is copied, what the other lacks is
 * zero, what only the other has is left behind.
 */
#ifndef SMD_BASE_VERSIONED_H
#define SMD_BASE_VERSIONED_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static inline void smd_versioned_take(void *to, size_t room, const void *from, size_t size)
{
	memset(to, 0, room);
	memcpy(to, from, size < room ? size : room);
}

/* The same for `count` elements of `size` bytes each; the caller's. NULL: no memory. */
static inline void *smd_versioned_array(size_t room, const void *from, size_t count, size_t size)
{
	char *copy = calloc(count, room);

	for (size_t i = 0; copy && i < count; i++)
		smd_versioned_take(copy + i * room, room, (const char *)from + i * size, size);
	return copy;
}

#endif
