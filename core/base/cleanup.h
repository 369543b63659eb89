/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup at the end of a scope, for the library's own code (GNU C). */
#ifndef SMD_BASE_CLEANUP_H
#define SMD_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

/* `smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;` */
#define smd_cleanup(free_function) __attribute__((__cleanup__(smd_cleanup_##free_function)))

/* Define the helper for one type once, in the header or source that uses it. */
#define SMD_CLEANUP_DEFINE(type, free_function)                                                    \
	static inline void smd_cleanup_##free_function(type *place)                                \
	{                                                                                          \
		if (*place)                                                                        \
			free_function(*place);                                                     \
	}                                                                                          \
	struct smd_cleanup_semicolon

/* Hand the pointer on and leave NULL behind. */
#define smd_take(pointer)                                                                          \
	({                                                                                         \
		__auto_type taken_ = (pointer);                                                    \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

static inline void smd_cleanup_free(void *place)
{
	free(*(void **)place);
}

static inline void smd_cleanup_close(int *place)
{
	if (*place >= 0)
		close(*place);
}

#define SMD_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
