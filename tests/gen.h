/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random trees for property tests: all kinds of nodes, ordered ones among
 * them, names and keys with every character that a path must escape. The same
 * seed gives the same trees on every machine.
 */
#ifndef SMD_TESTS_GEN_H
#define SMD_TESTS_GEN_H

#include <smartdeploy/tree.h>

#include "core/kit/prng.h"

struct gen {
	uint64_t seed; /* to be printed, and to repeat a run with SMD_TEST_SEED */
	struct smd_prng prng;
};

/* Seed from SMD_TEST_SEED, else from the clock; prints it. */
void gen_init(struct gen *gen);
void gen_init_seed(struct gen *gen, uint64_t seed);
uint32_t gen_below(struct gen *gen, uint32_t bound); /* 0 to bound - 1; bound > 0 */
int gen_chance(struct gen *gen, unsigned percent);
/*
 * How many cases a random test tries: `usual` ones, times the factor SMD_TEST_ROUNDS where that
 * is set. Prints the number; a factor that is none ends the program.
 */
unsigned gen_rounds(unsigned usual);

/* How large a tree may get: nodes in all, children of one node, levels. */
struct gen_shape {
	size_t nodes;
	unsigned width;
	unsigned depth;
};

/* A new tree; memory running out ends the program. The caller frees it. */
struct smd_tree *gen_tree(struct gen *gen, const struct gen_shape *shape);
/* A copy with about `edits` random changes: nodes added, removed, moved, values and numbers. */
struct smd_tree *gen_variant(struct gen *gen, const struct smd_tree *from, unsigned edits);
/* The same content with the siblings whose order means nothing in another order. */
struct smd_tree *gen_shuffled(struct gen *gen, const struct smd_tree *from);

#endif
