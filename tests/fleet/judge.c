/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/json.h"
#include "history.h"

void judge_complain(struct judgement *judgement, const char *format, ...)
{
	size_t room = sizeof(judgement->complaints) - judgement->used;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(judgement->complaints + judgement->used, room, format, args);
	va_end(args);
	judgement->used += (size_t)length < room ? (size_t)length : room - 1;
	if (judgement->used < sizeof(judgement->complaints) - 1)
		judgement->complaints[judgement->used++] = '\n';
}

/* Claims */

static const struct {
	enum claim claim;
	int status;
	const char *outcome, *name;
} claims[] = {
	{CLAIM_NOTHING, 1, "", "error, nothing begun"},
	{CLAIM_DONE, 0, "done", "done"},
	{CLAIM_REFUSED, 3, "refused", "refused"},
	{CLAIM_BACK, 4, "rolled-back", "rolled back"},
	{CLAIM_ATTENTION, 5, "attention", "needs attention"},
	{CLAIM_ACCEPTED, -1, "accepted", "accepted as it is"},
};

#define CLAIMS (sizeof(claims) / sizeof(claims[0]))

enum claim judge_claim_of_exit(int status)
{
	for (size_t i = 0; i < CLAIMS; i++)
		if (claims[i].status == status)
			return claims[i].claim;
	return CLAIM_UNKNOWN;
}

enum claim judge_claim_of_outcome(const char *outcome)
{
	for (size_t i = 0; i < CLAIMS; i++)
		if (outcome && *outcome && !strcmp(claims[i].outcome, outcome))
			return claims[i].claim;
	return CLAIM_UNKNOWN;
}

const char *judge_claim_name(enum claim claim)
{
	for (size_t i = 0; i < CLAIMS; i++)
		if (claims[i].claim == claim)
			return claims[i].name;
	return "unknown";
}

static int is_back(enum claim claim)
{
	return claim == CLAIM_BACK || claim == CLAIM_REFUSED || claim == CLAIM_NOTHING;
}

/* What a device runs */

static const struct member *member_of(const struct judgement *judgement, size_t device)
{
	return &judgement->harness->members[device];
}

static const struct config *lines_of(const struct judgement *judgement, size_t device,
				     enum revision revision)
{
	return &member_of(judgement, device)->lines[revision];
}

static int same_line(const struct config *a, const struct config *b, const char *line)
{
	const char *in_a = config_find(a, line), *in_b = config_find(b, line);

	return in_a && in_b ? !strcmp(in_a, in_b) : in_a == in_b;
}

/* Whether a line, by the words that name it, belongs to one of the two revisions. */
static int is_owned(const struct judgement *judgement, size_t device, const char *line)
{
	return config_find(lines_of(judgement, device, judgement->from), line) ||
	       config_find(lines_of(judgement, device, judgement->to), line);
}

static int holds(const struct judgement *judgement, size_t device, const struct config *running,
		 enum revision revision)
{
	const struct config *wanted = lines_of(judgement, device, revision);
	const enum revision both[] = {judgement->from, judgement->to};

	for (size_t n = 0; n < 2; n++) {
		const struct config *named = lines_of(judgement, device, both[n]);

		for (unsigned i = 0; i < named->count; i++)
			if (!same_line(running, wanted, named->lines[i]))
				return 0;
	}
	return 1;
}

enum side judge_side(const struct judgement *judgement, size_t device, const struct config *running)
{
	return (holds(judgement, device, running, judgement->from) ? SIDE_OLD : 0) |
	       (holds(judgement, device, running, judgement->to) ? SIDE_NEW : 0);
}

static const struct device *seen(const struct judgement *judgement, enum sight sight, size_t device)
{
	return &judgement->harness->shared->sights[sight][device];
}

/* Strangers */

static const struct device *last_seen(const struct judgement *judgement, size_t device)
{
	return seen(judgement, SIGHT_DONE, device); /* later ones have no faults any more */
}

