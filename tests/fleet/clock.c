/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/run/loop.h"

#define FIRST_WALL INT64_C(1767225600000) /* 2026-01-01 */
#define FIRST_NOW 10000                   /* a machine's boot takes a while */

/* A loop's alarm. `ringing`: its message is under way. */
struct alarm {
	struct alarm *next;
	struct fleet_clock *clock;
	struct smd_loop *loop;
	void (*ring)(struct smd_loop *loop);
	uint64_t due;
	int ringing;
	struct smd_message message;
};

struct fleet_clock {
	struct smd_clock clock; /* first member: what callers have */
	uv_mutex_t mutex;       /* guards all members below */
	struct fleet_time *time, own;
	unsigned holders, jumps;
	struct alarm *alarms;
};

static struct fleet_clock *lock(struct smd_clock *clock)
{
	struct fleet_clock *fleet = (struct fleet_clock *)clock;

	uv_mutex_lock(&fleet->mutex);
	return fleet;
}

static void unlock(struct fleet_clock *fleet)
{
	uv_mutex_unlock(&fleet->mutex);
}

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "clock: %s\n", what);
	abort();
}

static uint64_t get_now(struct smd_clock *clock)
{
	struct fleet_clock *fleet = lock(clock);
	uint64_t now = fleet->time->now;

	unlock(fleet);
	return now;
}

static void get_wall(struct smd_clock *clock, struct timespec *now)
{
	struct fleet_clock *fleet = lock(clock);
	int64_t wall = (int64_t)fleet->time->now + fleet->time->wall;

	unlock(fleet);
	now->tv_sec = (time_t)(wall / 1000);
	now->tv_nsec = (long)(wall % 1000) * 1000000;
}

static void get_boot(struct smd_clock *clock, char id[SMD_BOOT_ID])
{
	struct fleet_clock *fleet = lock(clock);

	memcpy(id, fleet->time->boot, SMD_BOOT_ID);
	unlock(fleet);
}

/* Alarms */

static void on_ring(void *arg)
{
	struct alarm *alarm = arg;
	struct fleet_clock *fleet = lock(&alarm->clock->clock);

	alarm->ringing = 0;
	alarm->due = SMD_NEVER;
	unlock(fleet);
	alarm->ring(alarm->loop);
}

/* The alarm that is due first, of those that do not ring yet; NULL: none is set. */
static struct alarm *first_alarm(const struct fleet_clock *fleet)
{
	struct alarm *first = NULL;

	for (struct alarm *alarm = fleet->alarms; alarm; alarm = alarm->next)
		if (!alarm->ringing && alarm->due != SMD_NEVER &&
		    (!first || alarm->due < first->due))
			first = alarm;
	return first;
}

/* Call the alarm's loop. The mutex is locked, and is unlocked here: posting holds the clock. */
static void ring_unlocked(struct fleet_clock *fleet, struct alarm *alarm)
{
	alarm->ringing = 1;
	alarm->message = (struct smd_message){.function = on_ring, .arg = alarm};
	unlock(fleet);
	smd_loop_post(alarm->loop, &alarm->message);
}

static void hold(struct smd_clock *clock)
{
	struct fleet_clock *fleet = lock(clock);

	fleet->holders++;
	unlock(fleet);
}

static void release(struct smd_clock *clock)
{
	struct fleet_clock *fleet = lock(clock);
	struct alarm *first = NULL;

	must(fleet->holders > 0, "released more often than held");
	if (fleet->holders == 1)
		first = first_alarm(fleet);
	if (!first) {
		fleet->holders--;
		unlock(fleet);
		return;
	}
	/* The last holder's hold is kept until the message has one of its own */
	if (first->due > fleet->time->now) {
		fleet->time->now = first->due;
		fleet->jumps++;
	}
	ring_unlocked(fleet, first);
	release(clock);
}

static void *alarm_new(struct smd_clock *clock, struct smd_loop *loop,
		       void (*ring)(struct smd_loop *loop))
{
	struct alarm *alarm = calloc(1, sizeof(*alarm));
	struct fleet_clock *fleet;

	if (!alarm)
		return NULL;
	fleet = lock(clock);
	*alarm = (struct alarm){.next = fleet->alarms,
				.clock = fleet,
				.loop = loop,
				.ring = ring,
				.due = SMD_NEVER};
	fleet->alarms = alarm;
	unlock(fleet);
	return alarm;
}

static void alarm_set(struct smd_clock *clock, void *data, uint64_t due)
{
	struct fleet_clock *fleet = lock(clock);
	struct alarm *alarm = data;

	alarm->due = due;
	if (due <= fleet->time->now && !alarm->ringing)
		ring_unlocked(fleet, alarm);
	else
		unlock(fleet);
}

static void alarm_free(struct smd_clock *clock, void *data)
{
	struct fleet_clock *fleet = lock(clock);
	struct alarm **place = &fleet->alarms;
	struct alarm *alarm = data;

	must(!alarm->ringing, "a loop is freed while its alarm rings");
	while (*place != alarm)
		place = &(*place)->next;
	*place = alarm->next;
	unlock(fleet);
	free(alarm);
}

/* What tests do */

struct smd_clock *fleet_clock_new(struct fleet_time *time)
{
	struct fleet_clock *fleet = calloc(1, sizeof(*fleet));

	must(fleet && !uv_mutex_init(&fleet->mutex), "out of memory");
	fleet->clock = (struct smd_clock){
		.now = get_now,
		.wall = get_wall,
		.boot = get_boot,
		.hold = hold,
		.release = release,
		.alarm_new = alarm_new,
		.alarm_set = alarm_set,
		.alarm_free = alarm_free,
	};
	fleet->holders = 1;
	fleet->time = time ? time : &fleet->own;
	if (!fleet->time->boot[0])
		*fleet->time = (struct fleet_time){FIRST_NOW, FIRST_WALL - FIRST_NOW, "boot-1"};
	return &fleet->clock;
}

void fleet_clock_free(struct smd_clock *clock)
{
	struct fleet_clock *fleet = (struct fleet_clock *)clock;

	must(!fleet->alarms, "freed before its loops");
	uv_mutex_destroy(&fleet->mutex);
	free(fleet);
}

void fleet_clock_advance(struct smd_clock *clock, uint64_t milliseconds)
{
	struct fleet_clock *fleet = lock(clock);
	uint64_t end = fleet->time->now + milliseconds;
	struct alarm *alarm;

	fleet->time->now = end;
	while ((alarm = first_alarm(fleet)) && alarm->due <= end) {
		ring_unlocked(fleet, alarm);
		lock(clock);
	}
	unlock(fleet);
}

void fleet_clock_set_wall(struct smd_clock *clock, int64_t milliseconds)
{
	struct fleet_clock *fleet = lock(clock);

	fleet->time->wall += milliseconds;
	unlock(fleet);
}

void fleet_clock_reboot(struct smd_clock *clock, uint64_t down)
{
	struct fleet_clock *fleet = lock(clock);
	struct fleet_time *time = fleet->time;
	unsigned count = 1;

	must(!first_alarm(fleet), "rebooted while a timer runs");
	sscanf(time->boot, "boot-%u", &count);
	time->wall += (int64_t)(time->now + down) - FIRST_NOW;
	time->now = FIRST_NOW;
	snprintf(time->boot, sizeof(time->boot), "boot-%u", count + 1);
	unlock(fleet);
}

unsigned fleet_clock_jumps(struct smd_clock *clock)
{
	struct fleet_clock *fleet = lock(clock);
	unsigned jumps = fleet->jumps;

	unlock(fleet);
	return jumps;
}
