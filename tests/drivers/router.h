/* SPDX-License-Identifier: Apache-2.0 */
/* A throwaway FRRouting: zebra, staticd, bgpd and ospfd in a network namespace of their own. */
#ifndef SMD_TESTS_DRIVERS_ROUTER_H
#define SMD_TESTS_DRIVERS_ROUTER_H

#include <stddef.h>
#include <sys/types.h>

/* `name` is the instance, as `vtysh -N` takes it. */
struct router {
	char name[32];
	pid_t daemons[4]; /* zebra is the first */
};

/* What is missing to run one, for a test to print before it exits with 77; NULL: nothing. */
const char *router_missing(void);
/* Returns 0 once all daemons listen. router_stop in any case. */
int router_start(struct router *router);
/* End the daemons and remove their files. Fine for one that is zero or half started. */
void router_stop(struct router *router);
/* Is the text in the file that a daemon has saved? */
int router_saved(const struct router *router, const char *daemon, const char *text);

#endif