/* A stranger that has entered a line on the device; NULL: there are no more from `from` on. */
static const struct fault *next_stranger(const struct judgement *judgement, size_t device,
					 unsigned *from)
{
	const struct device *state = last_seen(judgement, device);

	while (*from < state->fault_count) {
		const struct fault *fault = &state->faults[(*from)++];

		if (fault->kind >= STRANGER_EDIT && fault->fired && fault->line[0])
			return fault;
	}
	return NULL;
}

static int wrote(const struct judgement *judgement, size_t device, const char *line)
{
	const struct fault *stranger;

	for (unsigned i = 0; (stranger = next_stranger(judgement, device, &i));) {
		struct config one = {0};

		config_enter(&one, stranger->line);
		if (config_find(&one, line))
			return 1;
	}
	return 0;
}

int judge_strangers_own(const struct judgement *judgement, size_t device)
{
	const struct fault *stranger;

	for (unsigned i = 0; (stranger = next_stranger(judgement, device, &i));)
		if (is_owned(judgement, device, stranger->line))
			return 1;
	return 0;
}

int judge_stranger_fills(const struct judgement *judgement, size_t device)
{
	const struct fault *stranger;

	for (unsigned i = 0; (stranger = next_stranger(judgement, device, &i));)
		if (stranger->kind == STRANGER_DIRTY)
			return 1;
	return 0;
}

/* What a record says of a device; NULL: nothing. */
static const cJSON *told_of(const struct judgement *judgement, size_t device)
{
	const cJSON *entry;

	cJSON_ArrayForEach (entry, smd_json_array(judgement->record, "devices")) {
		const char *name = smd_json_string(entry, "name");

		if (name && !strcmp(name, member_of(judgement, device)->name))
			return entry;
	}
	return NULL;
}

int judge_stranger_strays(const struct judgement *judgement, size_t device)
{
	const struct device *state = last_seen(judgement, device);
	const struct fault *stranger;

	if (!smd_json_bool(told_of(judgement, device), "strays", 0))
		return 0;
	for (unsigned i = 0; (stranger = next_stranger(judgement, device, &i));) {
		const char *now = config_find(&state->running, stranger->line);

		if ((now && !strcmp(now, stranger->line)) || state->reboots)
			return 1;
	}
	return 0;
}

int judge_told(const struct judgement *judgement, size_t device)
{
	static const char *const members[] = {"overwritten", "also-differs", "problem", "error"};
	const cJSON *entry = told_of(judgement, device);

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (smd_json_member(entry, members[i]))
			return 1;
	return strstr(judgement->sentence, member_of(judgement, device)->name) != NULL;
}

/*
 * What comes first on a device after a stranger was there: CLASS_READ, running is looked at;
 * CLASS_ACT or CLASS_CANCEL, something acts; CLASS_COUNT, neither.
 */
static enum command_class next_look(const struct judgement *judgement, size_t device,
				    const struct fault *stranger)
{
	const char *at = history_of_fault(judgement->harness, device, stranger);

	if (!at)
		return CLASS_READ;
	if ((stranger->class == CLASS_ACT || stranger->class == CLASS_CANCEL) && !stranger->after)
		return stranger->class;
	return history_next(judgement->harness, device, at,
			    1u << CLASS_READ | 1u << CLASS_ACT | 1u << CLASS_CANCEL);
}

/*
 * Whether the controller could not know of what a stranger did: on a device without guard or
 * lock it may be overwritten between the last look and the line that acts, and after the last
 * look nobody sees it.
 */
static int is_unseen(const struct judgement *judgement, size_t device, const struct fault *stranger)
{
	return next_look(judgement, device, stranger) != CLASS_READ;
}

/* Whether that is so of all who have written to lines of ours, and there is one. */
static int all_unseen(const struct judgement *judgement, size_t device)
{
	const struct fault *stranger;
	int count = 0;

	for (unsigned i = 0; (stranger = next_stranger(judgement, device, &i));) {
		if (!is_owned(judgement, device, stranger->line))
			continue;
		if (!is_unseen(judgement, device, stranger))
			return 0;
		count++;
	}
	return count != 0;
}

