/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ssh.h"

/* The fingerprint as OpenSSH prints it: `SHA256:` and base64 without padding. "" on failure. */
static void print_fingerprint(ssh_key key, char *text, size_t size)
{
	unsigned char *hash = NULL;
	size_t length = 0;
	char *printed = NULL;

	text[0] = '\0';
	if (!key || ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length))
		return;
	printed = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
	if (printed)
		snprintf(text, size, "%s", printed);
	ssh_string_free_char(printed);
	ssh_clean_pubkey_hash(&hash);
}

size_t smd_ssh_peer_key(void *connection, char *line, size_t size)
{
	struct smd_ssh *ssh = connection;
	char *entry = NULL;
	size_t length = 0;

	if (size)
		line[0] = '\0';
	if (ssh_session_export_known_hosts_entry(ssh->session, &entry) == SSH_OK) {
		length = strcspn(entry, "\n");
		snprintf(line, size, "%.*s", (int)length, entry);
	}
	ssh_string_free_char(entry);
	return length;
}

size_t smd_ssh_peer_fingerprint(void *connection, char *text, size_t size)
{
	struct smd_ssh *ssh = connection;
	char printed[64] = "";
	ssh_key key = NULL;

	if (ssh_get_server_publickey(ssh->session, &key) == SSH_OK)
		print_fingerprint(key, printed, sizeof(printed));
	ssh_key_free(key);
	snprintf(text, size, "%s", printed);
	return strlen(printed);
}

/* Describe a key: `SHA256:... (ssh-ed25519)`. */
static void describe(ssh_key key, char *text, size_t size)
{
	const char *type = ssh_key_type_to_char(ssh_key_type(key));
	char printed[64];

	print_fingerprint(key, printed, sizeof(printed));
	snprintf(text, size, "%s (%s)", printed, type ? type : "unknown");
}

static void describe_peer(struct smd_ssh *ssh, char *text, size_t size)
{
	ssh_key key = NULL;

	ssh_get_server_publickey(ssh->session, &key);
	describe(key, text, size);
	ssh_key_free(key);
}

/*
 * Describe the first key that the file has for the peer, as libssh does not tell which one
 * differed.
 */
static void describe_accepted(struct smd_ssh *ssh, char *text, size_t size)
{
	FILE *file = fopen(ssh->target->known_hosts, "re");
	char name[300], line[8192];

	snprintf(text, size, "another");
	if (!file)
		return;
	/*
	 * The known_hosts line of the peer's key begins with the name to look for: `host` or
	 * `[host]:port`.
	 */
	smd_ssh_peer_key(ssh, line, sizeof(line));
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, " "), line);
	while (fgets(line, sizeof(line), file)) {
		struct ssh_knownhosts_entry *entry = NULL;

		line[strcspn(line, "\n")] = '\0';
		if (ssh_known_hosts_parse_line(name, line, &entry) != SSH_OK)
			continue;
		describe(entry->publickey, text, size);
		ssh_knownhosts_entry_free(entry);
		break;
	}
	fclose(file);
}

static const char *name_of(const struct smd_ssh *ssh)
{
	return ssh->target->name ? ssh->target->name : ssh->target->host;
}

static int unknown(struct smd_ssh *ssh, struct smd_error *error)
{
	char peer[128];

	describe_peer(ssh, peer, sizeof(peer));
	smd_fail(error, SMD_E_UNTRUSTED, "the host key %s is not known", peer);
	smd_error_hint(error,
		       "compare it with the one at the device's console, then: "
		       "sdctl device trust %s",
		       name_of(ssh));
	return SMD_E_UNTRUSTED;
}

static int changed(struct smd_ssh *ssh, struct smd_error *error)
{
	char peer[128], accepted[128];

	describe_peer(ssh, peer, sizeof(peer));
	describe_accepted(ssh, accepted, sizeof(accepted));
	smd_fail(error, SMD_E_UNTRUSTED,
		 "THE HOST KEY HAS CHANGED: it is %s, accepted was %s; somebody may be posing as "
		 "the device, so no credentials were sent",
		 peer, accepted);
	smd_error_hint(error,
		       "find out why at the device's console; only if the new fingerprint is "
		       "really its own: sdctl device trust %s",
		       name_of(ssh));
	return SMD_E_UNTRUSTED;
}

/*
 * libssh treats a file that it cannot read as empty, and waits for the other end of a FIFO. No
 * file is fine.
 */
static int check_readable(const char *path, struct smd_error *error)
{
	struct stat status;
	int err = 0;

	if (!path || !*path)
		return 0;
	if (access(path, R_OK) || stat(path, &status)) {
		if (errno == ENOENT)
			return 0;
		err = smd_fail(error, SMD_E_IO, "cannot read the accepted host keys: %s",
			       strerror(errno));
	} else if (!S_ISREG(status.st_mode)) {
		err = smd_fail(error, SMD_E_INVALID,
			       "cannot read the accepted host keys: not a regular file");
	}
	if (err)
		smd_error_where(error, "%s", path);
	return err;
}

int smd_ssh_trust(struct smd_ssh *ssh, struct smd_error *error)
{
	const char *path = ssh->target->known_hosts;
	int err = check_readable(path, error);

	if (err)
		return err;
	switch (ssh_session_is_known_server(ssh->session)) {
	case SSH_KNOWN_HOSTS_OK:
		return 0;
	case SSH_KNOWN_HOSTS_CHANGED:
	case SSH_KNOWN_HOSTS_OTHER:
		err = changed(ssh, error);
		break;
	case SSH_KNOWN_HOSTS_UNKNOWN:
	case SSH_KNOWN_HOSTS_NOT_FOUND:
		err = unknown(ssh, error);
		break;
	default:
		err = smd_fail(error, SMD_E_UNTRUSTED, "the host key cannot be checked: %s",
			       ssh_get_error(ssh->session));
	}
	smd_ssh_prefix(ssh, error);
	smd_error_where(error, "%s", path ? path : "");
	return err;
}
