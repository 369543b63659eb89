/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One SSH connection, as the parts of this plugin share it.
 *
 *   ssh.c     the plugin, its socket, the turn
 *   trust.c   whose key the peer shows
 *   login.c   who we are
 *   stream.c  the streams
 *
 * libssh may read from the socket within any call that is given the session,
 * and then calls back into stream.c, which tells the sink. So every call to
 * libssh after the login is made from within the turn.
 */
#ifndef SMD_PLUGIN_SSH_H
#define SMD_PLUGIN_SSH_H

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <smartdeploy/channel.h>

enum smd_ssh_stage {
	SMD_SSH_EXCHANGE, /* of keys */
	SMD_SSH_LOGIN,
	SMD_SSH_READY,
	SMD_SSH_LEARNT /* the peer's key is known, and that was all */
};

/* Ways to log in, in the order in which they are tried. */
enum smd_ssh_way {
	SMD_SSH_NONE, /* asks what the peer accepts */
	SMD_SSH_KEY,
	SMD_SSH_AGENT,
	SMD_SSH_PASSWORD,
	SMD_SSH_QUESTIONS, /* keyboard-interactive, RFC 4256 */
	SMD_SSH_WAYS
};

struct smd_ssh_stream;

/*
 * socket    The caller's, closed by close and nowhere else.
 * wire      A duplicate of it, libssh's own once `started`: libssh closes its
 *           descriptor as soon as the connection fails, while the caller's
 *           event loop still watches the number.
 * greeting  The first bytes that the peer sent.
 * heard     When the peer was last heard of, in milliseconds of the monotonic
 *           clock; asked: when it was asked whether it is there, 0: it was not.
 */
struct smd_ssh {
	const struct smd_channel_target *target;
	struct smd_channel_sink *sink;
	ssh_session session;
	ssh_event event;
	int socket, wire, started;
	int64_t keepalive; /* milliseconds of silence borne; 0: any */
	enum smd_ssh_stage stage;
	char greeting[64];

	ssh_key key;
	enum smd_ssh_way way;
	unsigned tried; /* a bit a way */
	int answered;   /* the password was given as an answer */

	struct smd_ssh_stream *streams;
	int last_number;

	struct ssh_counter_struct bytes, packets;
	uint64_t heard_bytes;
	int64_t heard, asked;
};

void smd_ssh_emit(struct smd_ssh *ssh, enum smd_channel_event event, int stream, const char *bytes,
		  size_t size, int number);
/* Put `"HOST" port PORT` before the message. */
void smd_ssh_prefix(struct smd_ssh *ssh, struct smd_error *error);
int smd_ssh_dead(struct smd_ssh *ssh);
/* Say why the connection is dead. */
int smd_ssh_lost(struct smd_ssh *ssh, struct smd_error *error);

/* Compare the peer's key with the accepted ones. */
int smd_ssh_trust(struct smd_ssh *ssh, struct smd_error *error);
size_t smd_ssh_peer_key(void *connection, char *line, size_t size);
size_t smd_ssh_peer_fingerprint(void *connection, char *text, size_t size);

/* Read a private key; the file must be the owner's alone and without passphrase. */
int smd_ssh_load_key(const char *path, ssh_key *key, struct smd_error *error);
/* Go on with logging in; the stage becomes READY at its end. */
int smd_ssh_login(struct smd_ssh *ssh, struct smd_error *error);
/* Write the ways tried so far, as "key file, agent". */
void smd_ssh_tried(const struct smd_ssh *ssh, char *text, size_t size);

/* Go on with all streams. Returns 1 if anything moved. */
int smd_ssh_streams_turn(struct smd_ssh *ssh);
/* Tell of the streams that have ended, when the connection has ended too. */
void smd_ssh_streams_tell(struct smd_ssh *ssh);
void smd_ssh_streams_free(struct smd_ssh *ssh); /* after libssh's session */
int smd_ssh_stream_open(void *connection, enum smd_stream_kind kind, const char *command,
			struct smd_error *error);
int smd_ssh_stream_write(void *connection, int stream, const char *bytes, size_t size);
int smd_ssh_stream_finish(void *connection, int stream);
void smd_ssh_stream_close(void *connection, int stream);

#endif
