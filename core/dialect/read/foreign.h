/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a recorded terminal session that are no part of the configuration shown in it. */
#ifndef SMD_DIALECT_READ_FOREIGN_H
#define SMD_DIALECT_READ_FOREIGN_H

#include <smartdeploy/error.h>

#include "core/base/span.h"

/*
 * What a clean line is that no configuration has, for people: "the prompt of a device", "an error
 * of a device"; NULL: nothing of the kind. `column`: where the line begins. Pure; any thread.
 */
const char *smd_line_foreign(struct smd_span line, size_t column);
/* SMD_E_INVALID: line `number` is that. */
int smd_foreign_fail(struct smd_error *error, const char *what, size_t number);

#endif
