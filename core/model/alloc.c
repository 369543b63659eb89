/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/model/read.h"

void smd_alloc_done(struct smd_alloc *alloc)
{
	smd_arena_done(&alloc->arena);
	free(alloc->block);
}

void *smd_alloc_array(struct smd_alloc *alloc, size_t count, size_t size)
{
	size_t bytes;
	void *array;

	if (!count)
		return NULL;
	array = __builtin_mul_overflow(count, size, &bytes) ? NULL
							    : smd_arena_take(&alloc->arena, bytes);
	if (!array) {
		alloc->failed = 1;
		return NULL;
	}
	return memset(array, 0, bytes);
}

const char *smd_alloc_text(struct smd_alloc *alloc, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = smd_arena_take(&alloc->arena, size);

	if (!copy) {
		alloc->failed = 1;
		return "";
	}
	return memcpy(copy, text, size);
}

const char *smd_alloc_leaf(struct smd_alloc *alloc, const struct lyd_node *parent, const char *name)
{
	const struct lyd_node *leaf = smd_read_child(parent, name);

	return leaf ? smd_alloc_text(alloc, lyd_get_value(leaf)) : "";
}

const struct lyd_node *smd_read_child(const struct lyd_node *parent, const char *name)
{
	smd_read_each(parent, name, node) return node;
	return NULL;
}

size_t smd_read_count(const struct lyd_node *parent, const char *name)
{
	size_t count = 0;

	smd_read_each(parent, name, node) count++;
	return count;
}

int smd_read_by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const void *smd_read_find(const void *array, size_t count, size_t size, const char *name)
{
	return count ? bsearch(&name, array, count, size, smd_read_by_name) : NULL;
}
