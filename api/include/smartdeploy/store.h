/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store keeps records: bytes under a key in a table, each with a revision.
 *
 * What the records mean is core's business (configurations, plans, journal,
 * ledger, audit trail, ...); a store keeps them, atomically and durably. One
 * thread calls the writing functions; reading functions may be called from the
 * same thread only. Keys are compared as bytes. Table names are `[a-z]+`.
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
};

/* Called for each record in the order of keys; non-zero stops and is returned. Borrowed. */
typedef int (*smd_store_each_fn)(void *arg, const char *key, const void *value, size_t size,
				 uint64_t revision);

enum smd_store_mode {
	SMD_STORE_OWN = 1, /* read and write; the only such holder, until closed or dead */
	SMD_STORE_LOOK = 2 /* read, beside an owner */
};

struct smd_store {
	/*
	 * Open `where` (a folder; made with mode 0700 if missing). OWN takes a
	 * lock that the kernel releases with the process; held by another:
	 * SMD_E_BUSY, and the message names its process id. A store that is
	 * damaged or of a newer version is refused, not touched.
	 */
	int (*open)(const char *where, enum smd_store_mode mode, void **store,
		    struct smd_error *error);
	void (*close)(void *store); /* NULL is fine */
	/*
	 * Apply all or nothing; durable when it returns. SMD_E_CONFLICT when a
	 * need does not hold: `*culprit` (may be NULL) is the item's index.
	 */
	int (*apply)(void *store, const struct smd_store_item *items, size_t count, size_t *culprit,
		     struct smd_error *error);
	/*
	 * Read one record. `*value` is the caller's (free()), with a NUL behind it
	 * that is not counted. SMD_E_NOT_FOUND is no error text's worth.
	 */
	int (*get)(void *store, const char *table, const char *key, void **value, size_t *size,
		   uint64_t *revision, struct smd_error *error);
	/* All records whose key begins with `prefix` ("" : all), from one consistent state. */
	int (*each)(void *store, const char *table, const char *prefix, smd_store_each_fn each,
		    void *arg, struct smd_error *error);
};

#ifdef __cplusplus
}
#endif
#endif
