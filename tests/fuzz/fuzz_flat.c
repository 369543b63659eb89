/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configurations of paths: of Junos as commands, of DNOS as they are shown. An input
 * that begins with a command is of the first.
 */
#include <string.h>

#include "dialect.h"
#include "drivers/dnos/dnos.h"
#include "drivers/junos/junos.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char command[] = "set ";
	int junos = size > 4 && !memcmp(bytes, command, sizeof(command) - 1);

	fuzz_dialect(junos ? &smd_junos_dialect : &smd_dnos_dialect, bytes, size);
	return 0;
}
