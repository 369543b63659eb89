/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory runs out once, at each of many points of a deployment, of a rollback and of a recovery.
 * The end is judged as any other, and each record that is written is whole.
 *
 *   test_fleet_memory                       all of it, times SMD_TEST_ROUNDS
 *   test_fleet_memory --only WHAT WHOM N M  WHAT is apply, roll-back or recover, WHOM is json or
 *                                           all; allocation N fails, and the deployment that is
 *                                           recovered had died at point M; all is printed
 */
#include <inttypes.h>
#include <stdio.h>

#include "gen.h"
#include "starve.h"
#include "suite.h"
#include "trial.h"
#include "whole.h"

#define DEVICES 4
#define DOWN 500      /* milliseconds until another controller comes */
#define RECOVERIES 4  /* deaths from which is recovered, spread over a deployment */
#define TRIALS 80     /* of each case */
#define MOST_FAILED 5 /* then a case is over */

enum what { APPLY, ROLL_BACK, RECOVER };

static const struct {
	const char *name, *method;
} cases[] = {[APPLY] = {"apply", "plan.apply"},
	     [ROLL_BACK] = {"roll-back", "deployment.rollback"},
	     [RECOVER] = {"recover", "deployment.recover"}};

static const char *const whoms[] = {[STARVE_JSON] = "json", [STARVE_ALL] = "all"};

/* at: the allocation that fails, 0: none; die_at: where the deployment had died. */
struct famine {
	enum what what;
	enum starve_whom whom;
	uint64_t at, die_at;
};

static struct harness *harness;
static struct gen gen;

/* Run and judge it. Returns 0 if something is wrong, which is printed. */
static int run(const struct famine *famine, int prints)
{
	const struct trial trial = {.task = famine->what == ROLL_BACK ? TASK_ROLL_BACK : TASK_APPLY,
				    .die_at = famine->die_at,
				    .down = DOWN};
	struct judgement judgement;
	int good;

	starve_arm(cases[famine->what].method, famine->whom, famine->at);
	trial_run(harness, &trial, &judgement);
	if (*whole_found())
		judge_complain(&judgement, "%s", whole_found());
	good = !judgement.used;
	if (prints)
		harness_print(harness);
	if (!good || prints)
		printf("\n--only %s %s %" PRIu64 " %" PRIu64 " ends with '%s': %s\n%s",
		       cases[famine->what].name, whoms[famine->whom], famine->at, famine->die_at,
		       judge_claim_name(judgement.claim), judgement.sentence, judgement.complaints);
	trial_done(&judgement);
	return good;
}

static void apply(struct child *child, void *arg)
{
	(void)arg;
	child_ask(child, "plan.apply", "text", child_harness(child)->plan);
	child_restart(child);
}

static uint64_t points_of_a_deployment(void)
{
	harness_reset(harness, IMAGE_FIRST);
	if (harness_run(harness, apply, NULL) != HARNESS_ENDED)
		abort();
	return fleet_points(harness->fleet);
}

/* Allocations from a random one on, each so many after the one before. */
static void starve(struct famine famine)
{
	unsigned trials = gen_rounds(TRIALS) / SUITE_FEWER, failed = 0, count = 0;
	uint64_t last, step;

	if (famine.what == RECOVER)
		trials /= RECOVERIES;
	famine.at = 0;
	whole_check();
	CU_ASSERT(run(&famine, 0));
	last = starve_count();
	CU_ASSERT_FATAL(last > 0);
	step = last / trials + 1;
	famine.at = 1 + gen_below(&gen, (uint32_t)step);
	for (; famine.at <= last && failed < MOST_FAILED; famine.at += step, count++) {
		whole_check();
		failed += !run(&famine, 0);
	}
	printf("%s %s: %u of %" PRIu64 " allocations, %u failed\n", cases[famine.what].name,
	       whoms[famine.whom], count, last, failed);
	CU_ASSERT_EQUAL(failed, 0);
}

static void starve_recoveries(enum starve_whom whom)
{
	struct famine famine = {.what = RECOVER, .whom = whom};
	uint64_t points = points_of_a_deployment();

	for (unsigned i = 1; i <= RECOVERIES; i++) {
		famine.die_at = points * i / (RECOVERIES + 1);
		starve(famine);
	}
}

static void a_deployment(void)
{
	starve((struct famine){.what = APPLY, .whom = STARVE_JSON});
	starve((struct famine){.what = APPLY, .whom = STARVE_ALL});
}

static void a_rollback(void)
{
	starve((struct famine){.what = ROLL_BACK, .whom = STARVE_JSON});
	starve((struct famine){.what = ROLL_BACK, .whom = STARVE_ALL});
}

static void a_recovery(void)
{
	starve_recoveries(STARVE_JSON);
	starve_recoveries(STARVE_ALL);
}

/* Learn what records are like: those of the images were watched already. */
static void learn(void)
{
	struct famine famine = {.what = APPLY, .whom = STARVE_JSON};
	uint64_t points;

	run(&famine, 0);
	famine.what = ROLL_BACK;
	run(&famine, 0);
	famine.what = RECOVER;
	points = points_of_a_deployment();
	for (famine.die_at = 1; famine.die_at <= points; famine.die_at += 8)
		run(&famine, 0);
}

static int run_only(char **words)
{
	struct famine famine = {.at = strtoull(words[2], NULL, 10),
				.die_at = strtoull(words[3], NULL, 10)};

	while (famine.what < RECOVER && strcmp(words[0], cases[famine.what].name) != 0)
		famine.what++;
	famine.whom = strcmp(words[1], "all") != 0 ? STARVE_JSON : STARVE_ALL;
	whole_check();
	starve_tell();
	return run(&famine, 1) ? 0 : 1;
}

static unsigned run_suite(void)
{
	CU_TestInfo tests[] = {TEST(a_deployment), TEST(a_rollback), TEST(a_recovery),
			       CU_TEST_INFO_NULL};

	return run_tests("memory", tests);
}

int main(int argc, char **argv)
{
	static const enum device_kind kinds[DEVICES] = {DEVICE_ATOMIC, DEVICE_LINES_TIMER,
							DEVICE_SHARED, DEVICE_NAMED};
	unsigned failed;

	if (argc != 1 && (argc != 6 || strcmp(argv[1], "--only") != 0)) {
		fprintf(stderr, "usage: test_fleet_memory [--only WHAT WHOM ALLOCATION POINT]\n");
		return 2;
	}
	starve_init();
	whole_init();
	gen_init(&gen);
	harness = harness_new(kinds, DEVICES);
	learn();
	failed = argc == 1 ? run_suite() : (unsigned)run_only(argv + 2);
	harness_free(harness);
	return failed ? 1 : 0;
}
