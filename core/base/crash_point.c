/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/crash_point.h"

#ifdef SMD_CRASH_POINTS
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Number of points passed in this process; the only global counter, for tests */
static atomic_long passed;

static long long microseconds(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static void note(long number, const char *what, const char *who)
{
	const char *path = getenv("SMD_CRASH_LOG");
	int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (file < 0)
		return;
	dprintf(file, "%ld %s %s %lld %lld\n", number, what, who, microseconds(CLOCK_MONOTONIC),
		microseconds(CLOCK_PROCESS_CPUTIME_ID));
	close(file);
}

void smd_crash_point(const char *what, const char *who)
{
	const char *at = getenv("SMD_CRASH_AT");
	long number = atomic_fetch_add(&passed, 1) + 1;

	note(number, what, who);
	if (at && strtol(at, NULL, 10) == number)
		kill(getpid(), SIGKILL);
}
#endif
