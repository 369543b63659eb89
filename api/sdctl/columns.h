/* SPDX-License-Identifier: Apache-2.0 */
/* Lists for people: a heading, and columns as wide as what is in them. */
#ifndef SMD_SDCTL_COLUMNS_H
#define SMD_SDCTL_COLUMNS_H

#include "api/sdctl/sdctl.h"

#define MOST_COLUMNS 8
#define CELL 512 /* most bytes of a cell */

/*
 * headings  NULL-terminated. The last column may be of any length.
 * none      What is said on standard error if there are no rows.
 * judged    The column whose words are green if they are `good`, else red; -1: none.
 */
struct list {
	const char *headings[MOST_COLUMNS + 1];
	const char *none;
	int judged;
	const char *good;
	cJSON *rows;
};

/* Add a row of cells, as many as there are headings. */
void add_row(struct list *list, const char *const *cells);
/* Print all rows and free them. */
void print_list(const struct run *run, struct list *list);

void print_coloured(const struct run *run, const char *colour, const char *text);
/* A heading and words behind it, wrapped; nothing if there are none. */
void print_words(const char *heading, const cJSON *words);
/* "1 device", "2 devices" */
void print_count(FILE *out, double count, const char *one, const char *many);
/* A time of a record, "2026-11-30T09:31:05.786Z", in the time zone of the user; "-": none. */
void local_time(const char *text, char *out, size_t size);

#endif
