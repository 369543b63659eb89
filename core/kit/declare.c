/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what a driver declares: envelope, options, README page. */
#include <stdio.h>
#include <string.h>

#include "core/kit/check.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define SUMMARY 80

void smd_check_envelope(struct smd_kit *kit)
{
	const struct smd_driver *driver = kit->bench.driver;
	const struct smd_envelope *self = &driver->self;
	size_t length = strlen(self->summary);
	struct smd_error error = {0};

	smd_kit_hold(kit,
		     length && length <= SUMMARY && !strchr(self->summary, '\n') &&
			     self->summary[length - 1] != '.',
		     "the summary is no line of at most %d characters without a full stop: '%s'",
		     SUMMARY, self->summary);
	smd_kit_hold(kit, *self->version && !strpbrk(self->version, " \t\n"),
		     "the version is no word: '%s'", self->version);
	smd_kit_hold(kit, !driver->profile || driver->profile->deadline,
		     "the session profile has no deadline");
	smd_kit_hold(kit, !driver->prepare || driver->abort, "there is prepare, but no abort");
	smd_kit_hold(kit, !driver->dialect || !smd_dialect_check(driver->dialect, &error),
		     "the dialect is not well formed: %s", error.message);
	for (size_t i = 0; i < driver->service_count; i++)
		smd_kit_hold(kit, driver->services[i].version != 0, "service '%s' has version 0",
			     driver->services[i].name);
}

static void check_initial(struct smd_kit *kit, const struct smd_option *option)
{
	const struct smd_setting initial = {option->name, option->initial};
	struct smd_settings *settings = NULL;
	struct smd_error error = {0};

	if (!option->initial)
		return;
	smd_kit_hold(kit,
		     !smd_settings_new(&kit->bench.driver->self, &initial, 1, &settings, &error),
		     "the initial value: %s", error.message);
	smd_settings_free(settings);
}

static void check_option(struct smd_kit *kit, const struct smd_option *option)
{
	smd_kit_hold(kit, *option->name && strspn(option->name, LETTERS) == strlen(option->name),
		     "option '%s' is not named by lower-case letters, digits and '-'",
		     option->name);
	smd_kit_hold(kit, *option->help && !strchr(option->help, '\n'),
		     "option '%s' has no line of help", option->name);
	smd_kit_hold(kit, option->type >= SMD_OPTION_STRING && option->type <= SMD_OPTION_CHOICE,
		     "option '%s' is of no type", option->name);
	smd_kit_hold(kit, option->type != SMD_OPTION_NUMBER || option->minimum <= option->maximum,
		     "option '%s' has no range", option->name);
	smd_kit_hold(kit, option->type != SMD_OPTION_CHOICE || option->choices,
		     "option '%s' has no choices", option->name);
	smd_kit_hold(kit, !option->secret || !option->initial,
		     "option '%s' is a secret that everybody knows", option->name);
	check_initial(kit, option);
}

void smd_check_options(struct smd_kit *kit)
{
	const struct smd_envelope *self = &kit->bench.driver->self;

	for (size_t i = 0; i < self->option_count; i++) {
		smd_kit_at(kit, "option '%s'", self->options[i].name);
		check_option(kit, &self->options[i]);
		for (size_t j = 0; j < i; j++)
			smd_kit_hold(kit, strcmp(self->options[i].name, self->options[j].name) != 0,
				     "there are two options '%s'", self->options[i].name);
	}
}

static void check_words(struct smd_kit *kit, const char *page)
{
	static const char *const headings[] = {"What it drives", "Options",
					       "What the device must have", "Limits", "Example"};
	const struct smd_envelope *self = &kit->bench.driver->self;
	char words[128];

	for (size_t i = 0; i < SMD_COUNT(headings); i++) {
		snprintf(words, sizeof(words), "\n## %s\n", headings[i]);
		smd_kit_hold(kit, strstr(page, words) != NULL, "the page lacks '## %s'",
			     headings[i]);
	}
	for (size_t i = 0; i < self->option_count; i++) {
		snprintf(words, sizeof(words), "`%s`", self->options[i].name);
		smd_kit_hold(kit, strstr(page, words) != NULL, "the page lacks option %s", words);
	}
}

void smd_check_page(struct smd_kit *kit)
{
	smd_cleanup(free) char *home = smd_kit_home(kit->spec);
	smd_cleanup(free) char *path = NULL;
	smd_cleanup(free) char *bytes = NULL;
	smd_cleanup(smd_text_free) struct smd_text *page = NULL;

	if (home && asprintf(&path, "%s/README.md", home) < 0)
		path = NULL;
	page = path ? smd_bench_read(path) : NULL;
	bytes = page ? smd_text_join(page) : NULL;
	if (bytes)
		check_words(kit, bytes);
	else if (path)
		smd_kit_skip(kit, "there is no page %s", path);
	else
		smd_kit_skip(kit, "there is no folder testdata beside the driver, nor a page");
}
