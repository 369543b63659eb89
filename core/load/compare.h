/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two configurations of one device, as texts, compared: what leads from one to the other and
 * back, how that looks to people, and which states between are not safe. How much of the texts
 * is read for that is nobody's concern: it is as if all were. Any thread.
 */
#ifndef SMD_LOAD_COMPARE_H
#define SMD_LOAD_COMPARE_H

#include "core/load/language.h"

/* What to compare, and what is wanted of it; to be or-ed. */
enum smd_compare_flag {
	SMD_COMPARE_PATCH = 1,   /* the lines that lead to the intended configuration */
	SMD_COMPARE_UNDO = 2,    /* the lines that lead back */
	SMD_COMPARE_PREVIEW = 4, /* the changes as people look at them */
	SMD_COMPARE_MERGE = 8    /* the intended text is laid over the running one: nothing goes */
};

/* A text with what it is called in an error's `where`. */
struct smd_named_text {
	const char *name;
	const struct smd_text *text;
};

/* Lines to enter, with what is not safe about them. NULL, and none, where not wanted. */
struct smd_patch {
	struct smd_text *lines;
	struct smd_hazard *hazards; /* their texts are the patch's */
	size_t hazard_count;
};

/* One line of a preview, as smd_preview_fn has it. */
struct smd_preview_line {
	char mark;
	unsigned depth;
	char *text;
};

struct smd_comparison {
	int equal;
	struct smd_patch patch, undo;
	struct smd_preview_line *preview; /* a driver without a dialect: changes by their paths */
	size_t preview_count;
};

/* As smd_language_parse; `where` begins with the text's name. */
int smd_language_parse_named(const struct smd_language *language, const struct smd_named_text *text,
			     struct smd_tree **out, struct smd_error *error);
/*
 * Compare. SMD_E_INVALID: a text cannot be read. SMD_E_UNSUPPORTED: the driver cannot express a
 * change, or cannot merge. SMD_E_UNSAFE: the driver's lines would not lead to the intended
 * configuration. `*out` is to be done in any case.
 */
int smd_language_compare(const struct smd_language *language, const struct smd_named_text *running,
			 const struct smd_named_text *intended, unsigned flags,
			 struct smd_comparison *out, struct smd_error *error);
void smd_comparison_done(struct smd_comparison *comparison); /* {0} is fine */

#endif
