/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/multimap.h"
#include "core/base/array.h"

static uint32_t *slot_of(const struct smd_multimap *map, uint64_t key)
{
	return &map->slots[key & (map->slot_count - 1)];
}

static int widen(struct smd_multimap *map)
{
	size_t count = map->slot_count ? map->slot_count * 2 : 64;
	uint32_t *slots = malloc(count * sizeof(*slots));

	if (!slots)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		slots[i] = SMD_MULTIMAP_END;
	free(map->slots);
	map->slots = slots;
	map->slot_count = count;
	for (uint32_t i = 0; i < map->count; i++) {
		struct smd_multimap_pair *pair = &map->pairs[i];
		uint32_t *slot = slot_of(map, pair->key);

		if (pair->last == SMD_MULTIMAP_END) /* not the first one of its key */
			continue;
		pair->next_key = *slot;
		*slot = i;
	}
	return 0;
}

uint32_t smd_multimap_first(const struct smd_multimap *map, uint64_t key)
{
	uint32_t at = map->slot_count ? *slot_of(map, key) : SMD_MULTIMAP_END;

	while (at != SMD_MULTIMAP_END && map->pairs[at].key != key)
		at = map->pairs[at].next_key;
	return at;
}

int smd_multimap_put(struct smd_multimap *map, uint64_t key, uint32_t value)
{
	uint32_t at = (uint32_t)map->count, first;
	uint32_t *slot;

	if (map->count == SMD_MULTIMAP_END ||
	    smd_make_room(&map->pairs, map->count, &map->room, sizeof(*map->pairs)) ||
	    (map->count >= map->slot_count && widen(map)))
		return SMD_E_NO_MEMORY;
	first = smd_multimap_first(map, key);
	map->pairs[map->count++] = (struct smd_multimap_pair){key, value, SMD_MULTIMAP_END,
							      SMD_MULTIMAP_END, SMD_MULTIMAP_END};
	if (first != SMD_MULTIMAP_END) {
		map->pairs[map->pairs[first].last].next = at;
		map->pairs[first].last = at;
		return 0;
	}
	slot = slot_of(map, key);
	map->pairs[at].last = at;
	map->pairs[at].next_key = *slot;
	*slot = at;
	return 0;
}

void smd_multimap_done(struct smd_multimap *map)
{
	free(map->pairs);
	free(map->slots);
	*map = (struct smd_multimap){0};
}
