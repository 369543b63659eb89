/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure FILE COMMAND...: runs a command and appends one line about it to the
 * file: wall time and CPU time in microseconds, with all that it waited for;
 * the largest resident set of one process in kilobytes; exit status.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long cpu_time(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static int run(char **command, struct rusage *usage)
{
	int status;
	pid_t child = fork();

	if (!child) {
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, usage) < 0) {
		perror("measure");
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	long long began;
	FILE *file;
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: measure FILE COMMAND...\n");
		return 1;
	}
	began = now();
	status = run(argv + 2, &usage);
	if (status < 0)
		return 1;
	began = now() - began;
	file = fopen(argv[1], "ae");
	if (!file ||
	    fprintf(file, "%lld %lld %ld %d\n", began, cpu_time(&usage), usage.ru_maxrss, status) <
		    0 ||
	    fclose(file)) {
		perror(argv[1]);
		return 1;
	}
	return status;
}
