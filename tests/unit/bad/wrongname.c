/* SPDX-License-Identifier: Apache-2.0 */
/* A driver whose name differs from its file's name. */
#include "part.h"

static const struct smd_driver driver = {BAD_DRIVER("another"), .parse = bad_parse,
					 .commit = bad_stage};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
