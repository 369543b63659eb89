/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel moves bytes between core and one device over one connection:
 * verified, authenticated, with any number of streams.
 *
 * It never waits either: core owns the event loop, opens the TCP connection and
 * calls `turn` whenever the socket is ready or the alarm rings. All calls for
 * one connection come from one thread.
 */
#ifndef SMARTDEPLOY_CHANNEL_H
#define SMARTDEPLOY_CHANNEL_H

#include <smartdeploy/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Whom to talk to and as whom. Borrowed until the connection is closed.
 *
 * name          What users call it, for messages.
 * host, port    As the inventory names it; what the host key is looked up by.
 * known_hosts   Path of the file of accepted host keys (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 * learn         Stop after the key exchange, log in nowhere: for peer_key.
 * key_file      Private key, or NULL. agent: ask $SSH_AUTH_SOCK. password: or NULL.
 *               They are tried in this order.
 * settings      Of this plugin's options.
 */
struct smd_channel_target {
	const char *name;
	const char *host;
	uint16_t port;
	const char *user;
	const char *known_hosts;
	int learn;
	const char *key_file;
	int agent;
	const char *password;
	const struct smd_settings *settings;
};

enum smd_stream_kind {
	SMD_STREAM_SHELL = 1, /* a PTY of 511 columns and the login shell, or `command` under it */
	SMD_STREAM_EXEC = 2,  /* `command` without a PTY: stdout, stderr, status */
	SMD_STREAM_SUBSYSTEM = 3 /* `command` is the subsystem's name */
};

enum smd_channel_event {
	SMD_CHANNEL_READY = 1,  /* logged in (or, with learn, the key is known) */
	SMD_CHANNEL_OPENED = 2, /* the stream can be written to */
	SMD_CHANNEL_OUT = 3,    /* bytes */
	SMD_CHANNEL_ERR = 4,    /* bytes of stderr */
	SMD_CHANNEL_STATUS = 5, /* the command's exit status in `number`; -1: a signal */
	SMD_CHANNEL_CLOSED = 6  /* nothing more comes from the stream */
};

/*
 * Where a channel reports. `event` is called from within `turn` only. It may
 * call the stream functions of the same connection, but not `close`.
 */
struct smd_channel_sink {
	void (*event)(struct smd_channel_sink *sink, enum smd_channel_event event, int stream,
		      const char *bytes, size_t size, int number);
};

/* What a connection waits for, told after every turn. */
struct smd_channel_wants {
	int readable, writable;
	uint32_t alarm; /* milliseconds until `turn` is wanted in any case; 0: never */
};

struct smd_channel {
	/*
	 * Take over a connected, non-blocking socket. On failure the socket is
	 * still the caller's.
	 */
	int (*open)(const struct smd_channel_target *target, int socket,
		    struct smd_channel_sink *sink, void **connection, struct smd_error *error);
	/*
	 * Do all that can be done without waiting. Returns 0, or an error that
	 * ends the connection: UNREACHABLE (lost, garbage), UNTRUSTED (host key),
	 * AUTH, BUSY (reset before the key exchange: try again later).
	 */
	int (*turn)(void *connection, struct smd_channel_wants *wants, struct smd_error *error);
	/* Close socket and streams, free all. NULL is fine. Never waits for the peer. */
	void (*close)(void *connection);

	/* Ask for a stream; its number, or an error. OPENED or CLOSED follows. */
	int (*stream_open)(void *connection, enum smd_stream_kind kind, const char *command,
			   struct smd_error *error);
	/* Queue bytes; they are copied, and go as the peer's window allows. */
	int (*stream_write)(void *connection, int stream, const char *bytes, size_t size);
	int (*stream_finish)(void *connection, int stream); /* end of our bytes */
	void (*stream_close)(void *connection, int stream); /* no event follows */

	/*
	 * After READY: the peer's key as a line of a known_hosts file (without line
	 * end) and its SHA-256 fingerprint as OpenSSH prints it. As snprintf.
	 */
	size_t (*peer_key)(void *connection, char *line, size_t size);
	size_t (*peer_fingerprint)(void *connection, char *text, size_t size);
};

#ifdef __cplusplus
}
#endif
#endif
