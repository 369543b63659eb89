/* SPDX-License-Identifier: Apache-2.0 */
/* One opened part: its handle and this build's copy of what it declares. */
#ifndef SMD_LOAD_PART_H
#define SMD_LOAD_PART_H

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#include "core/load/loader.h"

#define SMD_PART_NAME 32 /* longest name, without NUL */

enum smd_part_kind { SMD_PART_DRIVER, SMD_PART_PLUGIN };

/*
 * `driver` and `plugin` point into the copies behind them; which of the two
 * there is, `kind` tells. `settings` are a plugin's, all at their initial values.
 * `by_file`: it was asked for by its file, and does not answer to its name.
 */
struct smd_part {
	struct smd_part *next;
	enum smd_part_kind kind;
	char name[SMD_PART_NAME + 1];
	char *file;
	int by_file;
	void *handle;
	struct smd_driver driver;
	struct smd_session_profile profile;
	struct smd_dialect dialect;
	struct smd_compiled *compiled; /* of it; NULL until it is asked for */
	struct smd_plugin plugin;
	struct smd_channel channel;
	struct smd_protocol protocol;
	struct smd_store store;
	struct smd_check check;
	struct smd_settings *settings;
	struct smd_option *options;
	struct smd_rule *rules;
	struct smd_service *services;
};

/* Whether `name` may be a part's: `[a-z][a-z0-9-]*`, not too long. */
int smd_part_name_ok(const char *name);

/*
 * Open `path`, check it, copy it. SMD_E_INVALID: no shared object, no entry
 * function, another name than `name`, something mandatory is missing.
 * SMD_E_UNSUPPORTED: another ABI major, or a later minor.
 */
int smd_part_open(const char *path, enum smd_part_kind kind, const char *name,
		  struct smd_part **out, struct smd_error *error);
void smd_part_free(struct smd_part *part); /* closes it; NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_part *, smd_part_free);

#endif
