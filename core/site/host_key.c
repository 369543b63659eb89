/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/host_key.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/site/known_hosts.h"

#define FINGERPRINT 64 /* size of one as text */

/* Base64 (RFC 4648, section 4) */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Decode up to the first character that is none of the alphabet; returns the number of bytes. */
static size_t decode(const char *text, uint8_t *out)
{
	uint32_t bits = 0;
	size_t count = 0;
	int have = 0;

	for (const char *at; *text && (at = strchr(alphabet, *text)); text++) {
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		out[count++] = (uint8_t)(bits >> have);
	}
	return count;
}

/* Encode without padding; `out` has room for (size * 4 + 2) / 3 characters and a NUL. */
static void encode(const uint8_t *bytes, size_t size, char *out)
{
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < size; i++) {
		bits = bits << 8 | bytes[i];
		for (have += 8; have >= 6; have -= 6)
			*out++ = alphabet[bits >> (have - 6) & 63];
	}
	if (have)
		*out++ = alphabet[bits << (6 - have) & 63];
	*out = '\0';
}

static int print_fingerprint(const char *key, char out[FINGERPRINT])
{
	smd_cleanup(free) uint8_t *blob = malloc(strlen(key) + 1);
	uint8_t digest[SMD_SHA256_SIZE];
	int err = blob ? smd_sha256(blob, decode(key, blob), digest) : SMD_E_NO_MEMORY;

	memcpy(out, "SHA256:", 8);
	if (!err)
		encode(digest, sizeof(digest), out + 7);
	return err;
}

/* The host's name in the file: `host`, or `[host]:port` (sshd(8)). */
static char *name_of(const char *address, uint16_t port)
{
	char *name = NULL;

	if (port == 22)
		return strdup(address);
	return asprintf(&name, "[%s]:%u", address, port) < 0 ? NULL : name;
}

/* Add the key of a line `NAMES TYPE KEY [COMMENT]`, which is split in place. */
static int add_key(cJSON *keys, char *line)
{
	char *rest = NULL, fingerprint[FINGERPRINT];
	const char *type, *key;
	cJSON *json;
	int err;

	strtok_r(line, " \t", &rest);
	type = strtok_r(NULL, " \t", &rest);
	key = strtok_r(NULL, " \t", &rest);
	if (!type || !key)
		return 0;
	err = print_fingerprint(key, fingerprint);
	if (err)
		return err;
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "type", type);
	cJSON_AddStringToObject(json, "fingerprint", fingerprint);
	return cJSON_AddItemToArray(keys, json) ? 0 : SMD_E_NO_MEMORY;
}

static int read_keys(FILE *file, const char *name, cJSON *keys, int *hashed)
{
	smd_cleanup(free) char *line = NULL;
	size_t room = 0;
	int err = 0;

	while (!err && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line == '|')
			*hashed = 1;
		else if (smd_known_hosts_line_is_of(line, name, strlen(name)))
			err = add_key(keys, line);
	}
	return err ? err : ferror(file) ? SMD_E_IO : 0;
}

int smd_host_keys_accepted(const char *path, const char *address, uint16_t port, cJSON **out,
			   int *hashed, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *keys = cJSON_CreateArray();
	smd_cleanup(free) char *name = name_of(address, port);
	int ignored, err = 0;
	FILE *file = NULL;

	hashed = hashed ? hashed : &ignored;
	*hashed = 0;
	if (!keys || !name)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (*path)
		err = smd_known_hosts_open(path, &file, error);
	if (!err && file) {
		err = read_keys(file, name, keys, hashed);
		if (err)
			smd_fail(error, err, "cannot read \"%s\"", path);
	}
	if (file)
		fclose(file);
	if (!err)
		*out = smd_take(keys);
	return err;
}
