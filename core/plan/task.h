/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A task: what one device has to do in a plan, from what it runs to the
 * commands, with everything in between. Pure computation; a task belongs to
 * one thread at a time.
 */
#ifndef SMD_PLAN_TASK_H
#define SMD_PLAN_TASK_H

#include "core/load/language.h"
#include "core/plan/ledger.h"

/* The safety ladder: what undoes the change when the controller is gone. */
enum smd_level {
	SMD_LEVEL_A = 'A', /* NETCONF confirmed commit */
	SMD_LEVEL_B = 'B', /* CLI candidate with a revert timer */
	SMD_LEVEL_C = 'C', /* candidate without a timer */
	SMD_LEVEL_D = 'D', /* line by line with a revert timer */
	SMD_LEVEL_E = 'E'  /* line by line, or one transaction, without a timer */
};

/* One step of a device towards its target; a second one only where a loop must be broken first. */
struct smd_plan_step {
	struct smd_tree *to;
	struct smd_text *payload; /* empty: nothing to do in this step */
	struct smd_text *undo;
};

/*
 * device, language, owner, had  Given: the owner's slice up to now, or NULL.
 * part    Given for a service: what the device does in it; NULL: nothing.
 * lines   Given for native configurations; NULL: none.
 * wanted  Given when going back to a slice of old, else computed.
 * native  Given: what was fetched.
 * before, after  The device's ledger, given, and as it will be.
 */
struct smd_task {
	const char *device;
	struct smd_language language;
	const char *owner;
	struct smd_tree *had;
	struct smd_tree *part;
	struct smd_text *lines;
	struct smd_tree *wanted;
	struct smd_text *native;
	struct smd_ledger before, after;
	struct smd_facts facts;

	struct smd_tree *running;
	struct smd_tree *target;
	struct smd_changes *changes; /* from running to target, in whatever steps */
	struct smd_plan_step steps[2];
	unsigned step_count;
	char base[65]; /* fingerprint of what the change reads or writes, hexadecimal */
	char goal[65]; /* the same, afterwards */
	char snapshot[SMD_ERROR_WHERE]; /* going back: "equal" to what was before, or where not */
};

void smd_task_done(struct smd_task *task);
/* From `native` to one step. */
int smd_task_compute(struct smd_task *task, struct smd_error *error);
/* Break first, make after: two steps instead of one. */
int smd_task_split(struct smd_task *task, struct smd_error *error);
/* Nothing to send and nothing to note: the device need not be spoken to. */
int smd_task_idle(const struct smd_task *task);
/* Anything to send? */
int smd_task_sends(const struct smd_task *task);
enum smd_level smd_task_level(const struct smd_task *task);
const char *smd_level_text(enum smd_level level); /* in a user's words */
/* Hexadecimal fingerprint of a tree as far as the task reads or writes it. */
int smd_task_fingerprint(const struct smd_task *task, const struct smd_tree *tree, char out[65]);

#endif
