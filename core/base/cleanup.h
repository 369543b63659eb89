/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup of local variables at the end of their scope, for internal code (GNU C). */
#ifndef SMD_BASE_CLEANUP_H
#define SMD_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

/* Example: `smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;` */
#define smd_cleanup(free_function) __attribute__((__cleanup__(smd_cleanup_##free_function)))

/* Define the cleanup helper of a type; once, in the header or source that uses it. */
#define SMD_CLEANUP_DEFINE(type, free_function)                                                    \
	static inline void smd_cleanup_##free_function(type *place)                                \
	{                                                                                          \
		if (*place)                                                                        \
			free_function(*place);                                                     \
	}                                                                                          \
	struct smd_cleanup_semicolon

/* Returns the pointer and sets the variable to NULL, to pass ownership on. */
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
