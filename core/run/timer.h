/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers of a loop. A timer is a member of the object that it is about: starting and stopping it
 * needs no memory and cannot fail, and a stopped timer needs no closing. On the loop's thread.
 */
#ifndef SMD_RUN_TIMER_H
#define SMD_RUN_TIMER_H

#include "core/run/clock.h"

/*
 * function, arg  Set by the owner: function(arg) is called when the time is over. The timer is
 *                stopped by then, so it may be started again or freed.
 */
struct smd_timer {
	void (*function)(void *arg);
	void *arg;

	/* Internal. */
	int running;
	uint64_t due, order;
	struct smd_timer *child, *next, *back;
};

/*
 * Start the timer, or start it anew: it ends after so many milliseconds of the loop's clock. It
 * is never called from within this function, even for 0. Timers end in the order of their due
 * times, those of the same time in the order of their start.
 */
void smd_timer_start(struct smd_loop *loop, struct smd_timer *timer, uint64_t milliseconds);
/* Its function is not called any more. A timer that does not run is fine. */
void smd_timer_stop(struct smd_loop *loop, struct smd_timer *timer);

/*
 * Inside core/run: a set of running timers, as a pairing heap: a tree in which no timer ends
 * before its parent. Starting takes constant time, stopping logarithmic.
 */
struct smd_timers {
	struct smd_timer *first; /* ends first; NULL: none runs */
	uint64_t order;          /* number of starts so far */
};
void smd_timers_add(struct smd_timers *timers, struct smd_timer *timer, uint64_t due);
void smd_timers_remove(struct smd_timers *timers, struct smd_timer *timer);

#endif
