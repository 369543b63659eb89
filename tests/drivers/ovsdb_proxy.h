/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proxy between ovs-vsctl and ovsdb-server that reads the JSON-RPC of the client (RFC 7047,
 * section 4) and can hold a transaction while the test does something else.
 */
#ifndef SMD_TESTS_DRIVERS_OVSDB_PROXY_H
#define SMD_TESTS_DRIVERS_OVSDB_PROXY_H

#include <cjson/cJSON.h>
#include <pthread.h>

/*
 * held         Called once, on the proxy's thread, before the next transaction of a client is
 *              passed on, and then set to NULL. Set it while no client is connected.
 * transaction  Parameters of the transaction that was seen last; NULL: none.
 */
struct ovsdb_proxy {
	void (*held)(void);
	cJSON *transaction;
	char server[108];
	int listener;
	int end[2];
	pthread_t thread;
};

/* Serve the socket `path` in front of the socket `server`. Returns 0 or -1. */
int ovsdb_proxy_start(struct ovsdb_proxy *proxy, const char *path, const char *server);
void ovsdb_proxy_stop(struct ovsdb_proxy *proxy);

#endif
