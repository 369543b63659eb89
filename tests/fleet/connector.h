/* SPDX-License-Identifier: Apache-2.0 */
/* Streams to devices in memory: the fleet's channel never uses its socket, which is never ready. */
#ifndef TESTS_FLEET_CONNECTOR_H
#define TESTS_FLEET_CONNECTOR_H

#include "core/run/connector.h"

extern struct smd_connector memory_connector;

#endif
