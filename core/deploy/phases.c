/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of phases, their sequences, and the one barrier between any two.
 */
#include "core/deploy/phases.h"

#include "core/base/cleanup.h"

static const struct phase phases[] = {
	[PHASE_PROBE] = {"probe", probe_takes, probe_device, NULL, READING, FAILURE_ENDS},
	[PHASE_BASELINE] = {"baseline", NULL, NULL, take_baseline, 0, FAILURE_ENDS},
	[PHASE_BEGIN] = {"begin", NULL, NULL, begin_records, 0, FAILURE_GOES_BACK},
	[PHASE_PREPARE] = {"prepare", prepare_takes, prepare_device, NULL, SENDING,
			   FAILURE_GOES_BACK},
	[PHASE_RECHECK] = {"recheck", recheck_takes, recheck_device, NULL, READING,
			   FAILURE_GOES_BACK},
	[PHASE_COMMIT] = {"commit", commit_takes, commit_device, NULL, SENDING, FAILURE_GOES_BACK},
	[PHASE_VERIFY] = {"verify", verify_takes, verify_device, NULL, READING, FAILURE_GOES_BACK},
	[PHASE_PROVE] = {"prove", NULL, NULL, prove, 0, FAILURE_GOES_BACK},
	[PHASE_DECIDE] = {"decide", NULL, NULL, decide_forward, 0, FAILURE_GOES_BACK},
	[PHASE_CONFIRM] = {"confirm", confirm_takes, confirm_device, NULL, SENDING,
			   FAILURE_IS_NOTED},
	[PHASE_PERSIST] = {"persist", persist_takes, persist_device, NULL, SENDING,
			   FAILURE_IS_NOTED},
	[PHASE_DECIDE_BACK] = {"decide", NULL, NULL, decide_back, 0, FAILURE_IS_NOTED},
	[PHASE_ABORT] = {"abort", abort_takes, abort_device, NULL, SENDING, FAILURE_IS_NOTED},
	[PHASE_ROLLBACK] = {"rollback", rollback_takes, rollback_device, NULL, SENDING,
			    FAILURE_IS_NOTED},
	[PHASE_RECOVER] = {"recover", recover_takes, recover_device, NULL, SENDING,
			   FAILURE_IS_NOTED},
	[PHASE_PROVE_BACK] = {"prove-rollback", NULL, NULL, prove, 0, FAILURE_IS_NOTED},
	[PHASE_LOGIN] = {"connect", login_takes, login_device, NULL, READING, FAILURE_IS_NOTED},
	[PHASE_ACCOUNT] = {"account", account_takes, account_device, NULL, READING,
			   FAILURE_IS_NOTED},
	[PHASE_END] = {"end", NULL, NULL, end_records, 0, FAILURE_IS_NOTED},
};

/*
 * What the barrier says. WAIT: nothing happens until somebody calls next_phase again. No rule
 * answers it yet; it is the place of an operator's answer, a pause, and the border of a unit.
 */
enum barrier { BARRIER_ON, BARRIER_BACK, BARRIER_END, BARRIER_WAIT };

const struct phase *phase_of(enum phase_id id)
{
	return &phases[id];
}

static const struct phase *current_phase(const struct deployment *deployment)
{
	return phase_of(deployment->sequence[deployment->at].phase);
}

const char *phase_name(const struct deployment *deployment)
{
	return current_phase(deployment)->name;
}

/*
 * Milliseconds that confirming a device may take: a look at the pending commit, and the
 * confirmation. Half of the timer if that is shorter, so that a short timer can be confirmed at
 * all.
 */
static uint64_t time_to_confirm(const struct device_run *run)
{
	uint32_t deadline = run->remote->spec.profile->deadline;
	uint64_t usual = 2 * (uint64_t)(deadline ? deadline : 30000);
	uint64_t half = (uint64_t)smd_task_timer(run->task) * 500;

	return usual < half ? usual : half;
}

/* Fail if a revert timer may fire before its commit can be confirmed. */
static void check_timers(struct deployment *deployment)
{
	uint64_t now = smd_clock_now(deployment->site->clock);

	for (size_t i = 0; i < deployment->count && !deployment->failed; i++) {
		struct device_run *run = &deployment->runs[i];
		struct smd_error error;

		if (!run->expires || now + time_to_confirm(run) < run->expires)
			continue;
		smd_fail(&error, SMD_E_ROLLED_BACK,
			 "its revert timer would fire before the change can be confirmed");
		device_failed(run, &error);
	}
}

static void check_interrupt(struct deployment *deployment)
{
	const struct smd_listener *listener = deployment->listener;
	struct smd_error error;

	if (!listener || !listener->stop || !atomic_load(listener->stop))
		return;
	smd_fail(&error, SMD_E_ROLLED_BACK, "interrupted");
	record_first_failure(deployment, &error);
}

/*
 * Asked between any two phases: everything that may stop a deployment stops it here. Behind the
 * decision nothing does.
 */
static enum barrier at_barrier(struct deployment *deployment)
{
	enum on_failure failure = current_phase(deployment)->failure;

	if (deployment->decided || failure == FAILURE_IS_NOTED)
		return BARRIER_ON;
	check_interrupt(deployment);
	check_timers(deployment);
	if (!deployment->failed)
		return BARRIER_ON;
	return failure == FAILURE_ENDS ? BARRIER_END : BARRIER_BACK;
}

