/* SPDX-License-Identifier: Apache-2.0 */
/* The driver fleet-named: a candidate by name, whose commit overwrites what has changed since. */
#include "driver.h"

#include <stdio.h>
#include <string.h>

static void named_attach(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	run->facts->candidate = SMD_CANDIDATE_PRIVATE;
	run->facts->atomic = 1;
	run->facts->keeps_history = 1;
	run->facts->abort_voids = 1;
	driver_attach(run, answer, action);
}

static void ask_state(struct smd_run *run, struct smd_action *action)
{
	driver_ask(run, SMD_X_READS, "show state");
	driver_send(run, action);
}

/* Running is read before the candidate is made of it, so that no change falls between. */
static void load(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	char name[DRIVER_TAG];

	driver_candidate_name(run, name);
	driver_ask(run, SMD_X_READS, "show running");
	if (view->named)
		driver_ask(run, SMD_X_BARRIER, "drop %s", name);
	driver_ask(run, SMD_X_BARRIER, "configure session %s", name);
	driver_ask_payload(run, "load");
	driver_ask(run, SMD_X_BARRIER, "check");
	driver_ask(run, SMD_X_READS, "show candidate %s", name);
	driver_send(run, action);
}

/* Keep running as it was, and the candidate. */
static void keep(struct smd_run *run, const struct smd_answer *answer)
{
	struct driver_state *state = run->state;

	state->base = (struct config){0};
	for (size_t i = answer->first[0]; i < answer->first[1]; i++)
		config_enter(&state->base, smd_text_get(answer->out, i, NULL));
	smd_text_clear(state->loaded);
	driver_copy(answer, -1, state->loaded);
	driver_copy(answer, -1, run->result);
	snprintf(state->tag, sizeof(state->tag), "%s", driver_tag(run));
}

static void named_prepare(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	struct driver_state *state = run->state;
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	switch (run->step++) {
	case 0:
		*state->tag = '\0';
		ask_state(run, action);
		return;
	case 1:
		driver_view(run, answer, &view);
		load(run, &view, action);
		return;
	default:
		keep(run, answer);
		driver_done(action);
	}
}

/* Whether running is what the candidate was made of. */
static int is_base(const struct driver_state *state, const struct smd_answer *answer)
{
	size_t first = answer->first[0], count = answer->first[1] - first;

	if (count != state->base.count)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(smd_text_get(answer->out, first + i, NULL), state->base.lines[i]) != 0)
			return 0;
	return 1;
}

/* The candidate outlives its session, so it is looked at, not remembered. */
static void named_commit(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	struct driver_state *state = run->state;
	char name[DRIVER_TAG];

	if (!driver_begin(run, answer, action))
		return;
	driver_candidate_name(run, name);
	if (run->step == 0 && strcmp(state->tag, driver_tag(run)) != 0) {
		smd_action_fail(action, SMD_CLASS_REFUSED, "no candidate was prepared");
		return;
	}
	if (run->step == 0) {
		driver_ask(run, SMD_X_READS, "show running");
		driver_ask(run, SMD_X_READS, "show candidate %s", name);
	} else if (run->step == 1) {
		if (!is_base(state, answer) || !driver_is_same(answer, 1, state->loaded)) {
			smd_action_fail(action, SMD_CLASS_CONFLICT,
					"somebody has changed running or the candidate");
			return;
		}
		driver_ask(run, SMD_X_BARRIER, "commit %s", name);
	} else {
		*state->tag = '\0';
	}
	run->step++;
	driver_send(run, action);
}

static void named_abort(struct smd_run *run, const struct smd_answer *answer,
			struct smd_action *action)
{
	struct driver_state *state = run->state;
	char name[DRIVER_TAG];
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	*state->tag = '\0';
	driver_candidate_name(run, name);
	if (run->step == 0) {
		run->step++;
		ask_state(run, action);
		return;
	}
	driver_view(run, answer, &view);
	if (run->step == 1 && view.named) {
		driver_ask(run, SMD_X_BARRIER, "drop %s", name);
		driver_ask(run, SMD_X_READS, "show state");
		driver_send(run, action);
	} else if (view.named) {
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "the candidate is still there");
	} else {
		driver_done(action);
	}
	run->step++;
}

const struct smd_driver driver_fleet_named = {
	DRIVER_COMMON("fleet-named", "Device in memory with named candidates", candidate),
	.attach = named_attach,
	.fetch = driver_fetch,
	.prepare = named_prepare,
	.commit = named_commit,
	.persist = driver_save,
	.abort = named_abort,
};
