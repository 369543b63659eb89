/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session with one device. Three layers, from the bottom:
 *
 * conn     one TCP connection with its channel and protocol (conn.c)
 * answers  an action is started on the connection; its answer, a deadline or the loss of the
 *          connection ends it
 * stages   the answer is passed to the stage, which returns the next action
 *
 * The jobs, whose stages these are, are in job.c.
 */
#include <smartdeploy/text.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/crash_point.h"
#include "core/base/lines.h"
#include "core/run/internal.h"

static void next_action(struct smd_session *session, const struct smd_answer *answer);
static void stage_failed(struct smd_session *session);

static struct smd_job *current_job(struct smd_session *session)
{
	return session->attaching ? &session->attach : session->job;
}

void busy_start(struct smd_session *session)
{
	if (!session->busy_since)
		session->busy_since = uv_hrtime();
}

void busy_end(struct smd_session *session)
{
	if (session->busy_since)
		session->stats.waiting += (uv_hrtime() - session->busy_since) / 1000;
	session->busy_since = 0;
}

void drop_conn(struct smd_session *session)
{
	if (session->conn) {
		session->stats.received += smd_conn_received(session->conn);
		smd_conn_free(session->conn);
	}
	session->conn = NULL;
	session->up = 0;
	session->notes = 0;
}

/* Failing */

static const int class_err[] = {
	[SMD_CLASS_NONE] = SMD_E_INTERNAL,     [SMD_CLASS_REFUSED] = SMD_E_DEVICE,
	[SMD_CLASS_CONFLICT] = SMD_E_CONFLICT, [SMD_CLASS_BUSY] = SMD_E_BUSY,
	[SMD_CLASS_UNKNOWN] = SMD_E_UNKNOWN,   [SMD_CLASS_INVALID] = SMD_E_INTERNAL,
	[SMD_CLASS_DENIED] = SMD_E_AUTH,       [SMD_CLASS_UNSUPPORTED] = SMD_E_UNSUPPORTED,
};

static int err_of(enum smd_class reason)
{
	return (size_t)reason < SMD_COUNT(class_err) ? class_err[reason] : SMD_E_INTERNAL;
}

/* End the job with the failure that the stage returned. */
static void fail_stage(struct smd_session *session)
{
	struct smd_job *job = session->job;
	const struct smd_action *action = &session->action;
	int err = err_of(action->reason);

	job->reason = action->reason;
	smd_fail(&job->error, err, "%s", action->message);
	finish_job(session, err);
}

/* Connections */

static void on_up(struct smd_conn *conn, void *arg);
static void on_moved(struct smd_conn *conn, void *arg);
static void on_answer(struct smd_conn *conn, void *arg);
static void on_lost(struct smd_conn *conn, void *arg, const struct smd_error *error);

static const struct smd_conn_events conn_events = {
	.up = on_up, .moved = on_moved, .answer = on_answer, .lost = on_lost};

void connect_device(struct smd_session *session)
{
	struct smd_job *job = session->job;
	int err;

	smd_crash_point("connect", session->spec.device);
	busy_start(session);
	session->connecting = 1;
	session->stats.logins++;
	err = smd_conn_new(session->loop, &session->spec, &conn_events, session, &session->conn,
			   &job->error);
	if (err)
		finish_job(session, err);
}

void begin_stage(struct smd_session *session)
{
	static const struct smd_answer start = {.end = SMD_END_START};

	if (!session->attaching)
		session->job->began = uv_hrtime();
	next_action(session, &start);
}

static void attach_over(struct smd_session *session)
{
	static const struct smd_answer again = {.end = SMD_END_DONE};

	session->attaching = 0;
	if (!session->conn) {
		session->after_reconnect = 0;
		smd_fail(&session->job->error, SMD_E_UNREACHABLE,
			 "the connection was lost at once");
		finish_job(session, SMD_E_UNREACHABLE);
		return;
	}
	session->up = 1;
	if (session->after_reconnect) {
		session->after_reconnect = 0;
		next_action(session, &again);
	} else {
		begin_stage(session);
	}
}

static void on_up(struct smd_conn *conn, void *arg)
{
	struct smd_session *session = arg;

	smd_crash_point("up", session->spec.device);
	busy_end(session);
	session->connecting = 0;
	session->stats.round_trips++;
	session->job->connect = smd_conn_connect_time(conn);
	session->stats.connect += session->job->connect;
	if (!session->spec.attach) {
		attach_over(session);
		return;
	}
	session->attaching = 1;
	session->attach = (struct smd_job){
		.next = session->spec.attach,
		.run = {.state = session->spec.state, .device = session->spec.device, .tag = ""},
	};
	smd_run_core_init(&session->attach.core);
	session->attach.run.facts = &session->facts;
	session->attach.run.core = &session->attach.core;
	session->attach.run.notes = &session->notes;
	begin_stage(session);
}

