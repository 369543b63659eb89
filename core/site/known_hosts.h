/* SPDX-License-Identifier: Apache-2.0 */
/* The file of accepted host keys (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
#ifndef SMD_SITE_KNOWN_HOSTS_H
#define SMD_SITE_KNOWN_HOSTS_H

#include <smartdeploy/error.h>
#include <stdio.h>

/* Open the file to read; `*out` is NULL if there is none. Only a regular file is accepted. */
int smd_known_hosts_open(const char *path, FILE **out, struct smd_error *error);

/* Is `host`, of that length, one of the comma-separated names at the beginning of the line? */
int smd_known_hosts_line_is_of(const char *line, const char *host, size_t length);

/*
 * Accept the key of `line` for its host. Other keys of that host are removed, so they are no
 * longer trusted. The file is replaced atomically and durably, with mode 0600. Lines with
 * hashed names are kept. Any number of threads and processes may do this at once: each waits for
 * the others, up to 5 s, then SMD_E_BUSY.
 */
int smd_known_hosts_replace(const char *path, const char *line, struct smd_error *error);

#endif
