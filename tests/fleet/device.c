/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Texts and sessions */

void device_printf(struct device_reply *out, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(out->text + out->size, sizeof(out->text) - out->size, format, args);
	va_end(args);
	out->size += (size_t)length;
	if (out->size >= sizeof(out->text))
		out->size = sizeof(out->text) - 1;
}

const char *device_init(struct device *device, const char *name, enum device_kind kind,
			const char *running)
{
	const char *why;

	memset(device, 0, sizeof(*device));
	snprintf(device->name, sizeof(device->name), "%s", name);
	snprintf(device->marker, sizeof(device->marker), "first-1");
	device->kind = kind;
	device->latency = 1;
	why = config_enter_text(&device->running, running);
	device->startup = device->running;
	return why;
}

struct session *device_session(struct device *device, uint32_t id)
{
	for (unsigned i = 0; i < DEVICE_SESSIONS; i++)
		if (id && device->sessions[i].id == id)
			return &device->sessions[i];
	return NULL;
}

int device_has_session(const struct device *device, uint32_t session)
{
	return device_session((struct device *)device, session) != NULL;
}

const char *device_user(const struct device *device, uint32_t id)
{
	const struct session *session = device_session((struct device *)device, id);

	if (id == DEVICE_STRANGER)
		return "stranger";
	for (unsigned i = 0; !session && i < DEVICE_LATE; i++)
		if (device->late[i].due && device->late[i].session == id)
			return device->late[i].user;
	return session ? session->user : "";
}

int device_is_locked_out(const struct lock *lock, uint32_t session)
{
	return lock->session && lock->session != session;
}

int device_is_dirty(const struct device *device)
{
	return device->kind == DEVICE_SHARED && device->candidates[0].dirty &&
	       !config_equal(&device->candidates[0].text, &device->running);
}

/* History and pending commits */

void device_remember(struct device *device, uint64_t now, enum history_what what, const char *tag,
		     const char *user)
{
	struct history *newest = device->history;

	memmove(newest + 1, newest, (DEVICE_HISTORY - 1) * sizeof(*newest));
	*newest = (struct history){.what = what, .when = now};
	snprintf(newest->tag, sizeof(newest->tag), "%s", tag);
	snprintf(newest->user, sizeof(newest->user), "%s", user);
	if (device->history_count < DEVICE_HISTORY)
		device->history_count++;
}

const struct history *device_find_history(const struct device *device, const char *tag)
{
	for (unsigned i = 0; i < device->history_count; i++)
		if (!strcmp(device->history[i].tag, tag))
			return &device->history[i];
	return NULL;
}

void device_begin_pending(struct device *device, const struct config *before, const char *tag,
			  uint32_t session, uint64_t due)
{
	struct pending *pending = &device->pending;

	*pending = (struct pending){.active = 1, .session = session, .due = due};
	snprintf(pending->tag, sizeof(pending->tag), "%s", tag);
	snprintf(pending->user, sizeof(pending->user), "%s", device_user(device, session));
	pending->before = *before;
	pending->after = device->running;
}

/*
 * IOS-XR goes back by the commit itself; all others restore the whole configuration, later
 * changes by others included (what a revert restores).
 */
void device_revert(struct device *device, uint64_t now, enum history_what what, const char *user)
{
	struct pending *pending = &device->pending;

	if (device->kind == DEVICE_PRIVATE)
		config_undo(&device->running, &pending->before, &pending->after);
	else
		device->running = pending->before;
	device_remember(device, now, what, pending->tag, user);
	*pending = (struct pending){0};
}

/* The shared candidate */

const char *device_load_shared(struct device *device, uint32_t session, const char *line)
{
	struct candidate *candidate = &device->candidates[0];
	const char *why;

	if (!candidate->dirty)
		candidate->text = device->running;
	why = config_enter(&candidate->text, line);
	if (!why)
		candidate->dirty |= session == DEVICE_STRANGER ? DIRTY_FOREIGN : DIRTY_OURS;
	if (!device_is_dirty(device))
		candidate->dirty = 0;
	return why;
}

void device_commit_shared(struct device *device, uint64_t now, uint32_t session, const char *tag,
			  uint64_t due)
{
	struct candidate *candidate = &device->candidates[0];
	struct config before = device->running;
	const char *user = device_user(device, session);

	if (device->pending.active) {
		device_remember(device, now, HISTORY_CONFIRM, device->pending.tag, user);
		device->pending = (struct pending){0};
	}
	if (due && device->flags & DEVICE_COMMITS_NOTHING)
		return;
	if (candidate->dirty)
		device->running = candidate->text;
	candidate->dirty = 0;
	device_remember(device, now, due ? HISTORY_TRIAL : HISTORY_COMMIT, tag, user);
	if (due)
		device_begin_pending(device, &before, tag, session, due);
}

/* Ends of sessions */

static void unlock_all(struct device *device, uint32_t session)
{
	if (device->lock.session == session)
		device->lock = (struct lock){0};
	if (device->running_lock.session == session)
		device->running_lock = (struct lock){0};
}

