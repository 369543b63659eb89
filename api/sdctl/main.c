/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "api/sdctl/command.h"

/* The status of a line that could not be read; nothing was done. */
#define USAGE_STATUS 1

static int wants_colour(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && terminal &&
	       strcmp(terminal, "dumb") != 0;
}

/* An empty variable is one that is not set. */
static const char *variable(const char *name)
{
	const char *value = secure_getenv(name);

	return value && *value ? value : NULL;
}

static int show_help(struct run *run)
{
	if (run->command)
		print_help(run->command, stdout);
	else if (!run->arg_count || !print_group(run->args[0], stdout))
		print_usage(stdout);
	return 0;
}

static int dispatch(struct run *run)
{
	if (run->version) {
		printf("sdctl %s\n", SMD_VERSION);
		return 0;
	}
	if (run->help)
		return show_help(run);
	if (find_root(run) || set_arguments(run))
		return print_error(run);
	return run->command->run ? run->command->run(run) : ask_and_print(run);
}

/* A result that could not be written is an error; a reader that has gone needs no message. */
static int end_output(int status)
{
	int error = flush_output();

	if (!error)
		return status;
	if (error != EPIPE)
		fprintf(stderr, "sdctl: cannot write to standard output: %s\n", strerror(error));
	return status ? status : 1;
}

int main(int argc, char **argv)
{
	struct run run = {.home = variable("SMARTDEPLOY_HOME"),
			  .parts = variable("SMARTDEPLOY_PARTS"),
			  .driver_path = variable("SMARTDEPLOY_DRIVER_PATH"),
			  .colour = wants_colour()};
	int status;

	prctl(PR_SET_DUMPABLE, 0); /* no core, and no other process of the user looks in */
	signal(SIGPIPE, SIG_IGN);  /* a reader that has gone shows as a failed write */
	if (argc < 2) {
		print_usage(stderr);
		return USAGE_STATUS;
	}
	if (!strcmp(argv[1], "__complete"))
		return complete(&run, argc - 2, argv + 2);
	if (parse_line(&run, argc, argv)) {
		print_error(&run);
		status = USAGE_STATUS;
	} else {
		status = dispatch(&run);
	}
	smd_controller_free(run.controller);
	cJSON_Delete(run.request);
	free(run.words);
	return end_output(status);
}
