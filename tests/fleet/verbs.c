/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the kinds. The README says after whom they are; RFC 6241 is NETCONF.
 */
#include "internal.h"

#include <inttypes.h>
#include <smartdeploy/set.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIAL_LONGEST 7200 /* seconds */

static int refuse_lock(struct call *call, const struct lock *lock)
{
	return call_refuse(call, "locked by %s, session %" PRIu32,
			   device_user(call->device, lock->session), lock->session);
}

/* Lines that act at once */

/* The line in full, if the device takes it. */
static const char *in_full(const struct call *call, char *out, size_t size)
{
	if (!(call->device->flags & DEVICE_TAKES_SHORT_WORDS) || strncmp(call->args, "se ", 3) != 0)
		return call->args;
	snprintf(out, size, "set %s", call->args + 3);
	return out;
}

static int do_line(struct call *call)
{
	char line[CONFIG_LINE];
	const char *why = config_enter(&call->device->running, in_full(call, line, sizeof(line)));

	return !why || call_refuse(call, "%s", why);
}

/*
 * IOS, "configure terminal revert timer MINUTES": needs no candidate, has no tag, and a second
 * one is refused: "session already in progress" (README, row 21).
 */
static int begin_revert(struct call *call)
{
	struct device *device = call->device;
	char word[16];
	unsigned long minutes;

	call_word(call, word, sizeof(word));
	minutes = strtoul(word, NULL, 10);
	if (!minutes || minutes > TRIAL_LONGEST / 60)
		return call_refuse(call, "unknown line");
	if (device->pending.active)
		return call_refuse(call, "pending: session already in progress");
	device_begin_pending(device, &device->running, "", call->id, call->now + minutes * 60000);
	return 1;
}

static int save(struct call *call)
{
	call->device->startup = call->device->running;
	return 1;
}

/* ATOMIC: ovs-vsctl's transaction, with the "wait" operations of RFC 7047, section 5.2.6 */

static int holds_numbers(const struct config *running, const char *line, int all)
{
	const char *now = config_find(running, line);
	struct smd_set set = {0}, wanted = {0}, left = {0};
	int holds;

	if (now)
		smd_set_parse(&set, strrchr(now, ' ') + 1, strlen(strrchr(now, ' ') + 1), NULL);
	smd_set_parse(&wanted, strrchr(line, ' ') + 1, strlen(strrchr(line, ' ') + 1), NULL);
	smd_set_minus(&left, &wanted, &set);
	holds = all ? !left.count : smd_set_equal(&left, &wanted);
	smd_set_done(&left);
	smd_set_done(&wanted);
	smd_set_done(&set);
	return holds;
}

/* Whether an old value is still so. */
static int guard_holds(const struct config *running, const char *guard)
{
	const char *now;

	if (!strncmp(guard, "has ", 4))
		return holds_numbers(running, guard + 4, 1);
	if (!strncmp(guard, "lacks ", 6))
		return holds_numbers(running, guard + 6, 0);
	if (!strncmp(guard, "absent ", 7))
		return !config_affected(running, guard + 7);
	now = config_find(running, guard + 4);
	return now && !strcmp(now, guard + 4);
}

static int is_guard(const char *part)
{
	return !strncmp(part, "was ", 4) || !strncmp(part, "absent ", 7) ||
	       !strncmp(part, "has ", 4) || !strncmp(part, "lacks ", 6);
}

/* Carry out a part of a transaction in `next`; guards look at running, which is as it was. */
static int enter_part(struct call *call, struct config *next, char marker[DEVICE_TAG],
		      const char *part)
{
	char old[DEVICE_TAG];
	const char *why = NULL;

	if (sscanf(part, "marker %63s %63s", old, marker) == 2) {
		if (strcmp(old, call->device->marker) != 0)
			return call_refuse(call, "guard: marker is %s", call->device->marker);
	} else if (is_guard(part)) {
		if (!guard_holds(&call->device->running, part))
			return call_refuse(call, "guard: not so: %s", part);
	} else {
		why = config_enter(next, part);
	}
	return !why || call_refuse(call, "%s", why);
}

static int transact(struct call *call)
{
	struct config next = call->device->running;
	char marker[DEVICE_TAG], part[CONFIG_LINE + 16];

	memcpy(marker, call->device->marker, sizeof(marker));
	while (*call->args) {
		size_t length = strcspn(call->args, ";");

		snprintf(part, sizeof(part), "%.*s", (int)length, call->args);
		if (!enter_part(call, &next, marker, part))
			return 0;
		call->args += length;
		call->args += strspn(call->args, ";");
	}
	call->device->running = next;
	memcpy(call->device->marker, marker, sizeof(marker));
	return 1;
}

