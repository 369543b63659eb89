/* SPDX-License-Identifier: Apache-2.0 */
/* Cisco NX-OS: the dialect alone, to compare and plan configurations. */
#include <smartdeploy/driver.h>

#include "nxos.h"

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "nxos",
		 .summary = "Cisco NX-OS, the language alone", .version = "1.0"},
	.dialect = &smd_nxos_dialect,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
