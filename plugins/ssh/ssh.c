/* SPDX-License-Identifier: Apache-2.0 */
#include "ssh.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <smartdeploy/plugin.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Maximum reads in a turn, 16 kB each, so that a turn takes a few milliseconds. */
#define READS 32

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void smd_ssh_emit(struct smd_ssh *ssh, enum smd_channel_event event, int stream, const char *bytes,
		  size_t size, int number)
{
	ssh->sink->event(ssh->sink, event, stream, bytes, size, number);
}

void smd_ssh_prefix(struct smd_ssh *ssh, struct smd_error *error)
{
	smd_error_prefix(error, "'%s' port %u", ssh->target->host, ssh->target->port);
}

/* Losing the connection */

int smd_ssh_dead(struct smd_ssh *ssh)
{
	return !ssh_is_connected(ssh->session) ||
	       ssh_get_status(ssh->session) & (SSH_CLOSED | SSH_CLOSED_ERROR);
}

static int hung_up(const struct smd_ssh *ssh)
{
	struct pollfd file = {.fd = ssh->socket, .events = POLLIN | POLLRDHUP};

	return poll(&file, 1, 0) > 0 && file.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

/*
 * Add to the message what a peer said that does not speak SSH: "Exceeded MaxStartups",
 * "HTTP/1.1 400 ...".
 */
static void quote_greeting(const struct smd_ssh *ssh, struct smd_error *error)
{
	int length = (int)strcspn(ssh->greeting, "\r\n");

	if (length && strncmp(ssh->greeting, "SSH-", 4) != 0)
		smd_error_hint(error, "it said '%.*s'", length, ssh->greeting);
}

static int lost_in_exchange(struct smd_ssh *ssh, const char *why, struct smd_error *error)
{
	int busy = hung_up(ssh) && !strstr(why, "kex error");

	if (busy) {
		smd_fail(error, SMD_E_BUSY, "hung up before the keys were exchanged");
		smd_error_hint(error, "it may limit how many log in at once; try again");
	} else {
		smd_fail(error, SMD_E_UNREACHABLE, "no exchange of keys: %s", why);
		smd_error_hint(error, "is it an SSH server, and one with algorithms of today?");
	}
	quote_greeting(ssh, error);
	return busy ? SMD_E_BUSY : SMD_E_UNREACHABLE;
}

static int lost_in_login(struct smd_ssh *ssh, const char *why, struct smd_error *error)
{
	char tried[128];

	if (ssh->way == SMD_SSH_NONE || !strstr(why, "SSH_MSG_DISCONNECT"))
		return smd_fail(error, SMD_E_UNREACHABLE, "lost while logging in: %s", why);
	smd_ssh_tried(ssh, tried, sizeof(tried));
	smd_fail(error, SMD_E_AUTH, "login as '%s' ended by the device: %s; tried %s",
		 ssh->target->user, why, tried);
	smd_error_hint(error, "an agent with many keys runs into the device's limit: name a key "
			      "file instead");
	return SMD_E_AUTH;
}

int smd_ssh_lost(struct smd_ssh *ssh, struct smd_error *error)
{
	const char *why = ssh_get_error(ssh->session);
	int err;

	if (ssh->stage == SMD_SSH_EXCHANGE)
		err = lost_in_exchange(ssh, why, error);
	else if (ssh->stage == SMD_SSH_LOGIN)
		err = lost_in_login(ssh, why, error);
	else
		err = smd_fail(error, SMD_E_UNREACHABLE, "connection lost: %s", why);
	smd_ssh_prefix(ssh, error);
	return err;
}

/* Opening */

/* A path with `%` and a leading `~` escaped, because libssh expands them. */
static char *literal_path(const char *path)
{
	char *out = malloc(2 * strlen(path) + 3);
	char *to = out;

	if (!out)
		return NULL;
	if (*path == '~') {
		*to++ = '.';
		*to++ = '/';
	}
	for (; *path; path++) {
		if (*path == '%')
			*to++ = '%';
		*to++ = *path;
	}
	*to = '\0';
	return out;
}

/*
 * libssh reads the file already while it connects, and would wait for the other end of a FIFO:
 * it does not get what is no regular file, and smd_ssh_trust tells of it.
 */
static int set_known_hosts(ssh_session session, const char *path)
{
	struct stat status;
	int other = !path || !*path || (!stat(path, &status) && !S_ISREG(status.st_mode));
	char *literal = literal_path(other ? "/dev/null" : path);
	int failed = !literal || ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, literal) ||
		     ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");

	free(literal);
	return failed;
}

