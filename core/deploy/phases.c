/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The phases of a deployment up to the decision. Each function calls the next phase, so the
 * file lists them from the last to the first.
 */
#include "core/deploy/device_run.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

static const struct smd_text *payload_of(const struct device_run *run)
{
	return run->task->steps[run->deployment->step].payload;
}

static int has_payload(const struct device_run *run)
{
	return smd_text_count(payload_of(run)) > 0;
}

static int can_prepare(const struct device_run *run)
{
	return has_payload(run) && driver_of(run)->prepare;
}

/*
 * Returns true when the deployment has failed or the user has asked it to stop. Asked at each
 * barrier between phases; the caller then rolls back.
 */
static int is_stopped(struct deployment *deployment)
{
	const struct smd_listener *listener = deployment->listener;

	if (listener && listener->stop && atomic_load(listener->stop) && !deployment->failed) {
		deployment->failed = 1;
		smd_fail(&deployment->error, SMD_E_ROLLED_BACK, "interrupted");
	}
	return deployment->failed;
}

static int is_touched(const struct device_run *run)
{
	return run->touched;
}

static void decide_forward(struct deployment *deployment)
{
	if (is_stopped(deployment)) {
		go_back(deployment);
		return;
	}
	report_phase(deployment, "decide");
	save_decision(deployment, "forward", go_forward, go_back);
}

/* Proof */

static void proof_done(void *arg)
{
	struct deployment *deployment = arg;
	struct smd_error error;

	if (smd_proof_result(deployment->proof, 0, &deployment->evidence, &error))
		record_first_failure(deployment, &error);
	decide_forward(deployment);
}

static void prove(struct deployment *deployment)
{
	if (is_stopped(deployment)) {
		decide_forward(deployment);
		return;
	}
	if (smd_proof_hosts(deployment->proof))
		report_phase(deployment, "prove");
	smd_proof_start(deployment->proof, SMD_PROOF_AFTER, proof_done, deployment);
}

static void was_verified(struct device_run *run)
{
	if (run->err || check_device(run, run->task->target)) {
		record_first_failure(run->deployment, &run->error);
		report_device(run, "failed", run->error.message);
	} else {
		report_device(run, "done", "runs what was intended");
	}
	device_over(run);
}

static void verify_device(struct device_run *run)
{
	report_device(run, "started", "");
	read_device(run, was_verified);
}

static void verify(struct deployment *deployment)
{
	if (is_stopped(deployment))
		go_back(deployment);
	else
		run_phase(deployment, "verify", is_touched, verify_device, prove);
}

/* Commit, step by step */

static void next_step(struct deployment *deployment);

static void was_committed(struct smd_job *job)
{
	struct device_run *run = job->arg;

	/* An unknown outcome is no failure yet: the verify phase reads what the device runs. */
	if (job->err && job->err != SMD_E_UNKNOWN) {
		run->err = job->err;
		run->error = job->error;
		record_first_failure(run->deployment, &job->error);
		report_device(run, "failed", job->error.message);
	} else {
		report_device(run, job->err ? "unknown" : "done",
			      job->err ? job->error.message : "");
		run->prepared = 0; /* a refused candidate still has to be aborted */
	}
	device_over(run);
}

static void commit_device(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "commit",
				       .next = driver_of(run)->commit,
				       .payload = payload_of(run),
				       .timer = smd_task_timer(run->task),
				       .done = was_committed});
}

static void step_verified(struct deployment *deployment)
{
	if (is_stopped(deployment)) {
		go_back(deployment);
		return;
	}
	deployment->step++;
	next_step(deployment);
}

static void was_step_read(struct device_run *run)
{
	if (run->err || check_device(run, run->task->steps[run->deployment->step].to)) {
		record_first_failure(run->deployment, &run->error);
		report_device(run, "failed", run->error.message);
	}
	device_over(run);
}

static void verify_step(struct device_run *run)
{
	read_device(run, was_step_read);
}

/*
 * First of two steps is finished. The old path must be known to be broken on every device
 * before the new one is made, else both could form a loop (law 6).
 */
