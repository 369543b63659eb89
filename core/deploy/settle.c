/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling: bring a device to a state, whatever it runs now. It is how a
 * failure is undone and how recovery finishes, and it never trusts what was
 * sent: take back or confirm a commit of ours that is still pending, read,
 * compute the difference to the state wanted, push it, read again.
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

static void give_up(struct unit *unit, const struct smd_error *why)
{
	struct smd_error error = *why; /* it may be the unit's own */

	unit->attention = 1;
	unit->err = error.code;
	unit->error = error;
	smd_error_device(&unit->error, unit->task->device);
	tell_unit(unit, "failed", error.message);
	finish(unit);
}

static void arrive(struct unit *unit)
{
	unit->note[0] = '\0';
	if (smd_tree_compare(unit->now, unit->wanted, unit->note, sizeof(unit->note)))
		smd_clean(unit->note);
	unit->attention = unit->err = 0;
	tell_unit(unit, "done", unit->note[0] ? "read back; something else differs" : "read back");
	finish(unit);
}

/*
 * The commands from what it runs to what is wanted, as far as it is ours. What
 * strangers did beside it is none of our business. Empty: it is there.
 */
static int find_way(struct unit *unit, struct smd_error *error)
{
	const struct smd_task *task = unit->task;
	smd_cleanup(smd_tree_free) struct smd_tree *target = NULL;
	int err = smd_slice_restore(unit->now, unit->wanted, task->had, task->wanted, &target);

	smd_text_free(smd_take(unit->payload));
	if (err)
		return smd_fail(error, err, "out of memory");
	return smd_language_patch(&task->language, unit->now, target, &unit->payload, error);
}

/* Where it stands after a reading. 1: it is there, or given up. */
static int is_over(struct unit *unit)
{
	struct smd_error error;

	if (unit->err) {
		give_up(unit, &unit->error);
		return 1;
	}
	if (find_way(unit, &error)) {
		give_up(unit, &error);
		return 1;
	}
	if (smd_text_count(unit->payload))
		return 0;
	arrive(unit);
	return 1;
}

static void was_read_again(struct unit *unit)
{
	struct smd_error error;

	if (is_over(unit))
		return;
	smd_fail(&error, SMD_E_ATTENTION,
		 "the device took the commands but does not run what they say");
	mask_payload(unit, unit->payload);
	if (unit->shown && smd_text_count(unit->shown))
		smd_error_where(&error, "still to do: %s", smd_text_get(unit->shown, 0, NULL));
	give_up(unit, &error);
}

static void was_pushed(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (job->err && job->err != SMD_E_UNKNOWN)
		give_up(unit, &job->error);
	else
		read_unit(unit, was_read_again);
}

/* Without a timer: nobody would be there to confirm it. */
static void push(struct unit *unit)
{
	run_stage(unit, &(struct stage){.name = "settle",
					.next = driver_of(unit)->commit,
					.payload = unit->payload,
					.done = was_pushed});
}

static void was_cleaned(struct smd_job *job)
{
	struct unit *unit = job->arg;

	give_up(unit, &unit->error);
	(void)job;
}

static void was_prepared(struct smd_job *job)
{
	struct unit *unit = job->arg;

	if (!job->err) {
		push(unit);
		return;
	}
	unit->error = job->error;
	if (driver_of(unit)->abort)
		run_stage(unit, &(struct stage){.name = "abort",
						.next = driver_of(unit)->abort,
						.done = was_cleaned});
	else
		give_up(unit, &job->error);
}

static void was_read(struct unit *unit)
{
	if (is_over(unit))
		return;
	if (driver_of(unit)->prepare)
		run_stage(unit, &(struct stage){.name = "prepare",
						.next = driver_of(unit)->prepare,
						.payload = unit->payload,
						.done = was_prepared});
	else
		push(unit);
}

/* Whatever became of it, the reading tells. */
static void pending_is_over(struct smd_job *job)
{
	read_unit(job->arg, was_read);
}

static void was_probed(struct smd_job *job)
{
	struct unit *unit = job->arg;
	const struct smd_driver *driver = driver_of(unit);
	smd_next_fn end = unit->deployment->forward ? driver->confirm : driver->rollback;

	if (!job->err && job->facts.pending == SMD_PENDING_OURS && end)
		run_stage(unit, &(struct stage){.name = unit->deployment->forward ? "confirm"
										  : "rollback",
						.next = end,
						.done = pending_is_over});
	else
		read_unit(unit, was_read);
}

static void begin(struct unit *unit)
{
	tell_unit(unit, "started", "");
	if (driver_of(unit)->probe)
		run_stage(unit, &(struct stage){.name = "probe",
						.next = driver_of(unit)->probe,
						.done = was_probed});
	else
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
