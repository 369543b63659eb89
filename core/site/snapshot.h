/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots: the configuration of a device before a deployment, in native text. */
#ifndef SMD_SITE_SNAPSHOT_H
#define SMD_SITE_SNAPSHOT_H

#include "core/site/remote.h"

/*
 * Read the snapshot that a deployment made of the remote's device; the text is the caller's.
 * SMD_E_NOT_FOUND: the device had no part in it. SMD_E_CONFLICT: the snapshot was made with
 * another driver, version or options.
 */
int smd_snapshot_read(struct smd_site *site, const char *deployment,
		      const struct smd_remote *remote, struct smd_text **out,
		      struct smd_error *error);

#endif
