/* SPDX-License-Identifier: Apache-2.0 */
/* The store's operations; each uses a few prepared statements. */
#include <smartdeploy/plugin.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/record.h"
#include "internal.h"

static const char *const texts[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[REVISION] = "SELECT revision FROM record WHERE tbl = ?1 AND key = ?2",
	[PUT] = "INSERT INTO record (tbl, key, revision, value, sum) VALUES (?1, ?2, ?4, ?3, ?5)"
		" ON CONFLICT (tbl, key) DO UPDATE SET revision = excluded.revision,"
		" value = excluded.value, sum = excluded.sum",
	[DELETE] = "DELETE FROM record WHERE tbl = ?1 AND key = ?2",
	[GET] = "SELECT key, value, revision, sum FROM record WHERE tbl = ?1 AND key = ?2",
};

/*
 * Sizes of a reserve, for records of n bytes, which may be one batch or many small ones.
 *
 * A page of the database is at least half full of records, and a key is in two trees, so small
 * records need up to 4 n there, and one large batch 2 n there and 2 n in the log. Added to that
 * are the pages that are in the log and not yet in the database (at most a backlog, while a
 * reserve is kept), and the pages that any batch touches.
 */
#define PAGE ((size_t)4096)
#define GROWTH 4
#define BACKLOG_LEAST 64
#define TOUCHED 32
#define CHECKPOINT 1000 /* pages in the log until they are moved to the database, otherwise */

static void store_close(void *opaque)
{
	struct store *store = opaque;

	if (!store)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->statements[i]);
	if (store->log >= 0)
		close(store->log);
	reserve_resize(&store->folder, 0, NULL);
	sqlite3_close(store->database); /* moves the log to the database, which may need room */
	if (store->folder.directory >= 0)
		close(store->folder.directory);
	folder_unlock(&store->folder);
	free(store->folder.database);
	free(store);
}

static int prepare_statements(struct store *store, struct smd_error *error)
{
	for (size_t i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(store->database, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &store->statements[i], NULL) != SQLITE_OK)
			return database_fail(store->database, error, "cannot use \"%s\"",
					     store->folder.database);
	return 0;
}

/* Move what the log has to the database, as far as readers allow, so that its room is used again.
 */
static int checkpoint(struct store *store)
{
	return sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
					 NULL);
}

/* Note how many frames of the log are durable now. */
static void keep_note(struct store *store, int frames)
{
	struct log_note note = {.frames = (uint32_t)frames};
	char *path;

	if (store->log < 0 && asprintf(&path, "%s-wal", store->folder.database) >= 0) {
		store->log = open(path, O_RDONLY | O_CLOEXEC);
		free(path);
	}
	if (store->log >= 0 &&
	    pread(store->log, note.salt, sizeof(note.salt), 16) == sizeof(note.salt))
		folder_keep_note(&store->folder, &note);
}

/* Called behind each commit, with the number of frames in the log. */
static int on_commit(void *opaque, sqlite3 *database, const char *name, int frames)
{
	struct store *store = opaque;

	(void)database;
	(void)name;
	keep_note(store, frames);
	if (frames >= store->backlog)
		checkpoint(store);
	return SQLITE_OK;
}

static int open_database(struct store *store, struct smd_error *error)
{
	int used, err = database_open(&store->folder, store->mode, &store->database, error);

	/* Opening needs room too, for the log's index */
	used = err == SMD_E_IO && reserve_use(&store->folder);
	if (used)
		err = database_open(&store->folder, store->mode, &store->database, error);
	store->backlog = used ? 1 : CHECKPOINT; /* see use_reserve() */
	if (!err && store->mode == SMD_STORE_OWN)
		sqlite3_wal_hook(store->database, on_commit, store);
	return err ? err : prepare_statements(store, error);
}

static int open_folder(struct store *store, struct smd_error *error)
{
	int err = folder_make(&store->folder, error);

	if (!err)
		err = folder_lock(&store->folder, error);
	return err ? err : reserve_find(&store->folder, error);
}

