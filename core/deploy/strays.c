/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strays: what changes elsewhere while lines act that a device then does not show. A line can be
 * short for another one, or do more than its driver knows; but somebody else can have been at
 * work, too.
 */
#include "core/deploy/device_steps.h"
#include "core/deploy/engine.h"
#include "core/plan/atom.h"
#include "core/tree/own.h"

int has_unknown(const struct smd_task *task)
{
	for (size_t i = 0; i < task->share_count; i++)
		if (task->shares[i].unknown_count)
			return 1;
	return 0;
}

static int put_atom(void *arg, const struct smd_atom *atom)
{
	return smd_atom_put_with_sections(arg, atom);
}

/* What is walked, and what an atom of it is compared with. */
struct stray_search {
	const struct device_run *run;
	const struct smd_tree *other;
	struct smd_tree *strays;
};

/* Is the node as it was when the plan was made, directly before the lines? */
static int was_left_alone(const struct device_run *run, const struct smd_node *node)
{
	const struct smd_tree *running = run->task->running;
	const struct smd_node *before = smd_atom_node(run->before_lines, node);
	struct smd_atom atom = {before, NULL};

	if (!before || !smd_atom_node(running, node))
		return !before && !smd_atom_node(running, node);
	return smd_atom_same(running, &atom) &&
	       smd_set_equal(smd_atom_set(run->before_lines, node), smd_atom_set(running, node));
}

/* Whether one tree has it and the other has not, and it is nobody's change but the device's. */
static int is_stray(const struct stray_search *search, const struct smd_atom *atom)
{
	const struct smd_task *task = search->run->task;

	return !smd_atom_same(search->other, atom) && !smd_atom_node(task->had, atom->node) &&
	       !smd_atom_node(task->wanted, atom->node) && was_left_alone(search->run, atom->node);
}

static int note_stray(void *arg, const struct smd_atom *atom)
{
	const struct stray_search *search = arg;

	return is_stray(search, atom) ? put_atom(search->strays, atom) : 0;
}

static int fill_strays(const struct device_run *run, struct smd_tree *strays)
{
	const struct smd_tree *now = run->reading.now;
	struct stray_search search = {run, now, strays};
	int err = smd_atoms_each(run->before_lines, SMD_ATOMS_PARENTS_FIRST, note_stray, &search);

	search.other = run->before_lines;
	return err ? err : smd_atoms_each(now, SMD_ATOMS_PARENTS_FIRST, note_stray, &search);
}

/*
 * What lines did that the driver does not know is taken back with what is ours, as long as it
 * stays as it was read now.
 */
static int take_over(struct device_run *run)
{
	struct smd_task *task = run->task;
	const struct smd_tree *slices[] = {task->had, run->strays};
	struct smd_tree *all = NULL;
	int err = smd_slice_union(slices, 2, &all);

	if (!err && !run->after_commit)
		err = smd_tree_copy(&run->after_commit, run->reading.now);
	if (err) {
		smd_tree_free(all);
		return err;
	}
	smd_tree_free(task->had);
	task->had = all;
	return 0;
}

int find_strays(struct device_run *run)
{
	smd_cleanup(smd_tree_free) struct smd_tree *strays = NULL;
	int err;

	if (!run->before_lines)
		return 0;
	err = smd_tree_new(&strays);
	if (!err)
		err = fill_strays(run, strays);
	if (err || !smd_node_first(smd_tree_top(strays)))
		return err;
	run->strays = smd_take(strays);
	return has_unknown(run->task) ? take_over(run) : 0;
}
