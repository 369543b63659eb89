/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conformance kit: does a driver hold what every driver must? The laws of the
 * design on its golden cases and on random mutations of them, damaged text, its
 * stages with answers of all kinds. It needs nothing but the driver's file and its
 * golden cases, so that whoever writes a driver elsewhere has the same tests.
 *
 * Each check runs in a child of its own, for the driver is a stranger's: one that
 * crashes or hangs fails that check, and the others go on.
 */
#ifndef SMD_KIT_KIT_H
#define SMD_KIT_KIT_H

#include "core/base/json.h"
#include "core/load/loader.h"

/*
 * file    The driver's, with a '/' in it.
 * golden  Folder of golden cases; NULL: the folder testdata/ beside the file or up to
 *         two folders above. The driver's page is the README.md beside that folder.
 * given   Options to open the driver with, for one that has no use without.
 * limit   Milliseconds that a check may take; 0: two minutes. Not with `here`.
 * seed    Of all that is random: the same one repeats a run.
 * only    Name of the one check to make, behind loading; NULL: all of them.
 * here    Check in this process, for a debugger or a sanitizer: a crash is its end.
 * update  Write patch and undo of the golden cases anew.
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
 * Run all checks. `result`, an object, gets `file`, `golden` (where there is one),
 * `seed`, `checks` and the number of those that `failed`. A check has a `name`, says
 * `what` it is about, has a `state` of ok, failed or skipped, and where it is not ok
 * a `message` and, in `detail`, lines of more. The first check is to load the driver;
 * where it fails there are no others.
 *
 * SMD_E_NOT_FOUND: there is no such file, folder or check; SMD_E_INVALID: checks failed. May
 * be called in a program with threads. Blocks for seconds.
 */
int smd_kit_run(const struct smd_kit_spec *spec, cJSON *result, struct smd_error *error);

#endif
