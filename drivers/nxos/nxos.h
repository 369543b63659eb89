/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_DRIVERS_NXOS_H
#define SMD_DRIVERS_NXOS_H

#include <smartdeploy/dialect.h>

extern const struct smd_dialect smd_nxos_dialect;

#endif
