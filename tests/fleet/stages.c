/* SPDX-License-Identifier: Apache-2.0 */
#include "driver.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Actions */

void driver_ask(struct smd_run *run, uint32_t flags, const char *format, ...)
{
	struct driver_state *state = run->state;
	char command[2 * CONFIG_LINE];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	smd_text_line(state->commands, command);
	if (state->count < DRIVER_EXCHANGES)
		state->flags[state->count] = flags;
	state->count++;
}

void driver_ask_payload(struct smd_run *run, const char *verb)
{
	for (size_t i = 0; run->payload && i < smd_text_count(run->payload); i++)
		driver_ask(run, 0, "%s %s", verb, smd_text_get(run->payload, i, NULL));
}

void driver_ask_faults(struct smd_run *run)
{
	for (size_t i = 0; run->scope && i < smd_text_count(run->scope); i++)
		if (!strcmp(smd_text_get(run->scope, i, NULL), SMD_SCOPE_FAULT)) {
			driver_ask(run, SMD_X_READS, "show faults");
			return;
		}
}

void driver_done(struct smd_action *action)
{
	action->act = SMD_ACT_DONE;
}

void driver_send(struct smd_run *run, struct smd_action *action)
{
	struct driver_state *state = run->state;

	if (!state->count) {
		driver_done(action);
		return;
	}
	if (state->count > DRIVER_EXCHANGES || smd_text_count(state->commands) != state->count) {
		smd_action_fail(action, SMD_CLASS_INVALID, "there are too many lines");
		return;
	}
	for (size_t i = 0; i < state->count; i++)
		state->exchanges[i] = (struct smd_exchange){
			.send = smd_text_get(state->commands, i, NULL), .flags = state->flags[i]};
	action->act = SMD_ACT_EXCHANGE;
	action->exchanges = state->exchanges;
	action->exchange_count = state->count;
}

/* Answers */

static int begins(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

/* The class of a refusal, by the words of the device. */
static enum smd_class class_of(const char *command, const char *line)
{
	static const char *const busy[] = {"% locked", "% busy"};
	static const char *const conflict[] = {"% candidate modified", "% pending", "% out of sync",
					       "% guard"};

	if (begins(command, "confirm") || begins(command, "cancel"))
		return SMD_CLASS_UNKNOWN;
	for (size_t i = 0; i < sizeof(busy) / sizeof(busy[0]); i++)
		if (begins(line, busy[i]))
			return SMD_CLASS_BUSY;
	for (size_t i = 0; i < sizeof(conflict) / sizeof(conflict[0]); i++)
		if (begins(line, conflict[i]))
			return SMD_CLASS_CONFLICT;
	return SMD_CLASS_NONE;
}

int driver_begin(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	struct driver_state *state = run->state;
	const char *command = "", *line;
	enum smd_class class;

	if (answer->end == SMD_END_START)
		run->step = 0;
	if (answer->end == SMD_END_START || answer->end == SMD_END_DONE) {
		smd_text_clear(state->commands);
		state->count = 0;
		return 1;
	}
	if (answer->exchange < state->count)
		command = state->exchanges[answer->exchange].send;
	line = answer->out ? smd_text_get(answer->out, answer->failed, NULL) : NULL;
	class = answer->end == SMD_END_FAILURE && line ? class_of(command, line) : SMD_CLASS_NONE;
	if (class == SMD_CLASS_NONE)
		smd_action_fail_from_answer(action, answer, state->exchanges);
	else
		smd_action_fail(action, class, "the device refused '%s': %s", command, line + 2);
	return 0;
}

static size_t exchange_end(const struct smd_answer *answer, size_t exchange)
{
	return answer->first[exchange + 1];
}

void driver_copy(const struct smd_answer *answer, int exchange, struct smd_text *out)
{
	size_t index = exchange < 0 ? answer->exchange : (size_t)exchange;

	for (size_t i = answer->first[index]; i < exchange_end(answer, index); i++)
		smd_text_line(out, smd_text_get(answer->out, i, NULL));
}

int driver_is_same(const struct smd_answer *answer, size_t exchange, const struct smd_text *text)
{
	size_t first = answer->first[exchange], count = exchange_end(answer, exchange) - first;

	if (count != smd_text_count(text))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(smd_text_get(answer->out, first + i, NULL),
			   smd_text_get(text, i, NULL)) != 0)
			return 0;
	return 1;
}

atomic_uint driver_comments;

const char *driver_tag(const struct smd_run *run)
{
	if (run->comment && !strcmp(run->comment, "CHG-1") && !strcmp(run->principal, "tester"))
		atomic_fetch_add(&driver_comments, 1);
	return *run->tag ? run->tag : "none";
}

