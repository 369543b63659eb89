/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "ssh.h"

#define BLOCK 16384
#define QUEUE_LIMIT ((size_t)64 * 1024 * 1024) /* maximum bytes of a stream's queue */

#define COLUMNS 511
#define ROWS 24

/* Bytes waiting to be sent. Blocks do not move, because libssh may keep a pointer to them. */
struct block {
	struct block *next;
	size_t from, to;
	char bytes[BLOCK];
};

enum state { OPENING, TERMINAL, STARTING, RUNNING, CLOSING, GONE };

/*
 * told_*                 The event was reported to the sink.
 * finish, finished       End of input is to be sent after the queue; it was sent.
 * peer_eof, peer_closed  The peer sends no more output; it has closed the channel.
 * abandoned              The caller has closed the stream or was told CLOSED: no more events.
 * bound                  The peer has accepted the channel.
 * again                  The peer has refused the channel once.
 */
struct smd_ssh_stream {
	struct smd_ssh_stream *next;
	struct smd_ssh *ssh;
	int number;
	enum smd_stream_kind kind;
	char *command;
	enum state state;
	ssh_channel channel;
	struct ssh_channel_callbacks_struct callbacks;
	struct block *first, *last;
	size_t queued;
	unsigned told_open : 1, told_status : 1, finish : 1, finished : 1;
	unsigned peer_eof : 1, peer_closed : 1, abandoned : 1, bound : 1, again : 1;
};

/* The queue */

static void drop_first(struct smd_ssh_stream *stream)
{
	struct block *block = stream->first;

	stream->first = block->next;
	if (!stream->first)
		stream->last = NULL;
	stream->queued -= block->to - block->from;
	explicit_bzero(block->bytes, block->to); /* may contain a password */
	free(block);
}

static void drop_queue(struct smd_ssh_stream *stream)
{
	while (stream->first)
		drop_first(stream);
}

static struct block *room(struct smd_ssh_stream *stream)
{
	struct block *block = stream->last;

	if (block && block->to < BLOCK)
		return block;
	block = malloc(sizeof(*block));
	if (!block)
		return NULL;
	block->next = NULL;
	block->from = block->to = 0;
	if (stream->last)
		stream->last->next = block;
	else
		stream->first = block;
	stream->last = block;
	return block;
}

static int enqueue(struct smd_ssh_stream *stream, const char *bytes, size_t size)
{
	if (size > QUEUE_LIMIT || stream->queued > QUEUE_LIMIT - size)
		return SMD_E_NO_MEMORY;
	while (size) {
		struct block *block = room(stream);
		size_t part;

		if (!block)
			return SMD_E_NO_MEMORY;
		part = BLOCK - block->to < size ? BLOCK - block->to : size;
		memcpy(block->bytes + block->to, bytes, part);
		block->to += part;
		stream->queued += part;
		bytes += part;
		size -= part;
	}
	return 0;
}

/* Events */

static void emit(struct smd_ssh_stream *stream, enum smd_channel_event event, const char *bytes,
		 size_t size, int number)
{
	if (!stream->abandoned)
		smd_ssh_emit(stream->ssh, event, stream->number, bytes, size, number);
}

static void tell_open(struct smd_ssh_stream *stream)
{
	if (stream->told_open)
		return;
	stream->told_open = 1;
	emit(stream, SMD_CHANNEL_OPENED, NULL, 0, 0);
}

static void tell_closed(struct smd_ssh_stream *stream, const char *why)
{
	emit(stream, SMD_CHANNEL_CLOSED, why, why ? strlen(why) : 0, 0);
	stream->abandoned = 1;
}

static void tell_status(struct smd_ssh_stream *stream, int status)
{
	if (stream->told_status)
		return;
	tell_open(stream);
	stream->told_status = 1;
	emit(stream, SMD_CHANNEL_STATUS, NULL, 0, status);
}

static int ended(const struct smd_ssh_stream *stream)
{
	return stream->peer_closed || (stream->peer_eof && stream->told_status);
}

static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t size,
		   int is_stderr, void *user)
{
	struct smd_ssh_stream *stream = user;

	(void)session;
	(void)channel;
	tell_open(stream); /* its confirmation may be in the same packet */
	if (size)
		emit(stream, is_stderr ? SMD_CHANNEL_ERR : SMD_CHANNEL_OUT, data, size, 0);
	return (int)size;
}

static void on_eof(ssh_session session, ssh_channel channel, void *user)
{
	struct smd_ssh_stream *stream = user;

	(void)session;
	(void)channel;
	stream->peer_eof = 1;
}

static void on_close(ssh_session session, ssh_channel channel, void *user)
{
	struct smd_ssh_stream *stream = user;

	(void)session;
	(void)channel;
	stream->peer_closed = 1;
}

