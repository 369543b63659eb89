/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/sdctl.h"

static void usage(FILE *out)
{
	fprintf(out, "Usage: sdctl [--home DIR] [--json] COMMAND\n\n");
	for (size_t i = 0; i < command_count; i++)
		fprintf(out, "  %-14s %-30s %s\n", commands[i].words, commands[i].args,
			commands[i].help);
	fprintf(out,
		"\nOptions: --home DIR    where the store is ($SMARTDEPLOY_HOME)\n"
		"         --parts DIR   where drivers and plugins are ($SMARTDEPLOY_PARTS)\n"
		"         --driver-path DIR[:DIR...]  where drivers are looked for first\n"
		"                       ($SMARTDEPLOY_DRIVER_PATH)\n"
		"         --json        the result as JSON\n"
		"Of apply, rollback, status and verify:\n"
		"         -v, --verbose  every claim of the proof by traffic, not only those that\n"
		"                       are broken or unproven\n"
		"Of apply, rollback and verify:\n"
		"         --require-proof  what could not be proven by traffic is a failure\n"
		"Of apply and rollback:\n"
		"         --recover     an open deployment that holds a device is recovered first\n"
		"         --comment TEXT  why, as a ticket: kept with the deployment\n"
		"Of device import: --dry-run  say what would change, and change nothing\n"
		"Of device check: --label L[,L...]  only devices that have all these labels\n"
		"Of device show: --config  log in, and print what the device runs\n"
		"Of recover: --accept   what the devices of deployment ID run is taken as it is\n"
		"Of driver test: --golden DIR  its golden cases, if not testdata/ beside it\n"
		"         --update      write their patch and undo anew\n"
		"         --seed N      repeat what was random\n"
		"         --only CHECK  make no other check\n"
		"         --here        in this process, for a debugger\n"
		"Exit status: 0 done or nothing to do, 1 error, 2 changes pending, 3 refused,\n"
		"             4 failed and rolled back, 5 needs attention\n");
}

static int usage_error(struct run *run, const char *message, const char *word)
{
	smd_fail(&run->error, SMD_E_INVALID, "%s%s", message, word);
	smd_error_hint(&run->error, "`sdctl --help` lists the commands");
	print_error(run);
	return 1;
}

/* If the word at `*at` is this option, take its value. */
static int take_value(struct run *run, char **argv, int argc, int *at, const char *name,
		      const char **value)
{
	if (strcmp(argv[*at], name))
		return 0;
	if (*at + 1 >= argc) {
		smd_fail(&run->error, SMD_E_INVALID, "option %s needs a value", name);
		return -1;
	}
	*value = argv[++*at];
	return 1;
}

static int take_option(struct run *run, char **argv, int argc, int *at)
{
	const struct {
		const char *name;
		const char **value;
	} options[] = {{"--home", &run->home},
		       {"--parts", &run->parts},
		       {"--driver-path", &run->driver_path},
		       {"-o", &run->output},
		       {"--revision", &run->revision},
		       {"--seed", &run->seed},
		       {"--golden", &run->golden},
		       {"--only", &run->only},
		       {"--driver", &run->driver},
		       {"--format", &run->format},
		       {"--label", &run->label},
		       {"--comment", &run->comment}};
	const struct {
		const char *name;
		int *flag;
	} flags[] = {{"--json", &run->json},
		     {"--exit-code", &run->exit_code},
		     {"--update", &run->update},
		     {"--merge", &run->merge},
		     {"-v", &run->verbose},
		     {"--verbose", &run->verbose},
		     {"--require-proof", &run->require_proof},
		     {"--recover", &run->recover},
		     {"--accept", &run->accept},
		     {"--dry-run", &run->dry_run},
		     {"--config", &run->config},
		     {"--here", &run->here}};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		int taken = take_value(run, argv, argc, at, options[i].name, options[i].value);

		if (taken)
			return taken;
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (!strcmp(argv[*at], flags[i].name))
			return *flags[i].flag = 1;
	smd_fail(&run->error, SMD_E_INVALID, "there is no option \"%s\"", argv[*at]);
	return -1;
}

/* All words after `lab` belong to the lab. */
static int is_lab(const struct run *run)
{
	return run->arg_count > 0 && !strcmp(run->args[0], "lab");
}

static int take_words(struct run *run, char **argv, int argc)
{
	run->args = calloc((size_t)argc + 1, sizeof(*run->args));
	if (!run->args)
		return smd_fail(&run->error, SMD_E_NO_MEMORY, "out of memory");
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1] && !is_lab(run)) {
			if (take_option(run, argv, argc, &i) < 0)
				return run->error.code;
		} else {
			run->args[run->arg_count++] = argv[i];
		}
	}
	return 0;
}

/* The number of words of the command's name if it matches the arguments; 0: it does not. */
static int matches(const struct command *command, const struct run *run)
{
	const char *second = strchr(command->words, ' ');
	size_t length = second ? (size_t)(second - command->words) : strlen(command->words);

	if (strlen(run->args[0]) != length || strncmp(run->args[0], command->words, length))
		return 0;
	if (!second)
		return 1;
	return run->arg_count > 1 && !strcmp(run->args[1], second + 1) ? 2 : 0;
}

static int dispatch(struct run *run)
{
	for (size_t i = 0; i < command_count; i++) {
		int words = matches(&commands[i], run);

		if (!words)
			continue;
		run->args += words;
		run->arg_count -= words;
		if (run->arg_count < commands[i].least || run->arg_count > commands[i].most) {
			fprintf(stderr, "Usage: sdctl %s %s\n", commands[i].words,
				commands[i].args);
			return 1;
		}
		return commands[i].run(run);
	}
	return usage_error(run, "there is no command ", run->args[0]);
}

int main(int argc, char **argv)
{
	struct run run = {.home = secure_getenv("SMARTDEPLOY_HOME"),
			  .parts = secure_getenv("SMARTDEPLOY_PARTS"),
			  .driver_path = secure_getenv("SMARTDEPLOY_DRIVER_PATH"),
			  .colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
	char **args;
	int status;

	signal(SIGPIPE, SIG_IGN); /* a reader that has gone shows as a failed write */
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		usage(argc < 2 ? stderr : stdout);
		return argc < 2 ? 1 : 0;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("sdctl %s\n", SMD_VERSION);
		return 0;
	}
	if (find_root(&run) || take_words(&run, argv, argc)) {
		free(run.args);
		print_error(&run);
		return 1;
	}
	args = run.args;
	status = run.arg_count ? dispatch(&run) : usage_error(&run, "no command was given", "");
	smd_controller_free(run.controller);
	free(args);
	return status;
}
