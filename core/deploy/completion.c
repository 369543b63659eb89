/* SPDX-License-Identifier: Apache-2.0 */
/* How a deployment completes: going back, going forward once it is decided, and the end itself. */
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
	uv_sem_post(&deployment->over);
}

int needs_attention(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->runs[i].attention)
			return 1;
	return 0;
}

/* What was decided stands, and the deployment stays open: recovery will write it down. */
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

	deployment->rollback_unproven = smd_traffic_result(deployment->proof_before, &evidence,
							   &deployment->rollback_proof_error);
	cJSON_Delete(deployment->evidence);
	deployment->evidence = evidence;
	rolled_back(deployment);
}

/* After the rollback the hosts are asked again. */
static void prove_rollback(struct deployment *deployment)
{
	if (!deployment->proof_before) {
		rolled_back(deployment);
		return;
	}
	report_phase(deployment, "prove-rollback");
	smd_traffic_start(deployment->proof_before, rollback_proof_done, deployment);
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

/* The old way may only come back where the new one is known to be gone (law 6). */
static void first_step_undone(struct deployment *deployment)
{
	if (needs_attention(deployment))
		rolled_back(deployment);
	else
		converge_back(deployment);
}

/* With two steps the new is taken away everywhere before the old comes back. */
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
	/* If it cannot be written, nothing that follows can be sent either: that will be told. */
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
