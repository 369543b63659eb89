/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A remote: something we log in to, a device with its driver or a host for
 * checks, with everything that its session needs.
 */
#ifndef SMD_SITE_REMOTE_H
#define SMD_SITE_REMOTE_H

#include "core/load/language.h"
#include "core/run/session.h"
#include "core/site/site.h"

struct smd_remote {
	const struct smd_device *device; /* NULL: a host */
	const char *name;
	struct smd_language language; /* of a device */
	char *password;
	struct smd_session_spec spec;
	struct smd_session *session;
};

/* Load the driver, check the settings, get the secrets; connects when it is first used. */
int smd_remote_open_device(struct smd_site *site, const char *name, struct smd_remote **out,
			   struct smd_error *error);
/* A host, spoken to with the session profile of a check. All hosts share one loop. */
int smd_remote_open_host(struct smd_site *site, const struct smd_host *host,
			 const struct smd_session_profile *profile, struct smd_remote **out,
			 struct smd_error *error);
/* As smd_session_close. NULL is fine. */
void smd_remote_close(struct smd_remote *remote, struct smd_session_stats *stats);

/* Add to a snapshot what its text was read by: driver, its version, options that are no secrets. */
void smd_remote_note_driver(const struct smd_remote *remote, cJSON *json);
/* Is a snapshot to be read by the very same? SMD_E_CONFLICT says by what it was. */
int smd_remote_check_driver(const struct smd_remote *remote, const cJSON *json,
			    struct smd_error *error);

/*
 * Fetch the server's host key without logging in. `line` gets a known_hosts
 * line and `fingerprint` what to compare; blocks up to 20 s.
 */
int smd_remote_host_key(struct smd_remote *remote, char *line, size_t line_size, char *fingerprint,
			size_t fingerprint_size, struct smd_error *error);

#endif
