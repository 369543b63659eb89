/* SPDX-License-Identifier: Apache-2.0 */
/* Declarations shared by the files of sdctl. */
#ifndef SMD_SDCTL_H
#define SMD_SDCTL_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>
#include <stdio.h>

#include "core/service/service.h"

/*
 * One run of the program.
 *
 * args          The command's arguments, without the words of its name and without options.
 * colour, live  Output is a terminal: use colours, update lines in place.
 */
struct run {
	const char *home, *parts, *driver_path, *output, *revision, *seed, *golden, *only;
	const char *driver, *format, *label, *comment;
	int json, exit_code, update, here, merge, verbose, require_proof, recover, accept, colour;
	int dry_run, config;
	char **args;
	int arg_count;
	char root[4096]; /* the folder that has bin/ */
	struct smd_controller *controller;
	struct smd_error error;
};

struct command {
	const char *words; /* name of the command: "config set" */
	const char *args;  /* arguments, for the help: "FILE" */
	int least, most;   /* number of arguments */
	const char *help;
	int (*run)(struct run *run);
};

extern const struct command commands[];
extern const size_t command_count;

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
 * filled: SMD_E_INVALID if it is larger than `limit`.
 */
char *read_file(struct run *run, const char *path, size_t limit);
int write_file(struct run *run, const char *path, const char *text);

/* Call a method of the service (command.c). Returns the exit status; `*result` is the caller's. */
int ask(struct run *run, const char *method, cJSON *request_take, cJSON **result);
/* Call a method and print the result: as JSON if wanted, else by `print` (may be NULL). */
int ask_and_print(struct run *run, const char *method, cJSON *request_take,
		  void (*print)(const struct run *run, const cJSON *result));
/*
 * Sanitize all strings for output to a terminal (smd_sanitize), in place; only members named
 * "text" may have line ends and tabs. Returns its argument.
 */
cJSON *sanitize_json(cJSON *json);
void print_json(const cJSON *json);
/* Print run->error, with --json as JSON too; returns its exit status. Nothing was printed before.
 */
int print_error(const struct run *run);

/* Output for people (print.c). */
void print_plan(const struct run *run, const cJSON *result);
void print_configurations(const struct run *run, const cJSON *result);
void print_history(const struct run *run, const cJSON *result);
void print_status(const struct run *run, const cJSON *result);
void print_verification(const struct run *run, const cJSON *result);
void print_recovered(const struct run *run, const cJSON *result);
/* To standard error: open deployments that nobody works on, of any command's result */
void print_leftovers(const cJSON *result);
void print_applied(const struct run *run, const cJSON *result);
/* About devices (print_devices.c): one that was checked is printed at once. */
void print_devices(const struct run *run, const cJSON *result);
void print_device(const struct run *run, const cJSON *result);
void print_device_check(const struct run *run, const cJSON *device);
void print_changes(const struct run *run, const cJSON *result);
void print_drivers(const struct run *run, const cJSON *result);
void print_driver(const struct run *run, const cJSON *result);
void print_test(const struct run *run, const cJSON *result);
const char *text_of(const cJSON *object, const char *name); /* "" if there is no such string */
double number_of(const cJSON *object, const char *name);

/* Print an event of a running deployment (progress.c). */
void show_event(void *arg, const cJSON *event);

/* Helpers for commands (commands.c): a request with one member; `value` may be NULL. */
cJSON *with(const char *name, const char *value);
const char *arg(const struct run *run, int index);
/* Add a whole number given by the user; 0, or an error in run->error. */
int add_number(struct run *run, cJSON *request, const char *name, const char *text);

/* The `driver` commands (driver.c, template.c). */
int driver_list(struct run *run);
int driver_show(struct run *run);
int driver_test(struct run *run);
int driver_new(struct run *run);

/* Commands on configurations as texts (texts.c). */
int text_diff(struct run *run);
int text_parse(struct run *run);

/* Run the lab's own program (lab.c). */
int run_lab(struct run *run);

#endif
