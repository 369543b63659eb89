/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <smartdeploy/option.h>
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
	smd_fail(error, SMD_E_NOT_FOUND, "the environment variable \"%s\" with a secret is not set",
		 name);
	smd_error_hint(error, "set it, or name another in the inventory");
	return SMD_E_NOT_FOUND;
}

static int is_private(int file, const char *path, struct smd_error *error)
{
	struct stat info;

	if (fstat(file, &info) || !S_ISREG(info.st_mode))
		return smd_fail(error, SMD_E_INVALID, "the secret's file \"%s\" is no file", path);
	if (!(info.st_mode & 077) && (info.st_uid == geteuid() || !info.st_uid))
		return 0;
	smd_fail(error, SMD_E_UNTRUSTED, "the secret's file \"%s\" is open to others", path);
	smd_error_hint(error, "it must be yours and have mode 0600");
	return SMD_E_UNTRUSTED;
}

/* Read the first line, with read(2), so that no stdio buffer keeps a copy of the secret. */
static int read_line(int file, const char *path, char **out, struct smd_error *error)
{
	char line[1024];
	ssize_t size = read(file, line, sizeof(line) - 1);
	int err;

	line[size > 0 ? size : 0] = '\0';
	if (size <= 0 || line[0] == '\n')
		err = smd_fail(error, SMD_E_INVALID, "the secret's file \"%s\" is empty", path);
	else if (size == sizeof(line) - 1 && !strchr(line, '\n'))
		err = smd_fail(error, SMD_E_INVALID, "the secret in \"%s\" is too long", path);
	else {
		line[strcspn(line, "\r\n")] = '\0';
		err = keep(line, out, error);
	}
	explicit_bzero(line, sizeof(line));
	return err;
}

static int from_file(const char *path, char **out, struct smd_error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err;

	if (file < 0)
		return smd_fail(error, errno == ENOENT ? SMD_E_NOT_FOUND : SMD_E_IO,
				"cannot read the secret's file \"%s\": %s", path, strerror(errno));
	err = is_private(file, path, error);
	if (!err)
		err = read_line(file, path, out, error);
	close(file);
	return err;
}

int smd_secret_read(const char *env, const char *file, char **out, struct smd_error *error)
{
	*out = NULL;
	if (*env)
		return from_environment(env, out, error);
	return *file ? from_file(file, out, error) : 0;
}

static int refuse_plain(const struct smd_device *device, const char *option,
			struct smd_error *error)
{
	smd_fail(error, SMD_E_INVALID, "option \"%s\" is a secret, and is not written here",
		 option);
	smd_error_device(error, device->name);
	smd_error_where(error, "/inventory/device[name='%s']/option[name='%s']/value", device->name,
			option);
	smd_error_hint(error, "name where it is: \"value-env\" or \"value-file\"");
	return SMD_E_INVALID;
}

int smd_secret_check(const struct smd_envelope *driver, const struct smd_device *device,
		     struct smd_error *error)
{
	for (size_t i = 0; i < device->option_count; i++) {
		const struct smd_device_option *given = &device->options[i];

		for (size_t j = 0; j < driver->option_count && !smd_option_by_reference(given); j++)
			if (driver->options[j].secret &&
			    !strcmp(driver->options[j].name, given->name))
				return refuse_plain(device, given->name, error);
	}
	return 0;
}

void smd_secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
