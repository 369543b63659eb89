/* SPDX-License-Identifier: Apache-2.0 */
/* Accepted host keys, by their fingerprints. */
#ifndef SMD_SITE_HOST_KEY_H
#define SMD_SITE_HOST_KEY_H

#include "core/base/json.h"

/*
 * The keys that the known_hosts file accepts for an address and port: `*out` is an array of
 * {type, fingerprint}, the caller's, with fingerprints as OpenSSH prints them, `SHA256:` and
 * base64. `*hashed` (may be NULL) is 1 if the file also has lines with hashed names, which
 * may be of any host. No file or no path: no keys. SMD_E_IO: the file cannot be read.
 */
int smd_host_keys_accepted(const char *path, const char *address, uint16_t port, cJSON **out,
			   int *hashed, struct smd_error *error);

#endif
