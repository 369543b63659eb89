/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the manual pages at build time, of the table of commands and the prose in share/man:
 *
 *   sdctl_pages PROSE-FOLDER OUTPUT-FOLDER
 *
 * Prose is paragraphs with blank lines between them; indented lines are shown as they are, and
 * `words` in bold.
 */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"

static const char *prose_folder, *output_folder;

/* Write text so that roff takes it as it is, `words` in bold. */
static void roff_words(FILE *out, const char *text, int length)
{
	int bold = 0;

	if (length && (*text == '.' || *text == '\''))
		fputs("\\&", out);
	for (int i = 0; i < length; i++) {
		if (text[i] == '`')
			fputs((bold = !bold) ? "\\fB" : "\\fP", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '\1')
			fputs("\\ ", out);
		else
			fputc(text[i], out);
	}
}

static void roff(FILE *out, const char *text)
{
	roff_words(out, text, (int)strlen(text));
}

static void roff_line(FILE *out, const char *text)
{
	roff(out, text);
	fputc('\n', out);
}

/* Lines as they are, without their indent. */
static const char *roff_example(FILE *out, const char *text)
{
	fputs(".EX\n.RS 4\n", out);
	while (*text == ' ' || *text == '\t') {
		int length;

		text += strspn(text, " \t");
		length = (int)strcspn(text, "\n");
		roff_words(out, text, length);
		fputc('\n', out);
		text += length + (text[length] == '\n');
	}
	fputs(".RE\n.EE\n", out);
	return text;
}

static void roff_prose(FILE *out, const char *text)
{
	while (*text) {
		int length = (int)strcspn(text, "\n");

		if (!length) {
			text++;
			if (*text && *text != '\n')
				fputs(".PP\n", out);
		} else if (*text == ' ' || *text == '\t') {
			text = roff_example(out, text);
		} else {
			roff_words(out, text, length);
			fputc('\n', out);
			text += length + (text[length] == '\n');
		}
	}
}

/* The file's prose under its heading; a command that needs none has no file. */
static void write_prose(FILE *out, const char *name)
{
	struct run run = {0};
	char path[4096], *text;

	snprintf(path, sizeof(path), "%s/%s.txt", prose_folder, name);
	text = read_file(&run, path, 1 << 20);
	if (text) {
		fputs(".SH DESCRIPTION\n", out);
		roff_prose(out, text);
	}
	free(text);
}

static FILE *begin_page(const char *name, const char *summary)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.1", output_folder, name);
	out = fopen(path, "we");
	if (!out) {
		perror(path);
		exit(1);
	}
	fprintf(out, ".\\\" Made of the table of commands and share/man; not edited.\n"
		     ".TH ");
	for (const char *at = name; *at; at++)
		fputc(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at, out);
	fprintf(out, " 1 \"\" \"Smart Deploy %s\" \"Smart Deploy\"\n.SH NAME\n", SMD_VERSION);
	roff(out, name);
	fputs(" \\- ", out);
	roff_line(out, summary);
	return out;
}

static void end_page(FILE *out)
{
	if (ferror(out) || fclose(out)) {
		perror(output_folder);
		exit(1);
	}
}

static void write_entry(FILE *out, const char *word, const char *help)
{
	fputs(".TP\n.B ", out);
	roff_line(out, word);
	roff_line(out, help);
}

static void write_option(FILE *out, const struct option *option)
{
	char value[64] = "", words[160];

	if (option->value)
		option_value(option, value, sizeof(value));
	snprintf(words, sizeof(words), "%s%s%s--%s%s%s", option->letter ? "-" : "",
		 option->letter ? (char[]){option->letter, '\0'} : "", option->letter ? ", " : "",
		 option->name, *value ? " " : "", value);
	write_entry(out, words, option->help);
}

static void write_status(void *out, char status, const char *text)
{
	write_entry(out, (char[]){status, '\0'}, text);
}

static void page_name(const struct command *command, char *out, size_t size)
{
	snprintf(out, size, "sdctl-%s", command->words);
	for (char *blank = out; (blank = strchr(blank, ' '));)
		*blank = '-';
}

static void write_options(FILE *out, const struct command *command)
{
	struct option option;
	int any = 0;

	fputs(".SH OPTIONS\n", out);
	for (size_t at = 0; next_option(command, &at, &option);) {
		if (option.own == OWN_ALL)
			continue;
		write_option(out, &option);
		any = 1;
	}
	fprintf(out, "%sOptions of every command are in\n.BR sdctl (1).\n", any ? ".PP\n" : "");
}

static void write_page(const struct command *command)
{
	const struct argument *argument = command->arguments;
	char *synopsis = synopsis_of(command);
	char name[64];
	FILE *out;

	if (!synopsis)
		exit(1);
	page_name(command, name, sizeof(name));
	out = begin_page(name, summary_of(command));
	fputs(".SH SYNOPSIS\n.nh\n.ad l\n", out);
	roff_line(out, synopsis);
	free(synopsis);
	fputs(".ad\n.hy\n", out);
	write_prose(out, name);
	if (argument->word)
		fputs(".SH ARGUMENTS\n", out);
	for (; argument->word; argument++)
		write_entry(out, argument->word, argument_help(command, argument));
	write_options(out, command);
	fputs(".SH EXIT STATUS\n", out);
	each_status(command, write_status, out);
	if (command->example) {
		char *example = NULL;

		fputs(".SH EXAMPLES\n", out);
		for (const char *line = command->example; *line;) {
			int length = (int)strcspn(line, "\n");
			char *more;

			if (asprintf(&more, "%s    %.*s\n", example ? example : "", length, line) <
			    0)
				exit(1);
			free(example);
			example = more;
			line += length + (line[length] == '\n');
		}
		roff_example(out, example);
		free(example);
	}
	fputs(".SH SEE ALSO\n.BR sdctl (1)\n", out);
	end_page(out);
}

static void write_main_page(void)
{
	FILE *out = begin_page("sdctl", "deploy network configurations, completely or not at all");
	struct option option;

	fputs(".SH SYNOPSIS\n", out);
	roff_line(out, "sdctl COMMAND [ARGUMENT]... [OPTION]...");
	write_prose(out, "sdctl");
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; i < command_count; i++) {
		char name[64];

		page_name(&commands[i], name, sizeof(name));
		fputs(".TP\n.BR ", out);
		roff(out, name);
		fputs(" (1)\n", out);
		roff_line(out, summary_of(&commands[i]));
	}
	fputs(".SH OPTIONS\n", out);
	for (size_t at = 0; next_option(NULL, &at, &option);)
		if (option.own == OWN_ALL || option.own == OWN_JSON)
			write_option(out, &option);
	end_page(out);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "Usage: sdctl_pages PROSE-FOLDER OUTPUT-FOLDER\n");
		return 1;
	}
	prose_folder = argv[1];
	output_folder = argv[2];
	write_main_page();
	for (size_t i = 0; i < command_count; i++)
		write_page(&commands[i]);
	return 0;
}
