/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes. {0} is empty; once memory ran out, `failed` stays set. */
#ifndef SMD_TREE_BUFFER_H
#define SMD_TREE_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct smd_buffer {
	char *bytes;
	size_t used, room;
	int failed;
};

/* Make room for `more` bytes and a NUL. Returns 0 if memory ran out, now or before. */
static inline int smd_buffer_reserve(struct smd_buffer *buffer, size_t more)
{
	size_t room = buffer->room ? buffer->room : 256;
	char *bytes;

	if (buffer->failed || more >= SIZE_MAX / 2 - buffer->used) {
		buffer->failed = 1;
		return 0;
	}
	if (buffer->used + more < buffer->room)
		return 1;
	while (room <= buffer->used + more)
		room *= 2;
	bytes = malloc(room);
	if (!bytes) {
		buffer->failed = 1;
		return 0;
	}
	if (buffer->used)
		memcpy(bytes, buffer->bytes, buffer->used);
	if (buffer->bytes)
		explicit_bzero(buffer->bytes, buffer->room); /* values may be secrets */
	free(buffer->bytes);
	buffer->bytes = bytes;
	buffer->room = room;
	return 1;
}

static inline void smd_buffer_put(struct smd_buffer *buffer, const void *bytes, size_t size)
{
	if (!size || !smd_buffer_reserve(buffer, size))
		return;
	memcpy(buffer->bytes + buffer->used, bytes, size);
	buffer->used += size;
}

static inline void smd_buffer_puts(struct smd_buffer *buffer, const char *text)
{
	smd_buffer_put(buffer, text, strlen(text));
}

static inline void smd_buffer_byte(struct smd_buffer *buffer, uint8_t byte)
{
	smd_buffer_put(buffer, &byte, 1);
}

static inline void smd_buffer_u32(struct smd_buffer *buffer, uint32_t number)
{
	const uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
				 (uint8_t)(number >> 8), (uint8_t)number};

	smd_buffer_put(buffer, bytes, sizeof(bytes));
}

static inline void smd_buffer_done(struct smd_buffer *buffer)
{
	if (buffer->bytes)
		explicit_bzero(buffer->bytes, buffer->room);
	free(buffer->bytes);
	*buffer = (struct smd_buffer){0};
}

#endif
