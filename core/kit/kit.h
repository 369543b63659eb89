/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conformance kit: does a driver hold what every driver must? It checks the laws on the
 * driver's golden cases and on random mutations of them, damaged text, and its stages with all
 * kinds of answers. It needs only the driver's file and golden cases, so drivers developed
 * elsewhere get the same tests.
 *
 * Each check runs in a child process: a driver that crashes or hangs fails that check only.
 */
#ifndef SMD_KIT_KIT_H
#define SMD_KIT_KIT_H

#include "core/base/json.h"
#include "core/load/loader.h"

/*
 * file    The driver's file; contains a '/'.
 * golden  Folder of golden cases; NULL: testdata/ beside the file or up to two folders above.
 *         The driver's page is the README.md beside that folder.
 * given   Option values to open the driver with, if it requires some.
 * limit   Milliseconds a check may take; 0: two minutes. Ignored with `here`.
 * seed    Seed of all random numbers: the same seed repeats a run.
 * only    Name of the only check to run, after loading; NULL: all.
 * here    Run in this process, for a debugger or sanitizer; a crash then ends it.
 * update  Write the files patch and undo of the golden cases.
 */
struct smd_kit_spec {
	const char *file;
	const char *golden;
	const struct smd_setting *given;
	size_t given_count;
	unsigned limit;
	uint64_t seed;
	const char *only;
	int here;
	int update;
};

/*
 * Run all checks. The object `result` gets `file`, `golden` (if there is a folder), `seed`,
 * `checks`, and in `failed` the number of failed checks. A check has a `name`, a description
 * `what`, a `state` (ok, failed, skipped) and, unless ok, a `message` and more lines in
 * `detail`. The first check loads the driver; if it fails, no other check runs.
 *
 * SMD_E_NOT_FOUND: no such file, folder or check. SMD_E_INVALID: checks failed. May be called
 * in a program with threads. Blocks for seconds.
 */
int smd_kit_run(const struct smd_kit_spec *spec, cJSON *result, struct smd_error *error);

#endif
