/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A box: a device in memory that native configurations are deployed to, one task after the other,
 * as plans do it. Each task is checked: payload and undo lead there and back, and the slice covers
 * the change. A failed check counts in the test that runs.
 */
#ifndef SMD_TESTS_UNIT_BOX_H
#define SMD_TESTS_UNIT_BOX_H

#include "core/plan/task.h"

#define BOX_OWNERS 4

/*
 * tree               What it runs.
 * owners, slices     What configurations have there.
 * commands, undo     Of the last task that was computed; empty texts if it failed.
 * unknown            Its unknown lines, as "2: TEXT" or "2: TEXT (LIKELY)".
 * idle               Its commands that remove nothing.
 */
struct box {
	struct smd_language language;
	struct smd_tree *tree;
	struct smd_ledger ledger;
	struct smd_absences absences;
	char *owners[BOX_OWNERS];
	struct smd_tree *slices[BOX_OWNERS];
	struct smd_text *commands, *undo, *unknown, *idle;
};

/* What a configuration shall be; lines NULL: nothing any more. */
struct box_request {
	const char *owner, *lines;
};

/* `language` is borrowed. */
void box_begin(struct box *box, const struct smd_language *language, const char *text);
void box_done(struct box *box);
/* Deploy all together; the error of computing the task, and then the box is as it was. */
int box_deploy(struct box *box, const struct box_request *requests, size_t count,
	       struct smd_error *error);
/* Enter lines, as somebody does. */
void box_enter(struct box *box, const char *lines);
/* Does it run this? If not, the first difference is printed. */
int box_runs(const struct box *box, const char *text);

#endif
