/* SPDX-License-Identifier: Apache-2.0 */
#include "driver.h"
#include "fleet.h"

const struct smd_session_profile driver_profile = {
	.size = sizeof(driver_profile),
	.channel = "fleet",
	.protocol = "fleet-cli",
	.failure = "% ",
	.deadline = 10000,
};

const struct smd_driver *const fleet_drivers[] = {
	&driver_fleet_atomic,
	&driver_fleet_lines,
	&driver_fleet_lines_timer,
	&driver_fleet_shared,
	&driver_fleet_private,
	&driver_fleet_named,
	NULL,
};
