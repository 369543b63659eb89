/* SPDX-License-Identifier: Apache-2.0 */
/* The jobs of a session: their queue, their end, and giving them up. */
#include <smartdeploy/text.h>

#include "core/run/internal.h"

static void call_done(void *arg)
{
	struct smd_job *job = arg;

	job->done(job);
}

/*
 * How a job is given up. The message to do so is a member of the job, so `done`, which may free
 * the job, is called only after the message has arrived.
 */
enum cancel_state {
	NOT_CANCELLED = 0,
	CANCEL_SENT = 1,
	CANCEL_ARRIVED = 2,
	TOO_LATE = 3 /* the job is over */
};

static void send_done(struct smd_job *job)
{
	job->message.function = call_done;
	job->message.arg = job;
	smd_loop_post(job->reply, &job->message);
}

static void job_over(struct smd_job *job)
{
	int before = NOT_CANCELLED;

	if (!atomic_compare_exchange_strong(&job->cancel_state, &before, TOO_LATE) &&
	    before == CANCEL_SENT)
		job->over = 1;
	else
		send_done(job);
}

static void next_job(struct smd_session *session)
{
	struct smd_job *job = session->queue;

	if (session->job || !job)
		return;
	session->queue = job->behind;
	session->job = job;
	job->session = session;
	job->err = 0;
	job->reason = SMD_CLASS_NONE;
	job->connect = job->began = 0;
	session->loss_reported = 0;
	smd_run_core_init(&job->core);
	job->run.facts = &session->facts;
	job->run.core = &job->core;
	job->run.notes = &session->notes;
	job->run.step = 0;
	if (session->up)
		begin_stage(session);
	else
		connect_device(session);
}

static void note_facts(struct smd_job *job, const struct smd_facts *facts)
{
	job->facts = *facts;
	smd_sanitize(job->facts.product);
	smd_sanitize(job->facts.version);
}

void finish_job(struct smd_session *session, int err)
{
	struct smd_job *job = session->job;

	job->err = err;
	note_facts(job, &session->facts);
	job->took = job->began ? (uv_hrtime() - job->began) / 1000 : 0;
	if (err)
		smd_error_device(&job->error, session->spec.device);
	smd_run_core_done(&job->core);
	session->job = NULL;
	session->awaiting_answer = session->connecting = 0;
	job_over(job);
	next_job(session);
}

void end_given_up(struct smd_session *session)
{
	session->given_up = 0;
	session->job->reason = SMD_CLASS_UNKNOWN;
	smd_fail(&session->job->error, SMD_E_UNKNOWN, "given up before it was finished");
	finish_job(session, SMD_E_UNKNOWN);
}

static void on_submit(void *arg)
{
	struct smd_job *job = arg;
	struct smd_job **end = &job->session->queue;

	while (*end)
		end = &(*end)->behind;
	job->behind = NULL;
	*end = job;
	next_job(job->session);
}

void smd_session_submit(struct smd_session *session, struct smd_job *job)
{
	job->session = session;
	job->over = 0;
	atomic_store(&job->cancel_state, NOT_CANCELLED);
	job->message.function = on_submit;
	job->message.arg = job;
	smd_loop_post(session->loop, &job->message);
}

/* End a job that waits for its turn. */
static void drop_queued(struct smd_session *session, struct smd_job *job)
{
	struct smd_job **place = &session->queue;

	while (*place != job)
		place = &(*place)->behind;
	*place = job->behind;
	job->reason = SMD_CLASS_NONE;
	job->connect = job->took = 0;
	note_facts(job, &session->facts);
	job->err = smd_fail(&job->error, SMD_E_BUSY, "given up before its turn came");
	smd_error_device(&job->error, session->spec.device);
	job_over(job);
}

static void drop_current(struct smd_session *session)
{
	smd_timer_stop(session->loop, &session->timer);
	busy_end(session);
	drop_conn(session);
	if (session->attaching)
		smd_run_core_done(&session->attach.core);
	session->attaching = session->after_reconnect = 0;
	if (session->recording)
		session->given_up = 1;
	else
		end_given_up(session);
}

static void on_cancel(void *arg)
{
	struct smd_job *job = arg;
	struct smd_session *session = job->session;

	atomic_store(&job->cancel_state, CANCEL_ARRIVED);
	if (job->over)
		send_done(job);
	else if (session->job == job)
		drop_current(session);
	else
		drop_queued(session, job);
}

void smd_session_cancel(struct smd_session *session, struct smd_job *job)
{
	int before = NOT_CANCELLED;

	if (!atomic_compare_exchange_strong(&job->cancel_state, &before, CANCEL_SENT))
		return;
	job->cancel = (struct smd_message){.function = on_cancel, .arg = job};
	smd_loop_post(session->loop, &job->cancel);
}
