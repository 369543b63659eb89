/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line. Options may stand anywhere: `--name value`, `--name=value`, `-o value`,
 * `-ovalue`; `--` ends them, and the words of the command: behind it, all are arguments. Which
 * ones there are, the table of commands says.
 */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"
#include "core/base/nearest.h"

/* An option on the command line: how it was written, without its value, and the value. */
struct given {
	char word[64];
	struct option option;
	const char *value;
};

/* words: how many arguments stand before `--`; only these can be the words of the command. */
struct line {
	struct given *given;
	int given_count, words;
};

static int no_memory(struct run *run)
{
	return smd_fail(&run->error, SMD_E_NO_MEMORY, "out of memory");
}

/* Split an option into its name or letter, and the value that is in the same word. */
static int look_up(const char *word, struct option *out, char name[64], const char **value)
{
	size_t length = strcspn(word, "=");

	*value = NULL;
	if (word[1] != '-') {
		snprintf(name, 64, "%.2s", word);
		if (word[2])
			*value = word + 2;
		return find_any_option(NULL, word[1], out);
	}
	snprintf(name, 64, "%.*s", (int)length, word);
	if (word[length])
		*value = word + length + 1;
	return length > 2 && length < 64 && find_any_option(name + 2, 0, out);
}

int takes_next(const char *word, struct option *out)
{
	const char *value;
	char name[64];

	return word[0] == '-' && word[1] && look_up(word, out, name, &value) && out->value &&
	       !value;
}

static void offer_options(const struct command *command, struct smd_nearest *nearest)
{
	struct option option;
	size_t at = 0;

	while (next_option(command, &at, &option))
		smd_nearest_offer(nearest, option.name);
}

static int unknown_option(struct run *run, const char *name)
{
	struct smd_nearest nearest = {.word = name + strspn(name, "-")};

	for (size_t i = 0; i < command_count; i++)
		offer_options(&commands[i], &nearest);
	smd_fail(&run->error, SMD_E_INVALID, "there is no option \"%s\"", name);
	if (nearest.best)
		smd_error_hint(&run->error, "did you mean \"--%s\"?", nearest.best);
	else
		smd_error_hint(&run->error, "`sdctl COMMAND --help` lists those of a command");
	return run->error.code;
}

static int take_option(struct run *run, struct line *line, int argc, char **argv, int *at)
{
	struct given *given = &line->given[line->given_count];
	const char *attached;

	if (!look_up(argv[*at], &given->option, given->word, &attached))
		return unknown_option(run, given->word);
	given->value = attached;
	if (given->option.value && !attached) {
		if (*at + 1 >= argc) {
			char value[64];

			option_value(&given->option, value, sizeof(value));
			return smd_fail(&run->error, SMD_E_INVALID, "option %s needs a value, %s",
					given->word, value);
		}
		given->value = argv[++*at];
	} else if (!given->option.value && attached) {
		return smd_fail(&run->error, SMD_E_INVALID, "option %s takes no value",
				given->word);
	}
	line->given_count++;
	return 0;
}

/* Are these the words of a command to which all that follows belongs? */
static int is_raw(const struct run *run)
{
	int used;
	const struct command *command = find_command(run->args, run->arg_count, &used);

	return command && command->raw;
}

static int is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* Split the words into arguments and options. */
static int split(struct run *run, struct line *line, int argc, char **argv)
{
	int ended = 0;

	for (int i = 1; i < argc; i++) {
		int err = 0;

		if (!ended && !strcmp(argv[i], "--") && !is_raw(run))
			ended = 1;
		else if (ended || argv[i][0] != '-' || !argv[i][1] ||
			 (is_raw(run) && !is_help(argv[i])))
			run->args[run->arg_count++] = argv[i];
		else
			err = take_option(run, line, argc, argv, &i);
		if (err)
			return err;
		if (!ended)
			line->words = run->arg_count;
	}
	return 0;
}

/* The options of the program itself; those of the method are taken with its request. */
static void take_own(struct run *run, const struct given *given)
{
	char *member = (char *)run + given->option.offset;

	if (given->option.field)
		return;
	if (given->option.value)
		*(const char **)(void *)member = given->value;
	else
		*(int *)(void *)member = 1;
}

/* Commands */

static int incomplete(struct run *run, const char *group)
{
	size_t length = strlen(group);
	char list[SMD_ERROR_HINT] = "";

	for (size_t i = 0; i < command_count; i++)
		if (!strncmp(commands[i].words, group, length) && commands[i].words[length] == ' ')
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
				 *list ? ", " : "", commands[i].words + length + 1);
	if (!*list)
		return 0;
	smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is not the whole of a command", group);
	smd_error_hint(&run->error, "behind \"%s\" comes one of: %s", group, list);
	return run->error.code;
}

static int is_group(const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < command_count; i++)
		if (!strncmp(commands[i].words, word, length) && commands[i].words[length] == ' ')
			return 1;
	return 0;
}

