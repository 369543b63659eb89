/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to one device: a TCP socket, a channel over it, a protocol over the channel.
 * It lives on one loop: all functions are called, and all events arrive, on that loop's thread.
 */
#ifndef SMD_RUN_CONN_H
#define SMD_RUN_CONN_H

#include "core/run/session.h"

struct smd_conn;

/*
 * Callbacks. None is called from within smd_conn_new or smd_conn_send. Each may free the
 * connection.
 *
 * up      The connection is ready to send; or, with target.learn, the host key is known.
 * moved   An exchange was answered and the next one is outstanding.
 * answer  All that was sent is answered: see smd_conn_answer.
 * lost    The connection has failed and can only be freed.
 */
struct smd_conn_events {
	void (*up)(struct smd_conn *conn, void *arg);
	void (*moved)(struct smd_conn *conn, void *arg);
	void (*answer)(struct smd_conn *conn, void *arg);
	void (*lost)(struct smd_conn *conn, void *arg, const struct smd_error *error);
};

/*
 * Begin to connect. A refusal because of load is tried again after a random pause, until
 * spec->patience has passed.
 */
int smd_conn_new(struct smd_loop *loop, const struct smd_session_spec *spec,
		 const struct smd_conn_events *events, void *arg, struct smd_conn **out,
		 struct smd_error *error);
/* Close the connection without waiting for the peer; no event follows. NULL is fine. */
void smd_conn_free(struct smd_conn *conn);

/* Send exchanges. They must stay valid until `answer` or `lost`. */
int smd_conn_send(struct smd_conn *conn, const struct smd_exchange *exchanges, size_t count,
		  struct smd_error *error);
/* The answer to what was sent last; valid until the next smd_conn_send. */
const struct smd_answer *smd_conn_answer(const struct smd_conn *conn);
/* Index of the exchange that is outstanding now. */
size_t smd_conn_outstanding(const struct smd_conn *conn);

/* Microseconds from smd_conn_new to `up`. */
uint64_t smd_conn_connect_time(const struct smd_conn *conn);
uint64_t smd_conn_received(const struct smd_conn *conn); /* bytes of output so far */
/* With target.learn, after `up`: the peer's host key, see channel.h. */
size_t smd_conn_peer_key(struct smd_conn *conn, char *line, size_t size);
size_t smd_conn_peer_fingerprint(struct smd_conn *conn, char *text, size_t size);

#endif
