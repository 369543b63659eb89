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
