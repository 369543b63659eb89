/* SPDX-License-Identifier: Apache-2.0 */
/* What the phases up to the decision do. */
#include "core/base/cleanup.h"
#include "core/deploy/phases.h"
#include "core/tree/own.h"

/* Before anything is recorded */

static int sends(const struct device_run *run)
{
	return smd_task_sends(run->task);
}

int probe_takes(const struct device_run *run)
{
	return driver_of(run)->probe && sends(run);
}

/* What stands in the way on a device where nothing of ours is yet; NULL: nothing. */
static const char *obstacle(const struct smd_facts *facts)
{
	if (facts->candidate_dirty)
		return "its candidate has changes that are not ours";
	if (facts->pending == SMD_PENDING_FOREIGN)
		return "a commit that is not ours waits for its confirmation";
	if (facts->pending == SMD_PENDING_UNKNOWN)
		return "it does not tell whether a commit waits for its confirmation";
	return NULL;
}

static void was_probed(struct device_run *run)
{
	const char *what = run->job.err ? NULL : obstacle(&run->job.facts);

	if (what)
		run->job.err = smd_fail(&run->job.error, SMD_E_CONFLICT, "%s", what);
	if (run->job.err)
		device_failed(run, &run->job.error);
	device_over(run);
}

void probe_device(struct device_run *run)
{
	probe_pending(run, was_probed);
}

static void baseline_done(void *arg)
{
	phase_over(arg);
}

void take_baseline(struct deployment *deployment)
{
	if (smd_proof_hosts(deployment->proof))
		report_phase(deployment, phase_name(deployment));
	smd_proof_baseline(deployment->proof, baseline_done, deployment);
}

/* Without the record nothing is begun. */
static void begin_saved(struct deployment *deployment)
{
	if (deployment->save.err) {
		deployment_over(deployment);
		return;
	}
	deployment->begun = 1;
	phase_over(deployment);
}

void begin_records(struct deployment *deployment)
{
	report_phase(deployment, phase_name(deployment));
	save_begin(deployment, begin_saved);
}

/* Loading candidates */

static const struct smd_text *payload_of(const struct device_run *run)
{
	return run->task->steps[step_of(run->deployment)].payload;
}

static int has_payload(const struct device_run *run)
{
	return smd_text_count(payload_of(run)) > 0;
}

int prepare_takes(const struct device_run *run)
{
	return has_payload(run) && driver_of(run)->prepare;
}

static void was_prepared(struct device_run *run)
{
	if (run->job.err)
		device_failed(run, &run->job.error);
	else
		report_device(run, "done", "");
	device_over(run);
}

void prepare_device(struct device_run *run)
{
	load_candidate(run, payload_of(run), run->task->steps[step_of(run->deployment)].to,
		       was_prepared);
}

/*
 * A last look, directly before the commit, at devices whose commit does not carry what it was
 * computed from.
 */

static const struct smd_tree *before_step(const struct device_run *run)
{
	unsigned step = step_of(run->deployment);

	return step ? run->task->steps[step - 1].to : run->task->running;
}

int recheck_takes(const struct device_run *run)
{
	return has_payload(run) && !is_guarded(run);
}

/* See strays.c. */
static void keep_before_lines(struct device_run *run)
{
	discard(run, run->before_lines, NULL);
	run->before_lines = smd_take(run->reading.now);
}

static void was_rechecked(struct device_run *run)
{
	struct smd_error error = run->fetch.error;

	if (!run->fetch.err && !run->reading.as_wanted) {
		smd_fail(&error, SMD_E_CONFLICT, "somebody changed it since the plan was made");
		smd_error_where(&error, "%s", run->reading.differs);
		smd_error_hint(&error, "make a new plan and look at it again");
	}
	if (run->fetch.err || !run->reading.as_wanted)
		device_failed(run, &error);
	else if (run->task->facts.candidate == SMD_CANDIDATE_NONE && !run->task->facts.atomic)
		keep_before_lines(run);
	device_over(run);
}

void recheck_device(struct device_run *run)
{
	read_device(run, before_step(run), 0, was_rechecked);
}

/* Activating */

