/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/deployment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/hash.h"
#include "core/deploy/unit.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

#define TIMER_SECONDS 600

static const struct smd_driver *driver_of(const struct unit *unit)
{
	return unit->task->language.driver;
}

static const struct smd_text *payload_of(const struct unit *unit)
{
	return unit->task->legs[unit->deployment->leg].payload;
}

/* Who takes part in what */

static int has_payload(const struct unit *unit)
{
	return smd_text_count(payload_of(unit)) > 0;
}

static int can_prepare(const struct unit *unit)
{
	return has_payload(unit) && driver_of(unit)->prepare;
}

/* Somebody wants it to end: at the next barrier the way back is taken. */
static int is_stopped(struct deployment *deployment)
{
	const struct smd_listener *listener = deployment->listener;

	if (listener && listener->stop && atomic_load(listener->stop) && !deployment->failed) {
		deployment->failed = 1;
		smd_fail(&deployment->error, SMD_E_ROLLED_BACK, "interrupted");
	}
	return deployment->failed;
}

static int is_prepared(const struct unit *unit)
{
	return unit->prepared && driver_of(unit)->abort;
}

static int is_touched(const struct unit *unit)
{
	return unit->touched;
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

static void over(struct deployment *deployment)
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
	over(deployment);
}

static void end(struct deployment *deployment, enum smd_outcome outcome)
{
	deployment->outcome = needs_attention(deployment) ? SMD_OUTCOME_ATTENTION : outcome;
	tell_phase(deployment, "end");
	save_end(deployment, over, end_not_saved);
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

static void decide(struct deployment *deployment)
{
	if (is_stopped(deployment)) {
		go_back(deployment);
		return;
	}
	tell_phase(deployment, "decide");
	save_decision(deployment, "forward", go_forward, go_back);
}

/* Proof */

static void proved(void *arg)
{
	struct deployment *deployment = arg;
	struct smd_error error;

	if (smd_traffic_result(deployment->proof, &deployment->evidence, &error))
		note_failure(deployment, &error);
	decide(deployment);
}

static void prove(struct deployment *deployment)
{
	if (is_stopped(deployment) || !deployment->proof) {
		decide(deployment);
		return;
	}
	tell_phase(deployment, "prove");
	smd_traffic_start(deployment->proof, proved, deployment);
}

static void was_verified(struct unit *unit)
{
	if (unit->err || check_unit(unit, unit->task->target)) {
		note_failure(unit->deployment, &unit->error);
		tell_unit(unit, "failed", unit->error.message);
	} else {
		unit->settled = 1;
		tell_unit(unit, "done", "runs what was intended");
	}
	unit_over(unit);
}

static void verify_unit(struct unit *unit)
{
	tell_unit(unit, "started", "");
	read_unit(unit, was_verified);
}

static void verify(struct deployment *deployment)
{
	if (is_stopped(deployment))
		go_back(deployment);
	else
		run_phase(deployment, "verify", is_touched, verify_unit, prove);
}

/* Commit, leg by leg */

static void next_leg(struct deployment *deployment);

static void was_committed(struct smd_job *job)
{
	struct unit *unit = job->arg;

	/* Unknown is not failed: verifying will read what became of it. */
	if (job->err && job->err != SMD_E_UNKNOWN) {
		unit->err = job->err;
		unit->error = job->error;
		note_failure(unit->deployment, &job->error);
		tell_unit(unit, "failed", job->error.message);
	} else {
		tell_unit(unit, job->err ? "unknown" : "done", job->err ? job->error.message : "");
		unit->prepared = 0; /* a refused candidate is still to be thrown away */
	}
	unit_over(unit);
}

/*
 * How long the device waits for a confirmation before it undoes by itself: it
 * must outlive verifying and proving, and bound how long a dead controller's
 * change stays.
 */
static uint32_t timer_for(const struct unit *unit)
{
	uint32_t longest = unit->task->facts.timer_longest;

	if (!driver_of(unit)->confirm)
		return 0;
	return longest < TIMER_SECONDS ? longest : TIMER_SECONDS;
}

static void commit_unit(struct unit *unit)
{
	run_stage(unit, &(struct stage){.name = "commit",
					.next = driver_of(unit)->commit,
					.payload = payload_of(unit),
					.timer = timer_for(unit),
					.done = was_committed});
}

static void leg_verified(struct deployment *deployment)
{
	if (is_stopped(deployment)) {
		go_back(deployment);
		return;
	}
	deployment->leg++;
	next_leg(deployment);
}

static void was_leg_read(struct unit *unit)
{
	if (unit->err || check_unit(unit, unit->task->legs[unit->deployment->leg].to)) {
		note_failure(unit->deployment, &unit->error);
		tell_unit(unit, "failed", unit->error.message);
	}
	unit_over(unit);
}

static void verify_leg(struct unit *unit)
{
	read_unit(unit, was_leg_read);
}

/* The old way must be known to be broken everywhere before the new one is made (law 6). */
static void leg_done(struct deployment *deployment)
{
	if (!deployment->failed && deployment->leg + 1 < deployment->draft->legs)
		run_phase(deployment, "verify", has_payload, verify_leg, leg_verified);
	else
		verify(deployment);
}

static void commit(struct deployment *deployment)
{
	if (is_stopped(deployment))
		go_back(deployment);
	else
		run_phase(deployment, "commit", has_payload, commit_unit, leg_done);
}

/* What the candidate holds must be what the plan says, before it acts. */
static int check_candidate(struct unit *unit, struct smd_error *error)
{
	const struct smd_task *task = unit->task;
	smd_cleanup(smd_tree_free) struct smd_tree *candidate = NULL;
	char path[SMD_ERROR_WHERE] = "";
	int err;

	if (!smd_text_count(unit->candidate))
		return 0; /* the device cannot show it */
	err = smd_language_parse(&task->language, unit->candidate, &candidate, error);
	if (err)
		return err;
	err = smd_slice_compare(candidate, task->legs[unit->deployment->leg].to, task->had,
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
	struct unit *unit = job->arg;

	unit->prepared = 1; /* at least in part: to be aborted in any case */
	if (!job->err)
		job->err = check_candidate(unit, &job->error);
	if (job->err) {
		unit->err = job->err;
		unit->error = job->error;
		note_failure(unit->deployment, &job->error);
	}
	tell_unit(unit, job->err ? "failed" : "done", job->err ? job->error.message : "");
	unit_over(unit);
}

static void prepare_unit(struct unit *unit)
{
	smd_text_free(smd_take(unit->candidate));
	if (smd_text_new(&unit->candidate, 0)) {
		smd_fail(&unit->error, SMD_E_NO_MEMORY, "out of memory");
		note_failure(unit->deployment, &unit->error);
		unit_over(unit);
		return;
	}
	run_stage(unit, &(struct stage){.name = "prepare",
					.next = driver_of(unit)->prepare,
					.payload = payload_of(unit),
					.result = unit->candidate,
					.done = was_prepared});
}

static void next_leg(struct deployment *deployment)
{
	run_phase(deployment, "prepare", can_prepare, prepare_unit, commit);
}

/* The beginning */

static void probed_all(struct deployment *deployment)
{
	if (deployment->failed)
		go_back(deployment);
	else
		next_leg(deployment);
}

/* A commit of somebody else's that waits for its confirmation would be confirmed by ours. */
static void was_probed(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (!job->err && (job->facts.pending == SMD_PENDING_FOREIGN ||
			  job->facts.pending == SMD_PENDING_UNKNOWN)) {
		job->err = smd_fail(&job->error, SMD_E_CONFLICT,
				    "a commit that is not ours waits for its confirmation");
		smd_error_device(&job->error, unit->task->device);
	}
	if (job->err) {
		unit->err = job->err;
		unit->error = job->error;
		note_failure(unit->deployment, &job->error);
		tell_unit(unit, "failed", job->error.message);
	}
	unit_over(unit);
}

static int can_probe(const struct unit *unit)
{
	return driver_of(unit)->probe && smd_task_sends(unit->task);
}

static void probe_unit(struct unit *unit)
{
	run_stage(unit, &(struct stage){.name = "probe",
					.next = driver_of(unit)->probe,
					.done = was_probed});
}

static void begun(struct deployment *deployment)
{
	run_phase(deployment, "probe", can_probe, probe_unit, probed_all);
}

void begin_phase(struct deployment *deployment)
{
	tell_phase(deployment, "begin");
	save_begin(deployment, begun, over); /* not even that: nothing happened */
}

static void start(void *arg)
{
	struct deployment *deployment = arg;

	deployment->next(deployment);
}

void run_deployment(struct deployment *deployment, phase_fn first)
{
	deployment->next = first;
	deployment->message.function = start;
	deployment->message.arg = deployment;
	uv_sem_init(&deployment->over, 0);
	smd_loop_post(deployment->loop, &deployment->message);
	uv_sem_wait(&deployment->over);
	uv_sem_destroy(&deployment->over);
}

int open_deployment(struct deployment *deployment, struct smd_draft *draft)
{
	deployment->site = draft->site;
	deployment->draft = draft;
	deployment->loop = draft->site->loops[0];
	deployment->units = calloc(draft->count + 1, sizeof(*deployment->units));
	if (!deployment->units)
		return SMD_E_NO_MEMORY;
	deployment->count = draft->count;
	for (size_t i = 0; i < draft->count; i++) {
		deployment->units[i].deployment = deployment;
		deployment->units[i].task = &draft->tasks[i];
		deployment->units[i].peer = draft->readings[i].peer;
	}
	return 0;
}

void close_deployment(struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++) {
		struct unit *unit = &deployment->units[i];

		smd_gather_done(&unit->reading, 1);
		smd_tree_free(unit->now);
		smd_text_free(unit->candidate);
		smd_batch_done(&unit->save.batch);
	}
	smd_batch_done(&deployment->save.batch);
	smd_traffic_free(deployment->proof);
	smd_traffic_free(deployment->disproof);
	cJSON_Delete(deployment->evidence);
	cJSON_Delete(deployment->record);
	free(deployment->units);
}

/* Sorts by time, and does not repeat: date, time with milliseconds, chance. */
static int make_id(char out[SMD_DEPLOYMENT_ID])
{
	struct timespec now;
	struct tm utc;
	uint8_t bytes[2];
	char tail[5];
	size_t used;

	if (smd_random(bytes, sizeof(bytes)))
		return SMD_E_IO;
	smd_hex(bytes, sizeof(bytes), tail);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	used = strftime(out, SMD_DEPLOYMENT_ID, "%Y%m%d-%H%M%S", &utc);
	snprintf(out + used, SMD_DEPLOYMENT_ID - used, "%03ld-%s", now.tv_nsec / 1000000, tail);
	return 0;
}

/* A device that was brought back, and differs from before in what is not ours. */
static const struct unit *find_leftover(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->units[i].touched && deployment->units[i].note[0])
			return &deployment->units[i];
	return NULL;
}

