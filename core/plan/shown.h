/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sent and shown: statements that a device shows in another way than they were sent (in other
 * words, sorted, expanded, hashed), or to which it adds others.
 *
 * Pairs that somebody has accepted are kept per driver and release of the device, in table
 * `shown`; from then on the two count as the same. A statement is written as its canonical path,
 * with " = VALUE" behind it where it has a value.
 */
#ifndef SMD_PLAN_SHOWN_H
#define SMD_PLAN_SHOWN_H

#include "core/load/language.h"
#include "core/store/store_thread.h"

/*
 * sent, shown  The two statements; `sent` is "" for one that the device has added.
 * sent_told, shown_told  The same with secrets masked; NULL: not to be told.
 * release      Of the device.
 */
struct smd_shown_pair {
	char *sent, *shown;
	char *sent_told, *shown_told;
	char *release;
};

struct smd_shown {
	struct smd_shown_pair *pairs;
	size_t count;
};

void smd_shown_done(struct smd_shown *shown);
/* Read the accepted pairs of a driver, of all releases. SMD_E_INVALID: one is damaged. */
int smd_shown_load(struct smd_shown *out, struct smd_store_thread *store_thread, const char *driver,
		   struct smd_error *error);
/* Add to `batch` the records of pairs that were accepted. */
void smd_shown_save(const struct smd_shown *shown, const char *driver, struct smd_batch *batch);

/*
 * Make `tree`, as a device shows it, what it would be if the device of this release showed what
 * was sent: of the statements of a slice (NULL: none). SMD_E_NO_MEMORY.
 */
int smd_shown_apply(const struct smd_shown *shown, const char *release,
		    const struct smd_tree *slice, struct smd_tree *tree);
/*
 * Find the pairs that tell how `now`, read directly behind a change, differs from `goal`: for each
 * statement of `wanted` that it lacks what has come in its place, and what has come beside it.
 * `before`: what the device ran before the change. They are added to `out`. SMD_E_NO_MEMORY.
 */
struct smd_shown_search {
	const struct smd_language *language;
	const char *release;
	const struct smd_tree *before, *goal, *wanted, *now;
};
int smd_shown_find(const struct smd_shown_search *search, struct smd_shown *out);

/* An array of {sent, shown} for people. NULL: no memory, or there are none. */
cJSON *smd_shown_json(const struct smd_shown *shown);

#endif
