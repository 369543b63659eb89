/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"

#include <stdio.h>

#include "core/plan/slice.h"
#include "test.h"
#include "tiny.h"

static struct smd_tree *tree_of(const struct box *box, const char *text)
{
	struct smd_text *lines = tiny_text(text);
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_language_parse(&box->language, lines, &tree, NULL), 0);
	smd_text_free(lines);
	return tree;
}

static void forget_last(struct box *box)
{
	smd_text_free(box->commands);
	smd_text_free(box->undo);
	smd_text_free(box->unknown);
	smd_text_free(box->idle);
	box->commands = tiny_text("");
	box->undo = tiny_text("");
	box->unknown = tiny_text("");
	box->idle = tiny_text("");
}

void box_begin(struct box *box, const struct smd_language *language, const char *text)
{
	*box = (struct box){.language = *language};
	box->tree = tree_of(box, text);
	forget_last(box);
}

void box_done(struct box *box)
{
	smd_tree_free(box->tree);
	smd_ledger_done(&box->ledger);
	smd_absences_done(&box->absences);
	for (size_t i = 0; i < BOX_OWNERS; i++) {
		free(box->owners[i]);
		smd_tree_free(box->slices[i]);
	}
	smd_text_free(box->commands);
	smd_text_free(box->undo);
	smd_text_free(box->unknown);
	smd_text_free(box->idle);
}

int box_runs(const struct box *box, const char *text)
{
	struct smd_tree *tree = tree_of(box, text);
	char path[SMD_ERROR_WHERE] = "";
	int same = !smd_tree_compare(box->tree, tree, path, sizeof(path));

	if (!same)
		printf("\ndiffers at %s\n", path);
	smd_tree_free(tree);
	return same;
}

void box_enter(struct box *box, const char *lines)
{
	struct smd_text *text = tiny_text(lines);

	CU_ASSERT_EQUAL(
		smd_language_simulate(&box->language, box->tree, NULL, text, NULL, NULL, NULL), 0);
	smd_text_free(text);
}

/* The place of an owner's slice. */
static size_t place_of(struct box *box, const char *owner)
{
	size_t i = 0;

	while (i < BOX_OWNERS && box->owners[i] && strcmp(box->owners[i], owner) != 0)
		i++;
	CU_ASSERT_FATAL(i < BOX_OWNERS);
	if (!box->owners[i])
		box->owners[i] = strdup(owner);
	return i;
}

static void copy_absences(const struct smd_absences *from, struct smd_absences *to)
{
	smd_absences_done(to);
	for (size_t i = 0; i < from->count; i++)
		CU_ASSERT_EQUAL_FATAL(smd_absences_add(to, from->all[i].owner, from->all[i].lines,
						       from->all[i].was),
				      0);
}

/* Check that payload and undo lead there and back, and that the slice covers the change. */
static void check_ways(const struct smd_task *task)
{
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&tree, task->running), 0);
	CU_ASSERT_EQUAL(smd_language_simulate(&task->language, tree, task->target,
					      task->steps[0].payload, NULL, NULL, NULL),
			0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(task->target)));
	CU_ASSERT_EQUAL(smd_language_simulate(&task->language, tree, task->running,
					      task->steps[0].undo, NULL, NULL, NULL),
			0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(task->running)));
	smd_tree_free(tree);
	CU_ASSERT_EQUAL_FATAL(
		smd_slice_restore(task->target, task->running, task->had, task->wanted, &tree), 0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(task->running)));
	smd_tree_free(tree);
}

static void begin_task(struct box *box, struct smd_task *task, const struct box_request *requests,
		       size_t count)
{
	*task = (struct smd_task){.device = "r1", .language = box->language};
	for (size_t i = 0; i < count; i++) {
		struct smd_task_share *share = tiny_share(task, requests[i].owner);
		const struct smd_tree *had = box->slices[place_of(box, requests[i].owner)];

		if (had)
			CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&share->had, had), 0);
		share->lines = requests[i].lines ? tiny_text(requests[i].lines) : NULL;
	}
	task->native = tiny_text("");
	CU_ASSERT_EQUAL_FATAL(smd_language_print(&box->language, box->tree, task->native, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&task->before, &box->ledger), 0);
	copy_absences(&box->absences, &task->absences);
}

static void tell_unknown(struct box *box, const struct smd_task_share *share)
{
	for (size_t i = 0; i < share->unknown_count; i++) {
		const struct smd_unknown_line *line = &share->unknown[i];

		if (line->likely)
			smd_text_linef(box->unknown, "%zu: %s (%s)", line->number, line->text,
				       line->likely);
		else
			smd_text_linef(box->unknown, "%zu: %s", line->number, line->text);
	}
}

static void tell_idle(struct box *box, const struct smd_task_share *share)
{
	for (size_t i = 0; i < smd_text_count(share->idle); i++)
		smd_text_line(box->idle, smd_text_get(share->idle, i, NULL));
}

/* Take what the task has computed. */
static void take_task(struct box *box, struct smd_task *task)
{
	smd_tree_free(box->tree);
	box->tree = task->target;
	task->target = NULL;
	smd_ledger_done(&box->ledger);
	box->ledger = task->after;
	task->after = (struct smd_ledger){0};
	copy_absences(&task->removal.after, &box->absences);
	for (size_t i = 0; i < task->share_count; i++) {
		struct smd_tree **slice = &box->slices[place_of(box, task->shares[i].owner)];

		tell_unknown(box, &task->shares[i]);
		tell_idle(box, &task->shares[i]);
		smd_tree_free(*slice);
		*slice = task->shares[i].wanted;
		task->shares[i].wanted = NULL;
	}
	smd_text_free(box->commands);
	smd_text_free(box->undo);
	box->commands = task->steps[0].payload;
	box->undo = task->steps[0].undo;
	task->steps[0].payload = task->steps[0].undo = NULL;
}

int box_deploy(struct box *box, const struct box_request *requests, size_t count,
	       struct smd_error *error)
{
	struct smd_task task;
	int err;

	begin_task(box, &task, requests, count);
	forget_last(box);
	err = smd_task_compute(&task, error);
	if (!err) {
		check_ways(&task);
		take_task(box, &task);
	}
	smd_task_done(&task);
	return err;
}
