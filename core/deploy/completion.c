/* SPDX-License-Identifier: Apache-2.0 */
/* What the phases behind the decision do: completing, going back, and the end. */
#include "core/deploy/phases.h"

/* Confirming */

int confirm_takes(const struct device_run *run)
{
	return driver_of(run)->confirm && run->task->facts.timer_longest &&
	       run->state == STATE_NEW && !run->problem;
}

static void not_confirmed(struct device_run *run, const struct smd_error *error)
{
	device_problem(run, PROBLEM_RESISTS, error);
	device_over(run);
}

/* The timer has undone the change: it is made again, without a timer. */
static void was_made_again(struct device_run *run)
{
	if (!run->problem)
		device_event(run, EVENT_CONFIRM);
	device_over(run);
}

static void confirm_read_back(struct device_run *run)
{
	if (run->fetch.err) {
		device_problem(run, PROBLEM_UNREACHABLE, &run->fetch.error);
		device_over(run);
	} else if (run->reading.position == SMD_SLICE_NEW) {
		device_event(run, EVENT_CONFIRM);
		run->expires = 0;
		report_device(run, "done", "");
		device_over(run);
	} else {
		report_device(run, "started", "its timer has undone the change: it is made again");
		run->expires = 0;
		converge_device(run, run->task->target, 0, was_made_again);
	}
}

static void still_pending(struct device_run *run, const char *what)
{
	struct smd_error error;

	smd_fail(&error, SMD_E_ATTENTION, "%s", what);
	smd_error_hint(&error, "the device undoes the change by itself unless it is confirmed; run "
			       "`sdctl recover` then");
	not_confirmed(run, &error);
}

static void was_probed_after(struct device_run *run)
{
	if (run->job.err)
		not_confirmed(run, &run->job.error);
	else if (run->job.facts.pending != SMD_PENDING_NONE)
		still_pending(run, "its commit waits for the confirmation although it was sent");
	else
		read_device(run, run->task->target, 0, confirm_read_back);
}

/* Whatever it answered: whether the commit still waits, and what runs, is read. */
static void was_confirmed(struct device_run *run)
{
	if (driver_of(run)->probe)
		probe_pending(run, was_probed_after);
	else if (run->job.err)
		not_confirmed(run, &run->job.error);
	else
		read_device(run, run->task->target, 0, confirm_read_back);
}

static void send_confirm(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "confirm",
				       .next = driver_of(run)->confirm,
				       .event = EVENT_SEND,
				       .done = was_confirmed});
}

static void was_probed_before(struct device_run *run)
{
	const struct smd_facts *facts = &run->job.facts;

	if (run->job.err)
		not_confirmed(run, &run->job.error);
	else if (facts->pending == SMD_PENDING_FOREIGN || facts->pending == SMD_PENDING_UNKNOWN)
		still_pending(run, "a commit that is not ours waits for its confirmation");
	else if (facts->pending == SMD_PENDING_NONE)
		read_device(run, run->task->target, 0, confirm_read_back);
	else if (facts->candidate_dirty)
		still_pending(run, "its candidate has changes that are not ours, which the "
				   "confirmation would commit");
	else
		send_confirm(run);
}

void confirm_device(struct device_run *run)
{
	if (driver_of(run)->probe)
		probe_pending(run, was_probed_before);
	else
		send_confirm(run);
}

/* Saving */

int persist_takes(const struct device_run *run)
{
	return driver_of(run)->persist && !run->problem && smd_task_sends(run->task) &&
	       (run->state == STATE_NEW || run->state == STATE_CONFIRMED);
}

static void was_persisted(struct device_run *run)
{
	if (run->job.err) {
		device_problem(run, PROBLEM_NOT_SAVED, &run->job.error);
	} else {
		device_event(run, EVENT_SAVE);
		report_device(run, "done", "");
	}
	device_over(run);
}

void persist_device(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "persist",
				       .next = driver_of(run)->persist,
				       .event = -1,
				       .done = was_persisted});
}

/* Going back */

/*
 * If the decision cannot be stored, the way back is tried all the same: where the journal cannot
 * be written either, nothing is sent, and the devices need attention.
 */
static void back_decided(struct deployment *deployment)
{
	if (deployment->save.err == SMD_E_UNKNOWN)
		deployment->store_failed = 1;
	deployment->decided = 1;
	phase_over(deployment);
}

void decide_back(struct deployment *deployment)
{
	save_decision(deployment, "back", back_decided);
}

/*
 * Devices on which a candidate or a command of ours may be left. In recovery, whose devices
 * count as SENT, nobody knows which.
 */
int abort_takes(const struct device_run *run)
{
	const struct smd_facts *facts = &run->task->facts;

	if (!driver_of(run)->abort || run->state == STATE_UNTOUCHED)
		return 0;
	if (run->deployment->recovering || run->outstanding)
		return 1;
	return run->state == STATE_LOADED || facts->candidate != SMD_CANDIDATE_NONE;
}

static void was_aborted(struct device_run *run);

static void abort_again(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "abort",
				       .next = driver_of(run)->abort,
				       .event = -1,
				       .done = was_aborted});
}

/*
 * An abort without an answer is tried once more. If that fails too, a candidate may be left; where
 * there is none, what was sent may act for a while, and the device is read after that.
 */
static void was_aborted(struct device_run *run)
{
	int unknown = run->job.err == SMD_E_UNKNOWN || run->job.err == SMD_E_UNREACHABLE;

	if (unknown && !run->tries++) {
		abort_again(run);
		return;
	}
	if (run->job.err && run->task->facts.candidate == SMD_CANDIDATE_NONE) {
		report_device(run, "unknown", run->job.error.message);
	} else if (run->job.err) {
		device_problem(run, PROBLEM_CANDIDATE, &run->job.error);
	} else {
		device_event(run, EVENT_CLEAR);
		if (is_guarded(run))
			run->quiesce_until = 0;
		run->outstanding = 0;
		report_device(run, "done", "");
	}
	device_over(run);
}

