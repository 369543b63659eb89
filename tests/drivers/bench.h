/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver on the bench: loaded as a program would, with a state of its own.
 *
 * These programs link libsmartdeploy as every loader of parts does, and have
 * the few internal sources that it does not export compiled in.
 */
#ifndef SMD_TESTS_DRIVERS_BENCH_H
#define SMD_TESTS_DRIVERS_BENCH_H

#include "core/load/language.h"
#include "core/load/loader.h"

#define PARTS SMD_BUILD_DIR "/lib/smartdeploy"
#define DRIVERS SMD_SOURCE_DIR "/drivers"

struct bench {
	struct smd_loader *loader;
	const struct smd_driver *driver;
	struct smd_settings *settings;
	void *state;
	struct smd_language language;
	struct smd_error error;
};

/* Load and open; 0, or the error in `bench->error`. bench_done in any case. */
int bench_init(struct bench *bench, const char *driver, const struct smd_setting *given,
	       size_t count);
void bench_done(struct bench *bench);

/* The bytes of a file as text; NULL if it cannot be read. */
struct smd_text *bench_read(const char *path);
/* Write lines to a file; 0 or -1. */
int bench_write(const char *path, const struct smd_text *text);
struct smd_text *bench_text(void); /* an empty one; no memory ends the program */

/* The native text of a tree, and the tree of a native text; NULL with bench->error. */
struct smd_text *bench_print(struct bench *bench, const struct smd_tree *tree);
struct smd_tree *bench_parse(struct bench *bench, const struct smd_text *text);
/* The payload from one tree to another; NULL with bench->error. */
struct smd_text *bench_payload(struct bench *bench, const struct smd_tree *from,
			       const struct smd_tree *to);
/* `from` with the payload entered; NULL with bench->error. */
struct smd_tree *bench_enter(struct bench *bench, const struct smd_tree *from,
			     const struct smd_text *payload);

/* Both hold the same lines. */
int bench_same_lines(const struct smd_text *a, const struct smd_text *b);
/* Both hold the same content. */
int bench_same(const struct smd_tree *a, const struct smd_tree *b);
/* Print a tree's lines under a title, for whoever looks at a failure. */
void bench_show(const char *title, const struct smd_tree *tree);
void bench_show_text(const char *title, const struct smd_text *text);

#endif
