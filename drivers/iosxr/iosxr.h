/* SPDX-License-Identifier: Apache-2.0 */
/* Cisco IOS-XR: its dialect. */
#ifndef SMARTDEPLOY_IOSXR_H
#define SMARTDEPLOY_IOSXR_H

#include <smartdeploy/driver.h>

extern const struct smd_dialect smd_iosxr_dialect;

#endif
