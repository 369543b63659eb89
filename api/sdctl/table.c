/* SPDX-License-Identifier: Apache-2.0 */
/* Lookups in the table of commands, and the options that each command has. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "api/sdctl/command.h"

#define OWN(name_, letter_, value_, member, source_, bit, help_)                                   \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .value = (value_), .help = (help_),          \
		.source = (source_), .own = (bit), .offset = offsetof(struct run, member)          \
	}

static const struct option own_options[] = {
	OWN("output", 'o', "FILE", output, SOURCE_FILE, OWN_OUTPUT,
	    "keep the plan in a file; - is standard output"),
	OWN("exit-code", 0, NULL, exit_code, SOURCE_NONE, OWN_EXIT_CODE,
	    "exit status 2 if there are changes"),
	OWN("yes", 'y', NULL, yes, SOURCE_NONE, OWN_YES, "do it without asking"),
	OWN("verbose", 'v', NULL, verbose, SOURCE_NONE, OWN_VERBOSE,
	    "every claim of the proof by traffic"),
	OWN("json", 0, NULL, json, SOURCE_NONE, OWN_JSON, "print the result as JSON"),
	OWN("home", 0, "DIR", home, SOURCE_FOLDER, OWN_ALL,
	    "where the store is ($SMARTDEPLOY_HOME)"),
	OWN("parts", 0, "DIR", parts, SOURCE_FOLDER, OWN_ALL,
	    "where drivers and plugins are ($SMARTDEPLOY_PARTS)"),
	OWN("driver-path", 0, "DIR[:DIR]...", driver_path, SOURCE_FOLDER, OWN_ALL,
	    "folders to look in for drivers first ($SMARTDEPLOY_DRIVER_PATH)"),
	OWN("wait", 0, "TIME", wait, SOURCE_NONE, OWN_WAIT,
	    "wait so long while the store is in use: 60s, 5m, 1h"),
	OWN("help", 'h', NULL, help, SOURCE_NONE, OWN_ALL, "show help"),
	OWN("version", 0, NULL, version, SOURCE_NONE, OWN_ALL, "show the version"),
};

#define OWN_COUNT (sizeof(own_options) / sizeof(own_options[0]))

const struct smd_method *method_of(const struct command *command)
{
	size_t count;
	const struct smd_method *methods = smd_controller_methods(&count);

	for (size_t i = 0; command->method && i < count; i++)
		if (!strcmp(methods[i].name, command->method))
			return &methods[i];
	return NULL;
}

const char *summary_of(const struct command *command)
{
	return command->summary ? command->summary : method_of(command)->summary;
}

static const struct smd_field *field_of(const struct command *command, const char *name)
{
	const struct smd_method *method = name ? method_of(command) : NULL;

	for (const struct smd_field *field = method ? method->fields : NULL; field && field->name;
	     field++)
		if (!strcmp(field->name, name))
			return field;
	return NULL;
}

const char *argument_help(const struct command *command, const struct argument *argument)
{
	const struct smd_field *field = field_of(command, argument->field);

	return argument->help ? argument->help : field ? field->help : "";
}

static enum source source_of(const struct smd_field *field)
{
	static const enum source sources[] = {
		[SMD_NAMES_NONE] = SOURCE_NONE,
		[SMD_NAMES_CONFIGURATION] = SOURCE_CONFIGURATION,
		[SMD_NAMES_DEPLOYMENT] = SOURCE_DEPLOYMENT,
		[SMD_NAMES_DEVICE] = SOURCE_DEVICE,
		[SMD_NAMES_DRIVER] = SOURCE_DRIVER,
		[SMD_NAMES_FOLDER] = SOURCE_FOLDER,
	};

	if (field->type == SMD_FIELD_DOCUMENT)
		return SOURCE_FILE;
	return field->choices ? SOURCE_WORDS : sources[field->names];
}

enum source argument_source(const struct command *command, const struct argument *argument)
{
	const struct smd_field *field = field_of(command, argument->field);

	return argument->source || !field ? argument->source : source_of(field);
}

/* Is the field given in another way than by an option? */
static int is_no_option(const struct command *command, const struct smd_method *method,
			const struct smd_field *field)
{
	if (field->type == SMD_FIELD_DOCUMENT || field->type == SMD_FIELD_OBJECT)
		return 1;
	for (const struct argument *argument = command->arguments; argument->word; argument++)
		if (argument->field && !strcmp(argument->field, field->name))
			return 1;
	for (const struct smd_field *other = method->fields; other->name; other++)
		if (other->label && !strcmp(other->label, field->name))
			return 1;
	/* The arguments of `device add` and `set` are their fields */
	return command->run == run_settings;
}