static int mark(struct call *call)
{
	char word[DEVICE_TAG];

	if (!call_word(call, word, sizeof(word)))
		return call_refuse(call, "unknown line");
	memcpy(call->device->marker, word, sizeof(word));
	return 1;
}

/* SHARED */

/*
 * RFC 6241, section 7.5: not while another holds it, and the candidate not while it is modified;
 * running not during a confirmed commit of another session. A lock of a session that is gone
 * (the command was late) is none.
 */
static int take_lock(struct call *call)
{
	struct device *device = call->device;
	int wants_running = !strcmp(call->args, "running");
	struct lock *lock = wants_running ? &device->running_lock : &device->lock;

	if (lock->session)
		return refuse_lock(call, lock);
	if (!wants_running && device_is_dirty(device))
		return call_refuse(call, "candidate modified");
	if (wants_running && device->pending.active && device->pending.session != call->id)
		return call_refuse(call, "pending commit of another session");
	if (!call->session)
		return 1;
	lock->session = call->id;
	if (!wants_running)
		device->candidates[0].dirty = 0; /* it equals running, so it mirrors it */
	return 1;
}

static int release_lock(struct call *call)
{
	struct device *device = call->device;
	struct lock *lock = !strcmp(call->args, "running") ? &device->running_lock : &device->lock;

	if (lock->session != call->id)
		return call_refuse(call, "not locked by this session");
	*lock = (struct lock){0};
	return 1;
}

static int load_line(struct call *call)
{
	struct device *device = call->device;
	struct candidate *candidate;
	const char *why;

	if (device->kind == DEVICE_SHARED) {
		if (device_is_locked_out(&device->lock, call->id))
			return refuse_lock(call, &device->lock);
		why = device_load_shared(device, call->id, call->args);
	} else {
		candidate = device_candidate(device, call->id,
					     device->kind == DEVICE_NAMED && call->session
						     ? call->session->candidate
						     : NULL);
		why = candidate ? config_enter(&candidate->text, call->args) : "no candidate";
	}
	return !why || call_refuse(call, "%s", why);
}

/* Junos: `commit check` confirms a pending commit, too (README, the kinds). */
static int check_candidate(struct call *call)
{
	struct pending *pending = &call->device->pending;

	if (call->device->kind != DEVICE_SHARED || !pending->active)
		return 1;
	device_remember(call->device, call->now, HISTORY_CONFIRM, pending->tag,
			device_user(call->device, call->id));
	*pending = (struct pending){0};
	return 1;
}

/* Whether the locks let this session commit. */
static int may_commit(struct call *call)
{
	if (device_is_locked_out(&call->device->lock, call->id))
		return refuse_lock(call, &call->device->lock);
	if (device_is_locked_out(&call->device->running_lock, call->id))
		return refuse_lock(call, &call->device->running_lock);
	return 1;
}

/* `[confirmed SECONDS] TAG [release]`: when the timer rings, or 0; -1: not understood. */
static int64_t read_commit(struct call *call, char tag[DEVICE_TAG], int *releases)
{
	char word[DEVICE_TAG];
	long seconds = 0;

	call_word(call, tag, DEVICE_TAG);
	if (!strcmp(tag, "confirmed")) {
		call_word(call, word, sizeof(word));
		seconds = strtol(word, NULL, 10);
		if (seconds <= 0 || seconds > TRIAL_LONGEST)
			return -1;
		call_word(call, tag, DEVICE_TAG);
	}
	*releases = call_word(call, word, sizeof(word)) && !strcmp(word, "release");
	return seconds ? (int64_t)call->now + seconds * 1000 : 0;
}

/*
 * Any commit confirms a pending one (README, the kinds). With `release` running is unlocked by the
 * same message, as a lock may keep the timer from reverting (README, row 1).
 */
static int commit_shared(struct call *call, const char *tag, int64_t due, int releases)
{
	if (!may_commit(call))
		return 0;
	device_commit_shared(call->device, call->now, call->id, tag, (uint64_t)due);
	if (releases && call->device->running_lock.session == call->id)
		call->device->running_lock = (struct lock){0};
	return 1;
}

