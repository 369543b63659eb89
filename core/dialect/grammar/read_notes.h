/* SPDX-License-Identifier: Apache-2.0 */
/* What a text has that its tree has not: lines passed over, and lines that say nothing new. */
#ifndef SMD_DIALECT_GRAMMAR_READ_NOTES_H
#define SMD_DIALECT_GRAMMAR_READ_NOTES_H

#include <stddef.h>

#define SMD_NOTED_LINES 3

/* How many lines there were, and the numbers, from 1, of the first of them. */
struct smd_noted {
	size_t count;
	size_t lines[SMD_NOTED_LINES];
};

/*
 * passed_over  Words that are no configuration, as a device prints them around one; comments and
 *              lines that close a section do not count.
 * merged       Said before, or taken back or merged with an earlier line.
 */
struct smd_read_notes {
	struct smd_noted passed_over, merged;
};

static inline void smd_note_line(struct smd_noted *noted, size_t number)
{
	size_t kept = noted->count < SMD_NOTED_LINES ? noted->count : SMD_NOTED_LINES;

	if (kept && kept == noted->count && noted->lines[kept - 1] >= number)
		return; /* it was looked at before */
	if (kept < SMD_NOTED_LINES)
		noted->lines[kept] = number;
	noted->count++;
}

#endif
