/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 10 /* seconds */

static int listens(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), failed;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	failed = connect(file, (struct sockaddr *)&address, sizeof(address));
	close(file);
	return !failed;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

int daemon_await(pid_t *child, const char *path)
{
	time_t begun = seconds();

	while (*child > 0 && seconds() - begun < PATIENCE) {
		if (waitpid(*child, NULL, WNOHANG)) {
			*child = 0;
			return -1;
		}
		if (listens(path))
			return 0;
		poll(NULL, 0, 10);
	}
	return -1;
}

void daemon_end(pid_t *child)
{
	if (*child > 0) {
		kill(*child, SIGKILL); /* nothing has to be saved */
		waitpid(*child, NULL, 0);
	}
	*child = 0;
}
