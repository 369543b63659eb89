/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/sdctl/sdctl.h"
#include "core/base/large.h"

int find_root(struct run *run)
{
	ssize_t length = readlink("/proc/self/exe", run->root, sizeof(run->root) - 1);

	if (length < 0)
		return smd_fail(&run->error, SMD_E_IO, "cannot find where this program lies: %s",
				strerror(errno));
	run->root[length] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(run->root, '/');

		if (slash)
			*slash = '\0';
	}
	return 0;
}

void parts_path(const struct run *run, char *out, size_t size)
{
	static const char *const folders[] = {"lib", SMD_LIBDIR};

	if (run->parts) {
		snprintf(out, size, "%s", run->parts);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		snprintf(out, size, "%s/%s/smartdeploy", run->root, folders[i]);
		if (!access(out, R_OK))
			return;
	}
}

void share_path(const struct run *run, const char *name, char *out, size_t size)
{
	snprintf(out, size, "%s/share/smartdeploy/%s", run->root, name);
}

void home_path(const struct run *run, char *out, size_t size)
{
	const char *user_state = getenv("XDG_STATE_HOME");
	const char *user = getenv("HOME");

	if (run->home && *run->home)
		snprintf(out, size, "%s", run->home);
	else if (!geteuid())
		snprintf(out, size, "/var/lib/smartdeploy/home");
	else if (user_state && *user_state)
		snprintf(out, size, "%s/smartdeploy", user_state);
	else
		snprintf(out, size, "%s/.local/state/smartdeploy", user ? user : ".");
}

/* The size of a regular file; any guess for another kind. */
static size_t expected_size(FILE *file)
{
	struct stat info;

	return !fstat(fileno(file), &info) && S_ISREG(info.st_mode) && info.st_size > 0
		       ? (size_t)info.st_size
		       : 65536;
}

static char *grow(char *text_take, size_t used, size_t room)
{
	char *more = smd_large_new(room);

	if (!more)
		errno = ENOMEM;
	else if (used)
		memcpy(more, text_take, used);
	free(text_take);
	return more;
}

/* Read to the end, at most `limit` bytes. */
static char *read_all(FILE *file, size_t limit)
{
	/* Room for a NUL, and one more byte that shows the end */
	size_t used = 0, got, room = expected_size(file) + 2;
	char *text = room <= limit + 2 ? grow(NULL, 0, room) : NULL;
	int failed; /* why the last read did, if it did */

	if (room > limit + 2)
		errno = EFBIG;
	while (text && (got = fread(text + used, 1, room - used - 1, file)) > 0) {
		used += got;
		if (used > limit)
			break;
		if (used + 1 == room) {
			room = room > limit / 2 ? limit + 2 : room * 2;
			text = grow(text, used, room);
		}
	}
	failed = errno;
	if (!text)
		return NULL;
	text[used] = '\0';
	if (used <= limit && !ferror(file) && strlen(text) == used)
		return text;
	errno = used > limit ? EFBIG : ferror(file) ? failed : EILSEQ;
	free(text);
	return NULL;
}

static void cannot_read(struct run *run, const char *path, size_t limit)
{
	if (errno == EFBIG)
		smd_fail(&run->error, SMD_E_INVALID,
			 "\"%s\" has more than %zu MiB, the most that is read", path, limit >> 20);
	else
		smd_fail(&run->error, errno == ENOENT ? SMD_E_NOT_FOUND : SMD_E_IO,
			 "cannot read \"%s\": %s", path,
			 errno == EILSEQ ? "it is not text" : strerror(errno));
}

char *read_file(struct run *run, const char *path, size_t limit)
{
	int is_input = !strcmp(path, "-");
	FILE *file = is_input ? stdin : fopen(path, "re");
	char *text;

	if (is_input && run->read_input++) {
		smd_fail(&run->error, SMD_E_INVALID, "standard input can be read only once");
		return NULL;
	}
	text = file ? read_all(file, limit) : NULL;
	if (!text)
		cannot_read(run, path, limit);
	if (file && file != stdin)
		fclose(file);
	return text;
}

static int write_all(int file, const char *text)
{
	FILE *stream = fdopen(file, "w");
	int bad;

	if (!stream) {
		close(file);
		return -1;
	}
	bad = fputs(text, stream) < 0;
	return fclose(stream) || bad ? -1 : 0;
}

static int cannot_write(struct run *run, const char *path)
{
	return smd_fail(&run->error, SMD_E_IO, "cannot write \"%s\": %s", path, strerror(errno));
}

/* Write to an existing terminal, pipe or device file. */
static int write_through(struct run *run, const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);

	return file < 0 || write_all(file, text) ? cannot_write(run, path) : 0;
}

/* Replace a file atomically, readable by the user only, because plans can contain secrets. */
int write_file(struct run *run, const char *path, const char *text)
{
	struct stat info;
	char draft[4096];
	int file;

	if (!strcmp(path, "-")) {
		if (fputs(text, stdout) >= 0 && putchar('\n') != EOF && !fflush(stdout))
			return 0;
		return cannot_write(run, "standard output");
	}
	if (!lstat(path, &info) && !S_ISREG(info.st_mode))
		return write_through(run, path, text);
	if (snprintf(draft, sizeof(draft), "%s.XXXXXX", path) >= (int)sizeof(draft))
		return smd_fail(&run->error, SMD_E_INVALID, "the name \"%s\" is too long", path);
	file = mkostemp(draft, O_CLOEXEC); /* created with mode 0600 */
	if (file >= 0 && !write_all(file, text) && !rename(draft, path))
		return 0;
	cannot_write(run, path);
	if (file >= 0)
		unlink(draft);
	return SMD_E_IO;
}
