/* SPDX-License-Identifier: Apache-2.0 */
/* A driver with a language and no sessions: it has the pure operations only. */
#include "part.h"

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "language", .summary = "A test part",
		 .version = "1.0"},
	.parse = bad_parse,
	.print = bad_print,
	.render = bad_render,
	.simulate = bad_simulate,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
