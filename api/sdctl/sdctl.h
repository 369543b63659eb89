/* SPDX-License-Identifier: Apache-2.0 */
/* Declarations shared by the files of sdctl. */
#ifndef SMD_SDCTL_H
#define SMD_SDCTL_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>
#include <stdio.h>

#include "core/service/service.h"

struct command;

/*
 * One run of the program.
 *
 * command   NULL until the parser has found it.
 * args      The command's arguments, without the words of its name and without options.
 * request   What arguments and options say for the command's method; ask() takes it.
 * colour    Output is a terminal: use colours.
 * read_input  Standard input was read.
 * lines     Of a list that is printed line by line: how many there are.
 */
struct run {
	const char *home, *parts, *driver_path, *output;
	int json, help, version, exit_code, yes, verbose, colour, lines, read_input;
	const struct command *command;
	char **args, **words; /* words: what args point into */
	int arg_count;
	cJSON *request;
	char root[4096]; /* the folder that has bin/ */
	struct smd_controller *controller;
	struct smd_error error;
};

/* Find the installation's folders (paths.c). */
int find_root(struct run *run);
void parts_path(const struct run *run, char *out, size_t size);
void share_path(const struct run *run, const char *name, char *out, size_t size);
void home_path(const struct run *run, char *out, size_t size);

/* The most bytes of a configuration as text, and of a document or plan, which is parsed as JSON. */
#define TEXT_LIMIT ((size_t)1 << 30)
#define DOCUMENT_LIMIT ((size_t)64 << 20)

/*
 * Read a whole file or pipe, or standard input for "-". The caller's; NULL with run->error
 * filled: SMD_E_INVALID if it is larger than `limit`, or standard input a second time.
 */
char *read_file(struct run *run, const char *path, size_t limit);
/* Write a file, or standard output for "-". */
int write_file(struct run *run, const char *path, const char *text);

/* Connect the controller, which looks at the store when it is asked. */
int connect_controller(struct run *run);
/* Call a method of the service (command.c). Returns its error; `*result` is the caller's. */
int ask(struct run *run, const char *method, cJSON *request_take, cJSON **result);
/*
 * Call the command's method with run->request and print the result: as JSON if wanted, else by
 * the command's `print`, if it has one. Returns the exit status.
 */
int ask_and_print(struct run *run);
/* The same with another method and request. `print` NULL: nothing is printed for people. */
int call_and_print(struct run *run, const char *method, cJSON *request_take,
		   void (*print)(const struct run *run, const cJSON *result));
/*
 * Sanitize all strings for output to a terminal (smd_sanitize), in place; only members named
 * "text" may have line ends and tabs. Returns its argument.
 */
cJSON *sanitize_json(cJSON *json);
/*
 * Print the members of `result`, which it takes out, as the object that every command prints:
 * `schema` comes first, and `error` last if `failed`.
 */
void print_json(const struct run *run, cJSON *result, int failed);
/* Write out what was printed; 0, or the errno of the first write that failed. */
int flush_output(void);
/* Print run->error, with --json as JSON too; returns its exit status. Nothing was printed yet. */
int print_error(const struct run *run);
/* The same for people only. */
int tell_error(const struct run *run);

/* Output for people (print.c). */
void print_plan(const struct run *run, const cJSON *result);
void print_configurations(const struct run *run, const cJSON *result);
void print_history(const struct run *run, const cJSON *result);
void print_pruned(const struct run *run, const cJSON *result);
void print_status(const struct run *run, const cJSON *result);
void print_site(const struct run *run, const cJSON *result);
void print_verification(const struct run *run, const cJSON *result);
void print_recovered(const struct run *run, const cJSON *result);
/* Take what every result tells of open deployments that nobody works on out of it. */
cJSON *take_leftovers(cJSON *result);
/* Add a copy of that to what is printed as JSON. */
void add_leftovers(cJSON *json, const cJSON *left);
/* Print that to standard error. */
void print_leftovers(const cJSON *left);
void print_applied(const struct run *run, const cJSON *result);
void print_devices(const struct run *run, const cJSON *result);
/* One device of a check; it is written out at once */
/* One device, as soon as it is checked; then what the levels mean, each one once */
void print_device_check(struct run *run, const cJSON *device);
void print_levels(const struct run *run, const cJSON *result);
void print_changes(const struct run *run, const cJSON *result);
void print_device(const struct run *run, const cJSON *device);
void print_drivers(const struct run *run, const cJSON *result);
void print_driver(const struct run *run, const cJSON *result);
void print_test(const struct run *run, const cJSON *result);
const char *text_of(const cJSON *object, const char *name); /* "" if there is no such string */
double number_of(const cJSON *object, const char *name);

/* Print an event of a running deployment (progress.c). */
void show_event(void *arg, const cJSON *event);

const char *arg(const struct run *run, int index); /* NULL: there are fewer */

#endif
