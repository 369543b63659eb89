/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/deploy: what is done on one device: running stages, reading, judging, converging.
 *
 * To be called on the deployment's loop, one at a time for a device. Those with `done` call it
 * there once: at the end, or before they return.
 */
#ifndef SMD_DEPLOY_DEVICE_STEPS_H
#define SMD_DEPLOY_DEVICE_STEPS_H

#include "core/deploy/device_run.h"

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

/*
 * Give up what the device is doing: its job ends, a rest is cut short. The steps that follow in
 * the same phase fail with SMD_E_UNREACHABLE.
 */
void end_at_deadline(struct device_run *run);

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

/* What the device shows (shown_otherwise.c); on the computing pool. */
/* Take as sent, in a tree that was read, what is known to be shown otherwise. SMD_E_NO_MEMORY. */
int take_as_sent(const struct device_run *run, struct smd_tree *tree);
/*
 * Find what of a tree, read directly behind our lines, is shown otherwise than it was sent, and
 * set `explained` if that is all the difference to the goal. Then it is taken as sent where it is
 * ours. Returns whether the user accepts that; or SMD_E_NO_MEMORY.
 */
int explain_difference(struct device_run *run, struct smd_tree *tree);
/*
 * Find what has changed elsewhere since the lines began to act, on a device that does not run what
 * they say (strays.c). Of lines that the driver does not know it counts as their doing: then it
 * belongs to what is taken back. SMD_E_NO_MEMORY.
 */
int find_strays(struct device_run *run);
/* Whether there are lines in the plan of the device that its driver does not know. */
int has_unknown(const struct smd_task *task);
/* Tell the first pair; returns SMD_E_DEVICE. */
int tell_shown(const struct device_run *run, struct smd_error *error);

#endif
