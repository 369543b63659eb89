/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/known_hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/cleanup.h"

/*
 * How long a change waits for the changes of other processes, and how often it looks: a wait for
 * a lock ends at a deadline only by a signal, and a library sets no handlers. A folder cannot be
 * written to, so it takes flock() alone.
 */
#define LOCK_MS 5000
#define LOCK_POLL_MS 5

static int cannot(struct smd_error *error, const char *verb, const char *path)
{
	return smd_fail(error, SMD_E_IO, "cannot %s \"%s\": %s", verb, path, strerror(errno));
}

int smd_known_hosts_line_is_of(const char *line, const char *host, size_t length)
{
	size_t names = strcspn(line, " \t");

	for (size_t at = 0; at < names;) {
		size_t name = strcspn(line + at, ", \t");

		if (name == length && !strncmp(line + at, host, length))
			return 1;
		at += name + 1;
	}
	return 0;
}

/* Copy all lines except those of the host. */
static int copy_others(FILE *from, FILE *to, const char *host, size_t length)
{
	smd_cleanup(free) char *line = NULL;
	size_t room = 0;
	ssize_t size;

	while ((size = getline(&line, &room, from)) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!smd_known_hosts_line_is_of(line, host, length) &&
		    fprintf(to, "%s\n", line) < 0)
			return -1;
	}
	return ferror(from) ? -1 : 0;
}

static int write_new(FILE *old, int file, const char *line)
{
	FILE *new = fdopen(file, "w");
	int bad;

	if (!new) {
		close(file);
		return -1;
	}
	bad = old && copy_others(old, new, line, strcspn(line, " "));
	bad = bad || fprintf(new, "%s\n", line) < 0 || fflush(new) || fsync(fileno(new));
	return fclose(new) || bad ? -1 : 0;
}

/* Open the present file; only a regular file is accepted. NULL with errno ENOENT: there is none. */
static FILE *open_old(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat info;

	if (file < 0)
		return NULL;
	if (!fstat(file, &info) && S_ISREG(info.st_mode))
		return fdopen(file, "r");
	close(file);
	errno = EINVAL;
	return NULL;
}

int smd_known_hosts_open(const char *path, FILE **out, struct smd_error *error)
{
	*out = open_old(path);
	return *out || errno == ENOENT ? 0 : cannot(error, "read", path);
}

static int replace_file(const char *path, const char *line, struct smd_error *error)
{
	smd_cleanup(free) char *draft = NULL;
	FILE *old;
	int file, bad, err = smd_known_hosts_open(path, &old, error);

	if (err)
		return err;
	file = asprintf(&draft, "%s.XXXXXX", path) < 0 ? -1 : mkostemp(draft, O_CLOEXEC);
	bad = file < 0 || write_new(old, file, line) || rename(draft, path);
	if (bad)
		cannot(error, "write", path);
	if (bad && file >= 0)
		unlink(draft);
	if (old)
		fclose(old);
	return bad ? SMD_E_IO : 0;
}

/*
 * Open the file's folder and lock it, so that of several processes each changes what the one
 * before has written. The file itself cannot be the lock, because each change replaces it. The
 * lock ends when the descriptor is closed. -1 with errno; EWOULDBLOCK: somebody else has it.
 */
static int lock_folder(const char *path)
{
	const struct timespec pause = {.tv_nsec = LOCK_POLL_MS * 1000000L};
	const char *slash = strrchr(path, '/');
	smd_cleanup(free) char *folder =
		!slash ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	int file = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int before;

	for (int waited = 0; file >= 0 && flock(file, LOCK_EX | LOCK_NB); waited += LOCK_POLL_MS) {
		if (errno == EWOULDBLOCK && waited < LOCK_MS) {
			nanosleep(&pause, NULL);
			continue;
		}
		before = errno;
		close(file);
		errno = before;
		return -1;
	}
	return file;
}

int smd_known_hosts_replace(const char *path, const char *line, struct smd_error *error)
{
	int folder, err;

	if (!*path) {
		smd_fail(error, SMD_E_INVALID, "the inventory names no \"known-hosts\" file");
		return SMD_E_INVALID;
	}
	folder = lock_folder(path);
	if (folder < 0 && errno == EWOULDBLOCK)
		return smd_fail(error, SMD_E_BUSY,
				"the folder of \"%s\" is locked by another process", path);
	if (folder < 0)
		return cannot(error, "lock the folder of", path);
	err = replace_file(path, line, error);
	close(folder);
	return err;
}
