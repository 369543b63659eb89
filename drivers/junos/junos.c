/* SPDX-License-Identifier: Apache-2.0 */
/* Juniper Junos: the dialect alone, to compare and plan configurations. */
#include <smartdeploy/driver.h>

#include "junos.h"

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "junos",
		 .summary = "Juniper Junos, braced and as set commands", .version = "1.0"},
	.dialect = &smd_junos_dialect,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
