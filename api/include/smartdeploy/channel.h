/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channel interface: a plugin that moves bytes between core and one device over one
 * connection, authenticated and with any number of streams.
 *
 * A channel never blocks. Core owns the event loop, opens the TCP connection and calls `turn`
 * when the socket is ready or the alarm time has come. All calls for one connection are made on
 * one thread.
 */
#ifndef SMARTDEPLOY_CHANNEL_H
#define SMARTDEPLOY_CHANNEL_H

#include <smartdeploy/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The server and the login. Borrowed until the connection is closed.
 *
 * name                       The device's name, for messages.
 * host, port                 As in the inventory; the host key is looked up under them.
 * known_hosts                Path of the file of accepted host keys (sshd(8), "SSH_KNOWN_HOSTS
 *                            FILE FORMAT").
 * learn                      Stop after the key exchange without a login; only peer_key is
 *                            wanted.
 * key_file, agent, password  Login methods, tried in this order: a private key file or NULL,
 *                            the agent at $SSH_AUTH_SOCK, a password or NULL.
 * settings                   This plugin's options.
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
	SMD_STREAM_SHELL = 1,    /* a PTY of 511 columns with the login shell, or with `command` */
	SMD_STREAM_EXEC = 2,     /* `command` without a PTY: stdout, stderr, exit status */
	SMD_STREAM_SUBSYSTEM = 3 /* the subsystem named `command` */
};

enum smd_channel_event {
	SMD_CHANNEL_READY = 1,  /* logged in; with `learn`: the host key is known */
	SMD_CHANNEL_OPENED = 2, /* the stream can be written to */
	SMD_CHANNEL_OUT = 3,    /* bytes of stdout */
	SMD_CHANNEL_ERR = 4,    /* bytes of stderr */
	SMD_CHANNEL_STATUS = 5, /* exit status of the command in `number`; -1: ended by a signal */
	SMD_CHANNEL_CLOSED = 6  /* no more events of the stream will come */
};

/*
 * Core's receiver of events. `event` is called from within `turn` only. It may call the stream
 * functions of the same connection, but not `close`.
 */
struct smd_channel_sink {
	void (*event)(struct smd_channel_sink *sink, enum smd_channel_event event, int stream,
		      const char *bytes, size_t size, int number);
};

/* What a connection waits for; filled by every `turn`. */
struct smd_channel_wants {
	int readable, writable;
	uint32_t alarm; /* milliseconds until `turn` must be called in any case; 0: no limit */
};

struct smd_channel {
	/* Take over a connected, non-blocking socket. On failure the socket stays the caller's. */
	int (*open)(const struct smd_channel_target *target, int socket,
		    struct smd_channel_sink *sink, void **connection, struct smd_error *error);
	/*
	 * Do everything that is possible without waiting. Returns 0, or an error that ends the
	 * connection: UNREACHABLE (lost, invalid data), UNTRUSTED (host key), AUTH, BUSY (reset
	 * before the key exchange: try again later).
	 */
	int (*turn)(void *connection, struct smd_channel_wants *wants, struct smd_error *error);
	/*
	 * Close the streams and the socket, free everything. Does not wait for the peer. NULL
	 * is fine.
	 */
	void (*close)(void *connection);

	/* Open a stream; returns its number, or an error. OPENED or CLOSED follows. */
	int (*stream_open)(void *connection, enum smd_stream_kind kind, const char *command,
			   struct smd_error *error);
	/* Queue bytes for a stream. They are copied and sent as the peer's window allows. */
	int (*stream_write)(void *connection, int stream, const char *bytes, size_t size);
	int (*stream_finish)(void *connection, int stream); /* no more bytes will be written */
	void (*stream_close)(void *connection, int stream); /* no events follow */

	/*
	 * After READY: the host key as a line of a known_hosts file (without line end), and its
	 * SHA-256 fingerprint as OpenSSH prints it. Return values as snprintf.
	 */
	size_t (*peer_key)(void *connection, char *line, size_t size);
	size_t (*peer_fingerprint)(void *connection, char *text, size_t size);
};

#ifdef __cplusplus
}
#endif
#endif
