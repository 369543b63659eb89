/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A remote: a device with its driver, or a host for traffic tests, with everything its session
 * needs.
 */
#ifndef SMD_SITE_REMOTE_H
#define SMD_SITE_REMOTE_H

#include "core/load/language.h"
#include "core/run/session.h"
#include "core/site/site.h"

struct smd_remote {
	const struct smd_device *device; /* NULL: it is a host */
	const char *name;
	struct smd_language language; /* of a device, else {0} */
	char *password;
	struct smd_session_spec spec;
	struct smd_session *session;
};

/* What a session is for: it decides as whom to log in, where a device has two accounts. */
enum smd_access { SMD_ACCESS_READ, SMD_ACCESS_WRITE };

/*
 * Open a device: load its driver, check its options, read its secrets. The session connects at
 * its first job.
 */
int smd_remote_open_device(struct smd_site *site, const char *name, enum smd_access access,
			   struct smd_remote **out, struct smd_error *error);
/* Open a host with the session profile of a traffic test. */
int smd_remote_open_host(struct smd_site *site, const struct smd_host *host,
			 const struct smd_session_profile *profile, struct smd_remote **out,
			 struct smd_error *error);
/* As smd_session_close. NULL is fine. */
void smd_remote_close(struct smd_remote *remote, struct smd_session_stats *stats);

/*
 * Add to a snapshot what is needed to parse its text again: driver, version, options without
 * secrets. `err` as of smd_json_put.
 */
void smd_remote_note_driver(const struct smd_remote *remote, cJSON *json, int *err);
/*
 * Does the remote have the driver, version and options with which the snapshot was made?
 * SMD_E_CONFLICT names those of the snapshot.
 */
int smd_remote_check_driver(const struct smd_remote *remote, const cJSON *json,
			    struct smd_error *error);

/*
 * Fetch the server's host key without logging in. `line` gets a known_hosts line, `fingerprint`
 * what users compare. Blocks up to 20 s.
 */
int smd_remote_host_key(struct smd_remote *remote, char *line, size_t line_size, char *fingerprint,
			size_t fingerprint_size, struct smd_error *error);

#endif
