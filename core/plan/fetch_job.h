/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read many devices at once and process what each has returned.
 *
 * Each device is read on its own session. Its result goes to a thread of the pool as soon as it is
 * complete, while other devices are still being read.
 */
#ifndef SMD_PLAN_FETCH_JOB_H
#define SMD_PLAN_FETCH_JOB_H

#include "core/site/remote.h"

/*
 * remote, scope, work, arg  Set by the caller; scope may be NULL. `work` is called on a worker
 *                           thread when `native` is complete; it may take the text (and set
 *                           NULL), and fills err and error.
 */
struct smd_fetch_job {
	struct smd_remote *remote;
	const struct smd_text *scope;
	int (*work)(struct smd_fetch_job *fetch, struct smd_error *error);
	void *arg;

	struct smd_text *native;
	struct smd_facts facts;
	uint64_t connect, took; /* microseconds: login; the fetch stage */
	int err;
	struct smd_error error;

	/* Internal. */
	struct smd_job job;
	struct smd_work job_work;
	struct smd_fetch_group *group;
	void (*done)(struct smd_fetch_job *fetch);
};

/* Read all devices; blocks until all have finished. Must not be called on a loop's thread. */
void smd_fetch_all(struct smd_fetch_job *fetches, size_t count);
/* The error of the first fetch that failed; the message says how many others failed. 0: none. */
int smd_fetch_all_error(const struct smd_fetch_job *fetches, size_t count, struct smd_error *error);
/* Free what the jobs hold, not the array. */
void smd_fetch_jobs_done(struct smd_fetch_job *fetches, size_t count);

/* Start one fetch without blocking; `done` is called on the remote's loop. */
void smd_fetch_start(struct smd_fetch_job *fetch, void (*done)(struct smd_fetch_job *fetch));

#endif