void driver_candidate_name(const struct smd_run *run, char name[DRIVER_TAG])
{
	snprintf(name, DRIVER_TAG, "sd-%s", driver_tag(run));
}

static enum whose read_whose(const char *word)
{
	if (begins(word, "mine"))
		return WHOSE_MINE;
	return begins(word, "old") ? WHOSE_OLD : WHOSE_FOREIGN;
}

static void view_line(const struct smd_run *run, const char *line, struct view *view)
{
	char word[DRIVER_TAG] = "", tag[DRIVER_TAG] = "", name[DRIVER_TAG];

	driver_candidate_name(run, name);
	if (sscanf(line, "candidate %15s", view->candidate) == 1)
		return;
	if (sscanf(line, "lock %63s", word) == 1)
		view->lock = read_whose(word);
	else if (sscanf(line, "running-lock %63s", word) == 1)
		view->running_lock = read_whose(word);
	else if (sscanf(line, "session %63s", word) == 1)
		view->named |= !strcmp(word, name);
	else if (sscanf(line, "pending %63s %63s", word, tag) >= 1) {
		view->pending = read_whose(word);
		view->ours =
			view->pending != WHOSE_FOREIGN && (!*tag || !strcmp(tag, driver_tag(run)));
	}
}

void driver_view(const struct smd_run *run, const struct smd_answer *answer, struct view *view)
{
	*view = (struct view){.lock = WHOSE_NONE};
	for (size_t i = answer->first[answer->exchange]; i < exchange_end(answer, answer->exchange);
	     i++)
		view_line(run, smd_text_get(answer->out, i, NULL), view);
}

void driver_history(const struct smd_run *run, const struct smd_answer *answer, char word[16])
{
	char name[DRIVER_TAG], tag[DRIVER_TAG];

	driver_candidate_name(run, name);
	for (size_t i = answer->first[answer->exchange]; i < exchange_end(answer, answer->exchange);
	     i++)
		if (sscanf(smd_text_get(answer->out, i, NULL), "%15s %63s", word, tag) == 2 &&
		    (!strcmp(tag, driver_tag(run)) || !strcmp(tag, name)))
			return;
	word[0] = '\0';
}

/* Stages that several kinds have */

void driver_attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	if (!driver_begin(run, answer, action))
		return;
	if (run->step++ == 0) {
		driver_ask(run, SMD_X_READS, "show version");
		driver_send(run, action);
		return;
	}
	if (!smd_text_count(answer->out) ||
	    sscanf(smd_text_get(answer->out, 0, NULL), "fleet %63s %63s", run->facts->product,
		   run->facts->version) != 2) {
		smd_action_fail(action, SMD_CLASS_UNSUPPORTED, "the device is of no known product");
		return;
	}
	driver_done(action);
}

void driver_fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	if (!driver_begin(run, answer, action))
		return;
	if (run->step++ == 0) {
		driver_ask(run, SMD_X_READS, "show running");
		driver_ask_faults(run);
		driver_send(run, action);
		return;
	}
	driver_copy(answer, 0, run->result);
	if (answer->exchange)
		driver_copy(answer, -1, run->result);
	driver_done(action);
}

void driver_probe(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step++ == 0) {
		driver_ask(run, SMD_X_READS, "show state");
		driver_send(run, action);
		return;
	}
	driver_view(run, answer, &view);
	run->facts->pending = SMD_PENDING_NONE;
	if (view.pending != WHOSE_NONE)
		run->facts->pending = view.ours ? SMD_PENDING_OURS : SMD_PENDING_FOREIGN;
	run->facts->candidate_dirty =
		!strcmp(view.candidate, "foreign") || !strcmp(view.candidate, "both");
	driver_done(action);
}

/* Do the first two exchanges of the answer have the same output? */
static int are_same(const struct smd_answer *answer)
{
	size_t one = answer->first[0], other = answer->first[1];
	size_t count = other - one;

	if (count != exchange_end(answer, 1) - other)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(smd_text_get(answer->out, one + i, NULL),
			   smd_text_get(answer->out, other + i, NULL)) != 0)
			return 0;
	return 1;
}

/* Save, and look whether it is saved. */
void driver_save(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	if (!driver_begin(run, answer, action))
		return;
	if (run->step == 0) {
		driver_ask(run, SMD_X_BARRIER, "save");
	} else if (run->step == 1) {
		driver_ask(run, SMD_X_READS, "show running");
		driver_ask(run, SMD_X_READS, "show startup");
	} else if (are_same(answer)) {
		driver_done(action);
		return;
	} else {
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"it says that it has saved what it runs, and has not");
		return;
	}
	run->step++;
	driver_send(run, action);
}