void device_end_session(struct device *device, uint64_t now, struct session *session)
{
	uint32_t id = session->id;

	unlock_all(device, id);
	for (unsigned i = 0; device->kind == DEVICE_PRIVATE && i < DEVICE_CANDIDATES; i++)
		if (device->candidates[i].used && device->candidates[i].session == id)
			device->candidates[i] = (struct candidate){0};
	if (device->kind == DEVICE_PRIVATE && device->pending.active &&
	    device->pending.session == id)
		device_revert(device, now, HISTORY_REVERT, session->user);
	*session = (struct session){0};
}

/* The connection is lost; the device notices it after `linger` milliseconds. */
static void lose_session(struct device *device, uint64_t now, uint32_t id, uint32_t linger)
{
	struct session *session = device_session(device, id);

	if (session && linger)
		session->ends = now + linger;
	else if (session)
		device_end_session(device, now, session);
}

void device_logout(struct device *device, uint64_t now, uint32_t session)
{
	struct session *found;

	device_advance(device, now);
	found = device_session(device, session);
	if (found && !found->ends)
		device_end_session(device, now, found);
}

/*
 * What a restart keeps. Open vSwitch's database lies on disk. Junos: "a reboot during the timer
 * keeps the change" (README, row 20). IOS-XR: the trial's session is gone, so it is undone. IOS,
 * FRR and EOS load startup.
 */
void device_reboot(struct device *device, uint64_t now, uint32_t down)
{
	for (unsigned i = 0; i < DEVICE_SESSIONS; i++)
		if (device->sessions[i].id)
			device_end_session(device, now, &device->sessions[i]);
	if (device->kind == DEVICE_PRIVATE && device->pending.active)
		device_revert(device, now, HISTORY_REVERT, device->pending.user);
	if (device->kind == DEVICE_LINES || device->kind == DEVICE_LINES_TIMER ||
	    device->kind == DEVICE_NAMED)
		device->running = device->startup;
	device->pending = (struct pending){0};
	device->lock = device->running_lock = (struct lock){0};
	memset(device->candidates, 0, sizeof(device->candidates));
	memset(device->late, 0, sizeof(device->late));
	device->down_until = now + down;
	device->reboots++;
}

/* Time */

static void ring_timer(struct device *device, uint64_t now)
{
	struct pending *pending = &device->pending;

	if (device->flags & DEVICE_LOCK_STOPS_TIMER && device->running_lock.session) {
		*pending = (struct pending){0};
		return;
	}
	device_revert(device, now, HISTORY_REVERT, pending->user);
}

static void act_late(struct device *device, struct late *late)
{
	static _Thread_local struct device_reply scratch;
	struct call call = {.device = device, .now = late->due, .id = late->session};
	int good;

	scratch.size = 0;
	call.session = device_session(device, late->session);
	call.out = &scratch;
	late->done = 1;
	device->late_acted++;
	good = verb_act(&call, late->command);
	if (!call.session) {
		*late = (struct late){0};
		return;
	}
	late->session = call.id;
	snprintf(late->answer, sizeof(late->answer), "%s%s\n.\n", good ? "ok" : "% ", call.why);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return b && b < a ? b : a;
}

uint64_t device_due(const struct device *device)
{
	uint64_t due = DEVICE_NEVER;

	if (device->pending.active)
		due = earlier(due, device->pending.due);
	due = earlier(due, device->lock.ends);
	due = earlier(due, device->running_lock.ends);
	for (unsigned i = 0; i < DEVICE_SESSIONS; i++)
		due = earlier(due, device->sessions[i].ends);
	for (unsigned i = 0; i < DEVICE_LATE; i++)
		if (!device->late[i].done)
			due = earlier(due, device->late[i].due);
	return due;
}

static void fire_due(struct device *device, uint64_t now)
{
	for (unsigned i = 0; i < DEVICE_LATE; i++)
		if (!device->late[i].done && device->late[i].due == now)
			act_late(device, &device->late[i]);
	if (device->pending.active && device->pending.due == now)
		ring_timer(device, now);
	if (device->lock.ends == now)
		device->lock = (struct lock){0};
	if (device->running_lock.ends == now)
		device->running_lock = (struct lock){0};
	for (unsigned i = 0; i < DEVICE_SESSIONS; i++)
		if (device->sessions[i].ends == now)
			device_end_session(device, now, &device->sessions[i]);
}

void device_advance(struct device *device, uint64_t now)
{
	for (uint64_t due; (due = device_due(device)) <= now;)
		fire_due(device, due);
}

/* Logins and commands */

static const struct fault none = {.kind = FAULT_NONE};

/* Count a command, and find what is to go wrong with it. */
static const struct fault *next_fault(struct device *device, enum command_class class)
{
	device->counts[class]++;
	for (unsigned i = 0; i < device->fault_count; i++) {
		struct fault *fault = &device->faults[i];

		if (fault->kind >= STRANGER_EDIT || !fault_is_due(device, fault, class))
			continue;
		fault->fired++;
		return fault;
	}
	return &none;
}

int device_arm(struct device *device, const struct fault *fault)
{
	if (device->fault_count == DEVICE_FAULTS)
		return 0;
	device->faults[device->fault_count++] = *fault;
	return 1;
}

