/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers that a seed repeats on every machine: SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef SMD_KIT_CHANCE_H
#define SMD_KIT_CHANCE_H

#include <stdint.h>

struct smd_chance {
	uint64_t state; /* the seed at first */
};

static inline uint64_t smd_chance_next(struct smd_chance *chance)
{
	uint64_t z = chance->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* From 0 to bound - 1; bound > 0. */
static inline uint32_t smd_chance_below(struct smd_chance *chance, uint32_t bound)
{
	return (uint32_t)((smd_chance_next(chance) >> 32) * bound >> 32);
}

static inline int smd_chance_percent(struct smd_chance *chance, unsigned percent)
{
	return smd_chance_below(chance, 100) < percent;
}

#endif
