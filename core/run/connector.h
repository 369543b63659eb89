/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connector makes byte streams: connected, non-blocking sockets to a host and port. The real
 * one uses TCP; a test's may hand out one end of a socket pair.
 */
#ifndef SMD_RUN_CONNECTOR_H
#define SMD_RUN_CONNECTOR_H

#include "core/run/loop.h"

/*
 * An attempt to connect; a member of the object that it is about. The callbacks are called on
 * the loop's thread, perhaps from within `find` or `connect`, and may free the attempt.
 *
 * loop, host, port  Set by the caller, as the callbacks are; borrowed until the attempt ends.
 * found             The addresses are known: the caller calls `connect` when it may.
 * connected         The end: the socket is the caller's.
 * failed            The end: SMD_E_UNREACHABLE, with a hint.
 * state             The connector's; NULL before and after.
 */
struct smd_attempt {
	struct smd_loop *loop;
	const char *host;
	uint16_t port;
	void (*found)(struct smd_attempt *attempt);
	void (*connected)(struct smd_attempt *attempt, int socket);
	void (*failed)(struct smd_attempt *attempt, const struct smd_error *error);
	void *arg;
	void *state;
};

/*
 * All functions are called on the attempt's loop.
 *
 * find     Find the host's addresses; `found` or `failed` follows. NULL: there is nothing to
 *          find, and an attempt begins with `connect`.
 * connect  Try the addresses one after the other; `connected` or `failed` follows.
 * cancel   End the attempt, at any time; nothing follows. One that has ended, or has not
 *          begun, is fine.
 */
struct smd_connector {
	void (*find)(struct smd_connector *connector, struct smd_attempt *attempt);
	void (*connect)(struct smd_connector *connector, struct smd_attempt *attempt);
	void (*cancel)(struct smd_connector *connector, struct smd_attempt *attempt);
};

/*
 * Make the real connector. It resolves names on a few threads of its own, so that slow name
 * servers delay nothing but connections by name.
 */
int smd_connector_new(struct smd_connector **out, struct smd_error *error);
/*
 * Free the real connector, when all attempts have ended and before their loops are freed. It
 * waits for the names that are being resolved. NULL is fine.
 */
void smd_connector_free(struct smd_connector *connector);

#endif
