/* SPDX-License-Identifier: Apache-2.0 */
/* The file of accepted host keys (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
#ifndef SMD_SITE_KNOWN_HOSTS_H
#define SMD_SITE_KNOWN_HOSTS_H

#include <smartdeploy/error.h>

/*
 * Accept the key of `line` for its host. Other keys of that host are removed, so they are no
 * longer trusted. The file is replaced atomically and durably, with mode 0600. Lines with
 * hashed names are kept.
 */
int smd_known_hosts_replace(const char *path, const char *line, struct smd_error *error);

#endif
