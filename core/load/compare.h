/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparison of two configurations of one device, given as texts: the patch, the undo, a
 * preview for people, and the hazards (intermediate states that are not safe). Only part of the
 * texts may be parsed internally; the result is the same as for the whole. Any thread.
 */
#ifndef SMD_LOAD_COMPARE_H
#define SMD_LOAD_COMPARE_H

#include "core/dialect/grammar/read_notes.h"
#include "core/load/language.h"

/* What to compute; flags to be or-ed. */
enum smd_compare_flag {
	SMD_COMPARE_PATCH = 1,   /* the lines that lead from running to intended */
	SMD_COMPARE_UNDO = 2,    /* the lines that lead back */
	SMD_COMPARE_PREVIEW = 4, /* the changes, formatted for people */
	SMD_COMPARE_MERGE = 8 /* merge the intended text into the running one: nothing is removed */
};

/* A text and its name, which error messages use as `where`. */
struct smd_named_text {
	const char *name;
	const struct smd_text *text;
};

/* A patch: lines to enter, and its hazards. NULL and 0 if it was not requested. */
struct smd_patch {
	struct smd_text *lines;
	struct smd_hazard *hazards; /* owned, with their texts */
	size_t hazard_count, hazard_room;
};

/* One line of a preview; members as the arguments of smd_preview_fn. */
struct smd_preview_line {
	char mark;
	unsigned depth;
	char *text;
};

struct smd_comparison {
	int equal;
	struct smd_patch patch, undo;
	struct smd_preview_line *preview; /* without a dialect: the changes by their paths */
	size_t preview_count, preview_room;
	struct smd_read_notes notes[2]; /* of running and intended, of the parts that were read */
};

/*
 * As smd_language_parse; on failure `where` begins with the text's name. `notes` is overwritten, or
 * NULL; a driver with a parser of its own notes nothing.
 */
int smd_language_parse_named(const struct smd_language *language, const struct smd_named_text *text,
			     struct smd_read_notes *notes, struct smd_tree **out,
			     struct smd_error *error);
/*
 * Compare two texts. SMD_E_INVALID: a text cannot be parsed. SMD_E_UNSUPPORTED: the driver
 * cannot express a change, or cannot merge. SMD_E_UNSAFE: the driver's lines do not lead to the
 * intended configuration. Call smd_comparison_done on `*out` in any case.
 */
int smd_language_compare(const struct smd_language *language, const struct smd_named_text *running,
			 const struct smd_named_text *intended, unsigned flags,
			 struct smd_comparison *out, struct smd_error *error);
void smd_comparison_done(struct smd_comparison *comparison); /* {0} is fine */

#endif
