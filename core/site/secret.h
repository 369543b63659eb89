/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets by reference: where a credential or an option says that its secret is. */
#ifndef SMD_SITE_SECRET_H
#define SMD_SITE_SECRET_H

#include <smartdeploy/abi.h>

#include "core/model/inventory.h"

/*
 * Read what `env` or `file` refers to ("" both: nothing): an environment
 * variable, or the first line of a file that nobody but its owner may read.
 * `*out` is NULL when there is none; else the caller's, to be freed with
 * smd_secret_free.
 */
int smd_secret_read(const char *env, const char *file, char **out, struct smd_error *error);
/* SMD_E_INVALID: the inventory holds in plain what the driver's table calls a secret. */
int smd_secret_check(const struct smd_envelope *driver, const struct smd_device *device,
		     struct smd_error *error);
void smd_secret_free(char *secret); /* wipes; NULL is fine */

#endif
