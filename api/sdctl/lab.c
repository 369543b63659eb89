/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/command.h"

/* Replace this process by the lab's own program, and tell it the path of smd-probe. */
int run_lab(struct run *run)
{
	char program[4200], probe[4200];
	char **argv = calloc((size_t)run->arg_count + 2, sizeof(*argv));

	share_path(run, "lab/lab", program, sizeof(program));
	snprintf(probe, sizeof(probe), "%s/bin/smd-probe", run->root);
	if (!argv) {
		smd_fail(&run->error, SMD_E_NO_MEMORY, "out of memory");
		return print_error(run);
	}
	argv[0] = program;
	for (int i = 0; i < run->arg_count; i++)
		argv[i + 1] = run->args[i];
	setenv("SMD_PROBE", probe, 0);
	signal(SIGPIPE, SIG_DFL); /* a program that is started would inherit it as ignored */
	execv(program, argv);
	smd_fail(&run->error, SMD_E_IO, "cannot start \"%s\": %s", program, strerror(errno));
	free(argv);
	return print_error(run);
}
