/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a device share: device.c, show.c, verbs.c, stranger.c. */
#ifndef TESTS_FLEET_INTERNAL_H
#define TESTS_FLEET_INTERNAL_H

#include "device.h"

/*
 * A command that acts.
 *
 * id       The session that gave it.
 * session  The same; NULL: it is gone, and the command acts late.
 * args     What follows the verb.
 * out      Receives lines of output.
 * why      Receives the reason of a refusal.
 */
struct call {
	struct device *device;
	uint64_t now;
	uint32_t id;
	struct session *session;
	const char *args;
	struct device_reply *out;
	char why[160];
};

/* verbs.c: the class of a command; an unknown one is CLASS_READ. */
enum command_class verb_class(const char *command);
/* Carry out a command. Returns 0 if it was refused, with the reason in call->why. */
int verb_act(struct call *call, const char *command);

/* show.c */
/* Fill in the reason; returns 0. */
int call_refuse(struct call *call, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));
/* Copy the next word of the arguments. Returns 0 if there is none. */
int call_word(struct call *call, char *word, size_t size);
/* The candidate of a session, or with `name` (NAMED) the one of this name; NULL: none. */
struct candidate *device_candidate(struct device *device, uint32_t session, const char *name);
int show_running(struct call *call);
int show_startup(struct call *call);
int show_version(struct call *call);
int show_marker(struct call *call);
int show_candidate(struct call *call);
int show_faults(struct call *call);
int show_state(struct call *call);
int show_history(struct call *call);

/* device.c */
void device_printf(struct device_reply *out, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));
struct session *device_session(struct device *device, uint32_t id);
/* The user of a session, "stranger" for strangers; "" if it is gone and nothing of it is late. */
const char *device_user(const struct device *device, uint32_t id);
void device_end_session(struct device *device, uint64_t now, struct session *session);
void device_remember(struct device *device, uint64_t now, enum history_what what, const char *tag,
		     const char *user);
/* Undo the pending commit as the kind does it. */
void device_revert(struct device *device, uint64_t now, enum history_what what, const char *user);
/*
 * Begin to wait for a confirmation; `before` is what to go back to, running what was made of it.
 * `due` DEVICE_NEVER: no timer.
 */
void device_begin_pending(struct device *device, const struct config *before, const char *tag,
			  uint32_t session, uint64_t due);
/*
 * SHARED: commit the candidate. A pending commit is confirmed by that. `due` 0: for good, else
 * with a timer.
 */
void device_commit_shared(struct device *device, uint64_t now, uint32_t session, const char *tag,
			  uint64_t due);
/* SHARED: enter a line in the candidate, which stops to mirror running. */
const char *device_load_shared(struct device *device, uint32_t session, const char *line);
/* Whether a lock keeps the session out. */
int device_is_locked_out(const struct lock *lock, uint32_t session);

/* stranger.c: let the strangers act that are armed for this command. */
void device_let_strangers(struct device *device, uint64_t now, enum command_class class, int after);
/* Whether the fault is armed for the present command of the class. */
int fault_is_due(const struct device *device, const struct fault *fault, enum command_class class);

#endif
