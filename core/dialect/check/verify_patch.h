/* SPDX-License-Identifier: Apache-2.0 */
/* A patch entered for a trial. */
#ifndef SMD_DIALECT_CHECK_VERIFY_PATCH_H
#define SMD_DIALECT_CHECK_VERIFY_PATCH_H

#include "core/dialect/grammar/grammar.h"

/* As smd_dialect_verify_patch. */
int smd_verify_patch(struct smd_grammar *grammar, const struct smd_changes *changes,
		     const struct smd_text *lines, smd_hazard_fn hazard, void *arg,
		     struct smd_error *error);

#endif
