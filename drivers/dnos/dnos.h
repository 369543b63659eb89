/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_DRIVERS_DNOS_H
#define SMD_DRIVERS_DNOS_H

#include <smartdeploy/dialect.h>

extern const struct smd_dialect smd_dnos_dialect;

#endif
