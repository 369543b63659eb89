/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converging: bring a device to a goal, whatever it runs now. The way back and recovery use it.
 * It relies on nothing that was sent earlier: it ends a pending commit of this deployment, reads
 * the device, pushes the difference to the goal, and reads again.
 */
#include <stdio.h>

#include "core/deploy/device_steps.h"
#include "core/deploy/engine.h"
#include "core/tree/own.h"

/* Pushes that may fail because somebody else was quicker, or the connection was lost. */
#define TRIES 3

static void read_for_goal(struct device_run *run);

static void was_unlocked(struct device_run *run)
{
	run->converged(run);
}

/* Where a candidate was loaded, what is left of it and of its lock goes. */
static void converge_over(struct device_run *run)
{
	if (run->loaded && driver_of(run)->abort)
		run_stage(run, &(struct stage){.name = "abort",
					       .next = driver_of(run)->abort,
					       .event = -1,
					       .done = was_unlocked});
	else
		run->converged(run);
}

static void resists(struct device_run *run, const struct smd_error *error)
{
	device_problem(run, PROBLEM_RESISTS, error);
	converge_over(run);
}

/* A timer of ours may still fire. */
static void tell_pending(struct device_run *run, const struct smd_error *why, const char *what)
{
	struct smd_error error = *why;

	smd_error_prefix(&error, "%s", what);
	device_problem(run, PROBLEM_CANDIDATE, &error);
}

static void was_stopped(struct device_run *run)
{
	if (run->job.err)
		tell_pending(run, &run->job.error,
			     "a commit of ours still waits for its confirmation");
	converge_over(run);
}

/*
 * The old state was pushed while a timer of ours runs, because the device cannot undo a commit on
 * request, or has refused to. When the timer fires it could take later changes of others along,
 * so it is stopped; if it cannot be, it leads to the old state.
 */
static void stop_timer(struct device_run *run)
{
	if (run->probe_failed)
		tell_pending(run, &run->probe_error,
			     "whether a commit of ours waits for its confirmation is not known");
	if (run->timer_runs && driver_of(run)->confirm)
		run_stage(run, &(struct stage){.name = "confirm",
					       .next = driver_of(run)->confirm,
					       .event = -1,
					       .done = was_stopped});
	else
		converge_over(run);
}

static void has_converged(struct device_run *run)
{
	snprintf(run->elsewhere, sizeof(run->elsewhere), "%s", run->reading.elsewhere);
	report_device(run, "done",
		      run->elsewhere[0] ? "read back; something else differs" : "read back");
	stop_timer(run);
}

/*
 * A value that is neither old nor new is somebody else's, and is left alone. Where nothing of
 * ours has acted, that is all there is to say.
 */
static void leave_third(struct device_run *run)
{
	struct smd_error error;

	if (run->state == STATE_UNTOUCHED) {
		snprintf(run->elsewhere, sizeof(run->elsewhere), "%s", run->reading.third);
		report_device(run, "done", "read back; somebody else changed it");
		converge_over(run);
		return;
	}
	smd_fail(&error, SMD_E_ATTENTION,
		 "it runs neither what it ran before nor what was to be deployed, so it was left "
		 "alone");
	smd_error_where(&error, "%s", run->reading.third);
	smd_error_hint(&error,
		       "bring it to one of the two by hand and run `sdctl recover`, or take what "
		       "it runs with `sdctl recover %s --accept`",
		       run->deployment->id);
	device_problem(run, PROBLEM_THIRD, &error);
	converge_over(run);
}

static void fail_unreachable(struct device_run *run)
{
	struct smd_error error = run->fetch.error;

	smd_error_prefix(&error, "what it runs is not known");
	device_problem(run, PROBLEM_UNREACHABLE, &error);
	run->converged(run); /* its locks went with the connection */
}

/* Commands are left although the device took those that were sent. */
static void fail_not_taken(struct device_run *run)
{
	struct smd_error error;

	smd_fail(&error, SMD_E_ATTENTION,
		 "the device took the commands but does not run what they say");
	smd_error_where(&error, "%s", run->reading.differs);
	resists(run, &error);
}

/* Sending */

static void read_again(struct device_run *run)
{
	const struct reading *reading = &run->reading;

	if (run->fetch.err)
		fail_unreachable(run);
	else if (reading->position == SMD_SLICE_THIRD)
		leave_third(run);
	else if (reading->patch_err)
		resists(run, &reading->patch_error);
	else if (!smd_text_count(reading->payload))
		has_converged(run);
	else
		fail_not_taken(run);
}

/* It was refused: the error is kept, and the reading tells whether it still counts. */
static void was_read_after_refusal(struct device_run *run)
{
	if (run->fetch.err) {
		device_problem(run, PROBLEM_RESISTS, &run->refusal);
		fail_unreachable(run);
	} else if (!run->reading.patch_err && !smd_text_count(run->reading.payload)) {
		has_converged(run);
	} else if (run->reading.position == SMD_SLICE_THIRD) {
		leave_third(run);
	} else {
		resists(run, &run->refusal);
	}
}

