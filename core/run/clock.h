/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock: the only source of time for what the product decides. Tests replace it by one whose
 * time stands still while anybody works, and jumps when all wait.
 *
 * Time is counted in milliseconds since boot, suspension included, so that it goes on while the
 * machine sleeps and does not change when somebody sets the wall clock. Two times can be compared
 * if both belong to the same boot.
 */
#ifndef SMD_RUN_CLOCK_H
#define SMD_RUN_CLOCK_H

#include <stdint.h>
#include <time.h>

struct smd_loop;

#define SMD_BOOT_ID 40       /* size of a boot's id, with its NUL */
#define SMD_NEVER UINT64_MAX /* as a time: no time at all */

/*
 * A clock's functions. Any thread, except as noted.
 *
 * now          Milliseconds since boot.
 * wall         The time of day, for people and for records.
 * boot         An id of this boot; "" if it cannot be known.
 * hold         Somebody begins to work: until `release`, time need not go on.
 * release      The opposite. The real clock ignores both.
 * alarm_new    The alarm of a loop, by which the clock wakes it: ring(loop) is called on the
 *              loop's thread at or after the time that was set. NULL: no memory or descriptor.
 *              Called before the loop's thread starts.
 * alarm_set    Set the alarm to a time, or SMD_NEVER. On the loop's thread.
 * alarm_free   On the loop's thread; no call of `ring` follows.
 */
struct smd_clock {
	uint64_t (*now)(struct smd_clock *clock);
	void (*wall)(struct smd_clock *clock, struct timespec *now);
	void (*boot)(struct smd_clock *clock, char id[SMD_BOOT_ID]);
	void (*hold)(struct smd_clock *clock);
	void (*release)(struct smd_clock *clock);
	void *(*alarm_new)(struct smd_clock *clock, struct smd_loop *loop,
			   void (*ring)(struct smd_loop *loop));
	void (*alarm_set)(struct smd_clock *clock, void *alarm, uint64_t due);
	void (*alarm_free)(struct smd_clock *clock, void *alarm);
};

/* The machine's own clock. Never freed. */
struct smd_clock *smd_real_clock(void);

static inline uint64_t smd_clock_now(struct smd_clock *clock)
{
	return clock->now(clock);
}

static inline void smd_clock_hold(struct smd_clock *clock)
{
	clock->hold(clock);
}

static inline void smd_clock_release(struct smd_clock *clock)
{
	clock->release(clock);
}

#endif
