/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/deploy: one device in a deployment. It runs stages, is read and judged.
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
 * payload     Commands from `now` to `goal`; `patch_err`: there are none.
 */
struct reading {
	struct smd_tree *now;
	enum smd_slice_position position;
	char third[SMD_ERROR_WHERE];
	int as_wanted;
	char differs[SMD_ERROR_WHERE];
	char elsewhere[SMD_ERROR_WHERE];
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
 * entry           Number of its last journal entry, from 1; 0: none. `first_entry`: that of the
 *                 stage's first one.
 * goal, patch     For the next reading: the tree to compare with, and whether the commands to it
 *                 are asked for, and what differs elsewhere.
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
	struct smd_timer rest;
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

static inline const struct smd_driver *driver_of(const struct device_run *run)
{
	return run->task->language.driver;
}

/*
 * Does a commit on the device carry what it was computed from? Then what somebody changes before
 * it is never overwritten.
 */
static inline int is_guarded(const struct device_run *run)
{
	const struct smd_facts *facts = &run->task->facts;

	return facts->atomic && facts->abort_voids && facts->candidate == SMD_CANDIDATE_NONE;
}

void device_run_done(struct device_run *run);

/*
 * Free what is spent on the computing pool: a tree of a hundred thousand lines takes milliseconds,
 * in which a loop would serve nobody. Either may be NULL.
 */
void discard(struct device_run *run, struct smd_tree *tree_take, struct smd_text *text_take);

/* Apply an event to the state. */
void device_event(struct device_run *run, enum device_event event);
/* Note a failure that is not a problem yet: the device's and, if it is the first, the deployment's.
 */
void device_failed(struct device_run *run, const struct smd_error *error);
/* Note a problem with its error. A smaller one than before is ignored. */
void device_problem(struct device_run *run, enum device_problem problem,
		    const struct smd_error *error);

/* Run a stage; the structure is copied. */
void run_stage(struct device_run *run, const struct stage *stage);

/*
 * Load a payload into the device's candidate, and compare what the device shows of it with
 * `goal`. `done(run)`: the result is in run->job.
 */
void load_candidate(struct device_run *run, const struct smd_text *payload,
		    const struct smd_tree *goal, void (*done)(struct device_run *run));

/* Wait until the device can no longer act on what it did not answer. */
void rest_device(struct device_run *run, void (*done)(struct device_run *run));

/*
 * Find out whether a commit waits for its confirmation; a lost connection is tried again once.
 * `done(run)`: run->job has the result, and the facts if there is no error.
 */
void probe_pending(struct device_run *run, void (*done)(struct device_run *run));

/*
 * Read the device when it no longer acts on what was sent, judge it by run->goal, and apply the
 * reading to its state. `done(run)`: run->fetch.err says whether it could be read.
 */
void read_device(struct device_run *run, const struct smd_tree *goal, int patch,
		 void (*done)(struct device_run *run));

/*
 * Bring the device to `goal`, whatever it runs now: read, push the difference, read again.
 * `back`: a pending commit of ours is undone first. `done(run)`: what could not be done is in
 * run->problem.
 */
void converge_device(struct device_run *run, const struct smd_tree *goal, int back,
		     void (*done)(struct device_run *run));

#endif
