/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A task: what one device has to do in a plan, from its running configuration to the commands.
 * Pure computation; one thread at a time may use a task.
 */
#ifndef SMD_PLAN_TASK_H
#define SMD_PLAN_TASK_H

#include "core/load/language.h"
#include "core/plan/ledger.h"
#include "core/plan/removal.h"
#include "core/plan/shown.h"

/* Safety levels: what undoes the change when the controller dies before the confirmation. */
enum smd_level {
	SMD_LEVEL_A = 'A', /* NETCONF confirmed commit undoes it */
	SMD_LEVEL_B = 'B', /* CLI candidate; a revert timer undoes it */
	SMD_LEVEL_C = 'C', /* candidate without a timer: recovery undoes it */
	SMD_LEVEL_D = 'D', /* each line acts at once; a revert timer undoes it */
	SMD_LEVEL_E = 'E' /* line by line or one transaction, without a timer: recovery undoes it */
};

/* One step of a device. There is a second step only when a loop must be broken first. */
struct smd_plan_step {
	struct smd_tree *to;
	struct smd_text *payload; /* empty: the device does nothing in this step */
	struct smd_text *undo;
};

/*
 * What one configuration has and wants on the device. All pointers that are not const are owned.
 *
 * owner   Input: the configuration.
 * had     Input: its slice as deployed now; NULL: none.
 * part    Input for a service: the device's part in it; NULL: none.
 * lines   Input for a native configuration; NULL: none.
 * wanted  Its new slice. Input for a rollback, otherwise computed.
 * absent  What it wants to be absent, as in struct smd_fragment; NULL: nothing. As `wanted`.
 * unknown Computed: lines of a native configuration that the driver does not know.
 * idle    Computed: commands of `absent` that remove nothing (smd_removal_find_idle); NULL: none.
 */
struct smd_task_share {
	const char *owner;
	struct smd_tree *had;
	struct smd_tree *part;
	struct smd_text *lines;
	struct smd_tree *wanted;
	struct smd_text *absent;
	struct smd_unknown_line *unknown;
	size_t unknown_count;
	struct smd_text *idle;
};

/*
 * All pointers that are not const are owned.
 *
 * device, language  Input.
 * shares            Input: one for each configuration of the plan that concerns the device,
 *                   sorted by owner. An array on the heap.
 * native            Input: the configuration as fetched.
 * before, after     The device's ledger: input; and computed, as it is after the change.
 * removal           Its absences: `absences` are input; computed is what they are after the
 *                   change, what they take away, and what returns.
 * shown             Input: what the driver's devices show otherwise than it was sent. `facts` say
 *                   of which release the device is.
 * had, wanted       Computed: the union of the shares' slices; `had` with what absences take
 *                   away and what returns.
 */
struct smd_task {
	const char *device;
	struct smd_language language;
	struct smd_task_share *shares;
	size_t share_count;
	struct smd_text *native;
	struct smd_ledger before, after;
	struct smd_absences absences;
	struct smd_removal removal;
	struct smd_shown shown;
	struct smd_facts facts;

	struct smd_tree *had;
	struct smd_tree *wanted;
	struct smd_tree *running;
	struct smd_tree *target;
	struct smd_changes *changes; /* from running to target, all steps together */
	struct smd_plan_step steps[2];
	unsigned step_count;
	char base[65]; /* hexadecimal fingerprint of the affected part of running */
	char goal[65]; /* the same of target */
	char snapshot[SMD_ERROR_WHERE]; /* rollback: "equal", or the first difference's path */
	/* The first paths where it differs, at most SMD_TASK_LATER, and how many there are. */
	struct smd_text *later;
	size_t later_count;
};

#define SMD_TASK_LATER 16

void smd_task_done(struct smd_task *task);
/*
 * What others have changed since the snapshot, and is left by a rollback, as JSON: {count, paths};
 * NULL: nothing, or no memory, which `err` then says.
 */
cJSON *smd_task_later_json(const struct smd_task *task, int *err);
/*
 * Compute everything from `native`, as one step. The shares are laid over the running
 * configuration one after the other. SMD_E_CONFLICT: two configurations want another value for
 * the same node, or a port is broken. SMD_E_UNSAFE: there is no safe way, or no safe way back.
 */
int smd_task_compute(struct smd_task *task, struct smd_error *error);
/* Split the change into two steps: the first removes what no share wants, the second adds. */
int smd_task_split(struct smd_task *task, struct smd_error *error);
/* Is there nothing to send, and has no share anything to write to the ledger? */
int smd_task_idle(const struct smd_task *task);
/* Is there anything to send? */
int smd_task_sends(const struct smd_task *task);
/*
 * The revert timer of a commit on this device, in seconds: how long the device waits for the
 * confirmation before it undoes the commit by itself; 0: it has none. Long enough to read back
 * and to prove by traffic, and short enough that a change does not stay long when the controller
 * has died.
 */
uint32_t smd_task_timer(const struct smd_task *task);
enum smd_level smd_task_level(const struct smd_task *task);
const char *smd_level_text(enum smd_level level); /* for users */
/* Hexadecimal fingerprint of the part of a tree that the task reads or writes. */
int smd_task_fingerprint(const struct smd_task *task, const struct smd_tree *tree, char out[65]);

#endif
