/* SPDX-License-Identifier: Apache-2.0 */
/* A stage that is mandatory is missing. */
#include "part.h"

static const struct smd_driver driver = {BAD_DRIVER("nocommit"), .parse = bad_parse};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
