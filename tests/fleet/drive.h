/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver's stages by hand: `next` is called, its exchanges go to the device directly, on a
 * clock of its own. No part of core runs, but the functions that parts may call.
 */
#ifndef TESTS_FLEET_DRIVE_H
#define TESTS_FLEET_DRIVE_H

#include "fleet.h"

/*
 * sent   Exchanges so far that do not only read.
 * what   Message of the last failure.
 */
struct drive {
	struct fleet *fleet;
	struct device *device;
	const struct smd_driver *driver;
	void *state;
	struct smd_facts facts;
	uint32_t notes, session;
	struct smd_text *payload, *result, *out;
	struct smd_text *scope; /* of a fetch; NULL: none */
	struct smd_run run;
	unsigned sent;
	char what[256];
};

/* Make a fleet of one device "r1" and the driver of its kind. Ends the program on failure. */
void drive_init(struct drive *drive, enum device_kind kind, const char *running);
void drive_done(struct drive *drive);
/* Run a stage, with a login before it if there is no session. Returns the class of its failure. */
enum smd_class drive_stage(struct drive *drive, smd_next_fn stage);
/* Fetch, and render the payload that leads from there to this text. Returns 0, or an error. */
int drive_plan(struct drive *drive, const char *intended);
/* Close the session. */
void drive_hang_up(struct drive *drive);
/* As after the controller's death: a new state, a new session, nothing known. */
void drive_restart(struct drive *drive);
void drive_wait(struct drive *drive, uint64_t seconds);
/* Whether the device runs this text. */
int drive_runs(struct drive *drive, const char *text);
/* Arm a fault for the next command of the class. */
void drive_arm(struct drive *drive, enum command_class class, enum fault_kind kind, uint32_t delay);
/* The same, with a line; `after`: after the command. */
void drive_arm_stranger(struct drive *drive, enum command_class class, enum fault_kind kind,
			const char *line, int after);
/* Whether the stage's result is this text. */
int drive_has_result(const struct drive *drive, const char *text);

#endif
