/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a controller stands on when it works on a fleet in the process of the test: the fleet's
 * parts in a loader, a clock whose time jumps, and connections without sockets.
 *
 *   ground_init(&ground, fleet, NULL);
 *   controller = ground_controller(&ground);
 *   ...
 *   smd_controller_free(controller);
 *   ground_done(&ground);
 *
 * One at a time. What cannot be made ends the program.
 */
#ifndef TESTS_FLEET_GROUND_H
#define TESTS_FLEET_GROUND_H

#include "fleet.h"

#include <cjson/cJSON.h>

#include "clock.h"
#include "core/service/methods.h"

struct ground {
	struct fleet *fleet;
	struct smd_clock *clock;
	struct smd_loader *loader;
};

/* `time` as of fleet_clock_new. The fleet is the caller's, and in use until ground_done. */
void ground_init(struct ground *ground, struct fleet *fleet, struct fleet_time *time);
void ground_done(struct ground *ground);

/* The caller frees it. */
struct smd_controller *ground_controller(struct ground *ground);
/* A site that owns the store. The caller closes it. */
struct smd_site *ground_site(struct ground *ground);

/* A document of a native configuration: the same lines on `count` devices. The caller frees it. */
char *ground_native(const char *name, const char *const *devices, size_t count,
		    const char *const *lines, size_t line_count);
/* The connections of a process that has ended; at this time of the clock. */
void ground_hang_up(struct fleet *fleet, uint64_t now);

#endif
