/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying structures of another build, with fewer or more members, into this build's layout.
 * Members that both have are copied, members that the other build lacks become zero, members
 * that only it has are dropped.
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

/*
 * The same for an array of `count` elements of `size` bytes. The result is the caller's; NULL:
 * no memory.
 */
static inline void *smd_versioned_array(size_t room, const void *from, size_t count, size_t size)
{
	char *copy = calloc(count, room);

	for (size_t i = 0; copy && i < count; i++)
		smd_versioned_take(copy + i * room, room, (const char *)from + i * size, size);
	return copy;
}

#endif