static int store_open(const char *where, enum smd_store_mode mode,
		      const struct smd_settings *settings, void **out, struct smd_error *error)
{
	struct store *store;
	int err = 0;

	(void)settings;
	if (!where || !*where)
		return smd_fail(error, SMD_E_INVALID, "cannot open a store: no folder is given");
	store = calloc(1, sizeof(*store));
	if (!store)
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot open a store: out of memory");
	checksum_init(&store->checksum);
	store->mode = mode;
	store->folder.lock = store->folder.directory = store->log = -1;
	store->folder.path = where; /* borrowed from the caller while opening */
	if (asprintf(&store->folder.database, "%s/store.db", where) < 0) {
		free(store);
		return smd_fail(error, SMD_E_NO_MEMORY, "cannot open a store: out of memory");
	}
	if (mode == SMD_STORE_OWN)
		err = open_folder(store, error);
	if (!err)
		err = open_database(store, error);
	store->folder.path = NULL;
	if (!err) {
		*out = store;
		return 0;
	}
	store->folder.reserve = 0; /* what a dead owner left stays */
	store_close(store);
	return err;
}

int store_bind_name(sqlite3_stmt *statement, const char *table, const char *key)
{
	int code = sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);

	/* As a blob, so that keys are compared as bytes */
	return code ? code : sqlite3_bind_blob64(statement, 2, key, strlen(key), SQLITE_STATIC);
}

void store_release(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

int store_check_usable(const struct store *store, const char *doing, struct smd_error *error)
{
	if (!store->failed)
		return 0;
	smd_fail(error, SMD_E_IO, "cannot %s \"%s\": the disk has failed", doing,
		 store->folder.database);
	smd_error_hint(error, "see to the disk, then start again");
	return SMD_E_IO;
}

static int run_statement(struct store *store, enum statement which)
{
	int code = sqlite3_step(store->statements[which]);

	store_release(store->statements[which]);
	return code;
}

static int write_fail(struct store *store, struct smd_error *error)
{
	store->lacks_room = database_lacks_room(store->database);
	return database_fail(store->database, error, "cannot write to \"%s\"",
			     store->folder.database);
}

static int revision_of(struct store *store, const struct smd_store_item *item, uint64_t *revision,
		       struct smd_error *error)
{
	sqlite3_stmt *statement = store->statements[REVISION];
	int code = store_bind_name(statement, item->table, item->key), err = 0;

	*revision = 0;
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*revision = (uint64_t)sqlite3_column_int64(statement, 0);
	else if (code != SQLITE_DONE)
		err = write_fail(store, error);
	store_release(statement);
	return err;
}

/* A need that does not hold: perhaps the damaged revision of a record is why. */
static int check_need(struct store *store, const struct smd_store_item *item, uint64_t revision,
		      struct smd_error *error)
{
	int err = record_check_need(item, revision, error);
	int damage = err ? store_check_record(store, item->table, item->key, error) : 0;

	return damage ? damage : err;
}

/* Check the needs of all items before anything is changed. */
static int check_needs(struct store *store, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t revision;
		int err = 0;

		if (items[i].need == SMD_NEED_NOTHING)
			continue;
		err = revision_of(store, &items[i], &revision, error);
		if (err)
			return err;
		err = check_need(store, &items[i], revision, error);
		if (err && culprit)
			*culprit = i;
		if (err)
			return err;
	}
	return 0;
}

/* Bind what is written, with the next revision and the checksum of it all. */
static int bind_value(struct store *store, sqlite3_stmt *statement,
		      const struct smd_store_item *item, uint64_t revision)
{
	const void *value = item->size ? item->value : "";
	uint64_t sum = checksum_of_record(&store->checksum, item->table, item->key,
					  strlen(item->key), revision, value, item->size);
	int code = sqlite3_bind_blob64(statement, 3, value, item->size, SQLITE_STATIC);

	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(statement, 4, (int64_t)revision);
	return code ? code : sqlite3_bind_int64(statement, 5, (int64_t)sum);
}

static int change(struct store *store, const struct smd_store_item *item, struct smd_error *error)
{
	enum statement which = item->op == SMD_STORE_PUT ? PUT : DELETE;
	sqlite3_stmt *statement = store->statements[which];
	uint64_t revision = 0;
	int code, err = 0;

	if (item->op == SMD_STORE_PUT)
		err = revision_of(store, item, &revision, error);
	if (err || item->op == SMD_STORE_CHECK)
		return err;
	code = store_bind_name(statement, item->table, item->key);
	if (code == SQLITE_OK && item->op == SMD_STORE_PUT)
		code = bind_value(store, statement, item, revision + 1);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code != SQLITE_DONE)
		err = write_fail(store, error);
	store_release(statement);
	return err;
}

/*
 * May a commit that failed with this code be found in the log after a crash? A frame of the log
 * counts when its checksum is right (https://sqlite.org/fileformat2.html#walformat), and all of
 * them are there when the log is synced and when its index grows.
 */
