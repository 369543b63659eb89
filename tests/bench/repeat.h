/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of configurations that consist of one thing many times, for each driver. */
#ifndef SMD_BENCH_REPEAT_H
#define SMD_BENCH_REPEAT_H

#include <stdio.h>

struct smd_repeat;

/* By its name, "DRIVER/DIMENSION"; NULL: there is none. */
const struct smd_repeat *smd_repeat_find(const char *name);
/* Write it so many times. */
void smd_repeat_write(const struct smd_repeat *repeat, unsigned long times, FILE *running,
		      FILE *intended);
/* Print the names of all, one a line. */
void smd_repeat_list(FILE *out);

#endif
