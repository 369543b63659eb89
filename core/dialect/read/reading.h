/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers put aside while they read a fragment. */
#ifndef SMD_DIALECT_READ_READING_H
#define SMD_DIALECT_READ_READING_H

#include "core/dialect/read/fragment.h"
#include "core/dialect/read/read.h"

/* A fragment while it is read. */
struct smd_fragment_reading {
	struct smd_grammar *grammar;
	const struct smd_text *lines;
	const struct smd_tree *running; /* see struct smd_wanted_lines */
	const struct smd_text *previous;
	struct smd_fragment *fragment;
	struct smd_error *error;
	unsigned char *absent; /* by index of a line: it is an absence */
	int failed;            /* memory ran out */
};

/*
 * A clean line that holds no others. `sections`: the lines of the sections around it, the
 * outermost first.
 */
struct smd_fragment_line {
	const struct smd_context *context;
	const struct smd_span *sections;
	size_t section_count;
	struct smd_span text;
	size_t number;
};

/* Take a line that is an absence. 1: it was one; 0: it is a statement; or an error. */
int smd_fragment_take(struct smd_fragment_reading *reading, const struct smd_fragment_line *line);
/* Note the lines that no rule knows as this writer puts them. */
void smd_fragment_watch(struct smd_fragment_reading *reading, struct smd_statement_writer *writer);
/* Read a text of commands, each of which is a path from the root. */
int smd_fragment_read_commands(struct smd_fragment_reading *reading, const struct smd_text *text,
			       struct smd_tree *tree, struct smd_error *error);

#endif
