/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store keeps records: bytes under a key in a table, each with a revision.
 *
 * What the records mean is core's business (configurations, plans, journal,
 * ledger, audit trail, ...); a store keeps them, atomically and durably. The
 * functions of a handle are called from one thread at a time, and may block. Keys
 * are compared as bytes. Table names are `[a-z]+`.
 */
#ifndef SMARTDEPLOY_STORE_H
#define SMARTDEPLOY_STORE_H

#include <smartdeploy/option.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SMD_STORE_KEY 1024                          /* longest key in bytes, without NUL */
#define SMD_STORE_VALUE ((size_t)256 * 1024 * 1024) /* largest value */

/* What must hold for a batch to be applied. */
enum smd_store_need {
	SMD_NEED_NOTHING = 0,
	SMD_NEED_ABSENT = 1,  /* there is no such record */
	SMD_NEED_REVISION = 2 /* there is one, of this revision */
};

enum smd_store_op {
	SMD_STORE_PUT = 1,    /* write; the revision becomes 1, or one more than it was */
	SMD_STORE_DELETE = 2, /* there may be none */
	SMD_STORE_CHECK = 3   /* only the need */
};

struct smd_store_item {
	enum smd_store_op op;
	enum smd_store_need need;
	uint64_t revision; /* for NEED_REVISION */
	const char *table;
	const char *key;
	const void *value;
	size_t size;
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Called for each record in the order of keys; non-zero stops and is returned.
 * Borrowed. It must not call the store that it is called by.
 */
typedef int (*smd_store_each_fn)(void *arg, const char *key, const void *value, size_t size,
				 uint64_t revision);

enum smd_store_mode {
	/*
	 * Read and write; the only such holder, until closed or dead. A store whose
	 * ownership can be lost meanwhile (a lease that ran out) writes nothing from
	 * then on: apply returns SMD_E_BUSY for ever after. What tells an old owner
	 * from the new one is kept in the handle.
	 */
	SMD_STORE_OWN = 1,
	SMD_STORE_LOOK = 2 /* read, beside an owner */
};

struct smd_store {
	/*
	 * Open `where`: a folder (made with mode 0700 if missing), or what else the
	 * store understands. `settings` of this plugin's options outlive the handle.
	 * OWN is given to one at a time and ends with the process, however it ends;
	 * held by another: SMD_E_BUSY, and the message names the holder. A store
	 * that is damaged or of a newer version is refused, not touched.
	 */
	int (*open)(const char *where, enum smd_store_mode mode,
		    const struct smd_settings *settings, void **store, struct smd_error *error);
	void (*close)(void *store); /* NULL is fine */
	/*
	 * Apply all or nothing; durable when it returns. SMD_E_CONFLICT when a
	 * need does not hold: `*culprit` (may be NULL) is the item's index.
	 * SMD_E_UNKNOWN when it may have been written or not, as when a server is
	 * lost in mid-commit: the caller reads back before it goes on.
	 * Any other error: nothing was written.
	 */
	int (*apply)(void *store, const struct smd_store_item *items, size_t count, size_t *culprit,
		     struct smd_error *error);
	/*
	 * Read one record. `*value` is the caller's (free()), with a NUL behind it
	 * that is not counted. SMD_E_NOT_FOUND is no error text's worth.
	 */
	int (*get)(void *store, const char *table, const char *key, void **value, size_t *size,
		   uint64_t *revision, struct smd_error *error);
	/*
	 * All records whose key begins with `prefix` ("": all), from one consistent
	 * state. Fails with `error` filled, unless it was `each` that stopped.
	 */
	int (*each)(void *store, const char *table, const char *prefix, smd_store_each_fn each,
		    void *arg, struct smd_error *error);
};

#ifdef __cplusplus
}
#endif
#endif
