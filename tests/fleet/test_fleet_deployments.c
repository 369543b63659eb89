/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random deployments and rollbacks with two things at once that go wrong: faults of devices,
 * strangers, the store, and the death of the controller.
 *
 *   test_fleet_deployments                     3,000 rounds, times SMD_TEST_ROUNDS
 *   test_fleet_deployments --seed N --round M  that round again, with all that was said
 */
#include <inttypes.h>
#include <stdio.h>

#include "gen.h"
#include "suite.h"
#include "trial.h"

#define ROUNDS (3000 / SUITE_FEWER)
#define FLEETS 8
#define MOST_FAILURES 20 /* then it stops */
#define INCIDENTS 2
#define POINTS 300 /* about as many points of death as a deployment has */

static struct harness *fleets[FLEETS];
static uint64_t seed;

/* Six fleets of four devices, each beginning with another kind; a bridge domain; eight devices. */
static void make_fleets(void)
{
	enum device_kind kinds[HARNESS_DEVICES];

	for (unsigned fleet = 0; fleet < FLEETS; fleet++) {
		for (unsigned i = 0; i < HARNESS_DEVICES; i++)
			kinds[i] = (enum device_kind)((fleet + i) % DEVICE_KINDS);
		if (fleet == FLEETS - 2)
			fleets[fleet] = harness_new_domain(kinds, 4);
		else
			fleets[fleet] =
				harness_new(kinds, fleet == FLEETS - 1 ? HARNESS_DEVICES : 4);
	}
}

static void free_fleets(void)
{
	for (unsigned fleet = 0; fleet < FLEETS; fleet++)
		harness_free(fleets[fleet]);
}

/* Drawing */

static uint32_t pick(struct gen *gen, const uint32_t *values, size_t count)
{
	return values[gen_below(gen, (uint32_t)count)];
}

/*
 * How late a command may act: any time where it can be made void, else within the deadline of
 * its exchange (10 s) and the rest that follows it (10 s).
 */
static uint32_t draw_lateness(struct gen *gen, enum device_kind kind)
{
	static const uint32_t delays[] = {1000, 9000, 12000, 18000, 600000};
	int voids = kind == DEVICE_ATOMIC || kind == DEVICE_PRIVATE;

	return pick(gen, delays, voids ? 5 : 4);
}

static void draw_fault(struct gen *gen, const struct harness *harness, struct trial *trial)
{
	static const uint32_t lingers[] = {0, 0, 5000, 300000}, downs[] = {1000, 60000, 300000};
	size_t device = gen_below(gen, (uint32_t)harness->count);
	struct fault fault = {.class = (enum command_class)gen_below(gen, CLASS_COUNT),
			      .kind = (enum fault_kind)(FAULT_REFUSED + gen_below(gen, 8)),
			      .occurrence = 1 + gen_below(gen, 3),
			      .always = gen_chance(gen, 20)};
	int shows = fault.class == CLASS_READ || fault.class == CLASS_PROBE;

	/* What a device shows is taken for true; a late command shows nothing */
	if (shows && (fault.kind == FAULT_LATE || fault.kind == FAULT_LIED_YES))
		fault.kind = FAULT_LOST_BEFORE;
	if (fault.kind == FAULT_LATE)
		fault.delay = draw_lateness(gen, harness->members[device].kind);
	else if (fault.kind == FAULT_LOST_BEFORE || fault.kind == FAULT_LOST_AFTER)
		fault.delay = pick(gen, lingers, 4);
	else if (fault.kind == FAULT_REBOOT)
		fault.delay = pick(gen, downs, 3);
	trial_add(trial, device, &fault);
}

/* A line of a stranger: beside ours, or in one of ours. */
static void draw_line(struct gen *gen, const struct harness *harness, size_t device, char *line)
{
	const struct config *ours = &harness->members[device].lines[REVISION_SECOND];

	if (gen_chance(gen, 50) || !ours->count || strncmp(ours->lines[0], "set ", 4) != 0)
		snprintf(line, CONFIG_LINE, "set guest here");
	else
		snprintf(line, CONFIG_LINE, "set %s green",
			 gen_chance(gen, 50) ? "color" : "shape");
}

