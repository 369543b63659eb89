/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device for tests of sessions: a server on loopback with a thread of its
 * own, and the channel and protocol that speak to it, as constant structures.
 *
 * A connection begins with one word of the robot: "hello", "busy" or "auth".
 * Then it is told lines and answers with lines, the last of which is ".":
 *
 *   up         "."                the protocol's coming up
 *   echo TEXT  TEXT, "."
 *   bad        "% no", "."        a refusal
 *   silent     nothing
 *   die        closes the connection
 */
#ifndef SMD_TESTS_UNIT_ROBOT_H
#define SMD_TESTS_UNIT_ROBOT_H

#include "core/run/session.h"

struct robot;

/* How those who knock are received. */
enum robot_door {
	ROBOT_OPEN = 0,
	ROBOT_MUTE = 1,    /* no word is said */
	ROBOT_AUTH = 2,    /* "auth": who are you? */
	ROBOT_CROWD = 3,   /* see robot_expect */
	ROBOT_NOPROMPT = 4 /* "up" is refused */
};

/* Listen on 127.0.0.1 and, with the same port, on 127.0.0.2. Ends the program where it cannot. */
struct robot *robot_new(void);
void robot_free(struct robot *robot);
uint16_t robot_port(const struct robot *robot);

void robot_set_door(struct robot *robot, enum robot_door door);
/* Say "busy" to the next `count` that knock. */
void robot_set_busy(struct robot *robot, unsigned count);
/*
 * For ROBOT_CROWD: `count` logins will come to each address. "hello" is said to
 * one only when eight (or all that are left) stand at the door, so that it is
 * seen how many come at most.
 */
void robot_expect(struct robot *robot, unsigned count);
unsigned robot_crowd(struct robot *robot, int address); /* the most at once; 0: 127.0.0.1 */

/* Close all connections; with `deaf`, nobody is let in any more. */
void robot_hang_up(struct robot *robot, int deaf);
unsigned robot_knocks(struct robot *robot); /* connections so far */
/* How often a line was said to the robot. */
unsigned robot_heard(struct robot *robot, const char *line);
/* All lines but "up", joined by blanks, until the next call. */
const char *robot_log(struct robot *robot);

/* Our side. */
extern const struct smd_channel robot_channel;
extern const struct smd_protocol robot_protocol;
/* Wait until so many connections were closed by our side since the last call of robot_new. */
void robot_wait_closed(unsigned count);

#endif
