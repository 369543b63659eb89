/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the deployment: its structure, and the run of one device in it. */
#ifndef SMD_DEPLOY_DEVICE_RUN_H
#define SMD_DEPLOY_DEVICE_RUN_H

#include <stdatomic.h>

#include "core/deploy/deployment.h"
#include "core/deploy/traffic.h"

struct deployment;

/*
 * touched   Something that can change it was sent, or may have been.
 * prepared  Its candidate is loaded.
 * attention It is not, and cannot be brought there.
 * note      What else differs on it, outside of what is ours; "" nothing.
 * sent      The stage under way has sent something that can change the device.
 * quiesce_until
 *           When the device can no longer act on what was sent last (uv_hrtime);
 *           0: it has answered, or nothing was sent.
 * entry     Number of its last journal entry; 0: none.
 */
struct device_run {
	struct deployment *deployment;
	struct smd_task *task;
	struct smd_remote *remote;
	struct smd_fetch_job fetch;
	struct smd_job job;
	struct smd_recorder recorder;
	struct smd_save save; /* of a journal record, or a report */
	const char *stage;    /* for the journal and events */
	void (*stage_done)(struct smd_job *job);
	struct smd_text *payload;   /* of a push while converging; NULL otherwise */
	struct smd_text *shown;     /* the payload of the stage, as it may be told */
	struct smd_text *candidate; /* what prepare said the candidate holds */
	struct smd_tree *now;       /* as read last */
	void (*was_read)(struct device_run *run);
	struct smd_message message;
	const struct smd_tree *wanted; /* what converging leads to */
	int touched, prepared, attention;
	char note[SMD_ERROR_WHERE];
	int sent;
	uint64_t quiesce_until;
	/* Milliseconds from the end of an unknown stage until the device is quiescent. */
	uint64_t quiesce_ms;
	unsigned entry;         /* of the journal, from 1 */
	struct smd_save answer; /* a journal record in the making; `answering` */
	int answering;
	int err;
	struct smd_error error;
};

/* Make `shown`: what messages may tell of the payload. */
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
	cJSON *record; /* of the deployment */
	struct smd_loop *loop;

	struct device_run *runs;
	size_t count;
	unsigned step;
	size_t left;        /* devices that have not finished the phase */
	phase_fn next;      /* what comes when none is left */
	phase_fn otherwise; /* ... when what was to be saved cannot be */
	const char *phase;
	atomic_uint entries; /* of the journal, for their keys */

	int forward; /* converging finishes the change instead of undoing it */
	int failed;  /* the first failure is in `error` */
	struct smd_error error;
	enum smd_outcome outcome;
	struct smd_traffic *proof;        /* of the new state; NULL: no hosts */
	struct smd_traffic *proof_before; /* of the state before */
	cJSON *evidence;
	int rollback_unproven; /* after a rollback, traffic does not show the state before */
	struct smd_error rollback_proof_error;

	struct smd_save save;
	struct smd_message message;
	uv_sem_t over;
};

/* Tell the listener: {"event": "device", ...} and {"event": "phase", ...}. */
void report_phase(struct deployment *deployment, const char *phase);
void report_device(const struct device_run *run, const char *state, const char *message);

/* Remember the first failure. */
void record_first_failure(struct deployment *deployment, const struct smd_error *error);

/*
 * A phase over the devices that `part` chooses: `start` begins each, device_over is
 * called when it is through, and `next` when all are. None chosen: at once.
 */
void run_phase(struct deployment *deployment, const char *phase,
	       int (*part)(const struct device_run *), void (*start)(struct device_run *),
	       phase_fn next);
void device_over(struct device_run *run);

/* One of the driver's stages. payload, result: may be NULL. timer: seconds, 0 none. */
struct stage {
	const char *name;
	smd_next_fn next;
	const struct smd_text *payload;
	struct smd_text *result;
	uint32_t timer;
	void (*done)(struct smd_job *job);
};
/* Run it; `done` gets the job on the deployment's loop. */
void run_stage(struct device_run *run, const struct stage *stage);
/*
 * Does the device, as it was read, run `wanted` as far as the change reads or
 * writes? Fills run->err and run->error; what differs elsewhere is noted.
 */
int check_device(struct device_run *run, const struct smd_tree *wanted);
/*
 * Law 8: when the device is quiescent, read it into run->now. `done(run)` is
 * called on the deployment's loop; run->err says how it went.
 */
void read_device(struct device_run *run, void (*done)(struct device_run *run));

/*
 * Bring every touched device to run->wanted, chosen by `goal`: read, compare,
 * push the difference, read again. Then `next`. Those that resist get `attention`.
 */
void converge(struct deployment *deployment, const char *phase,
	      const struct smd_tree *(*goal)(const struct device_run *), phase_fn next);

/*
 * Records (record.c). Each calls `next` when it is durable; when it cannot be
 * written the failure is noted and `otherwise` is called.
 */
int make_record(struct deployment *deployment, struct smd_error *error);
void save_begin(struct deployment *deployment, phase_fn next, phase_fn otherwise);
void save_decision(struct deployment *deployment, const char *direction, phase_fn next,
		   phase_fn otherwise);
void save_end(struct deployment *deployment, phase_fn next, phase_fn otherwise);
/* The device has answered: nothing that was sent can act any more. */
void save_answer(struct device_run *run);
/* The recorder of a device (law 7). */
void record_exchanges(struct smd_recorder *recorder, struct smd_job *job,
		      const struct smd_exchange *exchanges, size_t count);

/* The phases up to the decision (phases.c). */
void begin_phase(struct deployment *deployment);

/* What follows the decision (completion.c). */
void go_back(struct deployment *deployment);
void go_forward(struct deployment *deployment);
void rolled_back(struct deployment *deployment); /* the end of going back */
int needs_attention(const struct deployment *deployment);
void deployment_over(struct deployment *deployment); /* wakes who waits for it */

/* The whole of it (deployment.c). */
int open_deployment(struct deployment *deployment, struct smd_draft *draft);
void close_deployment(struct deployment *deployment);
void run_deployment(struct deployment *deployment, phase_fn first);
int deployment_result(const struct deployment *deployment, struct smd_error *error);

#endif
