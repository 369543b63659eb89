/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind `smd_run.core`: memory for what a stage function formats,
 * and what the table engine (smd_steps_next) remembers.
 *
 *   struct smd_run_core core;
 *   smd_run_core_init(&core);
 *   run.core = &core;
 *   for (;;) { smd_run_core_reset(&core); next(&run, &answer, &action); ... }
 *   smd_run_core_done(&core);
 */
#ifndef SMD_RUN_STEPS_H
#define SMD_RUN_STEPS_H

#include <smartdeploy/driver.h>

struct smd_scratch;

/*
 * Memory of two calls: what a call formatted is still there in the next one,
 * so that a failure can name the line that was sent, and gone in the one after.
 */
struct smd_run_core {
	struct smd_scratch *now;
	struct smd_scratch *before;
	const struct smd_exchange *asking; /* by the table engine in this call */
	const struct smd_exchange *asked;  /* in the call before */
	char prompt[128];                  /* seen last in this stage; empty: none */
};

void smd_run_core_init(struct smd_run_core *core);
/* Before every call of a stage function. */
void smd_run_core_reset(struct smd_run_core *core);
void smd_run_core_done(struct smd_run_core *core); /* wipes and frees; may be used again */

#endif
