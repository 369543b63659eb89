/* SPDX-License-Identifier: Apache-2.0 */
/* Stores as programs use them: loaded from the build, in a temporary folder. */
#ifndef SMD_TESTS_PLUGINS_STORE_FIXTURE_H
#define SMD_TESTS_PLUGINS_STORE_FIXTURE_H

#include <dlfcn.h>
#include <ftw.h>
#include <inttypes.h>
#include <smartdeploy/plugin.h>
#include <stdio.h>
#include <unistd.h>

#include "test.h"

/* The operations of a store plugin, which stays loaded. */
static inline const struct smd_store *load_store(const char *name)
{
	const struct smd_plugin *(*entry)(void);
	const struct smd_plugin *plugin;
	char path[512];
	void *part;

	snprintf(path, sizeof(path), "%s/%s.so", SMD_PLUGIN_DIR, name);
	part = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!part)
		fprintf(stderr, "%s\n", dlerror());
	CU_ASSERT_PTR_NOT_NULL_FATAL(part);
	*(void **)&entry = dlsym(part, "smd_plugin_entry");
	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	plugin = entry();
	CU_ASSERT_EQUAL_FATAL(plugin->self.abi_major, SMD_ABI_MAJOR);
	CU_ASSERT_EQUAL_FATAL(plugin->self.size, sizeof(*plugin));
	CU_ASSERT_STRING_EQUAL_FATAL(plugin->self.name, name);
	CU_ASSERT_EQUAL_FATAL(plugin->kind, SMD_PLUGIN_STORE);
	CU_ASSERT_EQUAL_FATAL(plugin->ops_size, sizeof(struct smd_store));
	return plugin->store;
}

static inline int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

struct scratch {
	char path[64];
};

/* Make a temporary folder; `out` gets the path of `name` in it. */
static inline void scratch_init(struct scratch *scratch, const char *name, char out[128])
{
	strcpy(scratch->path, "/tmp/smd-store-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(scratch->path));
	snprintf(out, 128, "%s/%s", scratch->path, name);
}

static inline void scratch_done(struct scratch *scratch)
{
	nftw(scratch->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Write one record without a need. */
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
	same = size == strlen(expected) && memcmp(value, expected, size + 1) == 0;
	free(value);
	return same ? (int64_t)revision : -1;
}

#endif
