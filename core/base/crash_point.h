/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Crash points: numbered points at which a test can kill the controller.
 *
 * In a build with SMD_CRASH_POINTS, the environment variable SMD_CRASH_AT=N ends the process by
 * SIGKILL at the N-th point. SMD_CRASH_LOG names a file to which each point is appended as a
 * line: number, what, who, microseconds of CLOCK_MONOTONIC, microseconds of CPU time used by
 * the process. tests/bench reads it. In other builds a crash point is nothing.
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
 * "lost"     device            when a connection is lost or an answer is late
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
