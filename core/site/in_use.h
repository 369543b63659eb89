/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices in use: part of a deployed state or an open deployment, so their inventory entries
 * must not change.
 */
#ifndef SMD_SITE_IN_USE_H
#define SMD_SITE_IN_USE_H

#include "core/site/site.h"

/*
 * May `inventory` replace the site's inventory? SMD_E_CONFLICT when a device in use would be
 * missing or would have another driver, options or address, because then its deployment could
 * not be rolled back or recovered; names the device and the configuration or open deployment.
 * Where a secret is stored may change.
 */
int smd_site_check_in_use(struct smd_site *site, const struct smd_inventory *inventory,
			  struct smd_error *error);

/*
 * The configurations that are deployed on a device: `*out` is an array of their names, the
 * caller's.
 */
int smd_site_deployed_on(struct smd_site *site, const char *device, cJSON **out,
			 struct smd_error *error);

#endif
