/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <smartdeploy/error.h>

void *smd_bytes_regrow(void *old, size_t used, size_t *room, size_t need)
{
	size_t size = *room ? *room : 256;
	void *fresh;

	while (size < need)
		size *= 2;
	fresh = malloc(size);
	if (!fresh)
		return NULL;
	if (old) {
		memcpy(fresh, old, used);
		explicit_bzero(old, *room);
		free(old);
	}
	*room = size;
	return fresh;
}

int smd_bytes_add(struct smd_bytes *bytes, const char *more, size_t size)
{
	if (size > SIZE_MAX / 4 - bytes->size)
		return SMD_E_NO_MEMORY;
	if (bytes->size + size > bytes->room) {
		char *data = smd_bytes_regrow(bytes->data, bytes->size, &bytes->room,
					      bytes->size + size);

		if (!data)
			return SMD_E_NO_MEMORY;
		bytes->data = data;
	}
	if (size)
		memcpy(bytes->data + bytes->size, more, size);
	bytes->size += size;
	return 0;
}

void smd_bytes_drop(struct smd_bytes *bytes, size_t size)
{
	bytes->size -= size;
	if (bytes->size)
		memmove(bytes->data, bytes->data + size, bytes->size);
}

void smd_bytes_done(struct smd_bytes *bytes)
{
	if (bytes->data)
		explicit_bzero(bytes->data, bytes->room);
	free(bytes->data);
	memset(bytes, 0, sizeof(*bytes));
}
