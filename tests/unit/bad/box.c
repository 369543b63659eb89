/* SPDX-License-Identifier: Apache-2.0 */
/* A store plugin with all operations, which keeps nothing. */
#include <smartdeploy/plugin.h>

static int box_open(const char *where, enum smd_store_mode mode,
		    const struct smd_settings *settings, void **store, struct smd_error *error)
{
	(void)where, (void)mode, (void)settings, (void)store, (void)error;
	return SMD_E_UNSUPPORTED;
}

static void box_close(void *store)
{
	(void)store;
}

static int box_apply(void *store, const struct smd_store_item *items, size_t count, size_t *culprit,
		     struct smd_error *error)
{
	(void)store, (void)items, (void)count, (void)culprit, (void)error;
	return SMD_E_UNSUPPORTED;
}

static int box_get(void *store, const char *table, const char *key, void **value, size_t *size,
		   uint64_t *revision, struct smd_error *error)
{
	(void)store, (void)table, (void)key, (void)value, (void)size, (void)revision, (void)error;
	return SMD_E_UNSUPPORTED;
}

static int box_each(void *store, const char *table, const char *prefix, smd_store_each_fn each,
		    void *arg, struct smd_error *error)
{
	(void)store, (void)table, (void)prefix, (void)each, (void)arg, (void)error;
	return SMD_E_UNSUPPORTED;
}

static const struct smd_store ops = {box_open, box_close, box_apply, box_get, box_each};

static const struct smd_option options[] = {
	{.name = "room", .type = SMD_OPTION_NUMBER, .initial = "7", .maximum = 9, .help = "h"},
};

static const struct smd_plugin plugin = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "box", .summary = "A test part",
		 .version = "1.0", SMD_OPTIONS(options)},
	.kind = SMD_PLUGIN_STORE,
	.ops_size = sizeof(ops),
	.store = &ops,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	return &plugin;
}
