/* SPDX-License-Identifier: Apache-2.0 */
/* A child process of the test that serves a Unix socket. */
#ifndef SMD_TESTS_DRIVERS_DAEMON_H
#define SMD_TESTS_DRIVERS_DAEMON_H

#include <sys/types.h>

/*
 * Wait, at most 10 s, until the child accepts connections at the socket `path`. That the
 * socket's file exists is not enough: it exists before the child listens. Returns 0; -1: the
 * child has ended (`*child` is then 0), or time is up.
 */
int daemon_await(pid_t *child, const char *path);

/*
 * End the child and wait for its end, after which it uses none of its files. Sets `*child` to
 * 0; does nothing if it is 0 or negative.
 */
void daemon_end(pid_t *child);

#endif
