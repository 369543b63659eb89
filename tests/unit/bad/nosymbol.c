/* SPDX-License-Identifier: Apache-2.0 */
/* A shared object that is no driver. */
#include <smartdeploy/abi.h>

SMD_EXPORT int smd_nothing_entry(void);

int smd_nothing_entry(void)
{
	return 0;
}
