/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a check in a child process, so that a crash of the driver does not end the kit. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "core/kit/check.h"

#define LIMIT 120000u /* milliseconds a check may take, unless the caller sets a limit */
#define RESULT_LIMIT ((size_t)4 * 1024 * 1024)

static void write_all(int file, const char *bytes)
{
	size_t left = strlen(bytes);

	while (left) {
		ssize_t written = write(file, bytes, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		left -= (size_t)written;
	}
}

static unsigned limit_of(const struct smd_kit_spec *spec)
{
	return spec->limit ? spec->limit : LIMIT;
}

static void set_alarm(unsigned limit)
{
	const struct itimerval timer = {
		.it_value = {.tv_sec = limit / 1000, .tv_usec = limit % 1000 * 1000L}};

	signal(SIGALRM, SIG_DFL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* Redirect stdout to stderr, so that the driver's prints do not mix with the program's output. */
static void child_setup(void)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	dup2(STDERR_FILENO, STDOUT_FILENO);
}

static _Noreturn void run_child(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
				char *where, int out)
{
	cJSON *result;
	char *text;

	child_setup();
	set_alarm(limit_of(spec));
	result = smd_kit_judge(spec, check, where);
	text = result ? cJSON_PrintUnformatted(result) : NULL;
	if (text)
		write_all(out, text);
	_exit(text ? 0 : 1); /* without the parent's exit handlers */
}

/* Read the child's whole output. The caller's; NULL: no memory. */
static char *read_all(int in)
{
	char *text = calloc(1, RESULT_LIMIT + 1);
	size_t used = 0;

	while (text && used < RESULT_LIMIT) {
		ssize_t got = read(in, text + used, RESULT_LIMIT - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	return text;
}

static int reap(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* The result for a child that ended without one. */
static cJSON *crash_result(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
			   int status, const char *where)
{
	char how[96], message[SMD_KIT_WHERE + 128];

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(how, sizeof(how), "not done after %u ms", limit_of(spec));
	else if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "crashed: signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(how, sizeof(how), "ended the program with status %d", WEXITSTATUS(status));
	snprintf(message, sizeof(message), "%s%s%s", how, *where ? ", at " : "", where);
	return smd_kit_result(check, "failed", message, NULL);
}

static cJSON *wait_child(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
			 pid_t child, int in, const char *where)
{
	smd_cleanup(free) char *text = read_all(in);
	int status = reap(child);
	cJSON *result = NULL;

	if (text && status == 0)
		result = cJSON_Parse(text);
	return result ? result : crash_result(spec, check, status, where);
}

cJSON *smd_kit_judge_in_child(const struct smd_kit_spec *spec, const struct smd_kit_check *check)
{
	char *where = mmap(NULL, SMD_KIT_WHERE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			   -1, 0);
	cJSON *result = NULL;
	pid_t child = -1;
	int pipe_ends[2];

	if (where == MAP_FAILED)
		return NULL;
	if (!pipe2(pipe_ends, O_CLOEXEC)) {
		fflush(NULL); /* else the child would write the buffered output again */
		child = fork();
		if (!child)
			run_child(spec, check, where, pipe_ends[1]);
		close(pipe_ends[1]);
		if (child > 0)
			result = wait_child(spec, check, child, pipe_ends[0], where);
		close(pipe_ends[0]);
	}
	munmap(where, SMD_KIT_WHERE);
	return result;
}