/* Kinds on which what is sent carries no condition. */
static int is_unguarded(const struct device *device)
{
	return device->kind == DEVICE_LINES || device->kind == DEVICE_LINES_TIMER ||
	       device->kind == DEVICE_NAMED || device->flags & DEVICE_IGNORES_LOCKS;
}

/*
 * To cancel a commit takes along what was written after the last look, whatever is locked. Where
 * only the commit goes back, that is what was written to a line of the commit.
 */
static int is_excused(const struct judgement *judgement, size_t index, const struct device *device,
		      const struct fault *stranger)
{
	if (next_look(judgement, index, stranger) == CLASS_CANCEL &&
	    (device->kind != DEVICE_PRIVATE || is_owned(judgement, index, stranger->line)))
		return 1;
	return is_unguarded(device) && is_unseen(judgement, index, stranger);
}

/* Whether the device has undone a commit of ours by itself. */
static int has_reverted(const struct device *device)
{
	for (unsigned i = 0; i < device->history_count; i++)
		if (device->history[i].what == HISTORY_REVERT &&
		    strcmp(device->history[i].user, "stranger") != 0)
			return 1;
	return 0;
}

/* Whether that has taken along what others have written since. */
static int went_back(const struct device *device)
{
	return device->kind != DEVICE_PRIVATE && has_reverted(device);
}

void judge_strangers(struct judgement *judgement, enum sight sight)
{
	for (size_t i = 0; i < judgement->harness->count; i++) {
		const struct device *device = seen(judgement, sight, i);
		const struct fault *stranger;

		for (unsigned n = 0; (stranger = next_stranger(judgement, i, &n));) {
			const char *now = config_find(&device->running, stranger->line);

			if (stranger->kind != STRANGER_EDIT && stranger->kind != STRANGER_COMMIT)
				continue;
			if ((now && !strcmp(now, stranger->line)) || device->reboots ||
			    went_back(device) || judge_told(judgement, i))
				continue;
			if (!is_excused(judgement, i, device, stranger))
				judge_complain(judgement,
					       "%s: '%s' of a stranger was overwritten in "
					       "silence",
					       device->name, stranger->line);
		}
	}
}

/* Rules for a sight */

/* Whether each line of ours is as it was, or as a stranger wrote it. */
static int is_old_but_strangers(const struct judgement *judgement, size_t device,
				const struct config *running)
{
	const struct config *old = lines_of(judgement, device, judgement->from);
	struct config wanted = *running;
	const struct fault *stranger;

	for (unsigned i = 0; (stranger = next_stranger(judgement, device, &i));) {
		const char *was = config_find(old, stranger->line);
		const char *now = config_find(running, stranger->line);
		char no[CONFIG_LINE + 8], name[CONFIG_LINE] = "";

		if (!now || strcmp(now, stranger->line) != 0)
			continue;
		sscanf(stranger->line, "set %95s", name);
		snprintf(no, sizeof(no), "no %s", name);
		config_enter(&wanted, was ? was : no);
	}
	return holds(judgement, device, &wanted, judgement->from);
}

static int has_startup(const struct device *device)
{
	return device->kind == DEVICE_LINES || device->kind == DEVICE_LINES_TIMER ||
	       device->kind == DEVICE_NAMED;
}

static void check_others(struct judgement *judgement, size_t index, const struct device *device)
{
	const struct config *rest = &member_of(judgement, index)->rest;

	for (unsigned i = 0; i < rest->count; i++)
		if (!same_line(&device->running, rest, rest->lines[i]) &&
		    !wrote(judgement, index, rest->lines[i]))
			judge_complain(judgement, "%s: '%s' was changed, which is not ours",
				       device->name, rest->lines[i]);
	for (unsigned i = 0; i < device->running.count; i++) {
		const char *line = device->running.lines[i];

		if (!is_owned(judgement, index, line) && !config_find(rest, line) &&
		    !wrote(judgement, index, line))
			judge_complain(judgement, "%s: '%s' is nobody's", device->name, line);
	}
}

