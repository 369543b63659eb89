/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden cases: folders CASE/ with `running` and `intended` as a device prints
 * them, and `patch` and `undo`, the lines that lead from one to the other and back.
 */
#ifndef SMD_KIT_GOLDEN_H
#define SMD_KIT_GOLDEN_H

#include "core/kit/bench.h"

#define SMD_GOLDEN_MOST 64 /* further ones are not looked at */

struct smd_golden {
	char *folder;
	const char *name; /* the last word of it */
	struct smd_text *running_text, *intended_text;
	struct smd_tree *running, *intended;
};

struct smd_goldens {
	struct smd_golden list[SMD_GOLDEN_MOST];
	size_t count;
};

/*
 * Read and parse all cases of a folder, sorted by name. What has no `running` is no
 * case. 0, or bench->error: a text that is missing or cannot be parsed; those
 * before it are there. smd_goldens_done in any case.
 */
int smd_goldens_read(struct smd_goldens *goldens, const char *folder, struct smd_bench *bench);
void smd_goldens_done(struct smd_goldens *goldens);

/*
 * The folder `testdata` that belongs to a driver's file: beside it, or up to two
 * folders above, as a build folder has it. The caller's (free()); NULL: there is none.
 */
char *smd_golden_folder(const char *file);

#endif
