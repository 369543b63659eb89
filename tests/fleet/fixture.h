/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes the place of the fixture of ../plugins/test_store.c (same guard, included first): its
 * stores are ours under the name "sqlite", and plugins/memory.
 */
#ifndef SMD_TESTS_PLUGINS_STORE_FIXTURE_H
#define SMD_TESTS_PLUGINS_STORE_FIXTURE_H

#include "fleet.h"
#include "test.h"

#include <inttypes.h>
#include <stdio.h>

const struct smd_plugin *smd_plugin_entry(void); /* of plugins/memory */

/* The suite's values go up to 8 MiB. */
#define FIXTURE_STORE ((size_t)64 << 20)

struct scratch {
	struct fleet *fleet;
};

static inline uint64_t fixture_now(void)
{
	return 0;
}

static inline const struct smd_store *load_store(const char *name)
{
	return strcmp(name, "memory") ? &fleet_store : smd_plugin_entry()->store;
}

/* An empty store. */
static inline void scratch_init(struct scratch *scratch, const char *name, char out[128])
{
	snprintf(out, 128, "%s", name);
	fleet_now = fixture_now;
	scratch->fleet = fleet_new(FIXTURE_STORE);
	fleet_use(scratch->fleet);
}

static inline void scratch_done(struct scratch *scratch)
{
	fleet_free(scratch->fleet);
}

static inline int put_record(const struct smd_store *ops, void *store, const char *table,
			     const char *key, const char *value)
{
	struct smd_store_item item = {.op = SMD_STORE_PUT,
				      .table = table,
				      .key = key,
				      .value = value,
				      .size = strlen(value)};

	return ops->apply(store, &item, 1, NULL, NULL);
}

/* The revision of a record if its value is `expected`; 0: no record, -1: another value. */
static inline int64_t has_record(const struct smd_store *ops, void *store, const char *table,
				 const char *key, const char *expected)
{
	uint64_t revision;
	void *value;
	size_t size;
	int same, err = ops->get(store, table, key, &value, &size, &revision, NULL);

	if (err)
		return err == SMD_E_NOT_FOUND ? 0 : -1;
	same = size == strlen(expected) && !strcmp(value, expected);
	free(value);
	return same ? (int64_t)revision : -1;
}

#endif
