/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/text.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/cleanup.h"
#include "core/base/large.h"
#include "core/base/lines.h"

int smd_text_new(struct smd_text **out, size_t limit)
{
	struct smd_text *text = calloc(1, sizeof(*text));

	if (!text)
		return SMD_E_NO_MEMORY;
	text->limit = limit ? limit : SMD_TEXT_LIMIT;
	if (text->limit > UINT32_MAX)
		text->limit = UINT32_MAX;
	*out = text;
	return 0;
}

/* Free the bytes, which may be secrets: wiped, or given back to the kernel, which wipes pages. */
static void free_bytes(struct smd_text *text)
{
	if (text->mapped) {
		munmap(text->bytes, text->room);
	} else if (text->bytes) {
		explicit_bzero(text->bytes, text->room);
		free(text->bytes);
	}
}

/*
 * Enlarge a mapped buffer. The pages move, not what is in them, so megabytes cost no time. Small
 * pages, for texts grow on loops: each is cleared when it is used first, not 2 MB at once.
 */
static int stretch(struct smd_text *text, size_t room)
{
	void *bytes = mremap(text->bytes, text->room, room, MREMAP_MAYMOVE);

	if (bytes == MAP_FAILED)
		return SMD_E_NO_MEMORY;
	text->bytes = bytes;
	text->room = room;
	return 0;
}

/* Enlarge the buffer. Instead of realloc(), so that the old bytes are wiped. */
static int move(struct smd_text *text, size_t room)
{
	int mapped = room >= SMD_LARGE_PAGE;
	void *bytes;

	if (text->mapped)
		return stretch(text, room);
	bytes = mapped ? mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			      0)
		       : malloc(room);
	if (!bytes || bytes == MAP_FAILED)
		return SMD_E_NO_MEMORY;
	if (text->used)
		memcpy(bytes, text->bytes, text->used);
	free_bytes(text);
	text->bytes = bytes;
	text->room = room;
	text->mapped = mapped;
	return 0;
}

void smd_text_free(struct smd_text *text)
{
	if (!text)
		return;
	free_bytes(text);
	free(text->start);
	free(text);
}

/* How many of the bytes fit below the limit, with a NUL. If not all do, only whole lines count. */
static size_t fitting(const struct smd_text *text, const char *bytes, size_t size)
{
	size_t left = text->limit > text->used ? text->limit - text->used - 1 : 0;
	const char *lf;

	if (size <= left)
		return size;
	lf = memrchr(bytes, '\n', left);
	return lf ? (size_t)(lf - bytes) + 1 : 0;
}

/* Make room for `more` bytes and a NUL. */
static int grow(struct smd_text *text, size_t more)
{
	size_t room = text->room ? text->room : 256;

	while (room < text->used + more + 1)
		room *= 2;
	return room > text->room ? move(text, room) : 0;
}

/* Add a line to the index that begins at the end of the used bytes. */
static int index_line(struct smd_text *text)
{
	if (text->count == text->start_room) {
		size_t room = text->start_room ? text->start_room * 2 : 16;
		uint32_t *start = reallocarray(text->start, room, sizeof(*start));

		if (!start)
			return SMD_E_NO_MEMORY;
		text->start = start;
		text->start_room = room;
	}
	text->start[text->count++] = (uint32_t)text->used;
	return 0;
}

static int begin_line(struct smd_text *text)
{
	if (index_line(text))
		return SMD_E_NO_MEMORY;
	text->bytes[text->used++] = '\0';
	text->open = 1;
	return 0;
}

static void end_line(struct smd_text *text)
{
	size_t start = text->start[text->count - 1];

	if (text->used - 1 > start && text->bytes[text->used - 2] == '\r')
		text->bytes[--text->used - 1] = '\0';
	text->open = 0;
}

static int append(struct smd_text *text, const char *bytes, size_t size)
{
	size_t left = fitting(text, bytes, size);
	int err = left < size ? SMD_E_NO_MEMORY : 0;

	if (left && grow(text, left))
		return SMD_E_NO_MEMORY;
	while (left) {
		const char *lf = memchr(bytes, '\n', left);
		size_t part = lf ? (size_t)(lf - bytes) : left;

		if (!text->open && begin_line(text))
			return SMD_E_NO_MEMORY;
		/* Over the line's NUL, which is written again behind them */
		memcpy(text->bytes + text->used - 1, bytes, part);
		text->used += part;
		text->bytes[text->used - 1] = '\0';
		if (lf) {
			end_line(text);
			part++;
		}
		bytes += part;
		left -= part;
	}
	return err;
}