/*
 * What a device may still do with a candidate comes before the abort, else it would be done behind
 * it. Where an abort makes void what was sent, there is nothing to wait for.
 */
void abort_device(struct device_run *run)
{
	run->tries = 0;
	if (is_guarded(run))
		abort_again(run);
	else
		rest_device(run, abort_again);
}

static int has_problem(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->runs[i].problem > PROBLEM_CANDIDATE)
			return 1;
	return 0;
}

/* A second step is not begun where the first one has failed on any device (law 6). */
static int may_take_step(const struct device_run *run, unsigned first)
{
	return step_of(run->deployment) == first || !has_problem(run->deployment);
}

int rollback_takes(const struct device_run *run)
{
	int touched = run->entry || run->state != STATE_UNTOUCHED;

	return touched && may_take_step(run, run->deployment->draft->steps - 1);
}

static void was_converged(struct device_run *run)
{
	device_over(run);
}

void rollback_device(struct device_run *run)
{
	unsigned step = step_of(run->deployment);
	const struct smd_task *task = run->task;

	converge_device(run, step ? task->steps[step - 1].to : task->running, 1, was_converged);
}

/* Recovery behind a decision to go forward */

int recover_takes(const struct device_run *run)
{
	return may_take_step(run, 0);
}

void recover_device(struct device_run *run)
{
	converge_device(run, run->task->steps[step_of(run->deployment)].to, 0, was_converged);
}

/*
 * Devices in need are read once more, so that what is told of them is what they run, whatever
 * came after the last reading.
 */

int account_takes(const struct device_run *run)
{
	return run->problem != PROBLEM_NONE;
}

static void was_accounted(struct device_run *run)
{
	device_over(run);
}

static void read_account(struct device_run *run)
{
	const struct smd_task *task = run->task;

	read_device(run, run->deployment->forward ? task->target : task->running, 0, was_accounted);
}

static void reconnect_next(struct smd_run *run, const struct smd_answer *answer,
			   struct smd_action *action)
{
	(void)run;
	action->act = answer->end == SMD_END_START ? SMD_ACT_RECONNECT : SMD_ACT_DONE;
}

/*
 * A commit that is bound to its session goes with it, at the latest when this program ends. So it
 * is ended before the device is read.
 */
void account_device(struct device_run *run)
{
	if (run->task->facts.timer_dies_with_session)
		run_stage(run, &(struct stage){.name = "reconnect",
					       .next = reconnect_next,
					       .event = -1,
					       .done = read_account});
	else
		read_account(run);
}

/* Recovery begins with a login everywhere: what a device can do has to be known first. */

int login_takes(const struct device_run *run)
{
	return run->deployment->forward || run->state != STATE_UNTOUCHED;
}

static void login_next(struct smd_run *run, const struct smd_answer *answer,
		       struct smd_action *action)
{
	(void)run;
	(void)answer;
	action->act = SMD_ACT_DONE;
}

static void was_logged_in(struct device_run *run)
{
	device_over(run);
}

void login_device(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "connect",
				       .next = login_next,
				       .event = -1,
				       .done = was_logged_in});
}

/* The end */

static void end_saved(struct deployment *deployment)
{
	if (deployment->save.err)
		deployment->outcome = SMD_OUTCOME_ATTENTION; /* recovery writes it */
	phase_over(deployment);
}

/*
 * After a rollback something else can differ from before: the device read a line in its own way,
 * or somebody changed it meanwhile. It is not touched (law 5), so a person has to look. Recovery
 * comes later, when others have had time to change what they want; but what may be the doing of
 * our lines stays a problem until it is put right.
 */
static void look_elsewhere(struct device_run *run)
{
	struct smd_error error;
	int later = run->deployment->recovering && !run->suspect;

	if (run->state != STATE_OLD || !run->elsewhere[0] || later)
		return;
	smd_fail(&error, SMD_E_ATTENTION,
		 "all that is ours was rolled back, but something else differs from before");
	smd_error_where(&error, "%s", run->elsewhere);
	smd_error_hint(&error,
		       "look at it on the device, put it right by hand if need be, and run "
		       "`sdctl recover %s --accept`",
		       run->deployment->id);
	device_problem(run, PROBLEM_DIFFERS, &error);
}

/* Every device that needs attention says why. */
static void explain_state(struct device_run *run)
{
	static const struct {
		enum device_problem problem;
		const char *text;
	} reasons[STATE_COUNT] = {
		[STATE_LOADED] = {PROBLEM_CANDIDATE, "a candidate of ours may be left in it"},
		[STATE_SENT] = {PROBLEM_UNREACHABLE, "what it runs is not known"},
		[STATE_BETWEEN] = {PROBLEM_RESISTS, "only a part of our lines has acted"},
		[STATE_THIRD] = {PROBLEM_THIRD,
				 "it runs neither what it ran before nor what was to be deployed"},
	};
	struct smd_error error;

	if (run->problem || !reasons[run->state].text)
		return;
	smd_fail(&error, SMD_E_ATTENTION, "%s", reasons[run->state].text);
	device_problem(run, reasons[run->state].problem, &error);
}

void end_records(struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count && !deployment->accepted; i++) {
		look_elsewhere(&deployment->runs[i]);
		explain_state(&deployment->runs[i]);
	}
	deployment->outcome = deployment_outcome(deployment);
	report_phase(deployment, phase_name(deployment));
	save_end(deployment, end_saved);
}