static void step_done(struct deployment *deployment)
{
	if (!deployment->failed && deployment->step + 1 < deployment->draft->steps)
		run_phase(deployment, "verify", has_payload, verify_step, step_verified);
	else
		verify(deployment);
}

static void commit(struct deployment *deployment)
{
	if (is_stopped(deployment))
		go_back(deployment);
	else
		run_phase(deployment, "commit", has_payload, commit_device, step_done);
}

/*
 * Compare the loaded candidate, as the device shows it, with the intended configuration before
 * it is committed.
 */
static int check_candidate(struct device_run *run, struct smd_error *error)
{
	const struct smd_task *task = run->task;
	smd_cleanup(smd_tree_free) struct smd_tree *candidate = NULL;
	char path[SMD_ERROR_WHERE] = "";
	int err;

	if (!smd_text_count(run->candidate))
		return 0; /* the device cannot show its candidate */
	err = smd_language_parse(&task->language, run->candidate, &candidate, error);
	if (err)
		return err;
	err = smd_slice_compare(candidate, task->steps[run->deployment->step].to, task->had,
				task->wanted, path, sizeof(path));
	if (!err)
		return 0;
	smd_fail(error, SMD_E_DEVICE, "the candidate does not hold what the plan says");
	smd_error_device(error, task->device);
	smd_error_where(error, "%s", path);
	return SMD_E_DEVICE;
}

static void was_prepared(struct smd_job *job)
{
	struct device_run *run = job->arg;

	run->prepared = 1; /* it may be loaded in part, so it must be aborted */
	if (!job->err)
		job->err = check_candidate(run, &job->error);
	if (job->err) {
		run->err = job->err;
		run->error = job->error;
		record_first_failure(run->deployment, &job->error);
	}
	report_device(run, job->err ? "failed" : "done", job->err ? job->error.message : "");
	device_over(run);
}

static void prepare_device(struct device_run *run)
{
	smd_text_free(smd_take(run->candidate));
	if (smd_text_new(&run->candidate, 0)) {
		smd_fail(&run->error, SMD_E_NO_MEMORY, "out of memory");
		record_first_failure(run->deployment, &run->error);
		device_over(run);
		return;
	}
	run_stage(run, &(struct stage){.name = "prepare",
				       .next = driver_of(run)->prepare,
				       .payload = payload_of(run),
				       .result = run->candidate,
				       .done = was_prepared});
}

static void next_step(struct deployment *deployment)
{
	run_phase(deployment, "prepare", can_prepare, prepare_device, commit);
}

/* The beginning */

static void probed_all(struct deployment *deployment)
{
	if (deployment->failed)
		go_back(deployment);
	else
		next_step(deployment);
}

/* Fail if a commit of somebody else waits for its confirmation: our commit would confirm it. */
static void was_probed(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (!job->err && (job->facts.pending == SMD_PENDING_FOREIGN ||
			  job->facts.pending == SMD_PENDING_UNKNOWN)) {
		job->err = smd_fail(&job->error, SMD_E_CONFLICT,
				    "a commit that is not ours waits for its confirmation");
		smd_error_device(&job->error, run->task->device);
	}
	if (job->err) {
		run->err = job->err;
		run->error = job->error;
		record_first_failure(run->deployment, &job->error);
		report_device(run, "failed", job->error.message);
	}
	device_over(run);
}

static int can_probe(const struct device_run *run)
{
	return driver_of(run)->probe && smd_task_sends(run->task);
}

static void probe_device(struct device_run *run)
{
	run_stage(run, &(struct stage){
			       .name = "probe", .next = driver_of(run)->probe, .done = was_probed});
}

static void baseline_done(void *arg)
{
	run_phase(arg, "probe", can_probe, probe_device, probed_all);
}

/* Ask the hosts before anything is sent: a host that falls silent later has a cause. */
static void begin_saved(struct deployment *deployment)
{
	if (smd_proof_hosts(deployment->proof))
		report_phase(deployment, "baseline");
	smd_proof_baseline(deployment->proof, baseline_done, deployment);
}

void begin_phase(struct deployment *deployment)
{
	report_phase(deployment, "begin");
	/* If the record cannot be written: just end */
	save_begin(deployment, begin_saved, deployment_over);
}