/* An unknown outcome is no failure yet: the next phase reads what the device runs. */
static void was_committed(struct device_run *run)
{
	run->unanswered = run->job.err == SMD_E_UNKNOWN;
	if (run->unanswered)
		run->refusal = run->job.error;
	if (run->job.err && run->job.err != SMD_E_UNKNOWN)
		device_failed(run, &run->job.error);
	else
		report_device(run, run->job.err ? "unknown" : "done",
			      run->job.err ? run->job.error.message : "");
	device_over(run);
}

int commit_takes(const struct device_run *run)
{
	return has_payload(run);
}

void commit_device(struct device_run *run)
{
	uint32_t timer = smd_task_timer(run->task);

	if (timer)
		run->expires = smd_clock_now(run->deployment->site->clock) + timer * 1000ull;
	run_stage(run, &(struct stage){.name = "commit",
				       .next = driver_of(run)->commit,
				       .event = EVENT_SEND,
				       .payload = payload_of(run),
				       .timer = timer,
				       .done = was_committed});
}

/* Reading back. Behind the last step all devices are read, those that needed no change too. */

int verify_takes(const struct device_run *run)
{
	const struct deployment *deployment = run->deployment;

	return has_payload(run) || step_of(deployment) + 1 == deployment->draft->steps;
}

/* What is neither old nor new now counts as ours while it stays, see device_run.h. */
static void keep_third(struct device_run *run)
{
	if (run->state != STATE_THIRD || is_guarded(run))
		return;
	discard(run, run->after_commit, NULL);
	run->after_commit = smd_take(run->reading.now);
}

/* Why the device does not run what it should: what is known of the commit says more. */
static void tell_difference(const struct device_run *run, struct smd_error *error)
{
	if (run->unanswered)
		*error = run->refusal;
	else if (run->explained)
		tell_shown(run, error);
	else
		smd_fail(error, SMD_E_DEVICE,
			 smd_task_sends(run->task)
				 ? "the device took the commands but does not run what they say"
				 : "it does not run what was deployed on it");
	error->code = SMD_E_DEVICE;
	smd_error_where(error, "%s", run->reading.differs);
}

static void was_verified(struct device_run *run)
{
	struct smd_error error = run->fetch.error;

	run->seeks_pairs = 0;
	if (!run->fetch.err && !run->reading.as_wanted) {
		tell_difference(run, &error);
		keep_third(run);
	}
	if (run->fetch.err || !run->reading.as_wanted)
		device_failed(run, &error);
	else
		report_device(run, "done", "runs what was intended");
	discard(run, smd_take(run->before_lines), NULL);
	device_over(run);
}

void verify_device(struct device_run *run)
{
	report_device(run, "started", "");
	run->seeks_pairs = has_payload(run);
	read_device(run, run->task->steps[step_of(run->deployment)].to, 0, was_verified);
}

/* Proof by traffic */

static void proof_done(void *arg)
{
	struct deployment *deployment = arg;

	int require = deployment->require_proof && !deployment->decided;

	cJSON_Delete(smd_take(deployment->evidence));
	deployment->unproven = smd_proof_result(deployment->proof, require, &deployment->evidence,
						&deployment->proof_error);
	if (deployment->unproven && !deployment->decided)
		record_first_failure(deployment, &deployment->proof_error);
	phase_over(deployment);
}

void prove(struct deployment *deployment)
{
	int back = deployment->decided && !deployment->forward;

	if (smd_proof_hosts(deployment->proof))
		report_phase(deployment, phase_name(deployment));
	smd_proof_start(deployment->proof, back ? SMD_PROOF_BEFORE : SMD_PROOF_AFTER, proof_done,
			deployment);
}

/* The decision */

static void decision_saved(struct deployment *deployment)
{
	if (!deployment->save.err) {
		deployment->decided = deployment->forward = 1;
		report_phase(deployment, phase_name(deployment)); /* told when it is durable */
	} else if (deployment->save.err == SMD_E_UNKNOWN) {
		/* It may be on record: only recovery, which reads it, can go on */
		deployment->store_failed = 1;
		deployment->outcome = SMD_OUTCOME_ATTENTION;
		deployment_over(deployment);
		return;
	}
	phase_over(deployment);
}

void decide_forward(struct deployment *deployment)
{
	save_decision(deployment, "forward", decision_saved);
}
