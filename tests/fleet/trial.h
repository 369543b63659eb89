/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trial: one deployment of "blue" with what goes wrong in it, and all that follows until it is
 * closed and two hours have passed, judged.
 */
#ifndef TESTS_FLEET_TRIAL_H
#define TESTS_FLEET_TRIAL_H

#include "judge.h"

#define TRIAL_FAULTS 4
#define TRIAL_REST ((uint64_t)7200000) /* milliseconds: longer than any timer and delay */

enum task {
	TASK_APPLY,    /* from the first revision to the second, by a plan */
	TASK_ROLL_BACK /* the newest deployment is undone: from the second to the first */
};

/*
 * faults           What goes wrong, on device `at[i]`.
 * flags            Of devices, as struct device has them.
 * store_at, ...    As in fleet_arm_store.
 * die_at           The point of death of the controller; 0: it lives.
 * die_again        The same, of the controller that recovers.
 * down, reboots    After a death, milliseconds until a controller comes again, and whether the
 *                  machine was started again meanwhile.
 */
struct trial {
	enum task task;
	size_t count;
	size_t at[TRIAL_FAULTS];
	struct fault faults[TRIAL_FAULTS];
	unsigned flags[HARNESS_DEVICES];
	unsigned store_at;
	enum store_fault store_fault;
	int store_always;
	uint64_t die_at, die_again;
	uint64_t down;
	int reboots;
};

void trial_add(struct trial *trial, size_t device, const struct fault *fault);
/*
 * Run and judge it. The result stays in `judgement` until trial_done; it is good if there are no
 * complaints.
 */
void trial_run(struct harness *harness, const struct trial *trial, struct judgement *judgement);
void trial_done(struct judgement *judgement);

/* The names of a class, a fault and a kind in tables and messages. */
const char *trial_class_name(enum command_class class);
const char *trial_fault_name(enum fault_kind kind);
const char *trial_kind_name(enum device_kind kind);
/* Print what is armed, in a line. */
void trial_print(const struct harness *harness, const struct trial *trial);

#endif
