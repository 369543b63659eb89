/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion, for the scripts of the shells: `sdctl __complete WORD...` prints what the last word
 * can become, a line each, "VALUE<tab>WHAT IT IS"; a line ":files" or ":folders" leaves it to the
 * shell. It only reads, and is silent where there is nothing to read.
 */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"

/* What is completed: the last word, of which `prefix` stays as it is ("--driver="). */
struct cursor {
	struct run *run;
	const char *word;
	const char *prefix;
	int prefix_length;
};

static void offer(const struct cursor *cursor, const char *value, const char *what)
{
	if (!strncmp(value, cursor->word, strlen(cursor->word)))
		printf("%.*s%s\t%s\n", cursor->prefix_length, cursor->prefix, value, what);
}

/* Names from the store */

static void offer_list(const struct cursor *cursor, const char *method, const char *list,
		       const char *name, const char *what)
{
	const cJSON *one;
	cJSON *result = NULL;

	if (!connect_controller(cursor->run))
		(void)smd_controller_call(cursor->run->controller, "completion", method, NULL, NULL,
					  NULL, &result, NULL);
	cJSON_ArrayForEach (one, cJSON_GetObjectItem(sanitize_json(result), list))
		if (*text_of(one, name))
			offer(cursor, text_of(one, name), text_of(one, what));
	cJSON_Delete(result);
}

static void offer_commands(const struct cursor *cursor, char *const *words, int count)
{
	char before[64] = "";
	size_t length;

	if (count > 1)
		return;
	if (count)
		snprintf(before, sizeof(before), "%s ", words[0]);
	length = strlen(before);
	for (size_t i = 0; i < command_count; i++) {
		const char *rest = commands[i].words + length;
		size_t first = 0;
		char value[64];

		if (strncmp(commands[i].words, before, length))
			continue;
		first = strcspn(rest, " ");
		snprintf(value, sizeof(value), "%.*s", (int)first, rest);
		if (!rest[first])
			offer(cursor, value, summary_of(&commands[i]));
		else if (!i || strncmp(commands[i - 1].words, rest, first + 1))
			offer(cursor, value, "...");
	}
}

static void offer_source(const struct cursor *cursor, enum source source, const char *const *words)
{
	switch (source) {
	case SOURCE_FILE:
		puts(":files");
		break;
	case SOURCE_FOLDER:
		puts(":folders");
		break;
	case SOURCE_DEPLOYMENT:
		offer_list(cursor, "deployment.list", "deployments", "id", "outcome");
		offer_list(cursor, "configuration.list", "configurations", "name", "state");
		break;
	case SOURCE_CONFIGURATION:
		offer_list(cursor, "configuration.list", "configurations", "name", "state");
		break;
	case SOURCE_DEVICE:
		offer_list(cursor, "device.list", "devices", "name", "address");
		break;
	case SOURCE_DRIVER:
		offer_list(cursor, "driver.list", "drivers", "name", "summary");
		if (strchr(cursor->word, '/'))
			puts(":files");
		break;
	case SOURCE_WORDS:
		for (size_t i = 0; words && words[i]; i++)
			offer(cursor, words[i], "");
		break;
	case SOURCE_NONE:
	case SOURCE_COMMAND:
		break;
	}
}

static void offer_value(const struct cursor *cursor, const struct option *option)
{
	offer_source(cursor, option->source, option->field ? option->field->choices : NULL);
}

static void offer_options(const struct cursor *cursor, const struct command *command)
{
	struct option option;
	size_t at = 0;

	while (next_option(command, &at, &option)) {
		char name[64];

		if (!command && option.own != OWN_ALL && option.own != OWN_JSON)
			continue;
		snprintf(name, sizeof(name), "--%s", option.name);
		offer(cursor, name, option.help);
		snprintf(name, sizeof(name), "-%c", option.letter);
		if (option.letter && !strcmp(cursor->word, "-"))
			offer(cursor, name, option.help);
	}
}

static void offer_argument(const struct cursor *cursor, const struct command *command,
			   char *const *words, int at)
{
	const struct argument *argument = command->arguments;
	int i = 0;

	if (command->run == run_help) {
		offer_commands(cursor, words, at);
		return;
	}
	while (argument->word && i < at && !argument->many) {
		argument++;
		i++;
	}
	if (argument->word)
		offer_source(cursor, argument_source(command, argument), argument->words);
}

/* An option with a value that says where to read, as --home. */
static void heed(struct run *run, const struct option *option, const char *value)
{
	if (option->own == OWN_ALL)
		*(const char **)(void *)((char *)run + option->offset) = value;
}

/* Complete the value behind `=` in the last word; 0: it is no such word. */
static int complete_attached(struct cursor *cursor)
{
	char name[64];
	const char *equals = strchr(cursor->word, '=');
	struct option option;

	if (strncmp(cursor->word, "--", 2) || !equals)
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(equals - cursor->word - 2), cursor->word + 2);
	if (!find_any_option(name, 0, &option) || !option.value)
		return 1;
	cursor->prefix = cursor->word;
	cursor->prefix_length = (int)(equals + 1 - cursor->word);
	cursor->word = equals + 1;
	offer_value(cursor, &option);
	return 1;
}

/* The arguments before the last word; returns their number, or -1 if an option's value is due. */
static int split(struct run *run, int count, char **argv, char **words, struct option *due)
{
	int used = 0;

	for (int i = 0; i + 1 < count; i++) {
		char name[64];
		size_t length = strcspn(argv[i], "=");

		if (takes_next(argv[i], due)) {
			if (i + 2 == count)
				return -1;
			heed(run, due, argv[++i]);
		} else if (!strncmp(argv[i], "--", 2) && argv[i][length] && length < 64) {
			snprintf(name, sizeof(name), "%.*s", (int)length - 2, argv[i] + 2);
			if (find_any_option(name, 0, due) && due->value)
				heed(run, due, argv[i] + length + 1);
		} else if (argv[i][0] != '-' || !argv[i][1]) {
			words[used++] = argv[i];
		}
	}
	return used;
}

int complete(struct run *run, int argc, char **argv)
{
	struct cursor cursor = {run, argc ? argv[argc - 1] : "", "", 0};
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	const struct command *command;
	struct option due;
	int used = 0, count;

	if (!words || find_root(run))
		return 1;
	count = split(run, argc, argv, words, &due);
	command = count > 0 ? find_command(words, count, &used) : NULL;
	if (count < 0)
		offer_value(&cursor, &due);
	else if (command && command->raw)
		offer_argument(&cursor, command, words, count - used);
	else if (complete_attached(&cursor))
		;
	else if (*cursor.word == '-' && cursor.word[1] != '\0')
		offer_options(&cursor, command);
	else if (command)
		offer_argument(&cursor, command, words + used, count - used);
	else
		offer_commands(&cursor, words, count);
	free(words);
	smd_controller_free(run->controller);
	return 0;
}
