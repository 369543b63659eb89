/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/device_state.h"

/*
 * A candidate that is loaded on a device that was changed before makes it SENT, not LOADED: its
 * running state has to be read again in any case.
 */
static const enum device_state next[STATE_COUNT][EVENT_COUNT] = {
	[STATE_UNTOUCHED] = {[EVENT_LOAD] = STATE_LOADED,
			     [EVENT_SEND] = STATE_SENT,
			     [EVENT_CLEAR] = STATE_UNTOUCHED,
			     [EVENT_READ_OLD] = STATE_UNTOUCHED,
			     /* Somebody else committed what was loaded, or a refusal was none */
			     [EVENT_READ_NEW] = STATE_NEW,
			     [EVENT_READ_BETWEEN] = STATE_BETWEEN,
			     [EVENT_READ_THIRD] = STATE_UNTOUCHED,
			     [EVENT_LOSE] = STATE_UNTOUCHED,
			     [EVENT_CONFIRM] = STATE_UNTOUCHED,
			     [EVENT_SAVE] = STATE_UNTOUCHED},
	[STATE_LOADED] = {[EVENT_LOAD] = STATE_LOADED,
			  [EVENT_SEND] = STATE_SENT,
			  [EVENT_CLEAR] = STATE_UNTOUCHED,
			  [EVENT_READ_OLD] = STATE_LOADED,
			  [EVENT_READ_NEW] = STATE_NEW, /* somebody else committed it */
			  [EVENT_READ_BETWEEN] = STATE_BETWEEN,
			  [EVENT_READ_THIRD] = STATE_LOADED,
			  [EVENT_LOSE] = STATE_LOADED,
			  [EVENT_CONFIRM] = STATE_LOADED,
			  [EVENT_SAVE] = STATE_LOADED},
	[STATE_SENT] = {[EVENT_LOAD] = STATE_SENT,
			[EVENT_SEND] = STATE_SENT,
			[EVENT_CLEAR] = STATE_SENT,
			[EVENT_READ_OLD] = STATE_OLD,
			[EVENT_READ_NEW] = STATE_NEW,
			[EVENT_READ_BETWEEN] = STATE_BETWEEN,
			[EVENT_READ_THIRD] = STATE_THIRD,
			[EVENT_LOSE] = STATE_SENT,
			[EVENT_CONFIRM] = STATE_SENT,
			[EVENT_SAVE] = STATE_SENT},
	[STATE_NEW] = {[EVENT_LOAD] = STATE_SENT,
		       [EVENT_SEND] = STATE_SENT,
		       [EVENT_CLEAR] = STATE_NEW,
		       [EVENT_READ_OLD] = STATE_OLD,
		       [EVENT_READ_NEW] = STATE_NEW,
		       [EVENT_READ_BETWEEN] = STATE_BETWEEN,
		       [EVENT_READ_THIRD] = STATE_THIRD,
		       [EVENT_LOSE] = STATE_SENT,
		       [EVENT_CONFIRM] = STATE_CONFIRMED,
		       [EVENT_SAVE] = STATE_SAVED},
	[STATE_CONFIRMED] = {[EVENT_LOAD] = STATE_SENT,
			     [EVENT_SEND] = STATE_SENT,
			     [EVENT_CLEAR] = STATE_CONFIRMED,
			     [EVENT_READ_OLD] = STATE_OLD,
			     [EVENT_READ_NEW] = STATE_CONFIRMED,
			     [EVENT_READ_BETWEEN] = STATE_BETWEEN,
			     [EVENT_READ_THIRD] = STATE_THIRD,
			     [EVENT_LOSE] = STATE_SENT,
			     [EVENT_CONFIRM] = STATE_CONFIRMED,
			     [EVENT_SAVE] = STATE_SAVED},
	[STATE_SAVED] = {[EVENT_LOAD] = STATE_SENT,
			 [EVENT_SEND] = STATE_SENT,
			 [EVENT_CLEAR] = STATE_SAVED,
			 [EVENT_READ_OLD] = STATE_OLD,
			 [EVENT_READ_NEW] = STATE_SAVED,
			 [EVENT_READ_BETWEEN] = STATE_BETWEEN,
			 [EVENT_READ_THIRD] = STATE_THIRD,
			 [EVENT_LOSE] = STATE_SENT,
			 [EVENT_CONFIRM] = STATE_SAVED,
			 [EVENT_SAVE] = STATE_SAVED},
	[STATE_OLD] = {[EVENT_LOAD] = STATE_SENT,
		       [EVENT_SEND] = STATE_SENT,
		       [EVENT_CLEAR] = STATE_OLD,
		       [EVENT_READ_OLD] = STATE_OLD,
		       [EVENT_READ_NEW] = STATE_NEW,
		       [EVENT_READ_BETWEEN] = STATE_BETWEEN,
		       [EVENT_READ_THIRD] = STATE_THIRD,
		       [EVENT_LOSE] = STATE_SENT,
		       [EVENT_CONFIRM] = STATE_OLD,
		       [EVENT_SAVE] = STATE_OLD},
	[STATE_BETWEEN] = {[EVENT_LOAD] = STATE_SENT,
			   [EVENT_SEND] = STATE_SENT,
			   [EVENT_CLEAR] = STATE_BETWEEN,
			   [EVENT_READ_OLD] = STATE_OLD,
			   [EVENT_READ_NEW] = STATE_NEW,
			   [EVENT_READ_BETWEEN] = STATE_BETWEEN,
			   [EVENT_READ_THIRD] = STATE_THIRD,
			   [EVENT_LOSE] = STATE_SENT,
			   [EVENT_CONFIRM] = STATE_BETWEEN,
			   [EVENT_SAVE] = STATE_BETWEEN},
	[STATE_THIRD] = {[EVENT_LOAD] = STATE_SENT,
			 [EVENT_SEND] = STATE_SENT,
			 [EVENT_CLEAR] = STATE_THIRD,
			 [EVENT_READ_OLD] = STATE_OLD,
			 [EVENT_READ_NEW] = STATE_NEW,
			 [EVENT_READ_BETWEEN] = STATE_BETWEEN,
			 [EVENT_READ_THIRD] = STATE_THIRD,
			 [EVENT_LOSE] = STATE_SENT,
			 [EVENT_CONFIRM] = STATE_THIRD,
			 [EVENT_SAVE] = STATE_THIRD},
};

