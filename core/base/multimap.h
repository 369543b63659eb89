/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers by hashes of what they are looked up by. One thread at a time. */
#ifndef SMD_BASE_MULTIMAP_H
#define SMD_BASE_MULTIMAP_H

#include <smartdeploy/error.h>

#include <stddef.h>
#include <stdint.h>

#define SMD_MULTIMAP_END UINT32_MAX

/*
 * pairs  In the order in which they came. Those of one key are a list; `last` and `next_key` are
 *        of its first one only.
 * slots  A hash table: of each, the first pair of the first key in it.
 */
struct smd_multimap {
	struct smd_multimap_pair {
		uint64_t key;
		uint32_t value;
		uint32_t next; /* of the same key */
		uint32_t last;
		uint32_t next_key; /* in the same slot */
	} * pairs;
	size_t count, room;
	uint32_t *slots;
	size_t slot_count; /* a power of two, or 0 */
};

/* {0} is empty. Keys are spread well over 64 bits already. SMD_E_NO_MEMORY. */
SMD_MUST_USE int smd_multimap_put(struct smd_multimap *map, uint64_t key, uint32_t value);
/* Index of the first pair of a key; SMD_MULTIMAP_END: there is none. */
uint32_t smd_multimap_first(const struct smd_multimap *map, uint64_t key);
void smd_multimap_done(struct smd_multimap *map); /* empty again */

#endif
