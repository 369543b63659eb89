/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device in memory: the state of one device, its commands, timers, faults and strangers.
 *
 * All state lies in one block without pointers, so that it can be shared with a forked process
 * and copied as bytes. The caller holds a lock around every call. `now` is in milliseconds and
 * never goes back.
 */
#ifndef TESTS_FLEET_DEVICE_H
#define TESTS_FLEET_DEVICE_H

#include "state.h"

enum reply_end {
	REPLY_ANSWER, /* `text` is the answer, to be delivered at `at` */
	REPLY_LOST,   /* the connection is lost */
	REPLY_LATE,   /* to be collected by `late` at `at` */
	REPLY_NONE    /* there will never be an answer */
};

struct device_reply {
	enum reply_end end;
	uint64_t at;
	unsigned late;
	uint32_t session; /* of a login */
	size_t size;
	char text[DEVICE_ANSWER];
};

/* Returns NULL, or why a line of `running` was refused. Running and startup are the same. */
const char *device_init(struct device *device, const char *name, enum device_kind kind,
			const char *running);
/* Returns 0 if there are too many already. */
int device_arm(struct device *device, const struct fault *fault);
void device_login(struct device *device, uint64_t now, const char *user,
		  struct device_reply *reply);
void device_logout(struct device *device, uint64_t now, uint32_t session);
int device_has_session(const struct device *device, uint32_t session);
/* Carry out a command of a session, with the faults and strangers that are armed for it. */
void device_command(struct device *device, uint64_t now, uint32_t session, const char *command,
		    struct device_reply *reply);
/* Collect the answer to a late command. */
void device_collect(struct device *device, uint64_t now, unsigned late, struct device_reply *reply);
/* Carry out everything that is due. Called by all others first. */
void device_advance(struct device *device, uint64_t now);
/* When something is due next; DEVICE_NEVER: nothing. */
uint64_t device_due(const struct device *device);
void device_reboot(struct device *device, uint64_t now, uint32_t down);
/* Let a stranger act now. Returns 0 if it was kept out. */
int device_stranger(struct device *device, uint64_t now, const struct fault *fault);
/* Whether the shared candidate differs from running. */
int device_is_dirty(const struct device *device);
/* The newest entry of the history with this tag; NULL: none. */
const struct history *device_find_history(const struct device *device, const char *tag);

#endif
