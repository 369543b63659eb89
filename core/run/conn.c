/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/conn.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/cleanup.h"
#include "core/base/crash_point.h"
#include "core/run/connector.h"

#define PATIENCE 20000 /* milliseconds, if spec->patience is 0 */
#define OUTPUT_LIMIT ((size_t)64 << 20)
#define RETRY_LEAST 50 /* milliseconds; bounds of the pause before another attempt */
#define RETRY_MOST 1000

struct smd_conn {
	struct smd_loop *loop;
	const struct smd_session_spec *spec;
	const struct smd_conn_events *events;
	void *arg;

	struct smd_attempt attempt;
	struct smd_connect_slot slot;
	struct smd_timer patience, again, alarm; /* `again`: begin, or try again, to connect */
	uv_poll_t *poll; /* watches the socket; freed in libuv's close callback */
	int socket;
	int up, sent; /* logged in; something is outstanding */
	unsigned attempts;
	uint64_t began, came_up, received;

	void *channel; /* once it exists, it owns the socket */
	void *protocol;
	struct smd_channel_sink sink;
	struct smd_wire wire;
	struct smd_reply reply;
	size_t outstanding; /* index of the exchange that was last reported as outstanding */
	int answered;
	int failed; /* set when the protocol fails while the channel is calling it */
	struct smd_error error;
};

static void pump(struct smd_conn *conn);

/*
 * Nobody waits for what was sent any more: what the kernel still has of it is dropped, and not
 * sent for minutes to a device that does not answer.
 */
static void drop_unsent(const struct smd_conn *conn)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	setsockopt(conn->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle);
}

static void close_transport(struct smd_conn *conn)
{
	smd_timer_stop(conn->loop, &conn->alarm);
	conn->spec->connector->cancel(conn->spec->connector, &conn->attempt);
	if (conn->poll) {
		uv_poll_stop(conn->poll);
		uv_close((uv_handle_t *)conn->poll, on_poll_closed);
		conn->poll = NULL;
	}
	if (conn->protocol)
		conn->spec->protocol->close(conn->protocol);
	conn->protocol = NULL;
	if (conn->sent)
		drop_unsent(conn);
	conn->sent = 0;
	if (conn->channel)
		conn->spec->channel->close(conn->channel);
	else if (conn->socket >= 0)
		close(conn->socket);
	conn->channel = NULL;
	conn->socket = -1;
	smd_connect_slot_release(conn->loop, &conn->slot);
}

void smd_conn_free(struct smd_conn *conn)
{
	if (!conn)
		return;
	smd_timer_stop(conn->loop, &conn->patience);
	smd_timer_stop(conn->loop, &conn->again);
	close_transport(conn);
	smd_text_free(conn->reply.out);
	smd_text_free(conn->reply.err);
	free(conn->reply.first);
	free(conn);
}

/* Failing */

static void report_loss(struct smd_conn *conn)
{
	struct smd_error error = conn->error;

	if (!error.code) /* whoever had no memory need not have said so */
		smd_fail(&error, SMD_E_UNREACHABLE, "the connection has failed");
	conn->events->lost(conn, conn->arg, &error);
}

static void on_patience(void *arg)
{
	struct smd_conn *conn = arg;

	smd_fail(&conn->error, SMD_E_UNREACHABLE, "%s port %u does not let us in within %u s",
		 conn->spec->target.host, conn->spec->target.port,
		 (conn->spec->patience ? conn->spec->patience : PATIENCE) / 1000);
	smd_error_hint(&conn->error, "is the device up, and its SSH server not overloaded?");
	report_loss(conn);
}

/*
 * The server refused because of too many logins at once. Try again later, after a random pause
 * so that sessions do not all return at the same moment.
 */
static void retry_later(struct smd_conn *conn)
{
	unsigned most = RETRY_LEAST << (conn->attempts < 5 ? conn->attempts : 5);
	unsigned jitter;

	close_transport(conn);
	conn->attempts++;
	uv_random(NULL, NULL, &jitter, sizeof(jitter), 0, NULL);
	smd_timer_start(conn->loop, &conn->again,
			RETRY_LEAST + jitter % (most < RETRY_MOST ? most : RETRY_MOST));
}

/* Protocol */

static void note_progress(struct smd_conn *conn, int progress)
{
	if (progress < 0)
		conn->failed = 1;
	else if (progress == SMD_PROGRESS_DONE)
		conn->answered = 1;
}

static int wire_open(struct smd_wire *wire, enum smd_stream_kind kind, const char *command)
{
	struct smd_conn *conn = (struct smd_conn *)((char *)wire - offsetof(struct smd_conn, wire));
	int stream = conn->spec->channel->stream_open(conn->channel, kind, command, &conn->error);

	if (stream < 0)
		conn->failed = 1;
	return stream;
}

