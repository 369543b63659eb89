/* SPDX-License-Identifier: Apache-2.0 */
/* Fragments, and how they are read (see core/dialect/fragment.h). */
#ifndef SMD_DIALECT_READ_FRAGMENT_H
#define SMD_DIALECT_READ_FRAGMENT_H

#include "core/dialect/grammar/grammar.h"

/*
 * A line that no rule knows.
 *
 * number  Of the line, from 1.
 * text    The line without blanks around it.
 * likely  The same with its words in full, if they can be short for a line that a rule knows;
 *         else NULL.
 */
struct smd_unknown_line {
	size_t number;
	char *text, *likely;
};

/*
 * A fragment that was read; {0} is empty. All is owned.
 *
 * statements  What shall be there.
 * absences    What shall not be there: commands that remove it, each preceded by the lines of the
 *             sections around it. A command, with its sections, begins at a line that is not
 *             indented.
 * stated      The lines, those of absences empty.
 * unknown     Lines that no rule knows; they are statements, too. Sorted by number.
 */
struct smd_fragment {
	struct smd_tree *statements;
	struct smd_text *absences, *stated;
	struct smd_unknown_line *unknown;
	size_t unknown_count;
};

/*
 * What is read. running: the configuration it is for. previous: absences that were wanted before.
 * Both tell whether the negation of something that no rule knows is an absence; NULL: it is none.
 */
struct smd_wanted_lines {
	const struct smd_text *lines;
	const struct smd_tree *running;
	const struct smd_text *previous;
};

void smd_unknown_lines_free(struct smd_unknown_line *lines, size_t count);
void smd_fragment_done(struct smd_fragment *fragment);

int smd_read_fragment(struct smd_grammar *grammar, const struct smd_wanted_lines *wanted,
		      struct smd_fragment *out, struct smd_error *error);
int smd_enter_absences(struct smd_grammar *grammar, struct smd_tree *tree,
		       const struct smd_text *absences, struct smd_error *error);

#endif
