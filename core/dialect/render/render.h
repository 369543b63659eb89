/* SPDX-License-Identifier: Apache-2.0 */
/* Renders changes as the lines to enter. */
#ifndef SMD_DIALECT_RENDER_RENDER_H
#define SMD_DIALECT_RENDER_RENDER_H

#include "core/dialect/grammar/grammar.h"

/* As smd_dialect_render. */
int smd_render_changes(struct smd_grammar *grammar, const struct smd_changes *changes,
		       struct smd_text *out, struct smd_error *error);

#endif
