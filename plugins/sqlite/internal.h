/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_PLUGINS_SQLITE_INTERNAL_H
#define SMD_PLUGINS_SQLITE_INTERNAL_H

#include <smartdeploy/store.h>
#include <sqlite3.h>

/* Of which log how many frames were durable; no frames: that is not known. */
struct log_note {
	unsigned char salt[8]; /* as in the log's header */
	uint32_t frames;
};

/* The folder of a store. */
struct folder {
	const char *path;
	char *database;       /* PATH/store.db */
	int lock;             /* descriptor of the lock file, or -1 */
	int unclean;          /* the last holder did not close the store */
	int directory;        /* descriptor of the folder itself, or -1 */
	size_t reserve;       /* size of the reserve file; 0: there is none */
	struct log_note note; /* of the last holder; read by folder_lock */
};

/* Create the folder if it is missing; fail if others can write to it. */
int folder_make(const struct folder *folder, struct smd_error *error);

/*
 * Take the folder's lock, an open file description lock (fcntl(2)) on PATH/lock. The kernel
 * releases it when the process ends; a second open in the same process fails too. SMD_E_BUSY
 * names the holder.
 */
int folder_lock(struct folder *folder, struct smd_error *error);
void folder_unlock(struct folder *folder);
/*
 * Keep a note of the log in the lock file, so that a log which is cut or damaged at its end can be
 * told from what a crash leaves. It is not synced: after a failure of the machine it may be an
 * earlier one, which is true as well.
 */
void folder_keep_note(const struct folder *folder, const struct log_note *note);
/* Read it without holding the lock. */
void folder_read_note(const char *database, struct log_note *note);
/* Does a process hold the lock of the folder of this database? 1, 0, or an error. */
int folder_is_locked(const char *database, struct smd_error *error);

/*
 * The reserve: a file beside the database that has no content but takes room on the disk, and
 * is removed when the disk is full. For the owner only.
 *
 * reserve_find takes over what a dead owner left, so that recovery has the room too.
 * reserve_resize makes, grows, shrinks or (0) removes it; on failure it is as before.
 * reserve_use gives its room back to the disk; returns 0 if there was none.
 */
int reserve_find(struct folder *folder, struct smd_error *error);
int reserve_resize(struct folder *folder, size_t size, struct smd_error *error);
int reserve_use(struct folder *folder);

/*
 * Look at the files of a database without SQLite: regular ones, and the log whole up to where a
 * crash may have ended it. SMD_E_INVALID: it is not so. With `in_use`, where another process is
 * writing the log, the log is not read. A file that is missing is fine. `*has_log`: the log is
 * not empty.
 *
 * What is missing of a log beyond its note is as after a crash, if it is one transaction.
 */
int files_check(const char *database, int in_use, const struct log_note *note, int *has_log,
		struct smd_error *error);
/* SMD_E_INVALID if the file has less than all its pages. Not while there is a log. */
int files_check_length(sqlite3 *database, const char *path, struct smd_error *error);

/*
 * Open the database of a folder. Mode OWN creates it if it is missing, and upgrades an older
 * version. A file that is damaged, of another application or of a newer version is refused
 * before anything is written. `*out` is the caller's.
 */
int database_open(const struct folder *folder, enum smd_store_mode mode, sqlite3 **out,
		  struct smd_error *error);

/*
 * Fill `error` from the database's last failure; the format says what was being done. Returns
 * the code.
 */
int database_fail(sqlite3 *database, struct smd_error *error, const char *format, ...)
	SMD_PRINTF(3, 4);
/* Did the database's last failure come from a lack of room on the disk? */
int database_lacks_room(sqlite3 *database);

/*
 * The checksum of a record: CRC-64/XZ (ECMA-182) of table, NUL, key, NUL, revision (8 bytes, the
 * lowest first) and value. So a record that took the place of another one is seen too. The tables
 * are made once for each open store.
 */
struct checksum {
	uint64_t tables[8][256];
};
void checksum_init(struct checksum *checksum);
uint64_t checksum_of_bytes(const struct checksum *checksum, const void *bytes, size_t size);
uint64_t checksum_of_record(const struct checksum *checksum, const char *table, const void *key,
			    size_t key_size, uint64_t revision, const void *value, size_t size);

enum statement { BEGIN, COMMIT, ROLLBACK, REVISION, PUT, DELETE, GET, STATEMENTS };

/* An open store. */
struct store {
	struct folder folder;
	enum smd_store_mode mode;
	sqlite3 *database;
	sqlite3_stmt *statements[STATEMENTS];
	struct checksum checksum;
	int log;          /* descriptor of the log, to read its header, or -1 */
	int backlog;      /* so many pages are in the log until they are moved to the database */
	unsigned readers; /* number of walks that are running */
	int failed;       /* a commit's outcome is unknown: all further calls are refused */
	int lacks_room;   /* the last batch failed because the disk is full */
};

/* Fail if the store cannot be used any more. `doing`: "read", "write to". */
int store_check_usable(const struct store *store, const char *doing, struct smd_error *error);
/* Bind table and key as the first two parameters; returns SQLite's code. */
int store_bind_name(sqlite3_stmt *statement, const char *table, const char *key);
/* Reset a statement, so that it refers to no memory of the caller and keeps no snapshot open. */
void store_release(sqlite3_stmt *statement);

/* Reading (read.c), as in struct smd_store. */
int store_get(void *store, const char *table, const char *key, void **value, size_t *size,
	      uint64_t *revision, struct smd_error *error);
int store_each(void *store, const char *table, const char *prefix, smd_store_each_fn each,
	       void *arg, struct smd_error *error);
int store_list(void *store, const struct smd_store_range *range, smd_store_row_fn row, void *arg,
	       struct smd_error *error);
/* Fail, naming the record, if the one in the store is damaged. 0 also if there is none. */
int store_check_record(struct store *store, const char *table, const char *key,
		       struct smd_error *error);

#endif
