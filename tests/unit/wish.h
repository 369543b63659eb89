/* SPDX-License-Identifier: Apache-2.0 */
/* Random slices: what an owner may want of a running configuration. */
#ifndef SMD_TESTS_UNIT_WISH_H
#define SMD_TESTS_UNIT_WISH_H

#include "gen.h"

/*
 * A slice with some nodes of `running`, some of them with another value, and some that it does
 * not have. Any two slices of the same tree agree in the values that both have, so that two
 * owners may want them. The caller frees it. Ends the program without memory.
 */
struct smd_tree *wish(struct gen *gen, const struct smd_tree *running);

#endif
