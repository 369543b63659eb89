/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dialect compiled, with the grammars that wait for the next call. Any thread; a grammar that
 * is borrowed has one user.
 */
#ifndef SMD_DIALECT_COMPILED_H
#define SMD_DIALECT_COMPILED_H

#include "core/dialect/grammar/grammar.h"

/* An idle grammar, or where all are in use a new one as by smd_grammar_new; to be returned. */
int smd_grammar_borrow(const struct smd_compiled *compiled, struct smd_grammar **out,
		       struct smd_error *error);
void smd_grammar_return(struct smd_grammar *grammar); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_grammar *, smd_grammar_return);

#endif
