/* SPDX-License-Identifier: Apache-2.0 */
/* A pending commit: how it is confirmed and undone. Both look first whose it is. */
#include "driver.h"

#include <string.h>

enum { ASK_STATE, JUDGE_STATE, JUDGE_END, JUDGE_HISTORY, RELEASED };

static int dies_with_session(const struct smd_run *run)
{
	return run->facts->timer_dies_with_session;
}

/*
 * A confirm commits what is in the candidate, so it must hold nothing new (README, row 5),
 * and be locked by us, so that nobody adds to it.
 */
static void confirm_ours(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	if (dies_with_session(run) && view->pending != WHOSE_MINE) {
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"the pending commit belongs to a session that is gone");
		return;
	}
	if (*view->candidate && strcmp(view->candidate, "clean") != 0) {
		smd_action_fail(action, SMD_CLASS_CONFLICT,
				"the candidate holds uncommitted work that a confirm would commit");
		return;
	}
	if (*view->candidate && view->lock != WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "lock candidate");
	driver_ask(run, SMD_X_BARRIER, "confirm %s",
		   run->facts->keeps_history ? driver_tag(run) : "");
	driver_ask(run, SMD_X_READS, "show state");
	driver_send(run, action);
}

/* Nothing is pending: where there is a history, it tells what has become of ours. */
static void ask_history(struct smd_run *run, enum smd_class without, struct smd_action *action)
{
	if (!run->facts->keeps_history) {
		smd_action_fail(action, without, "no commit of ours is pending any more");
		return;
	}
	run->step = JUDGE_HISTORY;
	driver_ask(run, SMD_X_READS, "show history");
	driver_send(run, action);
}

static void confirmed_before(const struct smd_run *run, const struct smd_answer *answer,
			     struct smd_action *action)
{
	char word[16];

	driver_history(run, answer, word);
	if (!strcmp(word, "confirm") || !strcmp(word, "commit"))
		driver_done(action);
	else if (!strcmp(word, "revert") || !strcmp(word, "cancel"))
		smd_action_fail(action, SMD_CLASS_REFUSED, "the device has undone the commit");
	else
		smd_action_fail(action, SMD_CLASS_UNKNOWN,
				"no commit of ours is pending, and none is in the history");
}

void driver_confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	switch (run->step++) {
	case ASK_STATE:
		driver_ask(run, SMD_X_READS, "show state");
		driver_send(run, action);
		return;
	case JUDGE_STATE:
		driver_view(run, answer, &view);
		if (view.pending == WHOSE_NONE)
			ask_history(run, SMD_CLASS_UNKNOWN, action);
		else if (view.ours)
			confirm_ours(run, &view, action);
		else
			smd_action_fail(action, SMD_CLASS_CONFLICT,
					"a commit of somebody else is pending");
		return;
	case JUDGE_END:
		driver_view(run, answer, &view);
		if (view.pending == WHOSE_NONE)
			driver_done(action);
		else
			smd_action_fail(action, SMD_CLASS_UNKNOWN,
					"the commit is still pending after the confirm");
		return;
	default:
		confirmed_before(run, answer, action);
	}
}

static void cancel_ours(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	if (dies_with_session(run) && view->pending != WHOSE_MINE) {
		smd_action_fail(action, SMD_CLASS_BUSY,
				"the commit is pending in a session that has not ended yet");
		return;
	}
	driver_ask(run, SMD_X_BARRIER, "cancel %s",
		   run->facts->keeps_history ? driver_tag(run) : "");
	driver_ask(run, SMD_X_READS, "show state");
	driver_send(run, action);
}

/* After the commit is undone: give back what this session holds. */
static void release(struct smd_run *run, const struct view *view, struct smd_action *action)
{
	if (view->pending != WHOSE_NONE) {
		smd_action_fail(action, SMD_CLASS_UNKNOWN,
				"the commit is still pending after it was cancelled");
		return;
	}
	if (dies_with_session(run) && view->lock == WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "discard");
	else if (view->lock == WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "unlock candidate");
	if (view->running_lock == WHOSE_MINE)
		driver_ask(run, SMD_X_BARRIER, "unlock running");
	run->step = RELEASED;
	driver_send(run, action);
}

static void undone_before(const struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	char word[16];

	driver_history(run, answer, word);
	if (!strcmp(word, "revert") || !strcmp(word, "cancel"))
		driver_done(action);
	else
		smd_action_fail(action, SMD_CLASS_REFUSED, "no commit of ours is pending");
}

void driver_rollback(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	struct view view;

	if (!driver_begin(run, answer, action))
		return;
	switch (run->step++) {
	case ASK_STATE:
		driver_ask(run, SMD_X_READS, "show state");
		driver_send(run, action);
		return;
	case JUDGE_STATE:
		driver_view(run, answer, &view);
		if (view.pending == WHOSE_NONE)
			ask_history(run, SMD_CLASS_REFUSED, action);
		else if (view.ours)
			cancel_ours(run, &view, action);
		else
			smd_action_fail(action, SMD_CLASS_CONFLICT,
					"a commit of somebody else is pending");
		return;
	case JUDGE_END:
		driver_view(run, answer, &view);
		release(run, &view, action);
		return;
	case JUDGE_HISTORY:
		undone_before(run, answer, action);
		return;
	default:
		driver_done(action);
	}
}
