/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Grammars kept between calls: one that was made for a dialect which somebody holds
 * waits for the next call. Any thread; a grammar that is borrowed has one user.
 */
#ifndef SMD_DIALECT_COMPILED_H
#define SMD_DIALECT_COMPILED_H

#include "core/dialect/grammar/grammar.h"

/* A kept grammar, or a new one as by smd_grammar_new; to be returned. */

int smd_grammar_borrow(const struct smd_dialect *dialect, struct smd_grammar **out,
		       struct smd_error *error);
void smd_grammar_return(struct smd_grammar *grammar); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_grammar *, smd_grammar_return);

#endif
