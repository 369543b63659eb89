/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: memory that only grows and is freed at once; and strings in it, each only once. */
#ifndef SMD_TREE_ARENA_H
#define SMD_TREE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct smd_chunk;

/* {0} is an empty arena. */
struct smd_arena {
	struct smd_chunk *chunks; /* the newest first; only that one has room */
	size_t next_size;
};

/* Memory of 8-byte alignment, not cleared, that lives as long as the arena; NULL: none left. */
void *smd_arena_take(struct smd_arena *arena, size_t size);
/* Give back all but the first `kept` bytes of what was taken last. */
void smd_arena_give_back(struct smd_arena *arena, const void *taken, size_t kept);
void smd_arena_done(struct smd_arena *arena); /* wipes what was used, then frees it */

struct smd_string {
	uint32_t hash;
	uint32_t length; /* without the NUL behind the bytes */
	char bytes[];
};

/* {0} is an empty table. An open hash table; the strings themselves lie in an arena. */
struct smd_strings {
	const struct smd_string **slots;
	size_t count, size; /* size: a power of two, or 0 */
};

/* Fast and well mixed, no defence against chosen input; the same for all trees, never stored. */
uint32_t smd_hash(const char *bytes, size_t length);
uint32_t smd_hash_join(uint32_t hash, uint32_t with);
/* The same, wide enough that no two of millions of strings are likely to share one. */
uint64_t smd_hash_wide(const char *bytes, size_t length);
uint64_t smd_hash_wide_join(uint64_t hash, uint64_t with);

/*
 * The string with these bytes in the table, added if missing. `hash`: any that equal bytes have in
 * common.
 * NULL: no memory, or beyond 4 GiB.
 */
const struct smd_string *smd_strings_intern(struct smd_strings *strings, struct smd_arena *arena,
					    const char *bytes, size_t length, uint32_t hash);
/* Store a string without a table, for what rarely occurs twice; NULL as above. */
const struct smd_string *smd_string_new(struct smd_arena *arena, const char *bytes, size_t length,
					uint32_t hash);
void smd_strings_done(struct smd_strings *strings);

#endif
