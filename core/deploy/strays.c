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

static int is_section(const struct smd_node *node)
{
	return smd_node_kind(node) == SMD_SECTION || smd_node_kind(node) == SMD_ENTRY;
}

/* Whether the device changed it, and neither the plan nor, before the lines, somebody else. */
static int is_stray(const struct stray_search *search, const struct smd_atom *atom)
{
	const struct smd_task *task = search->run->task;
	const struct smd_node *there = smd_atom_node(search->other, atom->node);

	if (is_section(atom->node) ? there != NULL : smd_atom_same(search->other, atom))
		return 0;
	if (!is_section(atom->node) &&
	    (smd_atom_node(task->had, atom->node) || smd_atom_node(task->wanted, atom->node)))
		return 0;
	return search->other != search->run->before_lines
		       ? smd_atom_same(task->running, atom)
		       : !smd_atom_node(task->running, atom->node) ||
				 smd_atom_node(search->run->before_lines, atom->node);
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

/* What lines did that the driver does not know is taken back with what is ours. */
static int take_over(const struct device_run *run)
{
	struct smd_task *task = run->task;
	const struct smd_tree *slices[] = {task->had, run->strays};
	struct smd_tree *all = NULL;
	int err = smd_slice_union(slices, 2, &all);

	if (err)
		return err;
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
