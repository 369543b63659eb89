/* SPDX-License-Identifier: Apache-2.0 */
/* A suite for programs that take arguments, or make something before the tests. */
#ifndef TESTS_FLEET_SUITE_H
#define TESTS_FLEET_SUITE_H

#include "test.h"

/* How many times fewer cases are tried where each takes longer. */
#if defined(__SANITIZE_ADDRESS__)
#define SUITE_FEWER 10
#else
#define SUITE_FEWER 1
#endif

/* Run all tests. Returns how many failed; 1 if they could not be run. */
static inline unsigned run_tests(const char *name, CU_TestInfo *tests)
{
	CU_SuiteInfo suites[] = {{name, NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
	unsigned failed;

	if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
		return 1;
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
	CU_cleanup_registry();
	return failed;
}

#endif
