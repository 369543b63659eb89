/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One SSH connection; shared by the files of this plugin:
 *
 *   ssh.c     the plugin, its socket, the turn
 *   trust.c   checking the server's host key
 *   login.c   logging in
 *   stream.c  the streams
 *
 * Any call of libssh with the session may read from the socket and call back into stream.c,
 * which reports to the sink. So after the login, libssh is called within the turn only.
 */
#ifndef SMD_PLUGIN_SSH_H
#define SMD_PLUGIN_SSH_H

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <smartdeploy/channel.h>

enum smd_ssh_stage {
	SMD_SSH_EXCHANGE, /* key exchange */
	SMD_SSH_LOGIN,
	SMD_SSH_READY,
	SMD_SSH_LEARNT /* target->learn: the host key is known, no login follows */
};

/* Login methods, in the order in which they are tried. */
enum smd_ssh_way {
	SMD_SSH_NONE, /* asks which methods the server accepts */
	SMD_SSH_KEY,
	SMD_SSH_AGENT,
	SMD_SSH_PASSWORD,
	SMD_SSH_QUESTIONS, /* keyboard-interactive, RFC 4256 */
	SMD_SSH_WAYS
};

struct smd_ssh_stream;

/*
 * socket        The caller's; closed by ssh_close only.
 * wire          A duplicate of it for libssh, owned by libssh once `started`. libssh closes its
 *               descriptor as soon as the connection fails, while the caller's event loop still
 *               watches the caller's.
 * greeting      The first bytes from the peer.
 * heard, asked  Monotonic time in milliseconds: when the peer was last heard; when it was last
 *               sent a keepalive, 0: not since then.
 */
struct smd_ssh {
	const struct smd_channel_target *target;
	struct smd_channel_sink *sink;
	ssh_session session;
	ssh_event event;
	int socket, wire, started;
	int64_t keepalive; /* milliseconds of silence until a keepalive; 0: none is sent */
	enum smd_ssh_stage stage;
	char greeting[64];

	ssh_key key;
	enum smd_ssh_way way;
	unsigned tried; /* bit mask of the methods tried */
	int answered;   /* the password was already given as an answer */

	struct smd_ssh_stream *streams;
	int last_number;

	struct ssh_counter_struct bytes, packets;
	uint64_t heard_bytes;
	int64_t heard, asked;
};

void smd_ssh_emit(struct smd_ssh *ssh, enum smd_channel_event event, int stream, const char *bytes,
		  size_t size, int number);
/* Put `"HOST" port PORT` in front of the message. */
void smd_ssh_prefix(struct smd_ssh *ssh, struct smd_error *error);
int smd_ssh_dead(struct smd_ssh *ssh);
/* Fill the error with the reason why the connection has failed; returns its code. */
int smd_ssh_lost(struct smd_ssh *ssh, struct smd_error *error);

/* Compare the server's host key with the accepted ones. */
int smd_ssh_trust(struct smd_ssh *ssh, struct smd_error *error);
size_t smd_ssh_peer_key(void *connection, char *line, size_t size);
size_t smd_ssh_peer_fingerprint(void *connection, char *text, size_t size);

/* Read a private key. The file must be accessible by its owner only and have no passphrase. */
int smd_ssh_load_key(const char *path, ssh_key *key, struct smd_error *error);
/* Continue the login; the stage becomes READY at its end. */
int smd_ssh_login(struct smd_ssh *ssh, struct smd_error *error);
/* List the methods tried so far, as "key file, agent". */
void smd_ssh_tried(const struct smd_ssh *ssh, char *text, size_t size);

/* Continue all streams. Returns 1 if anything has changed. */
int smd_ssh_streams_turn(struct smd_ssh *ssh);
/* After the connection has ended: report CLOSED for the streams that had ended before. */
void smd_ssh_streams_tell(struct smd_ssh *ssh);
void smd_ssh_streams_free(struct smd_ssh *ssh); /* call it after ssh_free() */
int smd_ssh_stream_open(void *connection, enum smd_stream_kind kind, const char *command,
			struct smd_error *error);
int smd_ssh_stream_write(void *connection, int stream, const char *bytes, size_t size);
int smd_ssh_stream_finish(void *connection, int stream);
void smd_ssh_stream_close(void *connection, int stream);

#endif
