/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read many devices at once and work on what each has said.
 *
 * Each device is fetched on its own session; what came is handed to a worker
 * thread as soon as it is there, while others are still being read.
 */
#ifndef SMD_PLAN_FETCH_JOB_H
#define SMD_PLAN_FETCH_JOB_H

#include "core/site/remote.h"

/*
 * remote, scope, work, arg  Given; scope may be NULL. `work` is called on a worker thread with
 * `native` (which it may take, leaving NULL) and fills err and error.
 */
struct smd_fetch_job {
	struct smd_remote *remote;
	const struct smd_text *scope;
	int (*work)(struct smd_fetch_job *fetch, struct smd_error *error);
	void *arg;

	struct smd_text *native;
	struct smd_facts facts;
	uint64_t connect, took; /* microseconds */
	int err;
	struct smd_error error;

	/* its own */
	struct smd_job job;
	struct smd_work job_work;
	struct smd_fetch_group *group;
	void (*done)(struct smd_fetch_job *fetch);
};

/* Read all; blocks until all are through. Not from a loop. */
void smd_fetch_all(struct smd_fetch_job *fetches, size_t count);
/* The first fetch that failed, with how many others did in the message; 0: none. */
int smd_fetch_all_error(const struct smd_fetch_job *fetches, size_t count, struct smd_error *error);
/* Free what the jobs hold. */
void smd_fetch_jobs_done(struct smd_fetch_job *fetches, size_t count);

/* For a state machine that must not block: `done` is called on the remote's loop. */
void smd_fetch_start(struct smd_fetch_job *fetch, void (*done)(struct smd_fetch_job *fetch));

#endif
