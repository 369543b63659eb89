/* SPDX-License-Identifier: Apache-2.0 */
/* A driver without a mandatory stage (commit). */
#include "part.h"

static const struct smd_driver driver = {BAD_DRIVER("nocommit"), .parse = bad_parse};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
