/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files as they are on the disk, looked at before SQLite opens them: it takes a file that
 * was cut within a page for whole, and a log for ended where its first damage is.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* https://sqlite.org/fileformat2.html, sections 1.3, 4.1 and 4.2 */
#define PAGE_SIZE_AT 16
#define PAGE_COUNT_AT 28
#define LOG_MAGIC 0x377f0682u /* the lowest bit: checksums of big-endian words */
#define LOG_HEADER 32
#define FRAME_HEADER 24
#define LARGEST_PAGE 65536

static uint32_t big_endian(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t little_endian(const unsigned char *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static int is_damaged(struct smd_error *error)
{
	smd_error_hint(error, "restore it from a backup; nothing was changed");
	return SMD_E_INVALID;
}

static int is_regular(const char *path, off_t *size, struct smd_error *error)
{
	struct stat status;

	*size = 0;
	if (stat(path, &status) < 0)
		return errno == ENOENT ? 0
				       : smd_fail(error, SMD_E_IO, "cannot open \"%s\": %s", path,
						  strerror(errno));
	*size = status.st_size;
	if (S_ISREG(status.st_mode))
		return 0;
	smd_fail(error, SMD_E_INVALID, "cannot open \"%s\": not a regular file", path);
	smd_error_hint(error, "give another folder, or restore the file from a backup");
	return SMD_E_INVALID;
}

/*
 * The file is read through SQLite's own descriptor: closing another one would release the locks
 * that the process has on it (fcntl(2)).
 */
int files_check_length(sqlite3 *database, const char *path, struct smd_error *error)
{
	unsigned char header[PAGE_COUNT_AT + 4];
	sqlite3_file *file = NULL;
	sqlite3_int64 size;
	uint32_t page, count;

	if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) || !file ||
	    !file->pMethods || file->pMethods->xFileSize(file, &size) ||
	    file->pMethods->xRead(file, header, sizeof(header), 0))
		return 0; /* SQLite says that it is no database */
	page = (uint32_t)header[PAGE_SIZE_AT] << 8 | header[PAGE_SIZE_AT + 1];
	page = page == 1 ? LARGEST_PAGE : page;
	count = big_endian(header + PAGE_COUNT_AT);
	if (!page || memcmp(header, "SQLite format 3", 16) != 0)
		return 0;
	if (size % page == 0 && size / page >= count)
		return 0;
	smd_fail(error, SMD_E_INVALID,
		 "the store \"%s\" is damaged: it was cut, %lld bytes of %lld are there", path,
		 (long long)size, (long long)page * count);
	return is_damaged(error);
}

/* The log */

struct log {
	int file;
	off_t size;
	unsigned char header[LOG_HEADER];
	uint32_t page;
	uint32_t sum[2]; /* of all that was read so far */
};

/* Add bytes to the log's checksum; their number is a multiple of 8. */
static void add_to_sum(struct log *log, const unsigned char *bytes, size_t size)
{
	int big = big_endian(log->header) & 1;

	for (const unsigned char *at = bytes; at < bytes + size; at += 8) {
		log->sum[0] += (big ? big_endian(at) : little_endian(at)) + log->sum[1];
		log->sum[1] += (big ? big_endian(at + 4) : little_endian(at + 4)) + log->sum[0];
	}
}

/* Does the sum of what was read so far stand at `at`? */
static int sum_is(const struct log *log, const unsigned char *at)
{
	return big_endian(at) == log->sum[0] && big_endian(at + 4) == log->sum[1];
}

static int header_is_whole(struct log *log)
{
	log->page = big_endian(log->header + 8);
	if ((big_endian(log->header) & ~1u) != LOG_MAGIC || log->page < 512 ||
	    log->page > LARGEST_PAGE || (log->page & (log->page - 1)))
		return 0;
	add_to_sum(log, log->header, 24);
	return sum_is(log, log->header + 24);
}

/* Is the frame one of this log, not one that a former log left? */
static int is_of_log(const struct log *log, const unsigned char *frame)
{
	return memcmp(frame + 8, log->header + 16, 8) == 0;
}

/*
 * The number of transactions that ended in the log and are behind a frame whose checksum is
 * wrong. The machine's failure can leave one: that which was being written, and was reported to
 * nobody. `*kept`: the frames before, up to the end of a transaction.
 */
static unsigned count_lost(struct log *log, unsigned char *frame, uint32_t *kept)
{
	size_t size = FRAME_HEADER + log->page;
	int whole = 1;
	unsigned lost = 0;
	uint32_t frames = 0;

	*kept = 0;
	for (off_t at = LOG_HEADER; at + (off_t)size <= log->size; at += (off_t)size) {
		if (pread(log->file, frame, size, at) != (ssize_t)size)
			break;
		if (whole) {
			add_to_sum(log, frame, 8);
			add_to_sum(log, frame + FRAME_HEADER, log->page);
			whole = is_of_log(log, frame) && sum_is(log, frame + 16);
		}
		frames++;
		if (whole && big_endian(frame + 4))
			*kept = frames;
		if (!whole && is_of_log(log, frame) && big_endian(frame + 4))
			lost++;
	}
	return lost;
}

static int check_frames(const char *path, struct log *log, const struct log_note *note,
			struct smd_error *error)
{
	unsigned char *frame;
	unsigned lost;
	uint32_t kept;

	if (pread(log->file, log->header, LOG_HEADER, 0) != LOG_HEADER || !header_is_whole(log)) {
		smd_fail(error, SMD_E_INVALID, "the log \"%s\" is damaged: its header is wrong",
			 path);
		return is_damaged(error);
	}
	frame = malloc(FRAME_HEADER + log->page);
	if (!frame)
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot open a store: out of memory");
	lost = count_lost(log, frame, &kept);
	free(frame);
	if (!memcmp(note->salt, log->header + 16, 8) && kept < note->frames) {
		smd_fail(error, SMD_E_INVALID,
			 "the log \"%s\" is damaged: %u frames of %u are there", path, kept,
			 note->frames);
		return is_damaged(error);
	}
	if (lost <= 1)
		return 0;
	smd_fail(error, SMD_E_INVALID,
		 "the log \"%s\" is damaged: %u batches are behind a wrong checksum", path, lost);
	return is_damaged(error);
}

/* SQLite holds no lock on the log, so it may be opened and closed here. */
static int check_log(const char *path, off_t size, const struct log_note *note,
		     struct smd_error *error)
{
	struct log log = {.size = size};
	int err;

	if (size <= LOG_HEADER)
		return 0;
	log.file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (log.file < 0)
		return smd_fail(error, SMD_E_IO, "cannot open \"%s\": %s", path, strerror(errno));
	err = check_frames(path, &log, note, error);
	close(log.file);
	return err;
}

/* The file and those beside it, the log as the last one, whose path and size are the result. */
static int check_kinds(const char *database, char **log, off_t *size, struct smd_error *error)
{
	static const char *const suffixes[] = {"", "-journal", "-shm", "-wal"};
	int err = 0;

	*log = NULL;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && !err; i++) {
		free(*log);
		*log = NULL;
		if (asprintf(log, "%s%s", database, suffixes[i]) < 0)
			return smd_fail(error, SMD_E_NO_MEMORY,
					"cannot open a store: out of memory");
		err = is_regular(*log, size, error);
	}
	return err;
}

int files_check(const char *database, int in_use, const struct log_note *note, int *has_log,
		struct smd_error *error)
{
	off_t size = 0;
	char *log;
	int err = check_kinds(database, &log, &size, error);

	*has_log = size > 0;
	if (!err && !in_use)
		err = check_log(log, size, note, error);
	free(log);
	return err;
}