static int is_outcome_unknown(int code)
{
	return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_SHMSIZE ||
	       code == SQLITE_IOERR_SHMMAP;
}

/*
 * When the outcome is unknown, this connection does not see the records, but the next one may,
 * and the kernel tells only once that syncing failed. So the handle is not used any more.
 */
static int commit(struct store *store, struct smd_error *error)
{
	int err;

	if (run_statement(store, COMMIT) == SQLITE_DONE)
		return 0;
	err = write_fail(store, error);
	if (!is_outcome_unknown(sqlite3_extended_errcode(store->database)))
		return err;
	store->failed = 1;
	if (error)
		error->code = SMD_E_UNKNOWN;
	smd_error_hint(error, "see to the disk, then start again: it shows what was written");
	return SMD_E_UNKNOWN;
}

static int check_writable(const struct store *store, struct smd_error *error)
{
	if (store->mode != SMD_STORE_OWN)
		return smd_fail(error, SMD_E_UNSUPPORTED,
				"cannot write to \"%s\": it was opened to look only",
				store->folder.database);
	if (store->readers)
		return smd_fail(error, SMD_E_INTERNAL, "cannot write to a store while reading it");
	return store_check_usable(store, "write to", error);
}

static int apply_once(struct store *store, const struct smd_store_item *items, size_t count,
		      size_t *culprit, struct smd_error *error)
{
	int err = 0;

	store->lacks_room = 0;
	if (run_statement(store, BEGIN) != SQLITE_DONE)
		return write_fail(store, error);
	err = check_needs(store, items, count, culprit, error);
	for (size_t i = 0; i < count && !err; i++)
		err = change(store, &items[i], error);
	if (!err)
		err = commit(store, error);
	/* Some errors have already rolled back the transaction */
	if (err && !sqlite3_get_autocommit(store->database))
		run_statement(store, ROLLBACK);
	return err;
}

/* Use the reserve. From then on the log is emptied after each batch, and does not grow. */
static int use_reserve(struct store *store)
{
	if (!reserve_use(&store->folder))
		return 0;
	store->backlog = 1;
	checkpoint(store); /* without it the log grows by the batch */
	return 1;
}

static int store_apply(void *opaque, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	struct store *store = opaque;
	int err = check_writable(store, error);

	if (!err)
		err = record_check_items(items, count, error);
	if (err)
		return err;
	err = apply_once(store, items, count, culprit, error);
	if (err && store->lacks_room && use_reserve(store)) {
		store->failed = 0; /* a new commit takes the place of the old one in the log */
		err = apply_once(store, items, count, culprit, error);
	}
	return err;
}

static int store_reserve(void *opaque, size_t bytes, struct smd_error *error)
{
	struct store *store = opaque;
	size_t pages = bytes / PAGE, before = store->folder.reserve, size;
	int err = check_writable(store, error);

	if (err)
		return err;
	if (bytes > SIZE_MAX / 16)
		return smd_fail(error, SMD_E_IO, "cannot keep room for %zu bytes", bytes);
	pages = pages < BACKLOG_LEAST ? BACKLOG_LEAST : pages > CHECKPOINT ? CHECKPOINT : pages;
	size = bytes ? GROWTH * bytes + (pages + TOUCHED) * PAGE : 0;
	err = reserve_resize(&store->folder, size, error);
	if (!err && size && checkpoint(store) != SQLITE_OK &&
	    database_lacks_room(store->database)) {
		err = write_fail(store, error);
		reserve_resize(&store->folder, before, NULL); /* smaller: needs no room */
	}
	if (!err)
		store->backlog = size ? (int)pages : CHECKPOINT;
	return err;
}

static int store_is_owned(void *opaque, struct smd_error *error)
{
	const struct store *store = opaque;

	return store->mode == SMD_STORE_OWN ? 0 : folder_is_locked(store->folder.database, error);
}

static const struct smd_store ops = {
	.open = store_open,
	.close = store_close,
	.apply = store_apply,
	.get = store_get,
	.each = store_each,
	.reserve = store_reserve,
	.is_owned = store_is_owned,
	.list = store_list,
};

static const struct smd_plugin plugin = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "sqlite",
		 .summary = "Store in a folder of this machine (SQLite)", .version = "1.0"},
	.kind = SMD_PLUGIN_STORE,
	.ops_size = sizeof(ops),
	.store = &ops,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	return &plugin;
}
