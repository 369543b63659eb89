/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real ovsdb-server for a test, and in PATH an `ovs-vsctl` in front of the real one. There is no
 * ovs-vswitchd to wait for, so it adds --no-wait.
 */
#ifndef SMD_TESTS_DRIVERS_VSWITCH_H
#define SMD_TESTS_DRIVERS_VSWITCH_H

#include "bench.h"

/* Start it, without a bridge. Ends the program as skipped if Open vSwitch is not installed. */
void vswitch_start(void);
void vswitch_stop(void);
const char *vswitch_folder(void); /* db.sock is there */
/* Shell code that runs before each ovs-vsctl; NULL: none. */
void vswitch_obstruct(const char *code);
/* Shall ovs-vsctl wait for ovs-vswitchd, which is not there? */
void vswitch_wait(int wait);
/* Run a command that must succeed; its output is ignored. */
void need(const char *format, ...) SMD_PRINTF(1, 2);

#endif
