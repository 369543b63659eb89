/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_PLUGINS_SQLITE_INTERNAL_H
#define SMD_PLUGINS_SQLITE_INTERNAL_H

#include <smartdeploy/store.h>
#include <sqlite3.h>

/* What the folder of a store is found to be. */
struct folder {
	const char *path;
	char *database; /* PATH/store.db */
	int lock;       /* descriptor that holds the lock, or -1 */
	int unclean;    /* the holder before did not close the store */
};

/* Make the folder if it is missing, and refuse one that others can write to. */
int folder_make(const struct folder *folder, struct smd_error *error);

/*
 * Take the folder's lock, an open file description lock (fcntl(2)) on PATH/lock:
 * the kernel releases it with the process, and a second open in the same
 * process is refused too. SMD_E_BUSY names the holder.
 */
int folder_lock(struct folder *folder, struct smd_error *error);
void folder_unlock(struct folder *folder);

/*
 * Open the database of a folder: OWN makes it if it is missing, and brings an
 * older one up to date. One that is damaged, another application's or newer is
 * refused before anything could be written. `*out` is the caller's.
 */
int database_open(const struct folder *folder, enum smd_store_mode mode, sqlite3 **out,
		  struct smd_error *error);

/* Fill `error` from the database's last failure, while doing `what`; return its code. */
int database_fail(sqlite3 *database, struct smd_error *error, const char *format, ...)
	SMD_PRINTF(3, 4);

#endif
