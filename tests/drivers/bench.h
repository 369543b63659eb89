/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kit's bench for the drivers of this build, and output for failures.
 *
 * These programs link libsmartdeploy as any loader of parts does. The few internal sources that
 * it does not export are compiled into them.
 */
#ifndef SMD_TESTS_DRIVERS_BENCH_H
#define SMD_TESTS_DRIVERS_BENCH_H

#include "core/kit/bench.h"

#define PARTS SMD_BUILD_DIR "/lib/smartdeploy"
#define DRIVERS SMD_SOURCE_DIR "/drivers"

struct smd_text *bench_text(void); /* an empty text; ends the program without memory */
/* Print a tree's lines under a title, to explain a failure. */
void bench_show(const char *title, const struct smd_tree *tree);
void bench_show_text(const char *title, const struct smd_text *text);
/* Print at most `most` lines, each with `before` in front. A NULL text prints nothing. */
void bench_show_first(const char *before, const struct smd_text *text, size_t most);

#endif
