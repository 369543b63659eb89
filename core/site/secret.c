/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/cleanup.h"

static int keep(const char *text, char **out, struct smd_error *error)
{
	*out = strdup(text);
	return *out ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

static int from_environment(const char *name, char **out, struct smd_error *error)
{
	const char *value = getenv(name);

	if (value && *value)
		return keep(value, out, error);
	smd_fail(error, SMD_E_NOT_FOUND,
		 "the environment variable \"%s\" with a password is not set", name);
	smd_error_hint(error, "set it, or change the credential in the inventory");
	return SMD_E_NOT_FOUND;
}

static int from_file(const char *path, char **out, struct smd_error *error)
{
	char line[1024];
	struct stat info;
	FILE *file = fopen(path, "re");
	int err;

	if (!file || fstat(fileno(file), &info)) {
		err = smd_fail(error, SMD_E_NOT_FOUND, "cannot read the password file \"%s\": %s",
			       path, strerror(errno));
	} else if (info.st_mode & 077) {
		err = smd_fail(error, SMD_E_UNTRUSTED, "the password file \"%s\" is open to others",
			       path);
		smd_error_hint(error, "chmod 600 %s", path);
	} else if (!fgets(line, sizeof(line), file)) {
		err = smd_fail(error, SMD_E_INVALID, "the password file \"%s\" is empty", path);
	} else {
		line[strcspn(line, "\r\n")] = '\0';
		err = keep(line, out, error);
	}
	explicit_bzero(line, sizeof(line));
	if (file)
		fclose(file);
	return err;
}

int smd_secret_read(const struct smd_credential *credential, char **out, struct smd_error *error)
{
	*out = NULL;
	if (credential->password_env[0])
		return from_environment(credential->password_env, out, error);
	if (credential->password_file[0])
		return from_file(credential->password_file, out, error);
	return 0;
}

void smd_secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
