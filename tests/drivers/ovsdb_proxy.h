/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proxy between ovs-vsctl and ovsdb-server that reads the JSON-RPC of the client (RFC 7047,
 * section 4) and can hold a transaction while the test does something else.
 */
#ifndef SMD_TESTS_DRIVERS_OVSDB_PROXY_H
#define SMD_TESTS_DRIVERS_OVSDB_PROXY_H

#include <cjson/cJSON.h>
#include <pthread.h>

struct ovsdb_proxy {
	pthread_mutex_t lock;
	void (*held)(void); /* under `lock`, as the transaction seen last */
	cJSON *transaction;
	char server[108];
	int listener;
	int end[2];
	pthread_t thread;
};

/* Serve the socket `path` in front of the socket `server`. Returns 0 or -1. */
int ovsdb_proxy_start(struct ovsdb_proxy *proxy, const char *path, const char *server);
void ovsdb_proxy_stop(struct ovsdb_proxy *proxy);
/* Call `held` once, on the proxy's thread, before the next transaction is passed on. */
void ovsdb_proxy_hold(struct ovsdb_proxy *proxy, void (*held)(void));
/* Parameters of the transaction that was passed on last; the caller's. NULL: none. */
cJSON *ovsdb_proxy_transaction(struct ovsdb_proxy *proxy);

#endif
