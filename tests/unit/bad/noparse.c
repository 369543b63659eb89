/* SPDX-License-Identifier: Apache-2.0 */
/* A driver with neither a dialect nor a parse operation. */
#include "part.h"

static const struct smd_driver driver = {BAD_DRIVER("noparse"), .commit = bad_stage};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
