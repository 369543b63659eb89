/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows that the driver interface supports a push with questions, a confirmed commit and a lost
 * connection, a push over NETCONF, and one by file. Played from transcripts, then with every
 * step failing in every way.
 */
#include <stdio.h>

#include "core/base/cleanup.h"
#include "drivers.h"
#include "replay.h"
#include "test.h"

#define FOLDER SMD_SOURCE_DIR "/tests/drivers/replay/transcripts/"

static void play(const struct smd_driver *driver, const char *name)
{
	char path[512];
	struct smd_error error = {.code = 0};
	int err;

	snprintf(path, sizeof(path), FOLDER "%s.txt", name);
	err = replay_play(driver, path, &error);
	if (err)
		fprintf(stderr, "\n%s: %s\n", error.where, error.message);
	CU_ASSERT_EQUAL(err, 0);
}

static void dnos_goes_well(void)
{
	play(&dnos_push, "dnos-push");
	play(&dnos_push, "dnos-untimed");
	play(&dnos_push, "dnos-rollback");
}

static void dnos_asks(void)
{
	play(&dnos_push, "dnos-questions");
}

static void dnos_refuses(void)
{
	play(&dnos_push, "dnos-refused");
}

static void dnos_loses_the_connection(void)
{
	play(&dnos_push, "dnos-lost");
}

static void junos_goes_well(void)
{
	play(&junos_push, "junos-push");
	play(&junos_push, "junos-rollback");
}

static void junos_refuses(void)
{
	play(&junos_push, "junos-refused");
}

static void a_file_is_loaded(void)
{
	play(&file_push, "file-push");
}

/* Is the outcome allowed for this fault in this kind of stage? */
static int is_right(const struct replay_fault *fault, const struct replay_outcome *outcome)
{
	const struct smd_action *last = &outcome->last;
	int failed = last->act == SMD_ACT_FAIL && *last->message;

	if (fault->end == SMD_END_QUESTION)
		return failed && last->reason == outcome->verdict;
	if (fault->end == SMD_END_FAILURE)
		return failed && last->reason >= SMD_CLASS_REFUSED &&
		       last->reason <= SMD_CLASS_UNKNOWN;
	return failed &&
	       (last->reason == SMD_CLASS_UNKNOWN || strstr(last->message, "the file could not"));
}

/* A confirm that has succeeded may ignore a failed unlock. */
static int is_excused(const struct smd_driver *driver, const struct replay_outcome *outcome)
{
	return driver == &junos_push && !strcmp(outcome->stage, "confirm") &&
	       outcome->last.act == SMD_ACT_DONE;
}

static void report(const char *path, const struct replay_fault *fault,
		   const struct replay_outcome *outcome)
{
	fprintf(stderr,
		"\n%s: stage %zu (%s), step %zu, end %d, then %d: action %d, class %d: %s\n", path,
		fault->stage, outcome->stage, fault->step, fault->end, fault->then,
		outcome->last.act, outcome->last.reason, outcome->last.message);
}

/* Try one fault. 0: the stage has no such step. */
static int try_fault(const struct smd_driver *driver, const char *path,
		     const struct replay_fault *fault, size_t *tried)
{
	struct replay_outcome outcome;
	struct smd_error error = {.code = 0};
	int err = replay_fail(driver, path, fault, &outcome, &error);
	int right;

	if (err == SMD_E_NOT_FOUND)
		return 0;
	if (err)
		fprintf(stderr, "\n%s: %s\n", error.where, error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	if (!outcome.applied)
		return 1;
	right = is_right(fault, &outcome) || is_excused(driver, &outcome);
	if (!right || outcome.changed)
		report(path, fault, &outcome);
	CU_ASSERT(right);
	CU_ASSERT_EQUAL(outcome.changed, 0);
	(*tried)++;
	return 1;
}

static int try_step(const struct smd_driver *driver, const char *path, struct replay_fault *fault,
		    size_t *tried)
{
	static const enum smd_end ends[] = {SMD_END_FAILURE, SMD_END_QUESTION, SMD_END_DEADLINE,
					    SMD_END_LOST, SMD_END_OVERFLOW};
	static const enum smd_end thens[] = {SMD_END_DONE, SMD_END_FAILURE, SMD_END_DEADLINE,
					     SMD_END_LOST};
	int there = 1;

	for (size_t i = 0; there && i < SMD_COUNT(ends); i++)
		for (size_t j = 0; there && j < SMD_COUNT(thens); j++) {
			fault->end = ends[i];
			fault->then = thens[j];
			there = try_fault(driver, path, fault, tried);
		}
	return there;
}

/* Let every step of every stage of a transcript fail, one at a time. */
static void all_go_wrong(const struct smd_driver *driver, const char *name, const char *says,
			 size_t least)
{
	char path[512];
	struct replay_fault fault = {.says = says, .prompt = "DNAAS-LEAF-B13(cfg)#"};
	size_t tried = 0;
	int stages;

	snprintf(path, sizeof(path), FOLDER "%s.txt", name);
	stages = replay_count(path, NULL);
	CU_ASSERT_FATAL(stages > 0);
	for (fault.stage = 0; fault.stage < (size_t)stages; fault.stage++)
		for (fault.step = 0; try_step(driver, path, &fault, &tried); fault.step++)
			CU_ASSERT_FATAL(fault.step < REPLAY_ACTIONS_MAX);
	CU_ASSERT(tried >= least);
}

static void each_dnos_step_may_fail(void)
{
	static const char *const scripts[] = {"dnos-push",    "dnos-untimed", "dnos-questions",
					      "dnos-refused", "dnos-lost",    "dnos-rollback"};

	for (size_t i = 0; i < SMD_COUNT(scripts); i++)
		all_go_wrong(&dnos_push, scripts[i], "ERROR: Unknown word: 'x'.", 16);
}

static void each_junos_step_may_fail(void)
{
	static const char says[] = "<rpc-error><error-severity>error</error-severity>"
				   "<error-message>no</error-message></rpc-error>";

	all_go_wrong(&junos_push, "junos-push", says, 100);
	all_go_wrong(&junos_push, "junos-refused", says, 100);
	all_go_wrong(&junos_push, "junos-rollback", says, 16);
}

static void each_step_of_a_file_may_fail(void)
{
	all_go_wrong(&file_push, "file-push", "ERROR: Unknown word: 'x'.", 100);
}

/* The replayer must notice a difference. */
static void a_difference_is_found(void)
{
	struct smd_error error = {.code = 0};

	CU_ASSERT_EQUAL(replay_play(&junos_push, FOLDER "dnos-push.txt", &error), SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "expected: read set cli-terminal-length 0"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "got: read <get-system-information/>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.where, "dnos-push.txt:15"));
	CU_ASSERT_EQUAL(replay_play(&dnos_push, FOLDER "README.md", &error), SMD_E_INVALID);
	CU_ASSERT_EQUAL(replay_play(&dnos_push, FOLDER "none", &error), SMD_E_NOT_FOUND);
}

TEST_MAIN("replay", TEST(dnos_goes_well), TEST(dnos_asks), TEST(dnos_refuses),
	  TEST(dnos_loses_the_connection), TEST(junos_goes_well), TEST(junos_refuses),
	  TEST(a_file_is_loaded), TEST(each_dnos_step_may_fail), TEST(each_junos_step_may_fail),
	  TEST(each_step_of_a_file_may_fail), TEST(a_difference_is_found));
