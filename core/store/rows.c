/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/rows.h"

#include <string.h>

static void row_done(struct smd_row *row)
{
	if (row->value)
		explicit_bzero(row->value, row->size);
	free(row->value);
	free(row->key);
}

void smd_rows_done(struct smd_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		row_done(&rows->rows[i]);
	free(rows->rows);
	*rows = (struct smd_rows){0};
}

static struct smd_row *new_row(struct smd_rows *rows)
{
	if (rows->count == rows->room) {
		size_t room = rows->room ? rows->room * 2 : 32;
		struct smd_row *more = reallocarray(rows->rows, room, sizeof(*more));

		if (!more)
			return NULL;
		rows->rows = more;
		rows->room = room;
	}
	return memset(&rows->rows[rows->count++], 0, sizeof(*rows->rows));
}

static int add_row(void *arg, const struct smd_store_row *from)
{
	struct smd_row *row = new_row(arg);

	if (!row)
		return SMD_E_NO_MEMORY;
	row->key = strdup(from->key);
	row->value = from->value ? malloc(from->size + 1) : NULL;
	if (!row->key || (from->value && !row->value))
		return SMD_E_NO_MEMORY;
	if (row->value) {
		memcpy(row->value, from->value, from->size);
		((char *)row->value)[from->size] = '\0';
		row->size = from->size;
	}
	row->revision = from->revision;
	row->damaged = from->damaged;
	return 0;
}

/* A store without `list` */

struct whole_walk {
	const struct smd_store_range *range;
	struct smd_rows *rows;
};

static int is_beyond(const struct smd_store_range *range, const char *key)
{
	int order = range->beyond ? strcmp(key, range->beyond) : 0;

	return !range->beyond || (range->backward ? order < 0 : order > 0);
}

static int add_record(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct whole_walk *walk = arg;
	struct smd_store_row row = {.key = key};

	if (!is_beyond(walk->range, key))
		return 0;
	if (!walk->range->keys) {
		row.value = value;
		row.size = size;
		row.revision = revision;
	}
	return add_row(walk->rows, &row);
}

static void reverse(struct smd_rows *rows, size_t first)
{
	for (size_t end = rows->count; first + 1 < end; first++) {
		struct smd_row row = rows->rows[first];

		rows->rows[first] = rows->rows[--end];
		rows->rows[end] = row;
	}
}

static int read_whole(const struct smd_store *ops, void *store, const struct smd_store_range *range,
		      struct smd_rows *rows, struct smd_error *error)
{
	struct whole_walk walk = {range, rows};
	size_t first = rows->count;
	int err = ops->each(store, range->table, range->prefix, add_record, &walk, error);

	if (err)
		return err;
	if (range->backward)
		reverse(rows, first);
	while (range->limit && rows->count - first > range->limit)
		row_done(&rows->rows[--rows->count]);
	return 0;
}

int smd_rows_read(const struct smd_store *ops, void *store, const struct smd_store_range *range,
		  struct smd_rows *rows, struct smd_error *error)
{
	int err;

	if (error)
		error->code = SMD_OK;
	err = ops->list ? ops->list(store, range, add_row, rows, error)
			: read_whole(ops, store, range, rows, error);
	if (err == SMD_E_NO_MEMORY && error && !error->code)
		smd_fail(error, err, "cannot read %s: out of memory", range->table);
	return err;
}
