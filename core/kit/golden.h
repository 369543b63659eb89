/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden cases: folders CASE/ with `running` and `intended` as a device prints them, and
 * `patch` and `undo`, the lines that lead from one to the other and back.
 */
#ifndef SMD_KIT_GOLDEN_H
#define SMD_KIT_GOLDEN_H

#include "core/kit/bench.h"

#define SMD_GOLDEN_MOST 64 /* maximum number of cases; more are ignored */

struct smd_golden {
	char *folder;
	const char *name; /* last component of `folder` */
	struct smd_text *running_text, *intended_text;
	struct smd_tree *running, *intended;
};

struct smd_goldens {
	struct smd_golden list[SMD_GOLDEN_MOST];
	size_t count;
};

/*
 * Read and parse all cases of a folder, sorted by name. A folder without `running` is no case.
 * Returns 0, or an error with bench->error set when a text is missing or cannot be parsed;
 * cases read before it stay in the list. Call smd_goldens_done in any case.
 */
int smd_goldens_read(struct smd_goldens *goldens, const char *folder, struct smd_bench *bench);
void smd_goldens_done(struct smd_goldens *goldens);

/*
 * The folder `testdata` of a driver: beside its file or up to two folders above, as for a file
 * in a build folder. The caller's (free()); NULL: there is none.
 */
char *smd_golden_folder(const char *file);

#endif
