/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loader: finds drivers and plugins in folders, opens them when they are
 * first asked for, checks them as <smartdeploy/abi.h> says, and keeps them.
 *
 * What it hands out are copies of the parts' own structures in this build's
 * layout: members that an older part does not have are zero, arrays have this
 * build's element size.
 *
 * A part is code of ours from then on. So it is loaded only when its file and the
 * folder it lies in belong to root or to the user we run as, and nobody else may
 * write to them; for root a driver that another user has built is thus refused.
 * The folders above are not looked at: whoever names a path vouches for it.
 *
 * Any thread may call any function but smd_loader_add_path and smd_loader_free.
 */
#ifndef SMD_LOAD_LOADER_H
#define SMD_LOAD_LOADER_H

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#include "core/base/cleanup.h"

struct smd_loader;

/*
 * Make a loader for the parts in `folder`/drivers and `folder`/plugins. Nothing
 * is opened yet; the folder need not exist. SMD_E_NO_MEMORY is all that can fail.
 */
int smd_loader_new(const char *folder, struct smd_loader **out);
/*
 * Look for drivers in other folders too, as smd_search_path_add has it: what lies there
 * stands in for the driver of the same name in `folder`. To be called first.
 */
int smd_loader_add_path(struct smd_loader *loader, const char *path, struct smd_error *error);
/*
 * Close all parts: every pointer they gave out is dead afterwards, so states,
 * sessions and settings made with them must be gone. NULL is fine.
 */
void smd_loader_free(struct smd_loader *loader);
SMD_CLEANUP_DEFINE(struct smd_loader *, smd_loader_free);

/*
 * The driver `name`, borrowed until the loader is freed. NULL with `error` filled:
 * SMD_E_NOT_FOUND (the hint lists those that exist), SMD_E_INVALID (a file that
 * is no driver, or a broken one), SMD_E_UNSUPPORTED (another ABI or a later one),
 * SMD_E_UNTRUSTED (others can write to it).
 */
const struct smd_driver *smd_loader_driver(struct smd_loader *loader, const char *name,
					   struct smd_error *error);
/* The driver in a file, `file` having a '/' in it, whatever folders there are. */
const struct smd_driver *smd_loader_driver_at(struct smd_loader *loader, const char *file,
					      struct smd_error *error);
/*
 * The dialect of a driver that the loader gave, compiled when it is first asked for and kept as the
 * driver is. `*out` is NULL where it has none. SMD_E_INVALID: it is not well formed.
 */
int smd_loader_dialect(struct smd_loader *loader, const struct smd_driver *driver,
		       const struct smd_compiled **out, struct smd_error *error);
/* The file that a driver came from; borrowed as it is. */
const char *smd_loader_file(const struct smd_driver *driver);
/* The same for a plugin, which must be of `kind`. */
const struct smd_plugin *smd_loader_plugin(struct smd_loader *loader, enum smd_plugin_kind kind,
					   const char *name, struct smd_error *error);

/* The options of a plugin that the loader gave, all at their initial values; borrowed as it is. */
const struct smd_settings *smd_loader_settings(const struct smd_plugin *plugin);

/*
 * The file that a name stands for, the caller's (free()), opened or not: of `index`
 * 0 the one that is used, of others those that it hides. NULL: there is none.
 */
char *smd_loader_find(const struct smd_loader *loader, const char *name, size_t index);
/* Whether a file is one of the product's own. */
int smd_loader_is_own(const struct smd_loader *loader, const char *file);

/* Called with each name; non-zero stops and is returned. */
typedef int (*smd_loader_each_fn)(void *arg, const char *name);

/*
 * Names of what lies in the folders, sorted by bytes, each once, opened or not.
 * SMD_E_IO when a folder cannot be read.
 */
int smd_loader_each_driver(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error);
int smd_loader_each_plugin(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error);

/* One line of an inventory, borrowed during the call only. */
struct smd_setting {
	const char *name;
	const char *value;
};

/*
 * Check settings against the option table of `part`, which the result borrows.
 * SMD_E_INVALID for a name that the table lacks (the hint lists those that
 * exist), a name given twice, a value of the wrong type or out of range, a
 * control character; a secret value is never part of the message.
 */
int smd_settings_new(const struct smd_envelope *part, const struct smd_setting *given, size_t count,
		     struct smd_settings **out, struct smd_error *error);
/* What smd_settings_dialect gives; borrowed. */
void smd_settings_set_dialect(struct smd_settings *settings, const struct smd_compiled *dialect);
void smd_settings_free(struct smd_settings *settings); /* wipes the values; NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_settings *, smd_settings_free);

#endif
