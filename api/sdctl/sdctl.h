/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of sdctl share. */
#ifndef SMD_SDCTL_H
#define SMD_SDCTL_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>
#include <stdio.h>

#include "core/service/service.h"

/*
 * One run of the program.
 *
 * args   What stands behind the command's own words; options are taken out.
 * colour, live  Whether standard output is a terminal: colours, a live display.
 */
struct run {
	const char *home, *parts, *driver_path, *output, *revision, *seed, *golden, *only;
	const char *driver, *format;
	int json, exit_code, update, here, merge, colour;
	char **args;
	int arg_count;
	char root[4096]; /* the folder above bin/ */
	struct smd_controller *controller;
	struct smd_error error;
};

struct command {
	const char *words; /* "config set" */
	const char *args;  /* for people: "FILE" */
	int least, most;   /* number of arguments */
	const char *help;
	int (*run)(struct run *run);
};

extern const struct command commands[];
extern const size_t command_count;

/* Find where things lie (paths.c). */
int find_root(struct run *run);
void parts_path(const struct run *run, char *out, size_t size);
void share_path(const struct run *run, const char *name, char *out, size_t size);
void home_path(const struct run *run, char *out, size_t size);
/* A whole file, or standard input for "-"; the caller's. NULL with run->error filled. */
char *read_file(struct run *run, const char *path);
int write_file(struct run *run, const char *path, const char *text);

/* Ask the service (command.c). Returns the exit status; `*result` is the caller's. */
int ask(struct run *run, const char *method, cJSON *request_take, cJSON **result);
/* Ask, then print the result: as JSON if wanted, else by `print` (may be NULL). */
int ask_and_print(struct run *run, const char *method, cJSON *request_take,
		  void (*print)(const struct run *run, const cJSON *result));
/*
 * Make all strings fit for a terminal (smd_sanitize), in place; only a "text" may
 * have lines and tabs. Returns its argument.
 */
cJSON *sanitize_json(cJSON *json);
void print_json(const cJSON *json);
/* Print run->error; the exit status that belongs to it. */
int print_error(const struct run *run);

/* For people (print.c). */
void print_plan(const struct run *run, const cJSON *result);
void print_configurations(const struct run *run, const cJSON *result);
void print_history(const struct run *run, const cJSON *result);
void print_status(const struct run *run, const cJSON *result);
void print_verification(const struct run *run, const cJSON *result);
void print_applied(const struct run *run, const cJSON *result);
void print_devices(const struct run *run, const cJSON *result);
void print_checks(const struct run *run, const cJSON *result);
void print_drivers(const struct run *run, const cJSON *result);
void print_driver(const struct run *run, const cJSON *result);
void print_test(const struct run *run, const cJSON *result);
const char *text_of(const cJSON *object, const char *name); /* "" where there is none */
double number_of(const cJSON *object, const char *name);

/* Show an event of a deployment as it happens (progress.c). */
void show_event(void *arg, const cJSON *event);

/* What commands share (commands.c): a request of one member, an argument or NULL. */
cJSON *with(const char *name, const char *value);
const char *arg(const struct run *run, int index);
/* A whole number as a user types it; 0 or an error in run->error. */
int add_number(struct run *run, cJSON *request, const char *name, const char *text);

/* The commands about drivers (driver.c); a folder to begin one with (template.c). */
int driver_list(struct run *run);
int driver_show(struct run *run);
int driver_test(struct run *run);
int driver_new(struct run *run);

/* The commands about configurations as texts (texts.c). */
int text_diff(struct run *run);
int text_parse(struct run *run);

/* Hand over to the lab's own program (lab.c). */
int run_lab(struct run *run);

#endif
