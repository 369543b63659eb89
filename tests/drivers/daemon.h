/* SPDX-License-Identifier: Apache-2.0 */
/* A child of the test that serves at a Unix socket. */
#ifndef SMD_TESTS_DRIVERS_DAEMON_H
#define SMD_TESTS_DRIVERS_DAEMON_H

#include <sys/types.h>

/*
 * Wait until the child takes connections at the socket `path`, for at most 10 s. The socket's
 * file alone does not tell: it is there before the child listens.
 * Returns 0, or -1: the child has ended instead (`*child` is then 0), or it takes too long.
 */
int daemon_await(pid_t *child, const char *path);

/*
 * End the child, and wait for its end: from then on its files are nobody's but the caller's.
 * `*child` is 0 afterwards; nothing happens if it is 0 or negative before.
 */
void daemon_end(pid_t *child);

#endif