static void on_status(ssh_session session, ssh_channel channel, int status, void *user)
{
	(void)session;
	(void)channel;
	tell_status(user, status);
}

static void on_signal(ssh_session session, ssh_channel channel, const char *signal, int core,
		      const char *message, const char *language, void *user)
{
	(void)session;
	(void)channel;
	(void)signal;
	(void)core;
	(void)message;
	(void)language;
	tell_status(user, -1);
}

static int attach(struct smd_ssh_stream *stream)
{
	stream->channel = ssh_channel_new(stream->ssh->session);
	return stream->channel ? ssh_set_channel_callbacks(stream->channel, &stream->callbacks)
			       : SSH_ERROR;
}

static void detach(struct smd_ssh_stream *stream)
{
	ssh_remove_channel_callbacks(stream->channel, &stream->callbacks);
	ssh_channel_free(stream->channel);
	stream->channel = NULL;
}

/* Progress of a stream. Each function returns 1 if anything has changed. */

static int refuse(struct smd_ssh_stream *stream, const char *why)
{
	tell_closed(stream, why);
	stream->state = CLOSING;
	return 1;
}

static int step(struct smd_ssh_stream *stream, int got, enum state next)
{
	/* If the peer closes without answering a request, the request stays pending in libssh. */
	if (got == SSH_AGAIN)
		return stream->peer_closed ? refuse(stream, "closed by the device") : 0;
	if (got != SSH_OK)
		return refuse(stream, ssh_get_error(stream->ssh->session));
	stream->bound = 1;
	stream->state = stream->abandoned ? CLOSING : next;
	if (stream->state == RUNNING)
		tell_open(stream);
	return 1;
}

/*
 * Open the channel; try a second time if it is refused. A server with a limit on channels still
 * counts one whose close message arrives just before the request. At the second try it has
 * processed that.
 */
static int open_channel(struct smd_ssh_stream *stream)
{
	int got = ssh_channel_open_session(stream->channel);

	if (got != SSH_ERROR || stream->again || smd_ssh_dead(stream->ssh))
		return got;
	stream->again = 1;
	detach(stream);
	if (attach(stream))
		return SSH_ERROR;
	return ssh_channel_open_session(stream->channel);
}

static int request_start(struct smd_ssh_stream *stream)
{
	if (stream->kind == SMD_STREAM_SUBSYSTEM)
		return ssh_channel_request_subsystem(stream->channel, stream->command);
	if (stream->command)
		return ssh_channel_request_exec(stream->channel, stream->command);
	return ssh_channel_request_shell(stream->channel);
}

static int send_queue(struct smd_ssh_stream *stream)
{
	int moved = 0;

	while (stream->first) {
		struct block *block = stream->first;
		int sent;

		/*
		 * libssh buffers what it cannot send yet, without a limit; so give it nothing
		 * more.
		 */
		if (ssh_get_status(stream->ssh->session) & SSH_WRITE_PENDING)
			break;
		sent = ssh_channel_write(stream->channel, block->bytes + block->from,
					 (uint32_t)(block->to - block->from));
		if (sent < 0)
			drop_queue(stream); /* the peer does not read any more */
		if (sent <= 0)
			break;
		moved = 1;
		block->from += (size_t)sent;
		stream->queued -= (size_t)sent;
		if (block->from == block->to)
			drop_first(stream);
	}
	return moved;
}

static int serve_stream(struct smd_ssh_stream *stream)
{
	int moved;

	if (ended(stream) || stream->abandoned) {
		drop_queue(stream);
		tell_closed(stream, NULL);
		stream->state = CLOSING;
		return 1;
	}
	moved = send_queue(stream);
	/* Some servers wait for the client's EOF after their own. */
	if (stream->peer_eof)
		drop_queue(stream);
	if ((stream->finish || stream->peer_eof) && !stream->first && !stream->finished) {
		stream->finished = 1;
		ssh_channel_send_eof(stream->channel);
		moved = 1;
	}
	return moved;
}

static int shut(struct smd_ssh_stream *stream)
{
	/* ssh_channel_free() alone would forget the channel before its close message is sent. */
	if (stream->bound && ssh_channel_close(stream->channel) == SSH_AGAIN)
		return 0;
	detach(stream);
	stream->state = GONE;
	return 1;
}

static int advance(struct smd_ssh_stream *stream)
{
	ssh_channel channel = stream->channel;

	switch (stream->state) {
	case OPENING:
		return step(stream, open_channel(stream),
			    stream->kind == SMD_STREAM_SHELL ? TERMINAL : STARTING);
	case TERMINAL:
		return step(stream, ssh_channel_request_pty_size(channel, "dumb", COLUMNS, ROWS),
			    STARTING);
	case STARTING:
		return step(stream, request_start(stream), RUNNING);
	case RUNNING:
		return serve_stream(stream);
	case CLOSING:
		return shut(stream);
	default:
		return 0;
	}
}

