/* SPDX-License-Identifier: Apache-2.0 */
/* A text from within, for those who look at millions of its lines. */
#ifndef SMD_BASE_LINES_H
#define SMD_BASE_LINES_H

#include <smartdeploy/text.h>
#include <stdint.h>

#include "core/base/span.h"

/*
 * Lines lie one behind the other in one buffer, each with a NUL at its end;
 * `start` has where each begins. The last line is open while no LF has come.
 */
struct smd_text {
	char *bytes;
	size_t used, room, limit;
	uint32_t *start;
	size_t count, start_room;
	int open; /* the last line may go on */
};

/*
 * Make a text of bytes that the caller gives away: memory from malloc() with room for `size` bytes
 * and one more. It is split where it lies, and wiped and freed with the text, or at once in
 * failure. SMD_E_NO_MEMORY: there is none, or the text has 4 GiB or more.
 */
int smd_text_take(struct smd_text **out, char *bytes_take, size_t size);

/* Line `index` as by smd_text_get; `at` is NULL beyond the end. */
static inline struct smd_span smd_text_span(const struct smd_text *text, size_t index)
{
	size_t start, end;

	if (index >= text->count)
		return (struct smd_span){NULL, 0};
	start = text->start[index];
	end = index + 1 < text->count ? text->start[index + 1] : text->used;
	return (struct smd_span){text->bytes + start, end - start - 1};
}

#endif
