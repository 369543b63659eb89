/* SPDX-License-Identifier: Apache-2.0 */
/* A driver with a stage but no session profile. */
#include "part.h"

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "noprofile", .summary = "A test part",
		 .version = "1.0"},
	.parse = bad_parse,
	.print = bad_print,
	.render = bad_render,
	.simulate = bad_simulate,
	.persist = bad_stage,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