static int is_pending_ours(const struct device *device)
{
	return device->pending.active && strcmp(device->pending.user, "stranger") != 0;
}

/* Nothing of ours is pending, loaded or locked. */
static void check_clean(struct judgement *judgement, const struct device *device, int rested)
{
	const struct candidate *candidate = device->candidates;

	if (is_pending_ours(device))
		judge_complain(judgement, "%s: a commit of ours is pending", device->name);
	if (!rested)
		return;
	if (device->kind == DEVICE_SHARED && candidate->dirty & DIRTY_OURS &&
	    !config_equal(&candidate->text, &device->running))
		judge_complain(judgement, "%s: our lines are left in the candidate", device->name);
	for (unsigned i = 0; i < DEVICE_CANDIDATES; i++)
		if (device->kind != DEVICE_SHARED && candidate[i].used)
			judge_complain(judgement, "%s: a candidate of ours is left", device->name);
	if ((device->lock.session && device->lock.session != DEVICE_STRANGER) ||
	    (device->running_lock.session && device->running_lock.session != DEVICE_STRANGER))
		judge_complain(judgement, "%s: a lock of ours is left", device->name);
}

static int has_saved(const struct device *device)
{
	for (unsigned i = 0; i < device->fault_count; i++)
		if (device->faults[i].kind == STRANGER_SAVE && device->faults[i].fired)
			return 1;
	return 0;
}

static void check_startup(struct judgement *judgement, size_t index, const struct device *device,
			  enum side wanted)
{
	if (all_unseen(judgement, index) || has_saved(last_seen(judgement, index)))
		return;
	if (has_startup(device) && !(judge_side(judgement, index, &device->startup) & wanted))
		judge_complain(judgement, "%s: it would start with another configuration",
			       device->name);
}

static void check_side(struct judgement *judgement, size_t index, const struct device *device,
		       enum side wanted)
{
	if (judge_side(judgement, index, &device->running) & wanted)
		return;
	if (wanted == SIDE_OLD && is_old_but_strangers(judgement, index, &device->running))
		return;
	if (judge_strangers_own(judgement, index) &&
	    (judge_told(judgement, index) || all_unseen(judgement, index)))
		return;
	judge_complain(judgement, "%s: told '%s', but it does not run the %s text", device->name,
		       judge_claim_name(judgement->claim), wanted == SIDE_NEW ? "new" : "old");
}

/* Exit status 1 and 3: no command that acts was sent. */
static void check_idle(struct judgement *judgement, const struct device *device)
{
	if ((judgement->claim == CLAIM_NOTHING || judgement->claim == CLAIM_REFUSED) &&
	    device->counts[CLASS_ACT] && !device->late_acted)
		judge_complain(judgement, "%s: told '%s', but commands that act were sent",
			       device->name, judge_claim_name(judgement->claim));
}

void judge_sight(struct judgement *judgement, enum sight sight)
{
	enum side wanted = judgement->claim == CLAIM_DONE ? SIDE_NEW : SIDE_OLD;

	for (size_t i = 0; i < judgement->harness->count; i++) {
		const struct device *device = seen(judgement, sight, i);

		check_others(judgement, i, device);
		if (judgement->claim == CLAIM_ATTENTION)
			continue;
		check_clean(judgement, device, sight != SIGHT_DONE);
		check_side(judgement, i, device, wanted);
		check_startup(judgement, i, device, wanted);
		if (sight == SIGHT_DONE && is_back(judgement->claim))
			check_idle(judgement, device);
	}
}

static int has_timed_stranger(const struct judgement *judgement, size_t device)
{
	const struct device *state = last_seen(judgement, device);

	for (unsigned i = 0; i < state->fault_count; i++)
		if (state->faults[i].kind == STRANGER_PENDING && state->faults[i].fired)
			return 1;
	return 0;
}

