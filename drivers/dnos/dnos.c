/* SPDX-License-Identifier: Apache-2.0 */
/* DriveNets DNOS: the dialect alone, to compare and plan configurations. */
#include <smartdeploy/driver.h>

#include "dnos.h"

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "dnos",
		 .summary = "DriveNets DNOS, indented and as absolute lines", .version = "1.0"},
	.dialect = &smd_dnos_dialect,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
