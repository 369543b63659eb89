/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loader: finds drivers and plugins in folders, opens each when it is first asked for,
 * checks it as <smartdeploy/abi.h> says, and keeps it open.
 *
 * It returns copies of the parts' structures in this build's layout: members that an older part
 * lacks are zero, arrays have this build's element size.
 *
 * A part runs with all of our rights. So its file and folder must belong to root or to the user
 * that runs the program, and nobody else may have write permission. As root, a driver that
 * another user has built is thus refused. Parent folders are not checked: whoever passes a path
 * is responsible for it.
 *
 * Any thread may call any function except smd_loader_add_path, the two that register a part, and
 * smd_loader_free.
 */
#ifndef SMD_LOAD_LOADER_H
#define SMD_LOAD_LOADER_H

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#include "core/base/cleanup.h"

struct smd_loader;

/*
 * Make a loader for the parts in `folder`/drivers and `folder`/plugins. Nothing is opened yet,
 * and the folder need not exist. Fails with SMD_E_NO_MEMORY only.
 */
int smd_loader_new(const char *folder, struct smd_loader **out);
/*
 * Search other folders for drivers first, see smd_search_path_add. A driver there replaces the
 * one with the same name in `folder`. To be called before any other function.
 */
int smd_loader_add_path(struct smd_loader *loader, const char *path, struct smd_error *error);
/*
 * Add a part that is in the program itself: it is found by its name before any file, but not
 * listed. It is checked and copied as one from a file; what it points to must outlive the loader.
 * To be called before any other function. Errors as smd_loader_driver; SMD_E_CONFLICT: there is
 * one of that kind and name already.
 */
int smd_loader_register_driver(struct smd_loader *loader, const struct smd_driver *driver,
			       struct smd_error *error);
int smd_loader_register_plugin(struct smd_loader *loader, const struct smd_plugin *plugin,
			       struct smd_error *error);
/*
 * Close all parts. Every pointer that the loader returned becomes invalid, so states, sessions
 * and settings made with them must be freed before. NULL is fine.
 */
void smd_loader_free(struct smd_loader *loader);
SMD_CLEANUP_DEFINE(struct smd_loader *, smd_loader_free);

/*
 * The driver `name`, borrowed until the loader is freed. NULL with `error` filled:
 * SMD_E_NOT_FOUND (the hint lists the drivers), SMD_E_INVALID (the file is no driver, or
 * damaged), SMD_E_UNSUPPORTED (another ABI major or a later minor), SMD_E_UNTRUSTED (others can
 * write to the file).
 */
const struct smd_driver *smd_loader_driver(struct smd_loader *loader, const char *name,
					   struct smd_error *error);
/* The driver in a file. `file` contains a '/'; the folders are not searched. */
const struct smd_driver *smd_loader_driver_at(struct smd_loader *loader, const char *file,
					      struct smd_error *error);
/*
 * The driver's dialect, compiled at the first call and borrowed until the loader is freed.
 * `*out` is NULL if the driver has none. SMD_E_INVALID: the dialect has an error.
 */
int smd_loader_dialect(struct smd_loader *loader, const struct smd_driver *driver,
		       const struct smd_compiled **out, struct smd_error *error);
/* The file that the driver was loaded from, "" if it was registered; borrowed. */
const char *smd_loader_file(const struct smd_driver *driver);
/* The same for a plugin; it must be of this kind. */
const struct smd_plugin *smd_loader_plugin(struct smd_loader *loader, enum smd_plugin_kind kind,
					   const char *name, struct smd_error *error);

/* The plugin's options, all at their initial values; borrowed. */
const struct smd_settings *smd_loader_settings(const struct smd_plugin *plugin);

/*
 * A driver's file by its name, loaded or not. `index` 0: the file that is used; 1 and more:
 * files of that name that it hides. The caller's (free()); NULL: there is none.
 */
char *smd_loader_find(const struct smd_loader *loader, const char *name, size_t index);
/* Whether the file is in the product's own folder. */
int smd_loader_is_own(const struct smd_loader *loader, const char *file);

/* Called for each name; a value other than 0 stops and is returned. */
typedef int (*smd_loader_each_fn)(void *arg, const char *name);

/*
 * Call `each` for all names in the folders, loaded or not, once each, sorted by bytes.
 * SMD_E_IO: a folder cannot be read.
 */
int smd_loader_each_driver(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error);
int smd_loader_each_plugin(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error);

/* An option and its value, as given in an inventory; borrowed during the call only. */
struct smd_setting {
	const char *name;
	const char *value;
};

/*
 * Check option values against the table of `part`, which the result borrows. SMD_E_INVALID: an
 * unknown name (the hint lists the known ones), a name given twice, a value of the wrong type
 * or out of range, or a control character. A secret value never appears in a message.
 */
int smd_settings_new(const struct smd_envelope *part, const struct smd_setting *given, size_t count,
		     struct smd_settings **out, struct smd_error *error);
/* Set what smd_settings_dialect returns; borrowed. */
void smd_settings_set_dialect(struct smd_settings *settings, const struct smd_compiled *dialect);
void smd_settings_free(struct smd_settings *settings); /* wipes the values; NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_settings *, smd_settings_free);

#endif
