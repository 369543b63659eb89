/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling: bring a device to a state, whatever it runs now. It is how a
 * failure is undone and how recovery finishes, and never trusts what was sent:
 * read, compute the difference to the state wanted, push it, read again.
 */
#include <string.h>

#include "core/deploy/unit.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

static void finish(struct unit *unit)
{
	smd_text_free(smd_take(unit->payload));
	unit_over(unit);
}

static void give_up(struct unit *unit, const struct smd_error *error)
{
	unit->attention = 1;
	unit->error = *error;
	smd_error_device(&unit->error, unit->task->device);
	tell_unit(unit, "failed", error->message);
	finish(unit);
}

static void was_read_again(struct unit *unit)
{
	if (unit->err || check_unit(unit, unit->wanted)) {
		struct smd_error error = unit->error;

		give_up(unit, &error);
		return;
	}
	unit->settled = 1;
	unit->attention = 0;
	tell_unit(unit, "done", unit->note[0] ? "read back; something else differs" : "read back");
	finish(unit);
}

static void was_pushed(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (job->err && job->err != SMD_E_UNKNOWN) {
		give_up(unit, &job->error);
		return;
	}
	read_unit(unit, was_read_again);
}

/* The commands from what it runs to what is wanted; empty: it is there. */
static int find_way(struct unit *unit, struct smd_error *error)
{
	const struct smd_task *task = unit->task;
	smd_cleanup(smd_tree_free) struct smd_tree *target = NULL;
	int err = smd_slice_restore(unit->now, unit->wanted, task->had, task->wanted, &target);

	if (err)
		return smd_fail(error, err, "out of memory");
	return smd_language_patch(&task->language, unit->now, target, &unit->payload, error);
}

static void was_read(struct unit *unit)
{
	struct smd_error error;

	if (unit->err) {
		give_up(unit, &unit->error);
		return;
	}
	if (find_way(unit, &error)) {
		give_up(unit, &error);
		return;
	}
	if (!smd_text_count(unit->payload)) {
		was_read_again(unit);
		return;
	}
	run_stage(unit, "settle", unit->task->language.driver->commit, unit->payload, was_pushed);
}

static void begin(struct unit *unit)
{
	unit->settled = 0;
	tell_unit(unit, "started", "");
	read_unit(unit, was_read);
}

static int was_touched(const struct unit *unit)
{
	return unit->touched;
}

void settle(struct deployment *deployment, const char *phase,
	    const struct smd_tree *(*goal)(const struct unit *), phase_fn next)
{
	for (size_t i = 0; i < deployment->count; i++)
		deployment->units[i].wanted = goal(&deployment->units[i]);
	run_phase(deployment, phase, was_touched, begin, next);
}
