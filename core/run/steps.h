/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `smd_run.core` points to: memory for texts that a stage function formats, and the state
 * of the table engine (smd_steps_next).
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
 * Formatted texts live for two calls of the stage function, so that the second call can name
 * the line that was sent in the first. The third call frees them.
 */
struct smd_run_core {
	struct smd_scratch *now;
	struct smd_scratch *before;
	/* Exchanges of the table engine in this call; borrowed */
	const struct smd_exchange *asking;
	const struct smd_exchange *asked; /* the same in the call before */
	char prompt[128];                 /* last prompt in this stage; empty: none */
};

void smd_run_core_init(struct smd_run_core *core);
/* To be called before every call of a stage function. */
void smd_run_core_reset(struct smd_run_core *core);
void smd_run_core_done(struct smd_run_core *core); /* wipes and frees; may be used again */

#endif
