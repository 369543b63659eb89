/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test bench for one driver: the driver loaded as a program would load it, opened, with its
 * language's operations.
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
	void *state; /* borrowed from the language */
	struct smd_error error;
};

/*
 * Load and open a driver: from a file if `driver` contains a '/', else the one of that name in
 * `parts`. Returns 0, or an error with bench->error set. Call smd_bench_done in any case.
 */
int smd_bench_init(struct smd_bench *bench, const char *parts, const char *driver,
		   const struct smd_setting *given, size_t count);
void smd_bench_done(struct smd_bench *bench);

/* Read a file as a text, which is the caller's; NULL: it cannot be read. */
struct smd_text *smd_bench_read(const char *path);
/* Write lines to a file. Returns 0, or -1. */
int smd_bench_write(const char *path, const struct smd_text *text);

/* Results of these functions are the caller's; NULL with bench->error set on failure. */

/* Print a tree as native text, and parse a native text. */
struct smd_text *smd_bench_print(struct smd_bench *bench, const struct smd_tree *tree);
struct smd_tree *smd_bench_parse(struct smd_bench *bench, const struct smd_text *text);
/* The payload that leads from one tree to another. */
struct smd_text *smd_bench_payload(struct smd_bench *bench, const struct smd_tree *from,
				   const struct smd_tree *to);
/* A copy of `from` into which the payload to `to` was entered. */
struct smd_tree *smd_bench_enter(struct smd_bench *bench, const struct smd_tree *from,
				 const struct smd_tree *to, const struct smd_text *payload);

/* Do both texts have the same lines? */
int smd_bench_same_lines(const struct smd_text *a, const struct smd_text *b);
/* Do both trees exist, with the same content? */
int smd_bench_same(const struct smd_tree *a, const struct smd_tree *b);

#endif
