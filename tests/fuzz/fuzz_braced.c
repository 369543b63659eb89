/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations in braces, as Junos has them. */
#include "dialect.h"
#include "drivers/junos/junos.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_dialect(&smd_junos_dialect, bytes, size);
	return 0;
}
