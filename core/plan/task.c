/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/task.h"

#include "core/base/hash.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

#define LONGEST_TIMER 600 /* seconds */

static void steps_done(struct smd_task *task)
{
	for (size_t i = 0; i < SMD_COUNT(task->steps); i++) {
		smd_tree_free(task->steps[i].to);
		smd_text_free(task->steps[i].payload);
		smd_text_free(task->steps[i].undo);
		task->steps[i] = (struct smd_plan_step){0};
	}
	task->step_count = 0;
}

void smd_task_done(struct smd_task *task)
{
	steps_done(task);
	smd_changes_free(task->changes); /* before the trees: the changes borrow them */
	smd_tree_free(task->had);
	smd_tree_free(task->part);
	smd_text_free(task->lines);
	smd_tree_free(task->wanted);
	smd_text_free(task->native);
	smd_tree_free(task->running);
	smd_tree_free(task->target);
	smd_ledger_done(&task->before);
	smd_ledger_done(&task->after);
}

static int no_memory(struct smd_error *error)
{
	return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

/*
 * SMD_E_CONFLICT for a port that the device reports as broken: it would accept the change
 * without effect.
 */
static int check_faults(const struct smd_task *task, const struct smd_service *service,
			struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *ports = NULL;
	const struct smd_node *port = smd_node_first(smd_tree_top(task->part));
	int err;

	if (!service->ports)
		return 0;
	err = smd_tree_new(&ports);
	if (err)
		return no_memory(error);
	err = service->ports(task->language.state, task->running, ports, error);
	for (; port && !err; port = smd_node_next(port)) {
		const struct smd_node *there = smd_node_match(smd_tree_top(ports), port);
		const char *fault = there ? smd_node_leaf(there, "error") : NULL;

		if (!fault)
			continue;
		err = smd_fail(error, SMD_E_CONFLICT, "port \"%s\" cannot be used: %s",
			       smd_node_key(port, 0), fault);
		smd_error_hint(error, "mend the port, or choose another one");
	}
	return err;
}

/* Compose the service's slice. `compose` gets the running tree without the owner's former slice. */
static int compose_slice(struct smd_task *task, struct smd_error *error)
{
	const struct smd_service *service;
	smd_cleanup(smd_tree_free) struct smd_tree *without = NULL;
	struct smd_ledger ledger = {0};
	int err;

	service = smd_language_service(&task->language, "bridge-domain", 1);
	if (!service || !service->compose)
		return smd_fail(error, SMD_E_UNSUPPORTED,
				"driver \"%s\" cannot make bridge domains",
				task->language.driver->self.name);
	err = check_faults(task, service, error);
	if (err)
		return err;
	err = smd_ledger_copy(&ledger, &task->before);
	if (!err)
		err = smd_slice_overlay(task->running, task->had, NULL, task->owner, &ledger,
					&without, error);
	smd_ledger_done(&ledger);
	if (!err)
		err = smd_tree_new(&task->wanted) ? no_memory(error) : 0;
	if (!err)
		err = service->compose(task->language.state, task->part, without, task->wanted,
				       error);
	return err;
}

static int find_wanted(struct smd_task *task, struct smd_error *error)
{
	if (task->wanted)
		return 0;
	if (task->part)
		return compose_slice(task, error);
	if (task->lines)
		return smd_language_parse(&task->language, task->lines, &task->wanted, error);
	return smd_tree_new(&task->wanted) ? no_memory(error) : 0;
}

/* Compute a step's payload, from `from` to step->to, and its undo. */
static int fill_step(struct smd_task *task, const struct smd_tree *from, struct smd_plan_step *step,
		     struct smd_error *error)
{
	int err = smd_language_patch(&task->language, from, step->to, &step->payload, error);

	if (err)
		return err;
	err = smd_language_patch(&task->language, step->to, from, &step->undo, error);
	if (err)
		smd_error_prefix(error, "there is no way back");
	return err;
}

static int find_target(struct smd_task *task, struct smd_error *error)
{
	smd_ledger_done(&task->after);
	if (smd_ledger_copy(&task->after, &task->before))
		return no_memory(error);
	return smd_slice_overlay(task->running, task->had, task->wanted, task->owner, &task->after,
				 &task->target, error);
}

int smd_task_compute(struct smd_task *task, struct smd_error *error)
{
	int err = smd_language_parse(&task->language, task->native, &task->running, error);

	if (!err)
		err = find_wanted(task, error);
	if (!err)
		err = find_target(task, error);
	if (err)
		return err;
	if (smd_tree_copy(&task->steps[0].to, task->target) ||
	    smd_task_fingerprint(task, task->running, task->base) ||
	    smd_task_fingerprint(task, task->target, task->goal))
		return no_memory(error);
	task->step_count = 1;
	err = fill_step(task, task->running, &task->steps[0], error);
	if (!err)
		err = smd_language_diff(task->running, task->target, &task->changes, error);
	return err;
}

int smd_task_split(struct smd_task *task, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *common = NULL;
	struct smd_ledger ledger = {0};
	int err = smd_slice_common(task->had, task->wanted, &common);

	steps_done(task);
	if (err || smd_ledger_copy(&ledger, &task->before))
		return no_memory(error);
	err = smd_slice_overlay(task->running, task->had, common, task->owner, &ledger,
				&task->steps[0].to, error);
	smd_ledger_done(&ledger);
	if (err)
		return err;
	if (smd_tree_copy(&task->steps[1].to, task->target))
		return no_memory(error);
	task->step_count = 2;
	err = fill_step(task, task->running, &task->steps[0], error);
	return err ? err : fill_step(task, task->steps[0].to, &task->steps[1], error);
}

int smd_task_sends(const struct smd_task *task)
{
	for (unsigned i = 0; i < task->step_count; i++)
		if (smd_text_count(task->steps[i].payload))
			return 1;
	return 0;
}

int smd_task_idle(const struct smd_task *task)
{
	const struct smd_node *wanted = smd_tree_top(task->wanted);

	if (smd_task_sends(task))
		return 0;
	return task->had ? smd_node_equal(smd_tree_top(task->had), wanted)
			 : !smd_node_first(wanted);
}

uint32_t smd_task_timer(const struct smd_task *task)
{
	uint32_t longest = task->facts.timer_longest;

	if (!task->language.driver->confirm)
		return 0;
	return longest < LONGEST_TIMER ? longest : LONGEST_TIMER;
}

enum smd_level smd_task_level(const struct smd_task *task)
{
	const struct smd_facts *facts = &task->facts;
	int candidate = facts->candidate != SMD_CANDIDATE_NONE;
	int timer = facts->timer_longest > 0;

	if (candidate && timer)
		return facts->timer_is_standard ? SMD_LEVEL_A : SMD_LEVEL_B;
	if (candidate)
		return SMD_LEVEL_C;
	return timer ? SMD_LEVEL_D : SMD_LEVEL_E;
}

const char *smd_level_text(enum smd_level level)
{
	switch (level) {
	case SMD_LEVEL_A:
		return "confirmed commit, the device undoes by itself";
	case SMD_LEVEL_B:
		return "candidate with a revert timer, the device undoes by itself";
	case SMD_LEVEL_C:
		return "candidate without a timer, the controller's journal undoes";
	case SMD_LEVEL_D:
		return "line by line with a revert timer, the device undoes by itself";
	default:
		return "acts at once without a timer, the controller's journal undoes";
	}
}

int smd_task_fingerprint(const struct smd_task *task, const struct smd_tree *tree, char out[65])
{
	smd_cleanup(smd_tree_free) struct smd_tree *affected = NULL;
	uint8_t digest[SMD_FINGERPRINT_SIZE];
	int err = smd_slice_affected(tree, task->had, task->wanted, &affected);

	if (!err)
		err = smd_node_fingerprint(smd_tree_top(affected), digest);
	if (!err)
		smd_hex(digest, sizeof(digest), out);
	return err;
}