/* Set all options that the user's or system's SSH configuration could change. */
static int set_options(struct smd_ssh *ssh)
{
	const struct smd_channel_target *target = ssh->target;
	unsigned port = target->port;
	int quiet = SSH_LOG_NONE;
	bool no = false;

	return ssh_options_set(ssh->session, SSH_OPTIONS_LOG_VERBOSITY, &quiet) ||
	       ssh_options_set(ssh->session, SSH_OPTIONS_PROCESS_CONFIG, &no) ||
	       ssh_options_set(ssh->session, SSH_OPTIONS_HOST, target->host) ||
	       ssh_options_set(ssh->session, SSH_OPTIONS_PORT, &port) ||
	       ssh_options_set(ssh->session, SSH_OPTIONS_USER, target->user) ||
	       ssh_options_set(ssh->session, SSH_OPTIONS_FD, &ssh->wire) ||
	       set_known_hosts(ssh->session, target->known_hosts);
}

/*
 * Refuse what the server requests of a client (forwardings, X11); libssh would keep it in a
 * list.
 */
static int refuse(ssh_session session, ssh_message message, void *data)
{
	(void)session;
	(void)message;
	(void)data;
	return 1;
}

static int check_target(const struct smd_channel_target *target, struct smd_error *error)
{
	if (!target->host || !*target->host || strchr(target->host, '@'))
		return smd_fail(error, SMD_E_INVALID, "'%s' is no host to connect to",
				target->host ? target->host : "");
	if (!target->port)
		return smd_fail(error, SMD_E_INVALID, "'%s': port 0", target->host);
	if (!target->learn && (!target->user || !*target->user)) {
		smd_fail(error, SMD_E_INVALID, "'%s': no user to log in as", target->host);
		smd_error_hint(error, "set the device's user in the inventory");
		return SMD_E_INVALID;
	}
	return 0;
}

