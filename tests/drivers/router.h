/* SPDX-License-Identifier: Apache-2.0 */
/* A temporary FRRouting: zebra, staticd, bgpd and ospfd in a network namespace of their own. */
#ifndef SMD_TESTS_DRIVERS_ROUTER_H
#define SMD_TESTS_DRIVERS_ROUTER_H

#include <stddef.h>
#include <sys/types.h>

/* `name` is the instance's name, for `vtysh -N`. */
struct router {
	char name[32];
	pid_t daemons[4]; /* zebra is the first one */
};

/* What is missing to run one, for the message of a test that exits with 77; NULL: nothing. */
const char *router_missing(void);
/* Start the daemons. Returns 0 when all listen. Call router_stop in any case. */
int router_start(struct router *router);
/* End the daemons and remove their files. The structure may be zero or incomplete. */
void router_stop(struct router *router);
/* Does the file that the daemon has saved contain the text? */
int router_saved(const struct router *router, const char *daemon, const char *text);

#endif
