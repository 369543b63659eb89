/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session with one device: it runs a driver's stages.
 *
 * Jobs run one at a time, in the order of submission. The first one connects, and the
 * connection stays open for the next. If it is lost inside a stage, the stage receives that as
 * an answer; the next action or job connects again.
 */
#ifndef SMD_RUN_SESSION_H
#define SMD_RUN_SESSION_H

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>
#include <stdatomic.h>

#include "core/run/connector.h"
#include "core/run/steps.h"

struct smd_session;
struct smd_job;

/*
 * What a session needs. Everything that is pointed to must outlive the session.
 *
 * connector      Makes the byte stream for the channel.
 * settings       Options of the protocol plugin; those of the channel are in target.
 * attach, state  The driver's; attach runs after every login and may be NULL.
 * patience       Milliseconds from the first attempt to connect to the first prompt; 0: 20
 *                seconds.
 */
struct smd_session_spec {
	const char *device;
	struct smd_channel_target target;
	struct smd_connector *connector;
	const struct smd_channel *channel;
	const struct smd_protocol *protocol;
	const struct smd_settings *settings;
	const struct smd_session_profile *profile;
	smd_next_fn attach;
	void *state;
	uint32_t patience;
};

/*
 * Writes the journal before anything is sent that can change a device (law 7). `record` is
 * called on the session's loop with the exchanges that will be sent next. When they are
 * durable, or cannot be written, the recorder calls smd_job_recorded on the same loop.
 */
struct smd_recorder {
	void (*record)(struct smd_recorder *recorder, struct smd_job *job,
		       const struct smd_exchange *exchanges, size_t count);
};

/*
 * One stage to run. Filled by the caller, who keeps it until `done` was called.
 *
 * next, run           The stage. The session sets run.facts and run.core.
 * recorder            NULL: the stage may only read; any other exchange fails.
 * reply               The loop on which `done(job)` is called.
 * err, reason, error  The result. err is 0 or a negative smd_err.
 * facts               What is known of the device after the stage.
 * connect, took       Microseconds: for the login, 0 without one; for the stage.
 */
struct smd_job {
	smd_next_fn next;
	struct smd_run run;
	struct smd_recorder *recorder;
	struct smd_loop *reply;
	void (*done)(struct smd_job *job);
	void *arg;

	int err;
	enum smd_class reason;
	struct smd_error error;
	struct smd_facts facts;
	uint64_t connect, took;

	/* Internal. */
	uint64_t began;
	struct smd_session *session;
	struct smd_job *behind;
	struct smd_run_core core;
	struct smd_message message;
	atomic_int cancel_state; /* enum cancel_state of job.c */
	int over;                /* ended, but a message to give it up is still under way */
	struct smd_message cancel;
};

/* Statistics of a session, to be read after smd_session_close. Times in microseconds. */
struct smd_session_stats {
	uint32_t logins;
	uint32_t round_trips; /* number of answers */
	uint64_t connect;     /* sum, from the first attempt to the first prompt */
	uint64_t waiting;     /* while something was outstanding at the device, logins included */
	uint64_t received;    /* bytes of output */
};

int smd_session_new(struct smd_loop *loop, const struct smd_session_spec *spec,
		    struct smd_session **out, struct smd_error *error);
/* Queue a job. Any thread. */
void smd_session_submit(struct smd_session *session, struct smd_job *job);
/*
 * Give a job up, from any thread, after its submission and while its structure lives. If it is
 * under way, its connection is dropped and it ends with SMD_E_UNKNOWN; if it has not begun, it
 * ends with SMD_E_BUSY; if it has ended, nothing changes. In any case `done` is called, once.
 * While a recorder writes, the job ends when that is finished, and nothing is sent.
 */
void smd_session_cancel(struct smd_session *session, struct smd_job *job);
/*
 * Continue a job after its recorder has finished: `err` 0, the entry is durable; else the job
 * fails. On the session's loop.
 */
void smd_job_recorded(struct smd_job *job, int err, const struct smd_error *error);
/*
 * Close the connection and free the session; blocks until that is done. No job may be under
 * way. Must not be called on a loop's thread. NULL is fine.
 */
void smd_session_close(struct smd_session *session, struct smd_session_stats *stats);

struct smd_loop *smd_session_loop(struct smd_session *session);

/*
 * A stage with a single action, for callers other than drivers. run.state is a struct
 * smd_single; `on_answer` gets the answer, on the session's loop.
 */
struct smd_single {
	struct smd_action action;
	void (*on_answer)(struct smd_single *single, const struct smd_answer *answer);
	void *arg;
};
void smd_single_next(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action);

#endif
