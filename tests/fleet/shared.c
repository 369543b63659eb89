/* SPDX-License-Identifier: Apache-2.0 */
/* The driver fleet-shared: lock, load, compare, confirmed commit with our tag. */
#include "driver.h"

#include <stdio.h>
#include <string.h>

static void shared_attach(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	struct smd_facts *facts = run->facts;

	facts->candidate = SMD_CANDIDATE_SHARED;
	facts->atomic = 1;
	facts->timer_longest = 7200;
	facts->timer_is_standard = 1;
	facts->any_commit_confirms = 1;
	facts->revert_takes_all = 1;
	facts->keeps_history = 1;
	driver_attach(run, answer, action);
}

/* Ask for the locks, or say why the candidate cannot be had. */
static void begin_prepare(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	const struct driver_state *state = run->state;
	int is_clean = !strcmp(view->candidate, "clean");
	int is_ours = !strcmp(view->candidate, "ours") && !strcmp(state->tag, driver_tag(run));

	if (view->pending != WHOSE_NONE)
		smd_action_fail(action, SMD_CLASS_CONFLICT, "a confirmed commit is pending");
	else if (!is_clean && !is_ours)
		smd_action_fail(action, SMD_CLASS_CONFLICT,
				"the candidate holds somebody's uncommitted work");
	if (action->act == SMD_ACT_FAIL)
		return;
	if (!is_clean)
		driver_ask(run, SMD_X_BARRIER, "discard");
	if (view->lock != WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "lock candidate");
	if (view->running_lock != WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "lock running");
	driver_ask(run, SMD_X_READS, "show state");
	driver_send(run, action);
}

static void load(struct smd_run *run, struct smd_action *action)
{
	struct driver_state *state = run->state;

	snprintf(state->tag, sizeof(state->tag), "%s", driver_tag(run));
	driver_ask_payload(run, "load");
	driver_ask(run, SMD_X_BARRIER, "check");
	driver_ask(run, SMD_X_READS, "show candidate");
	driver_send(run, action);
}

static void shared_prepare(struct smd_run *run, const struct smd_answer *answer,
			   struct smd_action *action)
{
	struct driver_state *state = run->state;
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	switch (run->step++) {
	case 0:
		*run->notes &= ~NOTE_LOADED;
		driver_ask(run, SMD_X_READS, "show state");
		driver_send(run, action);
		return;
	case 1:
		driver_view(run, answer, &view);
		begin_prepare(run, &view, action);
		return;
	case 2:
		load(run, action);
		return;
	default:
		smd_text_clear(state->loaded);
		driver_copy(answer, -1, state->loaded);
		driver_copy(answer, -1, run->result);
		*run->notes |= NOTE_LOADED;
		driver_done(action);
	}
}

/* The candidate is read once more: locks do not always keep others out (README, row 46). */
static void shared_commit(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	struct driver_state *state = run->state;
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step == 0 && !(*run->notes & NOTE_LOADED)) {
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"the lock is gone with the session that held it");
		return;
	}
	switch (run->step++) {
	case 0:
		driver_ask(run, SMD_X_READS, "show candidate");
		driver_ask(run, SMD_X_READS, "show state");
		break;
	case 1:
		driver_view(run, answer, &view);
		if (view.pending != WHOSE_NONE || !driver_is_same(answer, 0, state->loaded)) {
			smd_action_fail(action, SMD_CLASS_CONFLICT,
					"somebody has changed the candidate or committed");
			return;
		}
		if (run->timer)
			driver_ask(run, SMD_X_BARRIER, "commit confirmed %u %s release", run->timer,
				   driver_tag(run));
		else
			driver_ask(run, SMD_X_BARRIER, "commit %s release", driver_tag(run));
		break;
	default:
		*run->notes &= ~NOTE_LOADED;
		break;
	}
	driver_send(run, action);
}

static void unlock(struct smd_run *run, const struct view *view)
{
	if (view->lock == WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "unlock candidate");
	if (view->running_lock == WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "unlock running");
}

/* Discard what is ours, before the unlock (README, row 19), and never what is not. */
static void end_prepare(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	if (!strcmp(view->candidate, "both")) {
		smd_action_fail(action, SMD_CLASS_CONFLICT,
				"the candidate holds our lines and somebody's uncommitted work");
		return;
	}
	if (!strcmp(view->candidate, "ours"))
		driver_ask(run, SMD_X_BARRIER, "discard");
	unlock(run, view);
	driver_ask(run, SMD_X_READS, "show state");
	driver_send(run, action);
}

static void shared_abort(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step == 0) {
		*run->notes &= ~NOTE_LOADED;
		driver_ask(run, SMD_X_READS, "show state");
		driver_send(run, action);
	} else {
		driver_view(run, answer, &view);
		if (run->step == 1)
			end_prepare(run, &view, action);
		else if (!strcmp(view.candidate, "ours"))
			smd_action_fail(action, SMD_CLASS_UNKNOWN,
					"the candidate still holds our lines");
		else
			driver_done(action);
	}
	run->step++;
}

/* There is no startup; the locks are released after all else. */
static void shared_persist(struct smd_run *run, const struct smd_answer *answer,
			   struct smd_action *action)
{
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step == 0) {
		driver_ask(run, SMD_X_READS, "show state");
	} else if (run->step == 1) {
		driver_view(run, answer, &view);
		unlock(run, &view);
	}
	run->step++;
	driver_send(run, action);
}

const struct smd_driver driver_fleet_shared = {
	DRIVER_COMMON("fleet-shared", "Device in memory with one shared candidate", candidate),
	.attach = shared_attach,
	.fetch = driver_fetch,
	.probe = driver_probe,
	.prepare = shared_prepare,
	.commit = shared_commit,
	.confirm = driver_confirm,
	.persist = shared_persist,
	.abort = shared_abort,
	.rollback = driver_rollback,
};
