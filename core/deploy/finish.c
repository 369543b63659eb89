/* SPDX-License-Identifier: Apache-2.0 */
/* How a deployment ends: the way back, the way forward once it is decided, and the end itself. */
#include "core/deploy/unit.h"

static int is_prepared(const struct unit *unit)
{
	return unit->prepared && driver_of(unit)->abort;
}
static int can_confirm(const struct unit *unit)
{
	return unit->touched && driver_of(unit)->confirm && unit->task->facts.timer_longest;
}

static int can_persist(const struct unit *unit)
{
	return unit->touched && driver_of(unit)->persist;
}

/* The end */

void deployment_over(struct deployment *deployment)
{
	uv_sem_post(&deployment->over);
}

int needs_attention(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->units[i].attention)
			return 1;
	return 0;
}

/* What was decided stands, and the deployment stays open: recovery will write it down. */
static void end_not_saved(struct deployment *deployment)
{
	deployment->outcome = SMD_OUTCOME_ATTENTION;
	deployment_over(deployment);
}

static void end(struct deployment *deployment, enum smd_outcome outcome)
{
	deployment->outcome = needs_attention(deployment) ? SMD_OUTCOME_ATTENTION : outcome;
	tell_phase(deployment, "end");
	save_end(deployment, deployment_over, end_not_saved);
}

/* The way back */

void rolled_back(struct deployment *deployment)
{
	end(deployment, SMD_OUTCOME_ROLLED_BACK);
}

static void disproved(void *arg)
{
	struct deployment *deployment = arg;
	cJSON *evidence = NULL;

	deployment->disproved =
		smd_traffic_result(deployment->disproof, &evidence, &deployment->disproof_error);
	cJSON_Delete(deployment->evidence);
	deployment->evidence = evidence;
	rolled_back(deployment);
}

/* After the rollback the hosts are asked again. */
static void disprove(struct deployment *deployment)
{
	if (!deployment->disproof) {
		rolled_back(deployment);
		return;
	}
	tell_phase(deployment, "prove-rollback");
	smd_traffic_start(deployment->disproof, disproved, deployment);
}

static const struct smd_tree *as_it_was(const struct unit *unit)
{
	return unit->task->running;
}

static const struct smd_tree *half_way(const struct unit *unit)
{
	return unit->task->legs[0].to;
}

static void settle_back(struct deployment *deployment)
{
	settle(deployment, "rollback", as_it_was, disprove);
}

static void was_aborted(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (job->err) {
		unit->attention = 1;
		unit->err = job->err;
		unit->error = job->error;
		tell_unit(unit, "failed", job->error.message);
	}
	unit_over(unit);
}

static void abort_unit(struct unit *unit)
{
	run_stage(unit, &(struct stage){.name = "abort",
					.next = driver_of(unit)->abort,
					.done = was_aborted});
}

/* The old way may only come back where the new one is known to be gone (law 6). */
static void half_way_back(struct deployment *deployment)
{
	if (needs_attention(deployment))
		rolled_back(deployment);
	else
		settle_back(deployment);
}

/* With two legs the new is taken away everywhere before the old comes back. */
static void back_by_legs(struct deployment *deployment)
{
	deployment->forward = 0;
	if (deployment->draft->legs == 2)
		settle(deployment, "rollback", half_way, half_way_back);
	else
		settle_back(deployment);
}

static void decided_back(struct deployment *deployment)
{
	run_phase(deployment, "abort", is_prepared, abort_unit, back_by_legs);
}

void go_back(struct deployment *deployment)
{
	/* If it cannot be written, nothing that follows can be sent either: that will be told. */
	save_decision(deployment, "back", decided_back, decided_back);
}

/* The way forward, once decided */

static void was_finished(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (job->err) {
		unit->attention = 1;
		unit->err = job->err;
		unit->error = job->error;
		note_failure(unit->deployment, &job->error);
		tell_unit(unit, "failed", job->error.message);
	} else {
		tell_unit(unit, "done", "");
	}
	unit_over(unit);
}

static void confirm_unit(struct unit *unit)
{
	run_stage(unit, &(struct stage){.name = "confirm",
					.next = driver_of(unit)->confirm,
					.done = was_finished});
}

static void persist_unit(struct unit *unit)
{
	run_stage(unit, &(struct stage){.name = "persist",
					.next = driver_of(unit)->persist,
					.done = was_finished});
}

static void finished(struct deployment *deployment)
{
	end(deployment, SMD_OUTCOME_DONE);
}

static void confirmed(struct deployment *deployment)
{
	run_phase(deployment, "persist", can_persist, persist_unit, finished);
}

void go_forward(struct deployment *deployment)
{
	run_phase(deployment, "confirm", can_confirm, confirm_unit, confirmed);
}
