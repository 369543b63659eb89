/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/deploy: the phases. For each, what it does on a device or for the whole; phases.c
 * has the table that puts them together.
 */
#ifndef SMD_DEPLOY_PHASES_H
#define SMD_DEPLOY_PHASES_H

#include "core/deploy/engine.h"

/* What follows a failure in a phase. */
enum on_failure {
	FAILURE_ENDS, /* nothing was recorded or sent: the deployment has not begun */
	FAILURE_GOES_BACK,
	FAILURE_IS_NOTED /* the direction is decided: the device needs attention */
};

/* Deadlines of phases, in seconds */
#define READING 300
#define SENDING 1800

/*
 * A phase: all devices that take part finish it before the next one begins.
 *
 * takes, start  Which devices take part, and what each does; it ends with device_over.
 * run           Instead of these: what the deployment as a whole does; it ends with phase_over.
 * deadline      Seconds after which devices that have not finished are given up; 0: never.
 */
struct phase {
	const char *name;
	int (*takes)(const struct device_run *run);
	void (*start)(struct device_run *run);
	void (*run)(struct deployment *deployment);
	uint32_t deadline;
	enum on_failure failure;
};

const struct phase *phase_of(enum phase_id id);

/* The way to the decision (forward.c) */
int probe_takes(const struct device_run *run);
void probe_device(struct device_run *run);
void take_baseline(struct deployment *deployment);
void begin_records(struct deployment *deployment);
int prepare_takes(const struct device_run *run);
void prepare_device(struct device_run *run);
int recheck_takes(const struct device_run *run);
void recheck_device(struct device_run *run);
int commit_takes(const struct device_run *run);
void commit_device(struct device_run *run);
int verify_takes(const struct device_run *run);
void verify_device(struct device_run *run);
void prove(struct deployment *deployment);
void decide_forward(struct deployment *deployment);

/* Behind it, the way back, and the end (completion.c) */
int confirm_takes(const struct device_run *run);
void confirm_device(struct device_run *run);
int persist_takes(const struct device_run *run);
void persist_device(struct device_run *run);
void decide_back(struct deployment *deployment);
int abort_takes(const struct device_run *run);
void abort_device(struct device_run *run);
int rollback_takes(const struct device_run *run);
void rollback_device(struct device_run *run);
int recover_takes(const struct device_run *run);
void recover_device(struct device_run *run);
int account_takes(const struct device_run *run);
void account_device(struct device_run *run);
int login_takes(const struct device_run *run);
void login_device(struct device_run *run);
void end_records(struct deployment *deployment);

#endif
