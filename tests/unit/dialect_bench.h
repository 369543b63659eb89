/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared by the tests of dialects: texts and trees from strings, and checks of what the engine
 * makes of them. A failed check prints what it got.
 */
#ifndef SMD_TESTS_DIALECT_BENCH_H
#define SMD_TESTS_DIALECT_BENCH_H

#include <smartdeploy/dialect.h>
#include <stdio.h>

#include "test.h"

struct smd_text *text_of(const char *bytes);
struct smd_text *empty_text(void);
struct smd_tree *parse_text(const struct smd_dialect *dialect, const struct smd_text *text);
struct smd_tree *parse(const struct smd_dialect *dialect, const char *bytes);
struct smd_text *render(const struct smd_dialect *dialect, const struct smd_tree *from,
			const struct smd_tree *to);
/* The lines that turn one text into another. */
struct smd_text *render_texts(const struct smd_dialect *dialect, const char *from, const char *to);
void show(const char *title, const struct smd_tree *tree);
void show_text(const char *title, const struct smd_text *text);

void check_text(struct smd_text *text, const char *wanted); /* frees the text */
void check_flat(const struct smd_tree *tree, const char *wanted);
/* Check the tree of a text, in the form of smd_tree_flatten. */
void check_parse(const struct smd_dialect *dialect, const char *bytes, const char *wanted);
/* Check that two texts mean the same: equal trees, and no line leads from one to the other. */
void check_same(const struct smd_dialect *dialect, const char *one, const char *other);
void check_print(const struct smd_dialect *dialect, const char *bytes, const char *wanted);
/* Check that the text, parsed and printed, is the same tree again. */
void check_again(const struct smd_dialect *dialect, const char *bytes);
int prints_again(const struct smd_dialect *dialect, const struct smd_tree *tree);
void check_broken(const struct smd_dialect *dialect, const char *bytes, const char *where);

/* Check the lines from one text to another, and that entering them leads there. */
void check_render(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *wanted);
/* Check both ways between two texts: the lines lead there, and no state in between is unsafe. */
void check_way(const struct smd_dialect *dialect, const char *from, const char *to);
int lands(const struct smd_dialect *dialect, const struct smd_tree *from,
	  const struct smd_tree *to);
/* Check that the lines between two texts have both lines in this order, or lack one of them. */
void check_before(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *earlier, const char *later);
void check_lacks(const struct smd_dialect *dialect, const char *from, const char *to,
		 const char *line);
/* Index of a line, blanks before it aside; the number of lines if it is not there. */
size_t line_at(const struct smd_text *text, const char *line);

void check_simulate(const struct smd_dialect *dialect, const char *from, const char *payload,
		    const char *wanted);
void check_refused(const struct smd_dialect *dialect, const char *from, const char *payload,
		   const char *where);

/* The hazards of a patch. `lines` NULL: those that render gives. */
struct hazards {
	size_t count;
	size_t line; /* of the first hazard, from 0 */
	char what[256];
	int result;
};
void verify_patch(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *lines, struct hazards *out);

#endif
