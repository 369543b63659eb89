/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/arena.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/large.h"

#define CHUNK_FIRST ((size_t)2048)
#define CHUNK_LAST (SMD_LARGE_PAGE - sizeof(struct smd_chunk))

struct smd_chunk {
	struct smd_chunk *next;
	size_t used, size;
	_Alignas(8) char bytes[];
};

static struct smd_chunk *chunk_new(size_t size)
{
	struct smd_chunk *chunk;

	if (size > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = smd_large_new(sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->next = NULL;
	chunk->used = 0;
	chunk->size = size;
	return chunk;
}

/* What is too large for an ordinary chunk gets its own, linked behind the one being filled. */
static void *take_large(struct smd_arena *arena, size_t size)
{
	struct smd_chunk *chunk = chunk_new(size);

	if (!chunk)
		return NULL;
	chunk->used = size;
	if (arena->chunks) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		arena->chunks = chunk;
	}
	return chunk->bytes;
}

static int add_chunk(struct smd_arena *arena)
{
	struct smd_chunk *chunk;

	if (!arena->next_size)
		arena->next_size = CHUNK_FIRST;
	chunk = chunk_new(arena->next_size);
	if (!chunk)
		return 0;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->next_size *= 2;
	if (arena->next_size > CHUNK_LAST)
		arena->next_size = CHUNK_LAST;
	return 1;
}

void *smd_arena_take(struct smd_arena *arena, size_t size)
{
	struct smd_chunk *chunk = arena->chunks;
	void *taken;

	if (size > SIZE_MAX - 7)
		return NULL;
	size = (size + 7) & ~(size_t)7;
	if (!chunk || chunk->size - chunk->used < size) {
		if (size > CHUNK_FIRST / 4)
			return take_large(arena, size);
		if (!add_chunk(arena))
			return NULL;
		chunk = arena->chunks;
	}
	taken = chunk->bytes + chunk->used;
	chunk->used += size;
	return taken;
}

void smd_arena_give_back(struct smd_arena *arena, const void *taken, size_t kept)
{
	struct smd_chunk *chunk = arena->chunks;
	const char *bytes = taken;

	/* no bytes may lie at the very end of a chunk; another chunk begins with its own members */
	if (bytes < chunk->bytes || bytes > chunk->bytes + chunk->size)
		chunk = chunk->next; /* a large one, linked behind the one being filled */
	chunk->used = (size_t)(bytes - chunk->bytes) + ((kept + 7) & ~(size_t)7);
}

void smd_arena_done(struct smd_arena *arena)
{
	struct smd_chunk *next;

	for (struct smd_chunk *chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		explicit_bzero(chunk->bytes, chunk->used); /* there may be secrets in it */
		free(chunk);
	}
	*arena = (struct smd_arena){0};
}

#define ODD 0x9e3779b97f4a7c15u /* 2^64 divided by the golden ratio */

static uint64_t load_word(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* All bytes of a string shorter than 8. */
static uint64_t load_few(const char *bytes, size_t length)
{
	uint32_t first, last;

	if (length >= 4) {
		memcpy(&first, bytes, 4);
		memcpy(&last, bytes + length - 4, 4);
		return (uint64_t)last << 32 | first;
	}
	if (!length)
		return 0;
	return (uint64_t)(unsigned char)bytes[0] << 16 |
	       (uint64_t)(unsigned char)bytes[length / 2] << 8 | (unsigned char)bytes[length - 1];
}

uint64_t smd_hash_wide(const char *bytes, size_t length)
{
	const char *end = bytes + length;
	uint64_t hash = length * ODD;

	if (length >= 8) {
		for (; end - bytes > 8; bytes += 8) {
			hash = (hash ^ load_word(bytes)) * ODD;
			hash ^= hash >> 32;
		}
		hash = (hash ^ load_word(end - 8)) * ODD;
	} else {
		hash = (hash ^ load_few(bytes, length)) * ODD;
	}
	hash ^= hash >> 29;
	return hash * ODD;
}

uint32_t smd_hash(const char *bytes, size_t length)
{
	return (uint32_t)(smd_hash_wide(bytes, length) >> 32);
}

uint64_t smd_hash_wide_join(uint64_t hash, uint64_t with)
{
	hash = (hash ^ (hash >> 31)) * ODD + with;
	return hash ^ hash >> 32;
}

uint32_t smd_hash_join(uint32_t hash, uint32_t with)
{
	uint64_t mixed = ((uint64_t)hash << 32 | with) * 0x9e3779b97f4a7c15u;

	mixed ^= mixed >> 32;
	mixed *= 0xd6e8feb86659fd93u;
	return (uint32_t)(mixed >> 32);
}

/* Where the string is, or the free slot where it belongs. */
static size_t slot_of(const struct smd_strings *strings, const char *bytes, size_t length,
		      uint32_t hash)
{
	size_t mask = strings->size - 1;
	size_t slot = hash & mask;
	const struct smd_string *string;

	for (; (string = strings->slots[slot]); slot = (slot + 1) & mask)
		if (string->hash == hash && string->length == length &&
		    !memcmp(string->bytes, bytes, length))
			break;
	return slot;
}

static int grow_strings(struct smd_strings *strings)
{
	struct smd_strings wider = {.size = strings->size ? strings->size * 2 : 32};
	size_t mask = wider.size - 1;

	wider.slots = calloc(wider.size, sizeof(*wider.slots));
	if (!wider.slots)
		return 0;
	for (size_t i = 0; i < strings->size; i++) {
		const struct smd_string *string = strings->slots[i];
		size_t slot;

		if (!string)
			continue;
		for (slot = string->hash & mask; wider.slots[slot]; slot = (slot + 1) & mask)
			;
		wider.slots[slot] = string;
	}
	wider.count = strings->count;
	free(strings->slots);
	*strings = wider;
	return 1;
}

const struct smd_string *smd_string_new(struct smd_arena *arena, const char *bytes, size_t length,
					uint32_t hash)
{
	struct smd_string *string;

	if (length > UINT32_MAX - sizeof(*string) - 1)
		return NULL;
	string = smd_arena_take(arena, sizeof(*string) + length + 1);
	if (!string)
		return NULL;
	string->hash = hash;
	string->length = (uint32_t)length;
	memcpy(string->bytes, bytes, length);
	string->bytes[length] = '\0';
	return string;
}

const struct smd_string *smd_strings_intern(struct smd_strings *strings, struct smd_arena *arena,
					    const char *bytes, size_t length, uint32_t hash)
{
	const struct smd_string *string;
	size_t slot;

	if (strings->count >= strings->size / 4 * 3 && !grow_strings(strings))
		return NULL;
	slot = slot_of(strings, bytes, length, hash);
	if (strings->slots[slot])
		return strings->slots[slot];
	string = smd_string_new(arena, bytes, length, hash);
	if (!string)
		return NULL;
	strings->slots[slot] = string;
	strings->count++;
	return string;
}

void smd_strings_done(struct smd_strings *strings)
{
	free(strings->slots);
	*strings = (struct smd_strings){0};
}
