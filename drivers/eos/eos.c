/* SPDX-License-Identifier: Apache-2.0 */
/* Arista EOS: the dialect alone, to compare and plan configurations. */
#include "eos.h"

static const struct smd_driver driver = {
	.self =
		{
			SMD_ENVELOPE(struct smd_driver),
			.name = "eos",
			.summary = "Arista EOS",
			.version = "1.0",
		},
	.dialect = &smd_eos_dialect,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
