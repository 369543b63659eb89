/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiled dialect and its idle grammars, which wait for the next call. Any thread may use it; a
 * borrowed grammar belongs to one thread until it is returned.
 */
#ifndef SMD_DIALECT_COMPILED_H
#define SMD_DIALECT_COMPILED_H

#include "core/dialect/grammar/grammar.h"

/*
 * Borrow an idle grammar, or a new one where all are in use; fails as smd_grammar_new does. Give it
 * back with smd_grammar_return.
 */
int smd_grammar_borrow(const struct smd_compiled *compiled, struct smd_grammar **out,
		       struct smd_error *error);
void smd_grammar_return(struct smd_grammar *grammar); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_grammar *, smd_grammar_return);

#endif
