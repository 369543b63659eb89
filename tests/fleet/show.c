/* SPDX-License-Identifier: Apache-2.0 */
/* What commands have in common, and those that only show. */
#include "internal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int call_refuse(struct call *call, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(call->why, sizeof(call->why), format, args);
	va_end(args);
	return 0;
}

/* Copy the next word of the arguments. Returns 0 if there is none. */
int call_word(struct call *call, char *word, size_t size)
{
	size_t length;

	call->args += strspn(call->args, " ");
	length = strcspn(call->args, " ");
	snprintf(word, size, "%.*s", (int)length, call->args);
	call->args += length;
	return length != 0;
}

/* The session's own candidate, or NAMED the one of this name. */
struct candidate *device_candidate(struct device *device, uint32_t session, const char *name)
{
	for (unsigned i = 0; i < DEVICE_CANDIDATES; i++) {
		struct candidate *candidate = &device->candidates[i];

		if (!candidate->used)
			continue;
		if (name ? !strcmp(candidate->name, name) : candidate->session == session)
			return candidate;
	}
	return NULL;
}

static void print_line(struct call *call, const char *line)
{
	char shown[CONFIG_LINE];

	snprintf(shown, sizeof(shown), "%s", line);
	for (char *at = shown; call->device->flags & DEVICE_SHOWS_LOWER_CASE && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	device_printf(call->out, "%s\n", shown);
}

static int print_config(struct call *call, const struct config *config)
{
	for (unsigned i = 0; i < config->count; i++)
		print_line(call, config->lines[i]);
	return 1;
}

int show_running(struct call *call)
{
	return print_config(call, &call->device->running);
}

int show_startup(struct call *call)
{
	return print_config(call, &call->device->startup);
}

int show_version(struct call *call)
{
	static const char *const products[] = {"atomic", "lines",   "lines-timer",
					       "shared", "private", "named"};

	device_printf(call->out, "fleet %s 1.0\n", products[call->device->kind]);
	return 1;
}

int show_marker(struct call *call)
{
	device_printf(call->out, "%s\n", call->device->marker);
	return 1;
}

int show_candidate(struct call *call)
{
	struct device *device = call->device;
	struct candidate *candidate = &device->candidates[0];
	char name[DEVICE_TAG];

	if (device->kind == DEVICE_SHARED)
		return print_config(call,
				    device_is_dirty(device) ? &candidate->text : &device->running);
	candidate = device_candidate(device, call->id,
				     call_word(call, name, sizeof(name)) ? name : NULL);
	return candidate ? print_config(call, &candidate->text) : call_refuse(call, "no candidate");
}

/* Whose a session is to the one that asks: "mine", "old" (the same user), "foreign". */
static const char *whose(const struct call *call, uint32_t session, const char *user)
{
	if (session == call->id)
		return "mine";
	return strcmp(user, device_user(call->device, call->id)) ? "foreign" : "old";
}

static void print_lock(struct call *call, const char *name, const struct lock *lock)
{
	const char *user = device_user(call->device, lock->session);

	if (lock->session)
		device_printf(call->out, "%s %s\n", name, whose(call, lock->session, user));
}

/* What the device itself reports as broken. */
int show_faults(struct call *call)
{
	const struct device *device = call->device;
	const char *line = device->broken_while;
	const char *now = *line ? config_find(&device->running, line) : line;

	if (*device->broken_port && now && !strcmp(now, line))
		device_printf(call->out, "fault %s link\n error down\n", device->broken_port);
	return 1;
}

/*
 * What is under way. Junos tells who has edited (README, rows 17, 18), EOS lists its
 * configuration sessions, IOS shows the user of a pending rollback, IOS-XR the trial's session.
 */
int show_state(struct call *call)
{
	static const char *const dirty[] = {"clean", "ours", "foreign", "both"};
	const struct device *device = call->device;
	const struct pending *pending = &device->pending;

	if (device->kind == DEVICE_SHARED)
		device_printf(call->out, "candidate %s\n",
			      dirty[device_is_dirty(device) ? device->candidates[0].dirty : 0]);
	print_lock(call, "lock", &device->lock);
	print_lock(call, "running-lock", &device->running_lock);
	for (unsigned i = 0; i < DEVICE_CANDIDATES; i++)
		if (device->kind == DEVICE_NAMED && device->candidates[i].used)
			device_printf(call->out, "session %s\n", device->candidates[i].name);
	if (pending->active)
		device_printf(call->out, "pending %s %s\n",
			      whose(call, pending->session, pending->user),
			      device->kind == DEVICE_LINES_TIMER ? "" : pending->tag);
	return 1;
}

int show_history(struct call *call)
{
	static const char *const names[] = {"commit", "trial", "confirm", "revert", "cancel"};

	for (unsigned i = 0; i < call->device->history_count; i++) {
		const struct history *entry = &call->device->history[i];

		device_printf(call->out, "%s %s %s\n", names[entry->what], entry->tag, entry->user);
	}
	return 1;
}