static void wire_write(struct smd_wire *wire, int stream, const char *bytes, size_t size)
{
	struct smd_conn *conn = (struct smd_conn *)((char *)wire - offsetof(struct smd_conn, wire));

	if (conn->spec->channel->stream_write(conn->channel, stream, bytes, size)) {
		smd_fail(&conn->error, SMD_E_UNREACHABLE, "cannot write to the session");
		conn->failed = 1;
	}
}

static void wire_finish(struct smd_wire *wire, int stream)
{
	struct smd_conn *conn = (struct smd_conn *)((char *)wire - offsetof(struct smd_conn, wire));

	conn->spec->channel->stream_finish(conn->channel, stream);
}

static void wire_close(struct smd_wire *wire, int stream)
{
	struct smd_conn *conn = (struct smd_conn *)((char *)wire - offsetof(struct smd_conn, wire));

	conn->spec->channel->stream_close(conn->channel, stream);
}

static int reset_reply(struct smd_conn *conn, size_t count)
{
	size_t *first = reallocarray(conn->reply.first, count + 2, sizeof(*first));

	if (!first)
		return SMD_E_NO_MEMORY;
	memset(first, 0, (count + 2) * sizeof(*first));
	conn->reply.first = first;
	smd_text_clear(conn->reply.out);
	smd_text_clear(conn->reply.err);
	conn->reply.answer = (struct smd_answer){.status = -1,
						 .out = conn->reply.out,
						 .err = conn->reply.err,
						 .first = conn->reply.first};
	return 0;
}

/* The channel has logged in: begin the protocol. */
static void on_ready(struct smd_conn *conn)
{
	const struct smd_session_spec *spec = conn->spec;
	int err;

	smd_connect_slot_release(conn->loop, &conn->slot);
	if (spec->target.learn) {
		conn->answered = 1;
		return;
	}
	err = spec->protocol->open(spec->profile, spec->settings, &conn->wire, &conn->protocol,
				   &conn->error);
	if (!err)
		err = reset_reply(conn, 0);
	if (!err)
		err = spec->protocol->begin(conn->protocol, NULL, 0, &conn->reply, &conn->error);
	note_progress(conn, err);
}

static void on_channel(struct smd_channel_sink *sink, enum smd_channel_event event, int stream,
		       const char *bytes, size_t size, int number)
{
	struct smd_conn *conn = (struct smd_conn *)((char *)sink - offsetof(struct smd_conn, sink));

	if (event == SMD_CHANNEL_READY) {
		on_ready(conn);
		return;
	}
	conn->received += size;
	if (conn->protocol && !conn->failed)
		note_progress(conn, conn->spec->protocol->event(conn->protocol, event, stream,
								bytes, size, number, &conn->error));
}

/* Turning */

static void on_alarm(void *arg)
{
	pump(arg);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct smd_conn *conn = poll->data;
	struct smd_clock *clock = smd_loop_clock(conn->loop);

	(void)status; /* the channel reads the socket's error itself */
	(void)events;
	smd_clock_hold(clock);
	pump(conn);
	smd_clock_release(clock);
}

static void wait_for(struct smd_conn *conn, const struct smd_channel_wants *wants)
{
	int events = (wants->readable ? UV_READABLE : 0) | (wants->writable ? UV_WRITABLE : 0);

	if (events)
		uv_poll_start(conn->poll, events, on_poll);
	else
		uv_poll_stop(conn->poll);
	if (wants->alarm)
		smd_timer_start(conn->loop, &conn->alarm, wants->alarm);
	else
		smd_timer_stop(conn->loop, &conn->alarm);
}

static void report_answer(struct smd_conn *conn)
{
	conn->answered = conn->sent = 0;
	if (conn->up) {
		conn->events->answer(conn, conn->arg);
		return;
	}
	if (conn->protocol && conn->reply.answer.end != SMD_END_DONE) {
		smd_fail(&conn->error, SMD_E_UNREACHABLE, "no prompt came that this driver knows");
		report_loss(conn);
		return;
	}
	conn->up = 1;
	conn->came_up = uv_hrtime();
	smd_timer_stop(conn->loop, &conn->patience);
	conn->events->up(conn, conn->arg);
}

static void report_move(struct smd_conn *conn)
{
	size_t index = smd_conn_outstanding(conn);

	if (index == conn->outstanding)
		return;
	conn->outstanding = index;
	conn->events->moved(conn, conn->arg);
}

/*
 * Let the channel do all that is possible now. Event callbacks come last, because they may free
 * the connection.
 */
static void pump(struct smd_conn *conn)
{
	struct smd_channel_wants wants = {0};
	int err = conn->spec->channel->turn(conn->channel, &wants, &conn->error);

	if (err == SMD_E_BUSY && !conn->up) {
		retry_later(conn);
		return;
	}
	if (err || conn->failed) {
		report_loss(conn);
		return;
	}
	wait_for(conn, &wants);
	if (conn->answered)
		report_answer(conn);
	else if (conn->up)
		report_move(conn);
}

/* Connecting */

