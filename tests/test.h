/* SPDX-License-Identifier: Apache-2.0 */
/* What every test program needs: CUnit, a table of tests, and a main. */
#ifndef SMD_TESTS_TEST_H
#define SMD_TESTS_TEST_H

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

/* `TEST_MAIN("tree", TEST(find_by_key), TEST(fingerprint))` ends a test program. */
#define TEST(function)                                                                             \
	{                                                                                          \
#function, function                                                                \
	}

#define TEST_MAIN(suite_name, ...)                                                                 \
	int main(void)                                                                             \
	{                                                                                          \
		static CU_TestInfo tests[] = {__VA_ARGS__, CU_TEST_INFO_NULL};                     \
		static CU_SuiteInfo suites[] = {{suite_name, NULL, NULL, NULL, NULL, tests},       \
						CU_SUITE_INFO_NULL};                               \
		unsigned failed;                                                                   \
                                                                                                   \
		if (CU_initialize_registry() != CUE_SUCCESS ||                                     \
		    CU_register_suites(suites) != CUE_SUCCESS)                                     \
			return 2;                                                                  \
		CU_basic_set_mode(CU_BRM_NORMAL);                                                  \
		CU_basic_run_tests();                                                              \
		failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();       \
		CU_cleanup_registry();                                                             \
		return failed ? 1 : 0;                                                             \
	}                                                                                          \
	struct test_main_semicolon

#endif