/* PRIVATE: IOS-XR asks "commits have occurred from other sessions"; the answer is no. */
static int commit_private(struct call *call, const char *tag, int64_t due)
{
	struct device *device = call->device;
	struct candidate *candidate = device_candidate(device, call->id, NULL);
	struct config before = device->running;

	if (!candidate)
		return call_refuse(call, "no candidate");
	if (device_is_locked_out(&device->lock, call->id))
		return refuse_lock(call, &device->lock);
	if (device->pending.active)
		return call_refuse(call, "pending commit");
	if (!config_equal(&candidate->base, &device->running))
		return call_refuse(call, "out of sync: other commits have occurred");
	device->running = candidate->base = candidate->text;
	device_remember(device, call->now, due ? HISTORY_TRIAL : HISTORY_COMMIT, tag,
			device_user(device, call->id));
	if (due)
		device_begin_pending(device, &before, tag, call->id, (uint64_t)due);
	return 1;
}

/* NAMED: its commit overwrites what has changed since it was opened (README, the kinds). */
static int commit_named(struct call *call, const char *name)
{
	struct candidate *candidate = device_candidate(call->device, 0, name);

	if (!candidate)
		return call_refuse(call, "no candidate");
	call->device->running = candidate->text;
	*candidate = (struct candidate){0};
	device_remember(call->device, call->now, HISTORY_COMMIT, name,
			device_user(call->device, call->id));
	return 1;
}

static int commit(struct call *call)
{
	char tag[DEVICE_TAG];
	int releases;
	int64_t due = read_commit(call, tag, &releases);

	if (due < 0)
		return call_refuse(call, "unknown line");
	if (call->device->kind == DEVICE_NAMED)
		return due ? call_refuse(call, "unknown line") : commit_named(call, tag);
	return call->device->kind == DEVICE_SHARED ? commit_shared(call, tag, due, releases)
						   : commit_private(call, tag, due);
}

/* Confirming and undoing a pending commit */

/*
 * RFC 6241, section 8.4.1: `<commit>` with the persist id, from any session, commits what is in
 * the candidate then. Some servers do so also when nothing is pending any more (README, row 5),
 * or spend the id though they refuse (47).
 */
static int confirm_shared(struct call *call, const char *tag)
{
	struct device *device = call->device;
	int is_pending = device->pending.active && !strcmp(device->pending.tag, tag);

	if (!may_commit(call)) {
		if (is_pending && device->flags & DEVICE_REFUSED_CONFIRM_DISARMS)
			device->pending = (struct pending){0};
		return 0;
	}
	if (!is_pending && !(device->flags & DEVICE_LATE_CONFIRM_COMMITS))
		return call_refuse(call, "no pending commit %s", tag);
	device_commit_shared(device, call->now, call->id, tag, 0);
	return 1;
}

/* IOS-XR: only the session of the trial can confirm; IOS: any. */
static int confirm(struct call *call)
{
	struct device *device = call->device;
	char tag[DEVICE_TAG] = "";

	call_word(call, tag, sizeof(tag));
	if (device->kind == DEVICE_SHARED)
		return confirm_shared(call, tag);
	if (!device->pending.active)
		return call_refuse(call, "no pending commit");
	if (device->kind == DEVICE_PRIVATE && device->pending.session != call->id)
		return call_refuse(call, "pending in another session");
	device_remember(device, call->now, HISTORY_CONFIRM, device->pending.tag,
			device_user(device, call->id));
	device->pending = (struct pending){0};
	return 1;
}

/* RFC 6241, section 8.4.4.1; IOS: `configure revert now`; IOS-XR: leaving the trial's session. */
static int cancel(struct call *call)
{
	struct device *device = call->device;
	char tag[DEVICE_TAG] = "";

	call_word(call, tag, sizeof(tag));
	if (!device->pending.active || strcmp(device->pending.tag, tag) != 0)
		return call_refuse(call, "no pending commit %s", tag);
	if (device->kind == DEVICE_PRIVATE && device->pending.session != call->id)
		return call_refuse(call, "pending in another session");
	device_revert(device, call->now, HISTORY_CANCEL, device_user(device, call->id));
	return 1;
}

/* Opening and dropping candidates */

static int open_candidate(struct call *call, const char *name)
{
	struct device *device = call->device;

	for (unsigned i = 0; i < DEVICE_CANDIDATES; i++) {
		struct candidate *candidate = &device->candidates[i];

		if (candidate->used)
			continue;
		*candidate = (struct candidate){.used = 1, .session = call->id};
		snprintf(candidate->name, sizeof(candidate->name), "%s", name);
		candidate->text = candidate->base = device->running;
		return 1;
	}
	return call_refuse(call, "busy: too many candidates");
}

/* IOS-XR: refused while another holds it; EOS: `configure session NAME` opens or goes on. */
static int configure_exclusive(struct call *call)
{
	struct device *device = call->device;

	if (device_is_locked_out(&device->lock, call->id))
		return refuse_lock(call, &device->lock);
	if (!call->session || device_candidate(device, call->id, NULL))
		return 1;
	device->lock.session = call->id;
	return open_candidate(call, "");
}

