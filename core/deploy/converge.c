/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converging: bring a device to a wanted state, whatever it runs now. Rollback and recovery use
 * it. It does not rely on what was sent earlier. It takes back or confirms a pending commit of
 * this deployment, reads the device, computes the difference to the wanted state, pushes it,
 * and reads again.
 */
#include <string.h>

#include "core/deploy/device_run.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

static void converge_over(struct device_run *run)
{
	smd_text_free(smd_take(run->payload));
	device_over(run);
}

static void mark_attention(struct device_run *run, const struct smd_error *why)
{
	struct smd_error error = *why; /* a copy: `why` may point to run->error */

	run->attention = 1;
	run->err = error.code;
	run->error = error;
	smd_error_device(&run->error, run->task->device);
	report_device(run, "failed", error.message);
	converge_over(run);
}

static void converged(struct device_run *run)
{
	run->note[0] = '\0';
	if (smd_tree_compare(run->now, run->wanted, run->note, sizeof(run->note)))
		smd_sanitize(run->note);
	run->attention = run->err = 0;
	report_device(run, "done",
		      run->note[0] ? "read back; something else differs" : "read back");
	converge_over(run);
}

/*
 * Make run->payload: the commands from what the device runs to run->wanted, limited to the
 * nodes that the change affects. Differences elsewhere were made by others and stay. An empty
 * payload means that the device is in the wanted state.
 */
static int diff_to_goal(struct device_run *run, struct smd_error *error)
{
	const struct smd_task *task = run->task;
	smd_cleanup(smd_tree_free) struct smd_tree *target = NULL;
	int err = smd_slice_restore(run->now, run->wanted, task->had, task->wanted, &target);

	smd_text_free(smd_take(run->payload));
	if (err)
		return smd_fail(error, err, "out of memory");
	return smd_language_patch(&task->language, run->now, target, &run->payload, error);
}

/*
 * Compare the device, as it was just read, with run->wanted. 1: it is in that state, or was
 * marked `attention`; 0: a push is needed.
 */
static int has_converged(struct device_run *run)
{
	struct smd_error error;

	if (run->err) {
		mark_attention(run, &run->error);
		return 1;
	}
	if (diff_to_goal(run, &error)) {
		mark_attention(run, &error);
		return 1;
	}
	if (smd_text_count(run->payload))
		return 0;
	converged(run);
	return 1;
}

static void was_read_again(struct device_run *run)
{
	struct smd_error error;

	if (has_converged(run))
		return;
	smd_fail(&error, SMD_E_ATTENTION,
		 "the device took the commands but does not run what they say");
	mask_payload(run, run->payload);
	if (run->shown && smd_text_count(run->shown))
		smd_error_where(&error, "still to do: %s", smd_text_get(run->shown, 0, NULL));
	mark_attention(run, &error);
}

static void was_pushed(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (job->err && job->err != SMD_E_UNKNOWN)
		mark_attention(run, &job->error);
	else
		read_device(run, was_read_again);
}

/* Push the difference, without a revert timer: during a rollback nothing would confirm it. */
static void push(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "converge",
				       .next = driver_of(run)->commit,
				       .payload = run->payload,
				       .done = was_pushed});
}

static void was_aborted(struct smd_job *job)
{
	struct device_run *run = job->arg;

	mark_attention(run, &run->error);
	(void)job;
}

static void was_prepared(struct smd_job *job)
{
	struct device_run *run = job->arg;

	if (!job->err) {
		push(run);
		return;
	}
	run->error = job->error;
	if (driver_of(run)->abort)
		run_stage(run, &(struct stage){.name = "abort",
					       .next = driver_of(run)->abort,
					       .done = was_aborted});
	else
		mark_attention(run, &job->error);
}

static void was_read(struct device_run *run)
{
	if (has_converged(run))
		return;
	if (driver_of(run)->prepare)
		run_stage(run, &(struct stage){.name = "prepare",
					       .next = driver_of(run)->prepare,
					       .payload = run->payload,
					       .done = was_prepared});
	else
		push(run);
}

/* Its result does not matter: the device is read next. */
static void pending_is_over(struct smd_job *job)
{
	read_device(job->arg, was_read);
}

static void was_probed(struct smd_job *job)
{
	struct device_run *run = job->arg;
	const struct smd_driver *driver = driver_of(run);
	smd_next_fn end = run->deployment->forward ? driver->confirm : driver->rollback;

	if (!job->err && job->facts.pending == SMD_PENDING_OURS && end)
		run_stage(run,
			  &(struct stage){.name = run->deployment->forward ? "confirm" : "rollback",
					  .next = end,
					  .done = pending_is_over});
	else
		read_device(run, was_read);
}

static void converge_device(struct device_run *run)
{
	report_device(run, "started", "");
	if (driver_of(run)->probe)
		run_stage(run, &(struct stage){.name = "probe",
					       .next = driver_of(run)->probe,
					       .done = was_probed});
	else
		read_device(run, was_read);
}

static int was_touched(const struct device_run *run)
{
	return run->touched;
}

void converge(struct deployment *deployment, const char *phase,
	      const struct smd_tree *(*goal)(const struct device_run *), phase_fn next)
{
	for (size_t i = 0; i < deployment->count; i++)
		deployment->runs[i].wanted = goal(&deployment->runs[i]);
	run_phase(deployment, phase, was_touched, converge_device, next);
}
