/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory by the megabyte. The kernel is asked for large pages: a fault for each 4 KiB takes
 * longer than what is then done with them. Freed by free().
 */
#ifndef SMD_BASE_LARGE_H
#define SMD_BASE_LARGE_H

#include <stdlib.h>
#include <sys/mman.h>

#define SMD_LARGE_PAGE ((size_t)2 << 20)

/* Not cleared; NULL: no memory. */
static inline void *smd_large_new(size_t size)
{
	void *bytes;

	if (size < SMD_LARGE_PAGE / 2) /* a page of which less is used costs more than it saves */
		return malloc(size);
	size += -size % SMD_LARGE_PAGE;
	bytes = aligned_alloc(SMD_LARGE_PAGE, size);
	if (bytes)
		(void)madvise(bytes, size, MADV_HUGEPAGE); /* a kernel without them is as good */
	return bytes;
}

#endif