int smd_text_append(struct smd_text *text, const char *bytes, size_t size)
{
	int err = append(text, bytes, size);

	text->cut |= err != 0;
	return err;
}

/*
 * Split the first `size` bytes into lines, in place: each LF becomes a NUL. When a CR before an
 * LF is dropped, the lines that follow move forward.
 */
static int split(struct smd_text *text, size_t size)
{
	const char *from = text->bytes, *end = from + size;

	while (from < end) {
		const char *lf = memchr(from, '\n', (size_t)(end - from));
		size_t length = (size_t)((lf ? lf : end) - from);

		if (index_line(text))
			return SMD_E_NO_MEMORY;
		if (lf && length && lf[-1] == '\r')
			length--;
		if (from != text->bytes + text->used)
			memmove(text->bytes + text->used, from, length);
		text->used += length + 1;
		text->bytes[text->used - 1] = '\0';
		text->open = !lf;
		from = lf ? lf + 1 : end;
	}
	return 0;
}

int smd_text_take(struct smd_text **out, char *bytes_take, size_t size)
{
	struct smd_text *text = NULL;
	int err = size < UINT32_MAX ? smd_text_new(&text, size + 1) : SMD_E_NO_MEMORY;

	if (err) {
		explicit_bzero(bytes_take, size);
		free(bytes_take);
		return err;
	}
	text->bytes = bytes_take;
	text->room = size + 1;
	err = split(text, size);
	if (err)
		smd_text_free(text);
	else
		*out = text;
	return err;
}

int smd_text_from(struct smd_text **out, const char *bytes, size_t size)
{
	char *copy = smd_large_new(size + 1);

	if (!copy)
		return SMD_E_NO_MEMORY;
	memcpy(copy, bytes, size);
	return smd_text_take(out, copy, size);
}

int smd_text_line(struct smd_text *text, const char *line)
{
	int err;

	if (text->open)
		end_line(text);
	err = smd_text_append(text, line, strlen(line));
	return err ? err : smd_text_append(text, "\n", 1);
}

/* Exchange the lines, but not the limits. */
static void swap_lines(struct smd_text *a, struct smd_text *b)
{
	struct smd_text kept = *a;

	*a = *b;
	a->limit = kept.limit;
	kept.limit = b->limit;
	*b = kept;
}

int smd_text_move(struct smd_text *to, struct smd_text *from)
{
	int err = 0;

	if (from->open)
		end_line(from);
	if (to->open)
		end_line(to);
	if (!to->used && from->used < to->limit)
		swap_lines(to, from);
	for (size_t i = 0; i < from->count && !err; i++) {
		struct smd_span line = smd_text_span(from, i);

		err = smd_text_append(to, line.at, line.length);
		if (!err)
			err = smd_text_append(to, "\n", 1);
	}
	to->cut |= from->cut;
	smd_text_clear(from);
	return err;
}

int smd_text_linef(struct smd_text *text, const char *format, ...)
{
	smd_cleanup(free) char *line = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&line, format, args);
	va_end(args);
	if (length < 0) {
		line = NULL;
		text->cut = 1;
		return SMD_E_NO_MEMORY;
	}
	return smd_text_line(text, line);
}

void smd_text_clear(struct smd_text *text)
{
	text->used = text->count = 0;
	text->open = text->cut = 0;
}

size_t smd_text_count(const struct smd_text *text)
{
	return text ? text->count : 0;
}

const char *smd_text_get(const struct smd_text *text, size_t index, size_t *length)
{
	struct smd_span line = {NULL, 0};

	if (text)
		line = smd_text_span(text, index);
	if (length && line.at)
		*length = line.length;
	return line.at;
}

size_t smd_text_size(const struct smd_text *text)
{
	/* Each line has a NUL in place of its LF, so the sizes are equal */
	return text ? text->used : 0;
}

char *smd_text_join(const struct smd_text *text)
{
	size_t size = smd_text_size(text);
	char *joined = malloc(size + 1);

	if (!joined)
		return NULL;
	if (size)
		memcpy(joined, text->bytes, size);
	joined[size] = '\0';
	for (size_t i = 0; i < smd_text_count(text); i++)
		joined[text->start[i] + smd_text_span(text, i).length] = '\n';
	return joined;
}
