/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver on the bench: loaded as a program would, with a state of its own and
 * its language at hand.
 */
#ifndef SMD_KIT_BENCH_H
#define SMD_KIT_BENCH_H

#include "core/load/language.h"
#include "core/load/loader.h"
#include "core/tree/own.h"

struct smd_bench {
	struct smd_loader *loader;
	const struct smd_driver *driver;
	struct smd_language language;
	void *state; /* the language's */
	struct smd_error error;
};

/*
 * Load a driver and open it: the one in a file, where `driver` has a '/', or the one of
 * that name in `parts`. 0, or bench->error. smd_bench_done in any case.
 */
int smd_bench_init(struct smd_bench *bench, const char *parts, const char *driver,
		   const struct smd_setting *given, size_t count);
void smd_bench_done(struct smd_bench *bench);

/* The bytes of a file as text, the caller's; NULL if it cannot be read. */
struct smd_text *smd_bench_read(const char *path);
/* Write lines to a file; 0 or -1. */
int smd_bench_write(const char *path, const struct smd_text *text);

/* All results are the caller's; NULL with bench->error. */

/* The native text of a tree, and the tree of a native text. */
struct smd_text *smd_bench_print(struct smd_bench *bench, const struct smd_tree *tree);
struct smd_tree *smd_bench_parse(struct smd_bench *bench, const struct smd_text *text);
/* The payload from one tree to another. */
struct smd_text *smd_bench_payload(struct smd_bench *bench, const struct smd_tree *from,
				   const struct smd_tree *to);
/* `from` with the payload entered. */
struct smd_tree *smd_bench_enter(struct smd_bench *bench, const struct smd_tree *from,
				 const struct smd_text *payload);

/* Both hold the same lines. */
int smd_bench_same_lines(const struct smd_text *a, const struct smd_text *b);
/* Both are there and hold the same content. */
int smd_bench_same(const struct smd_tree *a, const struct smd_tree *b);

#endif
