/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a fleet, each in a file of its own; plugins.c and drivers.c describe them. */
#ifndef TESTS_FLEET_PARTS_H
#define TESTS_FLEET_PARTS_H

#include "fleet.h"

extern const struct smd_channel fleet_channel;   /* channel.c */
extern const struct smd_protocol fleet_protocol; /* protocol.c */

#endif
