/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a patch by entering it into a copy of the tree. */
#ifndef SMD_DIALECT_CHECK_VERIFY_PATCH_H
#define SMD_DIALECT_CHECK_VERIFY_PATCH_H

#include "core/dialect/prefilter/prefilter.h"

/*
 * As smd_dialect_verify_patch. `unread`: what the skipped chunks of smd_read_pair use; NULL: both
 * texts were read whole. `*unsure` (may be NULL) is set if a hazard may be none because of such
 * chunks.
 */
int smd_verify_patch(struct smd_grammar *grammar, const struct smd_changes *changes,
		     const struct smd_text *lines, const struct smd_unread *unread, int *unsure,
		     smd_hazard_fn hazard, void *arg, struct smd_error *error);

#endif
