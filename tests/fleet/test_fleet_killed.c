/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The controller is killed at every point of a deployment, of a rollback and of a recovery, once
 * each; then another one recovers.
 *
 *   test_fleet_killed                  all of it
 *   test_fleet_killed --only WHAT N M  WHAT is apply, roll-back, reboot or silence; it is killed at
 *                                      point N, and recovery at point M (0: not); all is printed
 */
#include <stdio.h>

#include "suite.h"
#include "trial.h"

#define DEVICES 4
#define DOWN 500      /* milliseconds until another controller comes */
#define RECOVERIES 12 /* recoveries that are killed at every point, spread over a deployment */
#define DEPLOYMENTS 3 /* every so many points of the variants of a deployment */

static struct harness *harness;

/* Run and judge it. Returns the number of deaths; `failed` is counted up, and it is printed. */
static unsigned run(const char *what, const struct trial *trial, int prints, unsigned *failed)
{
	struct judgement judgement;

	trial_run(harness, trial, &judgement);
	if (prints)
		harness_print(harness);
	if (judgement.used || prints)
		printf("\n--only %s %llu %llu ends with '%s': %s\n%s", what,
		       (unsigned long long)trial->die_at, (unsigned long long)trial->die_again,
		       judge_claim_name(judgement.claim), judgement.sentence, judgement.complaints);
	*failed += judgement.used != 0;
	trial_done(&judgement);
	return judgement.deaths;
}

static void count_points(struct child *child, void *arg)
{
	const struct trial *trial = arg;

	if (trial->task == TASK_APPLY)
		child_ask(child, "plan.apply", "text", child_harness(child)->plan);
	else
		child_ask(child, "deployment.rollback", "id", "last");
	child_restart(child);
}

static uint64_t points_of(const struct trial *trial)
{
	harness_reset(harness, trial->task == TASK_APPLY ? IMAGE_FIRST : IMAGE_SECOND);
	CU_ASSERT_EQUAL(harness_run(harness, count_points, (void *)trial), HARNESS_ENDED);
	return fleet_points(harness->fleet);
}

/* Kill it at every `step`th point. */
static void kill_everywhere(const char *what, struct trial trial, uint64_t step)
{
	uint64_t points = points_of(&trial);
	unsigned failed = 0;

	for (trial.die_at = 1; trial.die_at <= points; trial.die_at += step * SUITE_FEWER)
		run(what, &trial, 0, &failed);
	printf("%s: %llu points, %u failed\n", what, (unsigned long long)points, failed);
	CU_ASSERT_EQUAL(failed, 0);
}

static void a_deployment(void)
{
	kill_everywhere("apply", (struct trial){.task = TASK_APPLY, .down = DOWN}, 1);
}

static void a_rollback(void)
{
	kill_everywhere("roll-back", (struct trial){.task = TASK_ROLL_BACK, .down = DOWN}, 1);
}

static void a_deployment_before_a_reboot(void)
{
	kill_everywhere("reboot", (struct trial){.task = TASK_APPLY, .down = DOWN, .reboots = 1},
			DEPLOYMENTS);
}

/* Timers ring before anybody recovers. */
static void a_deployment_and_long_silence(void)
{
	kill_everywhere("silence", (struct trial){.task = TASK_APPLY, .down = TRIAL_REST},
			DEPLOYMENTS);
}

/* Every point of the recovery after a kill, until it is over before it can be killed. */
static void kill_recovery(struct trial trial, unsigned *failed)
{
	unsigned deaths = 2;

	for (trial.die_again = 1; deaths == 2; trial.die_again += SUITE_FEWER)
		deaths = run("apply", &trial, 0, failed);
}

static void a_recovery(void)
{
	struct trial trial = {.task = TASK_APPLY, .down = DOWN};
	uint64_t points = points_of(&trial);
	unsigned failed = 0;

	for (unsigned i = 1; i <= RECOVERIES; i++) {
		trial.die_at = points * i / (RECOVERIES + 1);
		kill_recovery(trial, &failed);
	}
	CU_ASSERT_EQUAL(failed, 0);
}

static int run_only(char **words)
{
	struct trial trial = {.task = TASK_APPLY, .down = DOWN};
	unsigned failed = 0;

	if (!strcmp(words[0], "roll-back"))
		trial.task = TASK_ROLL_BACK;
	else if (!strcmp(words[0], "reboot"))
		trial.reboots = 1;
	else if (!strcmp(words[0], "silence"))
		trial.down = TRIAL_REST;
	trial.die_at = strtoull(words[1], NULL, 10);
	trial.die_again = strtoull(words[2], NULL, 10);
	run(words[0], &trial, 1, &failed);
	return failed ? 1 : 0;
}

static unsigned run_suite(void)
{
	CU_TestInfo tests[] = {TEST(a_deployment),
			       TEST(a_rollback),
			       TEST(a_deployment_before_a_reboot),
			       TEST(a_deployment_and_long_silence),
			       TEST(a_recovery),
			       CU_TEST_INFO_NULL};

	return run_tests("killed", tests);
}

int main(int argc, char **argv)
{
	static const enum device_kind kinds[DEVICES] = {DEVICE_ATOMIC, DEVICE_LINES_TIMER,
							DEVICE_SHARED, DEVICE_NAMED};
	unsigned failed;

	if (argc != 1 && (argc != 5 || strcmp(argv[1], "--only") != 0)) {
		fprintf(stderr, "usage: test_fleet_killed [--only WHAT POINT POINT]\n");
		return 2;
	}
	harness = harness_new(kinds, DEVICES);
	failed = argc == 1 ? run_suite() : (unsigned)run_only(argv + 2);
	harness_free(harness);
	return failed ? 1 : 0;
}
