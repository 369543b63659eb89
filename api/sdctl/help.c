/* SPDX-License-Identifier: Apache-2.0 */
/* Help, in 80 columns, made from the table. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"

#define COLUMNS 80
#define HELP_COLUMN 24 /* where the help of arguments and options begins */

static void indent_by(FILE *out, int columns)
{
	fprintf(out, "%*s", columns, "");
}

void print_wrapped(FILE *out, const char *text, int column, int indent)
{
	int first = 1;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (!first && column + 1 + length > COLUMNS) {
			fputc('\n', out);
			indent_by(out, indent);
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", length, text);
		column += length;
		text += length + strspn(text + length, " ");
		first = 0;
	}
	fputc('\n', out);
}

/* Words */

/* `[--exit-code]`, `--driver NAME`, `[-o FILE]`, with a blank in front that may not be broken. */
static void write_option(FILE *out, const struct option *option)
{
	int optional = !option->field || !option->field->required;
	char value[64] = "";

	if (option->value)
		option_value(option, value, sizeof(value));
	fprintf(out, " %s", optional ? "[" : "");
	if (option->letter)
		fprintf(out, "-%c", option->letter);
	else
		fprintf(out, "--%s", option->name);
	/* Printed as a blank that is not broken at */
	fprintf(out, "%s%s%s", *value ? "\1" : "", value, optional ? "]" : "");
}

static void write_argument(FILE *out, const struct argument *argument)
{
	fprintf(out, " %s%s%s%s", argument->optional ? "[" : "", argument->word,
		argument->optional ? "]" : "", argument->many ? "..." : "");
}

char *synopsis_of(const struct command *command)
{
	char *text = NULL;
	size_t size, at = 0;
	FILE *out = open_memstream(&text, &size);
	struct option option;

	if (!out)
		return NULL;
	fprintf(out, "sdctl %s", command->words);
	for (size_t i = 0; command->arguments[i].word; i++)
		write_argument(out, &command->arguments[i]);
	while (next_option(command, &at, &option))
		if (option.own != OWN_ALL)
			write_option(out, &option);
	fclose(out);
	return text;
}

void print_synopsis(const struct command *command, FILE *out, const char *indent)
{
	char *text = synopsis_of(command), *wrapped = NULL;
	size_t size;
	FILE *stream = text ? open_memstream(&wrapped, &size) : NULL;

	if (stream) {
		print_wrapped(stream, text, (int)strlen(indent), (int)strlen(indent) + 4);
		fclose(stream);
		for (char *at = wrapped; (at = strchr(at, '\1'));)
			*at = ' ';
		fprintf(out, "%s", wrapped);
	}
	free(wrapped);
	free(text);
}

/* Print help behind a name that is printed; on the next line if the name is too long. */
static void print_beside(FILE *out, int column, const char *help)
{
	if (column + 2 > HELP_COLUMN) {
		fputc('\n', out);
		column = 0;
	}
	indent_by(out, HELP_COLUMN - column);
	print_wrapped(out, help, HELP_COLUMN, HELP_COLUMN);
}

static void print_arguments(const struct command *command, FILE *out)
{
	const struct argument *argument = command->arguments;

	if (argument->word)
		fprintf(out, "\nArguments:\n");
	for (; argument->word; argument++)
		print_beside(out, fprintf(out, "  %s", argument->word),
			     argument_help(command, argument));
}

static void print_option(FILE *out, const struct option *option)
{
	char value[64] = "";
	int column;

	if (option->value)
		option_value(option, value, sizeof(value));
	if (option->letter)
		column = fprintf(out, "  -%c, ", option->letter);
	else
		column = fprintf(out, "      ");
	column += fprintf(out, "--%s%s%s", option->name, *value ? " " : "", value);
	print_beside(out, column, option->help);
}

static void print_options(const struct command *command, FILE *out)
{
	struct option option;
	int any = 0;

	for (size_t at = 0; next_option(command, &at, &option);) {
		if (option.own == OWN_ALL)
			continue;
		fprintf(out, "%s", any++ ? "" : "\nOptions:\n");
		print_option(out, &option);
	}
	fprintf(out, "\nOptions of every command: `sdctl help` lists them.\n");
}

static void print_status_line(void *out, char status, const char *text)
{
	fprintf(out, "  %c  ", status);
	print_wrapped(out, text, 5, 5);
}