static void open_session(struct device *device, uint64_t now, const char *user,
			 struct device_reply *reply)
{
	for (unsigned i = 0; i < DEVICE_SESSIONS; i++) {
		struct session *session = &device->sessions[i];

		if (session->id)
			continue;
		*session = (struct session){.id = ++device->last_session};
		snprintf(session->user, sizeof(session->user), "%s", user);
		reply->session = session->id;
		reply->end = REPLY_ANSWER;
		reply->at = now + device->latency;
		return;
	}
}

/* Start an answer that says that the connection is lost. */
static void clear_reply(struct device_reply *reply, uint64_t at)
{
	reply->end = REPLY_LOST;
	reply->at = at;
	reply->late = 0;
	reply->session = 0;
	reply->size = 0;
	reply->text[0] = '\0';
}

void device_login(struct device *device, uint64_t now, const char *user, struct device_reply *reply)
{
	const struct fault *fault;

	device_advance(device, now);
	clear_reply(reply, now + device->latency);
	fault = next_fault(device, CLASS_LOGIN);
	device_let_strangers(device, now, CLASS_LOGIN, 0);
	if (fault->kind == FAULT_REBOOT)
		device_reboot(device, now, fault->delay);
	else if (fault->kind == FAULT_HUNG)
		reply->end = REPLY_NONE;
	else if (fault->kind == FAULT_NONE && now >= device->down_until)
		open_session(device, now, user, reply);
	else if (fault->kind == FAULT_LATE) {
		open_session(device, now, user, reply);
		reply->at = now + fault->delay;
	}
	device_let_strangers(device, now, CLASS_LOGIN, 1);
}

/* Keep a command that acts later. Without room it is never carried out. */
static void delay_command(struct device *device, uint64_t now, uint32_t session,
			  const char *command, uint32_t delay, struct device_reply *reply)
{
	reply->end = REPLY_NONE;
	for (unsigned i = 0; i < DEVICE_LATE; i++) {
		struct late *late = &device->late[i];

		if (late->due && !(late->done && !device_session(device, late->session)))
			continue;
		*late = (struct late){.due = now + (delay ? delay : 1), .session = session};
		snprintf(late->command, sizeof(late->command), "%s", command);
		snprintf(late->user, sizeof(late->user), "%s", device_user(device, session));
		reply->end = REPLY_LATE;
		reply->at = late->due;
		reply->late = i;
		return;
	}
}

void device_collect(struct device *device, uint64_t now, unsigned late, struct device_reply *reply)
{
	device_advance(device, now);
	clear_reply(reply, now);
	if (!device->late[late].done) {
		reply->end = device->late[late].due ? REPLY_LATE : REPLY_LOST;
		reply->at = device->late[late].due;
		reply->late = late;
		return;
	}
	if (device_session(device, device->late[late].session)) {
		reply->end = REPLY_ANSWER;
		device_printf(reply, "%s", device->late[late].answer);
	}
	device->late[late] = (struct late){0};
}

static void act_now(struct device *device, uint64_t now, uint32_t session, const char *command,
		    struct device_reply *reply)
{
	struct call call = {.device = device,
			    .now = now,
			    .id = session,
			    .session = device_session(device, session),
			    .out = reply};

	if (verb_act(&call, command))
		device_printf(reply, "ok\n.\n");
	else
		device_printf(reply, "%% %s\n.\n", call.why);
}

/* Carry out a command with what goes wrong with it. */
static void act_with(struct device *device, uint64_t now, uint32_t session, const char *command,
		     const struct fault *fault, struct device_reply *reply)
{
	enum fault_kind kind = fault->kind;

	if (kind == FAULT_NONE || kind == FAULT_LOST_AFTER || kind == FAULT_LIED_NO)
		act_now(device, now, session, command, reply);
	if (kind == FAULT_LATE)
		delay_command(device, now, session, command, fault->delay, reply);
	else if (kind == FAULT_HUNG)
		reply->end = REPLY_NONE;
	else if (kind == FAULT_REBOOT)
		device_reboot(device, now, fault->delay);
	else if (kind == FAULT_LOST_BEFORE || kind == FAULT_LOST_AFTER)
		lose_session(device, now, session, fault->delay);
	else
		reply->end = REPLY_ANSWER;
	if (kind == FAULT_REFUSED || kind == FAULT_LIED_NO || kind == FAULT_LIED_YES) {
		reply->size = 0;
		device_printf(reply, "%s\n.\n", kind == FAULT_LIED_YES ? "ok" : "% refused");
	}
}

void device_command(struct device *device, uint64_t now, uint32_t session, const char *command,
		    struct device_reply *reply)
{
	enum command_class class = verb_class(command);
	const struct session *found;
	const struct fault *fault;

	device_advance(device, now);
	clear_reply(reply, now + device->latency);
	found = device_session(device, session);
	if (!found || found->ends)
		return;
	fault = next_fault(device, class);
	device_let_strangers(device, now, class, 0);
	act_with(device, now, session, command, fault, reply);
	device_let_strangers(device, now, class, 1);
}
