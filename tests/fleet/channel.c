/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channel "fleet": bytes go to the device of the target's name or address in the fleet that
 * is in use. Its socket is never read nor written. What is written acts in the next turn; the
 * answer is delivered when the device's latency is over.
 */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum link_state { LINK_NEW, LINK_LOGIN, LINK_UP };

/*
 * waits     `reply` is outstanding.
 * opened    The stream's number; `told`: the protocol knows that it is open.
 * out       What has been written and has not acted yet.
 */
struct link {
	struct fleet *fleet;
	struct device *device;
	struct smd_channel_sink *sink;
	int socket;
	enum link_state state;
	int learn;
	char user[DEVICE_USER], host[DEVICE_NAME];
	uint32_t session;
	int opened, told;
	int waits;
	struct device_reply reply;
	size_t out_size;
	char out[4 * DEVICE_COMMAND];
};

static int link_open(const struct smd_channel_target *target, int socket,
		     struct smd_channel_sink *sink, void **connection, struct smd_error *error)
{
	struct fleet *fleet = fleet_in_use();
	struct device *device = fleet ? fleet_device(fleet, target->name) : NULL;
	struct link *link;

	if (fleet && !device)
		device = fleet_device(fleet, target->host);
	if (!device)
		return smd_fail(error, SMD_E_UNREACHABLE, "there is no device '%s'", target->name);
	link = calloc(1, sizeof(*link));
	if (!link)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	link->fleet = fleet;
	link->device = device;
	link->sink = sink;
	link->socket = socket;
	link->learn = target->learn;
	snprintf(link->user, sizeof(link->user), "%s", target->user ? target->user : "");
	snprintf(link->host, sizeof(link->host), "%s", target->host);
	*connection = link;
	return 0;
}

static void tell(struct link *link, enum smd_channel_event event, const char *bytes, size_t size)
{
	link->sink->event(link->sink, event, event == SMD_CHANNEL_READY ? -1 : link->opened, bytes,
			  size, 0);
}

static void log_in(struct link *link)
{
	link->state = LINK_LOGIN;
	link->waits = 1;
	if (link->learn) {
		link->reply.end = REPLY_ANSWER;
		link->reply.at = fleet_now();
		return;
	}
	fleet_login(link->fleet, link->device, link->user, &link->reply);
	link->session = link->reply.session;
}

/* Give the device the next line, if it has answered the one before. */
static void send_line(struct link *link)
{
	char command[DEVICE_COMMAND];
	char *end = memchr(link->out, '\n', link->out_size);
	size_t length = end ? (size_t)(end - link->out) : 0;

	if (!end || link->waits)
		return;
	snprintf(command, sizeof(command), "%.*s", (int)length, link->out);
	link->out_size -= length + 1;
	memmove(link->out, end + 1, link->out_size);
	link->waits = 1;
	fleet_command(link->fleet, link->device, link->session, command, &link->reply);
}

/* The outstanding reply is due. */
static int take_reply(struct link *link, struct smd_error *error)
{
	if (link->reply.end == REPLY_LATE) {
		fleet_lock(link->fleet);
		device_collect(link->device, fleet_now(), link->reply.late, &link->reply);
		fleet_unlock(link->fleet);
		return 0;
	}
	link->waits = 0;
	if (link->reply.end == REPLY_LOST)
		return smd_fail(error, SMD_E_UNREACHABLE, "the device has gone");
	if (link->state == LINK_LOGIN) {
		link->state = LINK_UP;
		tell(link, SMD_CHANNEL_READY, NULL, 0);
		return 0;
	}
	fleet_lock(link->fleet);
	fleet_point(link->fleet, "answer", link->device->name);
	fleet_unlock(link->fleet);
	tell(link, SMD_CHANNEL_OUT, link->reply.text, link->reply.size);
	return 0;
}

static int is_due(const struct link *link)
{
	return link->waits && link->reply.end != REPLY_NONE && fleet_now() >= link->reply.at;
}

/* Until the reply is due; at least 1, as time may go on meanwhile. */
static uint32_t time_left(const struct link *link)
{
	uint64_t now = fleet_now();

	return link->reply.at > now ? (uint32_t)(link->reply.at - now) : 1;
}

static int link_turn(void *connection, struct smd_channel_wants *wants, struct smd_error *error)
{
	struct link *link = connection;
	int err = 0;

	if (link->state == LINK_NEW)
		log_in(link);
	do {
		if (is_due(link))
			err = take_reply(link, error);
		if (!err && link->state == LINK_UP && link->opened && !link->told) {
			link->told = 1;
			tell(link, SMD_CHANNEL_OPENED, NULL, 0);
		}
		if (!err && link->state == LINK_UP)
			send_line(link);
	} while (!err && is_due(link));
	if (err)
		return err;
	wants->readable = wants->writable = 0;
	wants->alarm = link->waits && link->reply.end != REPLY_NONE ? time_left(link) : 0;
	return 0;
}

static void log_out(struct link *link)
{
	if (!link->session)
		return;
	fleet_lock(link->fleet);
	device_logout(link->device, fleet_now(), link->session);
	fleet_unlock(link->fleet);
	link->session = 0;
}

static void link_close(void *connection)
{
	struct link *link = connection;

	if (!link)
		return;
	log_out(link);
	close(link->socket);
	free(link);
}

static int link_stream_open(void *connection, enum smd_stream_kind kind, const char *command,
			    struct smd_error *error)
{
	struct link *link = connection;

	(void)kind;
	(void)command;
	if (link->opened)
		return smd_fail(error, SMD_E_UNSUPPORTED, "one stream is open already");
	return link->opened = 1;
}

static int link_write(void *connection, int stream, const char *bytes, size_t size)
{
	struct link *link = connection;

	(void)stream;
	if (size > sizeof(link->out) - link->out_size)
		return SMD_E_NO_MEMORY;
	memcpy(link->out + link->out_size, bytes, size);
	link->out_size += size;
	return 0;
}

static int link_finish(void *connection, int stream)
{
	(void)connection;
	(void)stream;
	return 0;
}

/* The shell is the session. */
static void link_stream_close(void *connection, int stream)
{
	(void)stream;
	log_out(connection);
}

static size_t link_peer_key(void *connection, char *line, size_t size)
{
	const struct link *link = connection;

	return (size_t)snprintf(line, size, "%s ssh-ed25519 AAAA", link->host);
}

static size_t link_peer_fingerprint(void *connection, char *text, size_t size)
{
	(void)connection;
	return (size_t)snprintf(text, size, "SHA256:fleet");
}

const struct smd_channel fleet_channel = {
	.open = link_open,
	.turn = link_turn,
	.close = link_close,
	.stream_open = link_stream_open,
	.stream_write = link_write,
	.stream_finish = link_finish,
	.stream_close = link_stream_close,
	.peer_key = link_peer_key,
	.peer_fingerprint = link_peer_fingerprint,
};
