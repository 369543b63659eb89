/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database file: creating, recognising, checking and upgrading it.
 *
 * A new database is made under another name and renamed when it is complete. So an empty or
 * incomplete `store.db` was not made by this plugin and is always refused.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x536d4470  /* "SmDp", in the header (https://sqlite.org/fileformat2.html) */
#define PATIENCE 5000           /* milliseconds to wait for a reader that recovers the log */
#define SMALL ((off_t)64 << 20) /* a file up to this size is checked completely at each start */

/*
 * Step i upgrades a database from version i to i + 1, in one transaction. Released steps never
 * change; new ones are added, and none may lose data.
 *
 * An ordinary table with an index, not WITHOUT ROWID: there, the large values would fill the
 * inner pages of the tree. `revision` is before `value`, so that reading it needs no overflow
 * page.
 */
static const char *const steps[] = {
	"CREATE TABLE record ("
	" id INTEGER PRIMARY KEY,"
	" tbl TEXT NOT NULL,"
	" key BLOB NOT NULL,"
	" revision INTEGER NOT NULL,"
	" value BLOB NOT NULL,"
	" UNIQUE (tbl, key))",
	/* Of the records that there are, damage that happened before is not seen */
	"ALTER TABLE record ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
	"UPDATE record SET sum = checksum(tbl, key, revision, value)",
};
#define VERSION ((int)(sizeof(steps) / sizeof(steps[0])))

static enum smd_err code_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return SMD_E_NO_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return SMD_E_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return SMD_E_INVALID;
	default:
		return SMD_E_IO;
	}
}

int database_fail(sqlite3 *database, struct smd_error *error, const char *format, ...)
{
	int code = database ? sqlite3_extended_errcode(database) : SQLITE_NOMEM;
	int system = database ? sqlite3_system_errno(database) : 0;
	const char *text = database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if ((code & 0xff) == SQLITE_IOERR && system)
		smd_fail(error, SMD_E_IO, "%s: %s (%s)", what, text, strerror(system));
	else
		smd_fail(error, code_of(code), "%s: %s", what, text);
	if ((code & 0xff) == SQLITE_FULL)
		smd_error_hint(error, "free some space on the disk");
	else if (code_of(code) == SMD_E_INVALID)
		smd_error_hint(error, "the store is damaged: restore it from a backup");
	return code_of(code);
}

int database_lacks_room(sqlite3 *database)
{
	int code = sqlite3_extended_errcode(database), system = sqlite3_system_errno(database);

	if (code == SQLITE_IOERR_FSYNC) /* what was to be synced is lost */
		return 0;
	if ((code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE)
		return 1;
	return ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) &&
	       (system == ENOSPC || system == EDQUOT);
}

static int run_sql(sqlite3 *database, const char *sql)
{
	return sqlite3_exec(database, sql, NULL, NULL, NULL);
}

/* Read the number that a pragma returns. */
static int pragma_number(sqlite3 *database, const char *sql, int *out)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(database, sql, -1, &statement, NULL);

	if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		*out = sqlite3_column_int(statement, 0);
	else if (code == SQLITE_OK)
		code = SQLITE_ERROR;
	sqlite3_finalize(statement); /* the connection keeps its error */
	return code;
}

