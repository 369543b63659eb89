/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/deploy: one device in a deployment. What is done on it is in device_steps.h.
 *
 * Used on the deployment's loop only, except that a stage's recorder runs on the device's loop
 * and a reading is judged on the computing pool; nothing else looks at the device meanwhile.
 */
#ifndef SMD_DEPLOY_DEVICE_RUN_H
#define SMD_DEPLOY_DEVICE_RUN_H

#include "core/deploy/device_state.h"
#include "core/plan/draft.h"
#include "core/plan/position.h"
#include "core/plan/slice.h"

struct deployment;
struct device_run;

/*
 * What was found when the device was read last.
 *
 * now         Its tree.
 * position    Where it stands between the old and the new state; `third`: path of the first
 *             value that is neither.
 * as_wanted   It runs `goal`; `differs`: path of the first difference in what we change.
 *
 * And if commands were asked for:
 *
 * elsewhere   Path of the first difference to `goal`, anywhere; "": none.
 * strays_stay Of the run's strays something is not as it was before.
 * payload     Commands from `now` to `goal`; `patch_err`: there are none.
 */
struct reading {
	struct smd_tree *now;
	enum smd_slice_position position;
	char third[SMD_ERROR_WHERE];
	int has_ours; /* of a third state: something of the new state runs, too */
	int as_wanted;
	char differs[SMD_ERROR_WHERE];
	char elsewhere[SMD_ERROR_WHERE];
	int strays_stay;
	struct smd_text *payload;
	int patch_err;
	struct smd_error patch_error;
	int is_base; /* in what we change it is as the device's `base` */
};

/*
 * A driver's stage to run on the device.
 *
 * event    What sending means for the state (enum device_event), or -1: nothing.
 * payload  May be NULL.
 * result   Receives what the stage returns, or NULL.
 * timer    Seconds of the revert timer; 0: none.
 * done     Called on the deployment's loop; the result is in run->job.
 */
struct stage {
	const char *name;
	smd_next_fn next;
	int event;
	const struct smd_text *payload;
	struct smd_text *result;
	uint32_t timer;
	void (*done)(struct device_run *run);
};

/*
 * state, problem  See device_state.h.
 * err, error      The first failure, or that of the worst problem.
 * elsewhere       Path of a difference that is not ours, at the end; "": none.
 * overwritten     Path of a value that was neither old nor new, seen directly behind our commit
 *                 and taken back; "": none.
 * expires         Earliest time (clock, ms) at which the device's revert timer undoes the
 *                 commit; 0: no timer runs.
 * quiesce_until   Time (clock, ms) until which it may act on what was sent; 0: it has answered.
 * quiesce_ms      How long that may be after a stage of unknown outcome.
 * outstanding     A command was not answered, and no abort has made it void since. A device may
 *                 take it later than anybody would wait.
 * entry           Number of its last journal entry, from 1; 0: none. `first_entry`: that of the
 *                 stage's first one.
 * goal, patch     For the next reading: the tree to compare with, and whether the commands to it
 *                 are asked for, and what differs elsewhere.
 * pairs           What the device was seen to show otherwise than it was sent. explained: that was
 *                 all the difference; takes_pairs: it counts as sent in this deployment.
 * before_lines    The tree as read directly before lines that act at once; owned.
 * strays          What has changed since then and is not ours to change, seen when the device did
 *                 not run what the lines say; NULL: nothing. Owned.
 * suspect         In recovery: what differs elsewhere may be the doing of such lines.
 * after_commit    The tree as read directly behind our commit, if it was a third state; owned.
 */
struct device_run {
	struct deployment *deployment;
	struct smd_task *task;
	struct smd_remote *remote;

	enum device_state state;
	enum device_problem problem;
	int err;
	struct smd_error error;
	char elsewhere[SMD_ERROR_WHERE];
	char overwritten[SMD_ERROR_WHERE];
	int under_way;         /* it has a part in the phase and is not finished */
	struct smd_job *doing; /* what its session was given to do; NULL: nothing */

	uint64_t expires;
	uint64_t quiesce_until, quiesce_ms;
	struct smd_timer rest; /* started, if `resting` */
	int resting, outstanding;
	void (*rested)(struct device_run *run);
	unsigned entry, first_entry;

	struct stage stage; /* under way, or the last one */
	struct smd_job job;
	struct smd_recorder recorder;
	int sent;                   /* the stage has sent something that can change the device */
	struct smd_text *shown;     /* owned; the stage's payload with secrets masked */
	struct smd_text *candidate; /* owned; the candidate as prepare returned it */
	void (*was_loaded)(struct device_run *run);
	struct smd_save save; /* journal entries in progress */
	struct smd_work entry_work;
	const struct smd_exchange *exchanges; /* to be recorded; borrowed meanwhile */
	size_t exchange_count;
	struct smd_save answer; /* the entry "answered" in progress, if `answering` */
	int answering;

	struct smd_fetch_job fetch;
	struct reading reading;
	const struct smd_tree *goal;
	const struct smd_tree *final_goal; /* kept while something else is compared */
	int patch;
	struct smd_shown pairs;
	int seeks_pairs; /* the next reading is directly behind our commit */
	int explained, takes_pairs;
	struct smd_tree *before_lines, *strays;
	int suspect;
	struct smd_tree *after_commit;
	void (*was_read)(struct device_run *run);
	struct smd_work work;
	struct smd_message message;

	struct smd_tree *base;    /* owned; what the payload leads away from */
	struct smd_text *payload; /* owned; what converging sends */
	/* Tries of an abort, or of converging after a conflict; a timer of ours to be stopped */
	unsigned tries;
	int timer_runs;
	unsigned probes; /* lost so far */
	void (*probed)(struct device_run *run);
	int probe_failed; /* whether a commit of ours waits is not known: see probe_error */
	int loaded;       /* converging has loaded a candidate, and may hold its lock */
	struct smd_error refusal, probe_error;
	int unanswered; /* the outcome of the last commit is unknown: see `refusal` */
	void (*converged)(struct device_run *run);
};

/* Free what it holds, not the structure. Nothing of it may be under way. */
void device_run_done(struct device_run *run);

#endif
