/* SPDX-License-Identifier: Apache-2.0 */
/* Lines drawn from rows. */
#ifndef SIM_SAMPLE_H
#define SIM_SAMPLE_H

#include "tree.h"

struct sim_drawing {
	struct sim_lines *device;
	struct sim_random random;
	int depth; /* of lines drawn for lines */
	/* Lines of this row mostly share their first key, as entries of one list do; or NULL. */
	const struct sim_row *listed;
	char list[SIM_WORD];
};

/*
 * The words of a row, to be freed; NULL when a name that it needs cannot be defined. `like`
 * gives the words of the key, unless it is NULL.
 */
char *sim_sample_text(struct sim_drawing *drawing, const struct sim_row *row,
		      struct sim_line *section, const struct sim_line *like);
/* A section in which the row may stand, made if need be; NULL when none can be made. */
struct sim_line *sim_sample_section(struct sim_drawing *drawing, const struct sim_row *row);
/* Types a line of the row; the line, NULL when it is refused or not shown. */
struct sim_line *sim_sample_line(struct sim_drawing *drawing, const struct sim_row *row,
				 struct sim_line *section);
/* The line that these words are in a section, NULL when it is not there. */
struct sim_line *sim_sample_found(struct sim_drawing *drawing, const struct sim_line *section,
				  const struct sim_row *row, const char *text);

#endif