static void draw_stranger(struct gen *gen, const struct harness *harness, struct trial *trial)
{
	static const uint32_t delays[] = {3000, 60000, 600000};
	size_t device = gen_below(gen, (uint32_t)harness->count);
	struct fault fault = {.class = (enum command_class)gen_below(gen, CLASS_COUNT),
			      .kind = (enum fault_kind)(STRANGER_EDIT + gen_below(gen, 6)),
			      .occurrence = 1 + gen_below(gen, 3),
			      .after = gen_chance(gen, 50),
			      .delay = pick(gen, delays, 3)};

	if (fault.kind != STRANGER_LOCK && fault.kind != STRANGER_SAVE)
		draw_line(gen, harness, device, fault.line);
	trial_add(trial, device, &fault);
}

static void draw_death(struct gen *gen, struct trial *trial)
{
	static const uint32_t downs[] = {500, 20000, 700000};

	trial->die_at = 1 + gen_below(gen, POINTS);
	trial->die_again = gen_chance(gen, 30) ? 1 + gen_below(gen, POINTS) : 0;
	trial->down = pick(gen, downs, 3);
	trial->reboots = gen_chance(gen, 30);
}

static void draw_store(struct gen *gen, struct trial *trial)
{
	trial->store_at = 1 + gen_below(gen, 30);
	trial->store_fault = (enum store_fault)(STORE_FULL + gen_below(gen, 3));
	trial->store_always = gen_chance(gen, 20);
}

/* Things that servers do otherwise than they should. */
static void draw_flags(struct gen *gen, const struct harness *harness, struct trial *trial)
{
	for (size_t i = 0; i < harness->count; i++)
		if (harness->members[i].kind == DEVICE_SHARED && gen_chance(gen, 50))
			trial->flags[i] = 1u << gen_below(gen, 5);
}

static void draw(struct gen *gen, const struct harness *harness, struct trial *trial)
{
	*trial = (struct trial){.task = gen_chance(gen, 70) ? TASK_APPLY : TASK_ROLL_BACK};
	for (unsigned i = 0; i < INCIDENTS; i++) {
		uint32_t what = gen_below(gen, 100);

		if (what < 50)
			draw_fault(gen, harness, trial);
		else if (what < 75)
			draw_stranger(gen, harness, trial);
		else if (what < 88)
			draw_death(gen, trial);
		else if (what < 94)
			draw_store(gen, trial);
		else
			draw_flags(gen, harness, trial);
	}
}

/* Rounds */

/* Returns 0 if something is wrong, which is printed; `name` says how to run it again. */
static int run_trial(struct harness *harness, const struct trial *trial, const char *name,
		     int prints)
{
	struct judgement judgement;
	int good;

	trial_run(harness, trial, &judgement);
	good = !judgement.used;
	if (prints)
		harness_print(harness);
	if (!good || prints) {
		printf("\n%s ends with '%s': %s\n", name, judge_claim_name(judgement.claim),
		       judgement.sentence);
		trial_print(harness, trial);
		fputs(judgement.complaints, stdout);
	}
	trial_done(&judgement);
	return good;
}

static int run_round(unsigned round, int prints)
{
	struct harness *harness;
	struct trial trial;
	struct gen gen;
	char name[100];

	gen_init_seed(&gen, seed * 1000003 + round);
	harness = fleets[gen_below(&gen, FLEETS)];
	draw(&gen, harness, &trial);
	snprintf(name, sizeof(name), "test_fleet_deployments --seed %" PRIu64 " --round %u", seed,
		 round);
	return run_trial(harness, &trial, name, prints);
}

