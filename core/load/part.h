/* SPDX-License-Identifier: Apache-2.0 */
/* A part that is open: its handle, and its declaration copied to this build's layout. */
#ifndef SMD_LOAD_PART_H
#define SMD_LOAD_PART_H

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#include "core/load/loader.h"

#define SMD_PART_NAME 32 /* longest name, without its NUL */

enum smd_part_kind { SMD_PART_DRIVER, SMD_PART_PLUGIN };

/*
 * kind      Tells whether `driver` or `plugin` is set; they point into the copies behind them.
 * settings  Of a plugin: its options at their initial values.
 * file      "" for a part of the program itself, see smd_part_register.
 * by_file   It was opened by its file's path, and is not found by its name.
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
	/* The driver's dialect, compiled; NULL until it is asked for */
	struct smd_compiled *compiled;
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

/* Whether `name` is valid for a part: `[a-z][a-z0-9-]*`, at most SMD_PART_NAME bytes. */
int smd_part_name_ok(const char *name);

/*
 * Open the file, check it, copy its declaration. SMD_E_INVALID: no shared object, no entry
 * function, another name than `name`, or something mandatory is missing. SMD_E_UNSUPPORTED:
 * another ABI major, or a later minor.
 */
int smd_part_open(const char *path, enum smd_part_kind kind, const char *name,
		  struct smd_part **out, struct smd_error *error);
/*
 * The same for a part that is in the program, by what its entry function would return. Its name
 * is the one in its envelope.
 */
int smd_part_register(const struct smd_envelope *self, enum smd_part_kind kind,
		      struct smd_part **out, struct smd_error *error);
void smd_part_free(struct smd_part *part); /* also closes it; NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_part *, smd_part_free);

#endif
