/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates and pending commits: what a device was given and does not run for good. */
#include "core/deploy/device_steps.h"
#include "core/deploy/engine.h"
#include "core/tree/own.h"

/* On the computing pool; the result replaces that of the stage. */
static void compare_candidate(void *arg)
{
	struct device_run *run = arg;
	const struct smd_task *task = run->task;
	smd_cleanup(smd_tree_free) struct smd_tree *candidate = NULL;
	struct smd_error *error = &run->job.error;
	char path[SMD_ERROR_WHERE] = "";
	int err = smd_language_parse(&task->language, run->candidate, &candidate, error);
	int as_wanted = 0;

	run->job.err = err;
	if (err)
		return;
	if (take_as_sent(run, candidate)) {
		as_wanted = SMD_E_NO_MEMORY;
	} else if (!smd_slice_compare(candidate, run->goal, task->had, task->wanted, path,
				      sizeof(path))) {
		return;
	} else if (run->goal != task->running) {
		as_wanted = explain_difference(run, candidate);
	}
	if (as_wanted > 0)
		return;
	if (as_wanted < 0)
		err = smd_fail(error, as_wanted, "out of memory");
	else if (run->explained)
		err = tell_shown(run, error);
	else
		err = smd_fail(error, SMD_E_DEVICE,
			       "the candidate does not hold what the plan says");
	smd_error_device(error, task->device);
	smd_error_where(error, "%s", path);
	run->job.err = err;
}

static void candidate_compared(void *arg)
{
	struct device_run *run = arg;

	run->was_loaded(run);
}

static void was_prepared(struct device_run *run)
{
	if (run->job.err || !smd_text_count(run->candidate)) { /* it need not show its candidate */
		run->was_loaded(run);
		return;
	}
	run->work = (struct smd_work){
		.work = compare_candidate, .done = candidate_compared, .arg = run};
	smd_loop_work(run->deployment->loop, &run->work);
}

void load_candidate(struct device_run *run, const struct smd_text *payload,
		    const struct smd_tree *goal, void (*done)(struct device_run *run))
{
	run->goal = goal;
	run->was_loaded = done;
	discard(run, NULL, smd_take(run->candidate));
	if (smd_text_new(&run->candidate, 0)) {
		run->job.err = smd_fail(&run->job.error, SMD_E_NO_MEMORY, "out of memory");
		done(run);
		return;
	}
	run_stage(run, &(struct stage){.name = "prepare",
				       .next = driver_of(run)->prepare,
				       .event = EVENT_LOAD,
				       .payload = payload,
				       .result = run->candidate,
				       .done = was_prepared});
}

/* Pending commits */

static void send_probe(struct device_run *run);

static void was_probed(struct device_run *run)
{
	int lost = run->job.err == SMD_E_UNKNOWN || run->job.err == SMD_E_UNREACHABLE;

	if (lost && !run->probes++) {
		send_probe(run);
		return;
	}
	/* A probe changes nothing, so it cannot be unknown whether it acted */
	if (run->job.err == SMD_E_UNKNOWN)
		run->job.err = run->job.error.code = SMD_E_UNREACHABLE;
	run->probed(run);
}

static void send_probe(struct device_run *run)
{
	run_stage(run, &(struct stage){.name = "probe",
				       .next = driver_of(run)->probe,
				       .event = -1,
				       .done = was_probed});
}

void probe_pending(struct device_run *run, void (*done)(struct device_run *run))
{
	run->probes = 0;
	run->probed = done;
	send_probe(run);
}
