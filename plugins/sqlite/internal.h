/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_PLUGINS_SQLITE_INTERNAL_H
#define SMD_PLUGINS_SQLITE_INTERNAL_H

#include <smartdeploy/store.h>
#include <sqlite3.h>

/* The folder of a store. */
struct folder {
	const char *path;
	char *database; /* PATH/store.db */
	int lock;       /* descriptor of the lock file, or -1 */
	int unclean;    /* the last holder did not close the store */
	int directory;  /* descriptor of the folder itself, or -1 */
	size_t reserve; /* size of the reserve file; 0: there is none */
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

#endif
