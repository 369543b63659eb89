/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long recovery waits before it reads a device: as long as the device may act on what the
 * journal says was sent, and no longer.
 */
#include <inttypes.h>
#include <stdio.h>

#include "harness.h"
#include "test.h"

#define DEADLINE 10000      /* of a command of the fleet's drivers */
#define WAIT (2 * DEADLINE) /* until it is given up, and as long again */
#define SOON 2000           /* logging in and reading */
#define LATENCY 20
#define LINES 3 /* that the deployment sends, each behind the answer to the one before */
#define HOUR 3600000

/*
 * What happens between the controller's death and recovery. With `reboots` the machine is off for
 * that time; then it is on for `uptime` milliseconds.
 */
struct pause {
	uint64_t milliseconds;
	int reboots;
	uint64_t uptime;
};

static void apply(struct child *child, void *arg)
{
	(void)arg;
	child_ask(child, "plan.apply", "text", child_harness(child)->plan);
}

static void recover(struct child *child, void *arg)
{
	const struct pause *pause = arg;

	if (pause->reboots)
		child_reboot(child, pause->milliseconds);
	else
		child_rest(child, pause->milliseconds, 0);
	child_rest(child, pause->uptime, 0);
	child_call(child, "deployment.recover", NULL);
}

/* Is this the first line, just sent? */
static int first_line_acted(const struct device *device, const char *point)
{
	return device->counts[CLASS_ACT] == 1 && !strncmp(point, "acted", 5);
}

/* Is all that was sent answered, and what it runs read? */
static int all_is_answered(const struct device *device, const char *point)
{
	return device->counts[CLASS_ACT] == LINES && device->counts[CLASS_READ] > 4 &&
	       !device->counts[CLASS_SAVE] && !strncmp(point, "answer", 6);
}

/* Deploy, and die at the first point that is wanted. */
static void die(struct harness *harness,
		int (*is_wanted)(const struct device *device, const char *point))
{
	enum harness_end end = HARNESS_DIED;
	int found = 0;

	for (uint64_t point = 1; end == HARNESS_DIED && !found; point++) {
		struct device *device;

		harness_reset(harness, IMAGE_FIRST);
		device = fleet_device_at(harness->fleet, 0);
		device->latency = LATENCY;
		fleet_arm_death(harness->fleet, point);
		end = harness_run(harness, apply, NULL);
		found = is_wanted(device, fleet_last_point(harness->fleet));
	}
	fleet_arm_death(harness->fleet, 0);
	CU_ASSERT_EQUAL_FATAL(end, HARNESS_DIED);
}

static uint64_t time_now(const struct harness *harness)
{
	return harness->shared->before + harness->shared->time.now;
}

/* When the device is read first, in this part of the log; 0: never. */
static uint64_t first_reading(const char *log)
{
	const char *reading = strstr(log, "> show running");

	while (reading && reading > log && reading[-1] != '\n')
		reading--;
	return reading ? strtoull(reading, NULL, 10) : 0;
}

/* Milliseconds from the controller's death to the first reading, without the pause. */
static uint64_t wait_of(struct harness *harness, const struct pause *pause)
{
	size_t logged = strlen(harness_log(harness));
	uint64_t died = time_now(harness), read;

	CU_ASSERT_EQUAL_FATAL(harness_run(harness, recover, (void *)pause), HARNESS_ENDED);
	CU_ASSERT_EQUAL(reply_exit(harness_reply(harness, "deployment.recover")), 0);
	read = first_reading(harness_log(harness) + logged);
	CU_ASSERT_FATAL(read >= died + pause->milliseconds + pause->uptime);
	return read - died - pause->milliseconds - pause->uptime;
}

static struct harness *make(void)
{
	static const enum device_kind kinds[] = {DEVICE_LINES};

	return harness_new(kinds, 1);
}

/* Its controller may have died just before recovery began. */
static void an_unanswered_command_is_waited_for(void)
{
	static const struct pause pauses[] = {{0}, {.milliseconds = 4000}};
	struct harness *harness = make();

	for (size_t i = 0; i < 2; i++) {
		uint64_t wait;

		die(harness, first_line_acted);
		wait = wait_of(harness, &pauses[i]);
		CU_ASSERT(wait >= WAIT - LATENCY && wait < WAIT + SOON);
	}
	harness_free(harness);
}

/* No line can have been sent later than the deadlines of those before it allow. */
static void no_longer_than_until_the_last_line(void)
{
	struct harness *harness = make();
	const uint64_t left = DEADLINE / 2;
	uint64_t wait;

	die(harness, first_line_acted);
	wait = wait_of(harness, &(struct pause){.milliseconds = (LINES + 1) * DEADLINE - left});
	CU_ASSERT(wait >= left - LATENCY && wait < left + SOON);
	harness_free(harness);
}

static void time_that_has_passed_counts(void)
{
	struct harness *harness = make();

	die(harness, first_line_acted);
	CU_ASSERT(wait_of(harness, &(struct pause){.milliseconds = HOUR}) < SOON);
	harness_free(harness);
}

/* The machine was off: nobody knows for how long. */
static void after_a_restart_of_the_machine_all_of_it_is_waited_for(void)
{
	static const struct pause pauses[] = {
		{.milliseconds = HOUR, .reboots = 1},
		{.milliseconds = 1000, .reboots = 1, .uptime = HOUR},
	};
	struct harness *harness = make();

	for (size_t i = 0; i < 2; i++) {
		uint64_t wait;

		die(harness, first_line_acted);
		wait = wait_of(harness, &pauses[i]);
		CU_ASSERT(wait >= WAIT - LATENCY && wait < WAIT + SOON);
	}
	harness_free(harness);
}

static void what_is_answered_is_not_waited_for(void)
{
	struct harness *harness = make();

	die(harness, all_is_answered);
	CU_ASSERT(wait_of(harness, &(struct pause){0}) < SOON);
	die(harness, all_is_answered);
	CU_ASSERT(wait_of(harness, &(struct pause){.milliseconds = HOUR, .reboots = 1}) < SOON);
	harness_free(harness);
}

TEST_MAIN("journal", TEST(an_unanswered_command_is_waited_for),
	  TEST(no_longer_than_until_the_last_line), TEST(time_that_has_passed_counts),
	  TEST(after_a_restart_of_the_machine_all_of_it_is_waited_for),
	  TEST(what_is_answered_is_not_waited_for));
