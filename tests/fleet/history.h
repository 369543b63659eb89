/* SPDX-License-Identifier: Apache-2.0 */
/* What the fleet's log tells about the order of commands, up to SIGHT_DONE. */
#ifndef TESTS_FLEET_HISTORY_H
#define TESTS_FLEET_HISTORY_H

#include "harness.h"

/*
 * Where in the log a fault of a device happened: behind the command that it is bound to; the
 * last such command if it is bound to all. NULL: not in the log.
 */
const char *history_of_fault(const struct harness *harness, size_t device,
			     const struct fault *fault);
/*
 * The class of the device's next command behind `at` that is one of the classes (or-ed 1 << class);
 * CLASS_COUNT: there is none. CLASS_READ: only if running is read.
 */
enum command_class history_next(const struct harness *harness, size_t device, const char *at,
				unsigned classes);

#endif