int unknown_command(struct run *run)
{
	char words[128];
	struct smd_nearest nearest = {.word = words};
	struct option option;
	int two = run->arg_count > 1 && is_group(run->args[0]);

	if (run->arg_count == 1 && incomplete(run, run->args[0]))
		return run->error.code;
	snprintf(words, sizeof(words), "%s%s%s", run->args[0], two ? " " : "",
		 two ? run->args[1] : "");
	for (size_t i = 0; i < command_count; i++)
		smd_nearest_offer(&nearest, commands[i].words);
	if (!nearest.best && run->arg_count > 1) {
		snprintf(words, sizeof(words), "%s %s", run->args[0], run->args[1]);
		for (size_t i = 0; i < command_count; i++)
			smd_nearest_offer(&nearest, commands[i].words);
	}
	smd_fail(&run->error, SMD_E_INVALID, "there is no command \"%s\"", words);
	if (find_option(NULL, words, 0, &option))
		smd_error_hint(&run->error, "did you mean \"--%s\"?", words);
	else if (nearest.best)
		smd_error_hint(&run->error, "did you mean \"%s\"?", nearest.best);
	else
		smd_error_hint(&run->error, "`sdctl help` lists the commands");
	return run->error.code;
}

static int foreign_option(struct run *run, const struct given *given)
{
	char list[SMD_ERROR_HINT] = "";
	struct option option;

	for (size_t i = 0; i < command_count; i++)
		if (find_option(&commands[i], given->option.name, 0, &option))
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
				 *list ? ", " : "", commands[i].words);
	smd_fail(&run->error, SMD_E_INVALID, "`sdctl %s` has no option %s", run->command->words,
		 given->word);
	smd_error_hint(&run->error, "it is an option of: %s", list);
	return run->error.code;
}

/* Each option becomes that of the command, whose field can be another than the first one's. */
static int check_options(struct run *run, struct line *line)
{
	for (int i = 0; i < line->given_count; i++) {
		struct given *given = &line->given[i];
		struct option own;

		if (!find_option(run->command, given->option.name, 0, &own))
			return foreign_option(run, given);
		given->option = own;
	}
	return 0;
}

static int check_arguments(struct run *run)
{
	const struct argument *argument = run->command->arguments;
	int least = 0, most = 0;

	for (; argument->word; argument++) {
		least += !argument->optional;
		most = argument->many ? 1 << 16 : most + 1;
	}
	if (run->arg_count >= least && run->arg_count <= most)
		return 0;
	if (run->arg_count > most)
		smd_fail(&run->error, SMD_E_INVALID, "`sdctl %s` does not take \"%s\"",
			 run->command->words, run->args[most]);
	else
		smd_fail(&run->error, SMD_E_INVALID, "`sdctl %s` lacks %s", run->command->words,
			 run->command->arguments[run->arg_count].word);
	smd_error_hint(&run->error, "`sdctl help %s` shows how it is called", run->command->words);
	return run->error.code;
}

/* Options that are fields without which the method cannot be called. */
static int check_required(struct run *run)
{
	struct option option;
	size_t at = 0;

	while (next_option(run->command, &at, &option)) {
		char value[64];

		if (!option.field || !option.field->required ||
		    cJSON_GetObjectItemCaseSensitive(run->request, option.name))
			continue;
		option_value(&option, value, sizeof(value));
		smd_fail(&run->error, SMD_E_INVALID, "`sdctl %s` needs --%s %s",
			 run->command->words, option.name, value);
		smd_error_hint(&run->error,
			       option.source == SOURCE_DRIVER
				       ? "`sdctl driver list` shows the drivers"
				       : "`sdctl help %s` shows how it is called",
			       run->command->words);
		return run->error.code;
	}
	return 0;
}

/* The values of options that are fields of the method's request. */
static int take_fields(struct run *run, const struct line *line)
{
	int err = 0;

	for (int i = 0; i < line->given_count && !err; i++)
		if (line->given[i].option.field)
			err = set_field(run, line->given[i].option.field, line->given[i].value);
	return err;
}

static int read_line(struct run *run, struct line *line, int argc, char **argv)
{
	int used, err = split(run, line, argc, argv);

	for (int i = 0; i < line->given_count; i++)
		take_own(run, &line->given[i]);
	if (err || run->version || (run->help && !run->arg_count))
		return err;
	if (!line->words) {
		smd_fail(&run->error, SMD_E_INVALID, "no command was given");
		smd_error_hint(&run->error, "`sdctl help` lists the commands");
		return run->error.code;
	}
	run->command = find_command(run->args, line->words, &used);
	if (!run->command) {
		run->arg_count = line->words;
		return run->help && is_group(run->args[0]) ? 0 : unknown_command(run);
	}
	run->args += used;
	run->arg_count -= used;
	if (run->help)
		return 0;
	err = check_options(run, line);
	if (!err)
		err = check_arguments(run);
	if (!err)
		err = take_fields(run, line);
	return err ? err : check_required(run);
}

/* Also where the line cannot be read, errors are told as it wants them. */
static int wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			return 1;
	return 0;
}

int parse_line(struct run *run, int argc, char **argv)
{
	struct line line = {calloc((size_t)argc + 1, sizeof(*line.given)), 0, 0};
	int err;

	run->args = run->words = calloc((size_t)argc + 1, sizeof(*run->args));
	run->request = cJSON_CreateObject();
	if (!line.given || !run->args || !run->request)
		err = no_memory(run);
	else
		err = read_line(run, &line, argc, argv);
	if (err)
		run->json = wants_json(argc, argv);
	free(line.given);
	return err;
}