static int make_session(struct smd_ssh *ssh, struct smd_error *error)
{
	int on = 1;

	ssh->session = ssh_new();
	if (!ssh->session)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	ssh->wire = fcntl(ssh->socket, F_DUPFD_CLOEXEC, 0);
	if (ssh->wire < 0)
		return smd_fail(error, SMD_E_IO, "'%s': no descriptor: %s", ssh->target->host,
				strerror(errno));
	if (set_options(ssh)) {
		smd_fail(error, SMD_E_INVALID, "%s", ssh_get_error(ssh->session));
		smd_ssh_prefix(ssh, error);
		return SMD_E_INVALID;
	}
	/* libssh sets this only on sockets that it opens itself. */
	setsockopt(ssh->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	ssh_set_blocking(ssh->session, 0);
	ssh_set_counters(ssh->session, &ssh->bytes, &ssh->packets);
	ssh_set_message_callback(ssh->session, refuse, NULL);
	return 0;
}

/* Free everything except the caller's socket. */
static void hang_up(struct smd_ssh *ssh)
{
	int wire = ssh->started ? -1 : ssh->wire;

	ssh_event_remove_session(ssh->event, ssh->session);
	ssh_event_free(ssh->event);
	if (ssh->session && ssh->stage != SMD_SSH_EXCHANGE && !smd_ssh_dead(ssh)) {
		/*
		 * ssh_disconnect() sends the message, but does not close a descriptor it was
		 * given.
		 */
		wire = ssh_get_fd(ssh->session);
		ssh_disconnect(ssh->session);
	}
	ssh_free(ssh->session);
	if (wire >= 0)
		close(wire);
	smd_ssh_streams_free(ssh);
	ssh_key_free(ssh->key);
	free(ssh);
}

static int ssh_open(const struct smd_channel_target *target, int socket,
		    struct smd_channel_sink *sink, void **connection, struct smd_error *error)
{
	struct smd_ssh *ssh;
	int err = check_target(target, error);

	if (err)
		return err;
	ssh = calloc(1, sizeof(*ssh));
	if (!ssh)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	ssh->target = target;
	ssh->sink = sink;
	ssh->socket = socket;
	ssh->wire = -1;
	ssh->keepalive = smd_settings_number(target->settings, "keepalive") * 1000;
	if (target->key_file && !target->learn)
		err = smd_ssh_load_key(target->key_file, &ssh->key, error);
	if (!err)
		err = make_session(ssh, error);
	if (err) {
		hang_up(ssh);
		return err;
	}
	*connection = ssh;
	return 0;
}

static void ssh_close(void *connection)
{
	struct smd_ssh *ssh = connection;
	int socket;

	if (!ssh)
		return;
	socket = ssh->socket;
	hang_up(ssh);
	close(socket);
}

/* Turning */

static void keep_greeting(struct smd_ssh *ssh)
{
	if (!ssh->greeting[0])
		(void)!recv(ssh->socket, ssh->greeting, sizeof(ssh->greeting) - 1,
			    MSG_PEEK | MSG_DONTWAIT);
}

/* An event is the only way to make libssh read without another request. */
static int make_event(struct smd_ssh *ssh, struct smd_error *error)
{
	ssh->event = ssh_event_new();
	if (!ssh->event || ssh_event_add_session(ssh->event, ssh->session))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	return 0;
}

static int exchange_keys(struct smd_ssh *ssh, struct smd_error *error)
{
	int done, err;

	keep_greeting(ssh);
	done = ssh_connect(ssh->session);
	ssh->started = 1;
	/* libssh makes the socket blocking once it is connected; large writes would then block. */
	fcntl(ssh->socket, F_SETFL, O_NONBLOCK);
	if (done == SSH_AGAIN)
		return 0;
	if (done != SSH_OK)
		return smd_ssh_lost(ssh, error);
	err = make_event(ssh, error);
	if (err)
		return err;
	if (ssh->target->learn) {
		ssh->stage = SMD_SSH_LEARNT;
		smd_ssh_emit(ssh, SMD_CHANNEL_READY, 0, NULL, 0, 0);
		return 0;
	}
	ssh->stage = SMD_SSH_LOGIN;
	return smd_ssh_trust(ssh, error);
}

/*
 * Serve the streams and read, until nothing is left to do. `*more`: the limit was reached
 * before.
 */
static int serve(struct smd_ssh *ssh, int *more, struct smd_error *error)
{
	for (int i = 0; i < READS; i++) {
		int moved = smd_ssh_streams_turn(ssh);
		int read = ssh_event_dopoll(ssh->event, 0);

		if (read == SSH_ERROR || smd_ssh_dead(ssh)) {
			smd_ssh_streams_tell(ssh);
			return smd_ssh_lost(ssh, error);
		}
		if (!moved && read == SSH_AGAIN)
			return 0;
	}
	*more = 1;
	return 0;
}

static void ask_keepalive(struct smd_ssh *ssh)
{
	uint64_t sent = ssh->packets.out_packets;

	/*
	 * The first call only collects the answer to an earlier keepalive, if there was one,
	 * and sends nothing.
	 */
	ssh_send_keepalive(ssh->session);
	if (ssh->packets.out_packets == sent)
		ssh_send_keepalive(ssh->session);
}

/*
 * Send a keepalive to a silent peer; fail if it does not answer. Sets the time of the next
 * check.
 */
static int watch(struct smd_ssh *ssh, uint32_t *alarm, struct smd_error *error)
{
	int64_t limit = ssh->keepalive;
	int64_t time = now();

	if (ssh->bytes.in_bytes != ssh->heard_bytes || !ssh->heard) {
		ssh->heard_bytes = ssh->bytes.in_bytes;
		ssh->heard = time;
		ssh->asked = 0;
	}
	if (ssh->stage != SMD_SSH_READY || !limit)
		return 0;
	if (ssh->asked && time - ssh->asked >= limit) {
		smd_fail(error, SMD_E_UNREACHABLE, "no answer for %u seconds",
			 (unsigned)((time - ssh->heard) / 1000));
		smd_ssh_prefix(ssh, error);
		return SMD_E_UNREACHABLE;
	}
	if (!ssh->asked && time - ssh->heard >= limit) {
		ssh->asked = time;
		ask_keepalive(ssh);
	}
	limit += (ssh->asked ? ssh->asked : ssh->heard) - time;
	*alarm = limit < 1 ? 1 : limit > UINT32_MAX ? UINT32_MAX : (uint32_t)limit;
	return 0;
}

static int ssh_turn(void *connection, struct smd_channel_wants *wants, struct smd_error *error)
{
	struct smd_ssh *ssh = connection;
	int more = 0, err = 0;

	*wants = (struct smd_channel_wants){0};
	if (ssh->stage == SMD_SSH_EXCHANGE)
		err = exchange_keys(ssh, error);
	if (!err && ssh->stage == SMD_SSH_LOGIN)
		err = smd_ssh_login(ssh, error);
	if (!err && ssh->stage == SMD_SSH_READY)
		err = serve(ssh, &more, error);
	if (!err)
		err = watch(ssh, &wants->alarm, error);
	if (err || ssh->stage == SMD_SSH_LEARNT)
		return err;
	wants->readable = 1;
	/* If only input is waited for, a connection stalls after a renewal of the keys. */
	wants->writable = more || ssh_get_poll_flags(ssh->session) & SSH_WRITE_PENDING;
	return 0;
}

/* The plugin */

static const struct smd_option options[] = {
	{
		.name = "keepalive",
		.type = SMD_OPTION_NUMBER,
		.initial = "15",
		.minimum = 0,
		.maximum = 3600,
		.help = "seconds of silence after which a device is asked whether it is there, "
			"and after as many more given up; 0: never",
	},
};

static const struct smd_channel channel = {
	.open = ssh_open,
	.turn = ssh_turn,
	.close = ssh_close,
	.stream_open = smd_ssh_stream_open,
	.stream_write = smd_ssh_stream_write,
	.stream_finish = smd_ssh_stream_finish,
	.stream_close = smd_ssh_stream_close,
	.peer_key = smd_ssh_peer_key,
	.peer_fingerprint = smd_ssh_peer_fingerprint,
};

static const struct smd_plugin plugin = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "ssh",
		 .summary = "Shells, commands and subsystems over SSH (RFC 4251 to 4254)",
		 .version = "1.0", SMD_OPTIONS(options)},
	.kind = SMD_PLUGIN_CHANNEL,
	.ops_size = sizeof(channel),
	.channel = &channel,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	return &plugin;
}