static int next_field(const struct command *command, size_t *at, struct option *out)
{
	const struct smd_method *method = method_of(command);

	for (; method && method->fields[*at].name; (*at)++) {
		const struct smd_field *field = &method->fields[*at];

		if (is_no_option(command, method, field))
			continue;
		(*at)++;
		*out = (struct option){.name = field->name,
				       .value = field->type == SMD_FIELD_FLAG ? NULL : "",
				       .help = field->help,
				       .source = source_of(field),
				       .field = field};
		return 1;
	}
	return 0;
}

/* The bits of the program's own options that a command has. */
static unsigned own_of(const struct command *command)
{
	const struct smd_method *method = method_of(command);
	int writes = method && method->use >= SMD_USE_WRITE;

	return command->options | OWN_ALL | (writes ? OWN_WAIT : 0);
}

int next_option(const struct command *command, size_t *at, struct option *out)
{
	size_t own;

	if (command && *at < SMD_METHOD_FIELDS) {
		if (next_field(command, at, out))
			return 1;
		*at = SMD_METHOD_FIELDS;
	}
	for (own = *at < SMD_METHOD_FIELDS ? 0 : *at - SMD_METHOD_FIELDS; own < OWN_COUNT; own++) {
		if (command && !(own_options[own].own & own_of(command)))
			continue;
		*out = own_options[own];
		*at = SMD_METHOD_FIELDS + own + 1;
		return 1;
	}
	return 0;
}

int find_option(const struct command *command, const char *name, char letter, struct option *out)
{
	size_t at = 0;

	while (next_option(command, &at, out))
		if (name ? !strcmp(out->name, name) : out->letter && out->letter == letter)
			return 1;
	return 0;
}

int find_any_option(const char *name, char letter, struct option *out)
{
	for (size_t i = 0; i < command_count; i++)
		if (find_option(&commands[i], name, letter, out))
			return 1;
	return 0;
}

void option_value(const struct option *option, char *out, size_t size)
{
	const struct smd_field *field = option->field;

	*out = '\0';
	if (!field) {
		snprintf(out, size, "%s", option->value);
		return;
	}
	for (size_t i = 0; field->choices && field->choices[i]; i++)
		snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? "|" : "",
			 field->choices[i]);
	if (*out)
		return;
	snprintf(out, size, "%s",
		 field->type == SMD_FIELD_NUMBER        ? "N"
		 : field->names == SMD_NAMES_FOLDER     ? "DIR"
		 : field->names == SMD_NAMES_DRIVER     ? "NAME"
		 : field->names == SMD_NAMES_DEPLOYMENT ? "ID"
		 : field->type == SMD_FIELD_LIST        ? "WORD[,WORD]"
							: "WORD");
}

const struct command *find_command(char *const *words, int count, int *used)
{
	for (size_t i = 0; count > 0 && i < command_count; i++) {
		const char *second = strchr(commands[i].words, ' ');
		size_t length =
			second ? (size_t)(second - commands[i].words) : strlen(commands[i].words);

		if (strlen(words[0]) != length || strncmp(words[0], commands[i].words, length))
			continue;
		*used = second ? 2 : 1;
		if (!second || (count > 1 && !strcmp(words[1], second + 1)))
			return &commands[i];
	}
	return NULL;
}
