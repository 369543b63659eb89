/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removal: what the absences of a device take away, and what returns when they end.
 *
 * What an absence removes is found by entering its lines into the tree, as the device would:
 * what was there before and is not there then. What the device adds meanwhile does not count.
 * The functions are pure; any thread.
 */
#ifndef SMD_PLAN_REMOVAL_H
#define SMD_PLAN_REMOVAL_H

#include "core/load/fragment.h"
#include "core/plan/absence.h"
#include "core/plan/ledger.h"

/*
 * Of one device, for one change of some owners. What is not const is owned (smd_removal_done).
 *
 * language, running  Input.
 * before             Input: the absences that are in force.
 * after              Those that shall be; to be filled before smd_removal_take_all.
 * returned           What has come back, with the sections around it.
 * gone               What was taken away, with the sections around it.
 */
struct smd_removal {
	const struct smd_language *language;
	const struct smd_tree *running;
	const struct smd_absences *before;
	struct smd_absences after;
	struct smd_tree *returned, *gone;
};

/* What an owner shall have, to tell who wants what another one wants to be absent. */
struct smd_removal_owner {
	const char *name;
	const struct smd_tree *wanted;
};

int smd_removal_begin(struct smd_removal *removal, const struct smd_language *language,
		      const struct smd_absences *before, const struct smd_tree *running,
		      struct smd_error *error);
/*
 * Add to `out` the owner's commands, behind smd_removal_take_all, that remove nothing and have
 * removed nothing since they are in force, each with the sections around it.
 */
int smd_removal_find_idle(const struct smd_removal *removal, const char *owner,
			  struct smd_text *out, struct smd_error *error);
void smd_removal_done(struct smd_removal *removal);
/*
 * Put back into `tree` what the owner's absence had taken away, except where something is
 * there now, or the section around it has gone.
 */
int smd_removal_return(struct smd_removal *removal, const char *owner, struct smd_tree *tree,
		       struct smd_error *error);
/*
 * Take away from `*tree`, which is replaced, what `removal->after` wants to be absent. owners:
 * those whose change this is, sorted; ledger: of after the change. Absences of others take away
 * only what has returned. SMD_E_CONFLICT: somebody owns it.
 */
int smd_removal_take_all(struct smd_removal *removal, const struct smd_removal_owner *owners,
			 size_t owner_count, const struct smd_ledger *ledger,
			 struct smd_tree **tree, struct smd_error *error);

/*
 * Does the tree have something that the lines remove? 1, and `path` gets the path of it; 0; or an
 * error.
 */
int smd_absence_broken(const struct smd_language *language, const struct smd_tree *tree,
		       const struct smd_text *lines, char *path, size_t size,
		       struct smd_error *error);

#endif
