/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of records by deployment. A deployment's id is its number in decimal. In keys it is
 * padded, so that keys sort by number, behind the ids of earlier versions, which began with a
 * date.
 */
#ifndef SMD_SITE_DEPLOYMENT_KEY_H
#define SMD_SITE_DEPLOYMENT_KEY_H

#include <smartdeploy/store.h>

/* Size of a deployment's id */
#define SMD_DEPLOYMENT_ID 32

/* The key "ID REST", or "ID" if `rest` is NULL. An id that is no number is used as it is. */
void smd_deployment_key(const char *id, const char *rest, char key[SMD_STORE_KEY]);
/* The id in a key that has no rest. */
void smd_deployment_id(const char *key, char id[SMD_DEPLOYMENT_ID]);

#endif
