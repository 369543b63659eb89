/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/loader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* `values` has one element for each option of the table; NULL: no value was given. */
struct smd_settings {
	const struct smd_envelope *part;
	const struct smd_compiled *dialect;
	char *values[];
};

static size_t find_option(const struct smd_envelope *part, const char *name)
{
	for (size_t i = 0; i < part->option_count; i++)
		if (!strcmp(part->options[i].name, name))
			return i;
	return SIZE_MAX;
}

static int unknown_option(const struct smd_envelope *part, const char *name,
			  struct smd_error *error)
{
	char list[SMD_ERROR_HINT - 32] = "";
	size_t used = 0;

	smd_fail(error, SMD_E_INVALID, "'%s' has no option '%s'", part->name, name);
	for (size_t i = 0; i < part->option_count && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
					 part->options[i].name);
	if (part->option_count)
		smd_error_hint(error, "there are: %s", list);
	else
		smd_error_hint(error, "it has no options at all");
	return SMD_E_INVALID;
}

static int has_control(const char *value)
{
	for (const unsigned char *c = (const unsigned char *)value; *c; c++)
		if (*c < 0x20 || *c == 0x7f)
			return 1;
	return 0;
}

/* Parse a whole number: no blanks, no plus sign, nothing behind it. */
static int to_number(const char *value, int64_t *number)
{
	char *end;
	const char *digits = value + (*value == '-');

	if (*digits < '0' || *digits > '9')
		return 0;
	errno = 0;
	*number = strtoll(value, &end, 10);
	return !*end && !errno;
}

static int is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);

	while (choices) {
		const char *end = strchrnul(choices, '|');

		if ((size_t)(end - choices) == length && !memcmp(choices, value, length))
			return 1;
		choices = *end ? end + 1 : NULL;
	}
	return 0;
}

/* Whether the value fits the option's type; if not, `want` describes what is allowed. */
static int value_fits(const struct smd_option *option, const char *value, char *want, size_t size)
{
	int64_t number;

	switch (option->type) {
	case SMD_OPTION_NUMBER:
		snprintf(want, size, "a number from %" PRId64 " to %" PRId64, option->minimum,
			 option->maximum);
		return to_number(value, &number) && number >= option->minimum &&
		       number <= option->maximum;
	case SMD_OPTION_BOOL:
		snprintf(want, size, "true or false");
		return !strcmp(value, "true") || !strcmp(value, "false");
	case SMD_OPTION_CHOICE:
		snprintf(want, size, "one of %s", option->choices ? option->choices : "");
		return is_choice(option->choices, value);
	case SMD_OPTION_STRING:
		break;
	}
	snprintf(want, size, "text without control characters");
	return !has_control(value);
}

static int put_setting(struct smd_settings *settings, const struct smd_setting *given,
		       struct smd_error *error)
{
	const struct smd_envelope *part = settings->part;
	size_t index = find_option(part, given->name);
	const struct smd_option *option;
	char want[160];

	if (index == SIZE_MAX)
		return unknown_option(part, given->name, error);
	option = &part->options[index];
	if (settings->values[index])
		return smd_fail(error, SMD_E_INVALID, "option '%s' of '%s' is given twice",
				option->name, part->name);
	if (!value_fits(option, given->value, want, sizeof(want)))
		return smd_fail(error, SMD_E_INVALID, "option '%s' of '%s' must be %s, not '%s'",
				option->name, part->name, want,
				option->secret ? SMD_MASK : given->value);
	settings->values[index] = strdup(given->value);
	if (!settings->values[index])
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for settings");
	return 0;
}

int smd_settings_new(const struct smd_envelope *part, const struct smd_setting *given, size_t count,
		     struct smd_settings **out, struct smd_error *error)
{
	smd_cleanup(smd_settings_free) struct smd_settings *settings =
		calloc(1, sizeof(*settings) + part->option_count * sizeof(char *));

	if (!settings)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for settings");
	settings->part = part;
	for (size_t i = 0; i < count; i++) {
		int err = put_setting(settings, &given[i], error);

		if (err)
			return err;
	}
	*out = smd_take(settings);
	return 0;
}

void smd_settings_free(struct smd_settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < settings->part->option_count; i++) {
		if (settings->values[i])
			explicit_bzero(settings->values[i], strlen(settings->values[i]));
		free(settings->values[i]);
	}
	free(settings);
}

void smd_settings_set_dialect(struct smd_settings *settings, const struct smd_compiled *dialect)
{
	settings->dialect = dialect;
}

const struct smd_compiled *smd_settings_dialect(const struct smd_settings *settings)
{
	return settings ? settings->dialect : NULL;
}

const char *smd_settings_string(const struct smd_settings *settings, const char *name)
{
	size_t index = settings ? find_option(settings->part, name) : SIZE_MAX;

	if (index == SIZE_MAX)
		return NULL;
	return settings->values[index] ? settings->values[index]
				       : settings->part->options[index].initial;
}

int64_t smd_settings_number(const struct smd_settings *settings, const char *name)
{
	const char *value = smd_settings_string(settings, name);
	int64_t number;

	return value && to_number(value, &number) ? number : 0;
}

int smd_settings_bool(const struct smd_settings *settings, const char *name)
{
	const char *value = smd_settings_string(settings, name);

	return value && !strcmp(value, "true");
}
