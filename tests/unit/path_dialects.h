/* SPDX-License-Identifier: Apache-2.0 */
/* Two dialects of paths with the same rules, for tests. */
#ifndef SMD_TESTS_PATH_DIALECTS_H
#define SMD_TESTS_PATH_DIALECTS_H

#include <smartdeploy/dialect.h>

extern const struct smd_dialect braced; /* "set system host-name r1", quotes, marks */
extern const struct smd_dialect plain;  /* "system host-name r1", sections by indentation */

#endif
