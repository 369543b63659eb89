/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets by reference: reading what a credential or an option refers to. */
#ifndef SMD_SITE_SECRET_H
#define SMD_SITE_SECRET_H

#include <smartdeploy/abi.h>

#include "core/model/inventory.h"

/*
 * Read the secret in the environment variable `env`, or in the first line of `file`, which only
 * its owner may have access to. Both "": no secret, `*out` is NULL. `*out` is the caller's, for
 * smd_secret_free.
 */
int smd_secret_read(const char *env, const char *file, char **out, struct smd_error *error);
/*
 * SMD_E_INVALID if the inventory has the plain value of an option that the driver's table marks
 * as secret.
 */
int smd_secret_check(const struct smd_envelope *driver, const struct smd_device *device,
		     struct smd_error *error);
void smd_secret_free(char *secret); /* wipes it; NULL is fine */

#endif
