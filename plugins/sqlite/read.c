/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: every record's checksum is compared before anybody gets its value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/record.h"
#include "internal.h"

/* The columns of the statements that read; a walk over keys has only the first. */
enum column { KEY, VALUE, REVISION_OF, SUM };

/* Length of a statement's text */
#define SQL 256

static int read_fail(struct store *store, const char *table, struct smd_error *error)
{
	return database_fail(store->database, error, "cannot read %s in \"%s\"", table,
			     store->folder.database);
}

static int damaged(const struct store *store, const char *table, const char *key,
		   struct smd_error *error)
{
	smd_fail(error, SMD_E_IO, "the record %s \"%s\" in \"%s\" is damaged", table, key,
		 store->folder.database);
	smd_error_hint(error, "its bytes are not those that were written: restore the store from "
			      "a backup");
	return SMD_E_IO;
}

/* The row's value; "" instead of NULL if it is empty. */
static const void *row_value(sqlite3_stmt *row, size_t *size)
{
	const void *value = sqlite3_column_blob(row, VALUE);

	*size = (size_t)sqlite3_column_bytes(row, VALUE);
	return value ? value : "";
}

/* Is the row what was written under this name? */
static int is_whole(const struct store *store, sqlite3_stmt *row, const char *table,
		    const void *key, size_t key_size)
{
	size_t size;
	const void *value = row_value(row, &size);
	uint64_t revision = (uint64_t)sqlite3_column_int64(row, REVISION_OF);

	return checksum_of_record(&store->checksum, table, key, key_size, revision, value, size) ==
	       (uint64_t)sqlite3_column_int64(row, SUM);
}

static int copy_row(sqlite3_stmt *row, void **value, size_t *size, uint64_t *revision)
{
	size_t length;
	const void *bytes = row_value(row, &length);
	char *copy = value ? malloc(length + 1) : NULL;

	if (value && !copy)
		return SMD_E_NO_MEMORY;
	if (value) {
		memcpy(copy, bytes, length);
		copy[length] = '\0';
		*value = copy;
	}
	if (size)
		*size = length;
	if (revision)
		*revision = (uint64_t)sqlite3_column_int64(row, REVISION_OF);
	return 0;
}

static int take_row(const struct store *store, sqlite3_stmt *row, const char *table,
		    const char *key, void **value, size_t *size, uint64_t *revision,
		    struct smd_error *error)
{
	int err;

	if (!is_whole(store, row, table, key, strlen(key)))
		return damaged(store, table, key, error);
	err = copy_row(row, value, size, revision);
	return err ? smd_fail(error, err, "cannot read %s \"%s\": out of memory", table, key) : 0;
}

int store_get(void *opaque, const char *table, const char *key, void **value, size_t *size,
	      uint64_t *revision, struct smd_error *error)
{
	struct store *store = opaque;
	sqlite3_stmt *row = store->statements[GET];
	int code, err = record_check_name(table, key, error);

	if (!err)
		err = store_check_usable(store, "read", error);
	if (err)
		return err;
	code = store_bind_name(row, table, key);
	if (code == SQLITE_OK)
		code = sqlite3_step(row);
	if (code == SQLITE_ROW)
		err = take_row(store, row, table, key, value, size, revision, error);
	else
		err = code == SQLITE_DONE ? SMD_E_NOT_FOUND : read_fail(store, table, error);
	store_release(row);
	return err;
}

int store_check_record(struct store *store, const char *table, const char *key,
		       struct smd_error *error)
{
	int err = store_get(store, table, key, NULL, NULL, NULL, error);

	return err == SMD_E_NOT_FOUND ? 0 : err;
}

/* Walks */

struct walk {
	struct store *store;
	const struct smd_store_range *range;
	smd_store_row_fn row;   /* of list */
	smd_store_each_fn each; /* of each: a damaged record ends the walk */
	void *arg;
	struct smd_error *error;
};

/*
 * The first key behind all keys that begin with `prefix`; returns its length, 0 if there is no
 * such key.
 */
static size_t end_of_prefix(const char *prefix, char end[SMD_STORE_KEY])
{
	size_t length = strlen(prefix);

	while (length && (unsigned char)prefix[length - 1] == 0xff)
		length--;
	memcpy(end, prefix, length);
	if (length)
		end[length - 1] = (char)((unsigned char)end[length - 1] + 1);
	return length;
}

