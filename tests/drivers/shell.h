/* SPDX-License-Identifier: Apache-2.0 */
/* Running stages against real programs: every exchange is a command of /bin/sh. */
#ifndef SMD_TESTS_DRIVERS_SHELL_H
#define SMD_TESTS_DRIVERS_SHELL_H

#include "bench.h"

/* Run a command; its output goes to the texts. Returns its exit status, -1 for a signal. */
int shell(const char *command, struct smd_text *out, struct smd_text *err);

/*
 * Run a stage to its end. The caller sets payload, scope, result, covered and facts in `run` as
 * the stage needs them; state, device, tag and core are set here.
 */
struct smd_action shell_stage(struct smd_bench *bench, smd_next_fn next, struct smd_run run);

#endif
