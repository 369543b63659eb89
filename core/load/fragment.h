/* SPDX-License-Identifier: Apache-2.0 */
/* Fragments in a driver's language (core/dialect/fragment.h). Pure; any thread. */
#ifndef SMD_LOAD_FRAGMENT_H
#define SMD_LOAD_FRAGMENT_H

#include "core/dialect/fragment.h"
#include "core/load/language.h"

/*
 * Read what people want of a configuration. Where the driver has no dialect, or simulates by
 * itself, all lines are statements that it knows. Where it spells lines as the device does, so are
 * those of the fragment. `*out` is the caller's (smd_fragment_done).
 */
int smd_language_read_fragment(const struct smd_language *language,
			       const struct smd_wanted_lines *wanted, struct smd_fragment *out,
			       struct smd_error *error);
/* As smd_dialect_enter_absences. */
int smd_language_enter_absences(const struct smd_language *language, struct smd_tree *tree,
				const struct smd_text *absences, struct smd_error *error);

#endif
