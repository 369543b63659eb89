/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/deploy: a deployment, its phases, and its records. */
#ifndef SMD_DEPLOY_ENGINE_H
#define SMD_DEPLOY_ENGINE_H

#include "core/deploy/deployment.h"
#include "core/deploy/device_steps.h"
#include "core/deploy/proof.h"

enum phase_id {
	PHASE_PROBE,
	PHASE_BASELINE,
	PHASE_BEGIN,
	PHASE_PREPARE,
	PHASE_RECHECK,
	PHASE_COMMIT,
	PHASE_VERIFY,
	PHASE_PROVE,
	PHASE_DECIDE,
	PHASE_CONFIRM,
	PHASE_PERSIST,
	PHASE_DECIDE_BACK,
	PHASE_ABORT,
	PHASE_ROLLBACK,
	PHASE_RECOVER,
	PHASE_PROVE_BACK,
	PHASE_LOGIN,
	PHASE_ACCOUNT,
	PHASE_END
};
#define PHASE_COUNT (PHASE_END + 1)

/* A phase of a sequence. `step`: the plan's step that it works on. */
struct phase_at_step {
	enum phase_id phase;
	unsigned step;
};
#define SEQUENCE_LENGTH 20

/*
 * id, tag       The deployment's number, for people; what is left on devices, see record.h.
 * record        The deployment's record; owned.
 * sequence, at  Phases to go through (`length`), and the one under way.
 * left, late    Devices that have not finished the phase; its deadline has passed.
 * begun         It is on record.
 * decided       The direction is on record, and nothing turns it any more.
 * forward       It leads to the new state.
 * recovering    A dead controller began it. `accepted`: what devices run is taken as it is.
 * store_failed  The store did not say whether it has the decision.
 */
struct deployment {
	struct smd_site *site;
	struct smd_draft *draft;
	const cJSON *plan;
	const char *principal;
	const char *comment;
	const struct smd_listener *listener;
	char id[SMD_DEPLOYMENT_ID];
	char tag[SMD_DEPLOYMENT_TAG];
	cJSON *record;
	struct smd_loop *loop;

	struct device_run *runs;
	size_t count;
	struct phase_at_step sequence[SEQUENCE_LENGTH];
	size_t length, at;
	size_t left;
	int late;
	struct smd_timer deadline;
	atomic_uint entries; /* number of journal entries so far; part of their keys */

	int require_proof, accept_shown, recovering, accepted;
	void (*begin)(struct deployment *deployment); /* starts the first sequence */
	int begun, decided, forward, store_failed;
	int failed; /* `error` is the first failure */
	struct smd_error error;
	enum smd_outcome outcome;
	struct smd_proof *proof;
	cJSON *evidence;
	int unproven; /* the state at the end was not confirmed by traffic */
	struct smd_error proof_error;

	struct smd_save save;
	struct smd_work work;
	void (*saved)(struct deployment *deployment);
	struct smd_message message;
	struct smd_latch over;
};

/* Events for the listener */
void report_phase(struct deployment *deployment, const char *phase);
void report_device(const struct device_run *run, const char *state, const char *message);

/* Keep the first failure of the deployment; later ones are ignored. */
void record_first_failure(struct deployment *deployment, const struct smd_error *error);

/* Phases (phases.c) */
void device_over(struct device_run *run);
void phase_over(struct deployment *deployment);
static inline unsigned step_of(const struct deployment *deployment)
{
	return deployment->sequence[deployment->at].step;
}
const char *phase_name(const struct deployment *deployment);
/* The sequences; `begin` starts the first phase. On the deployment's loop. */
void go_through(struct deployment *deployment); /* a new deployment */
void go_back(struct deployment *deployment);
void go_forward(struct deployment *deployment); /* recovery behind a decision to go forward */
void go_to_end(struct deployment *deployment);  /* only the records of the end */

/* The outcome of the whole, from its devices' (outcome.c) */
enum smd_outcome deployment_outcome(const struct deployment *deployment);
int deployment_result(const struct deployment *deployment, struct smd_error *error);

/* The deployment as a whole (deployment.c) */
int open_deployment(struct deployment *deployment, struct smd_draft *draft);
void close_deployment(struct deployment *deployment);
/* Make the proof of the record's configurations. Not on a loop's thread. */
int prepare_proof(struct deployment *deployment, struct smd_error *error);
void run_deployment(struct deployment *deployment, void (*sequence)(struct deployment *deployment));
void deployment_over(struct deployment *deployment); /* wakes the waiting thread */

/*
 * Records (record.c). prepare_begin numbers the deployment and makes its first records; to be
 * called outside of loops. Each of the others writes one and calls `saved(deployment)`;
 * deployment->save.err says whether it is durable.
 */
int prepare_begin(struct deployment *deployment, struct smd_error *error);
void save_begin(struct deployment *deployment, void (*saved)(struct deployment *deployment));
void save_decision(struct deployment *deployment, const char *direction,
		   void (*saved)(struct deployment *deployment));
void save_end(struct deployment *deployment, void (*saved)(struct deployment *deployment));
/* Bytes that the records of the way back may need; SMD_E_NO_MEMORY: not known. */
int way_back_size(const struct deployment *deployment, size_t *out);

/* The journal (journal.c) */
void record_exchanges(struct smd_recorder *recorder, struct smd_job *job,
		      const struct smd_exchange *exchanges, size_t count);
void save_answer(struct device_run *run);
int read_journal(struct deployment *deployment, struct smd_error *error);

#endif
