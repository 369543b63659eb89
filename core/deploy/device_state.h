/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one device in a deployment: its state, and the worst problem met. A table
 * moves the state; outcomes are derived from both, here and nowhere else.
 */
#ifndef SMD_DEPLOY_DEVICE_STATE_H
#define SMD_DEPLOY_DEVICE_STATE_H

#include <stddef.h>

/*
 * UNTOUCHED  Nothing was sent that can change it.
 * LOADED     A candidate was loaded, perhaps in part. It runs what it ran before.
 * SENT       Something that acts was sent, and it was not read since.
 * NEW        It runs the new state; a revert timer may still undo it.
 * CONFIRMED  It runs the new state, and no timer is left.
 * SAVED      The same, and it is saved for the next start of the device.
 * OLD        It runs the old state again.
 * BETWEEN    A part of our lines has acted.
 * THIRD      What we change has a value that is neither the old nor the new one.
 */
enum device_state {
	STATE_UNTOUCHED,
	STATE_LOADED,
	STATE_SENT,
	STATE_NEW,
	STATE_CONFIRMED,
	STATE_SAVED,
	STATE_OLD,
	STATE_BETWEEN,
	STATE_THIRD
};
#define STATE_COUNT (STATE_THIRD + 1)

/*
 * LOAD     Something will be sent into a candidate.
 * SEND     Something that acts will be sent.
 * CLEAR    An abort has ended: no candidate of ours is left, and nothing sent earlier acts
 *          later.
 * READ_*   It was read, after it had come to rest. Only told of a device that something was
 *          sent to.
 * LOSE     It cannot be read any more.
 * CONFIRM  It was read and runs the new state, and no commit of ours waits for confirmation.
 * SAVE     It has saved what it runs.
 */
enum device_event {
	EVENT_LOAD,
	EVENT_SEND,
	EVENT_CLEAR,
	EVENT_READ_OLD,
	EVENT_READ_NEW,
	EVENT_READ_BETWEEN,
	EVENT_READ_THIRD,
	EVENT_LOSE,
	EVENT_CONFIRM,
	EVENT_SAVE
};
#define EVENT_COUNT (EVENT_SAVE + 1)

/*
 * What a person has to look at, the worst last. A problem never gets smaller during a run.
 *
 * DIFFERS      Ours is in place, but something else changed while we were at it.
 * NOT_SAVED    It would lose the state at its next start.
 * CANDIDATE    A candidate or a pending commit of ours could not be taken back.
 * THIRD        A value that is neither old nor new; it was left alone.
 * RESISTS      It refuses the state, or takes the commands and does not run what they say.
 * UNREACHABLE  It could not be read, so what it runs is not known.
 */
enum device_problem {
	PROBLEM_NONE,
	PROBLEM_DIFFERS,
	PROBLEM_NOT_SAVED,
	PROBLEM_CANDIDATE,
	PROBLEM_THIRD,
	PROBLEM_RESISTS,
	PROBLEM_UNREACHABLE
};
#define PROBLEM_COUNT (PROBLEM_UNREACHABLE + 1)

enum device_outcome { DEVICE_UNTOUCHED, DEVICE_DONE, DEVICE_ROLLED_BACK, DEVICE_ATTENTION };

/* The state after an event. An event that cannot come in a state leaves it as it is. */
enum device_state device_state_after(enum device_state state, enum device_event event);
/* The worse of two problems */
enum device_problem device_problem_worst(enum device_problem a, enum device_problem b);
enum device_outcome device_outcome_of(enum device_state state, enum device_problem problem);

/* Names for records, events and documents: "untouched", "load", "not-saved", "rolled-back" ... */
const char *device_state_name(enum device_state state);
const char *device_event_name(enum device_event event);
const char *device_problem_name(enum device_problem problem);
const char *device_outcome_name(enum device_outcome outcome);

#endif
