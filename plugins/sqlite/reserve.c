/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "store.db.reserve"

int reserve_find(struct folder *folder, struct smd_error *error)
{
	struct stat status;

	folder->directory = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->directory < 0)
		return smd_fail(error, SMD_E_IO, "cannot open the store's folder \"%s\": %s",
				folder->path, strerror(errno));
	if (fstatat(folder->directory, NAME, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISREG(status.st_mode) && status.st_size > 0)
		folder->reserve = (size_t)status.st_size;
	else
		unlinkat(folder->directory, NAME, 0);
	return 0;
}

/* Write at the end of the file; random bytes, because some file systems store zeros in no room. */
static int fill(int file, size_t size)
{
	char bytes[65536];

	while (size) {
		size_t want = size < sizeof(bytes) ? size : sizeof(bytes);
		ssize_t got = getrandom(bytes, want, 0);

		if (got > 0)
			got = write(file, bytes, (size_t)got);
		if (got < 0 && errno != EINTR)
			return -1;
		if (got > 0)
			size -= (size_t)got;
	}
	return 0;
}

/* Give the file its size, so that the disk really has the room, also after a power cut. */
static int allocate(int file, size_t from, size_t to)
{
	int failed;

	if (to <= from)
		return ftruncate(file, (off_t)to);
	do
		failed = fallocate(file, 0, (off_t)from, (off_t)(to - from));
	while (failed && errno == EINTR);
	if (failed && errno != EOPNOTSUPP && errno != ENOSYS)
		return -1;
	if (failed && (lseek(file, (off_t)from, SEEK_SET) < 0 || fill(file, to - from) < 0))
		return -1;
	return fsync(file);
}

static int resize(const struct folder *folder, size_t size)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int file = openat(folder->directory, NAME, flags, 0600), code = 0;

	if (file < 0)
		return -1;
	if (allocate(file, folder->reserve, size) < 0 || fsync(folder->directory) < 0) {
		code = errno;
		if (!folder->reserve)
			unlinkat(folder->directory, NAME, 0);
		else if (ftruncate(file, (off_t)folder->reserve) < 0)
			code = errno;
	}
	close(file);
	errno = code;
	return code ? -1 : 0;
}

int reserve_resize(struct folder *folder, size_t size, struct smd_error *error)
{
	if (!size && folder->reserve)
		unlinkat(folder->directory, NAME, 0);
	if (size && resize(folder, size) < 0) {
		smd_fail(error, SMD_E_IO, "cannot keep %zu bytes of room beside \"%s\": %s", size,
			 folder->database, strerror(errno));
		smd_error_hint(error, "free some space on the disk");
		return SMD_E_IO;
	}
	folder->reserve = size;
	return 0;
}

int reserve_use(struct folder *folder)
{
	if (!folder->reserve || unlinkat(folder->directory, NAME, 0) < 0)
		return 0;
	folder->reserve = 0;
	fsync(folder->directory); /* some file systems free the room only then */
	return 1;
}