static int configure_session(struct call *call)
{
	char name[DEVICE_TAG];

	if (!call_word(call, name, sizeof(name)))
		return call_refuse(call, "unknown line");
	if (call->session)
		snprintf(call->session->candidate, DEVICE_TAG, "%s", name);
	return device_candidate(call->device, 0, name) ? 1 : open_candidate(call, name);
}

/* RFC 6241, section 8.3.4.2: discard reverts the candidate to running. */
static int discard(struct call *call)
{
	struct device *device = call->device;
	struct candidate *candidate = device_candidate(device, call->id, NULL);

	if (device->kind == DEVICE_SHARED) {
		if (device_is_locked_out(&device->lock, call->id))
			return refuse_lock(call, &device->lock);
		device->candidates[0].dirty = 0;
		return 1;
	}
	if (candidate)
		*candidate = (struct candidate){0};
	if (device->lock.session == call->id)
		device->lock = (struct lock){0};
	return 1;
}

static int drop(struct call *call)
{
	char name[DEVICE_TAG];
	struct candidate *candidate;

	call_word(call, name, sizeof(name));
	candidate = device_candidate(call->device, 0, name);
	if (!candidate)
		return call_refuse(call, "no candidate");
	*candidate = (struct candidate){0};
	return 1;
}

#define KIND(name) (1u << DEVICE_##name)
#define ALL ((1u << DEVICE_KINDS) - 1)
#define WITH_LINES (KIND(LINES) | KIND(LINES_TIMER))
#define WITH_TAGS (KIND(SHARED) | KIND(PRIVATE) | KIND(NAMED))

static const struct verb {
	const char *words;
	enum command_class class;
	unsigned kinds;
	int (*act)(struct call *call);
} verbs[] = {
	{"show running", CLASS_READ, ALL, show_running},
	{"show startup", CLASS_READ, WITH_LINES | KIND(NAMED), show_startup},
	{"show candidate", CLASS_READ, WITH_TAGS, show_candidate},
	{"show faults", CLASS_READ, ALL, show_faults},
	{"show version", CLASS_READ, ALL, show_version},
	{"show marker", CLASS_READ, KIND(ATOMIC), show_marker},
	{"show state", CLASS_PROBE, ALL, show_state},
	{"show history", CLASS_PROBE, WITH_TAGS, show_history},
	{"lock", CLASS_EDIT, KIND(SHARED), take_lock},
	{"configure exclusive", CLASS_EDIT, KIND(PRIVATE), configure_exclusive},
	{"configure session", CLASS_EDIT, KIND(NAMED), configure_session},
	{"configure revert", CLASS_EDIT, KIND(LINES_TIMER), begin_revert},
	{"load", CLASS_EDIT, WITH_TAGS, load_line},
	{"check", CLASS_EDIT, WITH_TAGS, check_candidate},
	{"do", CLASS_ACT, WITH_LINES, do_line},
	{"transaction", CLASS_ACT, KIND(ATOMIC), transact},
	{"commit", CLASS_ACT, WITH_TAGS, commit},
	{"confirm", CLASS_CONFIRM, KIND(SHARED) | KIND(PRIVATE) | KIND(LINES_TIMER), confirm},
	{"save", CLASS_SAVE, WITH_LINES | KIND(NAMED), save},
	{"unlock", CLASS_ABORT, KIND(SHARED), release_lock},
	{"discard", CLASS_ABORT, KIND(SHARED) | KIND(PRIVATE), discard},
	{"drop", CLASS_ABORT, KIND(NAMED), drop},
	{"mark", CLASS_ABORT, KIND(ATOMIC), mark},
	{"cancel", CLASS_CANCEL, KIND(SHARED) | KIND(PRIVATE) | KIND(LINES_TIMER), cancel},
};

static const struct verb *find_verb(const char *command)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t length = strlen(verbs[i].words);

		if (!strncmp(command, verbs[i].words, length) &&
		    (!command[length] || command[length] == ' '))
			return &verbs[i];
	}
	return NULL;
}

enum command_class verb_class(const char *command)
{
	const struct verb *verb = find_verb(command);

	return verb ? verb->class : CLASS_READ;
}

int verb_act(struct call *call, const char *command)
{
	const struct verb *verb = find_verb(command);

	if (!verb || !(verb->kinds & 1u << call->device->kind))
		return call_refuse(call, "unknown command");
	call->args = command + strlen(verb->words);
	call->args += strspn(call->args, " ");
	return verb->act(call);
}
