/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A robot: a device for tests of sessions. A server on the loopback interface with its own
 * thread, and the channel and protocol to talk to it, as constant structures.
 *
 * After the connection the robot sends one word: "hello", "busy" or "auth". Then it receives
 * lines, and answers with lines, the last of which is ".":
 *
 *   up         "."                the first action of a session
 *   echo TEXT  TEXT, "."
 *   bad        "% no", "."        a refusal
 *   silent     nothing
 *   die        closes the connection
 */
#ifndef SMD_TESTS_UNIT_ROBOT_H
#define SMD_TESTS_UNIT_ROBOT_H

#include "core/run/session.h"

struct robot;

/* How the robot receives new connections. */
enum robot_door {
	ROBOT_OPEN = 0,
	ROBOT_MUTE = 1,    /* sends no word */
	ROBOT_AUTH = 2,    /* sends "auth": the login fails */
	ROBOT_CROWD = 3,   /* see robot_expect */
	ROBOT_NOPROMPT = 4 /* refuses "up", so there is no first prompt */
};

/* Listen on 127.0.0.1 and, with the same port, on 127.0.0.2. Ends the program on failure. */
struct robot *robot_new(void);
void robot_free(struct robot *robot);
uint16_t robot_port(const struct robot *robot);

void robot_set_door(struct robot *robot, enum robot_door door);
/* Send "busy" to the next `count` connections. */
void robot_set_busy(struct robot *robot, unsigned count);
/*
 * For ROBOT_CROWD: `count` logins will come to each address. "hello" is sent only when eight
 * connections (or all that are left) are waiting, so that the maximum number of logins at the
 * same time is seen.
 */
void robot_expect(struct robot *robot, unsigned count);
/* Maximum at the same time; address 0: 127.0.0.1, 1: 127.0.0.2 */
unsigned robot_crowd(struct robot *robot, int address);

/* Close all connections; with `deaf`, accept no new ones. */
void robot_hang_up(struct robot *robot, int deaf);
unsigned robot_knocks(struct robot *robot); /* connections so far */
/* Wait until `count` guests have left, or were sent away; the number of them that were reset. */
unsigned robot_wait_left(struct robot *robot, unsigned count);
/* How often this line was received. */
unsigned robot_heard(struct robot *robot, const char *line);
/* All lines received except "up", joined by blanks; valid until the next call. */
const char *robot_log(struct robot *robot);

/* The program's side. */
extern const struct smd_channel robot_channel;
extern const struct smd_protocol robot_protocol;
/* Wait until the program has closed so many connections since robot_new. */
void robot_wait_closed(unsigned count);

#endif
