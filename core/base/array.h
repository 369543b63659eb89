/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays on the heap that grow. */
#ifndef SMD_BASE_ARRAY_H
#define SMD_BASE_ARRAY_H

#include <smartdeploy/error.h>

#include <stddef.h>
#include <stdlib.h>

/*
 * Make room for one more element behind `count` of an array on the heap. `array` is the address of
 * the pointer to it, which may be NULL; `*room` and `size` are elements and bytes of one. It is the
 * caller's (free()). SMD_E_NO_MEMORY leaves all as it was.
 */
static inline int smd_make_room(void *array, size_t count, size_t *room, size_t size)
{
	void **place = array, *wider;
	size_t wanted = *room ? *room * 2 : 64;

	if (count < *room)
		return 0;
	wider = reallocarray(*place, wanted, size);
	if (!wider)
		return SMD_E_NO_MEMORY;
	*place = wider;
	*room = wanted;
	return 0;
}

#endif