static void make_sql(const struct smd_store_range *range, int bounded, char sql[SQL])
{
	snprintf(sql, SQL,
		 "SELECT key%s FROM record WHERE tbl = ?1 AND key >= ?2%s%s ORDER BY key%s",
		 range->keys ? "" : ", value, revision, sum", bounded ? " AND key < ?3" : "",
		 !range->beyond    ? ""
		 : range->backward ? " AND key < ?4"
				   : " AND key > ?4",
		 range->backward ? " DESC" : "");
}

static int prepare(const struct walk *walk, sqlite3_stmt **rows)
{
	const struct smd_store_range *range = walk->range;
	char sql[SQL], end[SMD_STORE_KEY];
	size_t length = end_of_prefix(range->prefix, end);
	int code;

	make_sql(range, length > 0, sql);
	code = sqlite3_prepare_v2(walk->store->database, sql, -1, rows, NULL);
	if (code == SQLITE_OK)
		code = store_bind_name(*rows, range->table, range->prefix);
	if (code == SQLITE_OK && length)
		code = sqlite3_bind_blob64(*rows, 3, end, length, SQLITE_TRANSIENT);
	if (code == SQLITE_OK && range->beyond)
		code = sqlite3_bind_blob64(*rows, 4, range->beyond, strlen(range->beyond),
					   SQLITE_STATIC);
	return code;
}

static int hand_out(const struct walk *walk, const struct smd_store_row *row)
{
	if (walk->row)
		return walk->row(walk->arg, row);
	if (row->damaged)
		return damaged(walk->store, walk->range->table, row->key, walk->error);
	return walk->each(walk->arg, row->key, row->value, row->size, row->revision);
}

/* Pass one row on. The key of a damaged record can be anything, and is cut. */
static int pass(const struct walk *walk, sqlite3_stmt *at)
{
	struct smd_store_row row = {0};
	char key[SMD_STORE_KEY + 1];
	size_t length = (size_t)sqlite3_column_bytes(at, KEY);
	size_t shown = length > SMD_STORE_KEY ? SMD_STORE_KEY : length;

	if (shown)
		memcpy(key, sqlite3_column_blob(at, KEY), shown);
	key[shown] = '\0';
	row.key = key;
	if (!walk->range->keys && !is_whole(walk->store, at, walk->range->table, key, shown)) {
		row.damaged = 1;
	} else if (!walk->range->keys) {
		row.value = row_value(at, &row.size);
		row.revision = (uint64_t)sqlite3_column_int64(at, REVISION_OF);
	}
	return hand_out(walk, &row);
}

/* A statement is one read transaction, so all rows are from the same state. */
static int run_walk(const struct walk *walk)
{
	struct store *store = walk->store;
	sqlite3_stmt *rows = NULL;
	size_t count = 0;
	int result = 0, code;

	store->readers++;
	code = prepare(walk, &rows);
	if (code == SQLITE_OK)
		code = sqlite3_step(rows);
	while (code == SQLITE_ROW && !result) {
		result = pass(walk, rows);
		if (!result && ++count != walk->range->limit)
			code = sqlite3_step(rows);
		else
			break;
	}
	store->readers--;
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		result = read_fail(store, walk->range->table, walk->error);
	sqlite3_finalize(rows);
	return result;
}

static int check_range(const struct store *store, const struct smd_store_range *range,
		       struct smd_error *error)
{
	int err = record_check_name(range->table, range->prefix, error);

	if (!err && range->beyond)
		err = record_check_name(range->table, range->beyond, error);
	return err ? err : store_check_usable(store, "read", error);
}

int store_each(void *opaque, const char *table, const char *prefix, smd_store_each_fn each,
	       void *arg, struct smd_error *error)
{
	struct store *store = opaque;
	const struct smd_store_range range = {.table = table, .prefix = prefix};
	const struct walk walk = {
		.store = store, .range = &range, .each = each, .arg = arg, .error = error};
	int err = check_range(store, &range, error);

	return err ? err : run_walk(&walk);
}

int store_list(void *opaque, const struct smd_store_range *range, smd_store_row_fn row, void *arg,
	       struct smd_error *error)
{
	struct store *store = opaque;
	const struct walk walk = {
		.store = store, .range = range, .row = row, .arg = arg, .error = error};
	int err = check_range(store, range, error);

	return err ? err : run_walk(&walk);
}