/*
 * A device may have made something else of a line than it says, or somebody
 * was there at the same time. It is not ours to touch (law 5), and not as it
 * was before either: somebody has to look.
 */
static int tell_leftover(const struct deployment *deployment, const struct unit *unit,
			 struct smd_error *error)
{
	char message[SMD_ERROR_MESSAGE];

	snprintf(message, sizeof(message), "%s", deployment->error.message);
	smd_fail(error, SMD_E_ATTENTION,
		 "all that is ours was rolled back, but something else differs from before (it "
		 "began with: %s)",
		 message);
	smd_error_device(error, unit->task->device);
	smd_error_where(error, "%s", unit->note);
	smd_error_hint(error, "look at it on the device, and put it right by hand if need be");
	return SMD_E_ATTENTION;
}

int deployment_result(const struct deployment *deployment, struct smd_error *error)
{
	static const int codes[] = {0, 0, SMD_E_ROLLED_BACK, SMD_E_ATTENTION};
	int err = codes[deployment->outcome];

	if (deployment->failed && error)
		*error = deployment->error;
	if (!deployment->outcome)
		return deployment->error.code;
	if (err == SMD_E_ROLLED_BACK && find_leftover(deployment))
		return tell_leftover(deployment, find_leftover(deployment), error);
	if (err == SMD_E_ATTENTION && !deployment->failed)
		smd_fail(error, err, "a device could not be brought to a known state");
	if (err && error)
		error->code = err;
	if (err == SMD_E_ATTENTION)
		smd_error_hint(error,
			       "`sdctl status %s` says which device; when it answers again, run "
			       "`sdctl recover`",
			       deployment->id);
	return err;
}

static int prepare_proofs(struct deployment *deployment, struct smd_error *error)
{
	const char *name = deployment->draft->transition->configuration;
	const cJSON *from = smd_json_object(deployment->record, "from");
	const cJSON *to = smd_json_object(deployment->record, "to");
	int err = smd_traffic_new(deployment->site, name, to, from, &deployment->proof, error);

	if (!err)
		err = smd_traffic_new(deployment->site, name, from, to, &deployment->disproof,
				      error);
	return err;
}

int smd_deployment_run(struct smd_draft *draft, const cJSON *plan, const char *principal,
		       const struct smd_listener *listener, char id[SMD_DEPLOYMENT_ID],
		       struct smd_error *error)
{
	struct deployment deployment = {
		.plan = plan, .principal = principal, .listener = listener, .entries = 1};
	int err = open_deployment(&deployment, draft);

	if (err || make_id(deployment.id))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	memcpy(id, deployment.id, sizeof(deployment.id));
	err = make_record(&deployment, error);
	if (!err)
		err = prepare_proofs(&deployment, error);
	if (!err) {
		run_deployment(&deployment, begin_phase);
		err = deployment_result(&deployment, error);
	}
	close_deployment(&deployment);
	return err;
}