/* Exchanges */

/* Set the timer to the deadline of the exchange that is outstanding now. */
static void watch_deadline(struct smd_session *session)
{
	size_t index = smd_conn_outstanding(session->conn);
	uint32_t deadline = 0;

	if (index < session->action.exchange_count)
		deadline = session->action.exchanges[index].deadline;
	if (!deadline)
		deadline = session->spec.profile->deadline;
	smd_timer_start(session->loop, &session->timer, deadline ? deadline : 30000);
}

static void deliver_end(struct smd_session *session, enum smd_end end)
{
	struct smd_answer answer = {.end = end, .status = -1};

	if (end == SMD_END_DEADLINE && session->conn)
		answer.exchange = smd_conn_outstanding(session->conn);
	smd_crash_point("lost", session->spec.device);
	session->awaiting_answer = 0;
	smd_timer_stop(session->loop, &session->timer);
	busy_end(session);
	drop_conn(session); /* a late answer must not be taken for the next one */
	next_action(session, &answer);
}

static void on_timer(void *arg)
{
	struct smd_session *session = arg;
	static const struct smd_answer waited = {.end = SMD_END_DONE};

	if (session->action.act == SMD_ACT_WAIT) {
		next_action(session, &waited);
		return;
	}
	deliver_end(session, SMD_END_DEADLINE);
}

static void on_moved(struct smd_conn *conn, void *arg)
{
	struct smd_session *session = arg;

	(void)conn;
	if (session->awaiting_answer) /* false: unrequested output after an answer */
		watch_deadline(session);
}

static void on_answer(struct smd_conn *conn, void *arg)
{
	struct smd_session *session = arg;

	smd_crash_point("receive", session->spec.device);
	session->awaiting_answer = 0;
	smd_timer_stop(session->loop, &session->timer);
	busy_end(session);
	session->stats.round_trips++;
	next_action(session, smd_conn_answer(conn));
}

static void on_lost(struct smd_conn *conn, void *arg, const struct smd_error *error)
{
	static const struct smd_answer lost = {.end = SMD_END_LOST, .status = -1};
	struct smd_session *session = arg;

	(void)conn;
	if (session->awaiting_answer) {
		deliver_end(session, SMD_END_LOST);
		return;
	}
	busy_end(session);
	drop_conn(session); /* if anything needs it, the next action connects */
	if (!session->connecting)
		return;
	smd_crash_point("lost", session->spec.device);
	session->connecting = 0;
	if (session->after_reconnect) {
		session->after_reconnect = 0;
		next_action(session, &lost);
		return;
	}
	session->job->error = *error;
	finish_job(session, error->code);
}

/*
 * The action needs a connection and there is none. Report END_LOST to the stage once; if it
 * goes on all the same, fail it.
 */
static void report_lost(struct smd_session *session)
{
	static const struct smd_answer lost = {.end = SMD_END_LOST, .status = -1};

	if (session->loss_reported) {
		smd_action_fail(&session->action, SMD_CLASS_UNKNOWN, "the connection is lost");
		stage_failed(session);
		return;
	}
	session->loss_reported = 1;
	next_action(session, &lost);
}

static void send_exchanges(struct smd_session *session)
{
	struct smd_error error;
	int err;

	if (!session->conn) {
		report_lost(session);
		return;
	}
	session->loss_reported = 0;
	busy_start(session);
	err = smd_conn_send(session->conn, session->action.exchanges,
			    session->action.exchange_count, &error);
	if (!err) {
		session->awaiting_answer = 1;
		watch_deadline(session);
		return;
	}
	busy_end(session);
	if (err != SMD_E_INVALID) { /* the connection cannot be used; not the driver's fault */
		deliver_end(session, SMD_END_LOST);
		return;
	}
	smd_action_fail(&session->action, SMD_CLASS_INVALID, "%s", error.message);
	stage_failed(session);
}

static int only_reads(const struct smd_action *action)
{
	for (size_t i = 0; i < action->exchange_count; i++)
		if (!(action->exchanges[i].flags & SMD_X_READS))
			return 0;
	return 1;
}

static void start_exchange(struct smd_session *session)
{
	struct smd_job *job = current_job(session);
	const struct smd_action *action = &session->action;

	if (only_reads(action)) {
		send_exchanges(session);
	} else if (job->recorder) {
		session->recording = 1;
		job->recorder->record(job->recorder, job, action->exchanges,
				      action->exchange_count);
	} else {
		smd_action_fail(&session->action, SMD_CLASS_INVALID,
				"the driver wants to send what can change the device in a stage "
				"that only reads");
		stage_failed(session);
	}
}

