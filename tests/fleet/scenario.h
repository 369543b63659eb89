/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios with one fault or stranger each, and the table of how they end. */
#ifndef TESTS_FLEET_SCENARIO_H
#define TESTS_FLEET_SCENARIO_H

#include "trial.h"

#define SCENARIO_DEVICES 4

enum scenario_group {
	GROUP_ONCE,               /* a fault, once */
	GROUP_ALWAYS,             /* a fault that stays */
	GROUP_BACK,               /* a fault on the way back from another device's refusal */
	GROUP_STRANGER_ELSEWHERE, /* a stranger beside our lines */
	GROUP_STRANGER_OURS,      /* a stranger in a line of ours */
	GROUPS
};

/*
 * occurrence  Which command of the class, from 1.
 * after       Of a stranger: after the command, else before it.
 * kind        Of the device.
 * fired       It has happened.
 * good        The judge found nothing wrong.
 * sentence    What was told at the end; ids are left out.
 */
struct scenario {
	enum scenario_group group;
	enum command_class class;
	unsigned occurrence;
	enum fault_kind fault;
	int after;
	enum device_kind kind;
	int fired, good;
	enum claim claim;
	char sentence[256];
};

/*
 * only   Run those whose name has this text; NULL: all.
 * fewer  Run one in so many; then there is no table.
 */
struct scenarios {
	const char *only;
	unsigned fewer;
	size_t tried;
	struct harness *harnesses[DEVICE_KINDS]; /* the first device is of this kind */
	size_t count, room;
	struct scenario *rows;
};

void scenarios_init(struct scenarios *scenarios);
void scenarios_done(struct scenarios *scenarios);
/* Run a group, print what is wrong, and keep the rows. Returns how many scenarios failed. */
unsigned scenarios_run(struct scenarios *scenarios, enum scenario_group group);
/* Write the table of all groups that were run. Returns 0 with a message if that fails. */
int scenarios_write(const struct scenarios *scenarios, const char *file);
/* Compare it with a file. Returns 0 with a message if they differ. */
int scenarios_check(const struct scenarios *scenarios, const char *file);

#endif
