/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of dialects share: texts and trees from strings, and checks of
 * what becomes of them. A failed check prints what it got.
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
/* The lines from one text to another. */
struct smd_text *render_texts(const struct smd_dialect *dialect, const char *from, const char *to);
void show(const char *title, const struct smd_tree *tree);
void show_text(const char *title, const struct smd_text *text);

void check_text(struct smd_text *text, const char *wanted); /* frees the text */
void check_flat(const struct smd_tree *tree, const char *wanted);
/* What the text is as a tree, in the form of smd_tree_flatten. */
void check_parse(const struct smd_dialect *dialect, const char *bytes, const char *wanted);
/* Two texts mean the same: equal trees, and no line leads from one to the other. */
void check_same(const struct smd_dialect *dialect, const char *one, const char *other);
void check_print(const struct smd_dialect *dialect, const char *bytes, const char *wanted);
/* What is printed of the text is the same tree again. */
void check_again(const struct smd_dialect *dialect, const char *bytes);
int prints_again(const struct smd_dialect *dialect, const struct smd_tree *tree);
void check_broken(const struct smd_dialect *dialect, const char *bytes, const char *where);

/* From one text to another: these lines, and entering them leads there. */
void check_render(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *wanted);
/* There and back: the lines lead there, and no state between is unsafe. */
void check_way(const struct smd_dialect *dialect, const char *from, const char *to);
int lands(const struct smd_dialect *dialect, const struct smd_tree *from,
	  const struct smd_tree *to);
/* Of the lines from one text to another: both are there, in this order, or it is not there. */
void check_before(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *earlier, const char *later);
void check_lacks(const struct smd_dialect *dialect, const char *from, const char *to,
		 const char *line);
/* Index of the line, blanks before it aside; the count of lines if it is not there. */
size_t line_at(const struct smd_text *text, const char *line);

void check_simulate(const struct smd_dialect *dialect, const char *from, const char *payload,
		    const char *wanted);
void check_refused(const struct smd_dialect *dialect, const char *from, const char *payload,
		   const char *where);

/* What the verification of a patch tells; `lines` NULL: those that render gives. */
struct hazards {
	size_t count;
	size_t line; /* of the first, from 0 */
	char what[256];
	int result;
};
void verify_patch(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *lines, struct hazards *out);

#endif
