/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations by indentation, as IOS has them. */
#include "dialect.h"
#include "drivers/ios/ios.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_dialect(&smd_ios_dialect, bytes, size);
	return 0;
}