static int connect(const char *path, int flags, sqlite3 **out, struct smd_error *error)
{
	int err;

	/* NOMUTEX: only one thread at a time uses a connection */
	if (sqlite3_open_v2(path, out, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL)) {
		err = database_fail(*out, error, "cannot open \"%s\"", path);
		sqlite3_close(*out);
		*out = NULL;
		return err;
	}
	sqlite3_busy_timeout(*out, PATIENCE);
	sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(*out, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

/* Check that the file is a store's, and read its version. */
static int identify(sqlite3 *database, const char *path, int *version, struct smd_error *error)
{
	int application = 0;

	if (pragma_number(database, "PRAGMA application_id", &application) ||
	    pragma_number(database, "PRAGMA user_version", version))
		return database_fail(database, error, "cannot open \"%s\"", path);
	if (application != APPLICATION) {
		smd_fail(error, SMD_E_INVALID, "cannot open \"%s\": not a store of smart deploy",
			 path);
		smd_error_hint(error, "give another folder, or restore the file from a backup");
		return SMD_E_INVALID;
	}
	if (*version < 1) { /* a store gets its version before its name */
		smd_fail(error, SMD_E_INVALID, "the store \"%s\" is damaged: it is of version %d",
			 path, *version);
		smd_error_hint(error, "restore it from a backup; nothing was changed");
		return SMD_E_INVALID;
	}
	if (*version <= VERSION)
		return 0;
	smd_fail(error, SMD_E_UNSUPPORTED,
		 "cannot open \"%s\": it is of version %d, this program knows up to %d", path,
		 *version, VERSION);
	smd_error_hint(error, "use the newer program that wrote it");
	return SMD_E_UNSUPPORTED;
}

/* Read all pages and check their consistency. */
static int check_pages(sqlite3 *database, const char *path, struct smd_error *error)
{
	sqlite3_stmt *statement = NULL;
	const char *found = NULL;
	int err = 0;

	if (sqlite3_prepare_v2(database, "PRAGMA integrity_check(1)", -1, &statement, NULL) ==
		    SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		found = (const char *)sqlite3_column_text(statement, 0);
	if (!found) {
		err = database_fail(database, error, "cannot check \"%s\"", path);
	} else if (strcmp(found, "ok") != 0) {
		err = smd_fail(error, SMD_E_INVALID, "the store \"%s\" is damaged: %s", path,
			       found);
		smd_error_hint(error, "restore it from a backup; nothing was changed");
	}
	sqlite3_finalize(statement);
	return err;
}

/* Check an existing file through a read-only connection. */
static int examine(const struct folder *folder, int thorough, struct smd_error *error)
{
	const char *path = folder->database;
	sqlite3 *database = NULL;
	int version, has_log, err = files_check(path, 0, &folder->note, &has_log, error);

	if (!err)
		err = connect(path, SQLITE_OPEN_READONLY, &database, error);
	if (!err && !has_log)
		err = files_check_length(database, path, error);
	if (!err)
		err = identify(database, path, &version, error);
	if (!err && thorough)
		err = check_pages(database, path, error);
	sqlite3_close(database);
	return err;
}

/* The SQL function of step 1. */
static void sum_row(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *table = (const char *)sqlite3_value_text(values[0]);
	const void *key = sqlite3_value_blob(values[1]), *value = sqlite3_value_blob(values[3]);
	size_t key_size = (size_t)sqlite3_value_bytes(values[1]);
	size_t size = (size_t)sqlite3_value_bytes(values[3]);
	uint64_t revision = (uint64_t)sqlite3_value_int64(values[2]);

	(void)count;
	if (!table)
		table = "";
	sqlite3_result_int64(context,
			     (int64_t)checksum_of_record(sqlite3_user_data(context), table, key,
							 key_size, revision, value, size));
}

static int migrate(sqlite3 *database, const char *path, int version, struct smd_error *error)
{
	struct checksum checksum;
	char stamp[64];

	if (version < VERSION) {
		checksum_init(&checksum);
		sqlite3_create_function(database, "checksum", 4, SQLITE_UTF8, &checksum, sum_row,
					NULL, NULL);
	}
	for (; version < VERSION; version++) {
		snprintf(stamp, sizeof(stamp), "PRAGMA user_version=%d; COMMIT", version + 1);
		if (run_sql(database, "BEGIN IMMEDIATE") == SQLITE_OK &&
		    run_sql(database, steps[version]) == SQLITE_OK &&
		    run_sql(database, stamp) == SQLITE_OK)
			continue;
		return database_fail(database, error, "cannot bring \"%s\" to version %d", path,
				     version + 1);
	}
	sqlite3_create_function(database, "checksum", 4, SQLITE_UTF8, NULL, NULL, NULL, NULL);
	return 0;
}

/*
 * Set up a writing connection. The log is synced at every commit, as law 7 requires. Temporary
 * data is in memory, so that it needs no room on a disk.
 */
static int prepare_writing(sqlite3 *database, const char *path, struct smd_error *error)
{
	if (run_sql(database,
		    "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON;"
		    "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY") != SQLITE_OK)
		return database_fail(database, error, "cannot open \"%s\"", path);
	return 0;
}

static int fill_new(const char *path, struct smd_error *error)
{
	sqlite3 *database = NULL;
	char stamp[64];
	int err = connect(path, SQLITE_OPEN_READWRITE, &database, error);

	snprintf(stamp, sizeof(stamp), "PRAGMA application_id=%d", APPLICATION);
	if (!err)
		err = prepare_writing(database, path, error);
	if (!err && run_sql(database, stamp) != SQLITE_OK)
		err = database_fail(database, error, "cannot make \"%s\"", path);
	if (!err)
		err = migrate(database, path, 0, error);
	if (!err && run_sql(database, "PRAGMA journal_mode=WAL") != SQLITE_OK)
		err = database_fail(database, error, "cannot make \"%s\"", path);
	sqlite3_close(database); /* merges the log into the file and removes it */
	return err;
}

/* Rename a file, and make that durable. */
static int publish(const char *folder, const char *from, const char *to)
{
	int directory = -1, failed = rename(from, to) < 0;

	if (!failed)
		directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	failed = failed || directory < 0 || fsync(directory) < 0;
	if (directory >= 0)
		close(directory);
	return failed ? -1 : 0;
}

static void remove_with_logs(const char *path)
{
	static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char *name;

		if (asprintf(&name, "%s%s", path, suffixes[i]) < 0)
			return;
		unlink(name);
		free(name);
	}
}

static int make_new(const struct folder *folder, struct smd_error *error)
{
	char *path;
	int file, err = 0;

	if (asprintf(&path, "%s.new", folder->database) < 0)
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot make a store: out of memory");
	remove_with_logs(path); /* left by a start that was interrupted */
	/* Created here with mode 0600, which the library copies to its log files */
	file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file >= 0) {
		close(file);
		err = fill_new(path, error);
	}
	if (file < 0 || (!err && publish(folder->path, path, folder->database) < 0))
		err = smd_fail(error, SMD_E_IO, "cannot make \"%s\": %s", folder->database,
			       strerror(errno));
	if (err)
		remove_with_logs(path);
	free(path);
	return err;
}

/* Fail if there is a log without its file: SQLite would apply it to a new file. */
static int refuse_orphan_log(const struct folder *folder, struct smd_error *error)
{
	struct stat status;
	char *log;
	int there;

	if (asprintf(&log, "%s-wal", folder->database) < 0)
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot make a store: out of memory");
	there = lstat(log, &status) == 0;
	free(log);
	if (!there)
		return 0;
	smd_fail(error, SMD_E_INVALID, "cannot open \"%s\": it is missing, but its log is there",
		 folder->database);
	smd_error_hint(error, "restore the file from a backup, or move store.db-wal away");
	return SMD_E_INVALID;
}

/* Check the file, or make it if there is none. */
static int examine_or_make(const struct folder *folder, struct smd_error *error)
{
	const char *path = folder->database;
	struct stat status;
	int err;

	if (stat(path, &status) == 0)
		return examine(folder, folder->unclean || status.st_size <= SMALL, error);
	if (errno != ENOENT)
		return smd_fail(error, SMD_E_IO, "cannot open \"%s\": %s", path, strerror(errno));
	err = refuse_orphan_log(folder, error);
	return err ? err : make_new(folder, error);
}

static int own(const struct folder *folder, sqlite3 **out, struct smd_error *error)
{
	const char *path = folder->database;
	sqlite3 *database = NULL;
	int version, err = examine_or_make(folder, error);

	if (!err)
		err = connect(path, SQLITE_OPEN_READWRITE, &database, error);
	if (!err)
		err = prepare_writing(database, path, error);
	if (!err)
		err = identify(database, path, &version, error);
	if (!err)
		err = migrate(database, path, version, error);
	if (!err && chmod(path, 0600) < 0)
		err = smd_fail(error, SMD_E_IO, "cannot open \"%s\": %s", path, strerror(errno));
	if (err)
		sqlite3_close(database);
	else
		*out = database;
	return err;
}

static int refuse_older(const struct folder *folder, int version, struct smd_error *error)
{
	smd_fail(error, SMD_E_UNSUPPORTED,
		 "cannot look into \"%s\": it is of version %d, its owner has to bring it to "
		 "version %d first",
		 folder->database, version, VERSION);
	smd_error_hint(error,
		       "every command that writes does that; `sdctl init` does nothing else");
	return SMD_E_UNSUPPORTED;
}

static int check_to_look(sqlite3 *database, const struct folder *folder, off_t size, int has_log,
			 struct smd_error *error)
{
	int version, err = 0;

	if (!has_log)
		err = files_check_length(database, folder->database, error);
	if (!err)
		err = identify(database, folder->database, &version, error);
	if (!err && version < VERSION)
		err = refuse_older(folder, version, error);
	return err || size > SMALL ? err : check_pages(database, folder->database, error);
}

static int open_to_look(const struct folder *folder, sqlite3 **out, struct smd_error *error)
{
	sqlite3 *database = NULL;
	struct stat status = {0};
	struct log_note note;
	int owned, has_log, err;

	if (stat(folder->database, &status) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return smd_fail(error, SMD_E_NOT_FOUND, "there is no store in \"%s\"",
				folder->path);
	owned = folder_is_locked(folder->database, error);
	if (owned < 0)
		return owned;
	folder_read_note(folder->database, &note);
	err = files_check(folder->database, owned, &note, &has_log, error);
	if (!err)
		err = connect(folder->database, SQLITE_OPEN_READONLY, &database, error);
	if (!err) /* an owner may begin its log now */
		err = check_to_look(database, folder, status.st_size, has_log || owned, error);
	if (err)
		sqlite3_close(database);
	else
		*out = database;
	return err;
}

int database_open(const struct folder *folder, enum smd_store_mode mode, sqlite3 **out,
		  struct smd_error *error)
{
	return mode == SMD_STORE_OWN ? own(folder, out, error) : open_to_look(folder, out, error);
}
