/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's clock. A loop's alarm is a timer of the kernel that counts suspension too. */
#include "core/run/clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>

#include "core/base/cleanup.h"
#include "core/run/loop.h"

/*
 * due    When to ring; SMD_NEVER: not at all.
 * armed  When the kernel's timer ends; SMD_NEVER: it does not run. It may end before `due`, and
 *        is then set again: most alarms are put off many times before they ring.
 * soon   Rings an alarm that is due already in the loop's next turn, without the kernel.
 */
struct alarm {
	uv_poll_t poll;
	uv_idle_t soon;
	unsigned open; /* handles that libuv has not closed */
	int file;
	uint64_t due, armed;
	struct smd_loop *loop;
	void (*ring)(struct smd_loop *loop);
};

static uint64_t real_now(struct smd_clock *clock)
{
	struct timespec now;

	(void)clock;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void real_wall(struct smd_clock *clock, struct timespec *now)
{
	(void)clock;
	clock_gettime(CLOCK_REALTIME, now);
}

static void real_boot(struct smd_clock *clock, char id[SMD_BOOT_ID])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	(void)clock;
	if (!file || !fgets(id, SMD_BOOT_ID, file))
		id[0] = '\0';
	id[strcspn(id, "\n")] = '\0';
	if (file)
		fclose(file);
}

static void ignore(struct smd_clock *clock)
{
	(void)clock;
}

static void arm(struct alarm *alarm)
{
	struct itimerspec time = {.it_value = {.tv_sec = (time_t)(alarm->due / 1000),
					       .tv_nsec = (long)(alarm->due % 1000) * 1000000}};

	alarm->armed = alarm->due;
	timerfd_settime(alarm->file, TFD_TIMER_ABSTIME, &time, NULL);
}

static void ring_alarm(struct alarm *alarm)
{
	uv_idle_stop(&alarm->soon);
	alarm->due = SMD_NEVER;
	alarm->ring(alarm->loop);
}

static void on_soon(uv_idle_t *soon)
{
	ring_alarm(soon->data);
}

static void on_end(uv_poll_t *poll, int status, int events)
{
	struct alarm *alarm = poll->data;
	uint64_t count;

	(void)status;
	(void)events;
	if (read(alarm->file, &count, sizeof(count)) != sizeof(count))
		return;
	alarm->armed = SMD_NEVER;
	if (alarm->due <= real_now(NULL))
		ring_alarm(alarm);
	else if (alarm->due != SMD_NEVER)
		arm(alarm);
}

static void real_alarm_set(struct smd_clock *clock, void *data, uint64_t due)
{
	struct alarm *alarm = data;

	alarm->due = due;
	if (due <= real_now(clock)) {
		uv_idle_start(&alarm->soon, on_soon);
		return;
	}
	uv_idle_stop(&alarm->soon);
	if (due < alarm->armed)
		arm(alarm);
}

static void *real_alarm_new(struct smd_clock *clock, struct smd_loop *loop,
			    void (*ring)(struct smd_loop *loop))
{
	struct alarm *alarm = calloc(1, sizeof(*alarm));

	(void)clock;
	if (!alarm)
		return NULL;
	alarm->loop = loop;
	alarm->ring = ring;
	alarm->due = alarm->armed = SMD_NEVER;
	alarm->poll.data = alarm->soon.data = alarm;
	alarm->file = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (alarm->file >= 0 && !uv_poll_init(smd_loop_uv(loop), &alarm->poll, alarm->file)) {
		uv_poll_start(&alarm->poll, UV_READABLE, on_end);
		uv_idle_init(smd_loop_uv(loop), &alarm->soon);
		alarm->open = 2;
		return alarm;
	}
	if (alarm->file >= 0)
		close(alarm->file);
	free(alarm);
	return NULL;
}

static void on_closed(uv_handle_t *handle)
{
	struct alarm *alarm = handle->data;

	if (--alarm->open)
		return;
	close(alarm->file);
	free(alarm);
}

static void real_alarm_free(struct smd_clock *clock, void *data)
{
	struct alarm *alarm = data;

	(void)clock;
	uv_close((uv_handle_t *)&alarm->poll, on_closed);
	uv_close((uv_handle_t *)&alarm->soon, on_closed);
}

struct smd_clock *smd_real_clock(void)
{
	static struct smd_clock clock = {
		.now = real_now,
		.wall = real_wall,
		.boot = real_boot,
		.hold = ignore,
		.release = ignore,
		.alarm_new = real_alarm_new,
		.alarm_set = real_alarm_set,
		.alarm_free = real_alarm_free,
	};

	return &clock;
}
