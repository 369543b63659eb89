/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session with one device: the actor that runs a driver's stages.
 *
 * Jobs are carried out one at a time, in the order of submission. The first
 * one connects; the connection stays for those that follow. A connection that
 * is lost inside a stage is told to the stage as an answer; the next action or
 * job connects anew.
 */
#ifndef SMD_RUN_SESSION_H
#define SMD_RUN_SESSION_H

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#include "core/run/loop.h"
#include "core/run/steps.h"

struct smd_session;
struct smd_job;

/*
 * What a session needs. All that is pointed to outlives the session.
 *
 * settings       The protocol's; those of the channel stand in target.
 * attach, state  The driver's, run after every login; attach may be NULL.
 * patience       Milliseconds from the first attempt to connect to the first prompt.
 */
struct smd_session_spec {
	const char *device;
	struct smd_channel_target target;
	const struct smd_channel *channel;
	const struct smd_protocol *protocol;
	const struct smd_settings *settings;
	const struct smd_session_profile *profile;
	smd_next_fn attach;
	void *state;
	uint32_t patience;
};

/*
 * Law 7: what can change a device is recorded before it is sent. `record` is
 * called on the session's loop with the exchanges that are about to go; when
 * they are durable, or cannot be, it has smd_job_recorded called on the same
 * loop.
 */
struct smd_recorder {
	void (*record)(struct smd_recorder *recorder, struct smd_job *job,
		       const struct smd_exchange *exchanges, size_t count);
};

/*
 * One stage to run. Filled by the caller, who keeps it until `done` was called.
 *
 * next, run   The stage. run.facts and run.core are set by the session.
 * recorder    NULL: the stage may only read; anything else fails.
 * reply       `done(job)` is called on this loop.
 * err, reason, error  How it ended. err is 0 or a negative smd_err.
 * facts       What the device is, as far as it is known now.
 * connect, took  Microseconds: for logging in, if that was needed; for the stage.
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

	/* The session's own. */
	uint64_t began;
	struct smd_session *session;
	struct smd_job *behind;
	struct smd_run_core core;
	struct smd_message message;
};

/* Figures of one session; read them after smd_session_close. Times in microseconds. */
struct smd_session_stats {
	uint32_t logins;
	uint32_t round_trips; /* answers waited for */
	uint64_t connect;     /* from the first attempt to the first prompt, summed */
	uint64_t waiting;     /* with something outstanding at the device, logins included */
	uint64_t received;    /* bytes of output */
};

int smd_session_new(struct smd_loop *loop, const struct smd_session_spec *spec,
		    struct smd_session **out, struct smd_error *error);
/* Any thread. */
void smd_session_submit(struct smd_session *session, struct smd_job *job);
/* Go on with a job whose record is durable (err 0) or failed. On the session's loop. */
void smd_job_recorded(struct smd_job *job, int err, const struct smd_error *error);
/*
 * Close the connection and free the session, waiting until that is done. No
 * job may be under way. Any thread but the loop's. NULL is fine.
 */
void smd_session_close(struct smd_session *session, struct smd_session_stats *stats);

struct smd_loop *smd_session_loop(struct smd_session *session);

/*
 * A stage of one action, for what is no driver's: `state` of the run is a
 * struct smd_single. Its `on_answer` gets the answer, on the session's loop.
 */
struct smd_single {
	struct smd_action action;
	void (*on_answer)(struct smd_single *single, const struct smd_answer *answer);
	void *arg;
};
void smd_single_next(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action);

#endif
