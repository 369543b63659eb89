/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HOLDER 128 /* maximum length of its first line: "PID PROGRAM SINCE\n" */

static int make_one(const char *path)
{
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -1 : 0;
}

/* Make a folder and its parents, as mkdir -p, with access for the user only. */
static int make_all(const char *path)
{
	char *copy = strdup(path);
	int err = 0;

	if (!copy)
		return -1;
	for (char *slash = strchr(copy + 1, '/'); slash && !err; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = make_one(copy);
		*slash = '/';
	}
	if (!err)
		err = make_one(copy);
	free(copy);
	return err;
}

int folder_make(const struct folder *folder, struct smd_error *error)
{
	struct stat status;

	if (make_all(folder->path) < 0 || stat(folder->path, &status) < 0)
		return smd_fail(error, SMD_E_IO, "cannot make the store's folder \"%s\": %s",
				folder->path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return smd_fail(error, SMD_E_INVALID, "cannot open the store \"%s\": not a folder",
				folder->path);
	if (status.st_mode & (S_IWGRP | S_IWOTH)) {
		smd_fail(error, SMD_E_INVALID,
			 "cannot open the store \"%s\": others can write to it", folder->path);
		smd_error_hint(error, "chmod go-w '%s'", folder->path);
		return SMD_E_INVALID;
	}
	return 0;
}

/* Read the lock file, as "1234 sdctl 2026-11-30T22:51:08Z". Empty if the store was closed properly.
 */
static void read_holder(int lock, char holder[HOLDER])
{
	ssize_t size = pread(lock, holder, HOLDER - 1, 0);

	holder[size > 0 ? size : 0] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
}

static int held(const struct folder *folder, int lock, struct smd_error *error)
{
	char holder[HOLDER];
	char *program, *since;

	read_holder(lock, holder);
	program = strchr(holder, ' ');
	if (!program)
		return smd_fail(error, SMD_E_BUSY, "the store \"%s\" is held by another process",
				folder->path);
	*program++ = '\0';
	since = strchr(program, ' ');
	if (since)
		*since++ = '\0';
	smd_fail(error, SMD_E_BUSY, "the store \"%s\" is held by process %s (%s)%s%s", folder->path,
		 holder, program, since ? " since " : "", since ? since : "");
	smd_error_hint(error, "use the running program, or end it");
	return SMD_E_BUSY;
}

/* Write the holder's name to the lock file; it is used for messages and to detect a crash. */
static int write_holder(int lock)
{
	char holder[HOLDER], now[32] = "";
	time_t seconds = time(NULL);
	struct tm utc;
	int size;

	if (gmtime_r(&seconds, &utc))
		strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &utc);
	size = snprintf(holder, sizeof(holder), "%ld %.64s %s\n", (long)getpid(),
			program_invocation_short_name, now);

	if (ftruncate(lock, 0) < 0 || pwrite(lock, holder, (size_t)size, 0) != size)
		return -1;
	return 0;
}

/* The note is text behind the holder: the salt in hexadecimal digits, and the frames. */
#define NOTE 32

void folder_keep_note(const struct folder *folder, const struct log_note *note)
{
	char text[NOTE];
	int size = 0;

	for (size_t i = 0; i < sizeof(note->salt); i++)
		size += snprintf(text + size, sizeof(text) - (size_t)size, "%02x", note->salt[i]);
	size += snprintf(text + size, sizeof(text) - (size_t)size, " %010u\n", note->frames);
	if (pwrite(folder->lock, text, (size_t)size, HOLDER) != size)
		return; /* the earlier note stays true */
}

static void parse_note(int lock, struct log_note *note)
{
	char text[NOTE] = "";
	ssize_t size = pread(lock, text, sizeof(text) - 1, HOLDER);
	unsigned byte;

	*note = (struct log_note){.frames = 0};
	if (size != 28 || text[16] != ' ' || strspn(text, "0123456789abcdef") != 16)
		return;
	for (size_t i = 0; i < sizeof(note->salt); i++)
		if (sscanf(text + 2 * i, "%2x", &byte) == 1)
			note->salt[i] = (unsigned char)byte;
	note->frames = (uint32_t)strtoul(text + 17, NULL, 10);
}

static int lock_fail(const struct folder *folder, int lock, struct smd_error *error)
{
	smd_fail(error, SMD_E_IO, "cannot lock the store \"%s\": %s", folder->path,
		 strerror(errno));
	if (lock >= 0)
		close(lock);
	return SMD_E_IO;
}

int folder_lock(struct folder *folder, struct smd_error *error)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char holder[HOLDER], *path;
	struct stat status;
	int lock, err;

	if (asprintf(&path, "%s/lock", folder->path) < 0)
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot lock the store: out of memory");
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	free(path);
	if (lock < 0)
		return lock_fail(folder, lock, error);
	if (fstat(lock, &status) < 0 || !S_ISREG(status.st_mode)) {
		close(lock);
		return smd_fail(error, SMD_E_INVALID,
				"cannot lock the store \"%s\": \"lock\" is not a regular file",
				folder->path);
	}
	if (fcntl(lock, F_OFD_SETLK, &whole) < 0) {
		if (errno != EAGAIN && errno != EACCES)
			return lock_fail(folder, lock, error);
		err = held(folder, lock, error);
		close(lock);
		return err;
	}
	read_holder(lock, holder);
	parse_note(lock, &folder->note);
	if (write_holder(lock) < 0)
		return lock_fail(folder, lock, error);
	folder->unclean = holder[0] != '\0';
	folder->lock = lock;
	return 0;
}

void folder_unlock(struct folder *folder)
{
	if (folder->lock < 0)
		return;
	/*
	 * The file is kept: if it were removed, two processes could each lock a file of that
	 * name.
	 */
	/* The next holder then checks the whole file, which does no harm */
	if (ftruncate(folder->lock, 0) < 0)
		folder->unclean = 1;
	close(folder->lock);
	folder->lock = -1;
}

/* Open the lock file to read; -1 with errno. */
static int open_lock(const char *database)
{
	char *path;
	int lock;

	if (asprintf(&path, "%.*s/lock", (int)(strrchr(database, '/') - database), database) < 0)
		return -1;
	lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	free(path);
	return lock;
}

void folder_read_note(const char *database, struct log_note *note)
{
	int lock = open_lock(database);

	*note = (struct log_note){.frames = 0};
	if (lock < 0)
		return;
	parse_note(lock, note);
	close(lock);
}

int folder_is_locked(const char *database, struct smd_error *error)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int lock = open_lock(database), err;

	if (lock < 0)
		return errno == ENOENT ? 0
				       : smd_fail(error, SMD_E_IO, "cannot look at the lock: %s",
						  strerror(errno));
	err = fcntl(lock, F_OFD_GETLK, &whole) < 0
		      ? smd_fail(error, SMD_E_IO, "cannot look at the lock: %s", strerror(errno))
		      : whole.l_type != F_UNLCK;
	close(lock);
	return err;
}
