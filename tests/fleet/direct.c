/* SPDX-License-Identifier: Apache-2.0 */
/* The drivers of devices without a candidate: fleet-atomic, fleet-lines, fleet-lines-timer. */
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/lines.h"

/* ATOMIC: the guard of a transaction */

/* `has` and `lacks` for those numbers of the payload's line that the port has and lacks. */
static void guard_numbers(struct smd_run *run, const char *line, struct smd_text *out)
{
	const struct driver_state *state = run->state;
	const char *old = config_find(&state->base, line), *list = strrchr(line, ' ') + 1;
	struct smd_set had = {0}, named = {0}, lacks = {0}, has = {0};
	char port[CONFIG_LINE], text[CONFIG_LINE];

	sscanf(line, "port %95s", port);
	if (old)
		smd_set_parse(&had, strrchr(old, ' ') + 1, strlen(strrchr(old, ' ') + 1), NULL);
	smd_set_parse(&named, list, strlen(list), NULL);
	smd_set_minus(&lacks, &named, &had);
	smd_set_minus(&has, &named, &lacks);
	smd_set_format(&has, text, sizeof(text));
	if (has.count)
		smd_text_linef(out, "has port %s trunk %s", port, text);
	smd_set_format(&lacks, text, sizeof(text));
	if (lacks.count)
		smd_text_linef(out, "lacks port %s trunk %s", port, text);
	smd_set_done(&has);
	smd_set_done(&lacks);
	smd_set_done(&named);
	smd_set_done(&had);
}

/* What must still be so for this line of the payload. */
static void guard_line(struct smd_run *run, const char *line, struct smd_text *out)
{
	const struct driver_state *state = run->state;
	const char *old = config_affected(&state->base, line);

	if (strstr(line, " trunk add ") || strstr(line, " trunk remove "))
		guard_numbers(run, line, out);
	else if (old)
		smd_text_linef(out, "was %s", old);
	else
		smd_text_linef(out, "absent %s", line);
}

/* Markers end in a number that only grows, so no value comes twice. */
static unsigned long next_number(const char *marker)
{
	const char *dash = strrchr(marker, '-');

	return (dash ? strtoul(dash + 1, NULL, 10) : 0) + 1;
}

static void ask_transaction(struct smd_run *run)
{
	struct driver_state *state = run->state;
	struct smd_text *parts = state->loaded, *whole = NULL;
	char *joined;

	smd_text_clear(parts);
	smd_text_linef(parts, "marker %s %s-%lu", state->marker, driver_tag(run),
		       next_number(state->marker));
	for (size_t i = 0; i < smd_text_count(run->payload); i++)
		guard_line(run, smd_text_get(run->payload, i, NULL), parts);
	for (size_t i = 0; i < smd_text_count(run->payload); i++)
		smd_text_line(parts, smd_text_get(run->payload, i, NULL));
	joined = smd_text_join(parts);
	for (char *c = joined; c && *c; c++)
		if (*c == '\n')
			*c = ';';
	if (joined && !parts->cut && !smd_text_new(&whole, 0) &&
	    !smd_text_append(whole, "transaction ", 12) &&
	    !smd_text_append(whole, joined, strlen(joined))) {
		state->flags[0] = SMD_X_BARRIER;
		state->count = !smd_text_line(state->commands, smd_text_get(whole, 0, NULL));
	}
	smd_text_free(whole);
	free(joined);
}

/* A guard is as good as what it was taken from: only a fetch fills it, and it is used once. */
static void atomic_fetch(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	struct driver_state *state = run->state;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step++ == 0) {
		driver_ask(run, SMD_X_READS, "show marker");
		driver_ask(run, SMD_X_READS, "show running");
		driver_ask_faults(run);
		driver_send(run, action);
		return;
	}
	driver_copy(answer, 1, run->result);
	if (answer->exchange > 1)
		driver_copy(answer, -1, run->result);
	snprintf(state->marker, sizeof(state->marker), "%s",
		 answer->first[1] > answer->first[0]
			 ? smd_text_get(answer->out, answer->first[0], NULL)
			 : "");
	state->base = (struct config){0};
	for (size_t i = answer->first[1]; i < answer->first[2]; i++)
		config_enter(&state->base, smd_text_get(answer->out, i, NULL));
	driver_done(action);
}

static void atomic_commit(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	struct driver_state *state = run->state;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step++) {
		driver_done(action);
		return;
	}
	if (!*state->marker) {
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"the device was not read since the last commit");
		return;
	}
	ask_transaction(run);
	*state->marker = '\0';
	if (state->count)
		driver_send(run, action);
	else
		smd_action_fail(action, SMD_CLASS_INVALID, "out of memory");
}

/* A fresh marker makes void what was sent with a guard on the old one. */
static void atomic_abort(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	struct driver_state *state = run->state;
	const char *marker;

	if (!driver_begin(run, answer, action))
		return;
	*state->marker = '\0';
	if (run->step == 0)
		driver_ask(run, SMD_X_READS, "show marker");
	if (run->step == 1) {
		marker = smd_text_count(answer->out) ? smd_text_get(answer->out, 0, NULL) : "";
		driver_ask(run, SMD_X_BARRIER, "mark %s-void-%lu", driver_tag(run),
			   next_number(marker));
	}
	run->step++;
	driver_send(run, action);
}

static void atomic_attach(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	run->facts->atomic = 1;
	run->facts->abort_voids = 1;
	driver_attach(run, answer, action);
}

const struct smd_driver driver_fleet_atomic = {
	DRIVER_COMMON("fleet-atomic", "Device in memory with guarded transactions", candidate),
	.attach = atomic_attach,
	.fetch = atomic_fetch,
	.commit = atomic_commit,
	.abort = atomic_abort,
};

/* LINES and LINES_TIMER */

/* Lines go one at a time, as the protocol sends each when the one before is answered. */
static void lines_commit(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	if (!driver_begin(run, answer, action))
		return;
	if (run->step++ == 0) {
		if (run->timer)
			driver_ask(run, SMD_X_BARRIER, "configure revert %u",
				   (run->timer + 59) / 60);
		driver_ask_payload(run, "do");
	}
	driver_send(run, action);
}

static void timer_attach(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	run->facts->timer_longest = 7200;
	run->facts->revert_takes_all = 1;
	driver_attach(run, answer, action);
}

const struct smd_driver driver_fleet_lines = {
	DRIVER_COMMON("fleet-lines", "Device in memory whose lines act at once", lines),
	.attach = driver_attach,
	.fetch = driver_fetch,
	.commit = lines_commit,
	.persist = driver_save,
};

const struct smd_driver driver_fleet_lines_timer = {
	DRIVER_COMMON("fleet-lines-timer", "The same, with a revert timer", lines),
	.attach = timer_attach,
	.fetch = driver_fetch,
	.probe = driver_probe,
	.commit = lines_commit,
	.confirm = driver_confirm,
	.persist = driver_save,
	.rollback = driver_rollback,
};
