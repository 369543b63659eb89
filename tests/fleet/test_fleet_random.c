/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random plans: what the dialect computes is what the device makes of it (law 2, with a
 * simulator that knows nothing of the engine). Random faults: a device always comes to rest,
 * and what a driver says about a change is so.
 */
#include "drive.h"
#include "gen.h"
#include "test.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT 4096

static struct gen gen;
static struct drive drive;
static unsigned failures;

__attribute__((__format__(__printf__, 2, 3))) static void add(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, TEXT - used, format, args);
	va_end(args);
}

static void add_port(char *text, unsigned port)
{
	if (gen_chance(&gen, 40))
		add(text, "port p%u access %u\n", port, 1 + gen_below(&gen, 5));
	if (gen_chance(&gen, 60))
		add(text, "port p%u trunk %u,%u,%u\n", port, 1 + gen_below(&gen, 9),
		    10 + gen_below(&gen, 9), 1 + gen_below(&gen, 4094));
}

/* A configuration; ports are the same in all. */
static void random_text(char *text)
{
	text[0] = '\0';
	for (unsigned port = 0; port < 4; port++) {
		add(text, "port p%u\n", port);
		add_port(text, port);
	}
	for (unsigned i = 0; i < 8; i++)
		if (gen_chance(&gen, 50))
			add(text, "set v%u %u%s\n", i, gen_below(&gen, 3),
			    gen_chance(&gen, 20) ? " and more" : "");
}

static enum smd_class stage(smd_next_fn next)
{
	return next ? drive_stage(&drive, next) : SMD_CLASS_NONE;
}

static void plan(enum device_kind kind, const char *before, const char *after)
{
	failures = CU_get_number_of_failures();
	drive_init(&drive, kind, before);
	CU_ASSERT_EQUAL_FATAL(drive_plan(&drive, after), 0);
	drive.run.timer = drive.facts.timer_longest ? 60 : 0;
}

static void one_plan(enum device_kind kind)
{
	static char before[TEXT], after[TEXT];
	struct config text = {0};

	random_text(before);
	random_text(after);
	plan(kind, before, after);
	CU_ASSERT_EQUAL(stage(drive.driver->prepare), SMD_CLASS_NONE);
	if (drive.driver->prepare) {
		config_enter_text(&text, after);
		config_text(&text, after, sizeof(after));
		CU_ASSERT(drive_has_result(&drive, after));
	}
	CU_ASSERT_EQUAL(stage(drive.driver->commit), SMD_CLASS_NONE);
	CU_ASSERT(drive_runs(&drive, after));
	CU_ASSERT_EQUAL(stage(drive.driver->confirm), SMD_CLASS_NONE);
	CU_ASSERT_EQUAL(stage(drive.driver->persist), SMD_CLASS_NONE);
	CU_ASSERT_EQUAL(drive_plan(&drive, after), 0);
	CU_ASSERT_EQUAL(smd_text_count(drive.payload), 0);
	drive_done(&drive);
}

static void plans(void)
{
	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(100); i < rounds; i++)
		for (int kind = 0; kind < DEVICE_KINDS; kind++)
			one_plan((enum device_kind)kind);
}

/* What one try of a change came to. */
struct outcome {
	int confirmed, undone;
	enum smd_class commit;
};

static void try_change(struct outcome *outcome)
{
	*outcome = (struct outcome){.commit = SMD_CLASS_INVALID};
	if (!stage(drive.driver->prepare)) {
		outcome->commit = stage(drive.driver->commit);
		if (!outcome->commit && !stage(drive.driver->confirm)) {
			outcome->confirmed = 1;
			stage(drive.driver->persist);
			return;
		}
		outcome->undone = drive.driver->rollback && !stage(drive.driver->rollback);
	}
	stage(drive.driver->abort);
}

static void arm_random(enum fault_kind last)
{
	struct fault fault = {.class = (enum command_class)gen_below(&gen, CLASS_COUNT),
			      .kind = (enum fault_kind)(1 + gen_below(&gen, last)),
			      .delay = gen_below(&gen, 3) * 7000,
			      .after = gen_chance(&gen, 50),
			      .always = gen_chance(&gen, 10),
			      .line = "set theirs 1"};

	if (fault.kind == FAULT_LIED_YES &&
	    (fault.class == CLASS_READ || fault.class == CLASS_PROBE))
		return;
	if (fault.kind == STRANGER_LOCK)
		fault.delay++; /* 0 is for ever */
	fault.occurrence = drive.device->counts[fault.class] + 1 + gen_below(&gen, 3);
	fleet_arm(drive.fleet, "r1", &fault);
}

/* Nothing is under way any more. */
static void has_come_to_rest(void)
{
	const struct device *device = drive.device;
	struct config again = {0};
	static char text[DEVICE_ANSWER];

	CU_ASSERT_EQUAL(fleet_due(drive.fleet), DEVICE_NEVER);
	CU_ASSERT_FALSE(device->pending.active);
	CU_ASSERT_EQUAL(device->lock.session, 0);
	CU_ASSERT_EQUAL(device->running_lock.session, 0);
	for (unsigned i = 0; i < DEVICE_SESSIONS; i++)
		CU_ASSERT_EQUAL(device->sessions[i].id, 0);
	config_text(&device->running, text, sizeof(text));
	CU_ASSERT_PTR_NULL(config_enter_text(&again, text));
	CU_ASSERT(config_equal(&again, &device->running));
}

static void end_try(void)
{
	drive_hang_up(&drive);
	drive_wait(&drive, 100000);
	has_come_to_rest();
	if (CU_get_number_of_failures() > failures)
		fputs(fleet_log(drive.fleet), stderr);
	drive_done(&drive);
}

#define BEFORE "port p1\nset a 1\nset b 1\n"
#define AFTER "port p1\nport p1 access 5\nset a 2\n"

/*
 * One honest fault: a change that is confirmed stays, one that is undone or refused is not
 * there, and where a payload acts as a whole there is never a part of it.
 */
static void one_honest_fault(enum device_kind kind)
{
	struct outcome outcome;
	int is_whole = kind != DEVICE_LINES && kind != DEVICE_LINES_TIMER;

	plan(kind, BEFORE, AFTER);
	arm_random(FAULT_LOST_AFTER);
	try_change(&outcome);
	drive_hang_up(&drive);
	drive_wait(&drive, 1000);
	if (outcome.confirmed)
		CU_ASSERT(drive_runs(&drive, AFTER));
	if (outcome.undone || (outcome.commit == SMD_CLASS_REFUSED && is_whole))
		CU_ASSERT(drive_runs(&drive, BEFORE));
	if (is_whole)
		CU_ASSERT(drive_runs(&drive, BEFORE) || drive_runs(&drive, AFTER));
	end_try();
}

static void honest_faults(void)
{
	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(500); i < rounds; i++)
		one_honest_fault((enum device_kind)gen_below(&gen, DEVICE_KINDS));
}

static void anything_goes(void)
{
	struct outcome outcome;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(2000); i < rounds; i++) {
		plan((enum device_kind)gen_below(&gen, DEVICE_KINDS), BEFORE, AFTER);
		drive.device->flags = gen_chance(&gen, 30) ? gen_below(&gen, 32) : 0;
		for (unsigned k = gen_below(&gen, 4); k; k--)
			arm_random(STRANGER_SAVE);
		try_change(&outcome);
		if (gen_chance(&gen, 50))
			drive_restart(&drive);
		try_change(&outcome);
		end_try();
	}
}

TEST_MAIN("random", TEST(plans), TEST(honest_faults), TEST(anything_goes));
