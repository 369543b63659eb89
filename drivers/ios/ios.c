/* SPDX-License-Identifier: Apache-2.0 */
/* Cisco IOS and IOS-XE: the dialect alone, to compare and plan configurations. */
#include <smartdeploy/driver.h>

#include "ios.h"

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "ios",
		 .summary = "Cisco IOS and IOS-XE, the language alone", .version = "1.0"},
	.dialect = &smd_ios_dialect,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
