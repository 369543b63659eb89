/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of a part: the table from which the command line, the REST API and forms are made,
 * and against which an inventory is checked.
 */
#ifndef SMARTDEPLOY_OPTION_H
#define SMARTDEPLOY_OPTION_H

#include <smartdeploy/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_option_type {
	SMD_OPTION_STRING = 1,
	SMD_OPTION_NUMBER = 2, /* a whole number from `minimum` to `maximum` */
	SMD_OPTION_BOOL = 3,   /* "true" or "false" */
	SMD_OPTION_CHOICE = 4  /* one of `choices`, separated by `|` */
};

/*
 * initial  The value if none is given, as a user would type it; NULL: the option then reads as
 *          NULL or 0.
 * help     One line.
 * secret   The value never appears in a message.
 */
struct smd_option {
	const char *name;
	enum smd_option_type type;
	const char *initial;
	int64_t minimum, maximum;
	const char *choices;
	const char *help;
	int secret;
};

/* Option values of one part, checked against its table. Constant, so any thread may read them. */
struct smd_settings;

/* The given value, or the table's initial one. For a name that is not in the table: NULL or 0. */
SMD_EXPORT const char *smd_settings_string(const struct smd_settings *settings, const char *name);
SMD_EXPORT int64_t smd_settings_number(const struct smd_settings *settings, const char *name);
SMD_EXPORT int smd_settings_bool(const struct smd_settings *settings, const char *name);

/*
 * The compiled dialect of the driver that the settings belong to, so that the driver's own
 * operations can call functions of <smartdeploy/dialect.h>. Borrowed while the driver is
 * loaded; NULL: it has no dialect.
 */
struct smd_compiled;
SMD_EXPORT const struct smd_compiled *smd_settings_dialect(const struct smd_settings *settings);

#ifdef __cplusplus
}
#endif
#endif
