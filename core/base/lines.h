/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of a text, for internal code that goes through millions of lines. */
#ifndef SMD_BASE_LINES_H
#define SMD_BASE_LINES_H

#include <smartdeploy/text.h>
#include <stdint.h>

#include "core/base/span.h"

/*
 * A text: its lines one after the other in `bytes`, each ended by a NUL. `start` has the offset
 * of each line.
 */
struct smd_text {
	char *bytes;
	size_t used, room, limit;
	uint32_t *start;
	size_t count, start_room;
	int open;   /* the last line has no LF yet, so appended bytes continue it */
	int mapped; /* `bytes` are pages of their own, not from malloc() */
	int cut;    /* something that was added since it was empty is not there, or only a part */
};

/*
 * Make a text from bytes, without copying them. `bytes_take` comes from malloc(), has room for
 * `size` + 1 bytes, and belongs to the text; it is wiped and freed with it, or at once on
 * failure. SMD_E_NO_MEMORY: no memory, or 4 GiB or more.
 */
int smd_text_take(struct smd_text **out, char *bytes_take, size_t size);

/*
 * Move all lines of `from` behind those of `to`; an open last line of either is ended. Where `to`
 * is empty, no line is copied. Returns SMD_E_NO_MEMORY beyond the limit of `to`, or without
 * memory; `from` is empty then, too.
 */
int smd_text_move(struct smd_text *to, struct smd_text *from);

/* Line `index`, as smd_text_get returns it; `at` is NULL beyond the end. */
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
