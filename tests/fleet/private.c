/* SPDX-License-Identifier: Apache-2.0 */
/* The driver fleet-private: everything between prepare and confirm lives in one session. */
#include "driver.h"

static void private_attach(struct smd_run *run, const struct smd_answer *answer,
			   struct smd_action *action)
{
	struct smd_facts *facts = run->facts;

	facts->candidate = SMD_CANDIDATE_PRIVATE;
	facts->atomic = 1;
	facts->timer_longest = 7200;
	facts->timer_dies_with_session = 1;
	facts->keeps_history = 1;
	driver_attach(run, answer, action);
}

/* Discard first: prepare may be started again in the session where it failed. */
static void load(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	if (view->pending != WHOSE_NONE) {
		smd_action_fail(action, SMD_CLASS_CONFLICT, "a commit is pending");
		return;
	}
	driver_ask(run, SMD_X_BARRIER, "discard");
	driver_ask(run, SMD_X_BARRIER, "configure exclusive");
	driver_ask_payload(run, "load");
	driver_ask(run, SMD_X_BARRIER, "check");
	driver_ask(run, SMD_X_READS, "show candidate");
	driver_send(run, action);
}

static void private_prepare(struct smd_run *run, const struct smd_answer *answer,
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
		load(run, &view, action);
		return;
	default:
		smd_text_clear(state->loaded);
		driver_copy(answer, -1, state->loaded);
		driver_copy(answer, -1, run->result);
		*run->notes |= NOTE_LOADED;
		driver_done(action);
	}
}

static void private_commit(struct smd_run *run, const struct smd_answer *answer,
			   struct smd_action *action)
{
	if (!driver_begin(run, answer, action))
		return;
	if (run->step++) {
		*run->notes &= ~NOTE_LOADED;
		driver_done(action);
		return;
	}
	if (!(*run->notes & NOTE_LOADED)) {
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"the candidate is gone with the session that held it");
		return;
	}
	if (run->timer)
		driver_ask(run, SMD_X_BARRIER, "commit confirmed %u %s", run->timer,
			   driver_tag(run));
	else
		driver_ask(run, SMD_X_BARRIER, "commit %s", driver_tag(run));
	driver_send(run, action);
}

/* Drop this session's candidate and lock, if it has them: to abort, and after all is done. */
static void private_leave(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	if (run->step == 0) {
		*run->notes &= ~NOTE_LOADED;
		driver_ask(run, SMD_X_READS, "show state");
	} else if (run->step == 1) {
		driver_view(run, answer, &view);
		if (view.lock == WHOSE_MINE)
			driver_ask(run, SMD_X_BARRIER, "discard");
	}
	run->step++;
	driver_send(run, action);
}

const struct smd_driver driver_fleet_private = {
	DRIVER_COMMON("fleet-private", "Device in memory with private candidates", candidate),
	.attach = private_attach,
	.fetch = driver_fetch,
	.probe = driver_probe,
	.prepare = private_prepare,
	.commit = private_commit,
	.confirm = driver_confirm,
	.persist = private_leave,
	.abort = private_leave,
	.rollback = driver_rollback,
};