static int watch_socket(struct smd_conn *conn)
{
	conn->poll = malloc(sizeof(*conn->poll));
	if (!conn->poll)
		return smd_fail(&conn->error, SMD_E_NO_MEMORY, "out of memory");
	if (uv_poll_init(smd_loop_uv(conn->loop), conn->poll, conn->socket)) {
		free(smd_take(conn->poll));
		return smd_fail(&conn->error, SMD_E_IO, "cannot watch a socket");
	}
	conn->poll->data = conn;
	return 0;
}

static void on_connected(struct smd_attempt *attempt, int socket)
{
	struct smd_conn *conn = attempt->arg;
	int err;

	conn->socket = socket;
	conn->sink.event = on_channel;
	err = watch_socket(conn);
	if (!err)
		err = conn->spec->channel->open(&conn->spec->target, conn->socket, &conn->sink,
						&conn->channel, &conn->error);
	if (!err) {
		pump(conn);
		return;
	}
	conn->channel = NULL;
	report_loss(conn);
}

static void on_failed(struct smd_attempt *attempt, const struct smd_error *error)
{
	struct smd_conn *conn = attempt->arg;

	conn->error = *error;
	report_loss(conn);
}

static void on_granted(void *arg)
{
	struct smd_conn *conn = arg;

	conn->spec->connector->connect(conn->spec->connector, &conn->attempt);
}

static void on_found(struct smd_attempt *attempt)
{
	struct smd_conn *conn = attempt->arg;

	conn->slot = (struct smd_connect_slot){
		.address = conn->spec->target.host, .granted = on_granted, .arg = conn};
	smd_connect_slot_acquire(conn->loop, &conn->slot);
}

/* Names are resolved before a slot is held, so that slow ones do not delay other devices. */
static void start_connecting(void *arg)
{
	struct smd_conn *conn = arg;
	struct smd_connector *connector = conn->spec->connector;

	conn->attempt = (struct smd_attempt){
		.loop = conn->loop,
		.host = conn->spec->target.host,
		.port = conn->spec->target.port,
		.found = on_found,
		.connected = on_connected,
		.failed = on_failed,
		.arg = conn,
	};
	if (connector->find)
		connector->find(connector, &conn->attempt);
	else
		on_found(&conn->attempt);
}

int smd_conn_new(struct smd_loop *loop, const struct smd_session_spec *spec,
		 const struct smd_conn_events *events, void *arg, struct smd_conn **out,
		 struct smd_error *error)
{
	struct smd_conn *conn = calloc(1, sizeof(*conn));
	size_t limit = spec->profile && spec->profile->limit ? spec->profile->limit : OUTPUT_LIMIT;

	if (!conn || smd_text_new(&conn->reply.out, limit) ||
	    smd_text_new(&conn->reply.err, limit)) {
		if (conn)
			smd_text_free(conn->reply.out);
		free(conn);
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	}
	conn->loop = loop;
	conn->spec = spec;
	conn->events = events;
	conn->arg = arg;
	conn->socket = -1;
	conn->began = uv_hrtime();
	conn->wire = (struct smd_wire){wire_open, wire_write, wire_finish, wire_close};
	conn->patience = (struct smd_timer){.function = on_patience, .arg = conn};
	conn->again = (struct smd_timer){.function = start_connecting, .arg = conn};
	conn->alarm = (struct smd_timer){.function = on_alarm, .arg = conn};
	smd_timer_start(loop, &conn->patience, spec->patience ? spec->patience : PATIENCE);
	smd_timer_start(loop, &conn->again, 0);
	*out = conn;
	return 0;
}

/* Sending */

int smd_conn_send(struct smd_conn *conn, const struct smd_exchange *exchanges, size_t count,
		  struct smd_error *error)
{
	int err = reset_reply(conn, count);

	if (err)
		return smd_fail(error, err, "out of memory");
	smd_crash_point("send", conn->spec->device);
	err = conn->spec->protocol->begin(conn->protocol, exchanges, count, &conn->reply, error);
	if (err < 0)
		return err;
	conn->sent = 1;
	note_progress(conn, err);
	conn->outstanding = smd_conn_outstanding(conn);
	smd_timer_start(conn->loop, &conn->alarm, 0); /* pump is called in the loop's next turn */
	return 0;
}

const struct smd_answer *smd_conn_answer(const struct smd_conn *conn)
{
	return &conn->reply.answer;
}

size_t smd_conn_outstanding(const struct smd_conn *conn)
{
	return conn->protocol ? conn->spec->protocol->outstanding(conn->protocol) : 0;
}

uint64_t smd_conn_connect_time(const struct smd_conn *conn)
{
	return (conn->came_up - conn->began) / 1000;
}

uint64_t smd_conn_received(const struct smd_conn *conn)
{
	return conn->received;
}

size_t smd_conn_peer_key(struct smd_conn *conn, char *line, size_t size)
{
	return conn->spec->channel->peer_key(conn->channel, line, size);
}

size_t smd_conn_peer_fingerprint(struct smd_conn *conn, char *text, size_t size)
{
	return conn->spec->channel->peer_fingerprint(conn->channel, text, size);
}
