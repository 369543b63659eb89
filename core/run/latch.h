/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A latch: one thread waits for another. As a semaphore, but the clock knows of it: a thread that
 * waits does not work, and the one that posts hands its work over, so that a test's clock does
 * not jump in between.
 */
#ifndef SMD_RUN_LATCH_H
#define SMD_RUN_LATCH_H

#include <uv.h>

#include "core/run/clock.h"

struct smd_latch {
	struct smd_clock *clock;
	uv_sem_t semaphore;
};

static inline void smd_latch_init(struct smd_latch *latch, struct smd_clock *clock)
{
	latch->clock = clock;
	uv_sem_init(&latch->semaphore, 0);
}

/* Let one waiter go on. It may destroy the latch at once. Any thread. */
static inline void smd_latch_post(struct smd_latch *latch)
{
	smd_clock_hold(latch->clock); /* on behalf of the waiter */
	uv_sem_post(&latch->semaphore);
}

/* Wait for one post. The calling thread counts as working, before and after. */
static inline void smd_latch_wait(struct smd_latch *latch)
{
	smd_clock_release(latch->clock);
	uv_sem_wait(&latch->semaphore);
}

static inline void smd_latch_done(struct smd_latch *latch)
{
	uv_sem_destroy(&latch->semaphore);
}

#endif