static void two_incidents(void)
{
	unsigned rounds = gen_rounds(ROUNDS), failed = 0;

	for (unsigned round = 0; round < rounds && failed < MOST_FAILURES; round++)
		failed += !run_round(round, 0);
	CU_ASSERT_EQUAL(failed, 0);
}

/* What random rounds have found once, on the devices of a kind. */
static const struct found {
	const char *name;
	enum device_kind kind;
	struct trial trial;
} founds[] = {
	{"a transaction that acts ten minutes late, and a lost login",
	 DEVICE_ATOMIC,
	 {.task = TASK_ROLL_BACK,
	  .count = 2,
	  .faults = {{.class = CLASS_LOGIN, .kind = FAULT_LOST_BEFORE, .occurrence = 2},
		     {.class = CLASS_ACT,
		      .kind = FAULT_LATE,
		      .occurrence = 1,
		      .always = 1,
		      .delay = 600000}}}},
	{"a line that does nothing, and a line of a stranger beside it",
	 DEVICE_LINES,
	 {.task = TASK_APPLY,
	  .count = 2,
	  .faults = {{.class = CLASS_READ,
		      .kind = STRANGER_COMMIT,
		      .occurrence = 3,
		      .line = "set guest here"},
		     {.class = CLASS_ACT, .kind = FAULT_LIED_YES, .occurrence = 1}}}},
	{"a new line that does nothing, and a line of a stranger that looks like it",
	 DEVICE_LINES,
	 {.task = TASK_APPLY,
	  .count = 2,
	  .faults = {{.class = CLASS_ACT, .kind = FAULT_LIED_YES, .occurrence = 3},
		     {.class = CLASS_ACT,
		      .kind = STRANGER_EDIT,
		      .occurrence = 1,
		      .after = 1,
		      .line = "set guest here"}}}},
	{"a reboot while lines act, which takes an unsaved line of a stranger along",
	 DEVICE_LINES_TIMER,
	 {.task = TASK_APPLY,
	  .count = 2,
	  .faults = {{.class = CLASS_LOGIN,
		      .kind = STRANGER_EDIT,
		      .occurrence = 1,
		      .line = "set guest here"},
		     {.class = CLASS_ACT, .kind = FAULT_REBOOT, .occurrence = 3, .delay = 1000}}}},
	{"a lost line, and one of a stranger before the device is read",
	 DEVICE_LINES_TIMER,
	 {.task = TASK_APPLY,
	  .count = 2,
	  .faults =
		  {{.class = CLASS_EDIT, .kind = FAULT_LOST_BEFORE, .occurrence = 1, .delay = 5000},
		   {.class = CLASS_LOGIN,
		    .kind = STRANGER_EDIT,
		    .occurrence = 2,
		    .after = 1,
		    .line = "set guest here"}}}},
};

static void found_before(void)
{
	for (size_t i = 0; i < sizeof(founds) / sizeof(founds[0]); i++) {
		struct trial trial = founds[i].trial;

		/* the first of its devices is of the kind: see make_fleets */
		CU_ASSERT(run_trial(fleets[founds[i].kind], &trial, founds[i].name, 0));
	}
}

static unsigned run_suite(void)
{
	CU_TestInfo tests[] = {TEST(found_before), TEST(two_incidents), CU_TEST_INFO_NULL};

	return run_tests("deployments", tests);
}

int main(int argc, char **argv)
{
	int again = argc == 5 && !strcmp(argv[1], "--seed") && !strcmp(argv[3], "--round");
	struct gen gen;
	unsigned failed;

	if (argc != 1 && !again) {
		fprintf(stderr, "usage: test_fleet_deployments [--seed N --round M]\n");
		return 2;
	}
	make_fleets();
	if (again) {
		seed = strtoull(argv[2], NULL, 10);
		failed = !run_round((unsigned)strtoul(argv[4], NULL, 10), 1);
	} else {
		gen_init(&gen);
		seed = gen.seed;
		failed = run_suite();
	}
	free_fleets();
	return failed ? 1 : 0;
}
