/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Large blocks of memory. The kernel is asked to use huge pages, because page faults for 4 KiB
 * each would take longer than the work on the memory. Freed by free().
 */
#ifndef SMD_BASE_LARGE_H
#define SMD_BASE_LARGE_H

#include <stdlib.h>
#include <sys/mman.h>

#define SMD_LARGE_PAGE ((size_t)2 << 20)

/* Allocate, not cleared; NULL: no memory. */
static inline void *smd_large_new(size_t size)
{
	void *bytes;

	if (size < SMD_LARGE_PAGE / 2) /* a page of which less is used costs more than it saves */
		return malloc(size);
	size += -size % SMD_LARGE_PAGE;
	bytes = aligned_alloc(SMD_LARGE_PAGE, size);
	/* Best effort: small pages work as well */
	if (bytes)
		(void)madvise(bytes, size, MADV_HUGEPAGE);
	return bytes;
}

#endif
