/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of commands. A command is a method of the service with words, or a function of the
 * program. What a command takes is in the table and in the method's fields; parser, help,
 * completion and pages are made from these two.
 */
#ifndef SMD_SDCTL_COMMAND_H
#define SMD_SDCTL_COMMAND_H

#include "api/sdctl/sdctl.h"

/* What completion offers for a word. */
enum source {
	SOURCE_NONE,
	SOURCE_FILE,
	SOURCE_FOLDER,
	SOURCE_CONFIGURATION,
	SOURCE_DEPLOYMENT, /* ids, and names of configurations */
	SOURCE_DEVICE,
	SOURCE_DRIVER, /* names, and files */
	SOURCE_COMMAND,
	SOURCE_WORDS /* those of `words` */
};

/*
 * An argument.
 *
 * word      How usage calls it.
 * field     The method's field that it is; NULL: the command's function takes it.
 * help      NULL: that of the field.
 * words     NULL-terminated array, of SOURCE_WORDS.
 */
struct argument {
	const char *word, *field, *help;
	int optional, many;
	enum source source;
	const char *const *words;
};

/* The program's own options that not every command has, as bits of command.options. */
enum own_option {
	OWN_JSON = 1,
	OWN_OUTPUT = 2,
	OWN_EXIT_CODE = 4,
	OWN_VERBOSE = 8,
	OWN_ALL = 16,
	OWN_YES = 32,
	OWN_WAIT = 64 /* of every command whose method writes */
};

/*
 * An option as a command offers it.
 *
 * letter    0: it has none.
 * value     How usage calls its value; NULL: it takes none.
 * own       Bit of command.options; 0: it is a field of the method.
 * offset    Of its own ones: the member of struct run.
 * field     Else: the field.
 */
struct option {
	const char *name;
	char letter;
	const char *value, *help;
	enum source source;
	unsigned own;
	size_t offset;
	const struct smd_field *field;
};

#define MOST_ARGUMENTS 2

/*
 * words     Its name: "config set".
 * method    NULL: `run` does it all.
 * summary   NULL: that of the method.
 * raw       All words behind the name are its own, options included.
 * run       NULL: ask_and_print.
 * print     The result for people.
 * status    Further exit statuses, beside 0, 1 and 3: lines "4  text".
 * example   Lines.
 */
struct command {
	const char *words, *method, *summary;
	struct argument arguments[MOST_ARGUMENTS + 1];
	unsigned options;
	int raw;
	int (*run)(struct run *run);
	void (*print)(const struct run *run, const cJSON *result);
	const char *status, *example;
};

extern const struct command commands[];
extern const size_t command_count;

/* Lookups in the table (table.c). */
const struct smd_method *method_of(const struct command *command); /* NULL: it has none */
const char *summary_of(const struct command *command);
const char *argument_help(const struct command *command, const struct argument *argument);
enum source argument_source(const struct command *command, const struct argument *argument);
/*
 * The command's options one by one: `*at` begins with 0. Returns 0 at the end. With `command`
 * NULL: the own options of the program.
 */
int next_option(const struct command *command, size_t *at, struct option *out);
/* Find by long name, or by letter if `name` is NULL. */
int find_option(const struct command *command, const char *name, char letter, struct option *out);
/* The same in all commands; an option has the same form in each that has it. */
int find_any_option(const char *name, char letter, struct option *out);
/* How usage writes an option's value; the caller's. */
void option_value(const struct option *option, char *out, size_t size);

/* The command that the words begin with, and how many they are; NULL: there is none. */
const struct command *find_command(char *const *words, int count, int *used);

/*
 * Read the command line (parse.c): finds the command, its arguments and options, and makes the
 * request. Fills run->error.
 */
int parse_line(struct run *run, int argc, char **argv);
/* Fill the error of a command that is not there, with the nearest one; returns its code. */
int unknown_command(struct run *run);
/* Does the word take the next one as its value? For completion; `out` is the option. */
int takes_next(const char *word, struct option *out);

/* Make run->request of the arguments and the options' values (request.c). */
int set_field(struct run *run, const struct smd_field *field, const char *value);
int set_arguments(struct run *run);
/* Add a file's text as a member, with its name as the field's label. */
int set_document(struct run *run, const struct smd_field *field, const char *path);

/* Help (help.c). */
void print_usage(FILE *out);
void print_help(const struct command *command, FILE *out);
/* Help on a group, as `config`; 0: there is none of that name. */
int print_group(const char *word, FILE *out);
/*
 * How a command is called, without the options of every command; the caller's. A blank that must
 * not be broken at is \1.
 */
char *synopsis_of(const struct command *command);
/* One line, "sdctl plan NAME [--exit-code]", wrapped at `columns`. */
void print_synopsis(const struct command *command, FILE *out, const char *indent);
/* Print words, wrapped at 80 columns, behind `column` columns that are printed. */
void print_wrapped(FILE *out, const char *text, int column, int indent);
/* What the exit status of a command can be: lines "0  text". Calls `each` for every line. */
void each_status(const struct command *command,
		 void (*each)(void *arg, char status, const char *text), void *arg);

/* The commands' functions. */
int run_plan(struct run *run);                                /* deploy.c */
int run_rollback(struct run *run);                            /* deploy.c */
int run_status(struct run *run);                              /* deploy.c */
int run_verify(struct run *run);                              /* deploy.c */
int run_import(struct run *run), run_export(struct run *run); /* devices.c */
int run_settings(struct run *run);                            /* devices.c */
int run_driver_test(struct run *run);                         /* driver.c */
int run_driver_new(struct run *run);                          /* template.c */
int run_diff(struct run *run), run_parse(struct run *run);    /* texts.c */
int run_lab(struct run *run);                                 /* lab.c */
int run_help(struct run *run);                                /* help.c */
int run_completion(struct run *run);                          /* shells.c */
/* Print what the word at the cursor can become, for the shells' scripts (complete.c). */
int complete(struct run *run, int argc, char **argv);

#endif
