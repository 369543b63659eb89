/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbered points at which a test can kill the controller.
 *
 * In a build with SMD_CRASH_POINTS, the environment variable SMD_CRASH_AT=N
 * makes the N-th point passed end the process by SIGKILL, and SMD_CRASH_LOG
 * names a file to which each point passed is appended, a line each: number,
 * what, who, microseconds of CLOCK_MONOTONIC, microseconds of CPU time that the
 * process has used. tests/bench reads it. In any other build a point is nothing.
 */
#ifndef SMD_BASE_CRASH_POINT_H
#define SMD_BASE_CRASH_POINT_H

#ifdef SMD_CRASH_POINTS
/*
 * what       who               passed
 * ---------  ----------------  ---------------------------------------------
 * "connect"  device            before a connection is begun
 * "up"       device            after its first prompt
 * "send"     device            before an action's first byte
 * "receive"  device            after its answer
 * "lost"     device            when there will be no answer
 * "journal"  "before","after"  around a write of the store
 * "phase"    phase             before a phase of a deployment
 *
 * Any thread.
 */
void smd_crash_point(const char *what, const char *who);
#else
static inline void smd_crash_point(const char *what, const char *who)
{
	(void)what;
	(void)who;
}
#endif

#endif
