/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A clock for tests, whose time stands still while anybody works: while its count of holders is
 * above 0. When the last one releases it, time jumps to the alarm that is due first, and that
 * alarm's loop is called. So hours of waiting take no time, and nothing depends on how fast the
 * machine is.
 *
 * The thread that makes the clock is its first holder. It waits for others by a struct smd_latch;
 * while it waits in another way, time stands still. Input and output are not counted: a device
 * in a thread of its own must hold the clock from the moment that bytes are on their way to it
 * until its answer has been received.
 */
#ifndef SMD_TESTS_FLEET_CLOCK_H
#define SMD_TESTS_FLEET_CLOCK_H

#include "core/run/clock.h"

/*
 * A machine's time, which goes on in the next process that is given it.
 *
 * now   Milliseconds since boot.
 * wall  Milliseconds from boot to the wall clock's time, which is now + wall.
 * boot  The boot's id.
 */
struct fleet_time {
	uint64_t now;
	int64_t wall;
	char boot[SMD_BOOT_ID];
};

/*
 * Make a clock. `time` is borrowed, and may be shared with a process that takes over; all zero is
 * a machine that was just started, on 2026-01-01. NULL: the clock has its own.
 */
struct smd_clock *fleet_clock_new(struct fleet_time *time);
/* Free a clock, when all its loops are freed. */
void fleet_clock_free(struct smd_clock *clock);

/* Let time pass by hand; alarms that are due by then ring. By a thread that holds the clock. */
void fleet_clock_advance(struct smd_clock *clock, uint64_t milliseconds);
/* Somebody sets the wall clock, forward or back. Any thread. */
void fleet_clock_set_wall(struct smd_clock *clock, int64_t milliseconds);
/*
 * The machine is started again: another boot id, and time begins near 0; the wall clock goes on,
 * `down` milliseconds later. No timer may be running.
 */
void fleet_clock_reboot(struct smd_clock *clock, uint64_t down);

/* Number of jumps so far. */
unsigned fleet_clock_jumps(struct smd_clock *clock);

#endif
