/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kit's bench for the drivers of this build, and words for a failure.
 *
 * These programs link libsmartdeploy as every loader of parts does, and have
 * the few internal sources that it does not export compiled in.
 */
#ifndef SMD_TESTS_DRIVERS_BENCH_H
#define SMD_TESTS_DRIVERS_BENCH_H

#include "core/kit/bench.h"

#define PARTS SMD_BUILD_DIR "/lib/smartdeploy"
#define DRIVERS SMD_SOURCE_DIR "/drivers"

struct smd_text *bench_text(void); /* an empty one; no memory ends the program */
/* Print a tree's lines under a title, for whoever looks at a failure. */
void bench_show(const char *title, const struct smd_tree *tree);
void bench_show_text(const char *title, const struct smd_text *text);
/* Print the first lines, at most `most`, each behind `before`; NULL: none. */
void bench_show_first(const char *before, const struct smd_text *text, size_t most);

#endif
