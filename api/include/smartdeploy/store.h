/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store interface: a plugin that keeps records. A record is bytes under a key in a table,
 * with a revision number.
 *
 * What the records mean is core's business (configurations, plans, journal, ledger, ...); the
 * store keeps them atomically and durably. The functions of a handle are called by one thread
 * at a time and may block. Keys are compared as bytes. Table names are `[a-z]+`.
 */
#ifndef SMARTDEPLOY_STORE_H
#define SMARTDEPLOY_STORE_H

#include <smartdeploy/option.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SMD_STORE_KEY 1024 /* maximum length of a key in bytes, without its NUL */
#define SMD_STORE_VALUE ((size_t)256 * 1024 * 1024) /* maximum size of a value */

/* A condition on the present record; if one does not hold, the batch is not applied. */
enum smd_store_need {
	SMD_NEED_NOTHING = 0,
	SMD_NEED_ABSENT = 1,  /* the record does not exist */
	SMD_NEED_REVISION = 2 /* the record exists and has this revision */
};

enum smd_store_op {
	SMD_STORE_PUT = 1,    /* write; the revision becomes 1, or the old one plus 1 */
	SMD_STORE_DELETE = 2, /* delete, if it exists */
	SMD_STORE_CHECK = 3   /* only check the need */
};

struct smd_store_item {
	enum smd_store_op op;
	enum smd_store_need need;
	uint64_t revision; /* for SMD_NEED_REVISION */
	const char *table;
	const char *key;
	const void *value;
	size_t size;
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Called for each record in the order of keys, which are borrowed like the values. A value
 * other than 0 stops and is returned. It must not call the store.
 */
typedef int (*smd_store_each_fn)(void *arg, const char *key, const void *value, size_t size,
				 uint64_t revision);

/*
 * Which records `list` goes through, and how. Made by core.
 *
 * prefix    Keys that begin with it; "": all.
 * beyond    Begin behind this key, in the order of the walk; NULL: at its beginning.
 * limit     The most records; 0: no limit.
 * backward  The last key first.
 * keys      Only keys: `value`, `size`, `revision` and `damaged` of a row stay zero.
 */
struct smd_store_range {
	const char *table;
	const char *prefix;
	const char *beyond;
	size_t limit;
	int backward;
	int keys;
};

/*
 * A record of a listing, borrowed. `damaged`: the bytes are not those that were written, and
 * `value` is NULL.
 */
struct smd_store_row {
	const char *key;
	const void *value;
	size_t size;
	uint64_t revision;
	int damaged;
	const void *reserved[4]; /* zero, see abi.h */
};

/* Called for each record of a listing; otherwise as smd_store_each_fn. */
typedef int (*smd_store_row_fn)(void *arg, const struct smd_store_row *row);

enum smd_store_mode {
	/*
	 * Read and write. There is only one such handle, until it is closed or its process
	 * ends. If a store's ownership can be lost (a lease that expires), the handle writes
	 * nothing from then on: apply returns SMD_E_BUSY forever. The mark by which the store
	 * recognises its present owner is kept in the handle.
	 */
	SMD_STORE_OWN = 1,
	SMD_STORE_LOOK = 2 /* read only, possible beside an owner */
};

struct smd_store {
	/*
	 * Open the store at `where`: a folder (created with mode 0700 if missing), or what else
	 * the store accepts. `settings` (this plugin's options) outlive the handle. Mode OWN is
	 * held by one process at a time and ends with it; if another holds it: SMD_E_BUSY, with
	 * the holder in the message. A store that is damaged or of a newer version is refused
	 * and not changed; damage within one record need not be seen here.
	 */
	int (*open)(const char *where, enum smd_store_mode mode,
		    const struct smd_settings *settings, void **store, struct smd_error *error);
	void (*close)(void *store); /* NULL is fine */
	/*
	 * Apply all items or none; durable when it returns. SMD_E_CONFLICT: a need does not
	 * hold, `*culprit` (may be NULL) is the item's index. SMD_E_UNKNOWN: the items may or
	 * may not have been written, as when a server is lost during the commit; the caller
	 * reads before it goes on, and what it reads must be so for good, or reading fails.
	 * With any other error, nothing was written.
	 */
	int (*apply)(void *store, const struct smd_store_item *items, size_t count, size_t *culprit,
		     struct smd_error *error);
	/*
	 * Read one record. `*value` is the caller's (free()); a NUL follows it that `*size`
	 * does not count. If there is no record, returns SMD_E_NOT_FOUND without filling
	 * `error`. A record whose bytes are not those that were written is SMD_E_IO, with its
	 * name in the message; so it is in `each`.
	 */
	int (*get)(void *store, const char *table, const char *key, void **value, size_t *size,
		   uint64_t *revision, struct smd_error *error);
	/*
	 * Call `each` for all records whose key begins with `prefix` ("": all), from one
	 * consistent state. On failure `error` is filled, unless `each` stopped the walk.
	 */
	int (*each)(void *store, const char *table, const char *prefix, smd_store_each_fn each,
		    void *arg, struct smd_error *error);
	/*
	 * Keep room for `bytes` bytes of keys and values of later records, so that they can
	 * still be written when the place runs out of room; 0 gives the room up, as closing
	 * does. The last call counts. Records that find other room leave it as it is; once it
	 * was needed it is gone, until the next call. SMD_E_IO: it cannot be kept, and nothing
	 * was changed. NULL: the store cannot keep room.
	 */
	int (*reserve)(void *store, size_t bytes, struct smd_error *error);
	/*
	 * Does another handle own the store now? 1, 0, or an error. So a reader can tell what is
	 * under way from what a dead owner left. NULL: it cannot be told.
	 */
	int (*is_owned)(void *store, struct smd_error *error);
	/*
	 * Call `row` for the records of a range, from one consistent state. A damaged record is
	 * passed as such and does not end the listing. Since ABI 1.1; NULL: core uses `each`.
	 */
	int (*list)(void *store, const struct smd_store_range *range, smd_store_row_fn row,
		    void *arg, struct smd_error *error);
};

#ifdef __cplusplus
}
#endif
#endif