void each_status(const struct command *command,
		 void (*each)(void *arg, char status, const char *text), void *arg)
{
	const char *more = command->status ? command->status : "";
	int sent_three = 0;

	each(arg, '0', "done, or nothing to do");
	each(arg, '1', "error, also in how the command was written");
	while (*more) {
		int length = (int)strcspn(more, "\n");
		char text[128];

		if (*more > '3' && !sent_three++)
			each(arg, '3', "refused: invalid, stale, conflict, unsafe, busy");
		snprintf(text, sizeof(text), "%.*s", length - 3, more + 3);
		each(arg, *more, text);
		more += length + (more[length] == '\n');
	}
	if (!sent_three && (command->options || command->raw) && command->run != run_driver_test)
		each(arg, '3', "refused: invalid, stale, conflict, unsafe, busy");
}

/* The summary as a sentence. */
static void print_sentence(FILE *out, const char *summary)
{
	size_t length = strlen(summary);

	fprintf(out, "%c%s%s\n", toupper((unsigned char)*summary), summary + 1,
		length && summary[length - 1] == '?' ? "" : ".");
}

void print_help(const struct command *command, FILE *out)
{
	const char *example = command->example;

	fprintf(out, "Usage: ");
	print_synopsis(command, out, "       ");
	fputc('\n', out);
	print_sentence(out, summary_of(command));
	print_arguments(command, out);
	print_options(command, out);
	if (example)
		fprintf(out, "\nExample:\n");
	while (example && *example) {
		int length = (int)strcspn(example, "\n");

		fprintf(out, "  %.*s\n", length, example);
		example += length + (example[length] == '\n');
	}
	fprintf(out, "\nExit status:\n");
	each_status(command, print_status_line, out);
}

/* All commands */

static void print_command(FILE *out, const struct command *command)
{
	int column = fprintf(out, "  %-15s ", command->words);

	print_wrapped(out, summary_of(command), column, column);
}

int print_group(const char *word, FILE *out)
{
	size_t length = strlen(word);
	int count = 0;

	for (size_t i = 0; i < command_count; i++) {
		if (strncmp(commands[i].words, word, length) || commands[i].words[length] != ' ')
			continue;
		if (!count++)
			fprintf(out, "Usage: sdctl %s COMMAND\n\n", word);
		print_command(out, &commands[i]);
	}
	if (count)
		fprintf(out, "\n`sdctl %s COMMAND --help` shows more.\n", word);
	return count;
}

/* The heading of the group that begins with the command; NULL: none begins there. */
static const char *heading_of(const struct command *command)
{
	static const struct {
		const char *words, *heading;
	} groups[] = {
		{"init", "Begin"},
		{"config set", "What shall be"},
		{"plan", "Bring it to the network"},
		{"verify", "See what is"},
		{"device import", "Devices"},
		{"driver list", "Drivers"},
		{"diff", "Texts, without devices"},
		{"lab", "More"},
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!strcmp(groups[i].words, command->words))
			return groups[i].heading;
	return NULL;
}

void print_usage(FILE *out)
{
	struct option option;

	fprintf(out, "Usage: sdctl COMMAND [ARGUMENT]... [OPTION]...\n");
	for (size_t i = 0; i < command_count; i++) {
		const char *heading = heading_of(&commands[i]);

		if (heading)
			fprintf(out, "\n%s:\n", heading);
		print_command(out, &commands[i]);
	}
	fprintf(out, "\nOptions of every command:\n");
	for (size_t at = 0; next_option(NULL, &at, &option);)
		if (option.own == OWN_ALL || option.own == OWN_JSON)
			print_option(out, &option);
	fprintf(out,
		"\n`sdctl COMMAND --help` shows more, `man sdctl` most.\n"
		"Exit status: 0 done or nothing to do, 1 error, 2 changes pending, 3 refused,\n"
		"             4 failed and rolled back, 5 needs attention\n");
}

int run_help(struct run *run)
{
	int used;
	const struct command *command = find_command(run->args, run->arg_count, &used);

	if (!run->arg_count) {
		print_usage(stdout);
		return 0;
	}
	if (command) {
		print_help(command, stdout);
		return 0;
	}
	if (run->arg_count == 1 && print_group(run->args[0], stdout))
		return 0;
	unknown_command(run);
	print_error(run);
	return 1;
}