static void free_stream(struct smd_ssh_stream *stream)
{
	drop_queue(stream);
	free(stream->command);
	free(stream);
}

static void sweep(struct smd_ssh *ssh)
{
	struct smd_ssh_stream **place = &ssh->streams;

	while (*place) {
		struct smd_ssh_stream *stream = *place;

		if (stream->state == GONE) {
			*place = stream->next;
			free_stream(stream);
		} else {
			place = &stream->next;
		}
	}
}

int smd_ssh_streams_turn(struct smd_ssh *ssh)
{
	int moved = 0;

	/* Streams that the sink opens meanwhile are added at the end of the list. */
	for (struct smd_ssh_stream *stream = ssh->streams; stream; stream = stream->next)
		moved |= advance(stream);
	sweep(ssh);
	return moved;
}

void smd_ssh_streams_tell(struct smd_ssh *ssh)
{
	for (struct smd_ssh_stream *stream = ssh->streams; stream; stream = stream->next)
		if (ended(stream))
			tell_closed(stream, NULL);
}

void smd_ssh_streams_free(struct smd_ssh *ssh)
{
	while (ssh->streams) {
		struct smd_ssh_stream *stream = ssh->streams;

		ssh->streams = stream->next;
		free_stream(stream);
	}
}

/* Functions that the caller calls */

static int check_kind(enum smd_stream_kind kind, const char *command, struct smd_error *error)
{
	if (kind != SMD_STREAM_SHELL && kind != SMD_STREAM_EXEC && kind != SMD_STREAM_SUBSYSTEM)
		return smd_fail(error, SMD_E_INVALID, "no such kind of stream: %d", (int)kind);
	if (kind != SMD_STREAM_SHELL && !command)
		return smd_fail(error, SMD_E_INVALID, "a stream needs a command or a subsystem");
	return 0;
}

static struct smd_ssh_stream *make_stream(struct smd_ssh *ssh, enum smd_stream_kind kind,
					  const char *command)
{
	struct smd_ssh_stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->ssh = ssh;
	stream->kind = kind;
	stream->command = command ? strdup(command) : NULL;
	stream->callbacks = (struct ssh_channel_callbacks_struct){
		.size = sizeof(stream->callbacks),
		.userdata = stream,
		.channel_data_function = on_data,
		.channel_eof_function = on_eof,
		.channel_close_function = on_close,
		.channel_exit_status_function = on_status,
		.channel_exit_signal_function = on_signal,
	};
	if ((command && !stream->command) || attach(stream)) {
		ssh_channel_free(stream->channel);
		free_stream(stream);
		return NULL;
	}
	return stream;
}

int smd_ssh_stream_open(void *connection, enum smd_stream_kind kind, const char *command,
			struct smd_error *error)
{
	struct smd_ssh *ssh = connection;
	struct smd_ssh_stream **place = &ssh->streams;
	struct smd_ssh_stream *stream;
	int err = check_kind(kind, command, error);

	if (err)
		return err;
	if (ssh->stage != SMD_SSH_READY || ssh->last_number == INT32_MAX) {
		smd_fail(error, SMD_E_INVALID, "a stream cannot be opened now");
		smd_ssh_prefix(ssh, error);
		return SMD_E_INVALID;
	}
	stream = make_stream(ssh, kind, command);
	if (!stream)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	while (*place)
		place = &(*place)->next;
	*place = stream;
	stream->number = ++ssh->last_number;
	return stream->number;
}

static struct smd_ssh_stream *find_stream(struct smd_ssh *ssh, int number)
{
	for (struct smd_ssh_stream *stream = ssh->streams; stream; stream = stream->next)
		if (stream->number == number && !stream->abandoned)
			return stream;
	return NULL;
}

int smd_ssh_stream_write(void *connection, int number, const char *bytes, size_t size)
{
	struct smd_ssh_stream *stream = find_stream(connection, number);

	if (!stream)
		return SMD_E_NOT_FOUND;
	if (stream->finish)
		return SMD_E_INVALID;
	return enqueue(stream, bytes, size);
}

int smd_ssh_stream_finish(void *connection, int number)
{
	struct smd_ssh_stream *stream = find_stream(connection, number);

	if (!stream)
		return SMD_E_NOT_FOUND;
	stream->finish = 1;
	return 0;
}

void smd_ssh_stream_close(void *connection, int number)
{
	struct smd_ssh_stream *stream = find_stream(connection, number);

	if (stream)
		stream->abandoned = 1;
}