void smd_job_recorded(struct smd_job *job, int err, const struct smd_error *error)
{
	struct smd_session *session = job->session;

	session->recording = 0;
	if (session->given_up) {
		end_given_up(session);
		return;
	}
	if (!err) {
		send_exchanges(session);
		return;
	}
	job->error = *error;
	smd_error_prefix(&job->error, "nothing was sent, for it cannot be recorded");
	finish_job(session, err);
}

/* Stages */

static void connect_anew(struct smd_session *session)
{
	if (session->attaching) {
		smd_action_fail(&session->action, SMD_CLASS_INVALID,
				"attach is run on every new connection and cannot ask for one");
		stage_failed(session);
		return;
	}
	drop_conn(session);
	session->after_reconnect = 1;
	connect_device(session);
}

static int is_cut(const struct smd_text *text)
{
	return text && text->cut;
}

/* What a stage gives is whole, whether or not the driver has looked at each line it added. */
static void stage_done(struct smd_session *session)
{
	struct smd_job *job = current_job(session);
	int err = 0;

	if (session->attaching) {
		smd_run_core_done(&session->attach.core);
		attach_over(session);
		return;
	}
	if (is_cut(job->run.result) || is_cut(job->run.covered))
		err = smd_fail(&job->error, SMD_E_NO_MEMORY, "no memory for what the device tells");
	finish_job(session, err);
}

/*
 * End the job because attach failed. Attach changes nothing, so UNKNOWN becomes
 * SMD_E_UNREACHABLE.
 */
static void fail_attach(struct smd_session *session)
{
	enum smd_class reason = session->action.reason;
	int err = reason == SMD_CLASS_UNKNOWN ? SMD_E_UNREACHABLE : err_of(reason);

	smd_run_core_done(&session->attach.core);
	session->attaching = 0;
	drop_conn(session);
	session->job->reason = reason == SMD_CLASS_UNKNOWN ? SMD_CLASS_NONE : reason;
	smd_fail(&session->job->error, err, "the session cannot be used: %s",
		 session->action.message);
	finish_job(session, err);
}

static void stage_failed(struct smd_session *session)
{
	if (session->attaching)
		fail_attach(session);
	else
		fail_stage(session);
}

/* Pass the answer to the stage and carry out the action that it returns. */
static void next_action(struct smd_session *session, const struct smd_answer *answer)
{
	struct smd_job *job = current_job(session);

	smd_run_core_reset(&job->core);
	memset(&session->action, 0, sizeof(session->action));
	job->next(&job->run, answer, &session->action);
	switch (session->action.act) {
	case SMD_ACT_EXCHANGE:
		start_exchange(session);
		break;
	case SMD_ACT_RECONNECT:
		connect_anew(session);
		break;
	case SMD_ACT_WAIT:
		smd_timer_start(session->loop, &session->timer, session->action.wait);
		break;
	case SMD_ACT_DONE:
		stage_done(session);
		break;
	case SMD_ACT_PUT:
	case SMD_ACT_GET:
		smd_action_fail(&session->action, SMD_CLASS_INVALID,
				"channel \"%s\" cannot transfer files",
				session->spec.profile->channel);
		stage_failed(session);
		break;
	case SMD_ACT_FAIL:
		stage_failed(session);
		break;
	default:
		smd_action_fail(&session->action, SMD_CLASS_INVALID,
				"the driver asks for action %d, which there is not",
				(int)session->action.act);
		stage_failed(session);
		break;
	}
}

/* Called by other threads */

int smd_session_new(struct smd_loop *loop, const struct smd_session_spec *spec,
		    struct smd_session **out, struct smd_error *error)
{
	struct smd_session *session = calloc(1, sizeof(*session));

	if (!session)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	session->loop = loop;
	session->spec = *spec;
	session->timer = (struct smd_timer){.function = on_timer, .arg = session};
	*out = session;
	return 0;
}

static void on_close(void *arg)
{
	struct smd_session *session = arg;

	drop_conn(session);
	smd_timer_stop(session->loop, &session->timer);
	smd_latch_post(&session->closed);
}

void smd_session_close(struct smd_session *session, struct smd_session_stats *stats)
{
	struct smd_message message = {.function = on_close, .arg = session};

	if (!session)
		return;
	smd_latch_init(&session->closed, smd_loop_clock(session->loop));
	smd_loop_post(session->loop, &message);
	smd_latch_wait(&session->closed);
	smd_latch_done(&session->closed);
	if (stats)
		*stats = session->stats;
	free(session);
}

struct smd_loop *smd_session_loop(struct smd_session *session)
{
	return session->loop;
}

void smd_single_next(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	struct smd_single *single = run->state;

	if (answer->end == SMD_END_START) {
		*action = single->action;
		return;
	}
	single->on_answer(single, answer);
	action->act = SMD_ACT_DONE;
}
