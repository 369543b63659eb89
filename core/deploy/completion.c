/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The completion of a deployment: rollback, the phases after a decision to go forward, and the
 * end.
 */
#include "core/deploy/device_run.h"

static int is_prepared(const struct device_run *run)
{
	return run->prepared && driver_of(run)->abort;
}
static int can_confirm(const struct device_run *run)
{
	return run->touched && driver_of(run)->confirm && run->task->facts.timer_longest;
}

static int can_persist(const struct device_run *run)
{
	return run->touched && driver_of(run)->persist;
}

/* The end */

void deployment_over(struct deployment *deployment)
{
	smd_latch_post(&deployment->over);
}

int needs_attention(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->runs[i].attention)
			return 1;
	return 0;
}

/*
 * The decision is stored but the end record is not: the deployment stays open and recovery
 * writes it.
 */
static void end_not_saved(struct deployment *deployment)
{
	deployment->outcome = SMD_OUTCOME_ATTENTION;
	deployment_over(deployment);
}

static void end_deployment(struct deployment *deployment, enum smd_outcome outcome)
{
	deployment->outcome = needs_attention(deployment) ? SMD_OUTCOME_ATTENTION : outcome;
	report_phase(deployment, "end");
	save_end(deployment, deployment_over, end_not_saved);
}

/* Going back */

void rolled_back(struct deployment *deployment)
{
	end_deployment(deployment, SMD_OUTCOME_ROLLED_BACK);
}

static void rollback_proof_done(void *arg)
{
	struct deployment *deployment = arg;
	cJSON *evidence = NULL;

	deployment->rollback_unproven = smd_proof_result(deployment->proof, 0, &evidence,
							 &deployment->rollback_proof_error);
	cJSON_Delete(deployment->evidence);
	deployment->evidence = evidence;
	rolled_back(deployment);
}

/* After the rollback, test by traffic that the network works as it did before the deployment. */
static void prove_rollback(struct deployment *deployment)
{
	if (!deployment->proof || !smd_proof_hosts(deployment->proof)) {
		rolled_back(deployment);
		return;
	}
	report_phase(deployment, "prove-rollback");
	smd_proof_start(deployment->proof, SMD_PROOF_BEFORE, rollback_proof_done, deployment);
}

static const struct smd_tree *as_it_was(const struct device_run *run)
{
	return run->task->running;
}

static const struct smd_tree *after_first_step(const struct device_run *run)
{
	return run->task->steps[0].to;
}

static void converge_back(struct deployment *deployment)
{
	converge(deployment, "rollback", as_it_was, prove_rollback);
}

static void was_aborted(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (job->err) {
		run->attention = 1;
		run->err = job->err;
		run->error = job->error;
		report_device(run, "failed", job->error.message);
	}
	device_over(run);
}

static void abort_device(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "abort",
				       .next = driver_of(run)->abort,
				       .done = was_aborted});
}

/*
 * Second half of a rollback in two steps. The old path may only be restored when the new path
 * is known to be removed on every device, otherwise both could form a loop (law 6).
 */
static void first_step_undone(struct deployment *deployment)
{
	if (needs_attention(deployment))
		rolled_back(deployment);
	else
		converge_back(deployment);
}

/*
 * Roll back. A change of two steps is undone in two steps: first the new path is removed on all
 * devices, then the old path is restored.
 */
static void back_by_steps(struct deployment *deployment)
{
	deployment->forward = 0;
	if (deployment->draft->steps == 2)
		converge(deployment, "rollback", after_first_step, first_step_undone);
	else
		converge_back(deployment);
}

static void decided_back(struct deployment *deployment)
{
	run_phase(deployment, "abort", is_prepared, abort_device, back_by_steps);
}

void go_back(struct deployment *deployment)
{
	/*
	 * If the decision cannot be stored, go on all the same: the later stages cannot write
	 * their journal entries either, so they fail without sending and the devices get
	 * `attention`.
	 */
	save_decision(deployment, "back", decided_back, decided_back);
}

/* Going forward, once decided */

static void was_completed(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (job->err) {
		run->attention = 1;
		run->err = job->err;
		run->error = job->error;
		record_first_failure(run->deployment, &job->error);
		report_device(run, "failed", job->error.message);
	} else {
		report_device(run, "done", "");
	}
	device_over(run);
}

static void confirm_device(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "confirm",
				       .next = driver_of(run)->confirm,
				       .done = was_completed});
}

static void persist_device(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "persist",
				       .next = driver_of(run)->persist,
				       .done = was_completed});
}

static void persisted(struct deployment *deployment)
{
	end_deployment(deployment, SMD_OUTCOME_DONE);
}

static void confirmed(struct deployment *deployment)
{
	run_phase(deployment, "persist", can_persist, persist_device, persisted);
}

void go_forward(struct deployment *deployment)
{
	run_phase(deployment, "confirm", can_confirm, confirm_device, confirmed);
}