/*
 * Give up the devices that have not finished: what they do ends now, and whatever they would do
 * next in this phase fails at once.
 */
static void on_deadline(void *arg)
{
	struct deployment *deployment = arg;

	deployment->late = 1;
	deployment->left++; /* one for this function, so that the phase does not end in the loop */
	for (size_t i = 0; i < deployment->count; i++) {
		struct device_run *run = &deployment->runs[i];

		if (!run->under_way)
			continue;
		report_device(run, "late", "the deadline of the phase has passed");
		end_at_deadline(run);
	}
	phase_over(deployment);
}

static void take_part(struct deployment *deployment, const struct phase *phase)
{
	for (size_t i = 0; i < deployment->count; i++) {
		struct device_run *run = &deployment->runs[i];

		run->under_way = phase->takes(run);
		deployment->left += (size_t)run->under_way;
	}
}

static void start_phase(struct deployment *deployment)
{
	const struct phase *phase = current_phase(deployment);

	deployment->late = 0;
	if (phase->run) {
		deployment->left = 1;
		phase->run(deployment);
		return;
	}
	deployment->left = 1; /* one for this function, so that the count reaches 0 only once */
	take_part(deployment, phase);
	if (deployment->left > 1) {
		report_phase(deployment, phase->name);
		if (phase->deadline)
			smd_timer_start(deployment->loop, &deployment->deadline,
					(uint64_t)phase->deadline * 1000);
	}
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->runs[i].under_way)
			phase->start(&deployment->runs[i]);
	phase_over(deployment);
}

static void next_phase(struct deployment *deployment);

void phase_over(struct deployment *deployment)
{
	if (--deployment->left)
		return;
	smd_timer_stop(deployment->loop, &deployment->deadline);
	next_phase(deployment);
}

void device_over(struct device_run *run)
{
	run->under_way = 0;
	phase_over(run->deployment);
}

static void next_phase(struct deployment *deployment)
{
	switch (at_barrier(deployment)) {
	case BARRIER_END:
		deployment_over(deployment);
		return;
	case BARRIER_BACK:
		go_back(deployment);
		return;
	case BARRIER_WAIT:
		return;
	case BARRIER_ON:
		break;
	}
	deployment->at++;
	if (deployment->at < deployment->length)
		start_phase(deployment);
	else
		deployment_over(deployment);
}

/* Sequences */

static void add_phase(struct deployment *deployment, enum phase_id phase, unsigned step)
{
	deployment->sequence[deployment->length++] = (struct phase_at_step){phase, step};
}

static void start_sequence(struct deployment *deployment)
{
	deployment->deadline = (struct smd_timer){.function = on_deadline, .arg = deployment};
	deployment->at = 0;
	start_phase(deployment);
}

void go_through(struct deployment *deployment)
{
	deployment->length = 0;
	add_phase(deployment, PHASE_PROBE, 0);
	add_phase(deployment, PHASE_BASELINE, 0);
	add_phase(deployment, PHASE_BEGIN, 0);
	for (unsigned step = 0; step < deployment->draft->steps; step++) {
		add_phase(deployment, PHASE_PREPARE, step);
		add_phase(deployment, PHASE_RECHECK, step);
		add_phase(deployment, PHASE_COMMIT, step);
		add_phase(deployment, PHASE_VERIFY, step);
	}
	add_phase(deployment, PHASE_PROVE, 0);
	add_phase(deployment, PHASE_DECIDE, 0);
	add_phase(deployment, PHASE_CONFIRM, 0);
	add_phase(deployment, PHASE_PERSIST, 0);
	add_phase(deployment, PHASE_ACCOUNT, 0);
	add_phase(deployment, PHASE_END, 0);
	start_sequence(deployment);
}

/*
 * A change of two steps is undone in two steps: the new path is removed on all devices before
 * the old one is restored, else both could form a loop (law 6).
 */
void go_back(struct deployment *deployment)
{
	deployment->length = 0;
	add_phase(deployment, PHASE_DECIDE_BACK, 0);
	if (deployment->recovering)
		add_phase(deployment, PHASE_LOGIN, 0);
	add_phase(deployment, PHASE_ABORT, 0);
	for (unsigned step = deployment->draft->steps; step > 0; step--)
		add_phase(deployment, PHASE_ROLLBACK, step - 1);
	add_phase(deployment, PHASE_ACCOUNT, 0);
	add_phase(deployment, PHASE_PROVE_BACK, 0);
	add_phase(deployment, PHASE_END, 0);
	start_sequence(deployment);
}

void go_forward(struct deployment *deployment)
{
	deployment->length = 0;
	deployment->decided = deployment->forward = 1;
	add_phase(deployment, PHASE_LOGIN, 0);
	add_phase(deployment, PHASE_ABORT, 0);
	for (unsigned step = 0; step < deployment->draft->steps; step++)
		add_phase(deployment, PHASE_RECOVER, step);
	add_phase(deployment, PHASE_PROVE, 0);
	add_phase(deployment, PHASE_CONFIRM, 0);
	add_phase(deployment, PHASE_PERSIST, 0);
	add_phase(deployment, PHASE_ACCOUNT, 0);
	add_phase(deployment, PHASE_END, 0);
	start_sequence(deployment);
}

void go_to_end(struct deployment *deployment)
{
	deployment->length = 0;
	deployment->decided = 1;
	add_phase(deployment, PHASE_END, 0);
	start_sequence(deployment);
}
