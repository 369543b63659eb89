/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smd-turns.so, for LD_PRELOAD: how long the turns of event loops take in a program that uses
 * libuv.
 *
 * A turn is what a thread does between two waits for events (epoll_pwait). At the program's end
 * one line is appended to the file that SMD_TURNS names: number of turns, the longest one in
 * microseconds of CPU time, and how many took more than 5 ms of it. CPU time, so that what other
 * programs do on the machine is not counted.
 *
 * Where SMD_TURNS_WHERE names a file, the calls under way when a turn has taken 5 ms are appended
 * to it; addr2line(1) reads them.
 */
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define LIMIT 5000000ll /* nanoseconds */
#define DEPTH 40

typedef int (*epoll_pwait_fn)(int epoll, struct epoll_event *events, int most, int timeout,
			      const sigset_t *mask);

static epoll_pwait_fn wait_for_events;
static atomic_llong turns, longest, late;
static int where = -1; /* the file of SMD_TURNS_WHERE */

/* When the thread's turn began, in its CPU time; 0: it has not waited yet. */
static __thread long long began;
static __thread timer_t limit;
static __thread int has_limit;

static long long cpu_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void on_limit(int signal)
{
	void *calls[DEPTH];

	(void)signal;
	backtrace_symbols_fd(calls, backtrace(calls, DEPTH), where);
	(void)!write(where, "\n", 1);
}

/* Ring when the turn has used this much; 0: never. */
static void set_limit(long long nanoseconds)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};
	struct itimerspec time = {.it_value.tv_nsec = nanoseconds};

	if (where < 0)
		return;
	event._sigev_un._tid = gettid();
	if (!has_limit)
		has_limit = !timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &limit);
	if (has_limit)
		timer_settime(limit, 0, &time, NULL);
}

static void turn_over(void)
{
	long long took = cpu_time() - began, most = longest;

	set_limit(0);
	if (!began)
		return;
	turns++;
	late += took > LIMIT;
	while (took > most && !atomic_compare_exchange_weak(&longest, &most, took)) {
	}
}

static __attribute__((constructor)) void begin(void)
{
	const char *file = getenv("SMD_TURNS_WHERE");
	void *warm[1];

	wait_for_events = (epoll_pwait_fn)dlsym(RTLD_NEXT, "epoll_pwait");
	backtrace(warm, 1); /* the first call loads a library, which a signal handler must not */
	if (!file)
		return;
	where = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	signal(SIGPROF, on_limit);
}

static __attribute__((destructor)) void end(void)
{
	const char *name = getenv("SMD_TURNS");
	FILE *file = name && turns ? fopen(name, "ae") : NULL;

	if (!file)
		return;
	fprintf(file, "%lld %lld %lld\n", turns, longest / 1000, late);
	fclose(file);
}

int epoll_pwait(int epoll, struct epoll_event *events, int most, int timeout, const sigset_t *mask)
{
	int count;

	turn_over();
	count = wait_for_events(epoll, events, most, timeout, mask);
	began = cpu_time();
	set_limit(LIMIT);
	return count;
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout)
{
	return epoll_pwait(epoll, events, most, timeout, NULL);
}
