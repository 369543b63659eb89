/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that can go wrong with one device, one thing a run: a fault or a stranger, at each
 * class of commands, on each kind of device, beside three devices of other kinds.
 *
 *   test_fleet_scenarios                all of it
 *   test_fleet_scenarios --only TEXT    those whose name has this text, with all that was said
 *   test_fleet_scenarios --check FILE   also compares the table with a file
 *   test_fleet_scenarios --table FILE   also writes the table
 */
#include <stdio.h>

#include "scenario.h"
#include "suite.h"

static struct scenarios scenarios = {.fewer = SUITE_FEWER};

static void run(enum scenario_group group)
{
	unsigned failed = scenarios_run(&scenarios, group);

	CU_ASSERT_EQUAL(failed, 0);
}

static void faults_once(void)
{
	run(GROUP_ONCE);
}

static void faults_always(void)
{
	run(GROUP_ALWAYS);
}

static void faults_on_the_way_back(void)
{
	run(GROUP_BACK);
}

static void strangers_elsewhere(void)
{
	run(GROUP_STRANGER_ELSEWHERE);
}

static void strangers_in_our_lines(void)
{
	run(GROUP_STRANGER_OURS);
}

static int usage(void)
{
	fprintf(stderr,
		"usage: test_fleet_scenarios [--only TEXT | --check FILE | --table FILE]\n");
	return 2;
}

static unsigned run_suite(void)
{
	CU_TestInfo tests[] = {TEST(faults_once),
			       TEST(faults_always),
			       TEST(faults_on_the_way_back),
			       TEST(strangers_elsewhere),
			       TEST(strangers_in_our_lines),
			       CU_TEST_INFO_NULL};

	return run_tests("scenarios", tests);
}

int main(int argc, char **argv)
{
	unsigned failed;

	if (argc != 1 && argc != 3)
		return usage();
	if (argc == 3 && !strcmp(argv[1], "--only"))
		scenarios.only = argv[2];
	else if (argc == 3 && strcmp(argv[1], "--check") != 0 && strcmp(argv[1], "--table") != 0)
		return usage();
	scenarios_init(&scenarios);
	failed = run_suite();
	if (argc == 3 && !strcmp(argv[1], "--check"))
		failed += !scenarios_check(&scenarios, argv[2]);
	if (argc == 3 && !strcmp(argv[1], "--table"))
		failed += !scenarios_write(&scenarios, argv[2]);
	scenarios_done(&scenarios);
	return failed ? 1 : 0;
}
