/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small random changes of a configuration as an operator makes them: a statement
 * goes, a word becomes another, siblings change places.
 */
#ifndef SMD_TESTS_DRIVERS_MUTATE_H
#define SMD_TESTS_DRIVERS_MUTATE_H

#include <smartdeploy/tree.h>

#include "core/kit/prng.h"

#define MUTATION_SIZE 160

/*
 * What was done, in words. The results are the caller's; NULL: there is nothing to
 * change in that way, or no memory.
 */
struct mutation {
	struct smd_prng *prng;
	char what[MUTATION_SIZE];
};

/* The text without a statement and what belongs to it. */
struct smd_text *mutate_delete(struct mutation *mutation, const struct smd_text *text);
/* The text with one word, not the first of its line, become another. */
struct smd_text *mutate_word(struct mutation *mutation, const struct smd_text *text);
/* The tree with two siblings in the other order, which says the same. */
struct smd_tree *mutate_swap(struct mutation *mutation, const struct smd_tree *tree);
/* The tree with an ordered entry elsewhere among its like. */
struct smd_tree *mutate_move(struct mutation *mutation, const struct smd_tree *tree);

#endif
