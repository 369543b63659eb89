/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets by reference: where a credential says the password is. */
#ifndef SMD_SITE_SECRET_H
#define SMD_SITE_SECRET_H

#include "core/model/inventory.h"

/*
 * Read the password that a credential refers to: an environment variable, or
 * the first line of a file that nobody but its owner may read. `*out` is NULL
 * when it refers to none; else the caller's, to be freed with smd_secret_free.
 */
int smd_secret_read(const struct smd_credential *credential, char **out, struct smd_error *error);
void smd_secret_free(char *secret); /* wipes; NULL is fine */

#endif
