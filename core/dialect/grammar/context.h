/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts: the forms that may stand in a kind of section; made when one is first met. */
#ifndef SMD_DIALECT_GRAMMAR_CONTEXT_H
#define SMD_DIALECT_GRAMMAR_CONTEXT_H

#include "core/dialect/grammar/grammar.h"

struct smd_contexts;

int smd_contexts_new(const struct smd_grammar *grammar, struct smd_arena *arena,
		     struct smd_contexts **out, struct smd_error *error);
void smd_contexts_free(struct smd_contexts *contexts); /* NULL is fine */

size_t smd_contexts_count(const struct smd_contexts *contexts);
/*
 * Check that each rule's `within` names sections that have rules; SMD_E_INVALID names the first
 * rule where it does not.
 */
int smd_contexts_check(const struct smd_contexts *contexts, struct smd_error *error);
const struct smd_context *smd_contexts_top(const struct smd_contexts *contexts);
const struct smd_context *smd_contexts_enter(struct smd_contexts *contexts,
					     const struct smd_context *context,
					     const struct smd_compiled_rule *section);

#endif
