/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A correct driver of a later minor version. It must be refused: it may write members that this
 * build does not have.
 */
#include "part.h"

static const struct smd_driver driver = {
	.self = {.abi_major = SMD_ABI_MAJOR,
		 .abi_minor = SMD_ABI_MINOR + 1,
		 .size = sizeof(driver),
		 .name = "newer",
		 .summary = "A test part",
		 .version = "1.0"},
	.profile = &bad_profile,
	.parse = bad_parse,
	.print = bad_print,
	.render = bad_render,
	.simulate = bad_simulate,
	.fetch = bad_stage,
	.commit = bad_stage,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
