/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/deploy: the deployment's structure, and the run of one device in it. */
#ifndef SMD_DEPLOY_DEVICE_RUN_H
#define SMD_DEPLOY_DEVICE_RUN_H

#include <stdatomic.h>

#include "core/deploy/deployment.h"
#include "core/deploy/proof.h"

struct deployment;

/*
 * One device in a deployment. Used on the deployment's loop, except while a stage runs on the
 * device's loop.
 *
 * touched        Something that can change the device was sent, or may have been.
 * prepared       Its candidate is loaded, at least in part, and has to be aborted on failure.
 * attention      The device is not in the wanted state and could not be brought there.
 * note           Path of the first difference outside of our nodes after converging; "": none.
 * sent           The stage in progress has sent something that can change the device.
 * quiesce_until  Time (uv_hrtime, nanoseconds) after which the device no longer acts on what
 *                was sent last; 0: it has answered, or nothing was sent.
 * quiesce_ms     How long it may go on acting after a stage with unknown outcome, in
 *                milliseconds.
 * entry          Number of its last journal entry, from 1; 0: none.
 */
struct device_run {
	struct deployment *deployment;
	struct smd_task *task;
	struct smd_remote *remote;
	struct smd_fetch_job fetch;
	struct smd_job job;
	struct smd_recorder recorder;
	struct smd_save save; /* write in progress: a journal record or the begin record */
	const char *stage;    /* name of the stage in progress, for journal and events */
	void (*stage_done)(struct smd_job *job);
	struct smd_text *payload;   /* owned; payload of a push while converging, else NULL */
	struct smd_text *shown;     /* owned; the stage's payload with secrets masked */
	struct smd_text *candidate; /* owned; the candidate as prepare returned it */
	struct smd_tree *now;       /* owned; the device's tree as last read */
	void (*was_read)(struct device_run *run);
	struct smd_message message;
	const struct smd_tree *wanted; /* borrowed; the state that converging leads to */
	int touched, prepared, attention;
	char note[SMD_ERROR_WHERE];
	int sent;
	uint64_t quiesce_until;
	uint64_t quiesce_ms;
	unsigned entry;
	struct smd_save answer; /* write of an "answered" entry; `answering`: in progress */
	int answering;
	int err;
	struct smd_error error;
};

/* Set run->shown to the payload with secrets masked, for messages. */
void mask_payload(struct device_run *run, const struct smd_text *payload);

static inline const struct smd_driver *driver_of(const struct device_run *run)
{
	return run->task->language.driver;
}

typedef void (*phase_fn)(struct deployment *deployment);

struct deployment {
	struct smd_site *site;
	struct smd_draft *draft;
	const cJSON *plan;
	const char *principal;
	const struct smd_listener *listener;
	char id[SMD_DEPLOYMENT_ID];
	cJSON *record; /* the deployment's record, owned */
	struct smd_loop *loop;

	struct device_run *runs;
	size_t count;
	unsigned step;
	size_t left;        /* devices that have not finished the phase or record */
	phase_fn next;      /* called when `left` becomes 0 */
	phase_fn otherwise; /* called instead when a record cannot be written */
	const char *phase;
	atomic_uint entries; /* number of journal entries so far; part of their keys */

	int forward; /* converging completes the change instead of undoing it */
	int failed;  /* `error` has the first failure */
	struct smd_error error;
	enum smd_outcome outcome;
	struct smd_proof *proof; /* proof by traffic; NULL in recovery */
	cJSON *evidence;         /* its last result */
	int rollback_unproven;   /* after a rollback, the traffic test of the old state failed */
	struct smd_error rollback_proof_error;

	struct smd_save save;
	struct smd_message message;
	struct smd_latch over;
};

/* Send the listener an event: {"event": "phase", ...} or {"event": "device", ...}. */
void report_phase(struct deployment *deployment, const char *phase);
void report_device(const struct device_run *run, const char *state, const char *message);

/* Keep the first failure of the deployment; later ones are ignored. */
void record_first_failure(struct deployment *deployment, const struct smd_error *error);

/*
 * Run a phase on the devices for which `part` returns true. `start` is called for each of them;
 * device_over must be called when a device is finished. `next` is called when all are, at once
 * if there are none.
 */
void run_phase(struct deployment *deployment, const char *phase,
	       int (*part)(const struct device_run *), void (*start)(struct device_run *),
	       phase_fn next);
void device_over(struct device_run *run);

/*
 * Arguments of a driver's stage. payload, result: may be NULL. timer: seconds of the revert
 * timer, 0: none.
 */
struct stage {
	const char *name;
	smd_next_fn next;
	const struct smd_text *payload;
	struct smd_text *result;
	uint32_t timer;
	void (*done)(struct smd_job *job);
};
/* Run a stage on the device; `done` is called with the job on the deployment's loop. */
void run_stage(struct device_run *run, const struct stage *stage);
/*
 * Compare run->now with `wanted` in the nodes that the change affects. Sets run->err and
 * run->error; a difference elsewhere goes to run->note.
 */
int check_device(struct device_run *run, const struct smd_tree *wanted);
/*
 * Wait until the device no longer acts on what was sent, then read it into run->now (law 8).
 * `done(run)` is called on the deployment's loop, with the result in run->err.
 */
void read_device(struct device_run *run, void (*done)(struct device_run *run));

/*
 * Bring every touched device to the state that `goal` returns for it: read, compare, push the
 * difference, read again. `next` is called when all are finished. Devices that cannot be
 * brought there get `attention`.
 */
void converge(struct deployment *deployment, const char *phase,
	      const struct smd_tree *(*goal)(const struct device_run *), phase_fn next);

/*
 * Records (record.c). Each function writes one and calls `next` when it is durable. When it
 * cannot be written, the failure is recorded and `otherwise` is called.
 */
int make_record(struct deployment *deployment, struct smd_error *error);
void save_begin(struct deployment *deployment, phase_fn next, phase_fn otherwise);
void save_decision(struct deployment *deployment, const char *direction, phase_fn next,
		   phase_fn otherwise);
void save_end(struct deployment *deployment, phase_fn next, phase_fn otherwise);
/* Write a journal entry that the device has answered: it no longer acts on what was sent. */
void save_answer(struct device_run *run);
/* The session's recorder: writes the journal entry before an exchange is sent (law 7). */
void record_exchanges(struct smd_recorder *recorder, struct smd_job *job,
		      const struct smd_exchange *exchanges, size_t count);

/* The phases up to the decision (phases.c). */
void begin_phase(struct deployment *deployment);

/* What follows the decision (completion.c). */
void go_back(struct deployment *deployment);
void go_forward(struct deployment *deployment);
void rolled_back(struct deployment *deployment); /* called after the rollback */
int needs_attention(const struct deployment *deployment);
void deployment_over(struct deployment *deployment); /* wakes the waiting thread */

/* The deployment as a whole (deployment.c). */
int open_deployment(struct deployment *deployment, struct smd_draft *draft);
void close_deployment(struct deployment *deployment);
void run_deployment(struct deployment *deployment, phase_fn first);
int deployment_result(const struct deployment *deployment, struct smd_error *error);

#endif
