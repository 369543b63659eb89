/* SPDX-License-Identifier: Apache-2.0 */
/* A patch entered for a trial. */
#ifndef SMD_DIALECT_CHECK_VERIFY_PATCH_H
#define SMD_DIALECT_CHECK_VERIFY_PATCH_H

#include "core/dialect/prefilter/prefilter.h"

/*
 * As smd_dialect_verify_patch. `unread` is what the trees lack that was in both texts (NULL:
 * nothing); `*unsure` (may be NULL) is set where a hazard may be none, for want of that.
 */
int smd_verify_patch(struct smd_grammar *grammar, const struct smd_changes *changes,
		     const struct smd_text *lines, const struct smd_unread *unread, int *unsure,
		     smd_hazard_fn hazard, void *arg, struct smd_error *error);

#endif
