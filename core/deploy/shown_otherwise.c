/* SPDX-License-Identifier: Apache-2.0 */
/* Sent and shown: what a device shows in another way than it was sent (core/plan/shown.h). */
#include "core/deploy/device_steps.h"
#include "core/deploy/engine.h"
#include "core/tree/own.h"

static const struct smd_tree *slice_of(const struct device_run *run, int index)
{
	return index ? run->task->wanted : run->task->had;
}

static int take_pairs(const struct device_run *run, int of_run, struct smd_tree *tree)
{
	const struct smd_task *task = run->task;
	const char *release = task->facts.version;
	int err = 0;

	for (int i = 0; i < 2 && !err; i++) {
		err = smd_shown_apply(&task->shown, release, slice_of(run, i), tree);
		if (!err && of_run)
			err = smd_shown_apply(&run->pairs, release, slice_of(run, i), tree);
	}
	return err;
}

int take_as_sent(const struct device_run *run, struct smd_tree *tree)
{
	return take_pairs(run, run->takes_pairs, tree);
}

/*
 * Where lines act at once, what is shown in place of one directly behind it is taken for ours
 * (see keep_third). Elsewhere a commit is what the plan says, so it may be somebody else's.
 */
static int is_ours(const struct device_run *run)
{
	const struct smd_facts *facts = &run->task->facts;

	return run->deployment->accept_shown ||
	       (!facts->atomic && facts->candidate == SMD_CANDIDATE_NONE);
}

/* Whether the tree is the goal when what is shown otherwise is taken as sent. */
static int find_explained(struct device_run *run, const struct smd_tree *tree)
{
	const struct smd_task *task = run->task;
	smd_cleanup(smd_tree_free) struct smd_tree *sent = NULL;
	char path[SMD_ERROR_WHERE];
	int err = smd_tree_copy(&sent, tree);

	if (!err)
		err = take_pairs(run, 1, sent);
	if (!err)
		run->explained = !smd_slice_compare(sent, run->goal, task->had, task->wanted, path,
						    sizeof(path));
	return err;
}

int explain_difference(struct device_run *run, struct smd_tree *tree)
{
	const struct smd_task *task = run->task;
	const struct smd_shown_search search = {.language = &task->language,
						.release = task->facts.version,
						.before = task->running,
						.goal = run->goal,
						.wanted = task->wanted,
						.now = tree};
	size_t count = run->pairs.count;
	int err = smd_shown_find(&search, &run->pairs);

	run->explained = 0;
	if (!err && run->pairs.count > count)
		err = find_explained(run, tree);
	if (err)
		return err;
	run->takes_pairs = run->explained && is_ours(run);
	err = take_as_sent(run, tree);
	return err ? err : run->explained && run->deployment->accept_shown;
}

int tell_shown(const struct device_run *run, struct smd_error *error)
{
	const struct smd_shown_pair *pair = &run->pairs.pairs[run->pairs.count - 1];

	if (pair->sent[0])
		smd_fail(error, SMD_E_DEVICE,
			 "the device does not show what it was sent: sent \"%.150s\", shown "
			 "\"%.150s\"",
			 pair->sent_told, pair->shown_told);
	else
		smd_fail(error, SMD_E_DEVICE, "the device has added \"%.300s\" by itself",
			 pair->shown_told);
	smd_error_hint(error,
		       "`sdctl status %s` tells all such pairs; `sdctl apply "
		       "--accept-shown` takes them for the same from then on",
		       run->deployment->id);
	return SMD_E_DEVICE;
}
