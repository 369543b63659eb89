/* SPDX-License-Identifier: Apache-2.0 */
/* Devices in use: what the inventory says of them must stay. */
#ifndef SMD_SITE_IN_USE_H
#define SMD_SITE_IN_USE_H

#include "core/site/site.h"

/*
 * May `inventory` take the place of the site's? SMD_E_CONFLICT names a device
 * that it lacks or drives in another way (driver, options, address), and the
 * configuration that is deployed there or the deployment that is still open:
 * neither could be taken back or recovered any more. Where a secret is found
 * may change.
 */
int smd_site_check_in_use(struct smd_site *site, const struct smd_inventory *inventory,
			  struct smd_error *error);

#endif
