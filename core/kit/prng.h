/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that are the same on every machine for the same seed: SplitMix64 (Steele, Lea,
 * Flood 2014).
 */
#ifndef SMD_KIT_PRNG_H
#define SMD_KIT_PRNG_H

#include <stdint.h>

struct smd_prng {
	uint64_t state; /* initially the seed */
};

static inline uint64_t smd_prng_next(struct smd_prng *prng)
{
	uint64_t z = prng->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number from 0 to bound - 1; bound > 0. */
static inline uint32_t smd_prng_below(struct smd_prng *prng, uint32_t bound)
{
	return (uint32_t)((smd_prng_next(prng) >> 32) * bound >> 32);
}

static inline int smd_prng_percent(struct smd_prng *prng, unsigned percent)
{
	return smd_prng_below(prng, 100) < percent;
}

#endif
