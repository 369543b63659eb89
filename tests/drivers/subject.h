/* SPDX-License-Identifier: Apache-2.0 */
/* A driver under test with its golden cases, and the loop over all drivers that are built. */
#ifndef SMD_TESTS_DRIVERS_SUBJECT_H
#define SMD_TESTS_DRIVERS_SUBJECT_H

#include "bench.h"
#include "test.h"

#define CASES_MAX 64

/* One folder drivers/<v>/testdata/<case>. */
struct golden {
	char folder[512];
	struct smd_text *running_text, *intended_text;
	struct smd_tree *running, *intended;
};

struct subject {
	struct bench bench;
	struct golden golden[CASES_MAX];
	size_t count;
};

/* Assert, and when it does not hold say which driver and what. */
#define CHECK(subject, condition, ...)                                                             \
	({                                                                                         \
		int holds_ = !!(condition);                                                        \
		CU_assertImplementation(holds_, __LINE__, #condition, __FILE__, __func__, 0);      \
		if (!holds_) {                                                                     \
			printf("\n%s: ", (subject)->bench.driver->self.name);                      \
			printf(__VA_ARGS__);                                                       \
			printf("\n");                                                              \
		}                                                                                  \
		holds_;                                                                            \
	})

/*
 * Load each driver (only that of SMD_TEST_DRIVER, if set) with its initial options and its
 * golden cases, and call `test` with it. A driver that cannot be loaded fails the test.
 */
void for_each_driver(void (*test)(struct subject *subject));

#endif
