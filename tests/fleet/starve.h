/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: one allocation fails of those that a controller makes while the method that
 * it is called for first is carried out. The program is linked with --wrap, so that these are the
 * calls of this project's code, and cJSON's; other libraries have all the memory that they want.
 */
#ifndef TESTS_FLEET_STARVE_H
#define TESTS_FLEET_STARVE_H

#include <stdint.h>

/* Whose allocations are counted and can fail. */
enum starve_whom { STARVE_JSON, STARVE_ALL };

/* Before the first fork. What is counted is shared by all processes. */
void starve_init(void);
/* Count from 0; allocation number `at` fails, from 1, and no other. 0: none. */
void starve_arm(const char *method, enum starve_whom whom, uint64_t at);
/* Print from where the allocation that fails is made; addr2line(1) makes lines of the addresses. */
void starve_tell(void);
/* Whether what is done now is counted. */
int starve_counts(void);
/* How many there were since. */
uint64_t starve_count(void);
/* Whether this thread is counted; for what a test does beside a controller. */
void starve_spare(int is_spared);

#endif