void judge_rest(struct judgement *judgement, enum sight before, enum sight after)
{
	for (size_t i = 0; i < judgement->harness->count; i++) {
		const struct device *old = seen(judgement, before, i);
		const struct device *now = seen(judgement, after, i);

		if (has_timed_stranger(judgement, i))
			continue;
		if (!config_equal(&old->running, &now->running) ||
		    !config_equal(&old->startup, &now->startup))
			judge_complain(judgement, "%s: it has changed after the end", now->name);
	}
}

/* The record */

static int is_claimed_side(const struct judgement *judgement, size_t index,
			   const struct device *device, const char *state)
{
	static const struct {
		const char *state;
		enum side side;
	} sides[] = {{"untouched", SIDE_OLD}, {"loaded", SIDE_OLD},    {"old", SIDE_OLD},
		     {"new", SIDE_NEW},       {"confirmed", SIDE_NEW}, {"saved", SIDE_NEW}};
	enum side side = judge_side(judgement, index, &device->running);

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		if (!strcmp(state, sides[i].state))
			return (side & sides[i].side) ||
			       (sides[i].side == SIDE_OLD &&
				is_old_but_strangers(judgement, index, &device->running));
	if (!strcmp(state, "between") || !strcmp(state, "third"))
		return side == SIDE_OTHER;
	return !strcmp(state, "sent");
}

static void check_claim(struct judgement *judgement, size_t index, const struct device *device)
{
	const cJSON *told = told_of(judgement, index);
	const char *state = smd_json_string(told, "state");
	const char *problem = smd_json_string(told, "problem");

	if (!state) {
		judge_complain(judgement, "%s: the record has no state", device->name);
		return;
	}
	if (problem && !strcmp(problem, "unreachable"))
		return; /* the state is the last that was known */
	if (problem && !strcmp(state, "new") && has_reverted(device))
		return; /* told that it undoes the change by itself, which it has done since */
	if (all_unseen(judgement, index))
		return;
	if (!is_claimed_side(judgement, index, device, state))
		judge_complain(judgement, "%s: the record says '%s', and that is not so",
			       device->name, state);
	if (!strcmp(state, "saved") && has_startup(device) &&
	    !(judge_side(judgement, index, &device->startup) & SIDE_NEW))
		judge_complain(judgement, "%s: the record says 'saved', and that is not so",
			       device->name);
	if (!strcmp(state, "confirmed") && is_pending_ours(device))
		judge_complain(judgement, "%s: the record says 'confirmed', but it is pending",
			       device->name);
}

/* What needs attention is told with a reason. */
static void check_reasons(struct judgement *judgement)
{
	const cJSON *entry;
	int count = 0;

	cJSON_ArrayForEach (entry, smd_json_array(judgement->record, "devices")) {
		const char *outcome = smd_json_string(entry, "outcome");

		if (!outcome || strcmp(outcome, "attention") != 0)
			continue;
		count++;
		if (!smd_json_string(entry, "error") || !*smd_json_string(entry, "error"))
			judge_complain(judgement, "%s needs attention without a reason",
				       smd_json_string(entry, "name"));
	}
	if (!count && !smd_json_string(judgement->record, "not-proven"))
		judge_complain(judgement, "the deployment needs attention, but no device does");
}

void judge_record(struct judgement *judgement, enum sight sight)
{
	const char *outcome = smd_json_string(judgement->record, "outcome");

	if (!judgement->record) {
		if (judgement->claim == CLAIM_DONE || judgement->claim == CLAIM_ATTENTION)
			judge_complain(judgement, "there is no record of the deployment");
		return;
	}
	if (judge_claim_of_outcome(outcome) != judgement->claim &&
	    judgement->claim != CLAIM_NOTHING)
		judge_complain(judgement, "told '%s', but the record says '%s'",
			       judge_claim_name(judgement->claim), outcome ? outcome : "nothing");
	for (size_t i = 0; i < judgement->harness->count; i++)
		if (told_of(judgement, i))
			check_claim(judgement, i, seen(judgement, sight, i));
	if (judgement->claim == CLAIM_ATTENTION)
		check_reasons(judgement);
}
