/* SPDX-License-Identifier: Apache-2.0 */
/* Arista EOS: its dialect. */
#ifndef SMARTDEPLOY_EOS_H
#define SMARTDEPLOY_EOS_H

#include <smartdeploy/driver.h>

extern const struct smd_dialect smd_eos_dialect;

#endif
