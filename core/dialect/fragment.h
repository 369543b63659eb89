/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fragments: what people want of a configuration, written as the vendor writes it. For core alone;
 * any thread.
 */
#ifndef SMD_DIALECT_FRAGMENT_H
#define SMD_DIALECT_FRAGMENT_H

#include <smartdeploy/dialect.h>

#include "core/dialect/read/fragment.h"

/*
 * Read a fragment. A line that begins with the dialect's negation and is no statement of its own
 * is an absence; so is a line that says a default, for that leaves nothing in a tree. The dialect's
 * noise is only ignored where it begins with neither a letter nor a digit, as comments do. Fails as
 * smd_dialect_parse does.
 */
int smd_dialect_read_fragment(const struct smd_compiled *dialect,
			      const struct smd_wanted_lines *wanted, struct smd_fragment *out,
			      struct smd_error *error);
/*
 * Enter absences into a tree, one after the other; one that has nothing to remove does nothing.
 * They may also add something, as the device would. SMD_E_INVALID: the device does not remove
 * that.
 */
int smd_dialect_enter_absences(const struct smd_compiled *dialect, struct smd_tree *tree,
			       const struct smd_text *absences, struct smd_error *error);

#endif