enum device_state device_state_after(enum device_state state, enum device_event event)
{
	return next[state][event];
}

enum device_problem device_problem_worst(enum device_problem a, enum device_problem b)
{
	return a > b ? a : b;
}

enum device_outcome device_outcome_of(enum device_state state, enum device_problem problem)
{
	static const enum device_outcome outcomes[STATE_COUNT] = {
		[STATE_UNTOUCHED] = DEVICE_UNTOUCHED, [STATE_LOADED] = DEVICE_ATTENTION,
		[STATE_SENT] = DEVICE_ATTENTION,      [STATE_NEW] = DEVICE_DONE,
		[STATE_CONFIRMED] = DEVICE_DONE,      [STATE_SAVED] = DEVICE_DONE,
		[STATE_OLD] = DEVICE_ROLLED_BACK,     [STATE_BETWEEN] = DEVICE_ATTENTION,
		[STATE_THIRD] = DEVICE_ATTENTION,
	};

	return problem ? DEVICE_ATTENTION : outcomes[state];
}

const char *device_state_name(enum device_state state)
{
	static const char *const names[STATE_COUNT] = {"untouched", "loaded",    "sent",
						       "new",       "confirmed", "saved",
						       "old",       "between",   "third"};

	return names[state];
}

const char *device_event_name(enum device_event event)
{
	static const char *const names[EVENT_COUNT] = {
		"load",         "send",       "clear", "read old", "read new",
		"read between", "read third", "lose",  "confirm",  "save"};

	return names[event];
}

const char *device_problem_name(enum device_problem problem)
{
	static const char *const names[PROBLEM_COUNT] = {
		"none", "differs", "not-saved", "candidate", "third", "resists", "unreachable"};

	return names[problem];
}

const char *device_outcome_name(enum device_outcome outcome)
{
	static const char *const names[] = {"untouched", "done", "rolled-back", "attention"};

	return names[outcome];
}