/*
 * Where somebody else was quicker, or it is unknown what was done, it is tried again with what the
 * device runs now.
 */
static void after_refusal(struct device_run *run)
{
	int again = run->refusal.code == SMD_E_CONFLICT || run->refusal.code == SMD_E_UNKNOWN;

	if (again && run->tries++ < TRIES)
		read_for_goal(run);
	else
		read_device(run, run->goal, 1, was_read_after_refusal);
}

static void was_cleared(struct device_run *run)
{
	run->loaded = run->job.err != 0;
	if (run->job.err)
		device_problem(run, PROBLEM_CANDIDATE, &run->job.error);
	else
		device_event(run, EVENT_CLEAR);
	after_refusal(run);
}

/* Nothing of ours stays loaded behind a refusal. */
static void was_refused(struct device_run *run, const struct smd_error *why)
{
	run->refusal = *why;
	if (driver_of(run)->abort && run->task->facts.candidate != SMD_CANDIDATE_NONE)
		run_stage(run, &(struct stage){.name = "abort",
					       .next = driver_of(run)->abort,
					       .event = -1,
					       .done = was_cleared});
	else
		after_refusal(run);
}

static void was_pushed(struct device_run *run)
{
	if (run->job.err == SMD_E_UNKNOWN) {
		run->refusal = run->job.error;
		after_refusal(run);
	} else if (run->job.err) {
		was_refused(run, &run->job.error);
	} else {
		read_device(run, run->goal, 1, read_again);
	}
}

/* Without a revert timer: nothing would confirm it. */
static void push(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "converge",
				       .next = driver_of(run)->commit,
				       .event = EVENT_SEND,
				       .payload = run->payload,
				       .done = was_pushed});
}

/* Is what the candidate was made from still what the device runs? */
static void was_compared(struct device_run *run)
{
	struct smd_error error = run->fetch.error;

	if (!run->fetch.err && run->reading.is_base) {
		push(run);
		return;
	}
	if (!run->fetch.err)
		smd_fail(&error, SMD_E_CONFLICT, "somebody changed it meanwhile");
	was_refused(run, &error);
}

static void was_loaded(struct device_run *run)
{
	run->loaded = 1;
	if (run->job.err)
		was_refused(run, &run->job.error);
	else
		read_device(run, run->goal, 0, was_compared);
}

static void was_read(struct device_run *run)
{
	struct reading *reading = &run->reading;

	if (run->fetch.err || reading->position == SMD_SLICE_THIRD || reading->patch_err ||
	    !smd_text_count(reading->payload)) {
		read_again(run);
		return;
	}
	discard(run, smd_take(run->base), run->payload);
	run->payload = smd_take(reading->payload);
	if (!driver_of(run)->prepare) {
		push(run);
		return;
	}
	run->base = smd_take(reading->now);
	load_candidate(run, run->payload, run->goal, was_loaded);
}

static void read_for_goal(struct device_run *run)
{
	read_device(run, run->goal, 1, was_read);
}

/* Going back: a pending commit is ended first. Whether that worked is seen in the reading. */

static void was_undone(struct device_run *run)
{
	run->timer_runs = run->job.err != 0;
	read_for_goal(run);
}

static void undo_pending(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "rollback",
				       .next = driver_of(run)->rollback,
				       .event = EVENT_SEND,
				       .done = was_undone});
}

/*
 * Where undoing a commit takes later changes along, it is only undone if there are none. Else our
 * lines are taken back one by one, and the timer is stopped.
 */
static void was_read_before_undo(struct device_run *run)
{
	run->goal = run->final_goal;
	if (!run->fetch.err && !run->reading.elsewhere[0]) {
		undo_pending(run);
		return;
	}
	run->timer_runs = 1;
	read_for_goal(run);
}

static void was_probed(struct device_run *run)
{
	int pending = !run->job.err && run->job.facts.pending == SMD_PENDING_OURS;

	run->probe_failed = run->job.err && (run->expires || run->deployment->recovering);
	run->probe_error = run->job.error;
	run->expires = 0;
	run->timer_runs = pending && !driver_of(run)->rollback;
	if (!pending || !driver_of(run)->rollback) {
		read_for_goal(run);
	} else if (run->job.facts.revert_takes_all) {
		run->final_goal = run->goal;
		read_device(run, run->task->target, 1, was_read_before_undo);
	} else {
		undo_pending(run);
	}
}

/* What was sent may still start a timer, so the device is asked when it has come to rest. */
static void probe_rested(struct device_run *run)
{
	probe_pending(run, was_probed);
}

void converge_device(struct device_run *run, const struct smd_tree *goal, int back,
		     void (*done)(struct device_run *run))
{
	run->goal = goal;
	run->converged = done;
	run->tries = 0;
	run->timer_runs = run->loaded = run->probe_failed = 0;
	if (back && driver_of(run)->probe)
		rest_device(run, probe_rested);
	else
		read_for_goal(run);
}
