/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random small changes of a configuration, as an operator makes them: remove a statement,
 * change a word, swap siblings.
 */
#ifndef SMD_TESTS_DRIVERS_MUTATE_H
#define SMD_TESTS_DRIVERS_MUTATE_H

#include <smartdeploy/tree.h>

#include "core/kit/prng.h"

#define MUTATION_SIZE 160

/*
 * The last mutation, described in words. Results are the caller's; NULL: no such change is
 * possible, or no memory.
 */
struct mutation {
	struct smd_prng *prng;
	char what[MUTATION_SIZE];
};

/* The text without one statement and its block. */
struct smd_text *mutate_delete(struct mutation *mutation, const struct smd_text *text);
/* The text with one word changed, not the first of its line. */
struct smd_text *mutate_word(struct mutation *mutation, const struct smd_text *text);
/* The tree with two siblings swapped whose order has no meaning. */
struct smd_tree *mutate_swap(struct mutation *mutation, const struct smd_tree *tree);
/* The tree with one ordered entry moved. */
struct smd_tree *mutate_move(struct mutation *mutation, const struct smd_tree *tree);

#endif
