/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/run: the structure of a session. Its stages are in session.c, its jobs in job.c. */
#ifndef SMD_RUN_INTERNAL_H
#define SMD_RUN_INTERNAL_H

#include "core/run/conn.h"

struct smd_session {
	struct smd_loop *loop;
	struct smd_session_spec spec;
	struct smd_conn *conn; /* NULL: not connected */
	int up;                /* logged in, and attach has succeeded */
	struct smd_facts facts;
	uint32_t notes; /* the driver's run.notes for this login */

	struct smd_job *job, *queue; /* the job under way, and a list of those waiting */
	struct smd_job attach;       /* runs on every new connection, before the job */
	int attaching;
	struct smd_action action;        /* the stage's current action */
	int after_reconnect;             /* connecting because the stage asked for RECONNECT */
	int loss_reported;               /* the stage has been told that the connection is lost */
	int connecting, awaiting_answer; /* waiting for a connection; waiting for an answer */
	int recording, given_up; /* waiting for the recorder; the job ends when it has finished */

	struct smd_timer timer; /* deadline of an exchange, or end of a WAIT action */
	struct smd_latch closed;
	struct smd_session_stats stats;
	uint64_t busy_since; /* uv_hrtime() when waiting began; 0: not waiting */
};

/* Count the time in which the session waits for the device. */
void busy_start(struct smd_session *session);
void busy_end(struct smd_session *session);

/* Connect, then begin the stage of the job under way. */
void connect_device(struct smd_session *session);
void drop_conn(struct smd_session *session);
/* Start the stage of the job, or attach before it. */
void begin_stage(struct smd_session *session);

/* End the job under way with `err`, for which job->error is filled, and begin the next one. */
void finish_job(struct smd_session *session, int err);
/* The same for a job that was given up. */
void end_given_up(struct smd_session *session);

#endif
