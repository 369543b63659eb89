/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_DRIVERS_FRR_H
#define SMD_DRIVERS_FRR_H

#include <smartdeploy/dialect.h>

extern const struct smd_dialect smd_frr_dialect;

#endif
