/* SPDX-License-Identifier: Apache-2.0 */
/* Cisco IOS-XR: the dialect alone, to compare and plan configurations. */
#include "iosxr.h"

static const struct smd_driver driver = {
	.self =
		{
			SMD_ENVELOPE(struct smd_driver),
			.name = "iosxr",
			.summary = "Cisco IOS-XR",
			.version = "1.0",
		},
	.dialect = &smd_iosxr_dialect,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
