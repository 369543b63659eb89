/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a grammar share. */
#ifndef SMD_DIALECT_GRAMMAR_INTERNAL_H
#define SMD_DIALECT_GRAMMAR_INTERNAL_H

#include "core/dialect/grammar/grammar.h"

/*
 * Check the rules of a dialect and compile their patterns into the arena. `*out` has one element
 * per rule and is the caller's (free()), also after a failure. SMD_E_INVALID names the rule that is
 * wrong.
 */
int smd_rules_compile(const struct smd_dialect *dialect, struct smd_arena *arena,
		      struct smd_compiled_rule **out, struct smd_error *error);

#endif
